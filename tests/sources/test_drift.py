"""A layout that Stopship doesn't know is refused by name: each column or element dropped, renamed or added.

Which of them matter is not written down here: the declared columns are tried one by one, for every layout of every
source that declares them. A part that only some entries have may be gone; one that is new, never.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from benchmarks.lists.seeds import Seed, own, seeds, table, workbook
from lxml import etree, html

from stopship.errors import ListFileError, SourceDrift
from stopship.sources.archives import pack_archive
from stopship.sources.catalogue import parse

SEEDS = {f"{seed.source} {seed.name.rpartition('/')[2]}": seed for seed in seeds()}
NEW = "RiskScore"
# Where the text of a page is read around its tables, and where a reader takes any mark-up by its content.
_FREE = ("eu_833_annex4 annex.fmx.xml", "eu_833_annex4 consolidated.html", "us_bis_el part744.xml")
XML = [name for name, seed in SEEDS.items() if seed.form == "xml" and name not in _FREE]
TABLES = [name for name, seed in SEEDS.items() if seed.form in ("csv", "tsv", "xlsx")]
PAGES = [name for name, seed in SEEDS.items() if seed.form == "html" and name not in _FREE]


def refused(seed: Seed, data: bytes) -> str:
    with pytest.raises(ListFileError) as caught:
        parse(seed.source, data, "list")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 700
    return str(caught.value)


def drift(seed: Seed, data: bytes, *names: str) -> None:
    with pytest.raises(SourceDrift) as caught:
        parse(seed.source, data, "list")
    assert any(name[:40] in str(caught.value) for name in names), f"{names} is not in: {caught.value}"


# --- XML ----------------------------------------------------------------------------------------------------


def paths(root: Any) -> Iterator[tuple[str, Any]]:
    """Each path of elements once, with the first element there."""
    seen = set()
    for element in root.iter():
        names = [etree.QName(one).localname for one in (element, *element.iterancestors())]
        path = "/".join(reversed(names[:-1]))
        if path and path not in seen:
            seen.add(path)
            yield path, element


@pytest.mark.parametrize("name", XML)
def test_a_new_element_is_named_wherever_it_stands(name: str) -> None:
    seed = SEEDS[name]
    for path, _ in paths(etree.fromstring(seed.data)):
        if path.startswith(("ReferenceValueSets/", "DateGenerated")) or _unread(seed, path):
            continue
        root = etree.fromstring(seed.data)
        parent = dict(paths(root))[path].getparent()
        etree.SubElement(parent, NEW).text = "9"
        drift(seed, etree.tostring(root), NEW)


@pytest.mark.parametrize("name", XML)
def test_a_renamed_element_is_named(name: str) -> None:
    seed = SEEDS[name]
    for path, _ in paths(etree.fromstring(seed.data)):
        if "ReferenceValueSets" in path or _unread(seed, path.rpartition("/")[0]):
            continue
        root = etree.fromstring(seed.data)
        old = path.rpartition("/")[2]
        for element in [one for one in root.iter() if etree.QName(one).localname == old]:
            space = etree.QName(element).namespace
            element.tag = f"{{{space}}}{NEW}" if space else NEW
        if seed.source == "uk_sl" and any(len(one) for one in root.iter("{*}" + NEW)) and "/" in path:
            continue  # its groups are told by what they hold (their names are unconfirmed)
        if seed.source == "uk_sl" and not any((one.text or "").strip() for one in root.iter("{*}" + NEW)):
            continue  # nothing stands in it, nothing is lost
        assert NEW in refused(seed, etree.tostring(root)) or old in refused(seed, etree.tostring(root)), path


@pytest.mark.parametrize("name", [n for n in XML if SEEDS[n].source in ("un_sc", "eu_fsf", "ch_seco", "ca_sema")])
def test_a_new_attribute_is_named(name: str) -> None:
    seed = SEEDS[name]
    for path, _ in paths(etree.fromstring(seed.data)):
        if _unread(seed, path):
            continue
        root = etree.fromstring(seed.data)
        element = dict(paths(root))[path]
        if element.getparent().getparent() is None and len(element) and seed.source == "un_sc":
            continue  # <INDIVIDUALS>, <ENTITIES>: nothing is read from them
        element.set(NEW, "9")
        drift(seed, etree.tostring(root), NEW)


def _unread(seed: Seed, path: str) -> bool:
    from stopship.sources.catalogue import source_info

    info = source_info(seed.source)
    unread = {c.partition("/")[2] if seed.source.startswith("us_ofac") else c for c in info.unread}
    pieces = path.split("/")
    tails = {"/".join(pieces[a:b]) for a in range(len(pieces)) for b in range(a + 1, len(pieces) + 1)}
    return bool(tails & unread) or "SanctionsImposedIndicators" in path


# --- tables -------------------------------------------------------------------------------------------------


def cells(seed: Seed) -> tuple[list[list[str]], int]:
    """The rows of a table and which of them is the header."""
    if seed.form == "xlsx":
        return [list(row) for row in seed.rows], 0
    text = seed.data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if seed.form == "tsv" else ","))
    return rows, max(range(3), key=lambda n: len(rows[n]))


def made(seed: Seed, rows: list[list[str]]) -> bytes:
    return workbook(rows) if seed.form == "xlsx" else table(rows, "\t" if seed.form == "tsv" else ",")


OPTIONAL = {"us_fcc": 4, "au_dfat": 4, "jp_meti": 2}
"""Columns that may be missing: later additions of the publisher, and such that nothing is read from."""


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_refused_by_name(name: str) -> None:
    seed = SEEDS[name]
    rows, at = cells(seed)
    names = list(rows[at])
    allowed = []
    for column in range(len(names)):
        changed = [list(row) for row in rows]
        changed[at][column] = NEW
        drift(seed, made(seed, changed), NEW)
        changed = [list(row) for row in rows]
        for row in changed[at:]:
            del row[column : column + 1]
        try:
            parse(seed.source, made(seed, changed), "list")
        except ListFileError as error:
            assert any(line.strip()[:40] in str(error) for line in names[column].splitlines()) or isinstance(
                error, SourceDrift
            ), error
        else:
            allowed.append(names[column])
        changed = [list(row) for row in rows]
        for number, row in enumerate(changed[at:]):
            row.insert(column, NEW if number == 0 else "9")
        drift(seed, made(seed, changed), NEW)
    assert len(allowed) <= OPTIONAL.get(seed.source, 0), allowed


@pytest.mark.parametrize("name", PAGES)
def test_headings_of_a_page_are_refused_by_name(name: str) -> None:
    seed = SEEDS[name]
    count = len(list(html.document_fromstring(seed.data).iter("th")))
    for number in range(count):
        root = html.document_fromstring(seed.data)
        list(root.iter("th"))[number].text = NEW
        try:
            parse(seed.source, html.tostring(root, encoding="utf-8"), "list")
        except SourceDrift as error:
            assert NEW in str(error)
        except ListFileError:
            pass  # the only heading that tells the table


def test_the_tables_of_the_supplements() -> None:
    seed = SEEDS["us_bis_el part744.xml"]
    root = etree.fromstring(seed.data)
    heads = [one for one in root.iter() if isinstance(one.tag, str) and one.tag.lower() == "th"]
    assert heads
    for number in range(len(heads)):
        root = etree.fromstring(seed.data)
        head = [one for one in root.iter() if isinstance(one.tag, str) and one.tag.lower() == "th"][number]
        for below in list(head):
            head.remove(below)
        head.text = NEW
        drift(seed, etree.tostring(root), NEW)


# --- sets, JSON, lists of one's own -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["us_ofac_sdn sdn.zip", "us_ofac_cons cons.zip"])
def test_a_set_without_headers_counts_its_cells(name: str) -> None:
    seed = SEEDS[name]
    for member, data in seed.members:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8").rstrip("\x1a"), newline="")))
        if len(rows) < 3:
            continue
        wide = table([[*row, "9"] for row in rows])
        assert "cells" in refused(seed, pack_archive(dict(seed.members) | {member: wide}))


def test_json_of_the_consolidated_list() -> None:
    seed = SEEDS["us_csl consolidated.json"]
    whole = orjson.loads(seed.data)
    keys = {key for entry in whole["results"] for key in entry}
    for key in keys:
        renamed = [{NEW if k == key else k: v for k, v in entry.items()} for entry in whole["results"]]
        drift(seed, orjson.dumps(whole | {"results": renamed}), NEW)


def test_a_list_of_ones_own_has_the_columns_of_its_mapping() -> None:
    seed = SEEDS["custom list.csv"]
    for column in range(len(seed.rows[0])):
        changed = [list(row) for row in seed.rows]
        changed[0][column] = NEW
        drift(seed, own(table(changed)), NEW)
        for row in changed:
            del row[column]
        drift(seed, own(table(changed)), seed.rows[0][column])


def test_an_unknown_property_of_followthemoney_is_said_not_refused() -> None:
    """The format grows all the time, and a property more takes nothing away from those that are read."""
    line = {"id": "a", "schema": "Person", "properties": {"name": ["A Name"], NEW: ["9"]}}
    parsed = parse("ftm", orjson.dumps(line), "list")
    assert any(NEW in warning for warning in parsed.warnings)
