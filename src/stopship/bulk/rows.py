"""What one row of a file asks for, and how an answer to it looks as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from stopship.matching import Match, Query
from stopship.model.order import read_schema
from stopship.model.values import PartialDate, country_names, parse_country

NOTHING_TO_SCREEN = "the row has neither a name nor an address"


def read_query(cells: Mapping[str, str]) -> tuple[Query, list[str]]:
    """What a row asks for. Cells that can't be read weaken the comparison and never lose the row: each gives a
    warning instead."""
    schema, warning = read_schema(cells.get("schema") or None, "schema")
    country, odd_country = read_country(cells.get("country", ""))
    born, odd_birth = read_date("birth_date", cells.get("birth_date", ""))
    registered, odd_registration = read_date("registration_date", cells.get("registration_date", ""))
    query = Query(
        name=cells.get("name", ""),
        schema=schema,
        countries=(country,) if country else (),
        addresses=(cells["address"],) if cells.get("address") else (),
        birth_dates=(born,) if born else (),
        registration_dates=(registered,) if registered else (),
    )
    return query, [w for w in (warning, odd_country, odd_birth, odd_registration) if w]


def read_country(text: str) -> tuple[str | None, str | None]:
    """A country by its code or its name, and a warning where it is neither."""
    if not text:
        return None, None
    try:
        return parse_country(text), None
    except ValueError as error:
        code = _codes_by_name().get(text.strip().lower())
        return (code, None) if code else (None, f"country: {error}; screened without it")


@cache
def _codes_by_name() -> dict[str, str]:
    return {name.lower(): code for code, name in reversed(country_names().items())}


def read_date(column: str, text: str) -> tuple[PartialDate | None, str | None]:
    """A date that may be partial, and a warning where it is none."""
    if not text:
        return None, None
    try:
        return PartialDate.parse(text), None
    except ValueError as error:
        return None, f"{column}: {error}; screened without it"


def has_text(text: str) -> bool:
    """Whether there is a letter or a digit in it: else there is nothing to look up."""
    return any(c.isalnum() for c in text)


def hit_to_plain(match: Match) -> dict[str, Any]:
    """One hit, with the fields of `columns.HIT`; dates stay dates."""
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
                "start": listing.start,
                "end": listing.end,
                "citation": listing.citation,
            }
            for listing in entity.listings
        ],
        "countries": list(entity.countries),
        "evidence": [evidence.text for evidence in match.evidence],
    }
