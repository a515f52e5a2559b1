"""The two lists of the example workbench, read as lists of one's own: the 28 entities of October 2019, which are
public facts, and a watch list in twelve scripts on which everything is invented."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from pathlib import Path

import orjson

from stopship.app.indexes import starter_list
from stopship.app.workspace import Workspace
from stopship.model.entity import Entity

ENTITY_LIST = "custom.example_entity_list"
WATCH_LIST = "custom.example_watch_list"
CHANGED_ADDRESS = ("서울특별시 예시로 21", "인천광역시 예시로 5")
"""What the later state of the watch list says otherwise of one entry: it moves to the town of a customer whose
match was suppressed because the town is another one."""
LEFT_OUT = "EX-17,"
ADDED = (
    'EX-27,Näidis Droonid OÜ,Naidis Droonid; Sample Drones Estonia,C,EE,"Näidise tn 4, Tallinn",,'
    "custom.example_diversion,2026-06-01,Example decision 26/008,Invented\n"
)


def folder() -> Path:
    """The files of the package that the example workbench is made of."""
    return Path(str(resources.files("stopship") / "examples" / "workbench"))


def take_in_first(home: Path, work: Path, *, now: datetime) -> None:
    """The lists as they were at first. `work`: a folder for files on the way."""
    data = work / "entity-list.jsonl"
    data.write_bytes(b"".join(_line(entity) for entity in starter_list().entities))
    _take_in(home, ENTITY_LIST, data, "entity-list.yml", now)
    _take_in(home, WATCH_LIST, folder() / "watch-list.csv", "watch-list.yml", now)


def take_in_later(home: Path, work: Path, *, now: datetime) -> None:
    """The watch list as it is now: one entry came, one went, one moved."""
    rows = (folder() / "watch-list.csv").read_text("utf-8").splitlines(keepends=True)
    later = "".join(row for row in rows if not row.startswith(LEFT_OUT)).replace(*CHANGED_ADDRESS) + ADDED
    watched = work / "watch-list.csv"
    watched.write_text(later, "utf-8")
    _take_in(home, WATCH_LIST, watched, None, now)


def _take_in(home: Path, source: str, data: Path, mapping: str | None, now: datetime) -> None:
    day = now.date()
    space = Workspace(home, today=day)
    space.import_list(
        source, data, published=day, now=now, mapping=folder() / mapping if mapping else None, accept=True
    )


def _line(entity: Entity) -> bytes:
    listing = entity.listings[0]
    plain = {
        "id": entity.id,
        "name": entity.names[0].text,
        "aliases": [name.text for name in entity.names[1:]],
        "schema": entity.schema.value,
        "country": entity.countries[0],
        "addresses": [address.text for address in entity.addresses],
        "start": str(listing.start),
        "citation": listing.citation,
        "license_requirement": listing.license_requirement,
        "license_policy": listing.license_policy,
        "remarks": listing.remarks,
    }
    return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)
