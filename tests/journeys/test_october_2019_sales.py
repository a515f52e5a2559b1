"""An exporter asks, with flags alone, what October 2019 means for a sale."""

from __future__ import annotations

import pytest
from tests.journeys.conftest import Cli

DENIAL, CASE = "presumption_of_denial", "case_by_case"


@pytest.mark.parametrize(
    ("name", "eccn", "policy"),
    [
        ("Hangzhou Hikvision Digital Technology Co., Ltd.", "6A993", DENIAL),
        ("Dahua Technology", "EAR99", DENIAL),
        ("Dahua Technology", "2A983", DENIAL),
        ("Megvii Technology", "2A983", CASE),
        ("IFLYTEK", "5D992", DENIAL),
        ("Urumqi Municipal Public Security Bureau", "2A983", CASE),
        ("Xinjiang Police College", "EAR99", DENIAL),
    ],
)
def test_flags_alone_tell_outcome_and_policy(cli: Cli, name: str, eccn: str, policy: str) -> None:
    flags = ("--party", f"end_user={name}", "--item", eccn, "--to", "CN", "--country", "CN")
    said = cli("check", *flags, "--as-of", "2026-03-01", "--json")
    assert said.code == 1
    assert said.json["outcome"] == "license_required"
    found = [f for f in said.json["findings"] if f["rule"] == "us.ear.744.entity-list"]
    assert {(f["review_policy"], f["match"]) for f in found} == {(policy, "confirmed")}


@pytest.mark.parametrize(("day", "listed"), [("2019-10-08", False), ("2019-10-09", True), ("2026-03-01", True)])
def test_the_date_decides_whether_it_is_listed(cli: Cli, day: str, listed: bool) -> None:
    flags = ("--party", "end_user=Yitu Technologies", "--item", "6A993", "--to", "CN", "--country", "CN")
    said = cli("check", *flags, "--as-of", day, "--json")
    assert any(f["program"] == "us.el" for f in said.json["findings"]) is listed
    # On the starter list alone nothing is ever clear.
    assert said.code == 1
