"""INDIVIDUAL_DOCUMENT: passports, identity cards and other papers to identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stopship.model import Identifier
from stopship.sources.countries import country_code
from stopship.sources.redaction import without_special_categories
from stopship.sources.xml_stream import Element, text

# Words in the printed type -> type of the identifier; the first that occurs decides.
_TYPES = (
    (re.compile(r"passport|passeport|pasaporte", re.IGNORECASE), "passport"),
    (re.compile(r"fiscal|tax", re.IGNORECASE), "tax_id"),
    (re.compile(r"driver|driving", re.IGNORECASE), "drivers_license"),
    (re.compile(r"voter|electoral", re.IGNORECASE), "voter_id"),
    (re.compile(r"birth\s+certificate", re.IGNORECASE), "birth_certificate"),
    (re.compile(r"social\s+security", re.IGNORECASE), "social_security"),
    (re.compile(r"national|identi|personal|civil|ration|residen|card|certificate", re.IGNORECASE), "national_id"),
)
# "CAR diplomatic passport no. D00000897" where a number belongs, or "Tunisian passport number L 191609 issued on".
_LABELLED = re.compile(
    r"\A.*?\b(?:number|no|nr)\b[.:]*\s*(?P<number>[A-Z]{0,3}\s?[A-Z0-9/-]*\d[A-Z0-9/-]*)", re.IGNORECASE
)
_WORDS_BEFORE = re.compile(r"\A(?:[^\W\d_]{4,}[\s:.]+|\([^)]*\)\s*)+(?=\S*\d|[A-Z]{1,2}\s)")  # "Libya 428720"
_REMARK_BEHIND = re.compile(r"(?<=\d)\s*[(,].*\Z")
_BARE = re.compile(r"\A(?P<number>[A-Z]{0,3}\s?\d[A-Z0-9/-]{3,})(?=[\s,;.]|\Z)")
_NUMBER_BEHIND_TYPE = re.compile(r"\b(?:number|no\.?)\s+(?P<number>[A-Z0-9/-]*\d[A-Z0-9/-]*)\Z", re.IGNORECASE)


def documents(elements: Iterable[Element]) -> tuple[list[Identifier], list[str]]:
    """Identifiers of the documents that have a number, and what else is printed of each, for the remarks."""
    identifiers: list[Identifier] = []
    notes: list[str] = []
    for element in elements:
        kind = text(element, "TYPE_OF_DOCUMENT2") or text(element, "TYPE_OF_DOCUMENT")
        number = text(element, "NUMBER")
        if not number and (behind := _NUMBER_BEHIND_TYPE.search(kind)):
            number, kind = behind["number"], kind[: behind.start()].strip()
        note = without_special_categories(text(element, "NOTE"))
        shown = number
        if number:
            inside = _LABELLED.match(number)
            number = inside["number"] if inside else _WORDS_BEFORE.sub("", _REMARK_BEHIND.sub("", number))
        elif not number and (told := _LABELLED.match(note) or _BARE.match(note)):
            number = told["number"]
        country = text(element, "ISSUING_COUNTRY") or text(element, "COUNTRY_OF_ISSUE")
        if number:
            identifiers.append(Identifier(_type(kind), number, country_code(country) if country else None))
        details = [
            f"issued {issued}" if (issued := text(element, "DATE_OF_ISSUE")) else "",
            f"in {place}" if (place := text(element, "CITY_OF_ISSUE")) else "",
            note,
        ]
        if any(details):
            label = " ".join(part for part in (kind.rstrip(" :"), shown) if part) or "Document"
            notes.append(f"{label}: {', '.join(detail for detail in details if detail)}")
    return identifiers, notes


def _type(printed_type: str) -> str:
    return next((kind for pattern, kind in _TYPES if pattern.search(printed_type)), "other")
