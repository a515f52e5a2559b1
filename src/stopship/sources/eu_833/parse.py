"""Annex IV of Regulation (EU) No 833/2014 to entities."""

from __future__ import annotations

import re
from datetime import date

from stopship.errors import ListFileError
from stopship.model import Entity, Listing, Name, NameKind, Program, Schema
from stopship.sources.containers import unpack
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.countries import country_code
from stopship.sources.eu_833.document import Line, annex_lines, dated, open_document
from stopship.sources.identity import RowEntity, assemble
from stopship.sources.printed import names_inside

_NUMBERED = re.compile(r"(?P<number>\d{1,4})\s*[.)]\s+(?P<name>\S.*)\Z")
_NUMBER = re.compile(r"\d{1,4}\s*[.)]?\Z")
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_HEADINGS = re.compile(
    r"(?:no\.?|number|name|names?\s+of\b.*|entity|legal person.*|country|identifying information|reasons?|"
    r"date of (?:listing|application)|address)\Z",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"list of (?:natural|legal|persons)|referred to in|persons, entities (?:and|or) bodies", re.IGNORECASE
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_LONGEST_NAME = 400


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the annex from the consolidated text, HTML or Formex XML.

    Raises:
        ListFileError: another format, not well formed, without Annex IV, or with nothing in it.
    """
    root = open_document(unpack(data, filename), filename)
    published = _published(dated(root))
    reader = _Reader(info)
    for line in annex_lines(root, filename):
        reader.line(line)
    if not reader.rows:
        raise ListFileError("Annex IV holds no entry", where=filename, hint=f"Save {info.url} again")
    return ParsedList(
        source=info.id,
        entities=assemble(reader.read),
        rows=reader.rows,
        loaded=len(reader.read),
        rejects=tuple(reader.rejects),
        published=published,
        unread=tuple(info.unread),
    )


class _Reader:
    """Collects entries; holds the country that they stand under."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info
        self.rows = 0
        self.read: list[RowEntity] = []
        self.rejects: list[Reject] = []
        self.country: str | None = None

    def line(self, line: Line) -> None:
        """A heading, an entry, or nothing."""
        filled = [cell for cell in line if cell]
        first = filled[0].rstrip(" :")
        if len(filled) == 1 and (code := country_code(first)):
            self.country = code
            return
        if all(_HEADINGS.match(cell) for cell in filled) or (len(filled) == 1 and _TITLE.search(filled[0])):
            return
        number = ""
        if len(filled) > 1 and _NUMBER.match(filled[0]):
            number, filled = filled[0].rstrip(".) "), filled[1:]
        elif numbered := _NUMBERED.match(filled[0]):
            number, filled = numbered["number"], [numbered["name"], *filled[1:]]
        self.rows += 1
        name = filled[0]
        if len(name) > _LONGEST_NAME or not any(letter.isalnum() for letter in name) or _NUMBER.match(name):
            self.rejects.append(Reject.of(self.rows, "it is no name", filled))
            return
        self.read.append(self._entity(name, number, filled[1:]))

    def _entity(self, name: str, number: str, details: list[str]) -> RowEntity:
        codes = [code for cell in details if (code := country_code(cell))]
        codes += [code for text in _BRACKETS.findall(name) if (code := country_code(text))]
        code = next(iter(codes), self.country)
        rest = [cell for cell in details if not country_code(cell)]
        names = {name: Name(name, NameKind.PRIMARY)}
        for text, kind in names_inside(name):
            names.setdefault(text, Name(text, kind))
        remarks = ([f"Annex IV, entry {number}"] if number else []) + rest
        listing = Listing(
            source=self.info.id,
            program=Program.EU_833A4.value,
            name=name,
            citation="Regulation (EU) No 833/2014, Annex IV",
            remarks="; ".join(remarks),
            url=self.info.url,
        )
        entity = Entity(
            id="",
            schema=Schema.LEGAL_ENTITY,
            names=tuple(names.values()),
            listings=(listing,),
            countries=(code,) if code else (),
        )
        return RowEntity(entity, country=code or "")


def _published(head: str) -> date | None:
    if found := _DATE.search(head):
        try:
            return date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return None
    return None
