"""The worker: takes one job after the other, holds on to it while it is done, reports what came of it.

What a job does is a `Handler`, told which job it is and given a `Held` by which it says how far it is. At each
word the handler learns whether to stop: the job was cancelled, the worker shall end, or the lease was lost. A
thread renews the lease beside it, so that a handler may be silent for as long as it likes.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from stopship.errors import DatabaseFileError, StateError, StopshipError, fault_words
from stopship.jobs.queue import LEASE, Queue
from stopship.store.jobs import CANCELLED, DONE, FAILED, Claim, Job

Clock = Callable[[], datetime]
Say = Callable[[str, Mapping[str, Any]], None]
"""Told an event and its details, without personal data: for the log."""

IDLE_SECONDS = 1.0
"""How long a worker waits that found nothing to do."""
TROUBLE_SECONDS = 5.0
"""How long it waits after the database couldn't be used."""
TOLD_SECONDS = 1.0
"""Progress is written at most so often."""
MOST_ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0


class Stopped(BaseException):
    """Raised into a handler: it shall end. Not an Exception, so that no handler takes it for trouble of its
    own."""


class TryAgain(Exception):
    """Raised by a handler: it didn't work, and may work later.

    Args:
        reason: one line.
        after: seconds to wait; None lets the worker reckon them.
        most: how often it is tried in all; None takes `MOST_ATTEMPTS`.
    """

    def __init__(self, reason: str, *, after: float | None = None, most: int | None = None) -> None:
        self.reason, self.after, self.most = reason, after, most
        super().__init__(reason)


class Held:
    """A job that is being done: what its handler talks to."""

    def __init__(self, worker: Worker, claim: Claim) -> None:
        self.job: Job = claim.job
        self.claim = claim
        self.progress: tuple[int, int | None] | None = None
        self._worker = worker
        self._why = ""
        self._lock = threading.Lock()
        self._told = 0.0

    def tell(self, done: int, total: int | None = None) -> None:
        """Say how much is done, of how much.

        Raises:
            Stopped: the handler shall end; whatever is finished is kept if it can be taken up.
        """
        with self._lock:
            self.progress = (done, total)
        self.check()
        moment = self._worker.clock().timestamp()
        if abs(moment - self._told) >= TOLD_SECONDS:
            self._told = moment
            self._renew()
            self.check()

    def check(self) -> None:
        """Go on, or not.

        Raises:
            Stopped: the handler shall end.
        """
        if self._worker.stop.is_set() and not self._why:
            self._why = "ending"
        if self._why:
            raise Stopped(self._why)

    @property
    def why(self) -> str:
        """Why the handler shall end: `cancelled`, `ending`, `lost`; empty while it may go on."""
        return self._why

    def _renew(self) -> None:
        worker = self._worker
        try:
            said = worker.queue.renew(self.claim, now=worker.clock(), lease=worker.lease, progress=self.progress)
        except DatabaseFileError:
            return  # for as long as the lease runs, this may pass
        if said is None:
            self._why = "lost"
        elif said:
            self._why = "cancelled"

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(self._worker.lease.total_seconds() / 4):
            self._renew()
            if self._why == "lost":
                return


Handler = Callable[[Job, Held], Mapping[str, Any]]
"""Does one job and returns its result, JSON values."""


@dataclass(slots=True)
class Worker:
    """Does jobs, one at a time.

    Attributes:
        queue: where they come from.
        handlers: what each kind does; kinds without one are left to other workers.
        name: who this is, for people: host and process.
        clock: gives the moment, timezone-aware.
        ticks: called between jobs; queue what is due by the schedule.
        stop: set by whoever wants this worker to end; a job at work is put back and taken up by the next.
        say: the log.
        lease: how long a job is held without a word.
    """

    queue: Queue
    handlers: Mapping[str, Handler]
    name: str
    clock: Clock
    ticks: tuple[Callable[[datetime], object], ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    say: Say = lambda _event, _details: None
    lease: timedelta = LEASE
    idle_seconds: float = IDLE_SECONDS

    def run(self) -> None:
        """Work until `stop` is set. Trouble with the database is waited out."""
        troubled = False
        while not self.stop.is_set():
            try:
                busy = self.turn()
                if troubled:
                    self.say("database.back", {})
                troubled = False
            except StateError as bad:
                if not troubled:
                    self.say("database.trouble", {"error": str(bad)})
                troubled, busy = True, False
            if not busy:
                self.stop.wait(TROUBLE_SECONDS if troubled else self.idle_seconds)

    def run_all(self) -> int:
        """Do what is due, then return; how many jobs that were."""
        done = 0
        while not self.stop.is_set() and self.turn():
            done += 1
        return done

    def turn(self) -> bool:
        """Queue what is due and do one job; whether there was one."""
        for tick in self.ticks:
            try:
                tick(self.clock())
            except StateError:
                raise
            except StopshipError as bad:
                self.say("schedule.trouble", {"error": str(bad)})
        claim = self.queue.claim(worker=self.name, kinds=tuple(self.handlers), now=self.clock(), lease=self.lease)
        if claim is None:
            return False
        self._do(claim)
        return True

    def _do(self, claim: Claim) -> None:
        job, held = claim.job, Held(self, claim)
        over = threading.Event()
        beat = threading.Thread(target=held._beat, args=(over,), name="stopship-lease", daemon=True)
        self.say("job.begun", {"job": job.id, "kind": job.kind, "attempt": job.attempts})
        beat.start()
        try:
            result = self.handlers[job.kind](job, held)
            self._end(held, DONE, result=result)
        except (Stopped, KeyboardInterrupt) as stopped:
            self._stopped(held, stopped)
        except TryAgain as later:
            self._later(held, later)
        except DatabaseFileError as bad:
            self._later(held, TryAgain(str(bad)))
        except StopshipError as bad:
            self._end(held, FAILED, error=str(bad))
        except Exception as bad:  # a fault of ours in one kind of job must not end all others
            self._end(held, FAILED, error=fault_words(bad))
        finally:
            over.set()
            beat.join()

    def _end(
        self, held: Held, state: str, *, result: Mapping[str, Any] | None = None, error: str | None = None
    ) -> None:
        still = self.queue.finish(
            held.claim, state, now=self.clock(), result=result, error=error, progress=held.progress
        )
        details = {"job": held.job.id, "kind": held.job.kind, "state": state if still else "lost"}
        self.say("job.ended", details | ({"error": error} if error else {}))

    def _stopped(self, held: Held, stopped: BaseException) -> None:
        if held.why == "cancelled":
            self._end(held, CANCELLED)
        elif held.why != "lost":
            # Not the job's fault, so no attempt of it.
            self.queue.put_back(held.claim, not_before=self.clock(), tried=False)
            self.say("job.put_back", {"job": held.job.id, "kind": held.job.kind})
        if isinstance(stopped, KeyboardInterrupt):
            self.stop.set()

    def _later(self, held: Held, later: TryAgain) -> None:
        if held.job.attempts >= (later.most or MOST_ATTEMPTS):
            self._end(held, FAILED, error=f"{later.reason} (tried {held.job.attempts} times)")
            return
        wait = later.after if later.after is not None else waiting(held.job.attempts)
        self.queue.put_back(held.claim, not_before=self.clock() + timedelta(seconds=wait), error=later.reason)
        self.say("job.later", {"job": held.job.id, "kind": held.job.kind, "seconds": round(wait)})


def waiting(attempt: int, *, first: float = FIRST_WAIT, longest: float = LONGEST_WAIT) -> float:
    """Seconds to wait after the n-th attempt: doubled each time, shortened or lengthened by up to a half by
    chance, so that many that failed together don't come back together."""
    return float(min(first * 2 ** (attempt - 1), longest) * random.uniform(0.5, 1.5))
