"""Pictures and tables of owners, of the lists' ages, and of what changed."""

from __future__ import annotations

from typing import Any

from stopship.web.presenters.difference import difference_page
from stopship.web.presenters.freshness import freshness
from stopship.web.presenters.ownership import BOX_WIDTH, picture


def node(number: int, **more: Any) -> dict[str, Any]:
    name = f"Example {number} Holdings with a name that needs two lines"
    return {"id": f"n{number}", "name": name, "country": "CN", "listed": False, "counts": "no", **more}


def stake(owner: int, held: int, share: str = "60", **more: Any) -> dict[str, Any]:
    plain = {"owner": f"n{owner}", "held": f"n{held}", "share": share, "counts": "yes", "sure": True}
    return {**plain, "statements": [{"basis": "order", "statement": "", "since": None, "until": None}], **more}


def evidence(nodes: list[dict[str, Any]], stakes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "party": 0, "target": "n0", "low": 60.0, "high": 80.0, "threshold": 50.0, "arithmetic": "A 60% = 60%",
        "nodes": nodes, "stakes": stakes, "circles": [], "ties": [], "remarks": [],
    }  # fmt: skip


def test_owners_stand_above_what_they_hold_and_boxes_do_not_touch() -> None:
    nodes = [node(0), node(1), node(2, listed=True), node(3, listed=True)]
    drawn = picture(evidence(nodes, [stake(1, 0), stake(3, 0, "10-20"), stake(2, 1, "unknown")]))
    boxes = {box.name.split()[1]: box for box in drawn.boxes}
    assert boxes["2"].y < boxes["1"].y == boxes["3"].y < boxes["0"].y
    assert abs(boxes["1"].x - boxes["3"].x) > BOX_WIDTH
    assert all(box.x >= 0 and box.x + BOX_WIDTH <= drawn.width for box in drawn.boxes)
    assert [row.share for row in drawn.rows] == ["60", "10-20", "unknown"]
    assert all(len(box.lines) <= 2 for box in drawn.boxes)


def test_a_circle_of_owners_is_drawn_once() -> None:
    drawn = picture(evidence([node(0), node(1), node(2)], [stake(1, 0), stake(2, 1), stake(1, 2), stake(0, 0)]))
    assert len(drawn.boxes) == 3 and len(drawn.arrows) == 4


def test_too_many_owners_are_a_table_alone() -> None:
    nodes = [node(number) for number in range(60)]
    drawn = picture(evidence(nodes, [stake(number, 0) for number in range(1, 60)]))
    assert drawn.boxes == () and len(drawn.rows) == 59


def state(source: str, age: int, limit: int | None, *, stale: bool = False) -> dict[str, Any]:
    return {
        "source": source, "title": source, "publisher": "", "url": "", "snapshot": "sha256:" + "a" * 64,
        "published": "2026-01-01", "retrieved": None, "age_days": age, "limit_days": limit, "stale": stale,
        "entries": 1, "rejected": 0, "pinned": False, "newest": None, "note": "",
    }  # fmt: skip


def test_a_list_is_current_then_soon_stale_then_stale() -> None:
    shown = freshness([state("a", 1, 10), state("b", 8, 10), state("c", 11, 10, stale=True), state("d", 5, None)])
    assert [row.state for row in shown.rows] == ["current", "soon", "stale", "unlimited"]
    assert [row.source for row in shown.stale] == ["c"]
    assert all(row.length <= shown.width for row in shown.rows)
    assert not shown.starter_only
    assert freshness([state("starter", 900, None)]).starter_only
    assert not freshness([]).starter_only


def difference(added: int, changed: int) -> dict[str, Any]:
    return {
        "source": "us_csl", "from": {"snapshot": "sha256:1"}, "to": {"snapshot": "sha256:2"},
        "counts": {"added": added, "removed": 0, "changed": changed, "unchanged": 3},
        "added": [
            {"id": str(n), "names": [{"text": f"Added {n}"}], "listings": [{"program": "us.el"}]}
            for n in range(added)
        ],
        "removed": [],
        "changed": [
            {"id": str(n), "name": f"Changed {n}", "fields": [
                {"field": "names", "gone": [{"text": "old"}], "new": [{"text": "x" * 900}]},
                {"field": "listings", "gone": [], "new": [{"program": "us.el", "tags": ["A", "B"]}]},
                {"field": "countries", "gone": ["CN"], "new": []},
            ]}
            for n in range(changed)
        ],
    }  # fmt: skip


def test_a_difference_comes_in_pages() -> None:
    first = difference_page(difference(60, 5), page=1, size=40)
    last = difference_page(difference(60, 5), page=99, size=40)
    assert (len(first.rows), first.pages, first.total) == (40, 2, 65)
    assert (last.page, [row.kind for row in last.rows][-1]) == (2, "changed")
    only = difference_page(difference(60, 5), kind="changed")
    assert only.total == 5 and only.kind == "changed"
    names, listings, countries = only.rows[0].fields
    assert names.gone == ("old",) and len(names.new[0]) == 400
    assert listings.new == ("program: us.el; tags: A, B",)
    assert countries.gone == ("CN",)
