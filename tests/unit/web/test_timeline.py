"""A case's timeline: every kind of row is told in words, with what it was before and after."""

from __future__ import annotations

from typing import Any

import pytest

from stopship.web.catalogue import LANGUAGES, messages
from stopship.web.presenters.case import case_page, reasons_by_verdict
from stopship.web.presenters.timeline import ACTIONS, LINES, WHYS, Event, timeline

PEOPLE = {"user:1": "Erika", "user:2": "Vera"}
ALERT = {
    "id": 7, "entity_id": "us.el-1", "entity_name": "Fiktiv Optik", "programs": ["us.el"], "score": 0.9,
    "band": "strong", "state": "open", "verdict": None, "gone": None, "first_seen": "2026-03-02T09:00:00Z",
    "hit": None, "entity": None,
}  # fmt: skip
SCREENING = {
    "id": 3, "kind": "decision", "outcome": "license_required", "lists": {"us_csl": "sha256:ab"}, "engine": "stopship 1",
    "index": "sha256:cd",
}  # fmt: skip


def row(action: str, content: Any, seq: int = 1, actor: str = "user:1") -> dict[str, Any]:
    subject = "suppression:1" if action.startswith("suppression") else "case:1"
    moment = "2026-03-02T09:00:00Z"
    return {
        "seq": seq,
        "moment": moment,
        "actor": actor,
        "action": action,
        "subject": subject,
        "content": content,
        "hash": "f" * 64,
    }


def told(action: str, content: Any) -> Event:
    plain = {"alerts": [ALERT], "screenings": [SCREENING], "timeline": [row(action, content)]}
    (event,) = timeline(plain, PEOPLE)
    return event


def test_the_last_event_stands_first() -> None:
    rows = [row("case.opened", {}, 1), row("case.taken", {}, 2)]
    found = timeline({"alerts": [], "screenings": [], "timeline": rows}, PEOPLE, {2: "altered"})
    assert [(event.seq, event.wrong) for event in found] == [(2, "altered"), (1, "")]


def test_before_and_after_are_told_by_the_names_of_people() -> None:
    event = told(
        "case.assigned",
        {"before": {"assignee": None, "locked_by": "user:1"}, "after": {"assignee": "user:2", "locked_by": None}},
    )
    assert [(c.field, c.before, c.after) for c in event.changes] == [("assignee", "", "Vera")]


def test_a_proposal_is_told_with_each_hit_and_what_was_written() -> None:
    event = told(
        "case.proposed",
        {
            "before": {"state": "open"}, "after": {"state": "proposed"}, "disposition": 4, "verdict": "false_match",
            "reason": "name_only", "comment": "another company",
            "alerts": [{"alert": 7, "entity": "us.el-1", "entry": "0", "verdict": "false_match"}],
        },
    )  # fmt: skip
    assert (event.verdict, event.reason, event.quote, event.disposition) == (
        "false_match",
        "name_only",
        "another company",
        4,
    )
    assert [(one.name, one.programs, one.verdict) for one in event.matched] == [
        ("Fiktiv Optik", ("us.el",), "false_match")
    ]


def test_what_opened_a_case_names_lists_and_engine() -> None:
    matches = [{"entity": f"e-{n}", "entity_name": f"Name {n}", "programs": [], "score": 0.9} for n in range(20)]
    event = told("case.opened", {"screening": 3, "after": {"state": "open"}, "matches": matches})
    assert (event.lists, event.engine) == ((("us_csl", "sha256:ab"),), "stopship 1")
    assert [line.key for line in event.lines] == ["by.decision"]
    assert (len(event.matched), event.more) == (12, 8)


def test_what_was_erased_is_told_as_that() -> None:
    assert told("case.noted", None).erased


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_kind_of_row_is_filled_in_in_every_language(action: str, language: str) -> None:
    texts = messages(language)
    content = {
        "maker": "user:1", "bulk": 2, "name": "登记.pdf", "size": 1200, "sha256": "a" * 64, "form": "pdf",
        "entities": ["e-1"], "until": "2027-01-01", "scope": "list", "program": "us.el", "why": "its day has come",
        "after": {"locked_until": "2026-03-02T09:30:00+00:00"}, "screening": 3, "suppression": 1,
    }  # fmt: skip
    event = told(action, content)
    assert texts.texts["event." + action]
    for line in event.lines:
        if line.counted is None:
            assert line.key in LINES
            assert "{" not in texts.text("told." + line.key, **line.values)
        else:
            assert texts.count("told." + line.key, line.counted)


def test_a_reason_that_the_catalogue_does_not_know_is_told_as_it_was_written() -> None:
    event = told("case.matches_changed", {"matches": [{"entity": "us.el-1", "why": "something new"}]})
    assert [(one.name, one.why, one.said) for one in event.matched] == [("Fiktiv Optik", "", "something new")]
    assert "something new" not in WHYS


def test_reasons_stand_with_the_verdict_that_they_speak_for() -> None:
    groups = dict(reasons_by_verdict(("name_only", "same_details", "other", "our_own")))
    assert groups == {"false_match": ("name_only",), "true_match": ("same_details",), "any": ("other", "our_own")}


def case_of(*alerts: dict[str, Any], **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "id": 1, "party": {"name": "Fiktiv"}, "locked_by": None, "dispositions": [], "suppressions": [], "notes": [],
        "files": [], "screenings": [], "timeline": [], "alerts": list(alerts),
    }  # fmt: skip
    return {**empty, **more}


def test_what_was_judged_false_may_be_kept_silent_once() -> None:
    false = {**ALERT, "state": "decided", "verdict": "false_match"}
    page = case_page(case_of(false), {}, me="user:1", people=PEOPLE)
    assert [alert.id for alert in page.silenceable] == [7] and page.programs == ("us.el",)
    silent = [{"state": "active", "entities": [{"entity_id": "us.el-1"}]}]
    assert case_page(case_of(false, suppressions=silent), {}, me="user:1", people=PEOPLE).silenceable == ()


def test_only_some_hits_are_compared_where_there_are_many() -> None:
    entry = [{"listings": [{"program": "us.el", "name": "as printed"}]}]
    alerts = [{**ALERT, "id": n, "entity_id": f"e-{n}", "score": 1 - n / 100, "entity": entry} for n in range(9)]
    page = case_page(case_of(*alerts), {}, me="user:1", people=PEOPLE, in_full=range(0, 6))
    assert [len(alert.listings) for alert in page.alerts] == [1] * 6 + [0] * 3
