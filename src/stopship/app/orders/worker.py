"""Deciding pieces of an order file, in this process or in others: each opens its indexes once."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from stopship.app.decider import Decider
from stopship.app.orders.lines import OrderLine
from stopship.app.orders.rows import Tally, decide_lines
from stopship.app.workspace import Workspace
from stopship.bulk.pool import start_method
from stopship.errors import StateError
from stopship.screening import Settings

PIECE = pa.schema([("number", pa.int64()), ("data", pa.binary()), ("problem", pa.string())])


def piece_of(lines: Sequence[OrderLine]) -> pa.RecordBatch:
    """Consecutive lines in the form in which they go to another process."""
    columns = [[line.number for line in lines], [line.data for line in lines], [line.problem for line in lines]]
    return pa.RecordBatch.from_arrays(
        [pa.array(column, kind.type) for column, kind in zip(columns, PIECE, strict=True)], schema=PIECE
    )


def lines_of(piece: pa.RecordBatch) -> Iterator[OrderLine]:
    """The inverse of `piece_of`."""
    yield from map(OrderLine, *(column.to_pylist() for column in piece.columns))


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides the orders of one run. `lists` is `held_lists` at its beginning; `lock` is held while an index
    is opened or built."""

    home: Path
    today: date
    as_of: date | None
    settings: Settings
    lists: str
    lock: AbstractContextManager[Any] = field(default_factory=nullcontext)

    def decider(self) -> Decider:
        """The decider, which refuses to open an index once the lists are no longer those of the beginning."""
        workspace = Workspace(self.home, today=self.today)
        return Decider(
            workspace, as_of=self.as_of, settings=self.settings, opening=lambda: self._opening(workspace)
        )

    @contextmanager
    def _opening(self, workspace: Workspace) -> Iterator[None]:
        with self.lock:
            yield
            if held_lists(workspace) != self.lists:
                raise StateError(
                    "a list was imported, or ownership data were, while orders were decided",
                    hint="Run again without --resume",
                )


def held_lists(workspace: Workspace) -> str:
    """A hash over all snapshots and ownership data: whatever the date, a decision rests on some of them."""
    held = [
        f"{s.source} {s.id} {s.entities_sha256} {s.published} {s.retrieved.date()} {s.dated}"
        for s in workspace.archive.all()
    ]
    held.append(workspace.ownership.key())
    return "sha256:" + hashlib.sha256("\n".join(held).encode()).hexdigest()


class OrderWork:
    """Decides pieces in whatever process it is called (`bulk.local.map_batches`)."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._decider: Decider | None = None
        self._lock: Any = None

    def __call__(self, piece: pa.RecordBatch, _number: int) -> tuple[bytes, Tally]:
        """The rows of a piece, and what became of its lines.

        Raises:
            StateError: lists, indexes or rulebook can't be read, or a list was imported since the run began.
        """
        if self._decider is None:
            self._decider = self.plan.decider()
        return decide_lines(lines_of(piece), self._decider)

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process: the plan, with a lock that all of them share."""
        if self._lock is None:
            self._lock = multiprocessing.get_context(start_method()).Lock()
        return {"plan": replace(self.plan, lock=self._lock), "_decider": None, "_lock": self._lock}
