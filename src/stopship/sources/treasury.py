"""What the Treasury prints behind labels, in whatever layout: numbers, dates, directives, flags and notes.

The same labels stand in the `ids` column of the Consolidated Screening List, in the id list of SDN.XML, as
features and documents in SDN_ADVANCED.XML and packed into the remarks of sdn.csv. `treasury_labels.yml` says what
becomes of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from stopship.model import Identifier, PartialDate
from stopship.sources.contract import is_special_category
from stopship.sources.countries import country_code

Labelled = tuple[str, str, str]
"""Label, value and country of one entry, each as printed, "" where there is none."""

_SECTIONS = ("registration_dates", "countries", "directives", "listing_dates", "listing_remarks", "entity_remarks")
_IMO = re.compile(r"(?:IMO\s*)?(\d{7})\Z", re.IGNORECASE)
_DIRECTIVE = re.compile(r"\bDirective\s+(\d+[a-z]?)\b", re.IGNORECASE)
_LISTING_DATE = re.compile(r"\((?P<of>[^)]*)\)\s*:?\s*(?P<day>\d.*)\Z")
_CURRENCY = "digital currency address"
_CURRENCY_TEXT = re.compile(r"(?P<label>Digital Currency Address - [A-Z0-9]{2,8})\s+(?P<value>\S+)", re.IGNORECASE)
_YEARS = re.compile(r"(circa\s+)?(\d{4})\s*[-–]\s*(\d{4})\Z", re.IGNORECASE)
# Behind these labels stands text; behind those of all other identifiers there is at least one digit.
_NO_DIGITS = (
    *_SECTIONS,
    "dropped",
    "website",
    "email",
    "swift_bic",
    "ticker",
    "crypto_wallet",
    "isin",
    "call_sign",
    "tail_number",
    "vessel_registration",
)
_LABELS_ALONE = frozenset(
    ["gender", "sex", "race", "ethnicity", "ethnic group", "ethnic origin", "tribe", "religion",
     "religious affiliation", "height", "weight", "complexion", "eye color", "eye colour", "hair color",
     "hair colour", "physical description", "blood type", "political affiliation", "political party"]
)  # fmt: skip


@dataclass(slots=True)
class Facts:
    """What one row's `ids` say. `listing_dates` are pairs: of what ("CMIC"), and the day."""

    identifiers: list[Identifier] = field(default_factory=list)
    registration_dates: list[PartialDate] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    directives: list[str] = field(default_factory=list)
    listing_dates: list[tuple[str, date]] = field(default_factory=list)
    listing_remarks: list[str] = field(default_factory=list)
    entity_remarks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_ids(entries: Iterable[Labelled]) -> Facts:
    """Sort the entries of one row. Labels of special categories leave no trace."""
    facts = Facts()
    for label, value, country in entries:
        if label and not is_special_category(label):
            _sort(facts, label, value, country)
    facts.identifiers = list(dict.fromkeys(facts.identifiers))
    facts.directives = list(dict.fromkeys(facts.directives))
    return facts


def split_label(text: str) -> tuple[str, str] | None:
    """The known label that a text begins with, and what follows it; None if it begins with none.

    "Passport A123 (Iran)" gives ("Passport", "A123 (Iran)"); "Digital Currency Address - XBT 1EfM" keeps the
    currency in the label; "License revoked" gives None, because a number must follow the label of a number.
    """
    if currency := _CURRENCY_TEXT.match(text):
        return currency["label"], currency["value"]
    folded = text.casefold()
    for key in _keys():
        if folded.startswith(key) and not folded[len(key) : len(key) + 1].isalnum():
            label, value = text[: len(key)], text[len(key) :].lstrip(" :-–")
            numbered = _meanings()[key] not in _NO_DIGITS
            return None if numbered and not any(c.isdigit() for c in value) else (label, value)
    return None


def is_known(label: str) -> bool:
    """Whether a label stands in treasury_labels.yml."""
    key = _key(label)
    return key in _meanings() or key.startswith(_CURRENCY)


def is_number(label: str) -> bool:
    """Whether what follows a label becomes an identifier."""
    return is_known(label) and _meanings().get(_key(label), "") not in (*_SECTIONS, "dropped")


def is_special_remark(text: str) -> bool:
    """Whether a remark tells an attribute of a special category: "Gender Male", "ethnicity Kurdish", "Tribe: X".

    Without a colon only words that are labels and nothing else count, since "Health Ministry official" is no
    remark on anybody's health.
    """
    head, colon, _ = text.partition(":")
    if colon and is_special_category(head):
        return True
    words = re.findall(r"\w+", text)[:3]
    heads = (" ".join(words[: n + 1]).casefold() for n in range(len(words)))
    return any(head in _LABELS_ALONE and is_special_category(head) for head in heads)


def read_birth_dates(
    texts: Iterable[str | PartialDate], warnings: list[str]
) -> tuple[tuple[PartialDate, ...], list[str]]:
    """Dates of birth, whole, partial or approximate.

    Returns:
        The dates without repetition, and a remark for each that can't be read ("Date of birth as printed: …").
    """
    dates: dict[PartialDate, None] = {}
    unread: list[str] = []
    for text in texts:
        if isinstance(text, PartialDate):
            dates[text] = None
            continue
        years = _YEARS.match(text)
        plain = f"{years[1] or ''}{years[2]} to {years[3]}" if years else text
        try:
            dates[PartialDate.parse(plain)] = None
        except ValueError:
            unread.append(f"Date of birth as printed: {text}")
            warnings.append("a date of birth can't be read")
    return tuple(dates), unread


def _sort(facts: Facts, label: str, value: str, country: str) -> None:
    key = _key(label)
    key = _CURRENCY if key.startswith(_CURRENCY) else key
    meaning = _meanings().get(key)
    whole = f"{value}, {country}" if country else value
    note = f"{label.rstrip(' :-')}: {whole}" if whole else label
    match meaning:
        case "registration_dates":
            try:
                facts.registration_dates.append(PartialDate.parse(value))
            except ValueError:
                facts.entity_remarks.append(note)
                facts.warnings.append("a date of establishment can't be read")
        case "countries":
            if code := country_code(whole) or country_code(value):
                facts.countries.append(code)
        case "directives":
            found = _DIRECTIVE.search(whole)
            if found and whole.lower().startswith("subject to"):
                # Directives 1 to 4 of the sectoral list are those of E.O. 13662; others carry their order's
                # number.
                facts.directives.append(found[1] if "13662" in key else f"14024-{found[1].lower()}")
            if "13662" not in key:
                facts.listing_remarks.append(note)
        case "listing_dates":
            _listing_date(facts, whole)
            facts.listing_remarks.append(note)
        case "listing_remarks":
            facts.listing_remarks.append(note)
        case "entity_remarks":
            facts.entity_remarks.append(note)
        case "dropped":
            return
        case None:
            if any(c.isdigit() for c in value) and len(value) <= 64:
                facts.identifiers.append(Identifier("other", value, country_code(country)))
            facts.warnings.append(f"the label {label[:60]!r} in ids is not known")
        case _:
            if value:
                facts.identifiers.append(_identifier(meaning, value, country))


def _identifier(kind: str, value: str, country: str) -> Identifier:
    code = country_code(country) if country else None
    if kind == "vessel_registration" and (imo := _IMO.match(value)) and _is_imo(value, imo[1]):
        return Identifier("imo", imo[1], None)
    return Identifier(kind, value, code)


def _is_imo(printed: str, digits: str) -> bool:
    """Whether "IMO" is printed, or the last digit checks: the units digit of 7·d1 + 6·d2 + … + 2·d6."""
    if printed.upper().startswith("IMO"):
        return True
    return sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=False)) % 10 == int(digits[6])


def _listing_date(facts: Facts, text: str) -> None:
    if match := _LISTING_DATE.match(text):
        try:
            day = PartialDate.parse(match["day"])
        except ValueError:
            facts.warnings.append("a listing date in ids can't be read")
            return
        facts.listing_dates.append((match["of"].strip(), day.earliest))


def _key(label: str) -> str:
    return " ".join(label.split()).rstrip(" :-").casefold()


@cache
def _keys() -> tuple[str, ...]:
    """Keys of `_meanings`, the longest first, so that "Registration Number" isn't taken for "Registration"."""
    return tuple(sorted(_meanings(), key=len, reverse=True))


@cache
def _meanings() -> dict[str, str]:
    """Label (as `_key` gives it) -> identifier type, or the name of a section of treasury_labels.yml."""
    text = (resources.files("stopship.sources") / "treasury_labels.yml").read_text("utf-8")
    plain: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    meanings = {_key(label): kind for kind, labels in plain["identifiers"].items() for label in labels}
    for section in (*_SECTIONS, "dropped"):
        meanings.update({_key(label): section for label in plain[section]})
    return meanings
