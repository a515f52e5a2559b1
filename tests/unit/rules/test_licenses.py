"""Held licenses: a confirmed one turns `license_required` into `conditions`, and nothing else does anything."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.rules.test_properties import days, listings, orders, subjects_of

from stopship.errors import OrderError
from stopship.rules import Outcome

ALL_ITEMS = "For all items subject to the EAR. (See §744.11 of the EAR)"
KEY = "license.0.covers_order"
CONFIRMED = {KEY: "yes"}


def order(*covers: str, facts: dict | None = None, expires: str | None = "2027-01-31", **more) -> dict:
    plain = {
        "destination": "CN",
        "parties": [
            {"role": "end_user", "name": "Muster Optics Co., Ltd.", "country": "CN"},
            {"role": "purchaser", "name": "Beispiel Trading", "country": "CN"},
        ],
        "items": [{"eccn": "6A993", "description": "thermal camera"}, {"eccn": "EAR99"}],
        "licenses": [{"number": "D123456", "expires": expires, "covers": list(covers)}],
        "facts": facts or {},
    }
    return plain | more


def decide(desk, plain, *, program: str = "us.el", as_of: date = date(2026, 3, 1), **more):
    listed = {"program": program, "license_requirement": ALL_ITEMS if program == "us.el" else "", **more}
    return desk.decide(plain, desk.subject(plain, **listed), as_of=as_of)


def license_line(found) -> str:
    [line] = [line for line in found.assumptions if line.startswith("license D123456: ")]
    return line


def test_it_asks_before_it_counts(desk):
    outcome, _, found = decide(desk, order())
    assert outcome is Outcome.LICENSE_REQUIRED
    assert KEY in {q.fact for q in found.questions}
    [question] = [q for q in found.questions if q.fact == KEY]
    assert "D123456" in question.text and "us.ear.744.entity-list" in question.text
    assert KEY in license_line(found)


def test_confirmed_it_is_a_condition_with_its_number(desk):
    outcome, _, found = decide(desk, order(facts=CONFIRMED))
    assert outcome is Outcome.CONDITIONS
    held = [f for f in found.findings if f.license]
    assert {f.item for f in held} == {0, 1}
    assert all(f.outcome is Outcome.CONDITIONS and f.license == "D123456" for f in held)
    assert all("license D123456, valid through 2027-01-31" in f.text and "not checked" in f.text for f in held)
    assert KEY not in {q.fact for q in found.questions}
    assert "counted, as a person confirmed" in license_line(found)


def test_denied_by_a_person_it_does_not_count(desk):
    outcome, _, found = decide(desk, order(facts={KEY: "no"}))
    assert outcome is Outcome.LICENSE_REQUIRED
    assert "doesn't cover the order" in license_line(found)
    assert KEY not in {q.fact for q in found.questions}


@pytest.mark.parametrize(
    ("as_of", "outcome"),
    [
        (date(2027, 1, 30), Outcome.CONDITIONS),
        (date(2027, 1, 31), Outcome.CONDITIONS),  # the day that it prints is its last
        (date(2027, 2, 1), Outcome.LICENSE_REQUIRED),
    ],
)
def test_it_expires_after_its_last_day(desk, as_of, outcome):
    found = decide(desk, order(facts=CONFIRMED), as_of=as_of)
    assert found[0] is outcome
    assert ("expired on 2027-01-31" in license_line(found[2])) is (outcome is Outcome.LICENSE_REQUIRED)


def test_without_an_expiry_it_says_so(desk):
    outcome, _, found = decide(desk, order(facts=CONFIRMED, expires=None))
    assert outcome is Outcome.CONDITIONS
    assert any("of which no expiry is stated" in f.text for f in found.findings)


@pytest.mark.parametrize(
    ("covers", "answered"),
    [
        (["6A993"], {0}),
        (["6A993.a"], set()),  # the order states no paragraph
        (["EAR99"], {1}),
        (["6A993", "EAR99"], {0, 1}),
        (["item 0"], {0}),
        (["Item 1", "6A993"], {0, 1}),
        (["3A001"], set()),
        (["thermal camera"], {0}),
        (["party 0"], {0, 1}),
        (["party 1"], set()),
        (["Muster Optics"], {0, 1}),
        (["muster optics co ltd", "6A993"], {0}),
        (["Beispiel Trading"], set()),
        (["CN"], {0, 1}),
        (["HK"], set()),
        (["us.ear"], {0, 1}),
        (["us.ear.744.entity-list"], {0, 1}),
        (["us.itar"], set()),
        (["regime us.ear"], {0, 1}),
        (["regime ch"], set()),
        (["eu"], set()),
        (["something else"], set()),
        (["6A993", "something else"], set()),
        (["item 7"], set()),
        (["party 9"], set()),
    ],
)
def test_what_it_covers(desk, covers, answered):
    _, _, found = decide(desk, order(*covers, facts=CONFIRMED))
    assert {f.item for f in found.findings if f.license} == answered
    line = license_line(found)
    assert ("not counted" in line) is (not answered)
    if len(answered) == 1:
        assert "not for the rest: it doesn't cover item" in line


def test_a_finding_on_the_chart_asks_for_the_end_user(desk):
    """A license that names the buyer alone says nothing of who uses the item."""
    plain = order(facts=CONFIRMED, items=[{"eccn": "5A980"}])
    for covers, expected in (
        (["Beispiel Trading"], Outcome.LICENSE_REQUIRED),
        (["Muster Optics"], Outcome.CONDITIONS),
    ):
        plain["licenses"] = [{"number": "D123456", "covers": covers}]
        assert desk.decide(plain)[0] is expected


@pytest.mark.parametrize("program", ["us.dpl", "us.sdn", "us.ddtc"])
def test_it_never_touches_a_prohibition(desk, program):
    plain = order(facts=CONFIRMED)
    if program == "us.ddtc":
        plain["items"] = [{"usml": "XI(c)"}]
    assert decide(desk, plain, program=program)[0] is Outcome.PROHIBITED


def test_it_never_touches_what_is_not_decided_or_not_judged(desk):
    outcome, _, found = decide(desk, order(facts=CONFIRMED), match="possible")
    assert outcome is Outcome.REVIEW
    assert {f.if_confirmed for f in found.findings if f.entity_id} >= {Outcome.LICENSE_REQUIRED}
    open_ = order(facts=CONFIRMED, destination="RU", items=[{"eccn": "EAR99"}])
    before = [f for f in desk.decide(open_)[2].findings if f.outcome is Outcome.INDETERMINATE]
    assert before and all(f.license is None for f in before)


def test_where_two_regimes_require_one_it_must_say_whose_it_is(desk):
    plain = order(facts=CONFIRMED, items=[{"eccn": "6A993"}, {"usml": "XI(c)"}])
    _, _, found = decide(desk, plain)
    assert "us.ear, us.itar" in license_line(found)
    assert not [f for f in found.findings if f.license]
    plain["licenses"][0]["covers"] = ["us.ear"]
    outcome, _, found = decide(desk, plain)
    assert outcome is Outcome.LICENSE_REQUIRED
    assert {f.item for f in found.findings if f.license} == {0}


def test_two_licenses_answer_together(desk):
    plain = order("6A993", facts=CONFIRMED | {"license.1.covers_order": "yes"})
    plain["licenses"].append({"number": "D777", "covers": ["EAR99"]})
    outcome, _, found = decide(desk, plain)
    assert outcome is Outcome.CONDITIONS
    assert {(f.item, f.license) for f in found.findings if f.license} == {(0, "D123456"), (1, "D777")}


def test_where_nothing_requires_one_it_says_so(desk):
    plain = order(items=[{"eccn": "EAR99"}])
    outcome, _, found = desk.decide(plain)
    assert outcome is Outcome.CLEAR
    assert "not needed" in license_line(found)


def test_a_confirmation_of_a_license_that_is_not_there_is_refused(desk):
    with pytest.raises(OrderError, match="no license 1"):
        desk.decide(order(facts={"license.1.covers_order": "yes"}))


many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
UNTOUCHED = {Outcome.PROHIBITED, Outcome.INDETERMINATE, Outcome.REVIEW}


@many
@given(orders, listings, days, st.sampled_from([[], ["6A993"], ["us.ear"], ["party 0"], ["else"]]))
def test_an_unconfirmed_license_changes_no_finding(desk, plain, entries, day, covers):
    subjects = subjects_of(desk, plain, entries)
    before = desk.decide(plain, *subjects, as_of=day)
    held = plain | {"licenses": [{"number": "D1", "expires": "2026-06-30", "covers": covers}]}
    for facts in ({}, {KEY: "no"}):
        after = desk.decide(held | {"facts": facts}, *subjects, as_of=day)
        assert after[:2] == before[:2]
        assert after[2].findings == before[2].findings


@many
@given(orders, listings, days)
def test_a_confirmed_license_touches_what_requires_one_alone(desk, plain, entries, day):
    subjects = subjects_of(desk, plain, entries)
    before = desk.decide(plain, *subjects, as_of=day)[2].findings
    held = plain | {"licenses": [{"number": "D1"}], "facts": CONFIRMED}
    after = desk.decide(held, *subjects, as_of=day)[2].findings
    for one, other in zip(before, after, strict=True):
        if other.license is None:
            assert one == other
        else:
            assert (one.outcome, other.outcome) == (Outcome.LICENSE_REQUIRED, Outcome.CONDITIONS)
            assert one.effective and one.match != "possible"
    assert [f for f in after if f.outcome in UNTOUCHED] == [f for f in before if f.outcome in UNTOUCHED]
