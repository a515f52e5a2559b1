"""The graph: the same whatever the order of its records, looked up, dated, mapped from a file, damage noticed."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.ownership.conftest import firm, graph_of, stake

from stopship.errors import OwnershipStateError
from stopship.model.entity import Identifier
from stopship.model.stake import Holder, Interest, Stake
from stopship.model.values import PartialDate, Schema, Share
from stopship.ownership import GraphBuilder, OwnershipGraph

LEI = "5493001KJTIIGC8Y1R12"
DAY = date(2026, 3, 1)
RECORDS = (
    firm("t:a", "Alpha Holding Limited", "GB", identifiers=(Identifier("registration_number", "0744472", "GB"),)),
    firm("t:b", "Бета ООО", "RU"),
    Holder("t:c", ("Erika Mustermann",), Schema.PERSON, ("DE",), (), PartialDate.parse("1964-04")),
    firm("t:unused", "Nobody's"),
    stake("t:c", "t:b", "60", since=date(2020, 1, 1), until=date(2026, 3, 1), statement="s1", note="a note"),
    stake("t:b", "t:a", "25-50", statement="s2"),
    stake("t:c", "t:a", interest=Interest.CONTROL),
    stake("t:x", "t:a", "10"),
)


def test_the_order_of_records_makes_no_difference() -> None:
    first = graph_of(*RECORDS)
    for seed in range(5):
        mixed = list(RECORDS)
        random.Random(seed).shuffle(mixed)
        assert graph_of(*mixed).to_bytes() == first.to_bytes()
    assert graph_of(*RECORDS, *RECORDS).content_hash == first.content_hash
    assert graph_of(*RECORDS[:-1]).content_hash != first.content_hash
    assert graph_of(*RECORDS, basis="other").content_hash != first.content_hash


def test_what_goes_in_comes_out() -> None:
    graph = graph_of(*RECORDS)
    assert (graph.holders, graph.stakes, graph.nameless) == (
        4,
        4,
        1,
    )  # who holds nothing and isn't held is left out
    number = graph.number_of("t:c")
    assert number is not None
    assert graph.holder(number) == RECORDS[2]
    told = {record for _basis, record in graph.all()}
    assert {r for r in told if isinstance(r, Stake)} == {r for r in RECORDS if isinstance(r, Stake)}
    assert {"t:a", "t:b", "t:c", "t:x"} == {r.id for r in told if isinstance(r, Holder)}
    assert graph.number_of("t:unused") is None


def test_only_stakes_in_force_count() -> None:
    graph = graph_of(*RECORDS)
    held = graph.number_of("t:b")
    assert held is not None
    for day, count in (("2019-12-31", 0), ("2020-01-01", 1), ("2026-02-28", 1), ("2026-03-01", 0)):
        assert len(graph.stakes_in(held, date.fromisoformat(day))) == count
    assert len(graph.stakes_in(held)) == 1


def test_looking_up() -> None:
    graph = graph_of(*RECORDS)
    at = graph.number_of("t:a")
    for name in ("Alpha Holding Limited", "ALPHA HOLDING LTD.", "alpha holding, ltd"):
        assert graph.by_name(name) == [at]
    assert graph.by_name("Alpha Holdings Limited") == []
    assert graph.by_name("ООО Бета") == [graph.number_of("t:b")]
    assert graph.by_name("...") == []
    assert graph.by_key("register GB 744472") == [at]
    assert graph.by_key("register IE 744472") == []


def test_holders_with_one_lei_are_one() -> None:
    mine = Holder("f:1", ("Alpha",), Schema.COMPANY, ("GB",), (Identifier("lei", LEI),))
    theirs = Holder(f"lei:{LEI}", ("Alpha Holding Ltd",), Schema.LEGAL_ENTITY, ("GB",), (Identifier("lei", LEI),))
    for order in ((mine, theirs), (theirs, mine)):
        graph = graph_of(*order, stake("f:2", "f:1", "60"), stake(f"lei:{LEI}", "f:3", "30"))
        at = graph.number_of(f"lei:{LEI}")
        assert at is not None
        assert set(graph.holder(at).names) == {"Alpha", "Alpha Holding Ltd"}
        assert graph.holder(at).schema is Schema.COMPANY
        assert [s.owner for _b, s in graph.stakes_in(at)] == ["f:2"]
        assert graph.number_of("f:1") is None


def test_it_is_mapped_from_a_file(tmp_path: Path) -> None:
    graph = graph_of(*RECORDS)
    path = tmp_path / "graph.own"
    path.write_bytes(graph.to_bytes())
    opened = OwnershipGraph.open(path)
    assert opened == graph
    assert opened.to_bytes() == graph.to_bytes()
    assert list(opened.all()) == list(graph.all())
    assert path.with_suffix(".checked").exists()


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other", "version", "header"])
def test_damage_is_noticed(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "graph.own"
    body = bytearray(graph_of(*RECORDS).to_bytes())
    if damage == "cut":
        body = body[: len(body) // 2]
    elif damage == "flip":
        body[-9] ^= 1
    elif damage == "empty":
        body = bytearray()
    elif damage == "other":
        body[:4] = b"PAR1"
    elif damage == "version":
        body = bytearray(bytes(body).replace(b'"format":1', b'"format":9'))
    else:
        body[20] = 0
    path.write_bytes(body)
    with pytest.raises(OwnershipStateError) as refused:
        OwnershipGraph.open(path)
    assert "ownership import" in str(refused.value)


def test_a_change_after_the_first_look_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "graph.own"
    path.write_bytes(graph_of(*RECORDS).to_bytes())
    OwnershipGraph.open(path)
    body = bytearray(path.read_bytes())
    body[-9] ^= 1
    path.unlink()
    path.write_bytes(body)
    with pytest.raises(OwnershipStateError):
        OwnershipGraph.open(path)


def test_no_records_is_an_empty_graph() -> None:
    graph = GraphBuilder().graph()
    assert (graph.holders, graph.stakes) == (0, 0)
    assert graph.by_name("x") == []
    assert graph.number_of("x") is None


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_TEXT, _TEXT, st.floats(0, 100), _TEXT), max_size=8), st.randoms())
def test_any_text_survives(rows: list[tuple[str, str, float, str]], mix: random.Random) -> None:
    records = [Stake(f"x:{o}", f"x:{h}", Share(s, s), statement=t) for o, h, s, t in rows]
    records += [Holder(f"x:{o}", (o,)) for o, _h, _s, _t in rows if o]
    graph = graph_of(*records)
    mix.shuffle(records)
    assert graph_of(*records).content_hash == graph.content_hash
    assert {s for _b, s in graph.all() if isinstance(s, Stake)} == {r for r in records if isinstance(r, Stake)}
