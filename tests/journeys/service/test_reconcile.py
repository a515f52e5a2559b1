"""A session of OpenRefine (Reconciliation Service API v0.2)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.journeys.service.conftest import Serve

from stopship.access import Scope


def test_a_session(serve: Serve) -> None:
    client = serve()
    manifest = client.get("/reconcile/default").json()
    assert manifest["versions"] == ["0.2"]
    for field in ("name", "identifierSpace", "schemaSpace"):
        assert isinstance(manifest[field], str)
    assert {"id": "Company", "name": "Companies"} in manifest["defaultTypes"]
    assert "{{id}}" in manifest["view"]["url"]
    assert manifest["preview"]["width"] > 0

    queries = {
        "q0": {"query": "Hikvision", "type": "Company", "limit": 3, "properties": [{"pid": "country", "v": "CN"}]},
        "q1": {"query": "Erika Mustermann", "type": ["Person"]},
    }
    results = client.post("/reconcile/default", data={"queries": json.dumps(queries)}).json()
    assert set(results) == {"q0", "q1"}
    assert results["q1"] == {"result": []}
    best = results["q0"]["result"][0]
    assert best["type"] == [{"id": "Company", "name": "Companies"}]
    assert best["match"] is True
    assert 90 < best["score"] <= 100
    assert {"id", "value"} == set(best["features"][0])
    same = client.get("/reconcile/default", params={"queries": json.dumps(queries)}).json()
    assert same == results

    service = manifest["suggest"]["entity"]
    url = service["service_url"] + service["service_path"]
    found = client.get(url, params={"prefix": "hikv"}).json()["result"]
    assert found[0]["id"] == best["id"]
    types = client.get("/reconcile/default/suggest/type", params={"prefix": "organ"}).json()["result"]
    assert [one["id"] for one in types] == ["Organization"]
    properties = client.get("/reconcile/default/suggest/property", params={"prefix": "birth"}).json()["result"]
    assert {"id": "birthDate", "name": "Birth date", "description": None} in properties
    assert client.get("/reconcile/default/suggest/entity").json() == {"result": []}

    preview = client.get(manifest["preview"]["url"].replace("{{id}}", best["id"]))
    assert preview.headers["content-type"].startswith("text/html")
    assert "Hikvision" in preview.text
    assert "frame-ancestors *" in preview.headers["content-security-policy"]


def test_a_preview_shows_names_as_text(serve: Serve, tmp_path: Any) -> None:
    from tests.journeys.service.conftest import import_rows
    from tests.journeys.test_lists import ROWS

    home = tmp_path / "odd"
    import_rows(home, tmp_path, {**ROWS[0], "name": "<script>alert(1)</script> Works"}, ROWS[1])
    client = serve(home)
    found = client.get("/search/default", params={"q": "works"}).json()["results"][0]
    page = client.get(f"/reconcile/default/preview/{found['id']}").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "queries", ["", "x", "[]", '{"q": {"query": 37473874}}', '{"q": {}}', '{"q": {"query": "x", "limit": 0}}']
)
def test_queries_that_are_none_are_refused(serve: Serve, queries: str) -> None:
    answer = serve().post("/reconcile/default", data={"queries": queries})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_callback_is_a_name_and_nothing_else(serve: Serve) -> None:
    client = serve()
    script = client.get("/reconcile/default", params={"callback": "jQuery321_1.cb"})
    assert script.headers["content-type"].startswith("application/javascript")
    assert script.text.startswith("/**/jQuery321_1.cb({")
    assert script.text.endswith(");")
    for callback in ("alert(1)//", "a;b", "", "a b", "1a", "a.b.c.d.e.f.g", "x" * 300, "a\n"):
        assert client.get("/reconcile/default", params={"callback": callback}).status_code == 422, callback


def test_without_keys_pages_of_other_sites_learn_nothing(serve: Serve) -> None:
    client = serve()
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://example.org"}
    assert client.get("/reconcile/default", params={"callback": "cb"}, headers=foreign).status_code == 403
    plain = client.get("/reconcile/default", headers=foreign)
    assert "access-control-allow-origin" not in plain.headers
    refine = client.get("/reconcile/default", headers={"origin": "http://127.0.0.1:3333"})
    assert refine.headers["access-control-allow-origin"] == "http://127.0.0.1:3333"


def test_a_key_may_stand_in_the_address_here_and_nowhere_else(serve: Serve) -> None:
    client = serve(key=(Scope.MATCH,))
    key = client.headers["authorization"].removeprefix("ApiKey ")
    del client.headers["authorization"]
    assert client.get("/reconcile/default").status_code == 401
    manifest = client.get("/reconcile/default", params={"api_key": key}).json()
    assert manifest["suggest"]["type"]["service_path"] == f"/suggest/type?api_key={key}"
    assert client.get("/search/default", params={"api_key": key}).status_code == 401
