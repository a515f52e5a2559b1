"""What processes use, as Linux counts it: memory that is private or shared, and time of the processor."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_PROC = Path("/proc")
_MEMORY_EVERY = 4  # looks: reading it holds the process up for a moment


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of one process: `private` is its own, `shared` is mapped by others too, `pss` counts a shared page
    in as many parts as processes map it, `rss` is everything that is in memory."""

    private: int
    shared: int
    pss: int
    rss: int


def memory_of(process: int) -> Memory | None:
    """The memory of a process; None where it is gone, or where the system is not Linux."""
    try:
        text = (_PROC / str(process) / "smaps_rollup").read_text("ascii")
    except OSError:
        return None
    sizes: dict[str, int] = {}
    for line in text.splitlines()[1:]:
        name, value = line.split(":")
        sizes[name] = int(value.split()[0]) * 1024
    private = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return Memory(private, sizes["Shared_Clean"] + sizes["Shared_Dirty"], sizes["Pss"], sizes["Rss"])


def peak_of(process: int) -> int | None:
    """The most bytes that a process has had in memory since it began; None where the system is not Linux.

    Not `getrusage`: its figure begins with that of the process that started this one.
    """
    try:
        text = (_PROC / str(process) / "status").read_text("utf-8")
    except OSError:
        return None
    sizes = [int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmHWM:")]
    return sizes[0] if sizes else None


def children_of(process: int) -> tuple[int, ...]:
    """The processes that this one has started, and those that they have; none where the system is not Linux."""
    found: list[int] = []
    for path in (_PROC / str(process) / "task").glob("*/children"):
        try:
            numbers = [int(number) for number in path.read_text("ascii").split()]
        except OSError:
            continue
        for number in numbers:
            found += [number, *children_of(number)]
    return tuple(found)


def cpu_of(process: int) -> float | None:
    """Seconds of the processor that a process has used; None where it is gone, or the system is not Linux."""
    try:
        text = (_PROC / str(process) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    # The name of the program, in brackets, may hold spaces; user and system time are the 14th and 15th field.
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watch:
    """Looks at a process and those that it starts every so often while a block runs.

    `most` is the most that all had together (Pss, so that shared pages count once), in bytes; `peaks` holds for
    each process that it started the moment of its most private memory; `cpu` is the sum of the seconds of the
    processor that each had used when it was last seen, so that it lacks what was used after that. Nobody waits for
    a server that forks workers, so that `getrusage` would not count them. 0 and empty where the system is not
    Linux.
    """

    def __init__(self, root: int, *, every: float = 0.1) -> None:
        """`every` is in seconds."""
        self._root = root
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.most = 0
        self.peaks: dict[int, Memory] = {}
        self._cpu: dict[int, float] = {}

    @property
    def cpu(self) -> float:
        """See the class."""
        return sum(self._cpu.values())

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        looks = 0
        while not self._stop.wait(self._every):
            self._look(memory=looks % _MEMORY_EVERY == 0)
            looks += 1

    def _look(self, *, memory: bool) -> None:
        together = 0
        for process in (self._root, *children_of(self._root)):
            self._cpu[process] = cpu_of(process) or self._cpu.get(process, 0.0)
            now = memory_of(process) if memory else None
            if now is None:
                continue
            together += now.pss
            held = self.peaks.get(process)
            if process != self._root and (held is None or now.private >= held.private):
                self.peaks[process] = now
        self.most = max(self.most, together)
