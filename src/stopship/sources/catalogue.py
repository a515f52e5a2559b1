"""The catalogue: which sources there are, read from the sheets in each format folder.

A format folder has fixed file names: `source.yml` (what the list is and what becomes of each column; where several
lists are printed in one format, a `source_<id>.yml` for each) and `parse.py` with
`parse(data, filename, info) -> ParsedList`. A new list needs no change here.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import yaml

from stopship.errors import InputError
from stopship.sources.contract import LatestDay, ParsedList, SourceInfo
from stopship.version import __version__

_FIELDS = {
    "id",
    "title",
    "publisher",
    "url",
    "terms",
    "cadence",
    "limit_days",
    "min_rows",
    "max_rows",
    "kind",
    "columns",
    "notes",
    "files",
    "pages",
    "fetch",
    "fetched_as",
    "fetch_date",
    "by_hand",
    "canaries",
}
_OPTIONAL = {"notes", "files", "pages", "fetch", "fetched_as", "fetch_date", "by_hand", "canaries"}

# Written in C where the wheel has it: the catalogue is read by every command that looks at a list.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
CUSTOM = "custom"
"""The source id of lists of one's own; each has its own, `custom.NAME`."""

_OWN_NAME = re.compile(r"[a-z0-9_-]{1,40}")
_SHEET = re.compile(r"source(_[a-z0-9_]+)?\.yml")

PARSER_VERSION = f"{__version__}+1"
"""Goes into each snapshot. Raise the number after `+` when a reader changes what it makes of the same bytes."""


def catalogue() -> dict[str, SourceInfo]:
    """Every source that this installation can read, by id, sorted."""
    return dict(_catalogue())


@cache
def _catalogue() -> Mapping[str, SourceInfo]:
    found: dict[str, SourceInfo] = {}
    for folder in sorted(resources.files("stopship.sources").iterdir(), key=lambda entry: entry.name):
        for sheet in _sheets(folder):
            info = _read(sheet, folder)
            if info.id in found:
                raise ValueError(f"{folder.name}/{sheet.name}: {info.id} is in {found[info.id].format} already")
            found[info.id] = info
    return MappingProxyType(dict(sorted(found.items())))


def _sheets(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    sheets = [file for file in folder.iterdir() if file.is_file() and _SHEET.fullmatch(file.name)]
    return sorted(sheets, key=lambda file: file.name)


def parse(source_id: str, data: bytes, filename: str = "") -> ParsedList:
    """Read one list file.

    Args:
        source_id: an id of `catalogue()`.
        data: the file as downloaded, gzipped or not. Nothing is fetched here.
        filename: how to call it in messages.

    Raises:
        InputError: no such source.
        ListFileError: the file can't be read at all; one line says what, where and how to mend it.
        SourceDrift: it can be read, but a column is new or missing.
    """
    info = source_info(source_id)
    module = importlib.import_module(f"stopship.sources.{info.format}.parse")
    read: Callable[[bytes, str, SourceInfo], ParsedList] = module.parse
    return read(data, filename or source_id, info)


def source_info(source_id: str) -> SourceInfo:
    """The catalogue line of a source; that of a list of one's own (`custom.NAME`) is the one of `custom`, renamed.

    Raises:
        InputError: no such source.
    """
    sources = _catalogue()
    if source_id in sources:
        return sources[source_id]
    kind, _, name = source_id.partition(".")
    if kind == CUSTOM and _OWN_NAME.fullmatch(name):
        return replace(sources[CUSTOM], id=source_id, title=f"List of one's own: {name}")
    raise InputError(f"there is no source {source_id!r}", hint=f"Known sources: {', '.join(sources)}")


def held_source(source_id: str) -> SourceInfo | None:
    """The line of a source of which snapshots are kept: any of the catalogue but the starter list, and lists of
    one's own; None for what is no such source."""
    try:
        info = source_info(source_id)
    except InputError:
        return None
    return None if info.kind == "starter" or info.id == CUSTOM else info


def describe(source_id: str, data: bytes, filename: str = "") -> SourceInfo:
    """As `source_info`, with what the file itself says of title, age limit and bounds (a list of one's own does).

    Raises:
        InputError: no such source.
        ListFileError: the file can't be read.
    """
    info = source_info(source_id)
    if info.format != CUSTOM:
        return info
    from stopship.sources.custom.parse import describe as described

    return described(data, filename or source_id, _catalogue()[CUSTOM])


def starter_bytes(source_id: str = "starter") -> bytes:
    """The data file of a bundled source, as the package carries it."""
    return (resources.files("stopship.sources") / source_id / "entities.yml").read_bytes()


def _read(sheet: Traversable, folder: Traversable) -> SourceInfo:
    plain = _yaml(sheet)
    unknown, missing = set(plain) - _FIELDS, _FIELDS - _OPTIONAL - set(plain)
    if unknown or missing:
        raise ValueError(f"{folder.name}/{sheet.name}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    fetch, by_hand = plain.get("fetch", "none"), plain.get("by_hand", "")
    if plain["kind"] == "official" and (fetch == "none") != bool(by_hand):
        raise ValueError(f"{folder.name}/{sheet.name}: it needs an address to fetch, or why there is none")
    day = plain.get("fetch_date")
    columns = plain["columns"]
    if isinstance(columns, str):  # several lists of one format share their columns: the name of the file with them
        columns = _yaml(folder / columns)
    return SourceInfo(
        id=plain["id"],
        title=plain["title"],
        publisher=plain["publisher"],
        url=plain["url"],
        terms=plain["terms"],
        cadence=plain["cadence"],
        limit_days=int(plain["limit_days"]) if plain["limit_days"] not in ("", "none") else None,
        min_rows=int(plain["min_rows"]),
        max_rows=int(plain["max_rows"]),
        format=folder.name,
        kind=plain["kind"],
        read=MappingProxyType(dict(columns.get("read") or {})),
        unread=MappingProxyType(dict(columns.get("unread") or {})),
        notes=tuple(plain.get("notes") or ()),
        files=tuple(plain.get("files") or ()),
        pages=plain.get("pages") == "yes",
        fetch="" if fetch == "none" else fetch,
        by_hand=by_hand,
        fetched_as_page=plain.get("fetched_as") == "page",
        latest_day=LatestDay(**day) if day else None,
        canaries=tuple(plain.get("canaries") or ()),
    )


def _yaml(file: Traversable) -> dict[str, Any]:
    # All scalars as text: YAML 1.1 would turn a column named `no` into False.
    plain: dict[str, Any] = yaml.load(file.read_text("utf-8"), Loader=_LOADER)
    return plain
