"""Other ways to find names, on the same queries and list in the same run: ratios per second of the processor.

Every program runs in one process and one thread, one after the other, in rounds: Stopship, then each peer, then
the next round with other queries. A peer that is slower gets the first queries of a round only. Ratios are taken
within a round, and their median is reported. Beside them stands how often the right entity is among what each
finds, on variants of listed names.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.quality.lists import ROOT
from benchmarks.quality.scoring import FLOOR
from benchmarks.speed.batch import rows_within, try_out, warm_workers
from benchmarks.speed.lists import NameList
from benchmarks.speed.peer_worker import PEERS
from benchmarks.speed.queries import Asked
from benchmarks.speed.worker import ask, in_fresh_process

from stopship.matching import Index, Matcher, Query

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
STOPSHIP = "stopship"

Program = Callable[[Sequence[Asked]], tuple[float, float]]  # seconds of the clock, and of the processor


class PeerProcess:
    """A peer in its own environment, with the list loaded."""

    def __init__(self, python: Path, name: str, listed: NameList) -> None:
        """Starts it and waits until its index is there.

        Raises:
            ImportError: the peer, or its environment, is not installed.
        """
        if not python.exists():
            raise ImportError(f"{python} is not there; make .bench-venv/.installed")
        path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
        self._process = subprocess.Popen(
            [str(python), "-m", "benchmarks.speed.peer_worker", name, str(listed.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
        )
        head = self._read()
        if "missing" in head:
            self.close()
            raise ImportError(head["missing"])
        self.build_cpu: float = head["build_cpu"]

    def ask(self, asked: Sequence[Asked], top: int) -> dict[str, Any]:
        """Seconds of the clock and of the processor, and the entities found for each query."""
        assert self._process.stdin is not None
        queries = [(query.text, query.schema.value) for query in asked]
        self._process.stdin.write(json.dumps({"queries": queries, "top": top}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def seconds(self, asked: Sequence[Asked], top: int) -> tuple[float, float]:
        """Seconds of the clock and of the processor alone."""
        answer = self.ask(asked, top)
        return answer["wall"], answer["cpu"]

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ImportError("it ended before it answered; what it wrote says why")
        answer: dict[str, Any] = json.loads(line)
        return answer


def ratios(
    index: Path,
    listed: NameList,
    python: Path,
    mixed: Sequence[Asked],
    warm_up: Sequence[Asked],
    positives: Sequence[Asked],
    *,
    rounds: int,
    seconds: float,
    top: int,
) -> dict[str, Any]:
    """Rates of Stopship and of each peer on `mixed`, and on `positives` how often the right entity is found.

    `seconds` is about how long each program works in a round.
    """
    peers: dict[str, PeerProcess] = {}
    skipped: dict[str, str] = {}
    for name in PEERS:
        try:
            peers[name] = PeerProcess(python, name, listed)
        except ImportError as error:
            skipped[name] = str(error)
    try:
        with warm_workers(index, 1, warm_up, seconds) as ([worker], _started):

            def ours(some: Sequence[Asked]) -> tuple[float, float]:
                _seconds, [reply] = ask([worker], some)
                return reply.wall, reply.cpu

            programs: dict[str, Program] = {STOPSHIP: ours}
            programs |= {name: partial(peer.seconds, top=top) for name, peer in peers.items()}
            measured = _in_turn(programs, mixed, rounds, seconds)
        path = worker.path
        rows = {name: _row(taken, measured[STOPSHIP]) for name, taken in measured.items()}
        for name, peer in peers.items():
            found = peer.ask(positives, top)["found"]
            right = [bool(set(query.right) & set(ids)) for query, ids in zip(positives, found, strict=True)]
            rows[name] |= {**_by_script("right_found", positives, right), "build_cpu": peer.build_cpu}
        rows[STOPSHIP] |= in_fresh_process(_right_found, index, positives, top)
    finally:
        for peer in peers.values():
            peer.close()
    return {
        "path": path,
        "rounds": rounds,
        "top": top,
        "positives": len(positives),
        "skipped": skipped,
        "rows": rows,
    }


def _in_turn(
    programs: dict[str, Program], mixed: Sequence[Asked], rounds: int, seconds: float
) -> dict[str, list[tuple[int, float, float]]]:
    """Of each program and round how many queries it answered, seconds of the clock and of the processor."""
    part = len(mixed) // (rounds + 1)
    sizes = {}
    for name, program in programs.items():
        _used, rate = try_out(lambda some, program=program: program(some)[1], mixed[:part], seconds / 4)  # type: ignore[misc]
        sizes[name] = rows_within(seconds, rate, part)
    measured: dict[str, list[tuple[int, float, float]]] = {name: [] for name in programs}
    for number in range(1, rounds + 1):
        for name, program in programs.items():
            some = mixed[number * part : (number + 1) * part][: sizes[name]]
            measured[name].append((len(some), *program(some)))
    return measured


def _row(taken: list[tuple[int, float, float]], ours: list[tuple[int, float, float]]) -> dict[str, Any]:
    of_cpu = [n / max(cpu, 1e-9) for n, _, cpu in taken]
    of_clock = [n / max(wall, 1e-9) for n, wall, _ in taken]
    against = [n / max(cpu, 1e-9) / rate for (n, _, cpu), rate in zip(ours, of_cpu, strict=True)]
    clock = [n / max(wall, 1e-9) / rate for (n, wall, _), rate in zip(ours, of_clock, strict=True)]
    return {
        "queries": sum(n for n, *_ in taken),
        "cpu": median(of_cpu),
        "wall": median(of_clock),
        "ratio": median(against),
        "ratio_least": min(against),
        "ratio_most": max(against),
        "ratio_wall": median(clock),
    }


def _right_found(path: Path, positives: Sequence[Asked], top: int) -> dict[str, float | None]:
    """Shares of variants whose entity alerts, and whose entity is among the best `top` with `FLOOR` at least."""
    matcher = Matcher(Index.open(path))
    alerted, found = [], []
    for asked in positives:
        query = Query(asked.text, asked.schema)
        alerted.append(any(m.alert and m.entity.id in asked.right for m in matcher.match(query)))
        best = matcher.match(query, min_score=FLOOR, limit=top)
        found.append(any(m.entity.id in asked.right for m in best))
    return _by_script("right_alerted", positives, alerted) | _by_script("right_found", positives, found)


def _by_script(name: str, positives: Sequence[Asked], right: Sequence[bool]) -> dict[str, float | None]:
    """The share that is right, of variants in Latin letters and of those in other scripts."""
    latin = [yes for asked, yes in zip(positives, right, strict=True) if not asked.class_.startswith("script_")]
    other = [yes for asked, yes in zip(positives, right, strict=True) if asked.class_.startswith("script_")]
    return {
        name: sum(latin) / len(latin) if latin else None,
        f"{name}_other_scripts": sum(other) / len(other) if other else None,
    }
