"""Hits now against hits known: new, changed, gone."""

from __future__ import annotations

from typing import Any

from stopship.monitor import CHANGED, GONE, NEW, Event, Known, compare
from stopship.monitor.results import by_entity


def hit(entity: str, score: float = 0.9, source: str = "us_csl") -> dict[str, Any]:
    listing = {"program": "us.sdn", "source": source}
    return {"entity_id": entity, "source": source, "score": score, "alert": True, "listings": [listing]}


def known(*hits: dict[str, Any]) -> dict[str, Known]:
    return {h["entity_id"]: Known(n, h) for n, h in enumerate(hits)}


def compared(before: dict[str, Known], *hits: dict[str, Any]) -> list[Event]:
    return compare("C1", before, by_entity(hits))


def test_nothing_where_all_is_as_it_was() -> None:
    assert compared(known(hit("a"), hit("b")), hit("b"), hit("a")) == []
    assert compared({}) == []


def test_new_changed_and_gone() -> None:
    events = compared(known(hit("a"), hit("b")), hit("b", 0.95), hit("c"))
    assert [(e.what, e.hit["entity_id"], e.fields, e.number) for e in events] == [
        (CHANGED, "b", ("score",), 1),
        (NEW, "c", (), None),
        (GONE, "a", (), 0),
    ]


def test_an_entity_that_moves_from_one_list_to_another_is_a_change() -> None:
    events = compared(known(hit("a")), hit("a", source="us_ofac_sdn"))
    assert [(e.what, e.fields, e.number) for e in events] == [(CHANGED, ("listings", "source"), 0)]


def test_an_entity_that_a_second_list_carries_is_one_match_with_the_listings_of_both() -> None:
    both = hit("a"), hit("a", 0.8, source="us_ofac_sdn")
    events = compared(known(hit("a")), *both)
    assert [(e.what, e.fields) for e in events] == [(CHANGED, ("listings",))]
    assert [one["source"] for one in events[0].hit["listings"]] == ["us_csl", "us_ofac_sdn"]
    assert compared(known(events[0].hit), *both) == []  # type: ignore[arg-type]
    assert [len(h["listings"]) for h in both] == [1, 1]


def test_of_two_hits_on_one_entity_the_better_one_counts() -> None:
    assert compared(known(hit("a", 0.9)), hit("a", 0.9), hit("a", 0.8)) == []


def test_a_field_that_is_new_is_a_change() -> None:
    events = compared(known(hit("a")), hit("a") | {"citation": "84 FR 54002"})
    assert [(e.what, e.fields) for e in events] == [(CHANGED, ("citation",))]
