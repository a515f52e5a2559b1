"""What the fuzzer starts from: the small files of `tests/sources`, in every layout that a reader has.

Each is a file in the publisher's own layout, written for the tests, with its worst rows. Workbooks and archives
are put together here from the tables and parts that lie there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import yaml

from stopship.sources.archives import pack_archive
from stopship.sources.catalogue import starter_bytes
from stopship.sources.custom.package import pack

TESTS = Path(__file__).parents[2] / "tests" / "sources"

_MAPPING = b"""format: 1
name: fuzz
columns:
  id: No
  name: Party
  aliases: {column: AKA, separator: "; "}
  schema: {column: Kind, values: {P: Person, C: Company}, otherwise: LegalEntity}
  country: {column: Country, values: {Deutschland: DE}}
  address: {columns: [Street, City], join: ", "}
  identifiers:
    - {type: Registration number, column: HRB, country: DE}
  birth_date: {column: Born, dates: ["%d.%m.%Y", "%m/%Y"]}
  start: {column: Since, dates: ["%d.%m.%Y"]}
  tags: {column: Tags, separator: ","}
  remarks: Why
"""
_HEADER = ["No", "Party", "AKA", "Kind", "Country", "Street", "City", "HRB", "Born", "Since", "Tags", "Why"]
_ROWS = [
    cells.split("|")
    for cells in (
        "7|Beispiel GmbH|Beispiel Holding; Exempel AG|C|Deutschland|Weg 1|Köln|HRB 12345||01.02.2020|a,b|x",
        "8|Muster, Max|Maxi|P|FR||||03.10.1965|||",
        "9|Schiff Eins||Barge|Atlantis||||10/1965|1 May||",
    )
]


@dataclass(frozen=True, slots=True)
class Seed:
    """A whole file. `form` says how it is built: xml, html, csv, tsv, json, jsonl, xlsx, zip, package or text.

    `rows` of a workbook or a table are its cells; `members` of an archive its files.
    """

    source: str
    name: str
    form: str
    data: bytes
    rows: tuple[tuple[str, ...], ...] = ()
    members: tuple[tuple[str, bytes], ...] = ()


def seeds() -> tuple[Seed, ...]:
    """Every layout of every source of the catalogue, sorted by source."""
    found = [Seed(source, path, form, (TESTS / path).read_bytes()) for source, path, form in _FILES]
    with (TESTS / "au_dfat/rows.csv").open(encoding="utf-8", newline="") as file:
        found.append(_workbook("au_dfat", list(csv.reader(file))))
    rows: Any = yaml.load((TESTS / "jp_meti/rows.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    found.append(_workbook("jp_meti", rows))
    members = {path.name: path.read_bytes() for path in sorted((TESTS / "us_ofac/csv").iterdir())}
    found.append(_archive("us_ofac_sdn", "sdn.zip", members))
    renamed = {name.replace("sdn.csv", "cons_prim.csv"): data for name, data in members.items()}
    cons = {n if n.startswith("cons") else f"cons_{n.removeprefix('sdn_')}": d for n, d in renamed.items()}
    cons["cons_prim.csv"] = cons["cons_prim.csv"].replace(b"SDGT", b"NS-PLC")
    found.append(_archive("us_ofac_cons", "cons.zip", cons))
    found.append(Seed("starter", "entities.yml", "text", starter_bytes()))
    found += _own_lists()
    return tuple(sorted(found, key=lambda seed: (seed.source, seed.name)))


def workbook(rows: list[list[str]] | tuple[tuple[str, ...], ...]) -> bytes:
    """A workbook with one sheet of these cells."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})  # the same bytes every time
        sheet = book.add_worksheet("List")
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell[:32_000])
    return buffer.getvalue()


def table(rows: list[list[str]] | tuple[tuple[str, ...], ...], delimiter: str = ",") -> bytes:
    """A CSV of these cells."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode("utf-8", "surrogatepass")


def own(data: bytes, name: str = "list.csv") -> bytes:
    """A list of one's own with the mapping that the seeds have."""
    return pack(data, _MAPPING, name)


_FILES = (
    ("ca_sema", "ca_sema/sema-lmes.xml", "xml"),
    ("ch_seco", "ch_seco/consolidated-list.xml", "xml"),
    ("eu_833_annex4", "eu_833_annex4/annex.fmx.xml", "xml"),
    ("eu_833_annex4", "eu_833_annex4/consolidated.html", "html"),
    ("eu_fsf", "eu_fsf/full_1_1.xml", "xml"),
    ("ftm", "ftm/entities.ftm.json", "jsonl"),
    ("ftm", "ftm/targets.nested.json", "jsonl"),
    ("uk_sl", "uk_sl/UK-Sanctions-List.csv", "csv"),
    ("uk_sl", "uk_sl/UK-Sanctions-List.xml", "xml"),
    ("un_sc", "un_sc/consolidated.xml", "xml"),
    ("us_1260h", "us_1260h/notice.html", "html"),
    ("us_bis_dpl", "us_bis_dpl/dpl.txt", "tsv"),
    ("us_bis_el", "us_bis_el/part744.xml", "xml"),
    ("us_csl", "us_csl/consolidated.csv", "csv"),
    ("us_csl", "us_csl/consolidated.json", "json"),
    ("us_fcc", "us_fcc/coveredlist.csv", "csv"),
    ("us_fcc", "us_fcc/coveredlist.html", "html"),
    ("us_ofac_cons", "us_ofac/cons/consolidated.xml", "xml"),
    ("us_ofac_sdn", "us_ofac/sdn.xml", "xml"),
    ("us_ofac_sdn", "us_ofac/sdn_advanced.xml", "xml"),
    ("us_state_7031c", "us_state_7031c/report.html", "html"),
    ("us_uflpa", "us_uflpa/uflpa-entity-list.html", "html"),
)


def _workbook(source: str, rows: list[list[str]]) -> Seed:
    cells = tuple(tuple(row) for row in rows)
    return Seed(source, "list.xlsx", "xlsx", workbook(cells), rows=cells)


def _archive(source: str, name: str, members: Mapping[str, bytes]) -> Seed:
    return Seed(source, name, "zip", pack_archive(members), members=tuple(members.items()))


def _own_lists() -> list[Seed]:
    rows = tuple(tuple(row) for row in (_HEADER, *_ROWS))
    lines = b"\n".join(orjson.dumps(dict(zip(_HEADER, row, strict=True))) for row in _ROWS)
    return [
        Seed("custom", "list.csv", "package", own(table(rows)), rows=rows),
        Seed("custom", "list.xlsx", "package", own(workbook(rows), "list.xlsx"), rows=rows),
        Seed("custom", "list.jsonl", "package", own(lines, "list.jsonl"), members=(("list.jsonl", lines),)),
    ]
