"""The screener: judgements, order of parties, purity, and that more listings never loosen an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.matching import Index, IndexedList
from stopship.model import Entity, Exporter, Identifier, Listing, Name, NameKind, Schema
from stopship.model.order import read_order
from stopship.rules import Rulebook
from stopship.rules.outcome import Outcome
from stopship.screening import Judgement, Screener, Settings
from stopship.sources.catalogue import parse

CSL = Path(__file__).parents[2] / "sources" / "us_csl" / "consolidated.csv"

DAY = date(2026, 8, 1)
BOOK = Rulebook.load()
REQUIREMENT = "For all items subject to the EAR. (See §744.11 of the EAR)"


def entity(number: int, name: str, program: str, source: str = "us_csl") -> Entity:
    listing = Listing(
        source,
        program,
        name,
        start=date(2020, 1, 1),
        license_requirement=REQUIREMENT if program == "us.el" else "",
        license_policy="Presumption of denial" if program == "us.el" else "",
        tags=("SDGT",) if program == "us.sdn" else (),
        citation="85 FR 1",
    )
    return Entity(f"{program}-{number}", Schema.COMPANY, (Name(name, NameKind.PRIMARY),), (listing,))


LISTED = (
    entity(1, "Fiktiv Optics Research Institute", "us.el"),
    entity(2, "Musterhafen Shipping LLC", "us.sdn"),
    entity(3, "Beispielwerk Laser GmbH", "us.uvl"),
)


def screener(*entities: Entity) -> Screener:
    listed = IndexedList("us_csl", "sha256:" + "1" * 64, DAY, None, len(entities), 7, "official")
    return Screener(Index.build([(listed, entities)]), BOOK)


def order(*names: str, **more: object) -> dict[str, object]:
    parties = [{"role": "end_user", "name": name} for name in names]
    return {"destination": "DE", "parties": parties, "items": [{"eccn": "EAR99"}], **more}


def test_a_false_match_judgement_stays_visible_and_does_not_count() -> None:
    engine = screener(*LISTED)
    transaction = read_order(order("Musterhafen Shipping LLC"))
    verdict = Judgement(0, "us.sdn-2", "false", "officer", until=date(2026, 9, 1))
    judged = engine.screen(transaction, as_of=DAY, judgements=[verdict])
    assert judged.outcome is Outcome.CLEAR
    assert {f.finding.match for f in judged.findings if f.finding.entity_id} == {"judged_false"}
    assert judged.to_plain()["judgements"][0]["by"] == "officer"
    expired = engine.screen(transaction, as_of=date(2026, 9, 1), judgements=[verdict])
    assert Outcome.PROHIBITED in {f.finding.outcome for f in expired.findings}
    other = engine.screen(transaction, as_of=DAY, judgements=[replace(verdict, party=1)])
    assert other.outcome is Outcome.PROHIBITED


def test_a_possible_match_is_reviewed_and_a_true_judgement_confirms_it() -> None:
    engine = screener(*LISTED)
    transaction = read_order(order("Musterhafn Shipping"))
    possible = engine.screen(transaction, as_of=DAY)
    if possible.outcome is Outcome.REVIEW:
        assert {f.finding.if_confirmed for f in possible.findings if f.finding.entity_id} >= {Outcome.PROHIBITED}
    confirmed = engine.screen(transaction, as_of=DAY, judgements=[Judgement(0, "us.sdn-2", "true", "officer")])
    assert confirmed.outcome is Outcome.PROHIBITED


def test_a_company_that_is_no_us_person_is_told_of_us_blocking_without_effect() -> None:
    engine = screener(*LISTED)
    exporter = Settings(exporter=Exporter("DE", us_person=False))
    transaction = read_order(order("Musterhafen Shipping LLC", direction="import"))
    decision = engine.screen(transaction, as_of=DAY, settings=exporter)
    blocking = [f.finding for f in decision.findings if f.finding.rule == "us.ofac.sdn"]
    assert blocking
    assert {f.status for f in blocking} == {"information"}
    assert decision.outcomes_by_scope is not None
    assert decision.outcome is Outcome.CLEAR


def test_the_same_entity_from_two_sources_is_one_finding_that_cites_both() -> None:
    twin = entity(2, "Musterhafen Shipping LLC", "us.sdn", source="us_ofac_sdn")
    lists = [
        (IndexedList("us_csl", "sha256:" + "1" * 64, DAY, None, 1, 7, "official"), [LISTED[1]]),
        (IndexedList("us_ofac_sdn", "sha256:" + "2" * 64, DAY, None, 1, 7, "official"), [twin]),
    ]
    decision = Screener(Index.build(lists), BOOK).screen(read_order(order("Musterhafen Shipping LLC")), as_of=DAY)
    keys = [(f.finding.rule, f.finding.scope) for f in decision.findings if f.finding.entity_id]
    assert len(keys) == len(set(keys))
    for found in decision.findings:
        if found.finding.entity_id:
            cited = [citation.text for citation in found.finding.citations]
            assert "us_csl: Musterhafen Shipping LLC" in cited
            assert "us_ofac_sdn: Musterhafen Shipping LLC" in cited


def test_rows_of_the_consolidated_list_and_the_same_entries_of_another_source_are_one_finding_each() -> None:
    parsed = parse("us_csl", CSL.read_bytes(), "consolidated.csv")
    numbered = [e for e in parsed.entities if any(x.program == "us.sdn" for x in e.listings)]
    assert numbered
    # The other source has the same numbers, and calls the party in its own way.
    second = [
        replace(
            e,
            names=(Name(e.caption.title(), NameKind.PRIMARY), *e.names[1:]),
            listings=tuple(replace(x, source="us_ofac_sdn", url="https://example.org/sdn") for x in e.listings),
        )
        for e in numbered
    ]
    lists = [
        (IndexedList("us_csl", "sha256:" + "1" * 64, DAY, None, parsed.loaded, 7, "official"), parsed.entities),
        (IndexedList("us_ofac_sdn", "sha256:" + "2" * 64, DAY, None, len(second), 7, "official"), second),
    ]
    engine = Screener(Index.build(lists), BOOK)
    alone = Screener(Index.build(lists[:1]), BOOK)
    for entry in numbered:
        asked = read_order(order(entry.caption))
        both, one = engine.screen(asked, as_of=DAY), alone.screen(asked, as_of=DAY)
        assert both.outcome is one.outcome
        keys = [(f.finding.rule, f.finding.scope, f.finding.entity_id) for f in both.findings]
        assert sorted(map(str, keys)) == sorted(
            str((f.finding.rule, f.finding.scope, f.finding.entity_id)) for f in one.findings
        )
        cited = {c.text.partition(":")[0] for f in both.findings for c in f.finding.citations}
        assert {"us_csl", "us_ofac_sdn"} <= cited


def test_a_possible_and_a_confirmed_match_of_one_entry_are_one_finding_the_stricter() -> None:
    other = replace(
        LISTED[1],
        names=(Name("Musterhafn Shiping", NameKind.PRIMARY),),
        listings=(replace(LISTED[1].listings[0], source="us_ofac_sdn"),),
    )
    lists = [
        (IndexedList("us_ofac_sdn", "sha256:" + "2" * 64, DAY, None, 1, 7, "official"), [other]),
        (IndexedList("us_csl", "sha256:" + "1" * 64, DAY, None, 1, 7, "official"), [LISTED[1]]),
    ]
    decision = Screener(Index.build(lists), BOOK).screen(read_order(order("Musterhafen Shipping LLC")), as_of=DAY)
    found = [f.finding for f in decision.findings if f.finding.rule == "us.ofac.sdn"]
    assert [(f.outcome, f.match) for f in found] == [(Outcome.PROHIBITED, "confirmed")] * len(found)
    assert len({f.scope for f in found}) == len(found)


def test_entries_of_other_publishers_are_shown_and_not_merged() -> None:
    number = Identifier("inn", "7700000016", "RU")
    ours = replace(LISTED[1], identifiers=(number,))
    theirs = entity(9, "Ganz Anders Reederei", "un.sc", source="un_sc")
    theirs = replace(theirs, id="un.sc-QDe.900", identifiers=(number,))
    later = replace(
        theirs, id="eu.fsf-1", listings=(replace(theirs.listings[0], program="eu.fsf", start=date(2027, 1, 1)),)
    )
    lists = [
        (IndexedList("us_csl", "sha256:" + "1" * 64, DAY, None, 1, 7, "official"), [ours]),
        (IndexedList("un_sc", "sha256:" + "2" * 64, DAY, None, 1, 7, "official"), [theirs]),
        (IndexedList("eu_fsf", "sha256:" + "3" * 64, DAY, None, 1, 7, "official"), [later]),
    ]
    decision = Screener(Index.build(lists), BOOK).screen(read_order(order("Musterhafen Shipping LLC")), as_of=DAY)
    assert {f.finding.entity_id for f in decision.findings if f.finding.entity_id} == {"us.sdn-2"}
    plain = decision.to_plain()
    lines = {line for f in plain["findings"] for line in f["evidence"]}
    assert (
        "Also listed under un.sc as Ganz Anders Reederei (un.sc-QDe.900, un_sc): the same inn, 7700000016, RU"
        in lines
    )
    assert not [line for line in lines if "eu.fsf" in line]  # not listed yet on that day


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(LISTED), unique=True), st.sampled_from(LISTED))
def test_adding_a_listing_never_loosens_an_answer(before: list[Entity], added: Entity) -> None:
    transaction = read_order(order(*(e.caption for e in LISTED)))
    less = screener(*before, LISTED[0]).screen(transaction, as_of=DAY).outcome
    more = (
        screener(*{e.id: e for e in (*before, LISTED[0], added)}.values()).screen(transaction, as_of=DAY).outcome
    )
    assert more.rank <= less.rank


@pytest.mark.parametrize(
    "more",
    [
        {"destination": "AE", "end_use": "production of chemical weapons"},
        {"destination": "AE", "end_use": "missile guidance for nuclear weapons"},
        {"destination": "AE", "role": "bank", "country": "CU"},
        {"destination": "AE", "role": "end_user", "country": "IR"},
        {"destination": "AE", "owners": [{"name": "Muster Holding", "country": "IR", "share": 100}]},
        {"destination": "US", "direction": "import", "country": "IR"},
        {"destination": "CA", "eccn": "0A501"},
        {"destination": "UA", "address": "вул. Леніна 1, Севастополь", "country": "UA"},
    ],
)
def test_what_a_reader_found_clear_and_must_never_be(more: dict[str, object]) -> None:
    party = {"role": more.get("role", "end_user"), "name": "Muster Maschinenbau GmbH"}
    party |= {key: more[key] for key in ("country", "address", "owners") if key in more}
    parties = [party] if party["role"] == "end_user" else [{"role": "end_user", "name": "Muster AG"}, party]
    plain = {key: more[key] for key in ("destination", "direction", "end_use") if key in more}
    decision = screener(*LISTED).screen(
        read_order({**plain, "parties": parties, "items": [{"eccn": more.get("eccn", "EAR99")}]}), as_of=DAY
    )
    assert decision.outcome.rank <= Outcome.REVIEW.rank


def test_the_order_of_parties_changes_no_outcome() -> None:
    engine = screener(*LISTED)
    names = [e.caption for e in LISTED]
    one = engine.screen(read_order(order(*names)), as_of=DAY)
    two = engine.screen(read_order(order(*reversed(names))), as_of=DAY)
    assert one.outcome == two.outcome
    assert one.outcomes_by_scope == two.outcomes_by_scope
    assert one.to_json() == engine.screen(read_order(order(*names)), as_of=DAY).to_json()
