"""A view of the queue in an address, the columns a reader wants, why a case is there."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from tests.unit.cases.people import NOW

from stopship.cases.glance import Glance
from stopship.cases.queue import Line
from stopship.errors import SettingsError
from stopship.store.cases import CaseRow
from stopship.web.pages.queue_view import FIELDS, LIVE, QueueView, queue_view
from stopship.web.presenters.queue import MOST_SAID, Chip, chosen_by, queue_rows
from stopship.web.queue_look import COLUMNS, SIZES, USUAL, QueueLook, chosen_look, read_look


def view(text: str) -> QueueView:
    return queue_view(QueryParams(text))


def test_several_values_of_a_facet_are_alternatives_and_one_can_be_taken_away() -> None:
    one = view("state=open&state=closed&band=exact&q=+optik+&sort=score&strange=1&state=open")
    wanted = one.wanted("user:1")
    assert (wanted.states, wanted.bands, wanted.text) == (("open", "closed"), ("exact",), "optik")
    assert one.query() == "?state=open&state=closed&band=exact&q=optik&sort=score"
    assert one.query(sort="due", after="x") == "?state=open&state=closed&band=exact&q=optik&sort=due&after=x"
    assert one.without("state", "open") == "?state=closed&band=exact&q=optik&sort=score"
    assert one.without("q") == "?state=open&state=closed&band=exact&sort=score"


def test_without_a_state_what_is_to_do_is_meant_and_with_a_verdict_what_is_closed() -> None:
    assert view("").wanted("me").states == LIVE
    assert view("disposition=false_match").wanted("me").states == ()
    same = view("&".join(f"state={one}" for one in LIVE))
    assert same.query() == "" and not same.narrowed and view("q=x").narrowed and not view("sort=id").narrowed


def test_i_am_who_asks() -> None:
    assert view("who=me&who=nobody&who=user:7").wanted("user:3").assignees == ("user:3", "nobody", "user:7")
    with pytest.raises(SettingsError):
        view("band=huge").wanted("user:3")


@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.text(max_size=8)), max_size=12))
def test_a_view_that_is_written_is_read_as_the_same(pairs: list[tuple[str, str]]) -> None:
    once = queue_view(QueryParams(pairs))
    again = queue_view(QueryParams(parse_qsl(once.query().removeprefix("?"))))
    assert again == once


def test_the_look_is_kept_in_a_cookie_and_another_cookie_is_not_believed() -> None:
    look = chosen_look(["changed", "match", "<script>"], "75")
    assert look == QueueLook(("match", "changed"), 75)
    assert read_look(look.to_cookie()) == look
    for cookie in (None, "", "x", "1000000.match", "25", "²5.", "50.nothing"):
        read = read_look(cookie)
        assert read.size in SIZES and set(read.columns) <= set(COLUMNS) and read.columns
    assert read_look("50.nothing").columns == USUAL


def line(number: int = 1) -> Line:
    row = CaseRow(
        id=number, subject_id=1, state="open", disposition=None, priority=1, band="strong", score=0.9, opened=NOW,
        changed=NOW, due=NOW, closed=None, assignee=None, locked_by=None, locked_until=None, version=1,
        programs=" us.el ", name="Beispiel Optik GmbH",
    )  # fmt: skip
    return Line(row, 1, "e-1", "Entity 1", ("us.el",))


def test_why_says_what_contradicts_first_and_the_name_once() -> None:
    signals = (
        ("token", "match"), ("token", "mismatch"), ("legal_form", "unknown"), ("country", "mismatch"),
        ("identifier", "match"),
    )  # fmt: skip
    (row,) = queue_rows([line()], {1: Glance("decision", "end user", signals, ("x" * 500,))}, now=NOW)
    assert row.chips == (Chip("country", "mismatch"), Chip("identifier", "match"), Chip("name", "match"))
    assert len(row.said) == MOST_SAID and row.age == 0


def test_a_case_whose_party_was_erased_has_a_row_without_reasons() -> None:
    (row,) = queue_rows([line()], {1: Glance("decision", "", (), ())}, now=NOW)
    (bare,) = queue_rows([line()], {}, now=NOW)
    assert row.chips == bare.chips == () and row.said == bare.said == ""


def test_by_what_the_cases_were_chosen() -> None:
    assert chosen_by('{"cases":[1,2]}') == (("cases", ()),)
    assert chosen_by('{"bands":["weak","medium"],"overdue":true,"text":"optik"}') == (
        ("bands", ("weak", "medium")),
        ("overdue", ()),
        ("text", ("optik",)),
    )
    assert chosen_by("{}") == ()
