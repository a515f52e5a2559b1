"""What a listing prints as measures: known ones, and `unknown` wherever something isn't."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from stopship.model import Listing
from stopship.rules import Rulebook
from stopship.rules.measures import Measure, measures_of
from stopship.sources.catalogue import parse


def printed(program: str, *tags: str) -> set[str]:
    return {measure.value for measure in measures_of(Listing("example", program, "Example", tags=tags))}


@pytest.mark.parametrize(
    ("program", "tags", "expected"),
    [
        ("uk.sl", ["Asset freeze", "Travel Ban"], {"asset_freeze", "travel_ban"}),
        ("uk.sl", ["TRAVEL  BAN"], {"travel_ban"}),
        ("uk.sl", ['Shipping sanctions: (see "Other information")'], {"transport"}),
        ("uk.sl", ['Transport sanctions: see "Other information"'], {"transport"}),
        ("uk.sl", ['Internet Services Sanctions: see "Other Information"'], {"business"}),
        ("uk.sl", ["Travel Ban", "Visa Levy"], {"travel_ban", "unknown"}),
        ("uk.sl", ["not an asset freeze"], {"unknown"}),
        ("uk.sl", [], {"unknown"}),
        ("au.dfat", ["Autonomous (Iran)", "Travel Ban"], {"travel_ban"}),
        (
            "au.dfat",
            ["Autonomous (Iran)", "Targeted Financial Sanction", "Arms Embargo"],
            {"asset_freeze", "arms_embargo"},
        ),
        ("au.dfat", ["Autonomous (Iran)"], {"unknown"}),
        ("ch.seco", ["Belarus", "article 12 -- Financial sanctions"], {"asset_freeze"}),
        ("ch.seco", ["Belarus", "article 14 -- Ban on entry and transit"], {"travel_ban"}),
        (
            "ch.seco",
            ["Iran", "Art. 3 para. 1 (Financial sanctions) and art. 4 para. 1 (Travel ban)"],
            {"asset_freeze", "travel_ban"},
        ),
        ("ch.seco", ["Iran", "article 4 -- Travel ban, and another thing"], {"travel_ban", "unknown"}),
        ("ch.seco", ["Iran", "Artikel 12"], {"unknown"}),
        ("ch.seco", ["Iran", "annex 2"], {"unknown"}),
        ("ch.seco", ["Iran"], {"unknown"}),
        ("eu.fsf", ["RUS", "Travel Ban"], {"unknown"}),
        ("un.sc", [], {"unknown"}),
        ("ca.sema", ["Travel Ban"], {"unknown"}),
        ("custom.list", ["Travel Ban"], {"unknown"}),
    ],
)
def test_measures(program: str, tags: list[str], expected: set[str]) -> None:
    assert printed(program, *tags) == expected


def test_every_measure_has_a_rule_that_speaks_of_it() -> None:
    spoken = {m for rule in Rulebook.load().rules for v in rule.versions for m in v.when.listing.measures}
    assert spoken == set(Measure)


@pytest.mark.bigdata
def test_every_measure_of_the_real_list_is_known(big_data: Path) -> None:
    data = gzip.decompress((big_data / "lists/uk/UK-Sanctions-List.csv.gz").read_bytes())
    listings = [one for entity in parse("uk_sl", data).entities for one in entity.listings]
    assert not [one.tags for one in listings if Measure.UNKNOWN in measures_of(one)]
    assert 650 < sum(Measure.ASSET_FREEZE not in measures_of(one) for one in listings) < 700
