"""Deciding pieces of an order file, in this process or in others: each opens its indexes once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from stopship.app.decider import Decider
from stopship.app.order_lines import OrderLine
from stopship.app.order_rows import Tally, decide_lines
from stopship.app.workspace import Workspace
from stopship.errors import StateError
from stopship.screening import Settings


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive lines, and the digest of the input up to the end of the last one."""

    lines: tuple[OrderLine, ...]
    digest: str


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
                    "a list was imported while orders were decided", hint="Run again without --resume"
                )


def held_lists(workspace: Workspace) -> str:
    """A hash over all snapshots: whatever the date, a decision rests on some of them."""
    held = [
        f"{s.source} {s.id} {s.entities_sha256} {s.published} {s.retrieved.date()} {s.dated}"
        for s in workspace.archive.all()
    ]
    return "sha256:" + hashlib.sha256("\n".join(held).encode()).hexdigest()


_plan: Plan | None = None
_decider: Decider | None = None


def prepare(plan: Plan) -> None:
    """Called once in each process. The decider is made with the first piece, where errors can be told."""
    global _plan
    _plan = plan


def decide_piece(piece: Piece) -> tuple[bytes, Tally]:
    """The rows of a piece, in a process that was prepared.

    Raises:
        StateError: lists, indexes or rulebook can't be read, or a list was imported since the run began.
    """
    global _decider
    if _decider is None:
        assert _plan is not None
        _decider = _plan.decider()
    return decide_lines(piece.lines, _decider)
