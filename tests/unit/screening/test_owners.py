"""Decisions with ownership data: listed owners at any tier, possible ties, the record of it all."""

from __future__ import annotations

from datetime import date
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.matching import Index, IndexedList
from stopship.model import Entity, Identifier, Listing, Name, NameKind, Schema
from stopship.model.order import read_order
from stopship.model.stake import Holder, Interest, Stake
from stopship.model.values import Share
from stopship.ownership import GraphBuilder, OwnershipGraph
from stopship.rules import Rulebook
from stopship.rules.outcome import Outcome
from stopship.screening import Decision, Judgement, Screener, json_schema
from stopship.screening.owners_tree import owners_tree

DAY = date(2026, 12, 1)
"""After the stay of the affiliates rule."""
BOOK = Rulebook.load()
LEI = "5493001KJTIIGC8Y1R12"


def listed(name: str, program: str, **more: Any) -> Entity:
    printed = (
        {
            "license_requirement": "For all items subject to the EAR. (See §744.11 of the EAR)",
            "license_policy": "Presumption of denial",
        }
        if program == "us.el"
        else {}
    )
    listing = Listing("us_csl", program, name, start=date(2020, 1, 1), citation="85 FR 1", **printed, **more)
    return Entity(f"{program}-{name}", Schema.COMPANY, (Name(name, NameKind.PRIMARY),), (listing,))


SDN = listed("Musterhafen Shipping LLC", "us.sdn", tags=("SDGT",))
EL = listed("Fiktiv Optics Research Institute", "us.el")
INDEX = Index.build([(IndexedList("us_csl", "sha256:" + "1" * 64, DAY, None, 2, 7, "official"), [SDN, EL])])


def stakes(*records: Holder | Stake, basis: str = "test") -> OwnershipGraph:
    builder = GraphBuilder()
    builder.add(records, basis)
    return builder.graph()


PARTY = Holder(f"lei:{LEI}", ("Vorbild Handel GmbH",), countries=("DE",), identifiers=(Identifier("lei", LEI),))
OWNER = Holder("t:owner", ("Musterhafen Shipping LLC",), countries=("AE",))
MIDDLE = Holder("t:middle", ("Zwischen Holding BV",), countries=("NL",))
RESEARCH = Holder("t:research", ("Fiktiv Optics Research Institute",), countries=("CN",))


def owns(owner: Holder, held: Holder, share: str = "60", **more: Any) -> Stake:
    return Stake(owner.id, held.id, Share.parse(share), **more)


def decide(
    graph: OwnershipGraph | None, *, lei: bool = True, judgements: Any = (), facts: Any = None, **party: Any
) -> Decision:
    who = {"role": "end_user", "name": "Vorbild Handel GmbH", "country": "DE", **party}
    if lei:
        who["identifiers"] = [{"type": "lei", "value": LEI}]
    order = {"destination": "DE", "parties": [who], "items": [{"eccn": "EAR99"}], "facts": facts or {}}
    decision = Screener(INDEX, BOOK, graph).screen(read_order(order), as_of=DAY, judgements=judgements)
    jsonschema.validate(decision.to_plain(), json_schema())
    return decision


def rules(decision: Decision) -> dict[str, Outcome]:
    return {f.finding.rule: f.finding.outcome for f in decision.findings}


def test_a_listed_owner_from_outside_is_found_with_its_path() -> None:
    graph = stakes(
        PARTY,
        OWNER,
        MIDDLE,
        owns(MIDDLE, PARTY, "55", statement="s2"),
        owns(OWNER, MIDDLE, "50", statement="s1", since=date(2021, 1, 1)),
    )
    decision = decide(graph)
    assert decision.outcome is Outcome.PROHIBITED
    assert decision.ownership == graph.content_hash
    [export, *_] = [f.finding for f in decision.findings if f.finding.rule == "us.ofac.fifty-percent"]
    assert export.owner == "t:owner"
    assert (
        "Zwischen Holding BV 55% (counts in full, itself owned: Musterhafen Shipping LLC 50% = 50%) = 55%"
        in export.text
    )
    assert export.ownership is not None
    plain = export.ownership.to_plain()
    assert {s["statement"] for stake in plain["stakes"] for s in stake["statements"]} == {"s1", "s2"}
    assert plain["ties"][0]["sure"] is True
    assert any("by the same LEI" in line for line in decision.assumptions)
    assert not any("owners: none known" in line for line in decision.assumptions)
    assert decide(None).outcome is Outcome.CLEAR
    assert decide(None).ownership is None


@pytest.mark.parametrize(
    ("share", "outcome"),
    [
        ("49", Outcome.CONDITIONS),
        ("40-60", Outcome.INDETERMINATE),
        ("unknown", Outcome.INDETERMINATE),
        ("50", Outcome.PROHIBITED),
    ],
)
def test_shares_decide(share: str, outcome: Outcome) -> None:
    graph = stakes(PARTY, OWNER, owns(OWNER, PARTY, share))
    decision = decide(graph)
    assert decision.outcome is outcome
    if outcome is Outcome.INDETERMINATE:
        [fact] = {fact for f in decision.findings for fact in f.finding.missing_facts}
        assert decide(graph, facts={fact: "60"}).outcome is Outcome.PROHIBITED
        assert decide(graph, facts={fact: "10"}).outcome is Outcome.CONDITIONS


def test_a_tie_by_name_is_reviewed_until_a_person_has_judged_it() -> None:
    graph = stakes(PARTY, OWNER, owns(OWNER, PARTY))
    decision = decide(graph, lei=False)
    assert decision.outcome is Outcome.REVIEW
    ofac = [f.finding for f in decision.findings if f.finding.rule == "us.ofac.fifty-percent"]
    assert {f.if_confirmed for f in ofac} == {Outcome.PROHIBITED}
    assert all("must be judged by a person" in f.text for f in ofac)
    yes, no = (Judgement(0, PARTY.id, verdict, "officer") for verdict in ("true", "false"))
    assert decide(graph, lei=False, judgements=[yes]).outcome is Outcome.PROHIBITED
    assert decide(graph, lei=False, judgements=[no]).outcome is Outcome.CLEAR


def test_a_small_stake_of_a_possible_tie_is_a_red_flag_to_review() -> None:
    decision = decide(stakes(PARTY, OWNER, owns(OWNER, PARTY, "10")), lei=False)
    assert decision.outcome is Outcome.REVIEW
    assert {f.finding.if_confirmed for f in decision.findings if f.finding.effective} == {Outcome.CONDITIONS}


def test_a_judgement_on_a_match_of_an_owner_from_outside() -> None:
    graph = stakes(PARTY, OWNER, owns(OWNER, PARTY))
    judged = decide(graph, judgements=[Judgement(0, SDN.id, "false", "officer", owner="t:owner")])
    assert judged.outcome is Outcome.CLEAR
    assert {f.finding.match for f in judged.findings} == {"judged_false"}


def test_pages_show_the_path_as_a_tree() -> None:
    graph = stakes(
        PARTY, OWNER, MIDDLE, owns(MIDDLE, PARTY, "55"), owns(OWNER, MIDDLE, "50"), owns(MIDDLE, MIDDLE, "5")
    )
    decision = decide(graph)
    [found, *_] = [f.finding.ownership for f in decision.findings if f.finding.rule == "us.ofac.fifty-percent"]
    assert found is not None
    assert list(owners_tree(found)) == [
        (0, "Vorbild Handel GmbH (DE): 55% owned by listed persons"),
        (1, "55% Zwischen Holding BV (NL) [test]"),
        (2, "5% Zwischen Holding BV (NL) [test], in a circle"),
        (2, "50% Musterhafen Shipping LLC (AE), LISTED [test]"),
    ]
    assert "55% Zwischen Holding BV (NL) [test]" in decision._repr_html_()


def test_control_is_a_red_flag_and_never_a_sum() -> None:
    graph = stakes(PARTY, OWNER, owns(OWNER, PARTY, "100", interest=Interest.CONTROL))
    decision = decide(graph)
    assert decision.outcome is Outcome.CONDITIONS
    assert "us.ofac.fifty-percent" not in rules(decision)
    assert "us.ear.732.listed-controller" in rules(decision)


def test_the_affiliates_rule_takes_the_owner_s_requirement() -> None:
    decision = decide(stakes(PARTY, RESEARCH, owns(RESEARCH, PARTY)))
    found = rules(decision)
    assert found["us.ear.744.affiliates"] is Outcome.LICENSE_REQUIRED
    assert decision.outcome is Outcome.LICENSE_REQUIRED


def test_stakes_of_the_order_and_from_outside_add_up_and_count_once() -> None:
    graph = stakes(PARTY, OWNER, owns(OWNER, PARTY, "30"))
    named = {"name": "Musterhafen Shipping LLC", "country": "AE", "share": 30}
    assert decide(graph, owners=[named]).outcome is Outcome.CONDITIONS  # the same stake, stated twice
    other = Entity(
        "us.sdn-b",
        Schema.COMPANY,
        (Name("Anderer Hafen LLC", NameKind.PRIMARY),),
        (Listing("us_csl", "us.sdn", "Anderer Hafen LLC", tags=("SDGT",)),),
    )
    index = Index.build([(IndexedList("us_csl", "sha256:" + "1" * 64, DAY, None, 2, 7, "official"), [SDN, other])])
    who = {
        "role": "end_user",
        "name": "Vorbild Handel GmbH",
        "country": "DE",
        "identifiers": [{"type": "lei", "value": LEI}],
        "owners": [{"name": "Anderer Hafen LLC", "share": 25}],
    }
    order = read_order({"destination": "DE", "parties": [who], "items": [{"eccn": "EAR99"}]})
    assert Screener(index, BOOK, graph).screen(order, as_of=DAY).outcome is Outcome.PROHIBITED


def test_an_owner_in_an_embargoed_country_is_seen() -> None:
    iran = Holder("t:ir", ("Nemune Tejarat",), countries=("IR",))
    assert decide(stakes(PARTY, iran, owns(iran, PARTY, "10"))).outcome is Outcome.REVIEW


def test_an_owner_is_looked_up_by_each_of_its_names() -> None:
    alias = Holder("t:owner", ("Ganz Anders AG", "Musterhafen Shipping LLC"))
    assert decide(stakes(PARTY, alias, owns(alias, PARTY))).outcome is Outcome.PROHIBITED


def test_too_many_owners_are_never_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Holder(f"t:{n}", (f"Eigner {n}",)) for n in range(5)]
    import stopship.screening.screener as module

    real = module.join
    monkeypatch.setattr(module, "join", lambda *a, **k: real(*a, **k, most_above=3))
    graph = stakes(PARTY, *many, *(owns(holder, PARTY, "1") for holder in many))
    decision = decide(graph)
    assert decision.outcome is Outcome.INDETERMINATE
    [fact] = {fact for f in decision.findings for fact in f.finding.missing_facts}
    assert decide(graph, facts={fact: "0"}).outcome is Outcome.CLEAR
    assert decide(graph, facts={fact: "60"}).outcome is Outcome.INDETERMINATE


def test_the_same_inputs_give_the_same_bytes() -> None:
    records = [PARTY, OWNER, MIDDLE, owns(MIDDLE, PARTY), owns(OWNER, MIDDLE), owns(PARTY, MIDDLE, "20")]
    assert decide(stakes(*records)).to_json() == decide(stakes(*reversed(records))).to_json()


SHARES = st.sampled_from(["10", "25", "30", "50", "20-60", "unknown"])


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(SHARES, SHARES, SHARES, st.booleans(), st.booleans())
def test_a_listed_owner_more_never_loosens_an_outcome(
    one: str, two: str, three: str, lei: bool, circle: bool
) -> None:
    records = [PARTY, OWNER, MIDDLE, owns(MIDDLE, PARTY, one), owns(OWNER, MIDDLE, two)]
    records += [owns(PARTY, MIDDLE, "20")] if circle else []
    before = decide(stakes(*records), lei=lei).outcome
    more = [*records, RESEARCH, owns(RESEARCH, PARTY, three)]
    assert decide(stakes(*more), lei=lei).outcome.rank <= before.rank
