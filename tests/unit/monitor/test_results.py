"""Hits now against hits known: new, changed, gone."""

from __future__ import annotations

from typing import Any

from stopship.monitor import CHANGED, GONE, NEW, Known, compare


def hit(entity: str, score: float = 0.9, source: str = "us_csl") -> dict[str, Any]:
    return {"entity_id": entity, "source": source, "score": score, "band": "strong", "alert": True}


def known(*hits: dict[str, Any]) -> dict[tuple[str, str], Known]:
    return {(h["entity_id"], h["source"]): Known(n, h) for n, h in enumerate(hits)}


def test_nothing_where_all_is_as_it_was() -> None:
    assert compare("C1", known(hit("a"), hit("b")), [hit("b"), hit("a")]) == []
    assert compare("C1", {}, []) == []


def test_new_changed_and_gone() -> None:
    events = compare("C1", known(hit("a"), hit("b")), [hit("b", 0.95), hit("c")])
    assert [(e.what, e.hit["entity_id"], e.fields, e.number) for e in events] == [
        (CHANGED, "b", ("score",), 1),
        (NEW, "c", (), None),
        (GONE, "a", (), 0),
    ]


def test_the_same_entity_of_two_sources_is_two_matches() -> None:
    events = compare("C1", known(hit("a")), [hit("a"), hit("a", source="us_ofac_sdn")])
    assert [(e.what, e.hit["source"]) for e in events] == [(NEW, "us_ofac_sdn")]


def test_of_two_hits_on_one_entity_the_better_one_counts() -> None:
    assert compare("C1", known(hit("a", 0.9)), [hit("a", 0.9), hit("a", 0.8)]) == []


def test_a_field_that_is_new_is_a_change() -> None:
    events = compare("C1", known(hit("a")), [hit("a") | {"citation": "84 FR 54002"}])
    assert [(e.what, e.fields) for e in events] == [(CHANGED, ("citation",))]
