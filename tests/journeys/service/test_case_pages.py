"""Pages of cases without a browser: plain forms with redirects, what is refused, what a page weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient
from tests.journeys.service.conftest import LOCAL, NOW, import_rows
from tests.journeys.test_lists import SDN

from stopship.access import Principal
from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.access.vocabulary import Role
from stopship.api.application import build
from stopship.app.service.casework import Working
from stopship.app.service.edition import open_edition
from stopship.app.service.server import Server, make_server
from stopship.app.service.settings import ServiceSettings
from stopship.asgi.pages import add_pages
from stopship.model.order import read_order
from stopship.store import audit

PASSWORD = "mettwurst-kachelofen"
MANY = 40
MOST_BYTES = 150_000
SHIP = "Beispiel Shipping Lines"
ROWS = tuple(
    {"source": SDN, "entity_number": str(99000 + n), "type": "Entity", "programs": "SDGT", "name": f"{SHIP} {n}"}
    for n in range(MANY)
)
PEOPLE = (("erika", Role.ANALYST), ("sam", Role.SUPERVISOR), ("vic", Role.VIEWER))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A home in which one party has many hits and another a few."""
    monkeypatch.delenv("STOPSHIP_DATABASE_URL", raising=False)
    home = tmp_path / "home"
    import_rows(home, tmp_path, *ROWS)
    made = make_server(ServiceSettings(home=home), now=lambda: NOW)
    accounts = Accounts(
        made.database, Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    )
    for name, role in PEOPLE:
        accounts.create(name, role, PASSWORD, actor="cli:test", now=NOW)
    edition = open_edition(home, lambda: NOW)
    working = Working(lambda: edition, made.database, now=lambda: NOW)
    for name in (SHIP, f"{SHIP} 7 <script>alert(1)</script>"):
        order: dict[str, Any] = {"destination": "CN", "parties": [{"role": "end_user", "name": name}]}
        decision = edition.decider.decide(read_order(order))
        working.keep(decision, Principal("user", "1", "erika", Role.ANALYST))
    yield made
    made.database.close()


@pytest.fixture
def client(server: Server) -> Iterator[TestClient]:
    app = build(server)
    add_pages(app, server)
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False, follow_redirects=False) as opened:
        yield opened


def come_in(client: TestClient, name: str) -> str:
    """Sign in; what forms must bring along."""
    client.cookies.clear()
    assert client.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/cases").text)
    assert found is not None
    return found[1]


def test_a_case_of_many_hits_stays_small_and_shows_every_one(client: TestClient) -> None:
    come_in(client, "erika")
    page = client.get("/cases/1?sort=id")
    assert page.status_code == 200 and len(page.content) <= MOST_BYTES
    assert page.text.count('class="case-hit"') == MANY
    assert page.text.count('class="compared"') == 6
    further = client.get("/cases/1?sort=id&hit=12")
    assert further.text.count('class="compared"') == 6 and len(further.content) <= MOST_BYTES


def test_names_are_text_on_every_part_of_a_case(client: TestClient) -> None:
    come_in(client, "erika")
    for path in ("/cases/2", "/cases/1?done=2", "/cases/2/earlier"):
        assert "<script>alert" not in client.get(path).text
    assert "&lt;script&gt;" in client.get("/cases/2").text


def test_without_script_a_form_leads_to_the_next_case_and_back_by_undo(client: TestClient) -> None:
    token = come_in(client, "erika")
    said = {"csrf": token, "verdict": "true_match", "reason": "same_details"}
    answer = client.post("/cases/1/decide?sort=id&state=open", data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/2?state=open&sort=id&done=1")
    assert "/cases/1/withdraw?state=open" in client.get(answer.headers["location"]).text
    back = client.post("/cases/1/withdraw?state=open&sort=id", data={"csrf": token})
    assert back.headers["location"] == "/cases/1?state=open&sort=id&did=withdraw"
    # The script asks for the same in place, and is told where the next case is.
    there = client.post("/cases/1/decide?sort=id&state=open", data=said, headers={"x-in-place": "1"})
    assert there.status_code == 200 and there.headers["x-place"] == "/cases/2?state=open&sort=id&done=1"
    assert "<html" not in there.text and "/cases/1/withdraw" in there.text
    # Undo by anybody else is refused, and offered to nobody else.
    other = come_in(client, "sam")
    assert "/cases/1/withdraw" not in client.get("/cases/2?done=1").text
    assert client.post("/cases/1/withdraw", data={"csrf": other}).status_code == 409


def test_an_answer_that_is_wrong_keeps_what_was_filled_in(client: TestClient) -> None:
    token = come_in(client, "erika")
    sent = {"csrf": token, "verdict": "false_match", "reason": "other", "comment": "", "suppress": "1"}
    for wrong, told in (
        ({"until": "2026-05-01"}, "what stays silent"),
        ({"until": "soon", "scope": "pair"}, "soon"),
        ({"until": "2026-05-01", "scope": "pair"}, "a comment is empty"),
        ({"verdict": ""}, "no verdict was chosen"),
        ({"verdict": "guilty"}, "no verdict was chosen"),
        ({"verdict": "", "verdict:999": "true_match", "suppress": "", "reason": "name_only"}, "alert 999"),
    ):
        answer = client.post("/cases/2/decide", data={**sent, **wrong})
        assert answer.status_code in (404, 409), wrong
        assert told in answer.text, wrong
        if answer.status_code == 409 and "verdict" not in wrong:
            assert re.search(r'value="false_match"[^>]* checked', answer.text)


def test_a_false_match_is_kept_silent_for_a_list_until_a_day(client: TestClient, server: Server) -> None:
    token = come_in(client, "erika")
    sent = {"verdict": "false_match", "reason": "name_only", "suppress": "1", "scope": "list:us.sdn"}
    answer = client.post("/cases/2/decide", data={"csrf": token, **sent, "until": "2026-05-01"})
    assert answer.status_code == 303, answer.text
    page = client.get("/cases/2").text
    assert "2026-05-01" in page and "Suppression" in page


def test_who_may_only_read_decides_nothing_and_may_take_evidence_out(client: TestClient, server: Server) -> None:
    token = come_in(client, "vic")
    page = client.get("/cases/2").text
    assert 'id="decide"' not in page and 'id="file"' not in page and "/cases/2/evidence" in page
    for step in ("take", "decide", "note", "assign", "approve", "open_again", "suppress", "attach", "nonsense"):
        answer = client.post(f"/cases/2/{step}", data={"csrf": token, "comment": "x"})
        assert answer.status_code in (403, 404), step
    assert client.post("/cases/2/files", data={"csrf": token}, files={"file": ("a.txt", b"x")}).status_code == 403
    answer = client.post("/cases/2/evidence", data={"csrf": token, "form": "json"})
    assert answer.headers["content-disposition"].startswith('attachment; filename="case-2-')
    assert "urn:stopship:" in orjson.loads(answer.content)["prefix"]["stopship"]
    with server.database.begin() as connection:
        last = audit.last_about(connection, "case:2")
    assert last is not None and (last.action, last.actor) == ("case.exported", "user:3")
    assert client.post("/cases/2/evidence", data={"csrf": token, "form": "exe"}).status_code == 409
    assert client.post("/cases/999/evidence", data={"csrf": token, "form": "pdf"}).status_code == 404
    assert "As PROV-JSON." in client.get("/cases/2").text


def test_a_kept_decision_is_taken_out_too_and_no_other_by_its_address(client: TestClient) -> None:
    token = come_in(client, "erika")
    place = re.search(r'href="(/evidence/[^"]+)"', client.get("/cases/2").text)
    assert place is not None
    page = client.get(place[1])
    assert f'action="{place[1]}/evidence"' in page.text
    answer = client.post(place[1] + "/evidence", data={"csrf": token, "form": "zip"})
    assert answer.status_code == 200 and answer.content.startswith(b"PK")
    wrong = place[1][:-4] + "0000"
    assert client.post(wrong + "/evidence", data={"csrf": token, "form": "zip"}).status_code == 404


def test_a_file_needs_the_token_first_and_stays_with_its_case(client: TestClient) -> None:
    token = come_in(client, "erika")
    file = {"file": ('a"; filename="b\r\n.txt', b"plain text")}
    assert client.post("/cases/2/files", files=file).status_code == 403
    assert client.post("/cases/2/files", data={"csrf": token}).status_code in (303, 409)
    answer = client.post("/cases/2/files", data={"csrf": token}, files=file)
    assert answer.status_code == 303 and answer.headers["location"].endswith("#files")
    got = client.get("/cases/2/files/1")
    assert got.content == b"plain text"
    # One name in quotes that it can't leave, and the same coded.
    assert re.fullmatch(
        r"attachment; filename=\"[^\"]*\"; filename\*=UTF-8''\S+", got.headers["content-disposition"]
    )
    assert client.get("/cases/1/files/1").status_code == 404
    large = client.post("/cases/2/files", data={"csrf": token}, files={"file": ("a.txt", b"x" * 10_000_001)})
    assert large.status_code == 409 and "too many" in large.text


def test_a_row_that_was_altered_is_told_on_its_case(client: TestClient, server: Server) -> None:
    come_in(client, "erika")
    assert "checked just now" in client.get("/cases/2").text
    with server.database.begin() as connection:
        for name in ("audit_log_update", "audit_log_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql("UPDATE audit_log SET actor = 'user:9' WHERE subject = 'case:2'")
    page = client.get("/cases/2").text
    assert "1 row of this case is not what was written" in page and "is-wrong" in page


def test_the_pulse_says_whether_somebody_else_holds_a_case(client: TestClient) -> None:
    token = come_in(client, "erika")
    assert client.post("/cases/2/take", data={"csrf": token}).status_code == 303
    mine = client.get("/cases/2/pulse").json()
    come_in(client, "sam")
    assert client.get("/cases/2/pulse").json() == {"version": mine["version"], "locked": True}
    assert mine["locked"] is False
    assert client.get("/cases/999/pulse").status_code == 404
