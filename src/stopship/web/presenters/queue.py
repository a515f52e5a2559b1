"""Rows of the queue and of verdicts on many: why a case is there, how old it is, by what cases were chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from stopship.cases.glance import Glance
from stopship.cases.queue import Line

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_CHIPS = 4
MOST_SAID = 120
_ORDER = {"mismatch": 0, "match": 1}
IDENTITY = ("identifier", "birth_date", "registration_date", "country", "schema", "address", "link")
"""Kinds of evidence that say who somebody is; the others are all of the name."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One reason: `kind` of evidence and its `relation`."""

    kind: str
    relation: str


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the queue.

    Attributes:
        line: as JSON values.
        age: days since it was opened.
        chips: what agrees and what contradicts, contradictions first. said: the first line of the evidence.
        origin, reference: where the best alert comes from.
    """

    line: Mapping[str, Any]
    age: int
    chips: tuple[Chip, ...]
    said: str
    origin: str
    reference: str


def queue_rows(lines: Sequence[Line], why: Mapping[int, Glance], *, now: datetime) -> tuple[Row, ...]:
    """The rows of a page of the queue."""
    return tuple(_row(line, why.get(line.case.id), now) for line in lines)


def _row(line: Line, glance: Glance | None, now: datetime) -> Row:
    said = glance.evidence[0] if glance and glance.evidence else ""
    return Row(
        line=line.to_plain(now=now),
        age=max(0, (now - line.case.opened).days),
        chips=_chips(glance.signals) if glance else (),
        said=said if len(said) <= MOST_SAID else f"{said[: MOST_SAID - 1]}…",
        origin=glance.origin if glance else "",
        reference=glance.reference if glance else "",
    )


def _chips(signals: Sequence[tuple[str, str]]) -> tuple[Chip, ...]:
    """What agrees and what contradicts. Of the name one chip is enough: the score says the rest."""
    told = [
        Chip(kind if kind in IDENTITY else "name", relation) for kind, relation in signals if relation in _ORDER
    ]
    names = [chip for chip in told if chip.kind == "name"]
    named = [chip for chip in names if chip.relation == "match"][:1] or names[:1]
    kept = dict.fromkeys([chip for chip in told if chip.kind != "name"] + named)
    return tuple(sorted(kept, key=lambda chip: _ORDER[chip.relation]))[:MOST_CHIPS]


def chosen_by(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """By what the cases of a verdict on many were chosen: names of the filter and their values; `cases` without
    any where they were ticked one by one."""
    plain = orjson.loads(text)
    if "cases" in plain:
        return (("cases", ()),)
    return tuple((name, _values(value)) for name, value in plain.items())


def _values(value: Any) -> tuple[str, ...]:
    """Values of one condition: of days, where one bound may be open, from the first to before the second."""
    if value is True:
        return ()
    if isinstance(value, list):
        bounds = None in value or all(isinstance(one, str) and _DAY.fullmatch(one) for one in value)
        return (" – ".join(one or "…" for one in value),) if bounds else tuple(value)
    return (str(value),)
