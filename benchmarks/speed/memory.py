"""Memory of processes as Linux counts it: private, and with shared pages counted in part (Pss)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_PROC = Path("/proc")


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


class Watch:
    """Looks at a process and those that it starts every so often while a block runs.

    `most` is the most that all had together (Pss, so that shared pages count once), in bytes; `peaks` holds for
    each process that it started the moment of its most private memory. 0 and empty where the system is not Linux.
    """

    def __init__(self, root: int, *, every: float = 0.25) -> None:
        """`every` is in seconds."""
        self._root = root
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.most = 0
        self.peaks: dict[int, Memory] = {}

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self._look()

    def _look(self) -> None:
        together = 0
        for process in (self._root, *children_of(self._root)):
            now = memory_of(process)
            if now is None:
                continue
            together += now.pss
            held = self.peaks.get(process)
            if process != self._root and (held is None or now.private >= held.private):
                self.peaks[process] = now
        self.most = max(self.most, together)
