"""A newcomer screens a first sale: out of the box, on the bundled starter list, with no home at all."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.journeys.conftest import Cli

from stopship.screening import json_schema

Order = Callable[[Any], Path]

HIKVISION = {"role": "end_user", "name": "Hangzhou Hikvision Digital Technology Co., Ltd.", "country": "CN"}


def sale(*parties: dict[str, Any], eccn: str = "6A993", **more: Any) -> dict[str, Any]:
    return {"destination": "CN", "parties": list(parties), "items": [{"eccn": eccn}], **more}


def test_a_camera_for_hikvision_needs_a_license_with_a_presumption_of_denial(cli: Cli, order: Order) -> None:
    said = cli("check", order(sale(HIKVISION)), "--as-of", "2026-08-01", "--json")
    assert said.code == 1
    decision = said.json
    jsonschema.validate(decision, json_schema())
    assert decision["outcome"] == decision["outcomes_by_scope"]["export"] == "license_required"
    finding = next(f for f in decision["findings"] if f["rule"] == "us.ear.744.entity-list")
    assert finding["review_policy"] == "presumption_of_denial"
    assert finding["match"] == "confirmed"
    assert finding["band"] == "exact"
    assert finding["item"] == 0
    assert finding["program"] == "us.el"
    assert "presumption of denial" in finding["listing"]["license_policy"]
    assert any("744.11" in c["text"] or "84 FR 54002" in c["text"] for c in finding["citations"])
    assert all(c["url"].startswith("https://") for c in finding["citations"])


def test_an_explosives_detector_for_hikvision_is_reviewed_case_by_case(cli: Cli, order: Order) -> None:
    decision = cli("check", order(sale(HIKVISION, eccn="2A983")), "--as-of", "2026-08-01", "--json").json
    policies = {f["review_policy"] for f in decision["findings"] if f["rule"] == "us.ear.744.entity-list"}
    assert policies == {"case_by_case"}


def test_the_page_says_outcome_reason_law_and_lists(cli: Cli, order: Order) -> None:
    said = cli("check", order(sale(HIKVISION)), "--as-of", "2026-08-01")
    assert said.code == 1
    lines = said.out.splitlines()
    assert lines[0].startswith("LICENSE REQUIRED")
    text = re.sub(r"\s+", " ", said.out)
    assert "For all items subject to the EAR. (See §744.11 of the EAR)" in text
    assert "presumption of denial" in text
    assert "https://www.ecfr.gov/current/title-15/section-744.11" in said.out
    assert "starter" in text
    assert "us.ear.744.entity-list" in said.out


def test_before_the_day_of_the_listing_it_was_not_listed(cli: Cli, order: Order) -> None:
    for day, rules in (("2019-10-08", set()), ("2019-10-09", {"us.ear.744.entity-list"})):
        decision = cli("check", order(sale(HIKVISION)), "--as-of", day, "--json").json
        assert {f["rule"] for f in decision["findings"] if f["program"] == "us.el"} >= rules
        assert bool([f for f in decision["findings"] if f["program"] == "us.el"]) is bool(rules)
        assert decision["lists"][0]["basis"] == "listing_dates"
        assert any("listings removed since" in line for line in decision["assumptions"])


def test_the_starter_list_alone_never_says_clear(cli: Cli, order: Order) -> None:
    nobody = {"role": "end_user", "name": "Muster Maschinenbau GmbH", "country": "DE"}
    said = cli("check", order({"destination": "DE", "parties": [nobody], "items": [{"eccn": "EAR99"}]}), "--json")
    assert said.code == 1
    assert said.json["outcome"] == "indeterminate"
    assert "starter list only" in said.json["findings"][0]["text"]


def test_every_role_address_and_owner_is_screened(cli: Cli, order: Order) -> None:
    buyer = {"role": "purchaser", "name": "Muster Maschinenbau GmbH", "country": "DE"}
    for role in (
        "purchaser",
        "intermediate_consignee",
        "ultimate_consignee",
        "end_user",
        "bank",
        "carrier",
        "other",
    ):
        decision = cli("check", order(sale(buyer, {**HIKVISION, "role": role})), "--json").json
        assert any(f["party"] == 1 and f["program"] == "us.el" for f in decision["findings"]), role
    owner = {"name": "Hikvision", "country": "CN", "share": "60"}
    nested = {**buyer, "owners": [{"name": "Muster Holding GmbH", "share": 100, "owners": [owner]}]}
    decision = cli("check", order(sale(nested)), "--json").json
    assert any(f["owner"] == "0.0" and f["program"] == "us.el" for f in decision["findings"])
    housed = {**buyer, "country": "CN", "address": "555 Qianmo Road, Binjiang District, Hangzhou"}
    decision = cli("check", order(sale(housed)), "--json").json
    assert any(f["party"] == 0 and f["outcome"] == "conditions" for f in decision["findings"])


def test_an_address_in_han_and_a_name_in_care_of_are_screened(cli: Cli, order: Order) -> None:
    buyer = {"role": "purchaser", "name": "Muster Maschinenbau GmbH", "country": "CN"}
    decision = cli("check", order(sale({**buyer, "address": "浙江省杭州市滨江区前莫路555号"})), "--json").json
    assert any(f["party"] == 0 and f["outcome"] == "conditions" for f in decision["findings"])
    care = {**buyer, "country": "DE", "address": "c/o Hikvision, Musterweg 1, Hamburg"}
    decision = cli("check", order(sale(care)), "--json").json
    found = [f for f in decision["findings"] if f["party"] == 0 and f["program"] == "us.el"]
    assert {f["match"] for f in found} == {"possible"}
    assert any("in the care of Hikvision" in line for f in found for line in f["evidence"])


def test_the_same_order_gives_the_same_bytes(cli: Cli, order: Order) -> None:
    path = order(sale(HIKVISION))
    first = cli("check", path, "--as-of", "2026-08-01", "--json").out
    assert cli("check", path, "--as-of", "2026-08-01", "--json").out == first


def test_flags_and_file_give_the_same_answer_and_home_goes_anywhere(cli: Cli, home: Path) -> None:
    flags = ("--party", "end_user=Hikvision", "--item", "6A993", "--to", "cn", "--json")
    after = cli("check", *flags, "--home", home)
    before = cli("--home", home, "check", *flags)
    assert after.code == 1
    assert after.out == before.out
    assert not home.exists(), "deciding on the starter list leaves nothing behind"


def test_yaml_reads_norway_and_item_codes_as_text(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "order.yaml"
    path.write_text(
        "destination: NO\nparties:\n"
        "  - {role: end_user, name: Hikvision, country: CN}\nitems:\n  - {eccn: 5E002}\n",
        "utf-8",
    )
    decision = cli("check", path, "--json").json
    assert decision["transaction"]["destination"] == "NO"
    assert decision["transaction"]["items"][0]["eccn"] == "5E002"


def test_a_reader_that_goes_away_never_makes_a_restriction_look_clear(home: Path) -> None:
    """`stopship check ... | head`: exit code 0 is for `clear` alone, also when nobody reads the page."""
    command = [sys.executable, "-m", "stopship", "--home", str(home), "check", "--party", "end_user=Hikvision"]
    process = subprocess.Popen(
        [*command, "--item", "6A993", "--to", "CN"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=60) == 1, said
    assert "Traceback" not in said


def test_the_demonstration_runs_and_exits_0(cli: Cli, home: Path) -> None:
    said = cli("demo")
    assert said.code == 0
    assert "LICENSE REQUIRED" in said.out
    assert "stopship lists update" in said.out
    assert "stopship demo --serve" in said.out
    assert not home.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"parties": [{"role": "buyer", "name": "A"}]}, "'buyer' is not a role"),
        ({"parties": [{"role": "bank", "name": "A"}], "colour": "red"}, "unknown field 'colour'"),
        ({"parties": [{"role": "bank", "name": "A", "country": "XX"}]}, "country"),
        ({"parties": [{"role": "bank", "name": "A"}], "date": "tomorrow"}, "date"),
        ({"parties": [{"role": "bank", "name": "A"}], "items": [{"eccn": "6A99"}]}, "ECCN"),
        ({}, "at least one party"),
    ],
)
def test_a_bad_order_is_one_line_and_exit_code_2(
    cli: Cli, order: Order, home: Path, content: Any, words: str
) -> None:
    path = order(content)
    line = cli("check", path, "--json").refused()
    assert words in line
    assert str(path) in line
    assert not home.exists()


def test_bad_options_are_one_line_and_exit_code_2(cli: Cli, order: Order, tmp_path: Path) -> None:
    path = order(sale(HIKVISION))
    assert "no such file" in cli("check", tmp_path / "none.yaml").refused()
    assert "--as-of" in cli("check", path, "--as-of", "soon").refused()
    assert "no order given" in cli("check").refused()
    assert "exclude" in cli("check", path, "--to", "CN").refused()
    assert "--allow-stale" in cli("check", path, "--allow-stale", " ").refused()
    assert "No such option" in cli("check", path, "--colour").refused()
    assert "No such command" in cli("chek").refused()
