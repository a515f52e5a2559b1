"""Rows of the list in one shape, from its CSV and from its JSON form.

The publisher prints the same facts twice: the CSV packs several values of a cell with "; ", the JSON has lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from stopship.errors import ListFileError
from stopship.sources.contract import Reject, SourceInfo
from stopship.sources.countries import country_code, split_country
from stopship.sources.drift import layout_changed, quoted
from stopship.sources.printed import printed, split_packed
from stopship.sources.tables import MAX_CELL, read_table
from stopship.sources.treasury import Labelled

_LISTS = ("programs", "citizenships", "dates_of_birth", "nationalities", "places_of_birth")
_PACKED = frozenset({*_LISTS, "alt_names", "addresses", "ids"})
_ADDRESS_PARTS = ("address", "city", "state", "postal_code")
_ID_FIELDS = {"type", "number", "country", "issue_date", "expiration_date"}
# Keys that some row of any complete JSON file has. A row of Commerce lacks those of the Treasury and the other way
# round.
_JSON_CORE = ("id", "source", "name", "addresses", "alt_names", "source_list_url")
_AGAIN = "Download consolidated.json or consolidated.csv again"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `cells` are the columns with one value; the others are taken apart, as printed."""

    cells: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    addresses: tuple[tuple[str, str | None], ...] = ()
    ids: tuple[Labelled, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def values(self, column: str) -> tuple[str, ...]:
        return self.lists.get(column, ())


def csv_rows(text: str, where: str, info: SourceInfo) -> Iterator[tuple[int, Row | Reject]]:
    """Rows of the CSV form with their numbers (the header is row 1).

    Raises:
        ListFileError, SourceDrift: as `stopship.sources.tables.read_table`.
    """
    for number, cells in read_table(text, info.columns, where, "the Consolidated Screening List"):
        if isinstance(cells, Reject):
            yield number, cells
            continue
        yield (
            number,
            Row(
                cells={column: printed(cell) for column, cell in cells.items() if cell and column not in _PACKED},
                aliases=tuple(split_packed(cells["alt_names"])) if cells["alt_names"] else (),
                addresses=tuple(split_country(address) for address in split_packed(cells["addresses"])),
                ids=tuple(_labelled(cells["ids"])) if cells["ids"] else (),
                lists={column: tuple(split_packed(cells[column])) for column in _LISTS if cells[column]},
            ),
        )


def _labelled(cell: str) -> Iterator[Labelled]:
    for entry in split_packed(cell):
        label, _, rest = entry.partition(",")
        value, country = _trailing_country(rest.strip())
        yield label.strip(), value, country


def _trailing_country(text: str) -> tuple[str, str]:
    """ "7714041693, RU" -> value and country; "1027700070518(Russia)" too. A bare country is a value."""
    head, comma, last = text.rpartition(",")
    if comma and country_code(last):
        return head.strip(), last.strip()
    if text.endswith(")") and "(" in text:
        head, _, inside = text[:-1].rpartition("(")
        if head.strip() and country_code(inside):
            return head.strip(), inside.strip()
    return text, ""


def json_rows(text: str, where: str, info: SourceInfo) -> tuple[list[tuple[int, Row | Reject]], date | None]:
    """Rows of the JSON form with their numbers (the first is row 1), and the day on which it was made.

    Raises:
        ListFileError: not JSON, cut short, not this list, or one page of the search service.
        SourceDrift: an entry has a key that is not known, or no entry has one that is always there.
    """
    results, published = _envelope(text, where)
    known = {*info.columns, "id", "country"}
    seen: set[str] = set()
    rows: list[tuple[int, Row | Reject]] = []
    for number, entry in enumerate(results, start=1):
        if not isinstance(entry, dict):
            rows.append(
                (number, Reject.of(number, f"an entry is {_kind(entry)} where an object belongs", [str(entry)]))
            )
            continue
        seen.update(entry)
        _check_keys(set(entry) - known, where, number)
        try:
            rows.append((number, _json_row(entry, where, number)))
        except _Malformed as error:
            rows.append((number, Reject.of(number, str(error), [str(v) for v in entry.values() if v])))
    missing = [key for key in _JSON_CORE if key not in seen]
    if missing:
        raise layout_changed(f"no entry has {quoted(missing)}", where)
    return rows, published


class _Malformed(ValueError):
    """A value of an entry has another type than the publisher's layout gives it."""


def _envelope(text: str, where: str) -> tuple[list[Any], date | None]:
    try:
        whole = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) - 1 or text.rstrip()[-1:] not in ("}", "]")
        what = (
            "the JSON file is cut short"
            if cut
            else f"this is not valid JSON: {error.msg} in line {error.lineno:,}"
        )
        raise ListFileError(what, where=where, hint=_AGAIN) from None
    published = None
    results = whole
    if isinstance(whole, dict):
        results = whole.get("results")
        total = whole.get("total")
        if isinstance(results, list) and isinstance(total, int) and total > len(results):
            raise ListFileError(
                f"the file holds {len(results):,} of {total:,} entries: a page of a search, or cut short",
                where=where,
                hint=_AGAIN,
            )
        published = _day(whole.get("search_performed_at"))
    if not isinstance(results, list):
        raise ListFileError(
            "this is not the Consolidated Screening List: it has no list named 'results'", where=where, hint=_AGAIN
        )
    if not results:
        raise ListFileError("the file has no entries", where=where, hint=_AGAIN)
    return results, published


def _check_keys(new: set[str], where: str, number: int) -> None:
    if new:
        raise layout_changed(f"new column {quoted(sorted(new))} in entry {number:,}", where)


def _json_row(entry: dict[str, Any], where: str, number: int) -> Row:
    cells: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    aliases: tuple[str, ...] = ()
    for column, value in entry.items():
        if column in ("addresses", "ids") or value is None:
            continue
        values = [_scalar(v, column) for v in value] if isinstance(value, list) else [_scalar(value, column)]
        _check_lengths(values, where, number, column)
        if column == "alt_names":
            # The publisher splits at every "; ", inside of brackets too: join and split again as in the CSV.
            aliases = tuple(split_packed("; ".join(values)))
        elif column in _LISTS:
            lists[column] = tuple(part for v in values for part in split_packed(v))
        elif isinstance(value, list):
            raise _Malformed(f"{column} is a list where one value belongs")
        else:
            cells[column] = printed(values[0])
    addresses = _json_addresses(entry.get("addresses"), where, number)
    ids = tuple(_json_id(entry) for entry in _objects(entry.get("ids"), "ids"))
    return Row(cells=cells, aliases=aliases, addresses=addresses, ids=ids, lists=lists)


def _json_addresses(value: Any, where: str, number: int) -> tuple[tuple[str, str | None], ...]:
    if isinstance(value, str):
        _check_lengths([value], where, number, "addresses")
        return tuple(split_country(address) for address in split_packed(value))
    addresses: list[tuple[str, str | None]] = []
    for part in _objects(value, "addresses"):
        unknown = set(part) - {*_ADDRESS_PARTS, "country", "address_remarks", "id"}
        if unknown:
            raise _Malformed(f"an address has a field {sorted(unknown)[0]!r} that is not known")
        texts = [printed(_scalar(part[key], "addresses")) for key in _ADDRESS_PARTS if part.get(key)]
        _check_lengths(texts, where, number, "addresses")
        country = printed(_scalar(part.get("country"), "addresses"))
        code = country_code(country)
        # A country that is no code belongs to the printed address, as in the CSV.
        text = ", ".join(t for t in [*texts, "" if code and len(country) == 2 else country] if t)
        addresses.append(("" if code and text == country else text, code))
    return tuple(addresses)


def _json_id(entry: dict[str, Any]) -> Labelled:
    if unknown := set(entry) - _ID_FIELDS:
        raise _Malformed(f"an id has a field {sorted(unknown)[0]!r} that is not known")
    label = printed(_scalar(entry.get("type"), "ids"))
    value = printed(_scalar(entry.get("number"), "ids"))
    country = printed(_scalar(entry.get("country"), "ids"))
    return (label, value, country) if value else (label, country, "")


def _objects(value: Any, column: str) -> list[dict[str, Any]]:
    if value is None or value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _Malformed(f"{column} is {_kind(value)} where a list of objects belongs")
    return value


def _scalar(value: Any, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise _Malformed(f"{column} holds {_kind(value)} where text belongs")


def _check_lengths(values: list[str], where: str, number: int, column: str) -> None:
    longest = max(map(len, values), default=0)
    if longest > MAX_CELL:
        raise ListFileError(
            f"{column} of entry {number:,} has {longest:,} characters, more than the {MAX_CELL:,} that are read",
            where=where,
            hint=_AGAIN,
        )


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")
