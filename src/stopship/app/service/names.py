"""Names in bulk: the rows of one call, screened by the code that screens files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from stopship.app.service.edition import Edition
from stopship.bulk.batch import BatchScreener, ScreenOptions
from stopship.bulk.columns import READ
from stopship.screening.screener import ENGINE

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
