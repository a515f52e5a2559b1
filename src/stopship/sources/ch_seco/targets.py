"""One target to one entity, with a listing for each set of sanctions."""

from __future__ import annotations

import re
from datetime import date

from stopship.model import Entity, Identifier, Listing, Name, NameKind, Program, Schema
from stopship.sources.ch_seco.details import addresses, birth_places, dates, documents, nationality
from stopship.sources.ch_seco.names import identity_names
from stopship.sources.ch_seco.places import Places
from stopship.sources.ch_seco.programs import Programs
from stopship.sources.contract import SourceInfo
from stopship.sources.identity import entity_id
from stopship.sources.printed import unique
from stopship.sources.redaction import without_special_categories
from stopship.sources.references import un_references
from stopship.sources.xml_stream import Element, attribute, child, children, texts

_KINDS = ("individual", "entity", "object")
_OBJECTS = {"vessel": Schema.VESSEL, "aircraft": Schema.AIRPLANE}
_LISTED, _DELISTED = "listed", "de-listed"
# Numbers that stand in `other-information`, in words.
_TOLD = (
    (re.compile(r"\bIMO\s+(?:number|no\.?)?\s*:?\s*(\d{7})\b", re.IGNORECASE), "imo"),
    (
        re.compile(
            r"\b(?:tax(?:payer)?\s+(?:identification|registration)\s+number|INN)\s*:?\s*(\d{8,14})\b",
            re.IGNORECASE,
        ),
        "tax_id",
    ),
    (
        re.compile(r"\b(?:registration\s+number|OGRN|ОГРН)\s*:?\s*(\d{6,15})\b", re.IGNORECASE),
        "registration_number",
    ),
    (re.compile(r"\bSWIFT(?:/BIC)?(?:\s+code)?\s*:?\s*([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b"), "swift_bic"),
    (re.compile(r"\bE-?mail(?:\s+address)?\s*:?\s*(\S+@\S+\.\w+)", re.IGNORECASE), "email"),
    (re.compile(r"\bWebsite\s*:?\s*((?:https?:|www\.)\S+)", re.IGNORECASE), "website"),
)


def is_delisted(target: Element) -> bool:
    """Whether the latest modification took the target off the list; of the same day the first printed counts."""
    dated = [
        (_date_text(one), -place, attribute(one, "modification-type"))
        for place, one in enumerate(children(target, "modification"))
    ]
    return bool(dated) and max(dated)[2] == _DELISTED


def target_entity(
    target: Element, programs: Programs, places: Places, info: SourceInfo
) -> tuple[Entity | None, list[str]]:
    """The entity of a target.

    Returns:
        The entity and what could not be read in it; None and the reason if it has no number, no kind or no name.
    """
    doubts: list[str] = []
    number = attribute(target, "ssid")
    found = next(((kind, one) for kind in _KINDS if (one := child(target, kind)) is not None), None)
    if not number or found is None:
        return None, ["it has no ssid" if found else "it is no individual, entity or object"]
    kind, subject = found
    schema = _schema(kind, attribute(subject, "object-type"), doubts)
    identities = list(children(subject, "identity"))
    names = _names(identities, doubts)
    if not names:
        return None, ["it has no name"]
    printed_addresses, countries, address_notes = addresses(identities, places)
    nationalities = [one for identity in identities for one in children(identity, "nationality")]
    days, undated = dates(identities, doubts)
    numbers, document_notes = documents(identities)
    information = [without_special_categories(told) for told in texts(subject, "other-information")]
    foreign = texts(target, "foreign-identifier")
    remarks = [
        *(note for note in information if note),
        *address_notes,
        *document_notes,
        *undated,
        *(f"Reference of another list: {one}" for one in foreign if not un_references(one)),
        *_relations(subject),
    ]
    entity = Entity(
        id=entity_id(Program.CH_SECO.value, number=number),
        schema=schema,
        names=names,
        listings=_listings(target, subject, names[0].text, programs, info, doubts),
        countries=unique([*(code for one in nationalities if (code := nationality(one))), *countries]),
        addresses=printed_addresses,
        identifiers=unique(
            [
                *numbers,
                *(
                    Identifier(sort, value)
                    for told in information
                    for p, sort in _TOLD
                    for value in p.findall(told)
                ),
                *(reference for one in foreign for reference in un_references(one)),
            ]
        ),
        birth_dates=days if schema is Schema.PERSON else (),
        registration_dates=() if schema is Schema.PERSON else days,
        birth_places=birth_places(identities, places),
        remarks="; ".join(remarks),
    )
    return entity, doubts


def _schema(kind: str, object_type: str, doubts: list[str]) -> Schema:
    if kind == "individual":
        return Schema.PERSON
    if kind == "entity":
        return Schema.ORGANIZATION
    if object_type.lower() not in _OBJECTS:
        doubts.append(f"the object type {object_type[:40]!r} is not known")
    return _OBJECTS.get(object_type.lower(), Schema.LEGAL_ENTITY)


def _names(identities: list[Element], doubts: list[str]) -> tuple[Name, ...]:
    ordered = sorted(identities, key=lambda one: attribute(one, "main").lower() != "true")
    spelled = [
        name for place, identity in enumerate(ordered) for name in identity_names(identity, place == 0, doubts)
    ]
    spelled = [name for name in spelled if any(letter.isalnum() for letter in name.text)]
    spelled.sort(key=lambda name: name.kind is not NameKind.PRIMARY)
    names: dict[str, Name] = {}
    for name in spelled:
        kind = NameKind.ALIAS if names and name.kind is NameKind.PRIMARY else name.kind
        names.setdefault(name.text, Name(name.text, kind, name.language, name.script, name.parts))
    first = next(iter(names.values()), None)
    if first is not None and first.kind is not NameKind.PRIMARY:
        names[first.text] = Name(first.text, NameKind.PRIMARY, first.language, first.script, first.parts)
    return tuple(names.values())


def _listings(
    target: Element, subject: Element, name: str, programs: Programs, info: SourceInfo, doubts: list[str]
) -> tuple[Listing, ...]:
    sets = unique([*texts(target, "sanctions-set-id"), attribute(target, "sanctions-set-id")])
    reasons = [without_special_categories(one) for one in texts(subject, "justification")]
    modified = max((day for one in children(target, "modification") if (day := _date_text(one))), default="")
    remarks = [*reasons, f"Last modified: {modified}" if modified else ""]
    start = _start(target, doubts)
    listings: list[Listing] = []
    for number in (number for number in sets if number):
        known = programs.get(number)
        if known is None:
            doubts.append("a set of sanctions is not explained in the file")
        listings.append(
            Listing(
                source=info.id,
                program=Program.CH_SECO.value,
                name=name,
                start=start,
                citation=", ".join(part for part in (known.ordinance, known.measures) if part) if known else "",
                tags=unique(tag for tag in (known.key, known.measures) if tag) if known else (),
                remarks="; ".join(remark for remark in remarks if remark),
                url=info.url,
            )
        )
    if not listings:
        doubts.append("it has no set of sanctions")
        plain = "; ".join(remark for remark in remarks if remark)
        return (Listing(info.id, Program.CH_SECO.value, name, start, remarks=plain, url=info.url),)
    return unique(listings)


def _date_text(modification: Element) -> str:
    dates = (attribute(modification, key) for key in ("effective-date", "enactment-date", "publication-date"))
    return next((day[:10] for day in dates if day), "")


def _start(target: Element, doubts: list[str]) -> date | None:
    """The day of the first listing since the target was last taken off; None where none is printed."""
    dated = sorted(
        (_date_text(one), -place, attribute(one, "modification-type"))
        for place, one in enumerate(children(target, "modification"))
    )
    last_off = max((place for place, (_, _, kind) in enumerate(dated) if kind == _DELISTED), default=-1)
    since = [(day, kind) for day, _, kind in dated[last_off + 1 :] if day]
    listed = next((day for day, kind in since if kind == _LISTED), since[0][0] if since else "")
    try:
        return date.fromisoformat(listed) if listed else None
    except ValueError:
        doubts.append("the day of listing can't be read")
        return None


def _relations(subject: Element) -> list[str]:
    return [
        f"Relation: {attribute(one, 'relation-type')} {Program.CH_SECO.value}-{attribute(one, 'target-id')}"
        for one in children(subject, "relation")
    ]
