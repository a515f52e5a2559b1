"""The bundled starter list: 28 entities, complete and labelled."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.errors import ListFileError, SourceDrift
from stopship.model import NameKind, Schema
from stopship.sources.catalogue import catalogue, parse, starter_bytes
from stopship.sources.contract import ParsedList
from stopship.sources.expectations import check_expectations
from stopship.sources.identity import entity_id


@pytest.fixture(scope="module")
def starter() -> ParsedList:
    return parse("starter", starter_bytes(), "entities.yml")


def test_it_holds_the_28_entities_of_the_rule(starter: ParsedList) -> None:
    assert (starter.rows, starter.loaded, len(starter.entities)) == (28, 28, 28)
    assert starter.published == date(2026, 7, 31)
    listings = [listing for entity in starter.entities for listing in entity.listings]
    assert {(x.source, x.program, x.start) for x in listings} == {("starter", "us.el", date(2019, 10, 9))}
    assert all("Starter list, not for real screening" in x.remarks for x in listings)
    assert all(x.citation.startswith("84 FR 540") for x in listings)
    assert all(entity.countries == ("CN",) and entity.addresses for entity in starter.entities)
    kinds = [entity.schema for entity in starter.entities]
    assert (kinds.count(Schema.COMPANY), kinds.count(Schema.PUBLIC_BODY)) == (8, 20)
    assert check_expectations(starter, catalogue()["starter"]) == ()


def test_doubts_stand_in_the_caveat(starter: ParsedList) -> None:
    doubtful = {entity.caption for entity in starter.entities if entity.listings[0].caveat}
    assert doubtful == {"Dahua Technology", "Hami Municipality Public Security Bureau"}
    policies = {entity.caption: entity.listings[0].license_policy for entity in starter.entities}
    assert policies["Dahua Technology"] == "Presumption of denial"
    assert sum(policy.startswith("Case-by-case review for ECCNs") for policy in policies.values()) == 27


def test_aliases_of_both_publications_are_kept(starter: ParsedList) -> None:
    hami = next(e for e in starter.entities if e.caption.startswith("Hami"))
    assert {name.text for name in hami.names if name.kind is NameKind.ALIAS} == {
        "Kumul Municipality Public Security Bureau",
        "Qumul Municipality Public Security Bureau",
        "Qumul Municipality Public Security",
    }


def test_ids_are_made_by_the_common_recipe(starter: ParsedList) -> None:
    for entity in starter.entities:
        assert entity.id == entity_id("us.el", name=entity.caption, country="CN")


def test_the_catalogue_labels_it() -> None:
    info = catalogue()["starter"]
    assert (info.kind, info.limit_days) == ("starter", None)
    assert "not for real screening" in info.title


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("    policy: denial\n", "    policies: denial\n", SourceDrift),
        ("    policy: denial\n", "", SourceDrift),
        ("    policy: denial\n", "    policy: nonsense\n", ListFileError),
        ("start: ", "begin: ", SourceDrift),
        ("entities:\n", "entities: [[[\n", ListFileError),
        ("entities:\n", "entities: text\nmore:\n", ListFileError),
        ("country: CN", "country: XX", ListFileError),
    ],
)
def test_a_spoilt_file_is_refused_in_one_line(old: str, new: str, error: type[ListFileError]) -> None:
    text = starter_bytes().decode("utf-8")
    assert old in text
    with pytest.raises(error) as caught:
        parse("starter", text.replace(old, new, 1).encode("utf-8"), "entities.yml")
    assert "\n" not in str(caught.value)
