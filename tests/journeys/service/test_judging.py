"""People work cases through REST with keys of their own: four eyes, locks, who was faster, many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.journeys.service.conftest import NOW, Serve, as_person

from stopship.access import Role, Scope
from stopship.api.schemas import steps, users

NAME = "Hangzhou Hikvisoin Digital Technologie"
UNTIL = (NOW + timedelta(days=90)).date().isoformat()
FALSE = {"verdict": "false_match", "reason": "other_address", "comment": "a bakery"}


class People:
    """One server, a program that sends orders, and people with keys of their own."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.anna = as_person(client, "anna", Role.ANALYST)
        self.ben = as_person(client, "ben", Role.ANALYST)
        self.sue = as_person(client, "sue", Role.SUPERVISOR)
        self.tom = as_person(client, "tom", Role.SUPERVISOR)
        rows = client.get("/api/v1/users", headers=as_person(client, "root", Role.ADMIN, (Scope.ADMIN,))).json()
        self.id = {row["name"]: users.UserShown.model_validate(row).id for row in rows["items"]}

    def order(self, name: str = NAME) -> Any:
        order = {"destination": "CN", "parties": [{"role": "end_user", "name": name, "country": "CN"}]}
        answer = self.client.post("/api/v1/transactions", json={"transaction": order})
        assert answer.status_code == 201, answer.text
        return answer.json()["decision"]

    def do(self, who: dict[str, str], what: str, status: int = 200, key: str | None = None, **body: Any) -> Any:
        """POST as somebody; the answer, which has this status."""
        headers = who | ({"idempotency-key": key} if key else {})
        answer = self.client.post(f"/api/v1/{what}", json=body, headers=headers)
        assert answer.status_code == status, (what, answer.status_code, answer.text)
        return answer.json()

    def case(self, number: int = 1) -> Any:
        return self.client.get(f"/api/v1/cases/{number}", headers=self.anna).json()["case"]


@pytest.fixture
def people(serve: Serve, tmp_path: Path) -> People:
    home = tmp_path / "strict"
    home.mkdir()
    (home / "settings.yaml").write_text(
        "cases: {needs_checker: {false_match: [exact, strong, medium, weak]}}\n", "utf-8"
    )
    found = People(serve(home, key=(Scope.DECIDE, Scope.CASES)))
    assert found.order()["outcome"] == "review"
    return found


def test_two_people_work_a_case_to_its_end(people: People) -> None:
    do = people.do
    taken = do(people.anna, "cases/next")
    steps.CaseTaken.model_validate(taken)
    assert taken["case"]["assignee"] == taken["case"]["locked_by"] == people.id["anna"]
    assert do(people.ben, "cases/next") == {"case": None}
    assert do(people.anna, "cases/1/notes", 201, text="asked the customer")["id"] == 1
    # A note is something new to see, too.
    do(people.anna, "cases/1/verdict", 409, **FALSE, version=taken["case"]["version"])
    waiting = do(people.anna, "cases/1/verdict", **FALSE, version=people.case()["version"])
    steps.CaseJudged.model_validate(waiting)
    assert waiting["case"]["state"] == "proposed" and waiting["suppressions"] == []
    assert do(people.sue, "cases/1/refuse", comment="look again")["case"]["state"] == "open"
    do(people.anna, "cases/1/verdict", **FALSE)
    assert do(people.anna, "cases/1/withdraw")["case"]["state"] == "open"
    do(people.anna, "cases/1/verdict", **FALSE)
    closed = do(people.sue, "cases/1/approve", comment="agreed")
    steps.CaseStepped.model_validate(closed)
    assert (closed["case"]["state"], closed["case"]["disposition"]) == ("closed", "false_match")
    shown = people.case()
    last = shown["dispositions"][-1]
    assert (last["maker"], last["checker"]) == (people.id["anna"], people.id["sue"])
    assert {row["actor"] for row in shown["timeline"] if row["action"] == "case.approved"} == {people.id["sue"]}
    assert {"name_only", "other"} <= people.client.get("/api/v1/reasons").json()["reasons"].keys()


def test_one_person_is_not_two_whatever_keys_they_have(people: People) -> None:
    from stopship.access.keys import Keys

    people.do(people.sue, "cases/1/verdict", **FALSE)
    refused = people.do(people.sue, "cases/1/approve", 403)
    assert refused["type"] == "urn:stopship:problem:step-not-allowed"
    assert "the second person must be somebody else" in refused["detail"]
    assert refused["by"] == {"id": people.id["sue"], "name": "Sue"}
    made = Keys(people.client.app.state.server.database).create(  # type: ignore[attr-defined]
        "sue's other", (Scope.JUDGE,), actor="cli:test", now=NOW, user="sue"
    )
    other = {"authorization": f"ApiKey {made.text}"}
    assert "must be somebody else" in people.do(other, "cases/1/approve", 403)["detail"]
    # An analyst is no second person, and a program is no person at all.
    assert "supervisor" in people.do(people.ben, "cases/1/approve", 403)["detail"]
    assert "a person must sign in" in people.do({}, "cases/1/approve", 403)["detail"]
    assert "a person must sign in" in people.do({}, "cases/1/verdict", 403, **FALSE)["detail"]
    assert people.case()["state"] == "proposed"
    assert people.do(people.tom, "cases/1/approve")["case"]["state"] == "closed"


def test_of_two_who_decide_at_once_one_is_told_who_was_faster(people: People) -> None:
    version = people.case()["version"]
    barrier = Barrier(2)

    def decide(who: dict[str, str]) -> Any:
        barrier.wait()
        body = {**FALSE, "version": version}
        return people.client.post("/api/v1/cases/1/verdict", json=body, headers=who)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, (people.anna, people.ben)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = people.case()["dispositions"]
    assert len(won) == 1
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert lost["type"] == "urn:stopship:problem:case-changed"
    assert lost["by"]["id"] == won[0]["maker"] and lost["by"]["name"] in ("Anna", "Ben")
    assert won[0]["maker"] in lost["detail"] and f"you had {version}" in lost["detail"]


def test_a_locked_case_says_who_has_it(people: People) -> None:
    do = people.do
    do(people.anna, "cases/1/take")
    for what, body in (("verdict", FALSE), ("take", {}), ("release", {})):
        refused = do(people.ben, f"cases/1/{what}", 423, **body)
        assert refused["type"] == "urn:stopship:problem:case-locked"
        assert refused["by"] == {"id": people.id["anna"], "name": "Anna"}
        assert "works on it until 2026-03-01 10:00 UTC" in refused["detail"]
    assert do(people.ben, "cases/1/assign", 403, to="ben")["type"].endswith("not-allowed")
    assert "no user 'nobody'" in do(people.sue, "cases/1/assign", 422, to="nobody")["detail"]
    as_person(people.client, "vera", Role.VIEWER, (Scope.CASES,))
    assert "works no cases" in do(people.sue, "cases/1/assign", 422, to="vera")["detail"]
    assert "there is no user" in do(people.sue, "cases/1/assign", 422, to="user:" + "9" * 30)["detail"]
    assigned = do(people.sue, "cases/1/assign", to=people.id["ben"])["case"]
    assert (assigned["assignee"], assigned["locked_by"]) == (people.id["ben"], None)
    assert do(people.ben, "cases/1/take")["case"]["locked_by"] == people.id["ben"]
    assert do(people.ben, "cases/1/release")["case"]["assignee"] is None


def test_a_step_with_an_idempotency_key_is_done_once(people: People) -> None:
    first = people.do(people.anna, "cases/1/verdict", key="case-1", **FALSE)
    assert people.do(people.anna, "cases/1/verdict", key="case-1", **FALSE) == first
    assert len(people.case()["dispositions"]) == 1
    other = people.do(people.anna, "cases/1/verdict", 409, key="case-1", **{**FALSE, "reason": "name_only"})
    assert "used for another call" in other["detail"]
    people.do(people.ben, "cases/1/verdict", 409, key="case-1", **FALSE)  # Ben's own key, and too late


def test_a_closed_case_is_opened_again_by_a_supervisor_who_says_why(people: People) -> None:
    do = people.do
    assert do(people.sue, "cases/1/reopen", 409, comment="early")["type"].endswith("illegal-step")
    judge_false(people)
    assert "supervisor" in do(people.anna, "cases/1/reopen", 403, comment="new owner")["detail"]
    assert "a person must sign in" in do({}, "cases/1/reopen", 403, comment="new owner")["detail"]
    assert do(people.sue, "cases/1/reopen", 422)["errors"]
    assert "empty" in do(people.sue, "cases/1/reopen", 400, comment="  ")["detail"]
    closed = people.case()
    seen = closed["version"]
    do(people.sue, "cases/1/reopen", 409, comment="new owner", version=seen - 1)
    opened = do(people.sue, "cases/1/reopen", key="again", comment="new owner", version=seen)
    steps.CaseStepped.model_validate(opened)
    assert (opened["case"]["state"], opened["case"]["disposition"]) == ("open", None)
    assert do(people.sue, "cases/1/reopen", key="again", comment="new owner", version=seen) == opened
    shown = people.case()
    assert [(one["state"], one["verdict"]) for one in shown["alerts"]] == [("open", None)]
    (row,) = [row for row in shown["timeline"] if row["action"] == "case.reopened"]
    assert (row["actor"], row["content"]["comment"]) == (people.id["sue"], "new owner")
    judge_false(people)
    assert people.case()["disposition"] == "false_match"


def test_single_alerts_and_what_can_not_be_said(people: People) -> None:
    do = people.do
    (alert,) = [one["id"] for one in people.case()["alerts"]]
    assert do(people.anna, "cases/1/verdict", 404, **FALSE, alerts=[alert + 1])["type"].endswith("not-found")
    assert (
        "whole case"
        in do(people.anna, "cases/1/verdict", 400, verdict="possible", reason="needs_information", alerts=[alert])[
            "detail"
        ]
    )
    assert do(people.anna, "cases/1/verdict", 400, **{**FALSE, "reason": "because"})["detail"]
    assert do(people.anna, "cases/1/verdict", 422, **{**FALSE, "verdict": "guilty"})["errors"]
    possible = do(people.anna, "cases/1/verdict", verdict="possible", reason="needs_information")
    assert possible["case"]["state"] == "open"
    do(people.anna, "cases/1/verdict", verdict="escalated", reason="needs_decision", comment="same town")
    assert "needs supervisor" in do(people.anna, "cases/1/verdict", 403, **FALSE)["detail"]
    judged = do(
        people.sue,
        "cases/1/verdict",
        **FALSE,
        others=[{"alert": alert, "verdict": "true_match"}],
    )
    assert judged["case"]["state"] == "proposed"
    assert do(people.tom, "cases/1/approve")["case"]["disposition"] == "true_match"
    assert do(people.tom, "cases/1/approve", 409)["type"].endswith("illegal-step")
    assert do(people.tom, "cases/77/take", 404)["detail"] == "there is no case 77"


def test_many_cases_are_judged_false_by_two(people: People) -> None:
    do = people.do
    for name in ("Hangzhou Hikvisoin Digitale", "Dahua Technologie"):
        people.order(name)
    asked = {"verdict": "false_match", "reason": "name_only", "comment": "first names only"}
    preview = do(people.sue, "bulk/preview", programs=["us.el"])
    steps.BulkPreview.model_validate(preview)
    assert preview["count"] >= 2 and not preview["refused"]
    do(people.anna, "bulk", 403, **asked, cases=preview["cases"], count=preview["count"])
    assert do(people.sue, "bulk", 409, **asked, programs=["us.el"], count=99)["type"].endswith("case-changed")
    assert "not both" in do(people.sue, "bulk", 400, **asked, count=1)["detail"]
    made = do(people.sue, "bulk", 201, key="b", **asked, programs=["us.el"], count=preview["count"])
    steps.BulkShown.model_validate(made)
    assert do(people.sue, "bulk", 201, key="b", **asked, programs=["us.el"], count=preview["count"]) == made
    number = made["id"]
    listed = people.client.get("/api/v1/bulk", headers=people.anna).json()
    assert [one["id"] for one in listed["items"]] == [number]
    assert do(people.sue, f"bulk/{number}/approve", 403)["by"]["name"] == "Sue"
    do(people.ben, "cases/1/take")
    assert do(people.tom, f"bulk/{number}/approve", 409)["by"]["name"] == "Ben"
    assert do(people.tom, f"bulk/{number}/refuse", comment="one has changed")["state"] == "refused"
    do(people.ben, "cases/1/release")
    number = do(people.sue, "bulk", 201, **asked, cases=preview["cases"], count=preview["count"])["id"]
    assert do(people.sue, f"bulk/{number}/withdraw")["state"] == "withdrawn"
    number = do(people.sue, "bulk", 201, **asked, cases=preview["cases"], count=preview["count"])["id"]
    done = do(people.tom, f"bulk/{number}/approve", comment="read them all")
    assert (done["state"], done["maker"], done["checker"]) == ("effective", people.id["sue"], people.id["tom"])
    assert {people.case(case)["disposition"] for case in preview["cases"]} == {"false_match"}
    assert people.client.get(f"/api/v1/bulk/{number}", headers=people.anna).json() == done


def judge_false(people: People) -> None:
    people.do(people.anna, "cases/1/verdict", **FALSE)
    people.do(people.sue, "cases/1/approve")


def test_a_suppression_reaches_later_decisions_as_a_judgement(people: People) -> None:
    do = people.do
    judge_false(people)
    assert people.order()["judgements"] == []
    wish = {"until": UNTIL, "reason": "known_partner", "comment": "since 1998"}
    made = do(people.anna, "cases/1/suppressions", 201, **wish)
    steps.SuppressionsMade.model_validate(made)
    (asked,) = made["suppressions"]
    number = asked["id"]
    assert (asked["state"], asked["maker"]) == ("proposed", people.id["anna"])
    assert people.order()["judgements"] == []  # nobody has agreed yet
    do(people.anna, f"suppressions/{number}/approve", 403)
    assert do(people.sue, f"suppressions/{number}/approve", comment="true")["state"] == "active"
    later = people.order()
    assert [(one["verdict"], one["by"]) for one in later["judgements"]] == [("false", f"suppression:{number}")]
    assert later["outcome"] != "review"
    page = people.client.get("/api/v1/suppressions", params={"state": "active"}, headers=people.ben).json()
    steps.SuppressionsPage.model_validate(page)
    assert [one["id"] for one in page["items"]] == [number]
    assert do(people.ben, f"suppressions/{number}/end", 403, comment="no")["type"].endswith("step-not-allowed")
    assert do(people.tom, f"suppressions/{number}/end", comment="they merged")["state"] == "ended"
    assert people.order()["outcome"] == "review"
    assert people.case()["state"] == "open"


def test_a_suppression_can_be_refused_and_must_have_a_day(people: People) -> None:
    do = people.do
    judge_false(people)
    wish = {"until": UNTIL, "reason": "known_partner"}
    (asked,) = do(people.sue, "cases/1/suppressions", 201, **wish)["suppressions"]
    assert do(people.sue, f"suppressions/{asked['id']}/refuse", 403, comment="no")["by"]["name"] == "Sue"
    assert do(people.tom, f"suppressions/{asked['id']}/refuse", comment="too long")["state"] == "refused"
    past = date(2026, 1, 1).isoformat()
    assert "can't be its end" in do(people.anna, "cases/1/suppressions", 400, **{**wish, "until": past})["detail"]
    do(people.anna, "cases/1/suppressions", 400, **wish, scope="list")
    assert do(people.anna, "cases/1/suppressions", 409, **wish, scope="list", program="us.sdn")["detail"]


def test_a_verdict_may_ask_for_silence_at_once(people: People) -> None:
    judged = people.do(people.anna, "cases/1/verdict", **FALSE, suppress={"until": UNTIL})
    assert judged["case"]["state"] == "proposed"
    (held,) = people.client.get("/api/v1/suppressions", headers=people.anna).json()["items"]
    assert "together with a disposition" in people.do(people.sue, "suppressions/1/approve", 409)["detail"]
    people.do(people.sue, "cases/1/approve")
    assert people.client.get(f"/api/v1/suppressions/{held['id']}", headers=people.anna).json()["state"] == "active"
    assert [one["verdict"] for one in people.order()["judgements"]] == ["false"]


def test_what_needs_nobody_else_is_closed_and_its_suppression_waits(serve: Serve) -> None:
    people = People(serve(key=(Scope.DECIDE, Scope.CASES)))
    people.order()
    judged = people.do(people.anna, "cases/1/verdict", **FALSE, suppress={"until": UNTIL})
    assert (judged["case"]["state"], judged["suppressions"]) == ("closed", [1])
    assert people.do(people.sue, "suppressions/1/approve")["state"] == "active"


def test_a_key_of_a_person_ends_with_the_role_and_the_account(people: People) -> None:
    admin = as_person(people.client, "adam", Role.ADMIN, (Scope.ADMIN,))
    do = people.do
    assert do(admin, "users/sue/role", role="analyst")["role"] == "analyst"
    assert "revoked" in do(people.sue, "cases/1/take", 401)["detail"]
    assert do(admin, "users/ben/role", role="supervisor")["role"] == "supervisor"
    assert do(people.ben, "cases/1/take")["case"]["locked_by"] == people.id["ben"]
    assert do(admin, "users/ben/disable")["disabled"] is not None
    do(people.ben, "cases/1/take", 401)
    assert do(admin, "users/ben/enable")["disabled"] is None
    do(people.ben, "cases/1/take", 401)
    keys = people.client.get("/api/v1/keys", headers=admin).json()["items"]
    assert {(one["name"], one["user"]) for one in keys} >= {("ERP", None), ("sue", "sue")}
    assert "a verdict is a person's" in do(admin, "keys", 422, name="x", scopes=["judge"])["detail"]


def test_accounts_are_made_by_admins_only(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.contracts.access import quick_passwords

    monkeypatch.setattr("stopship.app.access.Passwords", lambda *_: quick_passwords())
    admin = as_person(people.client, "adam", Role.ADMIN, (Scope.ADMIN,))
    asked = {"name": "Otto", "role": "analyst", "password": "mettwurst-kachelofen"}
    made = people.do(admin, "users", 201, **asked)
    assert (made["name"], made["role"], made["disabled"]) == ("otto", "analyst", None)
    assert "there is a user" in people.do(admin, "users", 422, **asked)["detail"]
    weak = people.client.post("/api/v1/users", json={**asked, "name": "o2", "password": "kurz"}, headers=admin)
    assert weak.status_code == 422 and "kurz" not in weak.text
    people.do(people.sue, "users", 403, **asked)
    assert "no user 'nobody'" in people.do(admin, "users/nobody/disable", 422)["detail"]
    (row,) = [r for r in people.client.get("/api/v1/users", headers=admin).json()["items"] if r["name"] == "otto"]
    assert "password" not in row
