"""Files of names: screened row by row, each row answered, none lost (`stopship screen`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stopship.app.tables import ResultWriter, Row, open_table, result_format
from stopship.matching import DEFAULT_THRESHOLD, Index, Match, Matcher, Query
from stopship.model.order import read_schema
from stopship.model.values import PartialDate, country_names, parse_country
from stopship.screening.screener import ENGINE
from stopship.sources.contract import is_special_category

READ = ("id", "name", "schema", "country", "address", "birth_date", "registration_date")
RESULT_COLUMNS = (
    "status",
    "rank",
    "entity_id",
    "matched_name",
    "score",
    "band",
    "alert",
    "program",
    "source",
    "reason",
    "warnings",
)
DEFAULT_LIMIT = 10


@dataclass(slots=True)
class Counts:
    """What became of the rows of one file."""

    rows: int = 0
    hit: int = 0
    no_hit: int = 0
    rejected: int = 0
    alerts: int = 0
    seconds: float = 0.0
    threshold: float = DEFAULT_THRESHOLD
    dropped: tuple[str, ...] = ()
    index: str = ""
    reasons: dict[str, int] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """The form of `--stats`."""
        return {
            "rows": self.rows,
            "hit": self.hit,
            "no_hit": self.no_hit,
            "rejected": self.rejected,
            "reject_reasons": self.reasons,
            "alerts": self.alerts,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rows / self.seconds, 1) if self.seconds else None,
            "default_threshold": DEFAULT_THRESHOLD,
            "threshold": self.threshold,
            "dropped_columns": list(self.dropped),
            "index": self.index,
            "engine": ENGINE,
        }


def screen_file(
    source: Path,
    out: Path,
    index: Index,
    *,
    min_score: float | None = None,
    limit: int = DEFAULT_LIMIT,
    threshold: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> Counts:
    """Screen a CSV file of names and write one answer a row.

    Args:
        source: CSV with a column `name`; `id, schema, country, address, birth_date, registration_date` are
            read where they are there, all other columns are kept in the output.
        out: `.jsonl` or `.csv`; appears whole or not at all.
        min_score: also return hits below the alert threshold, down to this score.
        limit: hits a row in the output, best first; `status` looks at all of them.
        threshold: score from which a match alerts; None takes the scorer's default.
        progress: called with the number of rows done.

    Raises:
        TableError: the file can't be read or the output not written; nothing is written then.
    """
    counts = Counts(threshold=DEFAULT_THRESHOLD if threshold is None else threshold, index=index.content_hash)
    matcher = Matcher(index) if threshold is None else Matcher(index, threshold=threshold)
    lists = {listed.source: listed.snapshot for listed in index.lists}
    result_format(out)
    started = time.perf_counter()
    with open_table(source, required=("name",), drop=is_special_category) as table:
        counts.dropped = table.dropped
        with ResultWriter(out, [*table.columns, *(c for c in RESULT_COLUMNS if c not in table.columns)]) as writer:
            for row in table.rows:
                counts.rows += 1
                for result in _answer(row, matcher, lists, min_score, limit, counts, writer.format):
                    writer.write(result)
                if progress:
                    progress(counts.rows)
    counts.seconds = time.perf_counter() - started
    return counts


def _answer(
    row: Row,
    matcher: Matcher,
    lists: Mapping[str, str],
    min_score: float | None,
    limit: int,
    counts: Counts,
    form: str,
) -> Iterator[Mapping[str, Any]]:
    identity = row.cells.get("id") or str(row.number)
    own = {k: v for k, v in row.cells.items() if k not in READ}
    reason = row.problem
    query: Query | None = None
    warnings: list[str] = []
    if reason is None:
        if any(c.isalnum() for c in row.cells.get("name", "") + row.cells.get("address", "")):
            query, warnings = read_query(row.cells)
            warnings += [row.warning] if row.warning else []
        else:
            reason = "the row has neither a name nor an address"
    if query is None:
        counts.rejected += 1
        counts.reasons[_reason_kind(reason or "")] = counts.reasons.get(_reason_kind(reason or ""), 0) + 1
        plain: dict[str, Any] = {"id": identity, "status": "rejected", "row": row.number, "reason": reason}
        plain |= {"name": row.cells.get("name", ""), "hits": [], "lists": lists, "engine": ENGINE}
        plain |= {"input": own} if own else {}
        yield (
            {**row.cells, "status": "rejected", "reason": f"row {row.number}: {reason}"}
            if form == "csv"
            else plain
        )
        return
    matches = matcher.match(query, min_score=min_score)
    alerts = sum(m.alert for m in matches)
    counts.alerts += alerts
    status = "hit" if alerts else "no_hit"
    if alerts:
        counts.hit += 1
    else:
        counts.no_hit += 1
    shown = matches[:limit]
    if form == "csv":
        note = "; ".join(warnings)
        if not shown:
            yield {**row.cells, "status": status, "warnings": note}
        for rank, match in enumerate(shown, start=1):
            yield {**row.cells, "status": status, "rank": rank, "warnings": note, **_flat_hit(match)}
        return
    answer: dict[str, Any] = {
        "id": identity,
        "status": status,
        "name": row.cells.get("name", ""),
        "hits": [hit_to_plain(match) for match in shown],
        "hits_total": len(matches),
        "lists": lists,
        "engine": ENGINE,
    }
    if warnings:
        answer["warnings"] = warnings
    if own:
        answer["input"] = own
    yield answer


def read_query(cells: Mapping[str, str]) -> tuple[Query, list[str]]:
    """What a row asks for. Cells that can't be read weaken the comparison and never lose the row: each gives a
    warning instead."""
    warnings: list[str] = []
    schema, warning = read_schema(cells.get("schema") or None, "schema")
    if warning:
        warnings.append(warning)
    country = _country(cells.get("country", ""), warnings)
    return (
        Query(
            name=cells.get("name", ""),
            schema=schema,
            countries=(country,) if country else (),
            addresses=(cells["address"],) if cells.get("address") else (),
            birth_dates=_dates(cells.get("birth_date", ""), "birth_date", warnings),
            registration_dates=_dates(cells.get("registration_date", ""), "registration_date", warnings),
        ),
        warnings,
    )


def _country(text: str, warnings: list[str]) -> str | None:
    if not text:
        return None
    try:
        return parse_country(text)
    except ValueError as error:
        for code, name in country_names().items():
            if name.lower() == text.strip().lower():
                return code
        warnings.append(f"country: {error}; screened without it")
        return None


def _dates(text: str, column: str, warnings: list[str]) -> tuple[PartialDate, ...]:
    if not text:
        return ()
    try:
        return (PartialDate.parse(text),)
    except ValueError as error:
        warnings.append(f"{column}: {error}; screened without it")
        return ()


def hit_to_plain(match: Match) -> dict[str, Any]:
    """One hit in the JSON lines output."""
    entity = match.entity
    return {
        "entity_id": entity.id,
        "name": match.name.text if match.name else entity.caption,
        "caption": entity.caption,
        "score": match.score,
        "band": match.band.value,
        "alert": match.alert,
        "kind": match.kind.value,
        "source": entity.listings[0].source if entity.listings else None,
        "listings": [
            {
                "program": listing.program,
                "source": listing.source,
                "name": listing.name,
                "start": listing.start.isoformat() if listing.start else None,
                "end": listing.end.isoformat() if listing.end else None,
                "citation": listing.citation,
            }
            for listing in entity.listings
        ],
        "countries": list(entity.countries),
        "evidence": [evidence.text for evidence in match.evidence],
    }


def _flat_hit(match: Match) -> dict[str, Any]:
    listings = match.entity.listings
    return {
        "entity_id": match.entity.id,
        "matched_name": match.name.text if match.name else match.entity.caption,
        "score": match.score,
        "band": match.band.value,
        "alert": "true" if match.alert else "false",
        "program": " ".join(dict.fromkeys(listing.program for listing in listings)),
        "source": " ".join(dict.fromkeys(listing.source for listing in listings)),
    }


def _reason_kind(reason: str) -> str:
    """Reasons are counted by kind: figures in them would make every row its own."""
    return "another number of cells than the header" if "cells where" in reason else reason.split(":")[0]
