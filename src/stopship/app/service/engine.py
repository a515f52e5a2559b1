"""Holds the lists that a server process answers by, does its look-ups, and swaps in other lists as they come.

Look-ups are work for the processor, and a matcher is for one thread: one thread of a process does them, in the
order in which they come, while the event loop goes on answering. More processor is more processes; all map one
index.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from stopship.app.service.edition import Edition, open_edition, state_of
from stopship.errors import StateError, StopshipError, fault_words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What came of an attempt to serve other lists. `problem` says why the old ones are still served."""

    at: datetime
    seconds: float
    problem: str | None


class Engine:
    """The lists of one process.

    Args:
        home: the directory.
        now: tells the moment, timezone-aware.
        watch_seconds: how often the home is looked at.
        told: is told of every reload.
    """

    def __init__(
        self,
        home: Path,
        now: Callable[[], datetime],
        *,
        watch_seconds: float = 3.0,
        told: Callable[[Reloaded], None] = lambda _done: None,
    ) -> None:
        self.home = home
        self.now = now
        self.last: Reloaded | None = None
        self._watch_seconds = watch_seconds
        self._told = told
        self._current: Edition | None = None
        self._working = ThreadPoolExecutor(1, thread_name_prefix="look-ups")
        self._opening = ThreadPoolExecutor(1, thread_name_prefix="lists")
        self._again = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    @property
    def current(self) -> Edition:
        """The lists that calls are answered by from now on.

        Raises:
            StateError: they are still being opened.
        """
        if self._current is None:
            raise StateError("the lists are still being opened", hint="Ask /readyz, and try again in some seconds")
        return self._current

    async def run(self, work: Callable[[], T]) -> T:
        """Do work on the one thread that look-ups are done on."""
        return await asyncio.get_running_loop().run_in_executor(self._working, work)

    async def run_pieces(self, pieces: Iterator[T]) -> list[T]:
        """Do work piece by piece, so that shorter calls get their turn in between."""
        end: Any = object()
        done: list[T] = []
        while (one := await self.run(lambda: next(pieces, end))) is not end:
            done.append(one)
        return done

    async def open(self) -> None:
        """Open the lists for the first time.

        Raises:
            StopshipError: they can't be read.
        """
        await self._reload()
        if self._current is None:
            raise StateError(self.last.problem if self.last and self.last.problem else "the lists can't be opened")

    def watch(self) -> None:
        """Look at the home from now on, and serve other lists as soon as they are in use there."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    def reload_soon(self) -> None:
        """Look at the home now, whatever changed."""
        self._again.set()

    async def close(self) -> None:
        """Stop watching; work under way is done."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        self._working.shutdown(wait=True)
        self._opening.shutdown(wait=True, cancel_futures=True)

    async def _watch(self) -> None:
        seen = ""
        while True:
            forced = await self._asked_within(self._watch_seconds)
            state = await self._in_background(self._state)
            served = self._current.state if self._current else ""
            # Twice the same: several lists that come in together are in use one after the other.
            if forced or (state not in (served, self._failed) and state == seen):
                self._failed = ""
                await self._reload()
                if self.last is not None and self.last.problem is not None:
                    self._failed = state
            seen = state

    _failed = ""

    async def _asked_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._again.wait(), seconds)
        except TimeoutError:
            return False
        self._again.clear()
        return True

    async def _reload(self) -> None:
        began = self.now()
        problem = None
        try:
            self._current = await self._in_background(lambda: open_edition(self.home, self.now))
        except StopshipError as error:
            problem = str(error)
        except Exception as error:  # a fault of ours must not end the watching: the old lists go on being served
            problem = fault_words(error)
        ended = self.now()
        self.last = Reloaded(ended, (ended - began).total_seconds(), problem)
        self._told(self.last)

    def _state(self) -> str:
        return state_of(self.home, self.now().astimezone().date())

    def _in_background(self, work: Callable[[], T]) -> Coroutine[Any, Any, T]:
        async def done() -> T:
            return await asyncio.get_running_loop().run_in_executor(self._opening, work)

        return done()
