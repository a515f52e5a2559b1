"""The catalogue: which sources there are, read from the sheets in each format folder.

A format folder has fixed file names: `source.yml` (what the list is and what becomes of each column; where several
lists are printed in one format, a `source_<id>.yml` for each) and `parse.py` with
`parse(data, filename, info) -> ParsedList`. A new list needs no change here.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import yaml

from stopship.errors import InputError
from stopship.sources.contract import ParsedList, SourceInfo
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
    "fetch",
    "canaries",
}
_OPTIONAL = {"notes", "fetch", "canaries"}
_DATA_FILE = re.compile(r"https://[^?#]+\.(csv|json|jsonl|txt|xlsx|xml|zip|gz)", re.IGNORECASE)

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
            info = _read(sheet, folder.name)
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
    sources = _catalogue()
    if source_id not in sources:
        raise InputError(f"there is no source {source_id!r}", hint=f"Known sources: {', '.join(sources)}")
    info = sources[source_id]
    module = importlib.import_module(f"stopship.sources.{info.format}.parse")
    read: Callable[[bytes, str, SourceInfo], ParsedList] = module.parse
    return read(data, filename or source_id, info)


def starter_bytes(source_id: str = "starter") -> bytes:
    """The data file of a bundled source, as the package carries it."""
    return (resources.files("stopship.sources") / source_id / "entities.yml").read_bytes()


def _read(sheet: Traversable, folder: str) -> SourceInfo:
    # All scalars as text: YAML 1.1 would turn a column named `no` into False.
    plain: dict[str, Any] = yaml.load(sheet.read_text("utf-8"), Loader=yaml.BaseLoader)
    unknown, missing = set(plain) - _FIELDS, _FIELDS - _OPTIONAL - set(plain)
    if unknown or missing:
        raise ValueError(f"{folder}/source.yml: unknown {sorted(unknown)}, missing {sorted(missing)}")
    columns = plain["columns"]
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
        format=folder,
        kind=plain["kind"],
        read=MappingProxyType(dict(columns.get("read") or {})),
        unread=MappingProxyType(dict(columns.get("unread") or {})),
        notes=tuple(plain.get("notes") or ()),
        fetch=_fetch(plain),
        canaries=tuple(plain.get("canaries") or ()),
    )


def _fetch(plain: Mapping[str, Any]) -> str:
    """The address of the file: as the sheet says, else `url` where that is plainly one of a data file."""
    if "fetch" in plain:
        return "" if plain["fetch"] in ("", "none") else str(plain["fetch"])
    return plain["url"] if plain["kind"] == "official" and _DATA_FILE.fullmatch(plain["url"]) else ""
