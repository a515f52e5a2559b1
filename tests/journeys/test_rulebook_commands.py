"""Who reads the rulebook: what it covers and how it stood on a day."""

from __future__ import annotations

from tests.journeys.conftest import Cli

AFFILIATES = "us.ear.744.affiliates"


def test_coverage_for_people_and_for_programs(cli: Cli) -> None:
    page = cli("rules", "coverage")
    assert page.code == 0
    assert "Not covered" in page.out
    assert "law.eu.common-military-list" in page.out
    plain = cli("rules", "coverage", "--json").json
    assert {share["name"] for share in plain["regimes"]} >= {"us.ear", "us.ofac"}
    assert all(share["verified"] <= share["versions"] for share in plain["regimes"])
    assert plain["whole"]["versions"] == sum(share["versions"] for share in plain["regimes"])
    assert [gap["id"] for gap in plain["not_covered"] if gap["bars_clear"] and not gap["fact"]] == []


def test_the_rulebook_on_a_day(cli: Cli) -> None:
    before = cli("rules", "show", "--as-of", "2025-09-28", "--json").json["rules"]
    after = cli("rules", "show", "--as-of", "2025-09-29", "--json").json["rules"]
    ids = [{row["id"] for rows in found.values() for row in rows} for found in (before, after)]
    assert ids[1] - ids[0] >= {AFFILIATES}
    one = cli("rules", "show", AFFILIATES, "--as-of", "2025-11-10", "--json").json
    assert [version["status"] for version in one["versions"]] == ["suspended"]
    assert "was not in force on 2025-09-28" in cli("rules", "show", AFFILIATES, "--as-of", "2025-09-28").refused()


def test_what_changed_between_two_days(cli: Cli) -> None:
    said = cli("rules", "show", AFFILIATES, "--since", "2025-09-28", "--as-of", "2025-11-10", "--json").json
    assert [(c["day"], c["what"]) for c in said] == [("2025-09-29", "begins"), ("2025-11-10", "is replaced")]
    assert "2026-11-10" in cli("rules", "show", "--since", "2025-11-10").out
    assert "is not a date" in cli("rules", "show", "--since", "yesterday").refused()
