"""A decision as a page: strictest first, every finding once, and a kept one reads like a fresh one."""

from __future__ import annotations

from datetime import date

import orjson

from stopship.app.demo import examples
from stopship.app.documents import parse_yaml
from stopship.app.indexes import starter_index
from stopship.errors import OrderError
from stopship.model.order import read_order
from stopship.rules import Rulebook
from stopship.screening import Decision, Screener
from stopship.web.presenters.decision import DecisionPage, decision_page

OWNED = """
destination: CN
parties:
  - role: end_user
    name: Example Vision Integrators Co., Ltd.
    country: CN
    owners: [{name: "Hangzhou Hikvision Digital Technology Co., Ltd.", country: CN, share: 70}]
items: [{description: thermal camera, eccn: 6A993}]
"""
RULEBOOK = Rulebook.load()
SCREENER = Screener(starter_index(), RULEBOOK)


def decide(text: str) -> Decision:
    return SCREENER.screen(read_order(parse_yaml(text, "order", OrderError)), as_of=date(2026, 11, 26))


def fresh(decision: Decision) -> DecisionPage:
    kinds = RULEBOOK.facts.kind_of
    return decision_page(decision.to_plain(), [f.match for f in decision.findings], fact_kind=kinds)


def test_every_finding_of_every_example_is_on_its_page() -> None:
    for path in sorted((examples() / "orders").glob("*.yaml")):
        decision = decide(path.read_text("utf-8"))
        page = fresh(decision)
        shown = [(reason.rule, scope) for hit in page.hits for reason in hit.reasons for scope in reason.scopes]
        assert sorted(shown) == sorted((f.finding.rule, f.finding.scope.value) for f in decision.findings)
        assert page.outcome == decision.outcome.value
        if page.hits and page.hits[0].effect == "counts":
            assert page.hits[0].outcome == page.outcome


def test_a_kept_decision_shows_the_same_reasons_without_the_names_side_by_side() -> None:
    decision = decide(OWNED)
    live, kept = fresh(decision), decision_page(orjson.loads(decision.to_json()))
    assert [hit.reasons for hit in kept.hits] == [hit.reasons for hit in live.hits]
    assert [hit.name for hit in live.hits if hit.view]
    assert all(hit.view is None for hit in kept.hits)
    assert all(hit.evidence for hit in kept.hits if hit.score is not None)


def test_an_owner_is_compared_by_what_the_order_says_of_the_owner() -> None:
    (hit, *_) = [hit for hit in fresh(decide(OWNED)).hits if hit.owner]
    assert hit.view is not None
    country = next(row for row in hit.view.facts if row.kind == "country")
    assert (country.relation, country.ours) == ("match", ("CN",))
    assert any(reason.ownership for reason in hit.reasons)


def test_what_is_missing_can_be_answered_and_comes_before_mere_questions() -> None:
    parties = "[{role: end_user, name: Hikvision, country: CN}]"
    text = f"destination: CN\nparties: {parties}\nitems: [{{description: a lamp}}]"
    page = fresh(decide(text))
    assert [ask.fact for ask in page.missing] == ["item.0.eccn"]
    assert page.missing[0].kind == "eccn" and page.missing[0].text.endswith("?")
    assert page.questions and not {ask.fact for ask in page.questions} & {ask.fact for ask in page.missing}
    assert {ask.kind for ask in page.questions} <= {"yes_no", "choice", "eccn", "hts", "country", "share"}


def test_a_choice_of_lists_hides_hits_and_never_what_rests_on_no_list() -> None:
    page = fresh(decide(OWNED))
    assert page.shown(()) == page.hits
    assert page.shown(("starter",)) == page.hits
    assert all(not hit.sources for hit in page.shown(("us_csl",)))
