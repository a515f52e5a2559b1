"""Suggestions of entries to read: what is found, that it says why, and what makes no difference."""

from __future__ import annotations

from datetime import date
from importlib import resources

import pytest
from benchmarks.quality.items import rank, read_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.rules import Law, Rulebook
from stopship.rules.item_search import Suggestions
from stopship.rules.item_terms import ItemTerms
from stopship.rules.lint import TablesSound
from stopship.rules.tables import TABLES_FOLDER, Tables, read_table

DAY = date(2026, 7, 23)
SEARCH = Rulebook.load().law.item_search(DAY)
CASES = tuple(read_cases())
SAMPLE = CASES[::7]


def eccns(found: Suggestions) -> list[str]:
    return [candidate.eccn for candidate in found.candidates]


def ranked(found: Suggestions) -> list[tuple[str, float, bool]]:
    return [(c.eccn, c.score, c.strong) for c in found.candidates]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("thermal camera 640x512", ["6A003", "6A993"]),
        ("night vision goggles", ["6A002"]),
        ("IR camera", ["6A003", "6A993"]),
        ("quadcopter", ["9A012", "9A120"]),
        ("stingray", ["5A001"]),
        ("fingerprint reader", ["3A981", "4A980"]),
        ("AI accelerator", ["3A090", "4A090"]),
        ("VPN", ["5A002", "5A992", "5D002", "5D992"]),
        ("TLS library", ["5D002", "5D992"]),
        ("spyware", ["4A005", "4D004"]),
        ("forensic phone extraction", ["5A004"]),
        ("explosives detector", ["2A983"]),
        ("polygraph", ["3A981"]),
        ("voiceprint", ["3A980"]),
        ("lawful interception", ["5A980", "5D001"]),
        ("five-axis machine tool", ["2B001"]),
        ("frequency changer", ["3A225"]),
        ("tear gas", ["1A984"]),
        ("horse", ["0A980"]),
    ],
)
def test_words_of_the_trade_lead_to_the_entries(text, wanted):
    found = eccns(SEARCH.find(text, limit=6))
    assert set(wanted) <= set(found), found


def test_words_of_the_list_lead_to_it_without_words_of_the_trade():
    found = SEARCH.find("platinized catalysts for tritium recovery from heavy water", limit=3)
    assert eccns(found)[0] == "1A225"
    assert "heading" in {matched.where for matched in found.candidates[0].matched}


@pytest.mark.parametrize(("part", "least"), [("tune", 0.97), ("held", 0.97), ("later", 0.97), ("last", 0.8)])
def test_most_descriptions_find_an_entry_that_a_specialist_reads_first(part, least):
    cases = [case for case in CASES if case.part == part and case.eccns]
    places = [rank(case, SEARCH.find(case.text, limit=5)) for case in cases]
    assert len(cases) >= 60
    assert sum(1 for place in places if place) >= least * len(cases)


def test_ordinary_goods_have_no_strong_suggestion():
    strong = [c.text for c in CASES if not c.eccns and rank(c, SEARCH.find(c.text))]
    assert len(strong) <= 1, strong


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_every_suggestion_says_what_matched(case):
    for candidate in SEARCH.find(case.text, limit=50).candidates:
        assert candidate.matched
        given_words = case.text.casefold()
        for matched in candidate.matched:
            assert matched.words and matched.found
            assert matched.named if matched.where == "trade" else not matched.named
            assert all(part in given_words for word in matched.words for part in word.split())


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_the_order_of_words_never_matters(data):
    case = data.draw(st.sampled_from(CASES))
    shuffled = " ".join(data.draw(st.permutations(case.text.split())))
    one, other = SEARCH.find(case.text, limit=20), SEARCH.find(shuffled, limit=20)
    assert ranked(one) == ranked(other)
    assert [c.matched for c in one.candidates] == [c.matched for c in other.candidates]
    assert (one.unknown, one.notes, one.more) == (other.unknown, other.notes, other.more)


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.text)
def test_case_and_marks_never_matter(case):
    marked = case.text.replace("e", "é").replace("a", "à").replace("o", "ö")
    plain = ranked(SEARCH.find(case.text, limit=20))
    for text in (case.text.upper(), case.text.title(), marked, f"  {case.text} . "):
        assert ranked(SEARCH.find(text, limit=20)) == plain


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered(text):
    found = SEARCH.find(text, limit=3)
    assert len(found.candidates) <= 3
    assert all(candidate.matched for candidate in found.candidates)


def test_strong_candidates_come_first_and_scores_fall():
    found = SEARCH.find("stainless steel machine for wafers", limit=30).candidates
    keys = [(not c.strong, -c.score) for c in found]
    assert keys == sorted(keys)


def test_a_limit_cuts_off_and_says_how_many():
    all_ = SEARCH.find("camera", limit=50)
    some = SEARCH.find("camera", limit=2)
    assert some.candidates == all_.candidates[:2]
    assert some.more == len(all_.candidates) - 2


def test_what_nobody_lists_has_no_candidate():
    found = SEARCH.find("bananas")
    assert found.candidates == ()
    assert found.unknown == ("bananas",)
    assert found.notes == ()


def test_words_of_the_trade_that_met_nothing_are_told():
    assert SEARCH.find("telescope").unknown == ("telescope",)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("accelerometr", "accelerometer"),
        ("quad copter", "quadcopter"),
        ("quad-copter", "quadcopter"),
        ("thermalcamera", "thermal camera"),
        ("oscillosope", "oscilloscope"),
        ("fibre optic gyroscope", "fiber optic gyro"),
    ],
)
def test_slips_of_spelling_are_read(text, same_as):
    assert eccns(SEARCH.find(text))[0] == eccns(SEARCH.find(same_as))[0]


@pytest.mark.parametrize("text", ["leather wallet", "copter", "medicine"])
def test_short_or_other_words_are_not_bent_to_fit(text):
    assert not any(candidate.strong for candidate in SEARCH.find(text).candidates)


def test_a_longer_term_silences_the_shorter_ones_in_it():
    found = SEARCH.find("thermal camera")
    trade = {matched.found for c in found.candidates for matched in c.matched if matched.where == "trade"}
    assert trade == {"thermal camera"}


def test_software_and_technology_come_first_only_for_who_asks():
    assert eccns(SEARCH.find("explosives detector"))[0] == "2A983"
    found = SEARCH.find("explosives detector software", limit=5)
    assert eccns(found)[:2] == ["2D983", "2A983"]
    assert "2A983" in found.candidates[0].matched[0].named
    assert "D" not in {eccn[1] for eccn in eccns(SEARCH.find("explosives detector", limit=2))}


def test_an_entry_that_the_table_does_not_hold_is_named_without_a_heading():
    found = SEARCH.find("fermenter")
    assert found.candidates[0].eccn == "2B352"
    assert found.candidates[0].entry is None


def test_the_note_on_cctv_says_where_it_is_from_and_classifies_nothing():
    for text in ("CCTV", "rack server", "face recognition software"):
        notes = [note for note in SEARCH.find(text).notes if "EAR99" in note.text]
        assert len(notes) == 1
        assert "often" in notes[0].text
        assert notes[0].source and notes[0].url.startswith("https://")
    assert "EAR99" not in {c.eccn for c in SEARCH.find("CCTV").candidates}


def test_no_term_names_ear99():
    assert not [term for term in SEARCH.terms.terms if "EAR99" in term.entries]


def test_words_of_the_trade_fit_the_list_and_cover_every_category():
    held = {entry.eccn: entry.letters for entry in SEARCH.ccl}
    assert SEARCH.terms.problems(held) == []
    assert {entry[0] for term in SEARCH.terms.terms for entry in term.entries} == set("0123456789")
    assert len({term.row for term in SEARCH.terms.terms}) >= 150


def test_problems_of_a_table_of_words_are_told():
    head = "\n".join(
        f"# {key}: {value}"
        for key, value in {
            "title": "t", "source": "s", "url": "u", "issued": "2026-07-23", "in_force": "[2026-07-23, null]",
            "verified_on": "null", "made_by": "hand",
        }.items()
    )  # fmt: skip
    rows = "words\teccns\tnamed\nlaser | 9 Hz\t6A005.q\tlasers\nlasers\t6Z001\tothers\n"
    terms = read_table(f"{head}\n{rows}".encode(), "x", "item-words")
    notes = read_table(f"{head}\nwords\teccns\tnote\tsource\turl\tverified_on\n".encode(), "x", "item-notes")
    problems = ItemTerms(terms, notes).problems({"6A005": ("a", "b")})
    assert len(problems) == 5
    assert any("no word" in said for said in problems)
    assert any("no paragraph .q" in said for said in problems)
    assert any("'6Z001' is no ECCN" in said for said in problems)
    assert any("same words in two rows" in said for said in problems)


def test_lint_reads_the_words_of_the_trade():
    root = resources.files("stopship") / "rulebook" / "tables" / "us" / "ear"
    files = {
        f"{TABLES_FOLDER}us/ear/{folder.name}/{file.name}": file.read_bytes()
        for folder in root.iterdir()
        for file in folder.iterdir()
    }
    words = f"{TABLES_FOLDER}us/ear/item-words/2026-07-23.tsv"
    book = Rulebook((), Rulebook.load().facts, "sha256:", Law(Tables(files)))
    assert not list(TablesSound().check(book))
    files[words] += b"new words\t5A001.q\tnothing\n"
    book = Rulebook((), book.facts, "sha256:", Law(Tables(files)))
    assert ["5A001 has no paragraph .q" in problem.message for problem in TablesSound().check(book)] == [True]


def test_the_search_is_kept_for_days_with_the_same_tables():
    law = Rulebook.load().law
    assert law.item_search(DAY) is law.item_search(DAY.replace(year=2027))
