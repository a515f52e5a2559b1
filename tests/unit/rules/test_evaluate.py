"""Evaluating orders: who is bound, what is asked, what is assumed."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.errors import OrderError, SettingsError
from stopship.model import Schema
from stopship.rules import Outcome, Scope

EL = {
    "program": "us.el",
    "start": date(2019, 10, 9),
    "license_requirement": "For all items subject to the EAR. (See §744.11 of the EAR)",
    "license_policy": "Presumption of denial",
}


def order(**fields):
    return {
        "destination": "CN",
        "end_use": "office use",
        "parties": [{"role": "end_user", "name": "Example", "country": "CN"}],
        "items": [{"eccn": "EAR99"}],
    } | fields


def rules_of(found):
    return {finding.rule for finding in found.findings}


def test_a_plain_order_is_clear_and_says_what_it_assumed(desk):
    outcome, by_scope, found = desk.decide(order(end_use=None))
    assert outcome is Outcome.CLEAR
    assert set(by_scope.values()) == {Outcome.CLEAR}
    assert found.assumptions == (
        "item 0: origin US",
        "owners: none known of party 0",
        "end use: not stated, none prohibited",
    )


def test_an_order_without_items_is_screened_for_parties(desk):
    plain = order(items=[])
    outcome, _, found = desk.decide(plain, desk.subject(plain, **EL))
    assert outcome is Outcome.LICENSE_REQUIRED
    assert found.findings[0].item is None
    assert any("parties only" in line for line in found.assumptions)
    assert desk.decide(plain)[0] is Outcome.CLEAR


@pytest.mark.parametrize("place", ["CU", "IR", "KP", "SY", "RU", "BY"])
@pytest.mark.parametrize("items", [[], [{"eccn": "EAR99"}], [{"eccn": "3A991"}], [{}], [{"origin": "US"}]])
def test_embargoed_destinations_are_never_clear(desk, place, items):
    assert desk.decide(order(destination=place, items=items))[0] is not Outcome.CLEAR


def test_one_finding_for_each_item(desk):
    plain = order(items=[{"eccn": "EAR99"}, {"eccn": "6A993"}])
    _, _, found = desk.decide(plain, desk.subject(plain, **EL))
    assert [f.item for f in found.findings if f.rule == "us.ear.744.entity-list"] == [0, 1]


@pytest.mark.parametrize(
    ("items", "named"),
    [
        ([{"eccn": "6A993"}], ["the item (6A993)"]),
        ([{"eccn": "6A993", "description": "thermal camera"}], ["thermal camera (6A993)"]),
        (
            [{"eccn": "6A993"}, {"eccn": "6A993", "description": "thermal camera"}],
            ["item 0 (6A993)", "item 1 thermal camera (6A993)"],
        ),
    ],
)
def test_an_item_has_a_number_only_where_there_are_several(desk, items, named):
    plain = order(items=items)
    _, _, found = desk.decide(plain, desk.subject(plain, **EL))
    texts = [f.text for f in found.findings if f.rule == "us.ear.744.entity-list"]
    assert [f"license is required for {name}." in text for name, text in zip(named, texts, strict=True)] == [
        True for _ in items
    ], texts


def test_citations_of_the_listing_come_with_the_rules(desk):
    plain = order()
    _, _, found = desk.decide(plain, desk.subject(plain, **EL, citation="84 FR 54002; 85 FR 44159"))
    cited = [c.text for c in found.findings[0].citations]
    assert cited[:2] == ["84 FR 54002", "85 FR 44159"]
    assert found.findings[0].citations[0].url == "https://www.federalregister.gov/citation/84-FR-54002"


def test_both_the_block_and_the_entity_list_are_shown(desk):
    plain = order()
    bureau = desk.subject(plain, **EL, name="Xinjiang Bureau")
    blocked = desk.subject(plain, program="us.sdn", tags=("GLOMAG",), name="XINJIANG BUREAU")
    outcome, _, found = desk.decide(plain, bureau, blocked)
    assert outcome is Outcome.PROHIBITED
    assert {"us.ear.744.entity-list", "us.ofac.sdn"} <= rules_of(found)
    assert "us.ear.744.sdn" not in rules_of(found)


def test_regimes_that_do_not_bind_are_information(desk):
    plain = order(
        exporter={"country": "DE", "us_person": "false"},
        direction="reexport",
        items=[{"eccn": "EAR99", "origin": "DE", "us_content_percent": "0"}],
    )
    outcome, _, found = desk.decide(plain, desk.subject(plain, program="us.sdn", tags=("SDGT",)))
    assert outcome is Outcome.CLEAR
    assert {f.status for f in found.findings} == {"information"}
    assert {"us.ofac.sdn", "us.ear.744.sdn"} <= rules_of(found)


def test_a_listing_that_starts_later_does_not_count(desk):
    plain = order()
    subject = desk.subject(plain, **EL)
    assert desk.decide(plain, subject, as_of=date(2019, 10, 8))[2].findings == ()
    assert desk.decide(plain, subject, as_of=date(2019, 10, 9))[0] is Outcome.LICENSE_REQUIRED


def test_possible_and_judged_matches(desk):
    plain = order()
    outcome, _, found = desk.decide(plain, desk.subject(plain, **EL, match="possible"))
    assert outcome is Outcome.REVIEW
    assert found.findings[0].if_confirmed is Outcome.LICENSE_REQUIRED
    outcome, _, found = desk.decide(plain, desk.subject(plain, **EL, match="judged_false"))
    assert outcome is Outcome.CLEAR
    assert found.findings[0].outcome is Outcome.LICENSE_REQUIRED


def test_a_name_like_the_label_of_an_address_row_is_a_hint_only(desk):
    plain = order()
    row = EL | {
        "license_requirement": "For items on the CCL and listed in supplement no. 7 to part 746 of the EAR"
    }
    subject = desk.subject(plain, **row, name="Address 01", schema=Schema.ADDRESS)
    assert desk.decide(plain, subject)[0] is Outcome.CONDITIONS


def test_a_listing_under_a_program_without_rule_is_not_silent(desk):
    for direction in ("export", "purchase"):
        plain = order(direction=direction)
        assert desk.decide(plain, desk.subject(plain, program="custom.watchlist"))[0] is Outcome.REVIEW


def test_a_list_of_a_regime_that_does_not_bind_is_information(desk):
    for owner in (None, "0"):
        owners = [{"name": "A", "share": "60"}] if owner else []
        plain = order(parties=[{"role": "end_user", "name": "B", "country": "CN", "owners": owners}])
        for program in ("eu.fsf", "eu.833a4", "uk.sl", "ch.seco", "ca.sema", "au.dfat", "jp.eul"):
            outcome, _, found = desk.decide(plain, desk.subject(plain, owner=owner, program=program))
            assert outcome is Outcome.CLEAR, (program, owner)
            assert found.findings and {f.status for f in found.findings} == {"information"}, (program, owner)


def test_an_investment_ban_is_not_an_export_ban(desk):
    plain = order()
    outcome, by_scope, _ = desk.decide(plain, desk.subject(plain, program="us.cmic"))
    assert outcome is Outcome.CONDITIONS
    assert by_scope[Scope.INVESTMENT] is Outcome.PROHIBITED
    assert by_scope[Scope.FINANCE] is Outcome.CLEAR


def test_a_purchase_is_not_held_up_by_the_country_chart(desk):
    plain = order(direction="purchase", items=[{"description": "lamp"}])
    assert desk.decide(plain)[0] is Outcome.CLEAR


def test_usml_items_are_not_forgotten(desk):
    plain = order(items=[{"usml": "XI(c)"}])
    outcome, _, found = desk.decide(plain)
    assert outcome is Outcome.LICENSE_REQUIRED
    assert rules_of(found) == {"us.itar.defense-articles"}


def test_unknown_facts_and_wrong_ones_are_refused(desk):
    with pytest.raises(OrderError, match=r"facts\.end_user\.millitary.*Did you mean end_user\.military"):
        desk.decide(order(facts={"end_user.millitary": "true"}))
    with pytest.raises(OrderError, match="the order has no item 7"):
        desk.decide(order(facts={"item.7.country_chart": "required"}))
    with pytest.raises(OrderError, match=r"facts\.end_user\.military"):
        desk.decide(order(facts={"end_user.military": "perhaps"}))
    with pytest.raises(OrderError, match="country_chart"):
        desk.decide(order(facts={"item.0.country_chart": "perhaps"}))


def test_a_fact_answers_and_never_contradicts_the_order(desk):
    """Found by a reader: a fact that said EAR99 of a stated 5A980 made the order clear."""
    item = {"eccn": "5A980"}
    with pytest.raises(OrderError, match=r"facts\.item\.0\.eccn"):
        desk.decide(order(items=[item], facts={"item.0.eccn": "EAR99"}))
    with pytest.raises(OrderError, match=r"facts\.destination"):
        desk.decide(order(destination="IR", items=[item], facts={"destination": "AE"}))
    desk.decide(order(items=[{"eccn": "1A004"}], facts={"item.0.eccn": "1A004.c"}))


def test_an_item_of_us_origin_stays_subject_to_the_ear(desk):
    for more in ({}, {"origin": "US"}, {"origin": "DE"}):
        with pytest.raises(OrderError, match="subject to the EAR"):
            desk.decide(order(items=[{"eccn": "6A993", **more}], facts={"item.0.subject_to_ear": "false"}))


def test_pins_are_checked(desk):
    with pytest.raises(SettingsError, match="no rule"):
        desk.decide(order(), pinned={"us.ear.nothing": "suspended"})
    with pytest.raises(SettingsError, match="is none of"):
        desk.decide(order(), pinned={"us.ofac.sdn": "information"})


def test_licenses_are_told_but_not_counted(desk):
    plain = order(licenses=[{"number": "D1"}])
    outcome, _, found = desk.decide(plain, desk.subject(plain, **EL))
    assert outcome is Outcome.LICENSE_REQUIRED
    assert any("license D1" in line for line in found.assumptions)


def test_a_rule_that_replaces_another(desk):
    _, _, found = desk.decide(order(items=[{"eccn": "5A980"}], destination="GB"))
    assert rules_of(found) == {"us.ear.742.all-destinations"}


def test_ended_listings_of_any_program(desk):
    plain = order()
    ended = desk.subject(plain, program="us.ddtc", end=date(2025, 1, 1))
    outcome, _, found = desk.decide(plain, ended)
    assert outcome is Outcome.REVIEW
    assert "printed end 2025-01-01 has passed; read the order" in found.findings[0].text


@pytest.mark.parametrize(
    "program",
    ["us.el", "us.dpl", "us.uvl", "us.meu", "us.sdn", "us.ssi", "us.cmic", "us.ddtc", "us.isn", "un.sc"],
)
def test_a_listed_owner_is_never_silent(desk, program):
    plain = order(
        parties=[{"role": "end_user", "name": "B", "country": "CN", "owners": [{"name": "A", "share": "1"}]}]
    )
    fields = EL | {"program": program}
    for day in (date(2020, 1, 1), date(2025, 10, 1), date(2026, 3, 1), date(2026, 12, 1)):
        outcome, _, found = desk.decide(plain, desk.subject(plain, owner="0", **fields), as_of=day)
        assert outcome is not Outcome.CLEAR
        assert found.findings[0].owner == "0"


def test_an_owner_whose_stake_is_in_a_sum_has_no_red_flag_besides(desk):
    owners = [{"name": "One", "share": "25"}, {"name": "Two", "share": "25"}]
    plain = order(parties=[{"role": "end_user", "name": "B", "country": "CN", "owners": owners}])
    subjects = [
        desk.subject(plain, owner=str(n), program="us.sdn", tags=("GLOMAG",), name=f"N{n}") for n in range(2)
    ]
    outcome, _, found = desk.decide(plain, *subjects)
    assert outcome is Outcome.PROHIBITED
    assert rules_of(found) == {"us.ofac.fifty-percent"}


def test_the_strictest_owners_rule_applies_to_an_affiliate(desk):
    owners = [{"name": "One", "share": "30"}, {"name": "Two", "share": "30"}]
    plain = order(parties=[{"role": "end_user", "name": "B", "country": "PK", "owners": owners}], destination="PK")
    mild = EL | {"license_policy": "Presumption of approval for EAR99 items", "name": "Mild"}
    strict = EL | {"name": "Strict"}
    subjects = [desk.subject(plain, owner="0", **mild), desk.subject(plain, owner="1", **strict)]
    _, _, found = desk.decide(plain, *subjects, as_of=date(2025, 10, 1))
    policies = {f.review_policy for f in found.findings if f.rule == "us.ear.744.affiliates"}
    assert policies == {"presumption_of_approval", "presumption_of_denial"}


@pytest.mark.parametrize(
    "program", ["us.el", "us.dpl", "us.uvl", "us.meu", "us.sdn", "us.ddtc", "us.isn", "un.sc"]
)
def test_a_listed_party_alone_is_never_clear(desk, program):
    plain = {"parties": [{"role": "end_user", "name": "X"}]}
    assert desk.decide(plain, desk.subject(plain, **(EL | {"program": program})))[0] is not Outcome.CLEAR


def test_end_users_in_two_countries_are_no_destination(desk):
    """Which of them stands first must not decide where the order goes."""
    firms = [
        {"role": "end_user", "name": "A", "country": "FR"},
        {"role": "end_user", "name": "B", "country": "RU"},
    ]
    for parties in (firms, firms[::-1]):
        outcome, _, found = desk.decide({"parties": parties, "items": [{"eccn": "EAR99"}]})
        assert outcome is Outcome.INDETERMINATE
        assert "destination" in {fact for finding in found.findings for fact in finding.missing_facts}
        assert "end users in FR, RU" in found.assumptions[0]
    alike = [firms[0], firms[0] | {"name": "B"}, {"role": "purchaser", "name": "C", "country": "RU"}]
    assert "destination FR" in desk.decide({"parties": alike, "items": [{"eccn": "EAR99"}]})[2].assumptions[0]
