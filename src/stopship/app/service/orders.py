"""Orders that come in through the service: decided on the lists in use, kept, found again."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from stopship.app.casework.keeping import keep_decision
from stopship.app.service.edition import Edition
from stopship.app.workspace import allow_stale as with_reason
from stopship.cases.actor import Actor, Role
from stopship.errors import InputError, NotFoundError, StateError
from stopship.matching import Index
from stopship.model.order import read_order
from stopship.ownership import OwnershipGraph
from stopship.screening import Decision, Settings
from stopship.store import Database

_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that is not kept yet, and what it was made with."""

    decision: Decision
    index: Index
    graph: OwnershipGraph | None
    settings: Settings


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision and the id under which it is kept: the hash of its bytes."""

    id: str
    decision: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """One line of the log of kept decisions."""

    id: str
    at: str
    as_of: str
    outcome: str


def decide(
    edition: Edition,
    order: Mapping[str, Any],
    *,
    as_of: date | None,
    allow_stale: str | None,
) -> Decided:
    """Decide one order, with what people have decided about its parties before.

    Args:
        edition: the lists, the law and the settings.
        order: plain values, as `docs/reference/order.md` has them.
        as_of: the day; None takes the order's own date, else today.
        allow_stale: why lists beyond their age limit are accepted; recorded in the decision.

    Raises:
        OrderError: the order can't be read.
        StateError: lists or index can't be read.
    """
    transaction = read_order(order)
    settings = with_reason(edition.decider.settings, allow_stale)
    decider = edition.decider
    decision = decider.decide(transaction, as_of=as_of, settings=settings)
    return Decided(decision, decider.place(decision.as_of).index, decider.stakes(), settings)


def keep(edition: Edition, decided: Decided, *, database: Database, actor: str, now: datetime) -> KeptDecision:
    """Keep a decision with all that it rests on, and open cases for matches that a person must judge.

    Args:
        edition: as it was decided with.
        decided: the decision.
        database: of the home.
        actor: who asked, as the audit record names them.
        now: the moment, timezone-aware.

    Raises:
        StateError: the home or the database can't be written: the decision must not be given then.
    """
    kept = keep_decision(
        edition.workspace,
        decided.decision,
        decided.index,
        decided.graph,
        settings=decided.settings,
        actor=Actor(actor, Role.SYSTEM),
        now=now,
        database=database,
    )
    return KeptDecision(kept.path.stem, decided.decision.to_plain())


def kept_decision(edition: Edition, decision_id: str) -> KeptDecision:
    """A decision that was kept.

    Raises:
        NotFoundError: none is kept under this id.
        StateError: it can't be read.
    """
    missing = NotFoundError(
        "no decision is kept under this id", hint="Ids are what POST /api/v1/transactions gave"
    )
    if len(decision_id) != 64 or not set(decision_id) <= set("0123456789abcdef"):
        raise missing
    for path in edition.workspace.records.root.glob(f"*-*-*/{decision_id}.json"):
        try:
            return KeptDecision(decision_id, orjson.loads(path.read_bytes()))
        except (OSError, ValueError):
            raise StateError(
                "a kept decision is damaged", where=str(path), hint="Restore it from a backup"
            ) from None
    raise missing


def kept_decisions(edition: Edition, *, limit: int, cursor: str | None) -> tuple[list[LoggedDecision], str | None]:
    """A page of the log of kept decisions, the newest first, and where the next page begins.

    The log only grows, so a cursor, which is a place in it, stays good.

    Raises:
        InputError: the cursor is none that was given.
    """
    path = edition.workspace.records.root / "log.jsonl"
    if not path.is_file():
        return [], None
    end = _place(cursor, path) if cursor is not None else path.stat().st_size
    lines, begin = _lines_before(path, end, limit)
    found = [
        LoggedDecision(line["decision"], line["at"], line["as_of"], line["outcome"])
        for line in (orjson.loads(text) for text in reversed(lines))
    ]
    return found, _cursor(begin) if begin > 0 else None


def _lines_before(path: Path, end: int, most: int) -> tuple[list[bytes], int]:
    """The last lines that end at a place of a file, at most so many, and where the first of them begins."""
    data = b""
    begin = end
    with path.open("rb") as file:
        while begin > 0 and data.count(b"\n") <= most:
            size = min(_BLOCK, begin)
            begin -= size
            file.seek(begin, os.SEEK_SET)
            data = file.read(size) + data
    lines = data.splitlines(keepends=True)
    if begin > 0:
        lines = lines[1:]  # it may have begun before
    kept = lines[-most:] if most else []
    return kept, end - sum(map(len, kept))


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def _place(cursor: str, path: Path) -> int:
    try:
        place = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        with path.open("rb") as file:
            file.seek(place - 1 if place > 0 else place)
            if not 0 <= place <= path.stat().st_size or (place > 0 and file.read(1) != b"\n"):
                raise ValueError
    except (ValueError, OSError, OverflowError):
        raise InputError("the cursor is none that was given", where="cursor", hint="Begin without one") from None
    return place
