"""Clients written for OpenSanctions' server: the calls they make and the fields they read, as that server
documents them (yente/data/common.py and yente/routers of versions 4 and 5)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.service.conftest import Serve

ENTITY: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "caption": str,
    "schema": str,
    "properties": dict,
    "datasets": list,
    "referents": list,
    "target": bool,
    "first_seen": (str, type(None)),
    "last_seen": (str, type(None)),
    "last_change": (str, type(None)),
}
SCORED = ENTITY | {"score": float, "match": bool, "features": dict, "explanations": dict}
MATCHES: dict[str, type | tuple[type, ...]] = {"status": int, "results": list, "total": dict, "query": dict}
SEARCH: dict[str, type | tuple[type, ...]] = {
    "limit": int,
    "offset": int,
    "total": dict,
    "results": list,
    "facets": dict,
}
DATASET: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "title": str,
    "summary": (str, type(None)),
    "url": (str, type(None)),
    "load": bool,
    "entities_url": (str, type(None)),
    "version": str,
    "index_version": (str, type(None)),
    "index_current": bool,
    "children": list,
}
HIKVISION = {"schema": "Company", "properties": {"name": ["Hikvision"], "country": "China"}}
NOBODY = {"schema": "Person", "properties": {"name": ["Erika Mustermann"], "birthDate": ["1964-08-12"]}}


def has(plain: dict[str, Any], fields: dict[str, type | tuple[type, ...]]) -> None:
    """Every documented field is there, of its type."""
    for name, kind in fields.items():
        assert name in plain, (name, plain)
        assert isinstance(plain[name], kind), (name, plain[name])


def is_entity(plain: dict[str, Any], fields: dict[str, type | tuple[type, ...]] = ENTITY) -> None:
    has(plain, fields)
    assert (
        plain["caption"] in [v for values in plain["properties"].values() for v in values]
        or plain["schema"] == "Sanction"
    )
    for values in plain["properties"].values():
        assert isinstance(values, list)
        for value in values:
            assert isinstance(value, str) or is_entity(value) is None
    for moment in ("first_seen", "last_seen", "last_change"):
        assert plain[moment] is None or datetime.fromisoformat(plain[moment]).tzinfo is not None


def test_a_batch_is_matched_under_the_keys_of_the_caller(serve: Serve) -> None:
    client = serve()
    answer = client.post("/match/default", json={"queries": {"q1": HIKVISION, "q2": NOBODY}})
    assert answer.status_code == 200
    assert answer.headers["x-batch-size"] == "2"
    body = answer.json()
    assert set(body) == {"responses", "limit"}
    assert body["limit"] == 5
    assert set(body["responses"]) == {"q1", "q2"}
    for one in body["responses"].values():
        has(one, MATCHES)
        assert one["status"] == 200
        assert one["total"] == {"value": len(one["results"]), "relation": "eq"}
    found = body["responses"]["q1"]["results"][0]
    is_entity(found, SCORED)
    assert found["caption"].startswith("Hangzhou Hikvision")
    assert found["match"] is True
    assert 0.9 < found["score"] <= 1
    assert found["properties"]["topics"] == ["export.control"]
    for name, one in found["explanations"].items():
        assert set(one) == {"score", "detail", "query", "candidate", "weight"}
        assert found["features"][name] == one["score"]
    assert body["responses"]["q1"]["query"] == {
        "schema": "Company",
        "properties": {"name": ["Hikvision"], "country": ["cn"]},
    }
    assert body["responses"]["q2"]["results"] == []


def test_an_entity_as_this_server_gave_it_is_taken_as_a_query(serve: Serve) -> None:
    client = serve()
    found = client.get("/search/default", params={"q": "hikvision"}).json()["results"][0]
    answer = client.post("/match/default", json={"queries": {"again": found}}).json()
    assert answer["responses"]["again"]["results"][0]["id"] == found["id"]
    assert answer["responses"]["again"]["query"]["id"] == found["id"]


@pytest.mark.parametrize("algorithm", ["best", "logic-v1", "logic-v2", "name-based"])
def test_the_names_of_its_algorithms_are_known(serve: Serve, algorithm: str) -> None:
    client = serve()
    answer = client.post("/match/default", params={"algorithm": algorithm}, json={"queries": {"q": HIKVISION}})
    assert answer.status_code == 200
    known = client.get("/algorithms").json()
    assert {"algorithms", "default", "best"} == set(known)
    named = {one["name"]: one for one in known["algorithms"]}
    assert algorithm in named
    assert "Stopship's own scorer" in named[algorithm]["description"]


def test_weights_and_config_of_yente_are_taken(serve: Serve) -> None:
    body = {
        "queries": {"q": HIKVISION},
        "weights": {"name_literal_match": 0.5},
        "config": {"nm_number_mismatch": 1},
    }
    assert serve().post("/match/default", json=body).status_code == 200


def test_what_narrows_a_match(serve: Serve, home: Path) -> None:
    client = serve(home)

    def ids(**parameters: Any) -> list[str]:
        query = {"schema": "LegalEntity", "properties": {"name": ["Fiktiv Optics Research Institute"]}}
        answer = client.post("/match/default", params=parameters, json={"queries": {"q": query}})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["responses"]["q"]["results"]]

    found = ids()
    assert found
    assert ids(limit=0) == []
    assert ids(include_dataset="us.el") == found
    assert ids(include_dataset="us.sdn") == []
    assert ids(exclude_dataset="us_csl") == []
    assert ids(exclude_schema="LegalEntity") == []
    assert ids(topics=["sanction", "export.control"]) == found
    assert ids(topics="role.pep") == []
    assert ids(exclude_entity_ids=found) == []
    assert ids(changed_since="2026-03-01") == found  # no older list is here: all counts as changed
    assert ids(threshold=1.0, cutoff=1.0) == found


def test_a_threshold_says_what_a_match_is(serve: Serve) -> None:
    client = serve()
    query = {"schema": "Company", "properties": {"name": ["Hangzhou Hikvisoin Digital Technologie"]}}

    def first(**parameters: float) -> dict[str, Any] | None:
        answer = client.post("/match/default", params=parameters, json={"queries": {"q": query}}).json()
        results = answer["responses"]["q"]["results"]
        return results[0] if results else None

    usual = first()
    assert usual is not None
    assert usual["match"] is True
    strict = first(threshold=1.0, cutoff=0.1)
    assert strict is not None
    assert strict["match"] is False
    assert strict["score"] == usual["score"]


def test_search_pages_and_counts(serve: Serve) -> None:
    client = serve()
    body = client.get("/search/default", params={"q": "public security bureau", "limit": 3}).json()
    has(body, SEARCH)
    assert body["total"]["value"] > 3
    assert len(body["results"]) == 3
    for one in body["results"]:
        is_entity(one)
    second = client.get("/search/default", params={"q": "public security bureau", "limit": 3, "offset": 3}).json()
    assert {one["id"] for one in body["results"]}.isdisjoint(one["id"] for one in second["results"])
    assert set(body["facets"]) == {"countries", "topics", "datasets"}
    countries = body["facets"]["countries"]
    assert countries["label"] == "Countries"
    assert countries["values"][0] == {"name": "cn", "label": "China", "count": body["total"]["value"]}
    only = client.get("/search/default", params={"facets": ["schema", "topics"]}).json()["facets"]
    assert set(only) == {"schema", "topics"}
    assert client.get("/search/default", params={"q": "hikvision", "countries": "ke"}).json()["results"] == []
    assert client.get("/search/default", params={"q": "hikvision", "schema": "Vessel"}).json()["results"] == []
    assert (
        client.get("/search/default", params={"schema": "LegalEntity", "target": "false"}).json()["results"] == []
    )
    assert client.get("/search/default", params={"limit": 0}).json()["results"] == []
    names = [
        one["caption"].casefold()
        for one in client.get("/search/default", params={"sort": "caption", "limit": 50}).json()["results"]
    ]
    assert names == sorted(names)
    assert len(names) == 28


def test_an_entity_with_its_sanctions(serve: Serve) -> None:
    client = serve()
    entity_id = client.get("/search/default", params={"q": "hikvision"}).json()["results"][0]["id"]
    nested = client.get(f"/entities/{entity_id}").json()
    is_entity(nested)
    (sanction,) = nested["properties"]["sanctions"]
    assert sanction["schema"] == "Sanction"
    assert sanction["properties"]["entity"] == [entity_id]
    assert sanction["properties"]["listingDate"] == ["2019-10-09"]
    flat = client.get(f"/entities/{entity_id}", params={"nested": "false"}).json()
    assert "sanctions" not in flat["properties"]


def test_the_catalog_names_every_dataset(serve: Serve, home: Path) -> None:
    client = serve(home)
    body = client.get("/catalog").json()
    assert set(body) == {"datasets", "current", "outdated", "index_stale"}
    by_name = {one["name"]: one for one in body["datasets"]}
    for one in body["datasets"]:
        has(one, DATASET)
        assert client.get(f"/search/{one['name']}", params={"limit": 1}).status_code == 200
    assert by_name["default"]["children"] == ["us_csl"]
    assert {"us.el", "us.sdn"} <= set(by_name["us_csl"]["children"])
    assert body["outdated"] == []
    assert body["index_stale"] is False


def test_refusals_have_its_statuses_and_say_why_in_detail(serve: Serve) -> None:
    client = serve()

    def refused(status: int, body: Any, path: str = "/match/default") -> str:
        answer = client.post(path, json=body)
        assert answer.status_code == status, answer.text
        assert isinstance(answer.json()["detail"], str)
        return str(answer.json()["detail"])

    assert "schema" in refused(422, {"queries": {"q": {"properties": {"name": "Banana"}}}})
    assert "Known: Person" in refused(400, {"queries": {"q": {"schema": "xxx", "properties": {"name": "Banana"}}}})
    assert "no query" in refused(400, {"queries": {}})
    assert "GET /catalog" in refused(404, {"queries": {"q": HIKVISION}}, "/match/nothing")
    assert "too many" in refused(400, {"queries": {str(n): HIKVISION for n in range(501)}})
    assert client.get("/search/default", params={"limit": 10_000}).status_code == 422
    assert client.get("/search/default", params={"schema": "Banana"}).status_code == 400
    assert client.get("/entities/none").status_code == 404


def test_a_party_without_anything_to_look_up_says_so(serve: Serve) -> None:
    body = {"queries": {"q": {"schema": "Person", "properties": {"name": ["-"]}}, "r": HIKVISION}}
    answer = serve().post("/match/default", json=body).json()["responses"]
    assert answer["q"]["status"] == 400
    assert "nothing to look up" in answer["q"]["detail"]
    assert answer["r"]["status"] == 200


def test_health_and_readiness_need_no_key(serve: Serve) -> None:
    client = serve(key=())
    del client.headers["authorization"]
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ok"
    assert ready["starter_only"] is True
    assert client.get("/catalog").status_code == 401
