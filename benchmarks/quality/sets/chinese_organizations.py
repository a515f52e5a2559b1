"""Listed Chinese organizations by their Chinese name, by its pinyin, and others that must not alert.

`chinese_organizations.tsv` says under which Chinese name a listed organization goes and a part of its English name
on the list: facts, as the firms print them. Firms with a brand in the product's table of brands (海康威视 is
Hikvision) are a class of their own, apart from those that are found by meaning and sound alone. The rows were
looked at while the tables were written: they tell what broke, not how good it is on names never seen. Rows marked
`blind`, `blind2` and `blind3` were written down and committed before anything was measured on them; they are
classes of their own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

from benchmarks.quality.case import Case
from pypinyin import lazy_pinyin

from stopship.model.entity import Entity
from stopship.model.values import Schema

name = "chinese_organizations"
_TABLE = Path(__file__).with_suffix(".tsv")


def rows(entities: Sequence[Entity], data_dir: Path) -> Iterable[Case]:  # noqa: ARG001
    """Cases in the order of the table; a row whose part of a name is in no entry of the list is left out."""
    brands = _brands()
    with _TABLE.open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    for query, part, *marks in csv.reader(lines, delimiter="\t"):
        blind = "".join(f"_{mark}" for mark in marks)
        ids = tuple(e.id for e in entities if part and any(part.casefold() in n.text.casefold() for n in e.names))
        if part and not ids:
            continue
        if query.isascii():
            kind = f"pinyin{blind}_written" if part else f"pinyin{blind}_unlisted"
            yield Case(kind, "Latin", query, Schema.COMPANY, ids)
            continue
        branded = any(brand in query for brand in brands)
        what = ("brand" if branded else "meaning") if part else "unlisted"
        yield Case(f"han{blind}_{what}", "Han", query, Schema.COMPANY, ids)
        spoken = lazy_pinyin(query)
        if part and all(s.isascii() for s in spoken):
            yield Case(f"pinyin{blind}_{what}", "Latin", " ".join(spoken).title(), Schema.COMPANY, ids)


def _brands() -> tuple[str, ...]:
    text = (resources.files("stopship.names") / "data" / "brands.tsv").read_text("utf-8")
    return tuple(line.split("\t")[0] for line in text.splitlines() if line and not line.startswith("#"))
