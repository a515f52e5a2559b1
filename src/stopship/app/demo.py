"""The demonstration: example orders and example partners, screened against the bundled starter list.

It touches no home and no network; everything it reads is in the package.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from stopship.app.indexes import starter_index
from stopship.app.orders.file import read_order_file
from stopship.bulk.rows import read_query
from stopship.matching import Index, Match, Matcher
from stopship.rules import Rulebook
from stopship.screening import Decision, Screener


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """One example order and what was decided."""

    path: Path
    title: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class DemoPartner:
    """One example partner and its alerts, best first."""

    id: str
    name: str
    address: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """All that the demonstration shows."""

    index: Index
    orders: tuple[DemoOrder, ...]
    partners: tuple[DemoPartner, ...]
    partners_path: Path


def examples() -> Path:
    """The folder with the example files that the package carries."""
    return Path(str(resources.files("stopship") / "examples"))


def run_demo(today: date) -> Demo:
    """Screen the example orders (as of their own date, else `today`) and the example partners."""
    folder = examples()
    index = starter_index()
    screener = Screener(index, Rulebook.load())
    orders = []
    for path in sorted((folder / "orders").glob("*.yaml")):
        transaction = read_order_file(path)
        decision = screener.screen(transaction, as_of=transaction.date or today)
        orders.append(DemoOrder(path, _title(path), decision))
    matcher = Matcher(index)
    partners = []
    with (folder / "partners.csv").open(encoding="utf-8-sig", newline="") as stream:
        for cells in csv.DictReader(stream):
            query, _warnings = read_query(cells)
            alerts = tuple(m for m in matcher.match(query) if m.alert)
            partners.append(DemoPartner(cells["id"], cells["name"], cells.get("address") or "", alerts))
    return Demo(index, tuple(orders), tuple(partners), folder / "partners.csv")


def _title(path: Path) -> str:
    """The first comment line of an order file says what it shows."""
    first = path.read_text("utf-8").splitlines()[0]
    return first.lstrip("# ").strip() if first.startswith("#") else path.stem
