"""Scores of Stopship: the right entry's, and the best wrong one's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from stopship.matching import Index, Matcher, Query
from stopship.model.values import Schema

# Below this no threshold of interest lies; a right entry that scores less counts as not found.
FLOOR = 0.30


@dataclass(frozen=True, slots=True)
class Found:
    """What one query found: `right` and `wrong` are scores (0: nothing), `rank` counts from 1 (0: not found).

    `alert` says whether the right entry is among the alerts at the default threshold, `any_alert` whether anything
    is.
    """

    right: float
    band: str
    rank: int
    alert: bool
    wrong: float
    wrong_name: str
    any_alert: bool


Asked = tuple[str, Schema, tuple[str, ...]]


def search(matcher: Matcher, floor: float, asked: Asked) -> Found:
    """Look one name up, with nothing but the name and its schema."""
    text, schema, expected = asked
    found = sorted(matcher.match(Query(text, schema), min_score=floor), key=lambda m: (-m.score, m.entity.id))
    right, band, rank, alert = 0.0, "", 0, False
    wrong, wrong_name = 0.0, ""
    for number, match in enumerate(found, 1):
        if match.entity.id in expected:
            alert |= match.alert
            if not rank:
                right, band, rank = match.score, match.band.value, number
        elif not wrong_name:
            wrong, wrong_name = match.score, match.name.text if match.name else match.entity.caption
    return Found(right, band, rank, alert, wrong, wrong_name, any(m.alert for m in found))


def search_all(index: Path, asked: Sequence[Asked], *, processes: int, floor: float = FLOOR) -> Iterator[Found]:
    """The answers in the order of the questions, whatever the number of processes."""
    if processes < 2:
        yield from map(partial(search, Matcher(Index.open(index)), floor), asked)
        return
    with ProcessPoolExecutor(processes, initializer=_open, initargs=(index, floor)) as pool:
        yield from pool.map(_search, asked, chunksize=50)


_here: list[tuple[Matcher, float]] = []  # one in each process


def _open(index: Path, floor: float) -> None:
    _here[:] = [(Matcher(Index.open(index)), floor)]


def _search(asked: Asked) -> Found:
    return search(*_here[0], asked)
