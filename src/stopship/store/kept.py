"""Finding screenings that were kept: by day, outcome, person and party, the newest first, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from stopship.store.cases import cases
from stopship.store.screenings import Screening, screened, screenings
from stopship.store.subjects import subjects
from stopship.store.tables import Holds

KINDS = ("decision", "names")
"""What a person or a program keeps by wish; files and monitoring have records of their own."""
MOST_PARTIES = 500
"""Parties of a name that are looked for; of more, those that were screened last."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for; empty fields ask for nothing.

    Attributes:
        subjects: of one of these parties; None: of any. digits: or a decision whose hash begins so.
        first, before: moments, from one to before the other.
        outcome: of a decision, or hit or no_hit. kind: of `KINDS`. actor: who kept it.
    """

    subjects: Sequence[int] | None = None
    digits: str = ""
    first: datetime | None = None
    before: datetime | None = None
    outcome: str = ""
    kind: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class ScreenedParty:
    """A party of a screening; its name is empty once it was erased. `case_id` is its case, where it has one."""

    screening_id: int
    name: str
    alerts: int
    case_id: int | None


def named(connection: Connection, party: str) -> tuple[tuple[int, ...], bool]:
    """The subjects whose name holds each of some words, in any case; at most `MOST_PARTIES`, those that were
    screened last. And whether there are more."""
    holds = [Holds(subjects.c.folded, word) for word in party.casefold().split()]
    # All of them first, then in order: in the order of an index, parties would be read one by one from all over.
    all_ = select(subjects.c.id, subjects.c.last_seen).where(*holds).cte("named").prefix_with("MATERIALIZED")
    chosen = select(all_.c.id).order_by(all_.c.last_seen.desc(), all_.c.id.desc())
    found = [int(row[0]) for row in connection.execute(chosen.limit(MOST_PARTIES + 1))]
    return tuple(found[:MOST_PARTIES]), len(found) > MOST_PARTIES


def page(connection: Connection, looked: Looked, *, behind: int | None, most: int) -> tuple[Screening, ...]:
    """Screenings that fit, the newest first.

    Args:
        behind: the number of a screening: those older than it. most: how many.
    """
    columns = screenings.c
    asked: list[ColumnElement[bool]] = [columns.kind.in_((looked.kind,) if looked.kind else KINDS)]
    if looked.outcome:
        asked.append(columns.outcome == looked.outcome)
    if looked.actor:
        asked.append(columns.actor == looked.actor)
    if looked.first is not None:
        asked.append(columns.moment >= looked.first)
    if looked.before is not None:
        asked.append(columns.moment < looked.before)
    if looked.subjects is not None:
        mine = select(screened.c.screening_id).where(screened.c.subject_id.in_(looked.subjects))
        asked.append(
            or_(columns.id.in_(mine), columns.reference.startswith(looked.digits))
            if looked.digits
            else columns.id.in_(mine)
        )
    if behind is not None:
        at = connection.execute(select(columns.moment).where(columns.id == behind)).scalar()
        if at is None:
            return ()
        asked.append(columns.moment <= at)  # by the index; the next line alone would be read from the newest on
        asked.append(or_(columns.moment < at, and_(columns.moment == at, columns.id < behind)))
    chosen = select(screenings).where(*asked)
    if looked.subjects is not None:
        # What these parties have, then in order: a database that counts on finding some of it soon would walk
        # through all screenings from the newest on, and look into each.
        fits = chosen.cte("fits").prefix_with("MATERIALIZED")
        ordered = select(fits).order_by(fits.c.moment.desc(), fits.c.id.desc())
    else:
        ordered = chosen.order_by(columns.moment.desc(), columns.id.desc())
    return tuple(Screening(**row._mapping) for row in connection.execute(ordered.limit(most)))


def parties(connection: Connection, numbers: Sequence[int]) -> Mapping[int, tuple[ScreenedParty, ...]]:
    """The parties of some screenings, those with hits first."""
    chosen = (
        select(screened.c.screening_id, subjects.c.name, screened.c.alerts, cases.c.id)
        .select_from(screened.join(subjects, subjects.c.id == screened.c.subject_id))
        .outerjoin(cases, cases.c.subject_id == subjects.c.id)
        .where(screened.c.screening_id.in_(list(numbers)))
        .order_by(screened.c.screening_id, screened.c.alerts.desc(), subjects.c.folded)
    )
    found: dict[int, list[ScreenedParty]] = {}
    for row in connection.execute(chosen):
        found.setdefault(row[0], []).append(ScreenedParty(*row))
    return {number: tuple(rows) for number, rows in found.items()}


def of_decision(connection: Connection, reference: str, keys: Sequence[str]) -> tuple[Screening, ...]:
    """Each time that a decision was kept, in order.

    Args:
        reference: its hash. keys: of its parties, by which its screenings are found without reading all there are.
    """
    mine = select(subjects.c.id).where(subjects.c.key.in_(list(keys)))
    numbers = select(screened.c.screening_id).where(screened.c.subject_id.in_(mine))
    columns = screenings.c
    wanted = (columns.kind == "decision", columns.reference == reference)
    rows = connection.execute(
        select(screenings).where(columns.id.in_(numbers), *wanted).order_by(columns.id)
    ).all()
    if not rows:  # a party was erased since
        rows = connection.execute(select(screenings).where(*wanted).order_by(columns.id)).all()
    return tuple(Screening(**row._mapping) for row in rows)
