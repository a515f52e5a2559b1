"""One INDIVIDUAL or ENTITY to one entity with one listing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, PartialDate, Program, Schema
from stopship.sources.contract import SourceInfo
from stopship.sources.countries import country_code
from stopship.sources.identity import RowEntity
from stopship.sources.printed import names_inside, printed, unique
from stopship.sources.redaction import without_special_categories, worldly_title
from stopship.sources.references import un_references
from stopship.sources.scripts import foreign_runs, names_by_script, script_of
from stopship.sources.un_sc.documents import documents
from stopship.sources.xml_stream import Element, children, text, texts

_PARTS = (
    ("first", "FIRST_NAME"),
    ("second", "SECOND_NAME"),
    ("third", "THIRD_NAME"),
    ("fourth", "FOURTH_NAME"),
)
_KINDS = {
    "": NameKind.ALIAS,
    "good": NameKind.ALIAS,
    "a.k.a.": NameKind.ALIAS,
    "low": NameKind.WEAK_ALIAS,
    "f.k.a.": NameKind.FORMER,
}
_FORMER = re.compile(r"\b(?:previously|formerly)\s+(?:listed\s+as|known\s+as)", re.IGNORECASE)
_IMO = re.compile(r"\bIMO\s+(?:[Nn]umber|no\.?)?\s*:?\s*(\d{7})\b")
_BORN = re.compile(r",?\s+born\s+(?:in|on|\d).*\Z")  # "Safia Farkash, born 1 Jan. 1953 (passport ...)" as an alias
_MONTH_ALONE = re.compile(r"[A-Z][a-z]{2,8}\.?\Z")


def entry_entity(element: Element, individual: bool, info: SourceInfo) -> tuple[RowEntity, list[str]]:
    """The entity of an entry that has a name, and what could not be read in it."""
    doubts: list[str] = []
    prefix = "INDIVIDUAL" if individual else "ENTITY"
    aliases = list(children(element, f"{prefix}_ALIAS"))
    comments = without_special_categories(text(element, "COMMENTS1"))
    reference = text(element, "REFERENCE_NUMBER")
    addresses, countries, notes = _addresses(children(element, f"{prefix}_ADDRESS"))
    identifiers, document_notes = documents(children(element, "INDIVIDUAL_DOCUMENT"))
    births, undated = _birth_dates(element, aliases, doubts)
    nationalities = [*texts(element, "NATIONALITY/VALUE"), *texts(element, "NATIONALITY2")]
    codes = [*countries, *(country_code(nationality) for nationality in nationalities)]
    remarks = [
        *(f"Title: {title}" for title in map(worldly_title, texts(element, "TITLE/VALUE")) if title),
        *(f"Position: {position}" for position in texts(element, "DESIGNATION/VALUE")),
        *notes,
        *document_notes,
        *undated,
        *_alias_notes(aliases),
    ]
    entity = Entity(
        id="",
        schema=Schema.PERSON if individual else Schema.ORGANIZATION,
        names=_names(element, aliases, doubts),
        listings=(_listing(element, reference, comments, info, doubts),),
        countries=unique(code for code in codes if code),
        addresses=addresses,
        identifiers=unique(
            [*identifiers, *un_references(reference), *(Identifier("imo", n) for n in _IMO.findall(comments))]
        ),
        birth_dates=births,
        birth_places=_birth_places(element, aliases),
        remarks="; ".join(remarks),
    )
    return RowEntity(entity, number=reference, country=next(iter(entity.countries), "")), doubts


def _names(element: Element, aliases: list[Element], doubts: list[str]) -> tuple[Name, ...]:
    parts = tuple((role, part) for role, tag in _PARTS if (part := text(element, tag)))
    primary = " ".join(part for _, part in parts)
    names = {primary: Name(primary, NameKind.PRIMARY, None, script_of(primary), parts if len(parts) > 1 else ())}

    def add(name: str, kind: NameKind) -> None:
        if any(letter.isalnum() for letter in name):
            names.setdefault(name, Name(name, kind, None, script_of(name)))

    for inner, kind in names_inside(primary):
        add(inner, kind)
    for original in texts(element, "NAME_ORIGINAL_SCRIPT"):
        for name in (original, *names_by_script(original)):
            add(name, NameKind.ALIAS)
    for alias in aliases:
        quality, note = text(alias, "QUALITY"), text(alias, "NOTE")
        if quality.lower() not in _KINDS:
            doubts.append(f"the quality {quality[:40]!r} of an alias is not known")
        kind = _KINDS.get(quality.lower(), NameKind.ALIAS)
        if kind is NameKind.ALIAS and _FORMER.search(note):
            kind = NameKind.FORMER
        printed_name = text(alias, "ALIAS_NAME")
        add(printed_name, kind)
        printed_name = _BORN.sub("", printed_name)
        add(printed_name, kind)
        for name in names_by_script(printed_name):
            add(name, kind)
        for inner, inner_kind in names_inside(printed_name, alias=True):
            add(inner, kind if kind is NameKind.WEAK_ALIAS else inner_kind)
        for name in foreign_runs(note) if printed_name else ():
            add(name, kind)
    return tuple(names.values())


def _listing(element: Element, reference: str, comments: str, info: SourceInfo, doubts: list[str]) -> Listing:
    updated = max(texts(element, "LAST_DAY_UPDATED/VALUE"), default="")
    remarks = [comments, f"Last updated: {updated}" if updated else ""]
    regime = text(element, "UN_LIST_TYPE")
    return Listing(
        source=info.id,
        program=Program.UN_SC.value,
        name=" ".join(part for _, tag in _PARTS if (part := text(element, tag))),
        start=_day(text(element, "LISTED_ON"), "the day of listing", doubts),
        end=_day(text(element, "DELISTED_ON"), "the day of delisting", doubts),
        citation=", ".join(part for part in (f"UN list {regime}" if regime else "", reference) if part),
        tags=(regime,) if regime else (),
        remarks="; ".join(remark for remark in remarks if remark),
        url=info.url,
    )


def _day(value: str, what: str, doubts: list[str]) -> date | None:
    """A day that can't be read is left out: the listing then counts on every date, which errs on the safe side."""
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        doubts.append(f"{what} can't be read")
        return None


def _addresses(elements: Iterable[Element]) -> tuple[tuple[Address, ...], list[str | None], list[str]]:
    addresses: list[Address] = []
    countries: list[str | None] = []
    notes: list[str] = []
    for element in elements:
        place = [text(element, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")]
        country = text(element, "COUNTRY")
        code = country_code(country) if country else None
        countries.append(code)
        whole = ", ".join(part for part in (*place, country) if part)
        if any(place) or (country and code is None):
            addresses.append(Address(whole, code))
        if note := without_special_categories(text(element, "NOTE")):
            notes.append(f"Address {whole}: {note}" if whole else f"Address: {note}")
    return unique(addresses), countries, notes


def _birth_dates(
    element: Element, aliases: list[Element], doubts: list[str]
) -> tuple[tuple[PartialDate, ...], list[str]]:
    dates: list[PartialDate] = []
    unread: list[str] = []
    printed_dates = [value for alias in aliases for value in texts(alias, "DATE_OF_BIRTH")]
    for birth in children(element, "INDIVIDUAL_DATE_OF_BIRTH"):
        note = text(birth, "NOTE")
        circa = "APPROX" in text(birth, "TYPE_OF_DATE").upper() or note.lower().startswith("approx")
        day, year = text(birth, "DATE")[:10], text(birth, "YEAR")
        years = [bound for bound in (text(birth, "FROM_YEAR"), text(birth, "TO_YEAR")) if bound]
        value = day or (" to ".join(years) if years else year)
        if year and _MONTH_ALONE.match(note):
            value = f"{note.rstrip('.')} {year}"
        elif not value:
            value = note.replace(".", "")
        elif note and not note.lower().startswith("approx"):
            unread.append(f"Date of birth {value}: {note}")
        if value:
            printed_dates.append(f"circa {value}" if circa else value)
    for value in printed_dates:
        try:
            dates.append(PartialDate.parse(value))
        except ValueError:
            unread.append(f"Date of birth as printed: {value}")
            doubts.append("a date of birth can't be read")
    return unique(dates), unread


def _birth_places(element: Element, aliases: list[Element]) -> tuple[str, ...]:
    tags = ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE")
    places = [[text(place, tag) for tag in tags] for place in children(element, "INDIVIDUAL_PLACE_OF_BIRTH")]
    places += [[text(alias, "CITY_OF_BIRTH"), text(alias, "COUNTRY_OF_BIRTH")] for alias in aliases]
    return unique(place for parts in places if (place := ", ".join(part for part in parts if part)))


def _alias_notes(aliases: list[Element]) -> list[str]:
    """What the list says of a name, where that is more than "formerly listed as" or the name in its own script."""
    notes = []
    for alias in aliases:
        note = without_special_categories(text(alias, "NOTE"))
        rest = printed(
            re.sub(r"(?i)\boriginal script:.*|,?\s*\bin Arabic(?: script)?:.*", "", _FORMER.sub("", note))
        )
        if rest.strip(" .,;:") and (name := text(alias, "ALIAS_NAME")):
            notes.append(f"Alias {name}: {note}")
    return notes
