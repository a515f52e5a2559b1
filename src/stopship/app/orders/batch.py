"""A file of many orders decided: one decision a line, in the order of the lines (`check ORDERS.jsonl --out`)."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from stopship.app.documents import STDIN
from stopship.app.orders.file import is_pipe
from stopship.app.orders.lines import OrderLine, OrderLines
from stopship.app.orders.output import OrderOutput, check_output
from stopship.app.orders.rows import Tally
from stopship.app.orders.worker import OrderWork, Plan, held_lists, piece_of
from stopship.app.reading.streams import ByteStream
from stopship.app.workspace import Workspace
from stopship.bulk.local import map_batches
from stopship.errors import OrderError, SettingsError, StateError, WorkerError
from stopship.matching.weights import SCORER_VERSION
from stopship.names import NORMALIZER_VERSION
from stopship.screening import Settings
from stopship.screening.screener import ENGINE

LINES, BYTES = 16, 1_000_000
"""A piece of work is so many lines, or fewer if they are long."""
FEW = 500
"""Orders that are decided before another process would have started."""


@dataclass(slots=True)
class OrderCounts:
    """What became of a file of orders. `resumed` of them were decided by an earlier run; they are counted too.
    `anew`: there was no earlier run, although it was to be resumed."""

    tally: Tally = field(default_factory=Tally)
    resumed: int = 0
    anew: bool = False
    seconds: float = 0.0
    begun_with: dict[str, Any] = field(default_factory=dict)

    @property
    def orders(self) -> int:
        """Decided and rejected lines."""
        return self.tally.lines

    @property
    def per_second(self) -> float | None:
        """Orders a second of this run."""
        return (self.orders - self.resumed) / self.seconds if self.seconds else None

    def to_plain(self) -> dict[str, Any]:
        """The form of `--stats` and `--json`."""
        return {
            "orders": self.orders,
            **self.tally.to_plain(),
            "resumed": self.resumed,
            "seconds": round(self.seconds, 3),
            "orders_per_second": round(self.per_second, 1) if self.per_second is not None else None,
            **{key: self.begun_with[key] for key in ("date", "lists", "rulebook", "settings")},
            "engine": ENGINE,
        }


class OrderBatch:
    """One file of orders on its way to an output. Making one reads a file through and opens the output.

    Args:
        source: JSON lines, plain or packed with gzip or zstd; `-` for stdin, which like a pipe is read only once.
        out: `.jsonl` or `.ndjson`, also with `.gz` or `.zst`.
        workspace: the home.
        as_of: the day for all orders; None takes each order's own, and the workspace's day where it has none.
        settings: exporter, thresholds, pinned rules; None takes those of the home.
        resume: go on where an earlier run stopped.
        processes: how many; None takes one a processor, and none beside this one for a small file.

    Raises:
        OrderError, TableError: the file can't be read to its end, holds no order; the output's folder is missing.
        SettingsError: the output has another ending or is the input; or see `OrderOutput`.
        StateError: the lists can't be used.
    """

    def __init__(
        self,
        source: Path,
        out: Path,
        workspace: Workspace,
        *,
        as_of: date | None = None,
        settings: Settings | None = None,
        resume: bool = False,
        processes: int | None = None,
    ) -> None:
        check_output(out)
        if source != STDIN and source.exists() and out.exists() and source.samefile(out):
            raise SettingsError("the output would replace the input", where="--out", hint="Give another name")
        self.source = source
        self._workspace = workspace
        self.total: int | None = None
        digest = "read once"
        if not is_pipe(source):
            self.total, digest = survey(source)
        self._processes, self._resume = processes, resume
        settings = workspace.settings if settings is None else settings
        self._plan = Plan(workspace.home.absolute(), workspace.today, as_of, settings, held_lists(workspace))
        self._begun_with = {
            "input": digest,
            "date": as_of.isoformat() if as_of else f"{workspace.today} where an order has none",
            "lists": self._plan.lists,
            "rulebook": workspace.rulebook.version,
            "settings": settings.content_hash,
            "version": f"{ENGINE}, {NORMALIZER_VERSION}, {SCORER_VERSION}",
        }
        self._output = OrderOutput(out, self._begun_with, resume=resume)
        self.done: int = self._output.done.get("line", 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._output.__exit__()

    def run(self, progress: Callable[[int], None] | None = None) -> OrderCounts:
        """Decide what is not decided yet, and make the output.

        Args:
            progress: called with the number of the line that is done.

        Raises:
            OrderError: the packed input is cut off, or stdin is not what the earlier run read.
            StateError: lists or output can't be used any more, a process died, or Ctrl-C: what was finished is
                kept for a run that resumes.
        """
        output = self._output
        counts = OrderCounts(anew=self._resume and not output.done, begun_with=self._begun_with)
        if output.done:
            counts.tally = Tally.from_plain(output.done["tally"])
            counts.resumed = counts.orders
        ends: deque[tuple[int, str]] = deque()
        started = time.perf_counter()
        try:
            with (
                ByteStream(self.source) as stream,
                closing(self._decided(self._pieces(OrderLines(stream), ends))) as decided,
            ):
                try:
                    for rows, tally in decided:
                        counts.tally.add(tally)
                        line, digest = ends.popleft()
                        output.append(rows, {"line": line, "digest": digest, "tally": counts.tally.to_plain()})
                        if progress:
                            progress(line)
                finally:
                    # Before the processes are ended: somebody may press Ctrl-C once more.
                    output.save()
        except KeyboardInterrupt:
            line = output.done.get("line", 0)
            hint = "Go on with the same command and --resume" if line else "Nothing had been finished"
            raise StateError(f"interrupted after line {line:,}", where=str(self.source), hint=hint) from None
        except WorkerError as died:
            raise WorkerError(died.message, hint=f"Go on with --resume. {died.hint}") from None
        if not counts.orders:
            raise OrderError("there is no order in it", where=str(self.source), hint=_ONE_A_LINE)
        self._workspace.records.keep_inputs(
            counts.tally.cited, rulebook=self._workspace.rulebook, settings=self._plan.settings
        )
        output.finish()
        counts.seconds = time.perf_counter() - started
        return counts

    def _pieces(self, source: OrderLines, ends: deque[tuple[int, str]]) -> Iterator[tuple[pa.RecordBatch, int]]:
        """The lines that are not done yet, some at a time, each piece with the number of its last line. `ends`
        gets this number and the digest of the input up to there."""
        lines = iter(source)
        if self.done:
            _pass_over(lines, source, self.done, self._output.done["digest"], str(self.source))
        held: list[OrderLine] = []
        size = 0
        for line in lines:
            held.append(line)
            size += len(line.data)
            if len(held) >= LINES or size >= BYTES:
                ends.append((line.number, source.digest))
                yield piece_of(held), line.number
                held, size = [], 0
        if held:
            ends.append((held[-1].number, source.digest))
            yield piece_of(held), held[-1].number

    def _decided(self, pieces: Iterator[tuple[pa.RecordBatch, int]]) -> Generator[tuple[bytes, Tally], None, None]:
        yield from map_batches(OrderWork(self._plan), pieces, processes=self._processes, few_rows=FEW)


_ONE_A_LINE = "Write one order a line, as JSON"


def survey(source: Path) -> tuple[int, str]:
    """Lines and SHA-256 of a file, unpacked: a file that is cut off is told before the work begins.

    Raises:
        OrderError: it can't be read to its end, or holds no line.
    """
    with ByteStream(source) as stream:
        lines = OrderLines(stream)
        count = sum(1 for _ in lines)
        if not count:
            raise OrderError("there is no order in it", where=str(source), hint=_ONE_A_LINE)
        return count, lines.digest


def _pass_over(lines: Iterator[OrderLine], source: OrderLines, last: int, digest: str, where: str) -> None:
    """Read on to the line that was done last, and see that it is the input that was read then."""
    for line in lines:
        if line.number >= last:
            if line.number == last and source.digest == digest:
                return
            break
    raise OrderError("can't resume: the input changed since the run began", where=where)
