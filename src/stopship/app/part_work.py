"""One part of a file of names: screened, encoded for the output, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from stopship.app.writing import encode
from stopship.app.writing.findings import to_findings
from stopship.bulk import ScreenOptions
from stopship.bulk.local import ScreenWork
from stopship.bulk.tally import tally
from stopship.matching import DEFAULT_THRESHOLD, Index
from stopship.screening.screener import ENGINE

PIECE = 256
"""Rows after which progress is told where no other process works."""


@dataclass(slots=True)
class Counts:
    """What became of the rows of one file. `bands` and `programs` count rows with a hit, by their best one."""

    threshold: float = DEFAULT_THRESHOLD
    rows: int = 0
    hit: int = 0
    no_hit: int = 0
    rejected: int = 0
    alerts: int = 0
    lines: int = 0
    resumed_rows: int = 0
    seconds: float = 0.0
    processes: int = 1
    form: str = ""
    encoding: str | None = None
    index: str = ""
    dropped: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    warned: int = 0
    bands: Counter[str] = field(default_factory=Counter)
    programs: Counter[str] = field(default_factory=Counter)

    def add(self, about: Mapping[str, Any]) -> None:
        """Count a part in."""
        for name in ("rows", "hit", "no_hit", "rejected", "alerts", "lines"):
            setattr(self, name, getattr(self, name) + about[name])
        self.warned += about["warned"]
        self.reasons.update(about["reasons"])
        self.bands.update(about["bands"])
        self.programs.update(about["programs"])
        self.dropped = tuple(dict.fromkeys((*self.dropped, *about["dropped"])))

    def to_plain(self) -> dict[str, Any]:
        """The form of `--stats`."""
        here = self.rows - self.resumed_rows
        return {
            "rows": self.rows,
            "hit": self.hit,
            "no_hit": self.no_hit,
            "rejected": self.rejected,
            "reject_reasons": dict(self.reasons),
            "alerts": self.alerts,
            "warned": self.warned,
            "bands": dict(self.bands),
            "programs": dict(self.programs.most_common()),
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(here / self.seconds, 1) if self.seconds else None,
            "resumed_rows": self.resumed_rows,
            "processes": self.processes,
            "format": self.form,
            "encoding": self.encoding,
            "default_threshold": DEFAULT_THRESHOLD,
            "threshold": self.threshold,
            "dropped_columns": list(self.dropped),
            "index": self.index,
            "engine": ENGINE,
        }


class PartWork(ScreenWork):
    """Screens a batch and encodes the results as a part of the output, in whatever process it is called.

    A call returns the number of the part, its bytes, the counts of its rows, and its findings if they are wanted.
    """

    def __init__(self, index: Index, options: ScreenOptions, form: str, *, findings: bool = False) -> None:
        super().__init__(Path(), options, index.content_hash, index=index)
        self.form = form
        self.findings = findings
        self.lists = {listed.source: listed.snapshot for listed in index.lists}
        self.progress: Callable[[int, int], None] | None = None

    def __call__(self, batch: pa.RecordBatch, number: int) -> tuple[int, bytes, dict[str, Any], bytes | None]:
        layout = self.screener.layout(batch.schema)
        results = self._in_pieces(batch) if self.progress else self.screener.screen(batch)
        found = to_findings(results, layout) if self.findings else None
        return number, encode(results, layout, self.form, self.lists), tally(results, layout), found

    def _in_pieces(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        assert self.progress is not None
        done: list[pa.RecordBatch] = []
        rows = hits = 0
        for at in range(0, len(batch), PIECE):
            piece = self.screener.screen(batch.slice(at, PIECE))
            done.append(piece)
            rows += len(piece)
            hits += piece.column("status").to_pylist().count("hit")
            self.progress(rows, hits)
        return pa.Table.from_batches(done).combine_chunks().to_batches()[0]

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "progress": None}
