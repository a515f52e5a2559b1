"""Persons as the UN, the EU and the UK print them, where the US list prints them otherwise.

Entries are linked by facts, never by how alike the names are: a person of the other list is the listed person
whose full birth date and passport or national number are both the same. Where a number links to more than one
listed person it links to none. Names that the US entry prints too, in any order, are left out.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.quality.case import Case

from stopship.model.entity import Entity
from stopship.model.values import Schema
from stopship.names import normalize
from stopship.names.script import Script, scripts

name = "other_publishers"
_NUMBER = re.compile(r"[A-Z]{0,3}[- ]?\d[\d-]{4,}[A-Z]?")
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Person:
    """A person of another list: names, full birth dates (ISO 8601) and numbers of documents."""

    names: tuple[str, ...]
    births: frozenset[str]
    numbers: frozenset[str]


def rows(entities: Sequence[Entity], data_dir: Path) -> Iterable[Case]:
    """Cases in the order of their class and query; none of the last fifth (by a hash of the query), and none of a
    publisher whose file is not there."""
    known: dict[tuple[str, str], set[str]] = {}
    printed: dict[str, set[str]] = {}
    for entity in entities:
        if entity.schema is not Schema.PERSON:
            continue
        printed[entity.id] = {_sorted(n.text) for n in entity.names}
        for number in {_plain(i.value) for i in entity.identifiers}:
            for birth in entity.birth_dates:
                known.setdefault((number, str(birth)), set()).add(entity.id)
    found: set[tuple[str, str, str]] = set()
    folder = data_dir / "lists"
    for publisher, persons in (("un", _un(folder)), ("eu", _eu(folder)), ("uk", _uk(folder))):
        for person in persons:
            links = [known.get((n, b), set()) for n in person.numbers for b in person.births]
            ids = set().union(*links)
            if len(ids) != 1:
                continue
            (id_,) = ids
            for text in person.names:
                latin = scripts(text) <= {Script.LATIN} and len(text.split()) > 1
                if latin and _sorted(text) not in printed[id_]:
                    found.add((publisher, text, id_))
    for publisher, text, id_ in sorted(found):
        if int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 5:
            yield Case(f"publisher_{publisher}", "Latin", text, Schema.PERSON, (id_,))


def _sorted(text: str) -> str:
    return " ".join(sorted(normalize(text).split()))


def _plain(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def _un(folder: Path) -> Iterator[Person]:
    path = folder / "un" / "2026-02-27" / "consolidated.xml.gz"
    if not path.is_file():
        return
    for node in ET.fromstring(gzip.decompress(path.read_bytes())).iter("INDIVIDUAL"):
        parts = [node.findtext(f"{n}_NAME") or "" for n in ("FIRST", "SECOND", "THIRD", "FOURTH")]
        aliases = [(a.findtext("ALIAS_NAME") or "") for a in node.iter("INDIVIDUAL_ALIAS")]
        births = [b.findtext("DATE") or "" for b in node.iter("INDIVIDUAL_DATE_OF_BIRTH")]
        numbers = [d.findtext("NUMBER") or "" for d in node.iter("INDIVIDUAL_DOCUMENT")]
        yield _person([" ".join(p.strip() for p in parts if p), *aliases], [b[:10] for b in births], numbers)


def _eu(folder: Path) -> Iterator[Person]:
    path = folder / "eu" / "xmlFullSanctionsList_1_1.xml.gz"
    if not path.is_file():
        return
    for node in ET.fromstring(gzip.decompress(path.read_bytes())).iterfind("{*}sanctionEntity"):
        kind = node.find("{*}subjectType")
        if kind is None or kind.get("code") != "person":
            continue
        names = [a.get("wholeName") or "" for a in node.iterfind("{*}nameAlias") if a.get("strong") == "true"]
        births = [b.get("birthdate") or "" for b in node.iterfind("{*}birthdate")]
        yield _person(names, births, [i.get("number") or "" for i in node.iterfind("{*}identification")])


def _uk(folder: Path) -> Iterator[Person]:
    held: dict[str, list[dict[str, str]]] = {}
    path = folder / "uk" / "UK-Sanctions-List.csv.gz"
    if not path.is_file():
        return
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        next(file)
        for row in csv.DictReader(file):
            if row["Designation Type"] == "Individual":
                held.setdefault(row["Unique ID"], []).append(row)
    for rows_ in held.values():
        names = [" ".join(filter(None, (r[f"Name {k}"] for k in range(1, 7)))) for r in rows_]
        births = [f"{m[3]}-{m[2]}-{m[1]}" for r in rows_ for m in _DAY.finditer(r["D.O.B"])]
        texts = [r[c] for r in rows_ for c in ("National Identifier number", "Passport number")]
        yield _person(names, births, [number for text in texts for number in _NUMBER.findall(text)])


def _person(names: Iterable[str], births: Iterable[str], numbers: Iterable[str]) -> Person:
    return Person(
        tuple(dict.fromkeys(" ".join(n.split()) for n in names if n.strip())),
        frozenset(b for b in births if len(b) == 10),
        frozenset(p for n in numbers if len(p := _plain(n)) >= 5),
    )
