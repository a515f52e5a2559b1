"""What must hold of the law as a whole, over the orders of all examples, crossed with one another.

More listed parties never loosen an answer; knowing less never clears; an interval ends where the next begins; and
the order in which things stand changes nothing.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stopship.model import Exporter, Role
from stopship.model.order import read_order
from stopship.model.values import Share
from stopship.rules import Evaluation, Outcome, Rulebook, Scope, Status, Subject, combine, evaluate
from stopship.rules.examples import PreparedExample, prepare

BOOK = Rulebook.load()
EXAMPLES = [prepare(rule, example) for rule in BOOK.rules for example in rule.examples]
LISTED = [subject for prepared in EXAMPLES for subject in prepared.subjects if subject.owner is None]
OWNERS = [subject for prepared in EXAMPLES for subject in prepared.subjects if subject.owner is not None]
DAY = timedelta(days=1)

examples = st.sampled_from(EXAMPLES)
many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@dataclass(frozen=True)
class Answer:
    """What follows from an order."""

    outcome: Outcome
    by_scope: dict[Scope, Outcome]
    found: Evaluation


def plain_of(prepared: PreparedExample) -> dict[str, Any]:
    """An example's order, to be changed."""
    return copy.deepcopy(dict(prepared.example.order))


def decide(
    plain: dict[str, Any],
    subjects: list[Subject] | tuple[Subject, ...],
    prepared: PreparedExample,
    as_of: date | None = None,
    book: Rulebook = BOOK,
) -> Answer:
    order = read_order(plain)
    found = evaluate(
        book,
        order,
        subjects,
        as_of=as_of or prepared.example.as_of,
        exporter=order.exporter or Exporter(),
        pinned=dict(prepared.example.pinned),
    )
    outcome, by_scope = combine(found.findings, order.direction)
    return Answer(outcome, dict(by_scope), found)


def no_looser(more: Answer, less: Answer) -> bool:
    return more.outcome.rank <= less.outcome.rank and all(
        more.by_scope[scope].rank <= less.by_scope[scope].rank for scope in Scope
    )


# -- more is never looser ----------------------------------------------------------------------------------------


@many
@given(examples, st.sampled_from(LISTED), st.sampled_from([role for role in Role if role is not Role.OWNER]))
def test_one_more_listed_party_never_loosens(prepared: PreparedExample, listed: Subject, role: Role) -> None:
    before = decide(plain_of(prepared), prepared.subjects, prepared)
    plain = plain_of(prepared)
    plain["parties"] = [*plain["parties"], {"role": role.value, "name": "Another Party"}]
    added = replace(listed, party=len(plain["parties"]) - 1, role=role)
    after = decide(plain, [*prepared.subjects, added], prepared)
    assert no_looser(after, before)


@many
@given(examples, st.sampled_from(LISTED), st.data())
def test_one_more_listing_never_loosens(prepared: PreparedExample, listed: Subject, data: st.DataObject) -> None:
    before = decide(plain_of(prepared), prepared.subjects, prepared)
    party = data.draw(st.integers(0, len(prepared.order.parties) - 1))
    added = replace(listed, party=party, role=prepared.order.parties[party].role)
    after = decide(plain_of(prepared), [*prepared.subjects, added], prepared)
    assert no_looser(after, before)


@many
@given(
    examples,
    st.sampled_from(OWNERS),
    st.sampled_from(["unknown", "10", "50", "40-60", "100"]),
    st.data(),
)
def test_one_more_listed_owner_never_loosens(
    prepared: PreparedExample, listed: Subject, share: str, data: st.DataObject
) -> None:
    before = decide(plain_of(prepared), prepared.subjects, prepared)
    plain = plain_of(prepared)
    party = data.draw(st.integers(0, len(plain["parties"]) - 1))
    held = plain["parties"][party].get("owners", [])
    if sum(Share.parse(str(owner.get("share", "unknown"))).low for owner in (*held, {"share": share})) > 100:
        share = "unknown"
    plain["parties"][party]["owners"] = [*held, {"name": "Another Owner", "share": share}]
    added = replace(listed, party=party, owner=str(len(held)), role=Role.OWNER)
    after = decide(plain, [*prepared.subjects, added], prepared)
    # What another is known to own the listed can't own: a range that might reach the threshold may fall below it.
    if not any(finding.missing_facts for finding in before.found.findings):
        assert no_looser(after, before)
    if listed.listing.start is None or listed.listing.start <= prepared.example.as_of:
        mine = [f for f in after.found.findings if f.party == party and f.owner is not None]
        assert any(f.owner == added.owner or "Another Owner" in f.text for f in mine), "a listed owner is told of"


# -- less is never clear -----------------------------------------------------------------------------------------

FORGOTTEN = ("eccn", "origin", "hts")


def forgetting(plain: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The order with one value less, for every value that a finding may rest on."""
    found = []
    for number, item in enumerate(plain.get("items") or []):
        for field in FORGOTTEN:
            if item.get(field) is not None:
                less = copy.deepcopy(plain)
                less["items"][number].pop(field)
                less["facts"] = {
                    k: v for k, v in (plain.get("facts") or {}).items() if k != f"item.{number}.{field}"
                }
                found.append((f"item {number} {field}", less))
    for number, party in enumerate(plain["parties"]):
        for path, owner in owners_of(party):
            if "share" in owner:
                less = copy.deepcopy(plain)
                dict(owners_of(less["parties"][number]))[path].pop("share")
                found.append((f"share of owner {path} of party {number}", less))
    return found


def owners_of(party: dict[str, Any], above: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = []
    for number, owner in enumerate(party.get("owners") or []):
        path = f"{above}{number}"
        found += [(path, owner), *owners_of(owner, f"{path}.")]
    return found


def test_knowing_less_never_clears() -> None:
    """Every example, every ECCN, origin, tariff code and share in it, one at a time."""
    cleared = []
    tried = 0
    for prepared in EXAMPLES:
        if decide(plain_of(prepared), prepared.subjects, prepared).outcome is Outcome.CLEAR:
            continue
        for what, less in forgetting(plain_of(prepared)):
            tried += 1
            if decide(less, prepared.subjects, prepared).outcome is Outcome.CLEAR:
                cleared.append(f"{prepared.rule.id}: {prepared.example.name}: without {what}")
    assert cleared == []
    assert tried > 300


@many
@given(examples, examples, st.data())
def test_knowing_less_of_two_items_never_clears(
    one: PreparedExample, other: PreparedExample, data: st.DataObject
) -> None:
    plain = plain_of(one)
    plain["items"] = [*(plain.get("items") or []), *(plain_of(other).get("items") or [])]
    if decide(plain, one.subjects, one).outcome is Outcome.CLEAR:
        return
    variants = forgetting(plain)
    if variants:
        what, less = data.draw(st.sampled_from(variants))
        assert decide(less, one.subjects, one).outcome is not Outcome.CLEAR, what


# -- dates -------------------------------------------------------------------------------------------------------

EDGES = [
    pytest.param(rule, edge, id=f"{rule.id} {edge}")
    for rule in BOOK.rules
    for edge in sorted({day for v in rule.versions for day in (v.begins, v.ends) if day is not None})
]


@pytest.mark.parametrize(("rule", "edge"), EDGES)
def test_at_the_edge_of_an_interval_the_version_of_the_day_speaks(rule: Any, edge: date) -> None:
    """The day before, the day, the day after: what the rule says has the status of that day's version, or it says
    nothing because there is none."""
    for prepared in (p for p in EXAMPLES if p.rule is rule):
        pinned = dict(prepared.example.pinned).get(rule.id)
        # A listing that starts later isn't there yet: the law's own date is what is looked at.
        subjects = [replace(s, listing=replace(s.listing, start=None)) for s in prepared.subjects]
        for day in (edge - DAY, edge, edge + DAY):
            version = rule.version_on(day)
            answer = decide(plain_of(prepared), subjects, prepared, as_of=day)
            mine = [finding for finding in answer.found.findings if finding.rule == rule.id]
            if version is None:
                assert mine == []
                assert rule.id not in {question.rule for question in answer.found.questions}
            for finding in mine:
                expected = {Status(pinned) if pinned else version.status, Status.INFORMATION}
                if day < BOOK.law.on(day).begins:  # the tables that it reads are of a later day
                    expected.add(Status.UNCONFIRMED)
                assert finding.status in expected, (prepared.example.name, day)


# -- order -------------------------------------------------------------------------------------------------------


def told(answer: Answer, parties: list[int], items: list[int]) -> Counter[Any]:
    """Findings by what they are about, in the numbers of the order before it was shuffled."""
    return Counter(
        (
            f.rule,
            f.outcome,
            f.scope,
            f.status,
            f.review_policy,
            f.match,
            f.if_confirmed,
            f.party if f.party is None else parties[f.party],
            f.owner,
            f.item if f.item is None else items[f.item],
            f.entity_id,
            f.license,
        )
        for f in answer.found.findings
    )


@many
@given(examples, examples, st.data())
def test_the_order_of_parties_items_and_matches_changes_nothing(
    one: PreparedExample, other: PreparedExample, data: st.DataObject
) -> None:
    plain, more = plain_of(one), plain_of(other)
    offset = len(plain["parties"])
    plain["parties"] = [*plain["parties"], *more["parties"]]
    plain["items"] = [*(plain.get("items") or []), *(more.get("items") or [])]
    subjects = [*one.subjects, *(replace(s, party=s.party + offset) for s in other.subjects)]
    before = decide(plain, subjects, one)

    parties = data.draw(st.permutations(range(len(plain["parties"]))))
    items = data.draw(st.permutations(range(len(plain["items"]))))
    shuffled = plain | {
        "parties": [plain["parties"][n] for n in parties],
        "items": [plain["items"][n] for n in items],
        "facts": {moved(key, parties, items): value for key, value in (plain.get("facts") or {}).items()},
    }
    others = data.draw(st.permutations([replace(s, party=parties.index(s.party)) for s in subjects]))
    after = decide(shuffled, others, one)
    same = list(range(len(plain["parties"]) + len(plain["items"])))
    assert (after.outcome, after.by_scope) == (before.outcome, before.by_scope)
    assert told(after, parties, items) == told(before, same, same)


def moved(key: str, parties: list[int], items: list[int]) -> str:
    """A fact's key after its party or item moved."""
    place = re.match(r"(item|party)\.(\d+)\.(.*)", key)
    if place is None:
        return key
    order = items if place[1] == "item" else parties
    return f"{place[1]}.{order.index(int(place[2]))}.{place[3]}"


@many
@given(examples, st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_nothing(prepared: PreparedExample, random: Any) -> None:
    shuffled = copy.copy(BOOK)
    for name in ("docket", "by_id", "ruled_programs", "_by_per"):
        shuffled.__dict__.pop(name, None)
    rules = list(BOOK.rules)
    random.shuffle(rules)
    shuffled.rules = tuple(rules)
    before = decide(plain_of(prepared), prepared.subjects, prepared)
    after = decide(plain_of(prepared), prepared.subjects, prepared, book=shuffled)
    assert after.found.findings == before.found.findings
    assert set(after.found.questions) == set(before.found.questions)
    assert set(after.found.assumptions) == set(before.found.assumptions)
