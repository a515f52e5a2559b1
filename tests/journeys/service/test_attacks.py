"""What a hostile caller sends: none of it is a fault, opens anything, or holds anything up."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient
from tests.journeys.service.conftest import LOCAL, NOW, as_person, import_rows
from tests.journeys.test_lists import ROWS

from stopship.access import Scope
from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.access.vocabulary import Role
from stopship.api.application import build
from stopship.app.auditing import verify
from stopship.app.service.server import Server, make_server
from stopship.app.service.settings import ServiceSettings
from stopship.asgi import connection
from stopship.asgi.pages import add_pages
from stopship.asgi.workers import configured

PASSWORD = "mettwurst-kachelofen"
INSIDE = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", 'File "/', "site-packages", "psql")
"""What no answer says."""

HOSTILE = {
    "quote": "' OR '1'='1",
    "statement": "x'); DROP TABLE cases; --",
    "union": "1 UNION SELECT password_hash FROM users --",
    "wildcard": "%_%\\",
    "lines": "x\r\nSet-Cookie: stopship=evil\r\n\r\n<script>",
    "zero": "x\x00y",
    "half a pair": "x\ud800y",
    "way up": "../../../../etc/passwd",
    "way up, coded": "..%2f..%2f..%2fetc%2fpasswd",
    "large number": "9" * 40,
    "tag": "<script>alert(1)</script>{{7*7}}${7*7}",
    "direction": "\u202egnp.exe\ufeff",
}


@pytest.fixture
def server(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server's parts over a small list and either kind of database, with one account."""
    monkeypatch.setenv("STOPSHIP_DATABASE_URL", database_url)
    home = tmp_path / "home"
    import_rows(home, tmp_path, *ROWS)
    (home / "settings.yaml").write_text("access: {requests_a_minute: 1000000}\n", "utf-8")
    settings = ServiceSettings(home=home, max_body_bytes=100_000, body_seconds=0.5)
    made = make_server(settings, now=lambda: NOW)
    cheap = Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    Accounts(made.database, cheap).create("erika", Role.ANALYST, PASSWORD, actor="cli:test", now=NOW)
    yield made
    made.database.close()


@pytest.fixture
def client(server: Server) -> Iterator[TestClient]:
    """REST and workbench, with a key that opens everything."""
    app = build(server)
    add_pages(app, server)
    opened = TestClient(app, base_url=LOCAL, raise_server_exceptions=False, follow_redirects=False)
    with opened as client:
        client.headers.update(as_person(client, "ada", Role.ADMIN, tuple(Scope)))
        yield client


def harmless(answer: Any) -> None:
    """An answer that is no fault, tells nothing of the inside, and has no header that the caller wrote."""
    assert answer.status_code < 500, (answer.request.method, answer.request.url, answer.text[:300])
    assert not [word for word in INSIDE if word in answer.text]
    assert "set-cookie" not in answer.headers
    assert all("\r" not in value and "\n" not in value for value in answer.headers.values())


def filled(schema: Any, schemas: dict[str, Any], text: str, depth: int = 0) -> Any:
    """A value of a schema in which every free text is the hostile one."""
    if depth > 8:
        return text
    if "$ref" in schema:
        return filled(schemas[schema["$ref"].rpartition("/")[2]], schemas, text, depth + 1)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return filled(schema[several][0], schemas, text, depth + 1)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        if "properties" in schema:
            return {name: filled(one, schemas, text, depth + 1) for name, one in schema["properties"].items()}
        more = schema.get("additionalProperties")
        return {text: filled(more if isinstance(more, dict) else {}, schemas, text, depth + 1)}
    if kind == "array":
        return [filled(schema.get("items", {}), schemas, text, depth + 1)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return schema.get("const", text) if kind != "boolean" else True


def test_every_address_takes_it_as_text(client: TestClient, server: Server) -> None:
    described = client.get("/openapi.json").json()
    for text in HOSTILE.values():
        ask_everything(client, described, text)
    with server.database.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM users").scalar_one() == 2  # erika and ada
    assert verify(server.home, server.database, now=NOW).sound


def ask_everything(client: TestClient, described: dict[str, Any], text: str) -> None:
    schemas = described["components"]["schemas"]
    sent = text.encode("utf-8", "surrogatepass")
    coded = "".join(f"%{byte:02x}" for byte in sent)
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            url = re.sub(r"\{.*?\}", lambda _found: coded, path)
            harmless(client.request(method, url))
            plain = re.sub(r"\{.*?\}", "1", path)
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    harmless(client.request(method, f"{plain}?{parameter['name']}={coded}"))
            content = operation.get("requestBody", {}).get("content", {})
            for kind, body in content.items():
                if kind == "application/json":
                    value = filled(body["schema"], schemas, text)
                    headers = {"content-type": kind, "idempotency-key": "order-1"}
                    harmless(client.request(method, plain, content=json.dumps(value), headers=headers))
    order = {"destination": "DE", "parties": [{"role": "end_user", "name": text}]}
    kept = client.post("/api/v1/transactions", content=json.dumps({"transaction": order}))
    harmless(kept)


def test_every_page_takes_it_as_text(client: TestClient) -> None:
    del client.headers["authorization"]
    answer = client.post("/sign-in", data={"name": "erika", "password": PASSWORD})
    assert answer.status_code == 303
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert token is not None
    for text in HOSTILE.values():
        open_everything(client, token[1], text)


CASE_FIELDS = (
    ("/cases/1/decide", "verdict"),
    ("/cases/1/decide", "verdict:1"),
    ("/cases/1/assign", "to"),
    ("/cases/1/suppress", "until"),
    ("/cases/1/evidence", "form"),
)


def open_everything(client: TestClient, token: str, text: str) -> None:
    coded = "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
    for url in ("/cases/{}", "/lists/{}", "/lists/us_csl/changes?from={}", "/rules/{}", "/cases?text={}&sort={}"):
        harmless(client.get(url.replace("{}", coded)))
    for url in ("/cases/{}/pulse", "/cases/{}/earlier", "/cases/1/files/{}", "/cases/1?done={}&hit={}&sort={}"):
        harmless(client.get(url.replace("{}", coded)))
    for url in (
        "/cases?q={}&entity={}",
        "/cases?after={}",
        "/cases?before={}&who={}",
        "/bulk/{}",
        "/bulk/new?case={}",
    ):
        harmless(client.get(url.replace("{}", coded)))
    for url in ("/suppressions?state={}", "/suppressions?q={}&who={}&below={}"):
        harmless(client.get(url.replace("{}", coded)))
    for url in (
        "/dashboard?days={}",
        "/cases?opened_from={}",
        "/cases?disposition={}&live={}",
        "/evidence?from={}",
    ):
        harmless(client.get(url.replace("{}", coded)))
    for url in ("/evidence?who={}&behind={}", "/evidence?outcome={}", "/lists/us_csl/changes?q={}"):
        harmless(client.get(url.replace("{}", coded)))
    for url in ("/evidence/{}/{}", "/evidence/2026-03-01/{}/decision.json", "/static/{}", "/sign-in?to={}"):
        answer = client.get(url.replace("{}", coded))
        harmless(answer)
        assert "root:" not in answer.text
    for url in (
        "/batch/{}",
        "/jobs/{}",
        "/jobs/{}/results",
        "/jobs?state={}&kind={}&before={}",
        "/jobs/1?after={}",
    ):
        harmless(client.get(url.replace("{}", coded)))
    for url in (f"/batch/{coded}", f"/jobs/{coded}/cancel", f"/jobs/1/{coded}", "/batch"):
        body = f"csrf={token}&column%3A0={coded}&kind={coded}&try=1"
        harmless(client.post(url, content=body, headers={"content-type": "application/x-www-form-urlencoded"}))
    for url, field in (
        ("/check", "name"),
        ("/check/order", "order"),
        ("/compare", "left"),
        ("/view", "back"),
        *CASE_FIELDS,
        FIND,
    ):
        body = f"csrf={token}&{field}={coded}&right=x"
        form = {"content-type": "application/x-www-form-urlencoded"}
        answer = client.post(url, content=body, headers=form)
        answer.headers.pop("set-cookie", None)  # of `/view`: language and colours
        harmless(answer)
        assert "<script>alert" not in answer.text and answer.headers.get("location", "/")[:1] == "/"


FIND = ("/evidence/find", "party")
UPLOADS = (
    "../../evil.csv",
    "C:\\evil\\..\\x.csv",
    'a"; filename="b.csv',
    "a\r\nX-Evil: 1.csv",
    "x\x00.csv",
    "." * 500,
)


def test_an_uploads_name_leads_nowhere(client: TestClient, server: Server) -> None:
    before = {path for path in server.home.parent.rglob("*") if "evil" in path.name}
    for name in UPLOADS:
        harmless(client.post("/api/v1/jobs", files={"file": (name, b"name\nx\n")}))
    assert {path for path in server.home.parent.rglob("*") if "evil" in path.name} == before
    stored = [path.name for path in (server.home / "jobs").rglob("*") if path.is_file()]
    assert set(stored) <= {"input.csv"}


def test_a_file_that_is_handed_in_through_a_page_leads_nowhere(client: TestClient, server: Server) -> None:
    del client.headers["authorization"]
    client.post("/sign-in", data={"name": "erika", "password": PASSWORD})
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/batch").text)
    assert token is not None
    before = {path for path in server.home.parent.rglob("*") if "evil" in path.name}
    for name in UPLOADS:
        form = {"csrf": (None, token[1]), "kind": (None, "screen"), "file": (name, b"name\nx\n")}
        answer = client.post("/batch", files=form)  # type: ignore[arg-type]
        harmless(answer)
        assert answer.headers["location"].startswith("/batch/")
        harmless(client.get(answer.headers["location"]))
    assert {path for path in server.home.parent.rglob("*") if "evil" in path.name} == before
    stored = {path.name for path in (server.home / "jobs").rglob("*") if path.is_file()}
    assert stored <= {"input", "input.csv", "draft.json"}
    edge = b'--e\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + token[1].encode() + b"\r\n"
    head = b'--e\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    folders = len(list((server.home / "jobs").iterdir()))
    for body, words in (
        (edge + head + b"name\nx", "did not come whole"),
        (edge + head + b"\r\n--e--\r\n", "names or of orders"),
        (edge + b"--e\r\nx\r\n\r\n" + b"y" * 9_000, "can&#39;t be read"),
        (edge + (head + b"name\nx\r\n") * 2 + b"--e--\r\n", "one file at a time"),
        (edge + (head.replace(b'; filename="a.csv"', b"") + b"x\r\n") * 20 + b"--e--\r\n", "too many fields"),
    ):
        headers = {"content-type": "multipart/form-data; boundary=e"}
        answer = client.post("/batch", content=body, headers=headers)
        assert answer.status_code == 422 and words in answer.text, (words, answer.status_code)
    assert len(list((server.home / "jobs").iterdir())) == folders  # nothing is left of them


TRAPS: tuple[tuple[dict[str, str], bytes, set[int]], ...] = (
    ({"content-encoding": "gzip"}, b"\x1f\x8b" + b"x" * 50, {415}),
    ({"content-encoding": "br"}, b"{}", {415}),
    ({}, b"[" * 50_000, {400, 422}),
    ({}, b'{"names":' * 5_000, {400, 422}),
    ({}, b'{"names": [{"name": ' + b"9" * 9_000 + b"}]}", {400, 422}),
    ({}, b'{"names": [{"name": "x"}], "limit": 1e999}', {422}),
    ({}, b"\xff\xfe\x00", {400, 422}),
    ({"content-type": "text/plain"}, b'{"names": [{"name": "x"}]}', {422}),
    ({}, b"x" * 100_001, {413}),
)


def test_bodies_that_are_traps(client: TestClient) -> None:
    for headers, body, statuses in TRAPS:
        answer = client.post("/api/v1/names", content=body, headers={"content-type": "application/json"} | headers)
        assert answer.status_code in statuses
        harmless(answer)
        assert answer.headers["content-type"] == "application/problem+json"


def test_other_sites_get_nothing(client: TestClient) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for url in ("/api/v1/names", "/", "/cases", "/search/default", "/healthz"):
        for answer in (client.options(url, headers=asked), client.get(url, headers=asked)):
            assert not [name for name in answer.headers if name.startswith("access-control")]
    open_ = client.get(
        "/reconcile/default", headers=asked
    )  # as its specification asks; a key is needed all the same
    assert "access-control-allow-credentials" not in open_.headers
    for method in ("TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"):
        assert client.request(method, "/api/v1/names").status_code in (403, 404, 405)
        assert client.request(method, "/check").status_code in (303, 401, 403, 404, 405)
    for host in ("evil.example", "evil.example:80@x", "127.0.0.1.evil.example", ""):
        for url in ("/cases", "/cases/", "/catalog/", "/static", "/sign-in/"):
            answer = client.get(url, headers={"host": host, "x-forwarded-host": host})
            assert "evil" not in answer.headers.get("location", "") + answer.text
    del client.headers["authorization"]
    assert client.get("/metrics", headers={"host": "evil.example"}).status_code == 401
    assert client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1", "host": "evil"}).status_code == 401


def test_a_session_is_never_the_callers_own(client: TestClient) -> None:
    del client.headers["authorization"]
    client.cookies.set("stopship", "chosen-by-somebody-else")
    answer = client.post("/sign-in", data={"name": "erika", "password": PASSWORD})
    given = answer.cookies["stopship"]
    assert given != "chosen-by-somebody-else"
    client.cookies.clear()
    client.cookies.set("stopship", given)
    assert client.get("/cases").status_code == 200
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
        forged = client.post("/check", data={"name": "x", "csrf": "0" * 64}, headers=headers)
        assert forged.status_code == 403
    again = client.post("/sign-in", data={"name": "erika", "password": PASSWORD}).cookies["stopship"]
    assert again != given
    client.cookies.clear()
    client.cookies.set("stopship", given)
    assert client.get("/cases").status_code == 303  # the one of before ended with the new sign-in


def test_nobody_learns_who_has_an_account(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    del client.headers["authorization"]
    worked: list[str] = []
    verify_ = PasswordHasher.verify

    def counted(self: Any, *arguments: Any) -> Any:
        worked.append("verify")
        return verify_(self, *arguments)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    answers = []
    for name in ("erika", "nobody"):
        worked.clear()
        answer = client.post("/sign-in", data={"name": name, "password": "a wrong one, and long"})
        text = re.sub(r'(value|content)="[^"]*"', "", answer.text.replace(name, "NAME"))
        answers.append((answer.status_code, text, len(worked), sorted(answer.headers)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401 and answers[0][2] == 1


# --- over a real connection ---------------------------------------------------------------------------


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server that is less patient than usual."""
    import uvicorn

    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.7)
    made: list[uvicorn.Server] = []

    def run() -> None:
        async def serve() -> None:
            settings = ServiceSettings(home=tmp_path / "home", body_seconds=0.5, max_body_bytes=100_000)
            app = build(make_server(settings, open_to_all=True, now=lambda: NOW))
            made.append(uvicorn.Server(configured(app, 1, host="127.0.0.1", port=0)))
            await made[0].serve()

        asyncio.run(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while not (made and made[0].started):
        thread.join(0.02)
        assert thread.is_alive(), "the server did not start"
    yield made[0].servers[0].sockets[0].getsockname()[1]
    made[0].should_exit = True
    thread.join(20)


POST = b"POST /api/v1/names HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def drip(piece: bytes, pause: float = 0.1) -> Callable[[socket.socket], None]:
    def send(to: socket.socket) -> None:
        for _ in range(100):
            to.sendall(piece)
            time.sleep(pause)

    return send


def flood(piece: bytes, count: int) -> Callable[[socket.socket], None]:
    def send(to: socket.socket) -> None:
        for _ in range(count):
            to.sendall(piece)

    return send


@pytest.mark.loopback
@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("begin", "then", "status"),
    [
        (b"", None, b""),
        (b"", drip(b"\r\n"), b""),
        (b"GET /healthz HTTP/1.1\r\n", drip(b"X-A: b\r\n"), b""),
        (POST + b"Content-Length: 5000\r\n\r\n", drip(b" "), b"408"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", drip(b"1\r\n \r\n"), b"408"),
        (POST + b"Content-Length: 100001\r\n\r\n", None, b"413"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", flood(b"1000\r\n" + b" " * 4096 + b"\r\n", 40), b"413"),
        (b"GET /healthz HTTP/1.1\r\n", flood(b"X-A: " + b"b" * 8000 + b"\r\n", 400), b"431"),
        (b"GET /healthz HTTP/1.1\r\nX-A: ", flood(b"b" * 8000, 400), b"431"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", None, b"431"),
        (b"GET /healthz HTTP/1.1\r\nX-A: b\r\n\tc\x00d\r\n\r\n", None, b"400"),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", None, b"400"),
        (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", None, b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00", None, b"400"),
    ],
)
def test_nobody_holds_a_connection_open(port: int, begin: bytes, then: Any, status: bytes) -> None:
    began = time.monotonic()
    with closing(socket.create_connection(("127.0.0.1", port), 10)) as to:
        told = b""
        try:
            to.sendall(begin)
            if then is not None:
                then(to)
        except OSError:
            pass  # it has closed the connection
        try:
            while piece := to.recv(65_536):
                told += piece
        except OSError:
            pass
    assert time.monotonic() - began < 9
    assert told.split(b" ")[1:2] in ([status], []) if status else told == b"", told[:200]
    assert b"Traceback" not in told
    with closing(socket.create_connection(("127.0.0.1", port), 10)) as to:
        to.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert to.recv(1000).startswith(b"HTTP/1.1 200")
