"""Law that isn't covered: said where it could matter, and no `clear` where it most likely does."""

from __future__ import annotations

import pytest

from stopship.errors import OrderError, RulebookError
from stopship.rules import Outcome
from stopship.rules.coverage import coverage
from stopship.rules.gaps import read_gaps

DE = {"country": "DE", "us_person": "false"}


def order(exporter=DE, to="IN", eccn="6A003", facts=None, **more):
    item = {"eccn": eccn, "origin": "DE", "us_content_percent": "0"} | more.pop("item", {})
    parties = [{"role": "end_user", "name": "Muster AG", "country": to}]
    return {
        "exporter": exporter,
        "destination": to,
        "parties": parties,
        "items": [item],
        "facts": facts or {},
        **more,
    }


def barred(desk, plain):
    """The facts that gaps wait for."""
    outcome, _, found = desk.decide(plain)
    facts = [fact for f in found.findings for fact in f.missing_facts if fact.startswith("law.")]
    assert not facts or outcome.rank <= Outcome.INDETERMINATE.rank
    return facts


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (order(eccn=None, item={"usml": "XI(c)"}), ["law.eu.common-military-list"]),
        (order({"country": "GB"}, eccn=None, item={"usml": "XI(c)"}), ["law.other.military-lists"]),
        (order(eccn=None, item={"usml": "XI(c)"}, direction="import"), []),
        (order(), []),  # a rule asks for the exporter's own list
        (order(eccn="EAR99", to="RU"), []),
        (order({"country": "US"}), []),
        (order({"country": "US"}, eccn=None, item={"usml": "XI(c)"}), []),
    ],
)
def test_what_bars_a_clear(desk, plain, expected):
    assert barred(desk, plain) == expected


def test_the_answer_of_a_person_counts(desk):
    key, arms = "law.eu.common-military-list", {"eccn": None, "item": {"usml": "XI(c)"}}

    def of_the_gap(plain):
        _, _, found = desk.decide(plain)
        return [f for f in found.findings if f.rule == key.removeprefix("law.")], found.assumptions

    [finding], _ = of_the_gap(order(**arms))
    assert finding.outcome is Outcome.INDETERMINATE
    assert finding.citations and "military goods" in finding.text and finding.status == "unconfirmed"
    free, assumptions = of_the_gap(order(facts={key: "no"}, **arms))
    assert free == []
    assert any("no license is required, as the order states" in line for line in assumptions)
    [finding], _ = of_the_gap(order(facts={key: "yes"}, **arms))
    assert finding.outcome is Outcome.LICENSE_REQUIRED
    for covers, outcome in (("eu", Outcome.CONDITIONS), ("us.ear", Outcome.LICENSE_REQUIRED)):
        facts = {key: "yes", "license.0.covers_order": "yes"}
        [finding], _ = of_the_gap(order(facts=facts, licenses=[{"number": "E1", "covers": [covers]}], **arms))
        assert finding.outcome is outcome


def test_only_what_bars_has_a_fact(desk):
    with pytest.raises(OrderError, match="no rule knows this fact"):
        desk.decide(order(facts={"law.us.ear.deemed-exports": "no"}))


@pytest.mark.parametrize(
    ("plain", "topic"),
    [
        (order({"country": "US"}, eccn="5D002"), "deemed exports"),
        (order({"country": "US"}, eccn="EAR99", to="SA"), "antiboycott"),
        (order(eccn="EAR99"), "control list of the exporter's country"),
        (order(to="FR"), "Annex IV"),
        (order({"country": "US"}, eccn="EAR99", to="VE"), "OFAC's bans"),
        (order(eccn="EAR99", to="CU"), "blocking statute"),
        (order(eccn="EAR99", to="RU"), "EU bans on goods"),
        (order({"country": "NO"}, eccn="EAR99", to="BY"), "bans on goods of other countries"),
        (order({"country": "US"}, to="US", direction="import"), "US import law"),
    ],
)
def test_what_is_only_said(desk, plain, topic):
    _, _, found = desk.decide(plain)
    lines = [line for line in found.assumptions if line.startswith("not in the rulebook: ")]
    assert any(topic in line for line in lines), found.assumptions
    elsewhere = desk.decide(order({"country": "US"}, eccn="EAR99", to="GB"))[2]
    assert not any(line.startswith("not in the rulebook") for line in elsewhere.assumptions)


def test_an_ordinary_sale_from_the_united_states_can_be_clear(desk):
    outcome, _, found = desk.decide(order({"country": "US"}, eccn="EAR99", to="GB"))
    assert outcome is Outcome.CLEAR
    assert not found.findings


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("eu.x: {topic: a, says: b, bars_clear: yes, asks: c}", "must say where"),
        ("eu.x: {topic: a, says: b, bars_clear: yes, where: {exporters: [DE]}}", "asks"),
        ("eu.x: {topic: a, says: b, where: {items: [chairs]}}", "items"),
        ("eu.x: {topic: a, says: b, where: {exporter: [DE]}}", "unknown field"),
        ("eu.x: {topic: a}", "says"),
    ],
)
def test_a_malformed_gap_is_refused(text, problem):
    with pytest.raises(RulebookError, match=problem):
        read_gaps(text, "not-covered.yml")


def test_coverage_counts_every_rule_once_and_names_what_is_missing(book):
    found = coverage(book)
    assert sum(len(share.rules) for share in found.regimes) == len(found.whole.rules) == len(book.rules)
    assert found.whole.versions == sum(len(rule.versions) for rule in book.rules)
    assert 0 < found.whole.verified_share < 1
    assert {share.name for share in found.programs} >= {"us.el", "eu.fsf", "un.sc"}
    assert set(found.unruled).isdisjoint(book.ruled_programs)
    plain = found.to_plain()
    assert len(plain["not_covered"]) == len(book.gaps)
    assert {gap["id"] for gap in plain["not_covered"] if gap["bars_clear"]} >= {"eu.common-military-list"}
    [el] = [share for share in plain["programs"] if share["name"] == "us.el"]
    assert "us.ear.744.entity-list" in el["rules"]
