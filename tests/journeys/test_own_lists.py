"""A company keeps lists of its own: imports them with a mapping, several side by side, and checks orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.journeys.conftest import Cli

from stopship.app.workspace import Workspace
from stopship.model import Program
from stopship.sources.catalogue import describe, parse
from stopship.sources.custom.mapping import read_mapping
from stopship.sources.custom.package import pack
from stopship.sources.expectations import check_expectations

MAPPINGS = Path(str(resources.files("stopship") / "examples" / "mappings"))
# File of the development data -> rows, for each mapping that reads a list of the US.
TABLES = {
    "us_uflpa": ("us_uflpa/uflpa_entity_list.csv", 148),
    "us_1260h": ("us_1260h/section_1260h.csv", 80),
    "us_1286": ("us_1286/section_1286.csv", 134),
    "us_cmic": ("us_cmic/ns_cmic.csv", 68),
    "us_cmic_annex": ("us_cmic/eo_14032_annex.csv", 59),
    "us_bis_meu": ("us_bis_meu/military_end_user_list.csv", 70),
    "us_fcc_covered": ("us_fcc_covered/covered_list.csv", 15),
    "us_cbp_wro": ("us_cbp_wro/withhold_release_orders_findings.csv", 67),
    "us_ddtc_debarred": ("us_ddtc_debarred/statutory_debarred.csv", 779),
    "us_ddtc_administrative": ("us_ddtc_debarred/administrative_debarred.csv", 8),
    "us_isn": ("us_isn/nonproliferation_sanctions.csv", 528),
    "us_bis_entity_list": ("us_bis_entity_list/entity_list.jsonl.gz", 3409),
}

SIMPLE = "format: 1\nname: {name}\ncolumns:\n  id: id\n  name: name\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def put(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return put


Write = Callable[[str, str], Path]


def test_a_spreadsheet_of_ones_own_is_imported_and_found(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "watch.xlsx"
    head = ["No.", "Party", "Also known as", "Nickname", "Kind", "Country", "Street", "Postal code", "City"]
    head += ["Register no.", "IMO", "Born", "Since", "Until", "Decision", "Why", "Entered by"]
    row = [
        "17",
        "Beispiel Umgehung GmbH",
        "Umgehung Holding; BU Trade",
        "",
        "C",
        "Germany",
        "Weg 1",
        "50667",
        "Köln",
    ]
    row += ["HRB 12345", "", "", "01.02.2024", "", "Memo 4", "Diverted a shipment", "mm"]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Parties")
        sheet.write(0, 0, "Our watch list")
        sheet.write_row(2, 0, head)
        sheet.write_row(3, 0, row)
    said = cli("lists", "import", "custom", path, "--mapping", MAPPINGS / "watchlist.yml", "--json")
    assert said.code == 0, said.err
    assert (said.json["source"], said.json["rows"], said.json["loaded"]) == ("custom.watchlist", 1, 1)
    status = cli("lists", "status", "--json").json["lists"]
    assert [(s["source"], s["title"], s["limit_days"]) for s in status] == [
        ("custom.watchlist", "Our own watch list", 90)
    ]
    decision = cli("check", "--party", "purchaser=BU Trade", "--to", "DE", "--item", "EAR99", "--json")
    assert decision.code == 1
    found = next(f for f in decision.json["findings"] if f["entity_id"] == "17")
    assert (decision.json["outcome"], found["program"]) == ("review", "custom.watchlist")
    assert found["listing"]["citation"] == "Memo 4" and found["listing"]["source"] == "custom.watchlist"
    # A list of one's own says its age limit itself, which the index knows: replaying must know it, too.
    saved = tmp_path / "decision.json"
    saved.write_text(decision.out, "utf-8")
    replayed = cli("replay", saved)
    assert replayed.code == 0, replayed.out


def test_lists_side_by_side_keep_apart(cli: Cli, write: Write) -> None:
    for name, party in (("red", "Zinnober Logistik GmbH"), ("blue", "Kobalt Logistik GmbH")):
        mapping = write(f"{name}.yml", SIMPLE.format(name=name))
        rows = write(f"{name}.csv", f"id,name\n{name}-1,{party}\n")
        assert cli("lists", "import", "custom", rows, "--mapping", mapping).code == 0
    decision = cli("check", "--party", "purchaser=Zinnober Logistik GmbH", "--to", "DE", "--json").json
    assert [x["source"] for x in decision["lists"]] == ["custom.blue", "custom.red"]
    assert {f["program"] for f in decision["findings"] if f["entity_id"]} == {"custom.red"}
    # The same id in two lists is taken as given, and said.
    rows = write("red2.csv", "id,name\nblue-1,Zinnober Logistik GmbH\n")
    said = cli("lists", "import", "custom.red", rows)
    assert said.code == 0
    assert "'blue-1' in custom.blue" in " ".join(said.out.split())


def test_the_mapping_is_kept_for_the_next_import_and_for_reading_it_again(
    cli: Cli, home: Path, write: Write
) -> None:
    mapping = write("red.yml", SIMPLE.format(name="red"))
    rows = write("red.csv", "id,name\n1,Zinnober Logistik GmbH\n2,Karmin AG\n")
    first = cli("lists", "import", "custom", rows, "--mapping", mapping, "--json").json
    mapping.unlink()
    again = cli("lists", "import", "custom.red", rows, "--json").json
    assert again["snapshot"] == first["snapshot"]
    workspace = Workspace(home, today=datetime.now(UTC).date())
    snapshot = workspace.archive.current("custom.red")
    assert snapshot is not None
    parsed = parse("custom.red", workspace.archive.raw(snapshot), snapshot.filename)
    assert parsed.entities == tuple(workspace.archive.entities(snapshot))
    # Another mapping reads the same file in another way: that is another snapshot.
    other = write("red.yml", SIMPLE.format(name="red") + "program: us.sdn\n")
    changed = cli("lists", "import", "custom.red", rows, "--mapping", other, "--json").json
    assert changed["snapshot"] != first["snapshot"]


def test_what_is_missing_is_said_in_one_line(cli: Cli, write: Write) -> None:
    rows = write("red.csv", "id,name\n1,Zinnober Logistik GmbH\n")
    assert "--mapping MAPPING.yml" in cli("lists", "import", "custom", rows).refused()
    assert "was not imported before" in cli("lists", "import", "custom.red", rows).refused()
    mapping = write("red.yml", SIMPLE.format(name="red"))
    assert "needs no mapping" in cli("lists", "import", "us_csl", rows, "--mapping", mapping).refused()
    assert (
        "is of custom.red, not of custom.blue"
        in cli("lists", "import", "custom.blue", rows, "--mapping", mapping).refused()
    )
    assert "unknown source 'custom.'" in cli("lists", "import", "custom.", rows, "--mapping", mapping).refused()
    bad = write("bad.csv", "id,name,colour\n1,Zinnober Logistik GmbH,red\n")
    line = cli("lists", "import", "custom", bad, "--mapping", mapping).refused()
    assert "new column 'colour'" in line and "name it under ignore" in line
    assert cli("lists", "status", "--json").json["lists"][0]["source"] == "starter"


def test_a_list_beyond_its_mappings_age_limit_is_stale(cli: Cli, write: Write) -> None:
    mapping = write("red.yml", SIMPLE.format(name="red") + "limit_days: 10\n")
    rows = write("red.csv", "id,name\n1,Zinnober Logistik GmbH\n")
    cli("lists", "import", "custom", rows, "--mapping", mapping, "--published", "2026-01-01")
    decision = cli(
        "check", "--party", "purchaser=Nobody Known", "--to", "DE", "--as-of", "2026-02-01", "--json"
    ).json
    assert decision["outcome"] == "indeterminate" and decision["lists"][0]["stale"]
    fresh = cli("check", "--party", "purchaser=Nobody Known", "--to", "DE", "--as-of", "2026-01-05", "--json").json
    assert not fresh["lists"][0]["stale"]


def test_every_shipped_mapping_is_one() -> None:
    read = {path.stem: read_mapping(path.read_bytes(), path.name) for path in sorted(MAPPINGS.glob("*.yml"))}
    assert {name for name, mapping in read.items() if mapping.name != name} == set()
    assert set(read) == {*TABLES, "watchlist"}
    programs = {name: mapping.program for name, mapping in read.items()}
    assert programs["us_uflpa"] == Program.US_UFLPA and programs["us_1286"] == "custom.us_1286"


@pytest.mark.bigdata
@pytest.mark.parametrize("name", TABLES)
def test_the_simple_tables_are_read_by_their_mappings(name: str, big_data: Path) -> None:
    file, rows = TABLES[name]
    package = pack((big_data / "lists" / file).read_bytes(), (MAPPINGS / f"{name}.yml").read_bytes(), file)
    parsed = parse(f"custom.{name}", package, file)
    assert (parsed.rows, parsed.loaded, parsed.rejects) == (rows, rows, ())
    check_expectations(parsed, describe(f"custom.{name}", package))
    assert sum(len(e.listings) for e in parsed.entities) == rows
    dated = [x for e in parsed.entities for x in e.listings if x.start]
    assert name == "us_1286" or len(dated) >= 0.95 * rows


@pytest.mark.bigdata
@pytest.mark.slow
def test_rules_fire_on_a_program_that_a_mapping_names(cli: Cli, big_data: Path) -> None:
    for name in ("us_uflpa", "us_1260h"):
        file, _ = TABLES[name]
        mapping = MAPPINGS / f"{name}.yml"
        assert cli("lists", "import", "custom", big_data / "lists" / file, "--mapping", mapping).code == 0
    sale: Any = cli(
        "check", "--party", "other=Hetian Taida Apparel Co., Ltd", "--to", "US", "--as-of", "2026-08-01", "--json"
    ).json
    assert "us.customs.uflpa" in {f["rule"] for f in sale["findings"]}
    assert sale["outcomes_by_scope"]["import"] == "prohibited"
