"""The Commerce Control List against the Country Chart: paragraphs, prose, footnotes, what is not held."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.errors import OrderError
from stopship.model.values import country_names
from stopship.rules import Outcome, Rulebook, Status
from stopship.rules.ccl import ControlKind
from stopship.rules.controls import BY_PERSON, ECCN, ControlTest
from stopship.rules.verdict import Truth

CONTROLS = Rulebook.load().law.on(date(2026, 8, 1)).controls
CHART = ControlTest((ControlKind.CHART,))
WORLDWIDE = ControlTest((ControlKind.ALL_DESTINATIONS,))
NAMED = ControlTest((ControlKind.NAMED_DESTINATIONS,))
OPEN = ControlTest((ControlKind.OPEN,))
AT_TIMES = date(2026, 8, 1)


def order(eccn, destination, **more):
    return {
        "destination": destination,
        "parties": [{"role": "end_user", "name": "Example", "country": destination}],
        "items": [{"eccn": eccn}],
    } | more


@pytest.mark.parametrize(
    ("eccn", "country", "test", "truth"),
    [
        ("3A981", "CN", CHART, Truth.YES),
        ("3A981", "HK", CHART, Truth.YES),
        ("3A981", "JP", CHART, Truth.NO),
        ("6A993", "CN", CHART, Truth.NO),
        ("6A993", "CN", WORLDWIDE, Truth.NO),
        ("5A980", "GB", CHART, Truth.NO),
        ("5A980", "GB", WORLDWIDE, Truth.YES),
        ("3A090.a", "GB", WORLDWIDE, Truth.YES),
        ("3A090.c", "GB", WORLDWIDE, Truth.NO),
        ("3A090", "GB", WORLDWIDE, Truth.MISSING),
        ("3A090.b", "AE", NAMED, Truth.YES),
        ("3A090.b", "CY", NAMED, Truth.NO),
        ("3A090.b", "DE", NAMED, Truth.NO),
        ("3A090.c", "MO", NAMED, Truth.YES),
        ("9A610.y", "HK", NAMED, Truth.YES),
        ("9A610.y", "TW", NAMED, Truth.NO),
        # All paragraphs of 5A001 are marked for China, in NS1 or in NS2; only those of NS1 for Japan.
        ("5A001", "CN", CHART, Truth.YES),
        ("5A001", "JP", CHART, Truth.MISSING),
        ("5A001.b.5", "JP", CHART, Truth.YES),
        ("5A001.b.1", "JP", CHART, Truth.NO),
        ("5A001.f", "JP", CHART, Truth.MISSING),
        ("5A001.f.3", "JP", CHART, Truth.YES),
        # Entire entry but y, and y alone.
        ("0A501.a", "CA", CHART, Truth.YES),
        ("0A501.y", "CA", CHART, Truth.NO),
        ("0A501", "CA", CHART, Truth.MISSING),
        # Words that narrow a row are not guessed.
        ("2B001.a", "IN", CHART, Truth.MISSING),
        ("6E001", "CN", CHART, Truth.MISSING),
        # A column that no country is marked in needs no row; others do.
        ("6A993", "BM", CHART, Truth.NO),
        ("3A981", "BM", CHART, Truth.MISSING),
        ("3A981", "KY", CHART, Truth.NO),
        # Requirements that stand elsewhere.
        ("5A002.a", "GB", OPEN, Truth.MISSING),
        ("5A002.a", "CA", OPEN, Truth.NO),
        ("9A991.a", "LB", OPEN, Truth.MISSING),
        ("9A991.a", "FR", OPEN, Truth.NO),
        ("9A991.b", "LB", OPEN, Truth.NO),
        ("1A102", "FR", OPEN, Truth.MISSING),
    ],
)
def test_determination(eccn, country, test, truth):
    assert CONTROLS.determine(eccn, country, test).truth is truth


def test_an_unstated_paragraph_and_a_reading_are_different_facts():
    assert CONTROLS.determine("5A001", "JP", CHART).missing == (ECCN,)
    assert CONTROLS.determine("2B001.a", "IN", CHART).missing == (BY_PERSON,)
    assert CONTROLS.determine("3A001", "JP", CHART).missing == (ECCN, BY_PERSON)


def test_the_text_names_reasons_and_columns_and_the_evidence_quotes_the_rows():
    found = CONTROLS.determine("3A981", "CN", CHART)
    assert found.text == "CC1 (crime control, column 1) marked for China"
    assert found.evidence == ('"CC applies to entire entry": "CC Column 1"',)
    assert found.reasons == ("CC",)


def test_hong_kong_and_macau():
    assert "decided as China (85 FR 83788" in CONTROLS.determine("3A981", "HK", CHART).text
    assert CONTROLS.determine("3A981", "MO", CHART).text.endswith("for Macau")


def test_what_is_not_on_the_list_is_missing():
    found = CONTROLS.determine("3A777", "DE", CHART)
    assert (found.truth, found.missing) == (Truth.MISSING, (ECCN,))
    assert "3A777 is no entry" in found.text
    assert CONTROLS.determine("3A777", "DE", WORLDWIDE).truth is Truth.NO
    found = CONTROLS.determine("5A001.q", "CN", CHART)
    assert (found.truth, found.missing) == (Truth.MISSING, (ECCN,))
    assert "no paragraph .q" in found.text


def test_an_entry_without_paragraphs_says_so():
    assert "paragraphs of 6A003 are not in the table" in CONTROLS.determine("6A003", "DE", CHART).text
    assert "are not in the table" not in CONTROLS.determine("5A001", "JP", CHART).text


def test_paragraph_z_is_not_meant_unless_it_is_stated():
    found = CONTROLS.determine("5A992", "GB", WORLDWIDE)
    assert found.truth is Truth.NO
    assert found.notes == ("5A992: paragraph .z, which isn't stated, is not meant",)
    assert CONTROLS.determine("5A992.z.1", "GB", WORLDWIDE).truth is Truth.YES
    assert CONTROLS.determine("5A992.z", "GB", WORLDWIDE).truth is Truth.MISSING


def test_an_entry_of_which_paragraph_z_alone_is_held_has_items_outside_of_it():
    """Found in a table of decisions: 4A005 to Canada waited for its paragraph."""
    assert CONTROLS.ccl.entry("4A005").letters == ("z",)
    assert CONTROLS.determine("4A005", "CA", WORLDWIDE).truth is Truth.NO
    assert CONTROLS.determine("4A005.z.1", "CA", WORLDWIDE).truth is Truth.YES


def test_footnotes_of_the_chart():
    assert CONTROLS.determine("0A501.a", "GB", CHART).truth is Truth.YES
    assert CONTROLS.determine("0A501.y", "GB", CHART).truth is Truth.NO
    assert CONTROLS.determine("0A508", "AU", CHART).missing == (BY_PERSON,)
    assert CONTROLS.determine("6A003.b.4.b", "IN", CHART).truth is Truth.YES
    assert CONTROLS.determine("9A515.e", "IN", CHART).truth is Truth.YES
    assert "read also footnote 3" in CONTROLS.determine("0A919", "DE", CHART).text
    assert CONTROLS.determine("3A981", "PK", CHART).truth is Truth.YES
    assert CONTROLS.chart.problems() == []


def test_chinas_marks_are_those_of_the_law_and_nobody_has_an_at_mark():
    china = CONTROLS.chart.row("CN")
    assert china.marks == {
        *("CB1", "CB2", "CB3", "NP1", "NP2"),
        *("NS1", "NS2", "MT1", "RS1", "RS2", "CC1", "CC3"),
    }
    assert CONTROLS.chart.row("MO").marks == china.marks
    assert not any(mark.startswith("AT") for mark in CONTROLS.chart.marked)
    for embargoed in ("CU", "IR", "KP", "SY"):
        row = CONTROLS.chart.row(embargoed)
        assert row.pointer and not row.marks


def test_country_groups():
    groups = CONTROLS.chart.groups
    assert "D:5" in groups.of("CN") and groups.of("HK") == groups.of("CN")
    assert "D:5" not in groups.of("MO")
    assert groups.of("IR") >= {"E:1"} and groups.of("CU") >= {"E:2"}
    assert groups.of("US") >= {"A:1"} and groups.of("BM") == frozenset()


def test_the_list_is_whole():
    ccl = CONTROLS.ccl
    assert len(ccl) == 633
    assert len({entry.eccn for entry in ccl}) == 633
    assert sum(len(entry.controls) for entry in ccl) >= 1536
    # An entry without any requirement would be clear for everybody, in silence.
    assert [entry.eccn for entry in ccl if not entry.controls] == []
    assert ccl.entry("5A001.f.1").heading.startswith("Telecommunications systems")
    assert any(text.paragraph == "f.1" for text in ccl.paragraphs("5A001"))
    assert ccl.entry("3A777") is None


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(entry.eccn for entry in CONTROLS.ccl)),
    st.sampled_from(["", ".a", ".b.1", ".x", ".y", ".z.1"]),
    st.sampled_from(sorted(set(country_names()) - {"US"})),
    st.sampled_from([CHART, WORLDWIDE, NAMED, OPEN]),
)
def test_stating_less_never_clears(eccn, paragraph, country, test):
    """A heading is not freer than any of its paragraphs, .z aside, which is not meant unless it is stated."""
    whole, part = CONTROLS.determine(eccn, country, test), CONTROLS.determine(eccn + paragraph, country, test)
    if whole.truth is Truth.NO and not paragraph.startswith(".z"):
        assert part.truth is not Truth.YES or paragraph[1] not in CONTROLS.ccl.entry(eccn).letters
    assert (whole.truth is Truth.MISSING) <= bool(whole.missing and whole.text)
    assert (whole.truth is Truth.YES) <= bool(whole.evidence)


# -- in orders ---------------------------------------------------------------------------------------------------


def test_before_the_tables_begin_the_answer_is_unconfirmed(desk):
    def status(day):
        findings = desk.decide(order("3A981", "CN"), as_of=day)[2].findings
        return next(f.status for f in findings if f.rule == "us.ear.738.country-chart")

    assert status(date(2026, 7, 22)) is Status.UNCONFIRMED
    assert status(date(2026, 7, 23)) is Status.IN_FORCE


def test_a_clear_answer_before_the_tables_begin_says_so(desk):
    outcome, _, found = desk.decide(order("6A993", "CN"), as_of=date(2026, 3, 1))
    assert outcome is Outcome.CLEAR
    assert any("2026-07-23" in line and "unconfirmed for 2026-03-01" in line for line in found.assumptions)
    _, _, found = desk.decide(order("6A993", "CN"), as_of=AT_TIMES)
    assert not any("unconfirmed" in line for line in found.assumptions)


def test_a_persons_reading_closes_what_is_open_and_opens_nothing(desk):
    facts = {"facts": {"item.0.country_chart": "not_required"}}
    assert desk.decide(order("5A002.a", "GB", **facts), as_of=AT_TIMES)[0] is Outcome.CLEAR
    assert desk.decide(order("2B001.a", "IN", **facts), as_of=AT_TIMES)[0] is Outcome.CLEAR
    assert desk.decide(order("3A981", "CN", **facts), as_of=AT_TIMES)[0] is Outcome.LICENSE_REQUIRED
    assert desk.decide(order("3A777", "CN", **facts), as_of=AT_TIMES)[0] is Outcome.INDETERMINATE
    assert desk.decide(order("5A980", "GB", **facts), as_of=AT_TIMES)[0] is Outcome.LICENSE_REQUIRED
    # Which paragraph it is remains a question of its own.
    assert desk.decide(order("3B001", "NL", **facts), as_of=AT_TIMES)[0] is Outcome.INDETERMINATE
    required = {"facts": {"item.0.country_chart": "required"}}
    assert desk.decide(order("6A993", "JP", **required), as_of=AT_TIMES)[0] is Outcome.LICENSE_REQUIRED


def test_the_evidence_of_a_finding_quotes_the_rows(desk):
    findings = desk.decide(order("3A981", "CN"), as_of=AT_TIMES)[2].findings
    chart = next(f for f in findings if f.rule == "us.ear.738.country-chart")
    assert chart.evidence[0] == '3A981: "CC applies to entire entry": "CC Column 1"'
    assert {c.text for c in chart.citations} >= {"15 CFR 738.4", "Supplement No. 1 to 15 CFR Part 738"}


def test_an_eccn_that_is_not_on_the_list_may_be_answered_one_that_is_may_not(desk):
    outcome, _, found = desk.decide(order("3A777", "CN", facts={"item.0.eccn": "3A991"}), as_of=AT_TIMES)
    assert outcome is Outcome.CLEAR
    assert any("3A777 is no entry of the list" in line for line in found.assumptions)
    with pytest.raises(OrderError):
        desk.decide(order("3A981", "CN", facts={"item.0.eccn": "3A991"}), as_of=AT_TIMES)


def test_a_missing_eccn_says_where_it_does_not_matter(desk):
    plain = order(None, "CN")
    listed = desk.subject(plain, program="us.el", license_requirement="For all items subject to the EAR.")
    _, _, found = desk.decide(plain, listed, as_of=AT_TIMES)
    chart = next(f for f in found.findings if f.rule == "us.ear.738.country-chart")
    assert chart.outcome is Outcome.INDETERMINATE
    assert "does not change the outcome: us.ear.744.entity-list decides" in chart.text
    _, _, alone = desk.decide(plain, as_of=AT_TIMES)
    assert not any("does not change the outcome" in f.text for f in alone.findings)


def test_every_entry_can_be_decided_for_every_destination():
    for entry in CONTROLS.ccl:
        for country in ("CN", "GB", "CA", "RU", "BM", ""):
            for test in (CHART, WORLDWIDE, NAMED, OPEN):
                CONTROLS.determine(entry.eccn, country, test)
