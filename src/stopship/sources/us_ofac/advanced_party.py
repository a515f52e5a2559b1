"""A profile of the advanced layout: names in parts and scripts, features, documents, places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from stopship.model import NameKind
from stopship.sources.contract import is_special_category
from stopship.sources.us_ofac.advanced_dates import read_period
from stopship.sources.us_ofac.entry import Alias, Entry
from stopship.sources.us_ofac.references import References
from stopship.sources.us_ofac.remarks import read_remarks
from stopship.sources.xml_stream import Element
from stopship.sources.xml_stream import text as text_at

_GIVEN = ("first name", "middle name", "nickname")
_UNSPACED = ("Hans", "Hant", "Hani", "Jpan", "Kore", "Hang")
_PART_ORDER = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION", "UNKNOWN")
_VESSEL = {
    "vessel call sign": "call_sign",
    "vessel type": "vessel_type",
    "vessel flag": "flag",
    "vessel owner": "owner",
    "vessel tonnage": "tonnage",
    "vessel gross tonnage": "tonnage",
    "vessel gross registered tonnage": "gross_registered_tonnage",
}
_BIRTH_DATE, _BIRTH_PLACE, _LOCATION, _TITLE = "birthdate", "place of birth", "location", "title"
_COUNTRIES = ("nationality country", "citizenship country", "nationality", "citizenship")


@dataclass(frozen=True, slots=True)
class Place:
    """One `Location`: its parts in the order of an address, and its country as printed."""

    parts: tuple[str, ...]
    country: str

    def __str__(self) -> str:
        return ", ".join([*self.parts, self.country] if self.country else self.parts)


def read_place(record: Element, references: References) -> Place:
    """One `Location`. Of several values of a part the one marked primary counts."""
    parts: dict[str, str] = {}
    for part in record.iterfind("LocationPart"):
        kind = references.text("LocPartType", part.get("LocPartTypeID")).upper()
        values = sorted(part.iterfind("LocationPartValue"), key=lambda v: v.get("Primary") != "true")
        if text := next((text for value in values if (text := text_at(value, "Value"))), ""):
            parts[kind] = text
    place = {kind: n for n, kind in enumerate(_PART_ORDER)}
    ordered = sorted(parts, key=lambda kind: place.get(kind, len(place)))
    country = record.find("LocationCountry")
    number = country.get("CountryID") if country is not None else None
    return Place(tuple(parts[kind] for kind in ordered), references.text("Country", number))


def read_profile(
    profile: Element,
    references: References,
    places: Mapping[str, Place],
    documents: Mapping[str, Iterable[tuple[str, str, str]]],
) -> Entry:
    """One `Profile` with the places and the documents that came before it."""
    entry = Entry(number=profile.get("ID") or "", kind=references.kind_of_party(profile.get("PartySubTypeID")))
    identities = profile.findall("Identity")
    for identity in sorted(identities, key=lambda item: item.get("Primary") != "true"):
        _names(identity, references, entry)
        for label, number, country in documents.get(identity.get("ID") or "", ()):
            if label and number:
                entry.add_labelled(label, number, country)
    for feature in profile.iterfind("Feature"):
        _feature(feature, references, places, entry)
    if comment := text_at(profile, "Comment"):
        read_remarks(comment, entry)
    return entry


def _names(identity: Element, references: References, entry: Entry) -> None:
    kinds = {
        group.get("ID"): references.text("NamePartType", group.get("NamePartTypeID")).casefold()
        for group in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    false = identity.get("False") == "true"
    aliases = sorted(identity.iterfind("Alias"), key=lambda alias: alias.get("Primary") != "true")
    for alias in aliases:
        former = references.text("AliasType", alias.get("AliasTypeID")).casefold().startswith("f.k.a")
        weak = alias.get("LowQuality") == "true" or false
        kind = NameKind.WEAK_ALIAS if weak else NameKind.FORMER if former else NameKind.ALIAS
        for documented in alias.iterfind("DocumentedName"):
            text, script = _name(documented, kinds, references)
            if not text:
                continue
            # The first name of the primary identity is the entry's; the same name in another script is an alias.
            if not entry.name and script in ("", "Latn"):
                entry.name = text
            else:
                language = f"und-{script}" if script not in ("", "Latn") else None
                entry.aliases.append(Alias(text, kind, language))
    if not entry.name and entry.aliases:
        entry.name = entry.aliases.pop(0).text


def _name(documented: Element, kinds: Mapping[str | None, str], references: References) -> tuple[str, str]:
    """A name as the other layouts print it ("SURNAME, Given Names"), and the code of its script."""
    surname: list[str] = []
    given: list[str] = []
    script = ""
    for value in documented.iterfind("DocumentedNamePart/NamePartValue"):
        text = " ".join((value.text or "").split())
        script = script or references.scripts.get(value.get("ScriptID") or "", "")
        if text:
            (given if kinds.get(value.get("NamePartGroupID")) in _GIVEN else surname).append(text)
    if script in _UNSPACED:
        return "".join([*surname, *given]), script
    if not surname:
        return " ".join(given), script
    return ", ".join([" ".join(surname), " ".join(given)] if given else [" ".join(surname)]), script


@cache
def _is_special(label: str) -> bool:
    return is_special_category(label)


def _feature(feature: Element, references: References, places: Mapping[str, Place], entry: Entry) -> None:
    label = references.text("FeatureType", feature.get("FeatureTypeID"))
    if not label or _is_special(label):  # before anything in it is looked at
        return
    key = label.casefold().rstrip(" :-")
    for version in feature.iterfind("FeatureVersion"):
        located = [
            places[number]
            for item in version.iterfind("VersionLocation")
            if (number := item.get("LocationID") or "") in places
        ]
        texts = [
            text
            for item in version.iterfind("VersionDetail")
            if (
                text := " ".join((item.text or "").split())
                or references.text("DetailReference", item.get("DetailReferenceID"))
            )
        ]
        periods = [period for item in version.iterfind("DatePeriod") if (period := read_period(item))]
        comment = text_at(version, "Comment")
        if key == _BIRTH_DATE:
            entry.birth_dates += periods or texts
        elif key == _BIRTH_PLACE:
            entry.birth_places += [str(place) for place in located if str(place)] or texts
        elif key == _LOCATION:
            for place in located:
                entry.add_address(place.parts, place.country)
        elif key == _TITLE:
            entry.title = "; ".join(dict.fromkeys(part for part in (entry.title, *texts) if part))
        elif key in _COUNTRIES:
            entry.countries += [place.country for place in located if place.country] or texts
        elif key in _VESSEL:
            value = next(iter(texts), "") or next((place.country for place in located), "")
            if value:
                entry.vessel.setdefault(_VESSEL[key], value)
        else:
            values = texts or [str(period) for period in periods] or [p.country or str(p) for p in located]
            for value in values or ([comment] if comment else []):
                entry.add_labelled(label, value)
