"""An officer imports the official list, checks an order on it, and sees how old it is."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Cli

from stopship.sources.catalogue import catalogue

Order = Callable[[Any], Path]
COLUMNS = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
]
EL = "Entity List (EL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
DPL = "Denied Persons List (DPL) - Bureau of Industry and Security"


def csl(*rows: dict[str, str]) -> bytes:
    """A Consolidated Screening List in the official layout."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


ROWS = (
    {
        "source": EL,
        "name": "Fiktiv Optics Research Institute",
        "addresses": "9 Sample Road, Exampletown, China, CN",
        "start_date": "2020-01-15",
        "federal_register_notice": "85 FR 1234",
        "license_requirement": "For all items subject to the EAR. (See §744.11 of the EAR)",
        "license_policy": "Presumption of denial",
    },
    {
        "source": SDN,
        "entity_number": "99001",
        "type": "Entity",
        "programs": "SDGT",
        "name": "MUSTERHAFEN SHIPPING LLC",
    },
    {
        "source": DPL,
        "name": "PRIMER PAST TRADING",
        "addresses": "US",
        "start_date": "2010-01-01",
        "end_date": "2020-01-01",
        "standard_order": "Y",
    },
)


@pytest.fixture
def imported(cli: Cli, tmp_path: Path) -> Path:
    path = tmp_path / "consolidated.csv"
    path.write_bytes(csl(*ROWS))
    said = cli("lists", "import", "us_csl", path, "--published", "2026-07-31", "--accept")
    assert said.code == 0, said.err
    assert "3 rows = 3 loaded + 0 rejected" in said.out
    return path


def decide(cli: Cli, order: Order, name: str, day: str, *more: object, **fields: Any) -> Any:
    plain = {"destination": "DE", "parties": [{"role": "end_user", "name": name}], "items": [{"eccn": "EAR99"}]}
    return cli("check", order({**plain, **fields}), "--as-of", day, "--json", *more).json


def test_an_imported_list_decides_and_replaces_the_starter(cli: Cli, order: Order, imported: Path) -> None:
    decision = decide(cli, order, "Muster Maschinenbau GmbH", "2026-08-01")
    assert decision["outcome"] == "clear"
    assert [(s["source"], s["age_days"], s["stale"], s["basis"]) for s in decision["lists"]] == [
        ("us_csl", 1, False, "snapshot")
    ]
    assert decision["lists"][0]["published"] == "2026-07-31"
    assert decide(cli, order, "Hikvision", "2026-08-01")["outcome"] == "clear", (
        "the starter list is no longer used"
    )
    blocked = decide(cli, order, "Musterhafen Shipping L.L.C.", "2026-08-01")
    assert blocked["outcome"] == "prohibited"
    assert blocked["outcomes_by_scope"]["finance"] == "prohibited"
    assert {f["rule"] for f in blocked["findings"] if f["entity_id"] == "us.sdn-99001"} >= {"us.ofac.sdn"}


def test_check_exits_0_only_for_clear(cli: Cli, order: Order, imported: Path) -> None:
    plain = {
        "destination": "DE",
        "parties": [{"role": "end_user", "name": "Muster GmbH"}],
        "items": [{"eccn": "EAR99"}],
    }
    assert cli("check", order(plain), "--as-of", "2026-08-01").code == 0
    assert cli("check", order(plain), "--as-of", "2026-11-01").code == 1


def test_a_stale_list_never_says_clear_unless_a_reason_is_given(cli: Cli, order: Order, imported: Path) -> None:
    limit = catalogue()["us_csl"].limit_days
    assert limit is not None
    decision = decide(cli, order, "Muster Maschinenbau GmbH", "2026-10-31")
    assert decision["outcome"] == "indeterminate"
    assert decision["lists"][0]["stale"]
    assert "us_csl" in decision["findings"][0]["text"]
    still = decide(cli, order, "Fiktiv Optics Research Institute", "2026-10-31")
    assert still["outcome"] == "license_required", "a stale list still matches"
    allowed = decide(cli, order, "Muster Maschinenbau GmbH", "2026-10-31", "--allow-stale", "publisher is down")
    assert allowed["outcome"] == "clear"
    assert any("publisher is down" in line for line in allowed["assumptions"])
    assert allowed["settings"] != decision["settings"]


def test_lists_are_cut_by_their_own_dates_where_no_old_snapshot_is_held(
    cli: Cli, order: Order, imported: Path
) -> None:
    assert decide(cli, order, "Fiktiv Optics Research Institute", "2020-01-14")["outcome"] == "clear"
    assert decide(cli, order, "Fiktiv Optics Research Institute", "2020-01-15")["outcome"] == "license_required"
    undated = decide(cli, order, "MUSTERHAFEN SHIPPING LLC", "2011-01-01")
    assert undated["outcome"] == "prohibited", "a listing without a start counts on every date"
    assert undated["lists"][0]["basis"] == "listing_dates"


def test_a_listing_past_its_printed_end_is_reviewed_not_silent(cli: Cli, order: Order, imported: Path) -> None:
    before = decide(cli, order, "Primer Past Trading", "2019-06-01")
    assert before["outcome"] == "prohibited"
    after = decide(cli, order, "Primer Past Trading", "2026-08-01")
    assert after["outcome"] == "review"
    assert any("has passed" in f["text"] for f in after["findings"])


def test_the_last_snapshot_on_or_before_the_date_is_used(
    cli: Cli, order: Order, imported: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.csv"
    newer.write_bytes(csl(*ROWS[1:], {**ROWS[0], "name": "Beispiel Laser Works"}))
    assert cli("lists", "import", "us_csl", newer, "--published", "2026-09-15", "--accept").code == 0
    old = decide(cli, order, "Fiktiv Optics Research Institute", "2026-08-02")
    new = decide(cli, order, "Fiktiv Optics Research Institute", "2026-09-16")
    assert (old["outcome"], new["outcome"]) == ("license_required", "clear")
    assert old["lists"][0]["snapshot"] != new["lists"][0]["snapshot"]
    assert old["index"] != new["index"]


def test_status_and_doctor_tell_age_and_what_to_do(cli: Cli, imported: Path) -> None:
    status = cli("lists", "status", "--json").json["lists"]
    assert [(s["source"], s["entries"], s["published"]) for s in status] == [("us_csl", 3, "2026-07-31")]
    assert "us_csl" in cli("lists", "status").out
    found = cli("doctor", "--json").json
    assert found["problems"] == []
    assert found["rulebook"]["rules"] > 5
    assert any("us_csl is" in step for step in found["next"])


def test_without_lists_doctor_names_the_first_step(cli: Cli) -> None:
    assert "lists import us_csl" in cli("doctor").out
    assert cli("lists", "status", "--json").json["lists"][0]["source"] == "starter"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04xxxx", "XLSX"),
        (b"<html><body>moved</body></html>", "HTML"),
        ("_id,source\n".encode("utf-16"), "UTF-16"),
        (csl(*ROWS).replace(b"Fiktiv", b"Fikt\xfc"), "UTF-8"),
        (csl(*ROWS)[:-40], "cut short"),
        (gzip.compress(csl(*ROWS), mtime=0)[:-30], "gzip"),
        (csl(*ROWS).replace(b'"license_policy"', b'"licence_policy"'), "licence_policy"),
        (csl({**ROWS[0], "remarks": "x" * 10_000_000}), "remarks"),
        (csl(*ROWS), "--accept"),
    ],
)
def test_a_bad_list_file_is_one_line_and_changes_nothing(
    cli: Cli, tmp_path: Path, home: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "consolidated.csv"
    path.write_bytes(content)
    line = cli("lists", "import", "us_csl", path).refused()
    assert words.lower() in line.lower(), line
    assert not list(home.rglob("*.json*")) if home.exists() else True


def test_unknown_sources_files_and_dates_are_refused(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "consolidated.csv"
    path.write_bytes(csl(*ROWS))
    assert "us_csl" in cli("lists", "import", "us_cls", path).refused()
    assert "starter" in cli("lists", "import", "starter", path).refused()
    assert "no such file" in cli("lists", "import", "us_csl", tmp_path / "none.csv").refused()
    assert "--published" in cli("lists", "import", "us_csl", path, "--published", "31.7.2026").refused()
    assert "future" in cli("lists", "import", "us_csl", path, "--published", "2999-01-01").refused()


def test_a_damaged_index_is_made_again_and_a_damaged_snapshot_is_told(
    cli: Cli, order: Order, imported: Path, home: Path
) -> None:
    first = decide(cli, order, "Musterhafen Shipping LLC", "2026-08-01")
    for path in (home / "indexes").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert decide(cli, order, "Musterhafen Shipping LLC", "2026-08-01") == first
    for path in (home / "snapshots").rglob("entities*"):
        path.write_bytes(b"broken")
    for path in (home / "indexes").rglob("*"):
        if path.is_file():
            path.unlink()
    plain = {"parties": [{"role": "end_user", "name": "Musterhafen Shipping LLC"}]}
    assert "snapshot" in cli("check", order(plain), "--as-of", "2026-08-01").refused()
