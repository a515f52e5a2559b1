"""Who is let in, what is refused, and that nothing is said of anybody on the way."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.service.conftest import Serve

from stopship.access import Action, Role, Scope, allows
from stopship.access.permissions import ROLES, SCOPES
from stopship.access.principal import Principal
from stopship.access.vocabulary import PROGRAM_SCOPES
from stopship.api.errors import STATUS, status_of
from stopship.api.permissions import NEEDED, PUBLIC
from stopship.errors import StopshipError

SECRET = "Zbigniew Xyzzyk"


def test_every_route_stands_in_the_table_and_nothing_else_does(serve: Serve) -> None:
    client = serve()
    described = {
        (method.upper(), path)
        for path, methods in client.get("/openapi.json").json()["paths"].items()
        for method in methods
    }
    assert described | {("GET", "/openapi.json")} == set(NEEDED)


def test_a_route_without_an_entry_is_closed(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve(key=PROGRAM_SCOPES)
    assert client.get("/catalog").status_code == 200
    table = {key: value for key, value in NEEDED.items() if key != ("GET", "/catalog")}
    monkeypatch.setattr("stopship.api.guard.NEEDED", table)
    answer = client.get("/catalog")
    assert answer.status_code == 403
    assert client.get("/algorithms").status_code == 200


@pytest.mark.parametrize("scope", PROGRAM_SCOPES)
def test_each_scope_opens_what_the_table_says(serve: Serve, scope: Scope) -> None:
    client = serve(key=(scope,), host="10.1.2.3")
    asking = Principal("key", "1", "ERP", None, frozenset({scope}))
    for (method, path), needed in NEEDED.items():
        url = re.sub(r"\{.*?\}", "1", path)
        answer = client.request(method, url, json={} if method == "POST" else None)
        if needed == PUBLIC or allows(asking, needed):
            assert answer.status_code not in (401, 403), (scope, method, path)
        else:
            assert answer.status_code == 403, (scope, method, path)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_the_table_says_and_no_more_with_a_key_of_ones_own(serve: Serve, role: Role) -> None:
    scopes = tuple(scope for scope in Scope if scope is not Scope.JUDGE or role is not Role.VIEWER)
    scopes = tuple(scope for scope in scopes if SCOPES[scope] & ROLES[role])
    client = serve(key=scopes, person=role, host="10.1.2.3")
    asking = Principal("user", "1", "Erika", role, frozenset(scopes))
    for (method, path), needed in NEEDED.items():
        url = re.sub(r"\{.*?\}", "1", path)
        answer = client.request(method, url, json={} if method == "POST" else None)
        if needed == PUBLIC or allows(asking, needed):
            assert answer.status_code not in (401, 403), (role, method, path)
        else:
            assert answer.status_code == 403, (role, method, path)
            assert needed not in ROLES[role] or "sign in instead" in answer.json()["detail"]


def test_without_a_key_nothing_opens(serve: Serve) -> None:
    client = serve(key=(Scope.MATCH,), host="10.1.2.3")
    del client.headers["authorization"]
    for (method, path), needed in NEEDED.items():
        answer = client.request(method, re.sub(r"\{.*?\}", "1", path), json={} if method == "POST" else None)
        if needed == PUBLIC:
            assert answer.status_code != 401
            continue
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "ApiKey"
    for header in ("ApiKey", "ApiKey x", "Basic abc", "Bearer ssk_a_b", "ApiKey " + "a" * 5000):
        assert client.get("/catalog", headers={"authorization": header}).status_code == 401


def test_a_revoked_key_is_refused_at_once(serve: Serve) -> None:
    from tests.journeys.service.conftest import NOW

    from stopship.access.keys import Keys

    client = serve(key=(Scope.MATCH,))
    assert client.get("/catalog").status_code == 200
    Keys(client.app.state.server.database).revoke("ERP", actor="cli:test", now=NOW)  # type: ignore[attr-defined]
    assert client.get("/catalog").status_code == 401


def test_who_asks_too_often_waits(serve: Serve, tmp_path: Path) -> None:
    home = tmp_path / "slow"
    home.mkdir()
    (home / "settings.yaml").write_text("access: {requests_a_minute: 6}\n", "utf-8")
    client = serve(home, key=(Scope.MATCH,))
    answers = [client.get("/algorithms") for _ in range(12)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 200
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert client.get("/healthz").status_code == 200


def test_an_open_server_answers_its_own_machine_only(serve: Serve) -> None:
    assert serve(host="10.1.2.3").get("/catalog").status_code == 403
    client = serve()
    assert client.get("/catalog").status_code == 200
    assert client.get("/catalog", headers={"host": "rebound.example.org"}).status_code == 403
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
        assert client.get("/catalog", headers={"host": host}).status_code == 200


def test_figures_need_no_key_from_this_machine(serve: Serve) -> None:
    client = serve(key=(Scope.MATCH,))
    del client.headers["authorization"]
    assert client.get("/metrics").status_code == 200
    far = serve(key=(Scope.METRICS,), host="10.1.2.3")
    assert far.get("/metrics").status_code == 200
    del far.headers["authorization"]
    assert far.get("/metrics").status_code == 401


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "url", "body", "status", "part"),
    [
        ("GET", "/nothing", None, 404, "GET /openapi.json"),
        ("DELETE", "/catalog", None, 405, "use GET"),
        ("GET", "/catalog?page=2", None, 422, "there are no parameters here"),
        ("GET", "/search/default?qq=x", None, 422, "unknown parameter; known: changed_since"),
        ("POST", "/match/default", b"{", 422, "not JSON"),
        ("POST", "/match/default", b"[]", 422, "JSON object"),
        ("POST", "/match/default", b'{"queries": {}, "extra": 1}', 422, "/extra: unknown field"),
        ("POST", "/api/v1/names", b'{"names": [{"name": 5}]}', 422, "/names/0/name"),
        ("POST", "/api/v1/names", b'{"names": [{"name": "x", "nmae": "y"}]}', 422, "/names/0/nmae: unknown field"),
        ("POST", "/api/v1/names", b'{"names": [{"name": "x"}], "limit": "5"}', 422, "/limit"),
    ],
)
def test_every_refusal_is_a_problem_that_says_how_to_mend_it(
    serve: Serve, method: str, url: str, body: bytes | None, status: int, part: str
) -> None:
    headers = {"content-type": "application/json"} if body is not None else {}
    answer = serve().request(method, url, content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "request_id"} <= set(problem)
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert part in problem["detail"]


def test_every_error_has_a_status() -> None:
    todo: list[type[StopshipError]] = [StopshipError]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        assert 400 <= next(STATUS[base] for base in kind.__mro__ if base in STATUS) < 600
    assert status_of(StopshipError("x")) == 500


def test_a_body_that_is_too_long_is_refused_whatever_it_says_its_length_is(serve: Serve) -> None:
    client = serve(max_body_bytes=10_000)
    told = client.post("/match/default", content=b"x" * 20_000)
    assert told.status_code == 413

    def pieces() -> Any:
        for _ in range(50):
            yield b" " * 1_000

    streamed = client.post("/match/default", content=pieces(), headers={"content-type": "application/json"})
    assert streamed.status_code == 413
    assert streamed.headers["content-type"] == "application/problem+json"


def test_answers_carry_the_headers_of_safety(serve: Serve) -> None:
    for url in ("/healthz", "/nothing", "/catalog"):
        headers = serve().get(url).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_the_id_of_a_request_is_the_callers_if_it_is_one(serve: Serve) -> None:
    client = serve()
    assert (
        client.get("/healthz", headers={"x-request-id": "order-4711-a"}).headers["x-request-id"] == "order-4711-a"
    )
    odd = client.get("/healthz", headers={"x-request-id": "a b;<script>"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", odd)


# --- nothing is said of anybody -----------------------------------------------------------------------


@pytest.fixture
def logged(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Logs as the server writes them; gives what was written."""
    import structlog

    from stopship.api import around, errors
    from stopship.asgi.logs import log_to_stderr

    log_to_stderr("info")
    for module in (around, errors):
        monkeypatch.setattr(module, "log", structlog.get_logger("test"))
    yield lambda: capfd.readouterr().err
    structlog.reset_defaults()


def test_logs_hold_no_name_of_anybody(serve: Serve, logged: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve()
    client.get("/search/default", params={"q": SECRET})
    client.get(f"/entities/{SECRET}")
    client.get(f"/search/{SECRET}")
    client.get(f"/{SECRET}")
    client.post(
        "/match/default", json={"queries": {SECRET: {"schema": "Person", "properties": {"name": [SECRET]}}}}
    )
    client.post("/match/default", json={"queries": {SECRET: {"schema": SECRET, "properties": {}}}})
    client.post("/api/v1/names", json={"names": [{"name": SECRET, SECRET: 1}]})
    order = {"parties": [{"role": "end_user", "name": SECRET}], "destination": "DE"}
    client.post("/api/v1/transactions", json={"transaction": order})
    client.get("/reconcile/default", params={"queries": json.dumps({"q": {"query": SECRET}})})

    def broken(*_arguments: Any, **_named: Any) -> Any:
        raise KeyError(SECRET)

    monkeypatch.setattr("stopship.api.routes.search.search", broken)
    fault = client.get("/search/default", params={"q": SECRET})
    assert fault.status_code == 500
    assert SECRET not in fault.text
    assert fault.json()["request_id"] == fault.headers["x-request-id"]
    text = logged()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    calls = [line for line in lines if line["event"] == "call"]
    assert len(calls) == 10
    assert {"request_id", "method", "route", "status", "ms", "actor", "level", "timestamp"} <= set(calls[0])
    assert [line["error"] for line in lines if line["event"] == "fault"] == ["KeyError"]
    for word in SECRET.split():
        assert word not in text


def test_figures_are_told_by_route_and_hold_no_name_of_anybody(serve: Serve) -> None:
    client = serve()
    client.get("/search/default", params={"q": SECRET})
    client.get(f"/entities/{SECRET}")
    client.get(f"/{SECRET}")
    client.post("/match/default", json={"queries": {"q": {"schema": "Person", "properties": {"name": [SECRET]}}}})
    text = client.get("/metrics").text
    assert 'stopship_http_requests_total{method="GET",route="/search/{dataset}",status="200"} 1.0' in text
    assert 'stopship_http_requests_total{method="GET",route="/entities/{entity_id}",status="404"} 1.0' in text
    assert 'route="unmatched",status="404"' in text
    assert 'stopship_names_screened_total{how="match"} 1.0' in text
    assert 'stopship_list_age_days{source="starter"}' in text
    assert SECRET.split()[1] not in text


def test_faults_of_the_home_say_no_path(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from stopship.errors import StateError

    client = serve()

    def broken(*_arguments: Any, **_named: Any) -> Any:
        raise StateError("can't be written", where=str(tmp_path), hint="Free space")

    monkeypatch.setattr("stopship.api.routes.transactions.keep", broken)
    order = {"parties": [{"role": "end_user", "name": "x"}], "destination": "DE"}
    answer = client.post("/api/v1/transactions", json={"transaction": order})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["detail"] == "can't be written. Free space"


def test_actions_are_named_in_the_description(serve: Serve) -> None:
    plain = serve().get("/openapi.json").json()
    assert str(Action.NAMES_SCREEN) in plain["paths"]["/match/{dataset}"]["post"]["description"]
