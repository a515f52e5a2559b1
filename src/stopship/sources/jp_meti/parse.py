"""METI's Foreign End User List: bytes of an XLSX to entities. The layout is unconfirmed (see source.yml)."""

from __future__ import annotations

import re

from stopship.model import Entity, Listing, Name, NameKind, Program, Schema
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.countries import country_code
from stopship.sources.identity import RowEntity, assemble
from stopship.sources.printed import names_inside
from stopship.sources.scripts import names_by_script, script_of
from stopship.sources.warnings import Warnings
from stopship.sources.workbook import read_workbook

_OPTIONAL = ("Conventional Weapons",)
_BULLET = re.compile(r"(?:\A|\n)\s*[・･•·]\s*")
_WEAPONS = {"B": "biological", "C": "chemical", "M": "missiles", "N": "nuclear"}
_CODES = re.compile(r"(?<![A-Za-z])[BCMN](?![A-Za-z])")
_MARKS = ("○", "◯", "〇", "●", "◎", "x", "✓", "yes", "true", "cw", "c.w.")
_STATE = re.compile(
    r"\A(?:(?:Arab|Democratic|Islamic|Socialist)\s+)*(?:Republic|State|Kingdom)\s+of\s+", re.IGNORECASE
)
_WIDE = str.maketrans({"（": "(", "）": ")", "，": ",", "　": " ", "－": "-", "＆": "&"})


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the XLSX form.

    Raises:
        ListFileError: it can't be read at all.
        SourceDrift: a column is new or missing.
    """
    columns = [name for name in info.columns if name not in _OPTIONAL]
    found: list[RowEntity] = []
    rejects: list[Reject] = []
    warnings = Warnings()
    rows = 0
    title = "METI's Foreign End User List"
    for number, cells in read_workbook(data, columns, filename, title, optional=_OPTIONAL):
        rows += 1
        entity, doubts = _row_entity(cells, info)
        if entity is None:
            rejects.append(Reject.of(number, "it has no name", cells.values()))
            continue
        found.append(entity)
        warnings.add(number, doubts)
    return ParsedList(
        source=info.id,
        entities=assemble(found),
        rows=rows,
        loaded=len(found),
        rejects=tuple(rejects),
        warnings=warnings.lines(),
        unread=tuple(info.unread),
    )


def _row_entity(cells: dict[str, str], info: SourceInfo) -> tuple[RowEntity | None, list[str]]:
    doubts: list[str] = []
    names = _names(cells["Company or Organization"], cells["Also Known As"])
    if not names:
        return None, doubts
    country = _country(cells["Country or Region"])
    if country is None:
        doubts.append("a country can't be read")
    weapons = _weapons(cells["Type of WMD"])
    conventional = cells.get("Conventional Weapons", "").strip().lower() in _MARKS
    if cells["Type of WMD"].strip() and not weapons:
        doubts.append("the type of weapon can't be read")
    tags = (*weapons, *(("conventional weapons",) if conventional else ()))
    remarks = [f"Type of WMD: {_line(cells['Type of WMD'])}" if cells["Type of WMD"].strip() else ""]
    if country is None and cells["Country or Region"].strip():
        remarks.append(f"Country as printed: {_line(cells['Country or Region'])}")
    listing = Listing(
        source=info.id,
        program=Program.JP_EUL.value,
        name=names[0].text,
        citation="Foreign End User List",
        tags=tags,
        remarks="; ".join(remark for remark in remarks if remark),
        url=info.url,
    )
    entity = Entity(
        id="",
        schema=Schema.ORGANIZATION,
        names=names,
        listings=(listing,),
        countries=(country,) if country else (),
    )
    return RowEntity(entity, country=country or ""), doubts


def _names(name: str, aliases: str) -> tuple[Name, ...]:
    """The name, the name in its own script below it, and each alias behind a bullet with the same."""
    names: dict[str, Name] = {}

    def add(text: str, kind: NameKind, language: str | None = None) -> None:
        text = text.strip(" ,;")
        if any(letter.isalnum() for letter in text):
            names.setdefault(text, Name(text, kind, language, script_of(text)))

    whole = _line(name)
    apart = names_by_script(whole)
    for place, text in enumerate(apart or [whole]):
        add(text, NameKind.PRIMARY if place == 0 else NameKind.ALIAS)
    for text, kind in names_inside(apart[0] if apart else whole):
        add(text, kind)
    for alias in (_line(piece) for piece in _BULLET.split(aliases)):
        if alias in ("", "-", "－", "なし"):
            continue
        pieces = names_by_script(alias)
        for text in pieces or [alias]:
            add(text, NameKind.ALIAS)
        for text, kind in names_inside(alias, alias=True):
            add(text, kind)
    return tuple(names.values())


def _country(cell: str) -> str | None:
    """The country of a cell that prints it in Japanese and, on the next line, in English."""
    lines = [_line(line) for line in cell.splitlines()] + [_line(cell)]
    latin = " ".join(word for word in _line(cell).split() if script_of(word) is None)
    texts = [text for text in (*lines, latin) if text]
    return next((code for text in (*texts, *map(_short, texts)) if (code := country_code(text))), None)


def _short(country: str) -> str:
    """ "Islamic Republic of Afghanistan" without its form of state, which is tried last: there are two Koreas."""
    return _STATE.sub("", country)


def _weapons(cell: str) -> tuple[str, ...]:
    codes = _CODES.findall(cell.translate(_WIDE))
    return tuple(_WEAPONS[code] for code in sorted(set(codes)))


def _line(text: str) -> str:
    return " ".join(text.translate(_WIDE).split())
