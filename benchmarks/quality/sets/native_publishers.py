"""Listed parties in their own script as the UN, the EU and the UK print them.

An entry of another list is linked to the US one whose names hold one of its Latin names word for word, in any
order; where that fits more than one US entry it links to none. Its names in other scripts are then queries with a
known answer: written by officials, not by any rule. One fifth (by a hash of the query) has classes of its own,
which end in `_last`: nothing is tuned on it.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.quality.case import Case, order_of

from stopship.model.entity import Entity
from stopship.model.values import Schema
from stopship.names import normalize
from stopship.names.script import Script, scripts

name = "native_publishers"
_LEAST_LETTERS = 8  # of a Latin name that links: shorter ones coincide
_WORDS_OF_PERSON = 2
Party = tuple[str, bool, tuple[str, ...]]  # publisher, whether a person, all names


def rows(entities: Sequence[Entity], data_dir: Path) -> Iterable[Case]:
    """Cases in a fixed chance order; none of a publisher whose file is not there."""
    known: dict[tuple[bool, str], set[str]] = {}
    for entity in entities:
        if entity.schema in (Schema.ADDRESS, Schema.VESSEL, Schema.AIRPLANE):
            continue
        for printed in entity.names:
            known.setdefault((entity.schema is Schema.PERSON, _sorted(printed.text)), set()).add(entity.id)
    schemas = {entity.id: entity.schema for entity in entities}
    found: dict[tuple[str, str], str] = {}
    folder = data_dir / "lists"
    for publisher, person, names in (*_uk(folder), *_eu(folder), *_un(folder)):
        latin = [text for text in names if scripts(text) - {Script.COMMON} == {Script.LATIN}]
        ids: set[str] = set()
        for text in latin:
            words = _sorted(text)
            if len(words) >= _LEAST_LETTERS and (not person or len(words.split()) >= _WORDS_OF_PERSON):
                ids |= known.get((person, words), set())
        if len(ids) == 1:
            for text in names:
                if not scripts(text) <= {Script.LATIN, Script.COMMON}:
                    found.setdefault((text, publisher), next(iter(ids)))
    for (text, _publisher), id_ in sorted(found.items(), key=lambda item: order_of(item[0][0])):
        script = next(iter(sorted(scripts(text) - {Script.COMMON, Script.LATIN}, key=str)))
        kind = "person" if schemas[id_] is Schema.PERSON else "organization"
        last = "" if int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 5 else "_last"
        yield Case(f"{script.value.lower()}_{kind}{last}", script.value, text, schemas[id_], (id_,))


def _sorted(text: str) -> str:
    return " ".join(sorted(normalize(text).split()))


def _clean(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(text.split()) for text in names if text and text.strip()))


def _uk(folder: Path) -> Iterator[Party]:
    path = folder / "uk" / "UK-Sanctions-List.csv.gz"
    if not path.is_file():
        return
    held: dict[str, tuple[bool, list[str]]] = {}
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        next(file)
        for row in csv.DictReader(file):
            person = row["Designation Type"] == "Individual"
            if row["Designation Type"] in ("Individual", "Entity"):
                names = held.setdefault(row["Unique ID"], (person, []))[1]
                names.append(" ".join(filter(None, (row[f"Name {k}"] for k in (1, 2, 3, 4, 5, 6)))))
                names.append(row["Name non-latin script"])
    for person, names in held.values():
        yield "uk", person, _clean(names)


def _eu(folder: Path) -> Iterator[Party]:
    path = folder / "eu" / "xmlFullSanctionsList_1_1.xml.gz"
    if not path.is_file():
        return
    for node in ET.fromstring(gzip.decompress(path.read_bytes())).iterfind("{*}sanctionEntity"):
        kind = node.find("{*}subjectType")
        person = kind is not None and kind.get("code") == "person"
        yield "eu", person, _clean(alias.get("wholeName") for alias in node.iterfind("{*}nameAlias"))


def _un(folder: Path) -> Iterator[Party]:
    path = folder / "un" / "2026-02-27" / "consolidated.xml.gz"
    if not path.is_file():
        return
    root = ET.fromstring(gzip.decompress(path.read_bytes()))
    for tag in ("INDIVIDUAL", "ENTITY"):
        for node in root.iter(tag):
            parts = [node.findtext(f"{part}_NAME") or "" for part in ("FIRST", "SECOND", "THIRD", "FOURTH")]
            aliases = [alias.text for alias in node.iter("ALIAS_NAME")]
            names = [" ".join(parts), *aliases, node.findtext("NAME_ORIGINAL_SCRIPT")]
            yield "un", tag == "INDIVIDUAL", _clean(names)
