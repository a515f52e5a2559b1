"""Names in bulk: the rows of one call, screened by the code that screens files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from stopship.app.casework.keeping import keep_names
from stopship.app.casework.screenings import Entries, of_hits
from stopship.app.service.edition import Edition
from stopship.bulk.batch import BatchScreener, ScreenOptions
from stopship.bulk.columns import READ
from stopship.bulk.rows import read_country
from stopship.cases import Actor, PartyMatches, Recorded, Role, seen_party
from stopship.screening.screener import ENGINE
from stopship.store import Database

MOST_KEPT = 1_000
"""Names of a call that is kept: each is written down, and writers wait for each other."""
PIECE = 200
"""Rows that are screened in one go, so that single look-ups get their turn in between."""
_FIELDS = pa.schema(
    [(name, pa.string() if name in ("id", "name", "schema") else pa.list_(pa.string())) for name in READ]
)


class NameScreening:
    """Screens the names of one call, piece by piece, all against the same lists."""

    def __init__(
        self, edition: Edition, rows: Sequence[Mapping[str, Any]], *, min_score: float | None, limit: int
    ) -> None:
        """`rows` have `name` and whichever of `bulk.columns.READ` are known; all but id, name and schema are lists
        of texts.

        Raises:
            SettingsError: an option is out of range.
        """
        options = ScreenOptions(min_score, limit, edition.decider.settings.threshold)
        self._screener = BatchScreener(edition.index, options, matcher=edition.matcher)
        self._rows = rows
        self.index = edition.index.content_hash
        self.engine = ENGINE
        self.lists = {listed.source: listed.snapshot for listed in edition.index.lists}

    def pieces(self) -> Iterator[list[dict[str, Any]]]:
        """The answers, in order: `id, row, status, reason, warnings, hits, hits_total, alerts`."""
        for first in range(0, len(self._rows), PIECE):
            rows = [{name: row.get(name) for name in READ} for row in self._rows[first : first + PIECE]]
            batch = pa.RecordBatch.from_pylist(rows, schema=_FIELDS)
            found = self._screener.screen(batch, first_row=first + 1)
            kept = ("id", "row", "status", "reason", "warnings", "hits", "hits_total", "alerts")
            yield found.select(list(kept)).to_pylist()


def keep(
    edition: Edition,
    rows: Sequence[Mapping[str, Any]],
    answers: Sequence[Mapping[str, Any]],
    *,
    name: str,
    database: Database,
    actor: str,
    now: datetime,
) -> Recorded:
    """Keep a screening of names, also where nothing was found; what alerts becomes cases.

    Args:
        edition: the lists that they were screened against.
        rows, answers: of `NameScreening`, in the same order. A row with an `id` is that record of whoever asks.
        name: what people call it.
        actor: who asks, as the audit record names them.
        now: the moment, timezone-aware.

    Raises:
        StateError: the database can't be written: the answers must not be given as kept then.
    """
    entries = Entries(edition.index)
    found = [
        _party(row, answer, entries, actor)
        for row, answer in zip(rows, answers, strict=True)
        if answer["status"] != "rejected"
    ]
    by = Actor(actor, Role.SYSTEM)
    return keep_names(edition.workspace, database, edition.index, found, reference=name, actor=by, now=now)


def _party(row: Mapping[str, Any], answer: Mapping[str, Any], entries: Entries, actor: str) -> PartyMatches:
    codes = [read_country(country)[0] or country for country in row.get("country") or ()]
    fields = {
        name: "; ".join(value) if isinstance(value, list) else value
        for name, value in (dict(row) | {"country": codes}).items()
    }
    number = row.get("id")
    party = seen_party(fields, system=f"names:{actor}", system_id=number) if number else seen_party(fields)
    # Where not all hits are given, nothing is said of others that were known before.
    complete = answer["hits_total"] == len(answer["hits"])
    return of_hits(party, answer["hits"], entries, reference=number or "", complete=complete)
