"""The native API: orders, names in bulk, lists, rules, jobs, as an engineer wires them."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.journeys.service.conftest import NOW, Serve, import_rows
from tests.journeys.test_lists import ROWS

from stopship.access import Scope
from stopship.cli import run

ORDER: dict[str, Any] = {
    "destination": "CN",
    "parties": [{"role": "end_user", "name": "Hangzhou Hikvision Digital Technology Co., Ltd.", "country": "CN"}],
    "items": [{"description": "thermal camera", "eccn": "6A993", "origin": "US"}],
}
TRANSACTIONS = "/api/v1/transactions"


def test_an_order_is_decided_kept_and_replays(serve: Serve, tmp_path: Path) -> None:
    client = serve(key=(Scope.DECIDE,))
    answer = client.post(TRANSACTIONS, json={"transaction": ORDER, "as_of": "2026-03-01"})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["decision"]["outcome"] == "license_required"
    assert answer.headers["location"] == f"{TRANSACTIONS}/{body['id']}"
    assert client.get(answer.headers["location"]).json() == body
    kept = tmp_path / "empty" / "decisions" / "2026-03-01" / f"{body['id']}.json"
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == body["id"]
    assert run(["replay", str(kept), "--home", str(tmp_path / "empty")]) == 0


def test_kept_decisions_are_paged_the_newest_first(serve: Serve) -> None:
    client = serve()
    ids = []
    for number in range(5):
        order = {**ORDER, "end_use": f"purpose {number}"}
        ids.append(client.post(TRANSACTIONS, json={"transaction": order}).json()["id"])
    found, cursor = [], None
    while True:
        page = client.get(TRANSACTIONS, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == ids[::-1]
    assert client.get(TRANSACTIONS, params={"cursor": "xxxx"}).status_code == 400
    assert client.get(TRANSACTIONS, params={"cursor": "MTIz"}).status_code == 400  # 123: within a line
    assert client.get(f"{TRANSACTIONS}/{'0' * 64}").status_code == 404


def test_an_order_that_cant_be_read_names_the_place(serve: Serve) -> None:
    client = serve()
    wrong = {**ORDER, "parties": [{"role": "enduser", "name": "x"}]}
    answer = client.post(TRANSACTIONS, json={"transaction": wrong})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:stopship:problem:order"
    assert answer.json()["detail"] == (
        "parties[0].role: 'enduser' is not a role. Did you mean end_user? Known: purchaser, "
        "intermediate_consignee, ultimate_consignee, end_user, bank, carrier, vessel, owner, other"
    )


def test_the_same_call_with_the_same_key_is_done_once(serve: Serve) -> None:
    client = serve()
    headers = {"idempotency-key": "order-4711"}
    body = {"transaction": ORDER}
    first = client.post(TRANSACTIONS, json=body, headers=headers)
    again = client.post(TRANSACTIONS, json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert len(client.get(TRANSACTIONS).json()["items"]) == 1
    other = client.post(TRANSACTIONS, json={"transaction": {**ORDER, "destination": "DE"}}, headers=headers)
    assert other.status_code == 409
    assert "used for another call" in other.json()["detail"]


def test_a_call_that_failed_leaves_its_key_free(serve: Serve) -> None:
    client = serve()
    headers = {"idempotency-key": "order-1"}
    wrong = {"transaction": {**ORDER, "destination": "Atlantis"}}
    assert client.post(TRANSACTIONS, json=wrong, headers=headers).status_code == 422
    assert client.post(TRANSACTIONS, json={"transaction": ORDER}, headers=headers).status_code == 201


def test_keys_of_different_callers_dont_meet(serve: Serve, tmp_path: Path) -> None:
    from tests.journeys.service.conftest import make_key

    client = serve(key=(Scope.DECIDE,))
    headers = {"idempotency-key": "order-1"}
    assert client.post(TRANSACTIONS, json={"transaction": ORDER}, headers=headers).status_code == 201
    second = make_key(client.app.state.server, (Scope.DECIDE,), name="shop")  # type: ignore[attr-defined]
    headers["authorization"] = f"ApiKey {second}"
    other = client.post(TRANSACTIONS, json={"transaction": {**ORDER, "destination": "DE"}}, headers=headers)
    assert other.status_code == 201


def test_names_in_bulk_are_answered_in_order_and_none_is_lost(serve: Serve) -> None:
    client = serve()
    names: list[dict[str, Any]] = [{"id": str(n), "name": f"Beispiel {n} GmbH"} for n in range(450)]
    names[17] = {"id": "17", "name": "Hikvision", "country": ["CN", "DE"], "schema": "Company"}
    names[300] = {"id": "300", "name": "  "}
    names[301] = {"id": "301", "name": "Dahua Technology", "country": "Atlantis"}
    body = client.post("/api/v1/names", json={"names": names, "limit": 1}).json()
    assert [one["id"] for one in body["results"]] == [str(n) for n in range(450)]
    assert [one["row"] for one in body["results"]] == list(range(1, 451))
    hit, rejected, odd = body["results"][17], body["results"][300], body["results"][301]
    assert (hit["status"], hit["alerts"], len(hit["hits"])) == ("hit", 1, 1)
    assert hit["hits"][0]["listings"][0]["start"] == "2019-10-09"
    assert rejected["status"] == "rejected"
    assert "neither a name nor an address" in rejected["reason"]
    assert odd["status"] == "hit"
    assert "Atlantis" in odd["warnings"][0]
    assert all(one["status"] == "no_hit" for n, one in enumerate(body["results"]) if n not in (17, 300, 301))
    assert body["lists"] == {"starter": body["lists"]["starter"]}


def test_names_that_are_kept_are_on_record_and_what_alerts_becomes_a_case(serve: Serve) -> None:
    client = serve()
    asked = {
        "names": [
            {"id": "17", "name": "Hikvision", "country": "China"},
            {"name": "Beispiel GmbH"},
            {"name": " "},
        ]
    }
    assert client.post("/api/v1/names", json=asked).json()["kept"] is None
    first = client.post("/api/v1/names", json=asked | {"keep": "new customers"}).json()
    assert [one["status"] for one in first["results"]] == ["hit", "no_hit", "rejected"]
    (case,) = first["kept"]["opened"]
    again = client.post("/api/v1/names", json=asked | {"keep": "new customers"}).json()["kept"]
    assert (again["opened"], again["standing"]) == ([], [case])
    assert again["screening"] > first["kept"]["screening"]
    shown = client.get(f"/api/v1/cases/{case}").json()["case"]
    assert shown["party"]["country"] == "CN"
    assert [one["reference"] for one in shown["screenings"]] == ["new customers", "new customers"]
    nothing = client.post("/api/v1/names", json={"names": [{"name": "Beispiel GmbH"}], "keep": "x"}).json()["kept"]
    assert nothing["screening"] > again["screening"]
    assert not nothing["opened"]


def test_a_kept_screening_that_is_sent_twice_is_kept_once(serve: Serve) -> None:
    client = serve()
    asked = {"names": [{"name": "Hikvision"}], "keep": "desk"}
    replies = [client.post("/api/v1/names", json=asked, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert replies[0].json() == replies[1].json()
    assert replies[1].headers["idempotency-replayed"] == "true"


def test_more_names_than_are_kept_at_once_are_refused(serve: Serve) -> None:
    answer = serve().post("/api/v1/names", json={"names": [{"name": "x"}] * 1_001, "keep": "x"})
    assert answer.status_code == 400
    assert "1,000" in answer.json()["detail"]


def test_more_names_than_a_call_takes_go_elsewhere(serve: Serve) -> None:
    client = serve(max_names=10)
    answer = client.post("/api/v1/names", json={"names": [{"name": "x"}] * 11})
    assert answer.status_code == 400
    assert "/api/v1/jobs" in answer.json()["detail"]


def test_lists_their_entries_and_what_changed(serve: Serve, home: Path, tmp_path: Path) -> None:
    import_rows(home, tmp_path, *ROWS[1:], {**ROWS[0], "name": "Beispiel Works"}, now=NOW + timedelta(days=1))
    client = serve(home, clock=lambda: NOW + timedelta(days=2))
    (row,) = client.get("/api/v1/lists").json()["items"]
    assert row["source"] == "us_csl"
    assert row["age_days"] == 1
    assert client.get("/api/v1/lists/us_csl").json() == row
    assert client.get("/api/v1/lists/eu_fsf").status_code == 404
    page = client.get("/api/v1/lists/us_csl/diff", params={"limit": 1}).json()
    assert page["counts"]["added"] == 1
    assert page["counts"]["removed"] == 1
    assert [one["change"] for one in page["items"]] == ["added"]
    following = client.get("/api/v1/lists/us_csl/diff", params={"limit": 5, "cursor": page["next"]}).json()
    assert [one["change"] for one in following["items"]] == ["removed"]
    assert following["next"] is None
    ids: list[str] = []
    cursor = None
    while True:
        params = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/lists/us_csl/entities", params=params).json()
        ids += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(ids) == len(set(ids)) == len(client.get("/search/us_csl", params={"limit": 500}).json()["results"])


def test_only_what_changed_since_a_day_is_matched(serve: Serve, home: Path, tmp_path: Path) -> None:
    import_rows(home, tmp_path, *ROWS, {**ROWS[0], "name": "Beispiel Works"}, now=NOW + timedelta(days=1))
    client = serve(home, clock=lambda: NOW + timedelta(days=2))

    def found(name: str, since: str) -> int:
        query = {"schema": "LegalEntity", "properties": {"name": name}}
        answer = client.post("/match/default", params={"changed_since": since}, json={"queries": {"q": query}})
        return int(answer.json()["responses"]["q"]["total"]["value"])

    assert found("Beispiel Works", "2026-03-02") == 1
    assert found("Fiktiv Optics Research Institute", "2026-03-02") == 0
    assert found("Fiktiv Optics Research Institute", "2026-03-01") == 1
    assert found("Beispiel Works", "2026-03-03") == 0


def test_rules_as_they_stood_on_a_day(serve: Serve) -> None:
    client = serve()
    page = client.get("/api/v1/rules", params={"limit": 500}).json()
    ids = {one["id"] for one in page["items"]}
    assert "us.ear.744.entity-list" in ids
    assert page["next"] is None
    earlier = client.get("/api/v1/rules", params={"limit": 500, "as_of": "2010-01-01"}).json()["items"]
    assert {one["id"] for one in earlier} < ids
    rule = client.get("/api/v1/rules/us.ear.744.entity-list").json()
    assert rule["rulebook"] == page["version"]
    assert rule["rule"]["versions"][-1]["cite"]
    assert client.get("/api/v1/rules/none").status_code == 404


def test_a_file_becomes_a_job_that_only_its_caller_sees(serve: Serve) -> None:
    from tests.journeys.service.conftest import make_key

    client = serve(key=(Scope.MATCH,))
    upload = {"file": ("../../customers.CSV", b"id,name\n1,Hikvision\n", "text/csv")}
    answer = client.post("/api/v1/jobs", files=upload, data={"kind": "screen", "output": "csv"})
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert (job["kind"], job["state"]) == ("screen", "queued")
    where = answer.headers["location"]
    assert client.get(where).json() == job
    assert client.get(f"{where}/result").status_code == 409
    assert [one["id"] for one in client.get("/api/v1/jobs").json()["items"]] == [job["id"]]
    folder = client.app.state.server.home / "jobs"  # type: ignore[attr-defined]
    assert [path.name for path in folder.glob("*/*")] == ["input.csv"]
    other = {"authorization": f"ApiKey {make_key(client.app.state.server, (Scope.MATCH,), name='shop')}"}  # type: ignore[attr-defined]
    assert client.get(where, headers=other).status_code == 404
    assert client.get("/api/v1/jobs", headers=other).json()["items"] == []
    assert client.post(f"{where}/cancel").json()["state"] == "cancelled"
    assert client.post(f"{where}/cancel").status_code == 409


def test_a_job_with_one_idempotency_key_is_queued_once(serve: Serve) -> None:
    client = serve()
    headers = {"idempotency-key": "batch-1"}

    def send(content: bytes) -> Any:
        return client.post("/api/v1/jobs", files={"file": ("a.csv", content)}, headers=headers)

    first, again, other = send(b"name\nx\n"), send(b"name\nx\n"), send(b"name\ny\n")
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status_code == 409
    folder = client.app.state.server.home / "jobs"  # type: ignore[attr-defined]
    assert len(list(folder.iterdir())) == 1


def test_a_job_is_done_by_a_worker_and_its_result_fetched(serve: Serve, tmp_path: Path) -> None:
    client = serve()
    job = client.post("/api/v1/jobs", files={"file": ("a.csv", b"id,name\n1,Hikvision\n2,Nobody\n")}).json()
    assert run(["work", "--once", "--home", str(tmp_path / "empty")]) == 0
    done = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert (done["state"], done["done"]) == ("done", 2), done
    result = client.get(f"/api/v1/jobs/{job['id']}/result")
    assert f"job-{job['id']}.jsonl" in result.headers["content-disposition"]
    rows = [json.loads(line) for line in result.text.splitlines()]
    assert [(row["id"], row["status"]) for row in rows] == [("1", "hit"), ("2", "no_hit")]


def test_what_a_person_must_judge_becomes_a_case(serve: Serve) -> None:
    client = serve(key=(Scope.DECIDE, Scope.CASES, Scope.AUDIT))
    assert client.get("/api/v1/cases").json() == {"items": [], "next": None, "total": 0}
    order = {**ORDER, "parties": [{"role": "end_user", "name": "Hangzhou Hikvisoin Digital Technologie"}]}
    decision = client.post(TRANSACTIONS, json={"transaction": order}).json()
    assert decision["decision"]["outcome"] == "review"
    (row,) = client.get("/api/v1/cases", params={"program": "us.el", "state": "open"}).json()["items"]
    assert row["name"] == "Hangzhou Hikvisoin Digital Technologie"
    case = client.get(f"/api/v1/cases/{row['id']}").json()["case"]
    assert case["screenings"][0]["reference"] or case["screenings"]
    note = client.post(f"/api/v1/cases/{row['id']}/notes", json={"text": "asked the customer"})
    assert note.status_code == 201
    shown = client.get(f"/api/v1/cases/{row['id']}").json()["case"]
    assert [one["text"] for one in shown["notes"]] == ["asked the customer"]
    assert shown["notes"][0]["actor"].startswith("key:")
    assert client.get("/api/v1/cases/999").status_code == 404
    assert client.get("/api/v1/cases", params={"state": "odd"}).status_code == 400
    assert client.get("/api/v1/suppressions").json() == {"items": [], "next": None}
    assert client.get("/api/v1/suppressions/1").status_code == 404
    rows = client.get("/api/v1/audit", params={"limit": 2}).json()
    assert [one["seq"] for one in rows["items"]] == [1, 2]
    assert client.get("/api/v1/audit", params={"cursor": rows["next"]}).json()["items"][0]["seq"] == 3
    verified = client.get("/api/v1/audit/verify").json()
    assert verified["verified"] is True
    assert verified["rows"] == rows["head"]["seq"]


def test_keys_are_made_shown_once_and_revoked(serve: Serve) -> None:
    client = serve(key=(Scope.ADMIN,))
    made = client.post("/api/v1/keys", json={"name": "shop", "scopes": ["match"], "expires": "2027-01-31"})
    assert made.status_code == 201, made.text
    secret = made.json()["secret"]
    shop = {"authorization": f"ApiKey {secret}"}
    assert client.get("/catalog", headers=shop).status_code == 200
    assert client.get("/api/v1/keys", headers=shop).status_code == 403
    listed = client.get("/api/v1/keys")
    assert secret not in listed.text
    assert [one["name"] for one in listed.json()["items"]] == ["ERP", "shop"]
    assert client.post(f"/api/v1/keys/{made.json()['key']['key']}/revoke").json()["revoked"] is not None
    assert client.get("/catalog", headers=shop).status_code == 401
    assert client.post("/api/v1/keys", json={"name": "x", "scopes": ["everything"]}).status_code == 422
