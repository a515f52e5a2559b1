"""What changed between two snapshots of a list, as rows that a page can print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_LENGTH = 400
_KINDS = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field that changed: what only the earlier snapshot has, and what only the later one has."""

    field: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entity. `kind`: added, removed, changed."""

    kind: str
    id: str
    name: str
    programs: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    fields: tuple[FieldLine, ...] = ()


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """A page of the difference. `rows` are those of this page, `total` all that the filter lets through; `counts`
    are of what holds the `words` that are looked for."""

    source: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    counts: Mapping[str, int]
    kind: str
    rows: tuple[EntryRow, ...]
    total: int
    page: int
    pages: int
    words: str = ""


def difference_page(
    plain: Mapping[str, Any], *, kind: str = "", words: str = "", page: int = 1, size: int = 50
) -> DifferencePage:
    """One page of a difference.

    Args:
        plain: what `stopship lists diff SOURCE --json` says.
        kind: added, removed or changed alone; empty shows all, in that order.
        words: each must stand in what is printed of an entry, in any case.
        page: from 1; beyond the last one it is the last.
        size: rows a page.
    """
    kinds = [kind] if kind in _KINDS else list(_KINDS)
    wanted = words.casefold().split()
    held = {name: [e for e in plain[name] if not wanted or _holds(e, wanted)] for name in _KINDS}
    entries = [(name, entry) for name in kinds for entry in held[name]]
    pages = max(1, -(-len(entries) // size))
    page = min(max(1, page), pages)
    shown = entries[(page - 1) * size : page * size]
    return DifferencePage(
        plain["source"],
        plain["from"],
        plain["to"],
        {**plain["counts"], **{name: len(found) for name, found in held.items()}},
        kinds[0] if len(kinds) == 1 else "",
        tuple(_row(name, entry) for name, entry in shown),
        len(entries),
        page,
        pages,
        words.strip(),
    )


def _holds(entry: Mapping[str, Any], words: Sequence[str]) -> bool:
    text = "\n".join(_texts(entry)).casefold()
    return all(word in text for word in words)


def _texts(value: Any) -> Iterator[str]:
    """All that is printed in an entry, without the names of its fields."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name != "field":
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _row(kind: str, entry: Mapping[str, Any]) -> EntryRow:
    if kind == "changed":
        fields = tuple(
            FieldLine(f["field"], tuple(_values(f["gone"])), tuple(_values(f["new"]))) for f in entry["fields"]
        )
        return EntryRow(kind, entry["id"], entry["name"], fields=fields)
    listings: Sequence[Mapping[str, Any]] = entry.get("listings") or ()
    return EntryRow(
        kind,
        entry["id"],
        entry["names"][0]["text"],
        tuple(dict.fromkeys(listing["program"] for listing in listings)),
        tuple(entry.get("countries") or ()),
    )


def _values(values: Sequence[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            text = value.get("text") or "; ".join(
                f"{key}: {_inner(inner)}" for key, inner in value.items() if inner
            )
        else:
            text = str(value)
        yield text if len(text) <= MOST_LENGTH else f"{text[: MOST_LENGTH - 1]}…"


def _inner(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
