"""The bundled starter list: `entities.yml` to entities. Facts in one data file, nothing in code."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml

from stopship.errors import ListFileError, SourceDrift
from stopship.model import Address, Entity, Listing, Name, NameKind, Program, Schema
from stopship.model.values import parse_country, parse_day
from stopship.sources.containers import decode, unpack
from stopship.sources.contract import ParsedList, SourceInfo
from stopship.sources.identity import RowEntity, assemble
from stopship.sources.printed import printed

_HEAD = {
    "format",
    "title",
    "state",
    "source_of_law",
    "url",
    "program",
    "start",
    "country",
    "requirements",
    "policies",
    "entities",
}
_REQUIRED = ("name", "schema", "addresses", "requirement", "policy", "citation")
_LABEL = "Starter list, not for real screening"


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the starter list.

    Raises:
        ListFileError: it is not YAML of this layout; the file belongs to the package, so that is a broken install.
        SourceDrift: an unknown or missing field.
    """
    text = decode(unpack(data, filename), filename, "the file entities.yml of the package")
    if re.search(r"\\u[dD][89a-fA-F]", text):
        raise ListFileError("there is half of a character in it", where=filename, hint="Install Stopship again")
    if "\nentities:" not in text:  # before YAML takes its time over something else
        raise ListFileError("this is not the starter list", where=filename, hint="Install Stopship again")
    try:
        plain: Any = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:120]
        raise ListFileError(f"this is not YAML: {reason}", where=filename, hint="Install Stopship again") from None
    if not isinstance(plain, dict):
        raise ListFileError("this is not the starter list", where=filename, hint="Install Stopship again")
    _fields(plain, _HEAD, tuple(_HEAD), filename, "the head")
    try:
        rows = [_row(entry, plain, info, filename) for entry in plain["entities"]]
        published: date = parse_day(plain["state"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = " ".join(str(error).split())[:120]
        raise ListFileError(
            f"a value of the starter list is malformed: {reason}", where=filename, hint="Install Stopship again"
        ) from None
    return ParsedList(
        source=info.id, entities=assemble(rows), rows=len(rows), loaded=len(rows), published=published, unread=()
    )


def _row(entry: Any, plain: dict[str, Any], info: SourceInfo, filename: str) -> RowEntity:
    _fields(entry, set(info.columns), _REQUIRED, filename, f"entity {str(entry.get('name', '?'))[:60]!r}")
    country = parse_country(plain["country"])
    name = printed(entry["name"])
    texts = (name, *entry.get("aliases", ()), *entry["addresses"])
    if not all(any(letter.isalnum() for letter in text) for text in texts):
        raise ValueError(f"{entry['name'][:60]!r} has a name or an address without a letter")
    aliases = (Name(printed(alias), NameKind.ALIAS) for alias in entry.get("aliases", ()))
    listing = Listing(
        source=info.id,
        program=Program(plain["program"]).value,
        name=name,
        start=parse_day(plain["start"]),
        citation=entry["citation"],
        license_requirement=plain["requirements"][entry["requirement"]],
        license_policy=plain["policies"][entry["policy"]],
        remarks=f"{_LABEL}. The eCFR cites {entry['ecfr_citation']}" if "ecfr_citation" in entry else _LABEL,
        url=plain["url"],
        caveat=entry.get("caveat", ""),
    )
    entity = Entity(
        id="",
        schema=Schema(entry["schema"]),
        names=(Name(name, NameKind.PRIMARY), *dict.fromkeys(aliases)),
        listings=(listing,),
        countries=(country,),
        addresses=tuple(Address(printed(address), country) for address in entry["addresses"]),
    )
    return RowEntity(entity, country=country)


def _fields(plain: dict[str, Any], known: set[str], required: tuple[str, ...], filename: str, at: str) -> None:
    unknown = sorted(set(plain) - known)
    missing = sorted(set(required) - set(plain))
    if unknown or missing:
        what = f"unknown field {str(unknown[0])[:60]!r}" if unknown else f"missing field {missing[0]!r}"
        raise SourceDrift(f"{at} has an {what}" if unknown else f"{at} has a {what}", where=filename)
