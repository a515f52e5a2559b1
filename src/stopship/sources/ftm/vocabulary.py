"""The vocabulary of FollowTheMoney as far as it is read: `properties.yml` and `programs.yml` as records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from stopship.model import NameKind

_ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z -]*)\)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What becomes of schemata and properties. `identifiers`: property -> (type, country or None)."""

    parties: frozenset[str]
    attached: frozenset[str]
    unread_schemata: frozenset[str]
    names: Mapping[str, NameKind]
    countries: tuple[str, ...]
    addresses: tuple[str, ...]
    birth_dates: tuple[str, ...]
    birth_places: tuple[str, ...]
    registration_dates: tuple[str, ...]
    remarks: Mapping[str, str]
    identifiers: Mapping[str, tuple[str, str | None]]
    registration_of: Mapping[str, str]
    dropped: frozenset[str]
    dropped_topics: frozenset[str]
    known: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    plain = _load("properties.yml")
    schemata = plain["schemata"]
    identifiers = {}
    for name, text in plain["identifiers"].items():
        kind, _, country = text.partition(" ")
        identifiers[name] = (kind, country or None)
    read = ("countries", "addresses", "birth_dates", "birth_places", "registration_dates")
    known = {name for section in ("names", "remarks", "identifiers", "unread", *read) for name in plain[section]}
    return Vocabulary(
        parties=frozenset(schemata["parties"]),
        attached=frozenset(schemata["attached"]),
        unread_schemata=frozenset(schemata["unread"]),
        names={name: NameKind(kind) for name, kind in plain["names"].items()},
        countries=tuple(plain["countries"]),
        addresses=tuple(plain["addresses"]),
        birth_dates=tuple(plain["birth_dates"]),
        birth_places=tuple(plain["birth_places"]),
        registration_dates=tuple(plain["registration_dates"]),
        remarks=plain["remarks"],
        identifiers=identifiers,
        registration_of=plain["registration_of"],
        dropped=frozenset(plain["dropped"]),
        dropped_topics=frozenset(plain["dropped_topics"]),
        known=frozenset(known),
    )


def program_of(dataset: str, authorities: tuple[str, ...] = (), programs: tuple[str, ...] = ()) -> str:
    """The program of a dataset, where it holds several lists by what its sanction says; else `custom.DATASET`."""
    table = _load("programs.yml")
    if dataset in table["datasets"]:
        return str(table["datasets"][dataset])
    for authority in authorities:
        found = _ABBREVIATION.search(authority)
        if found and (program := table["by_authority"].get(dataset, {}).get(found[1].upper())):
            return str(program)
    for name in programs:
        if program := table["by_program"].get(dataset, {}).get(name):
            return str(program)
    word = re.sub(r"[^a-z0-9]+", "_", dataset.lower()).strip("_")[:40]
    return f"custom.{word or 'ftm'}"


def is_listed_dataset(dataset: str) -> bool:
    """Whether a dataset is one of the lists that have a program here."""
    table = _load("programs.yml")
    return any(dataset in table[section] for section in ("datasets", "by_authority", "by_program"))


@cache
def _load(name: str) -> Any:
    text = (resources.files("stopship.sources.ftm") / name).read_text("utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)
