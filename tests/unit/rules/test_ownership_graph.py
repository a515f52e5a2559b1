"""Sums of stakes over graphs: against brute force on small ones, against the nested arithmetic of an order, and
what must hold of any: more listed owners or larger stakes never loosen, the order of owners makes no
difference."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.model import Exporter
from stopship.model.order import read_order
from stopship.model.stake import Interest
from stopship.model.structure import Link, Node, Structure, Tie, structure_of_order
from stopship.model.values import Share
from stopship.rules import Rulebook
from stopship.rules.ownership import Holding, Owned, Owners, holding
from stopship.rules.ownership_shown import arithmetic, evidence, remarks
from stopship.rules.situation import Situation

BOOK = Rulebook.load()
DAY = date(2026, 3, 1)
Edge = tuple[int, int, float, float]


def structure(edges: Iterable[Any], *, count: int = 6, **more: Any) -> Structure:
    """Node 0 is the party; the others come from outside and are called n1, n2 … An edge is owner, held, share and
    fields of a link."""
    order = read_order({"parties": [{"role": "end_user", "name": "Party"}]})
    nodes = [structure_of_order(order).nodes[0]]
    nodes += [Node(f"n{n}", f"Name {n}", label=f"name {n}") for n in range(1, count)]
    links = []
    for owner, held, share, *rest in edges:
        fields = dict(rest[0]) if rest else {}
        fields.setdefault("basis", "test")
        share = Share.parse(share) if isinstance(share, str) else share
        links.append(Link(owner, held, share, f"stake.n{owner}.of.n{held}.share", **fields))
    return Structure(tuple(nodes), tuple(links), outside={0: tuple(range(1, count))}, **more)


def situation(found: Structure, **facts: str) -> Situation:
    plain = {
        "parties": [{"role": "end_user", "name": "Party"}],
        "facts": {k.replace("__", "."): v for k, v in facts.items()},
    }
    return Situation(read_order(plain), BOOK.facts, as_of=DAY, exporter=Exporter(), structure=found)


def held(found: Structure, *listed: int, sure: bool = False, **facts: str) -> Holding:
    return Owners(situation(found, **facts), 0, sure=sure).holding({f"n{n}" for n in listed})


# -- single cases ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edges", "listed", "low", "high"),
    [
        # A stake of one's own and one through a company that one owns both count.
        ([(1, 0, "30"), (1, 2, "50"), (2, 0, "20")], (1,), 50, 50),
        ([(1, 0, "30"), (1, 2, "49"), (2, 0, "20")], (1,), 30, 30),
        # Several paths to one owner: each stake in the party once.
        ([(1, 2, "60"), (1, 3, "60"), (2, 0, "25"), (3, 0, "25")], (1,), 50, 50),
        ([(1, 2, "100"), (2, 3, "100"), (1, 3, "0"), (3, 0, "40"), (2, 0, "10")], (1,), 50, 50),
        # Owners of an owner add up there, too.
        ([(1, 3, "25"), (2, 3, "25"), (3, 0, "60")], (1, 2), 60, 60),
        ([(1, 3, "25"), (2, 3, "24"), (3, 0, "60")], (1, 2), 0, 0),
        # Control is no ownership.
        ([(1, 0, "60", {"interest": Interest.CONTROL})], (1,), 0, 0),
        # The far end of a chain counts so far as the chain isn't known.
        ([(1, 0, "60", {"interest": Interest.INDIRECT})], (1,), 0, 60),
        ([(1, 0, "60", {"interest": Interest.INDIRECT}), (1, 2, "100"), (2, 0, "60")], (1,), 60, 60),
        ([(1, 0, "29.4", {"interest": Interest.INDIRECT}), (1, 2, "49"), (2, 0, "60")], (1,), 0, 0),
        ([(1, 0, "80", {"interest": Interest.INDIRECT}), (1, 2, "100"), (2, 0, "30")], (1,), 30, 80),
        # ... and comes on top of a stake of one's own, while a right to profit does not.
        ([(1, 0, "30"), (1, 0, "40", {"interest": Interest.INDIRECT})], (1,), 30, 70),
        ([(1, 0, "30"), (1, 0, "30", {"interest": Interest.BENEFIT})], (1,), 30, 30),
        ([(1, 0, "60", {"interest": Interest.BENEFIT})], (1,), 0, 60),
        # Consolidated by a parent, and at the end of the chain by the same: one unknown stake.
        ([(1, 0, "unknown"), (1, 0, "unknown", {"interest": Interest.INDIRECT})], (1,), 0, 100),
        # What others own can't be owned by the listed.
        ([(1, 0, "unknown"), (2, 0, "60")], (1,), 0, 40),
        ([(1, 0, "unknown"), (2, 0, "60", {"sure": False})], (1,), 0, 100),
    ],
)
def test_sums(edges: Any, listed: tuple[int, ...], low: float, high: float) -> None:
    found = held(structure(edges), *listed)
    assert (found.low, found.high) == (low, high)


def test_one_stake_stated_by_several_is_counted_once() -> None:
    both = [(1, 0, "30", {"basis": "a"}), (1, 0, "30", {"basis": "b"}), (1, 0, "unknown", {"basis": "c"})]
    assert held(structure(both), 1).low == held(structure(both), 1).high == 30
    # By its name, where the data don't say that it is the same.
    named = structure([(1, 0, "30", {"basis": "a"}), (2, 0, "30", {"basis": "b"})])
    twins = tuple(replace(node, label="the same") if n in (1, 2) else node for n, node in enumerate(named.nodes))
    assert held(replace(named, nodes=twins), 1, 2).low == 30
    assert held(named, 1, 2).low == 60
    # Two of one name in one source are two.
    one = structure([(1, 0, "30", {"basis": "a"}), (2, 0, "30", {"basis": "a"})])
    assert held(replace(one, nodes=twins), 1, 2).low == 60
    assert held(replace(one, nodes=twins), 1).high == 30


def test_figures_that_differ_are_reported_and_the_higher_one_is_taken() -> None:
    found = structure([(1, 0, "30", {"basis": "a"}), (1, 0, "55", {"basis": "b"})])
    total = held(found, 1)
    assert total.owned is Owned.YES
    assert any("a states 30%, b states 55%" in line for line in remarks(total, found))


def test_two_figures_in_one_source_are_a_range() -> None:
    twice = structure([(1, 0, "30", {"statement": "s1"}), (1, 0, "25", {"statement": "s2"})])
    assert (held(twice, 1).low, held(twice, 1).high) == (30, 55)
    same = structure([(1, 0, "30", {"statement": "s1"}), (1, 0, "30", {"statement": "s2"})])
    assert (held(same, 1).low, held(same, 1).high) == (30, 30)


def test_more_than_all_is_contradictory_and_rules_nothing_out() -> None:
    found = structure([(1, 0, "unknown"), (2, 0, "60"), (3, 0, "60")])
    total = held(found, 1)
    assert total.owned is Owned.MAYBE
    assert any("Contradictory: stakes of 120%" in line for line in remarks(total, found))


def test_a_circle_gives_a_range_from_without_it_to_with_it() -> None:
    # 1 is listed and holds a tenth of 2; 2 and 3 hold each other; 3 holds the party.
    found = structure([(1, 2, "10"), (3, 2, "60"), (2, 3, "60"), (3, 0, "100")])
    total = held(found, 1)
    assert (total.low, total.high) == (0, 100)
    assert total.owned is Owned.MAYBE
    assert total.missing == ("party.0.listed_owners.share",)
    assert any("in a circle" in line for line in remarks(total, found))
    assert "in a circle" in arithmetic(total)
    assert evidence(total, found).circles == (("n2", "n3"),)
    # A person's word on the sum settles it, either way.
    assert held(found, 1, party__0__listed_owners__share="20").owned is Owned.NO
    assert held(found, 1, party__0__listed_owners__share="70").owned is Owned.YES
    # Without a listed owner in it or above it, a circle owns nothing.
    assert held(found).owned is Owned.NO


def test_treasury_shares_are_a_circle_of_one() -> None:
    found = structure([(1, 0, "45"), (0, 0, "20")])
    total = held(found, 1)
    assert (total.low, total.high) == (45, 65)
    assert any("holds a part of itself" in line for line in remarks(total, found))
    assert held(structure([(1, 0, "20"), (0, 0, "20")]), 1).owned is Owned.NO
    assert held(structure([(1, 0, "50"), (0, 0, "20")]), 1).owned is Owned.YES


def test_a_stake_of_a_namesake_is_left_out_where_only_what_is_sure_counts() -> None:
    found = structure([(1, 0, "60", {"sure": False})])
    assert held(found, 1).owned is Owned.YES
    assert held(found, 1, sure=True).owned is Owned.NO


def test_owners_that_were_not_looked_up_leave_the_sum_open() -> None:
    found = structure([(1, 0, "10")], bounded={0: "more than 5 holders"})
    total = held(found, 1)
    assert total.owned is Owned.MAYBE
    assert "party.0.listed_owners.share" in total.missing


def test_facts_answer_stakes_from_outside() -> None:
    found = structure([(1, 0, "unknown")])
    key = "stake.n1.of.n0.share"
    assert held(found, 1).missing == (key,)
    assert held(found, 1, **{key: "60"}).owned is Owned.YES
    assert held(found, 1, **{key: "10"}).owned is Owned.NO
    far = structure([(1, 0, "60", {"interest": Interest.INDIRECT})])
    assert held(far, 1, **{key: "60"}).owned is Owned.YES


def test_the_evidence_names_nodes_stakes_dates_and_statements() -> None:
    more = {"statement": "s1", "since": date(2020, 1, 1)}
    found = structure(
        [(1, 2, "60", more), (2, 0, "55"), (3, 0, "45")],
        ties=(Tie(0, None, "n0", "Party AG", False, "the same name"),),
    )
    plain = evidence(held(found, 1), found).to_plain()
    assert [node["id"] for node in plain["nodes"]] == ["party.0", "n1", "n2", "n3"]
    counts = {(s["owner"], s["held"]): s["counts"] for s in plain["stakes"]}
    assert counts == {("n1", "n2"): "yes", ("n2", "party.0"): "yes", ("n3", "party.0"): "no"}
    [statement] = next(s for s in plain["stakes"] if s["owner"] == "n1")["statements"]
    assert (statement["basis"], statement["statement"], statement["since"]) == ("test", "s1", "2020-01-01")
    assert plain["arithmetic"] == "Name 2 55% (counts in full, itself owned: Name 1 60% = 60%) = 55%"
    assert any("must be judged" in line for line in plain["remarks"])


def test_a_diamond_of_many_tiers_is_told_once_each() -> None:
    edges = [(1, 2, "100"), (1, 3, "100")]
    for tier in range(2, 40, 2):
        edges += [(a, b, "50") for a in (tier, tier + 1) for b in (tier + 2, tier + 3)]
    edges += [(40, 0, "50"), (41, 0, "50")]
    found = structure(edges, count=42)
    total = held(found, 1)
    assert total.owned is Owned.YES
    assert len(arithmetic(total)) < 8_000


# -- against oracles ---------------------------------------------------------------------------------------------


def _subsets(nodes: list[int]) -> Iterable[frozenset[int]]:
    return map(frozenset, chain.from_iterable(combinations(nodes, k) for k in range(len(nodes) + 1)))


def brute(edges: list[Edge], count: int, listed: frozenset[int]) -> tuple[float, float]:
    """Least and most by trying every set of nodes as the owned ones and keeping those that are consistent."""
    below = set(listed)
    for _ in range(count):
        below |= {h for o, h, _l, _h in edges if o in below}
    below |= {0}
    free = [n for n in range(count) if n in below and n not in listed]

    def low(node: int, counting: frozenset[int]) -> float:
        return round(sum(lo for o, h, lo, _ in edges if h == node and o in counting), 6)

    def high(node: int, counting: frozenset[int]) -> float:
        total = sum(hi for o, h, _, hi in edges if h == node and o in counting)
        if sum(lo for _o, h, lo, _ in edges if h == node) <= 100.01:
            total = min(total, 100 - sum(lo for o, h, lo, _ in edges if h == node and o not in counting))
        return round(max(total, low(node, counting)), 6)

    def consistent(owned: frozenset[int], amount: Any) -> bool:
        return all((amount(n, listed | owned) >= 50) == (n in owned) for n in free)

    least = min((s for s in _subsets(free) if consistent(s, low)), key=len)
    most = max((s for s in _subsets(free) if consistent(s, high)), key=len)
    return min(low(0, listed | least), 100), min(high(0, listed | most), 100)


EDGES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 4),
        st.sampled_from([5, 20, 30, 49, 50, 51, 60, 100]),
        st.sampled_from([0, 0, 0, 10, 40]),
    ),
    max_size=9,
    unique_by=lambda e: (e[0], e[1]),
)


def as_edges(drawn: list[tuple[int, int, int, int]]) -> list[Edge]:
    return [(o, h, float(low), float(min(100, low + wide))) for o, h, low, wide in drawn]


def shares(edges: list[Edge]) -> list[Any]:
    return [(o, h, Share(low, high)) for o, h, low, high in edges]


@settings(max_examples=400, deadline=None)
@given(EDGES, st.frozensets(st.integers(1, 4), max_size=3))
def test_any_small_graph_comes_out_as_by_brute_force(drawn: Any, listed: frozenset[int]) -> None:
    edges = as_edges(drawn)
    # Only listed owners above the party are asked about.
    above = {0}
    for _ in range(5):
        above |= {o for o, h, _l, _h in edges if h in above}
    edges = [e for e in edges if e[1] in above]
    found = held(structure(shares(edges), count=5), *listed)
    assert (found.low, found.high) == brute(edges, 5, listed & above)


@settings(max_examples=200, deadline=None)
@given(EDGES, st.frozensets(st.integers(1, 4), min_size=1), st.integers(1, 4), st.integers(0, 9))
def test_more_listed_owners_and_larger_stakes_never_loosen(
    drawn: Any, listed: frozenset[int], more: int, chosen: int
) -> None:
    edges = as_edges(drawn)
    before = held(structure(shares(edges), count=5), *listed)
    assert held(structure(shares(edges), count=5), *listed, more).owned >= before.owned
    raised = [
        (o, h, min(100.0, lo + 7), min(100.0, hi + 11)) if o in listed else (o, h, lo, hi)
        for o, h, lo, hi in edges
    ]
    assert held(structure(shares(raised), count=5), *listed).owned >= before.owned
    held_ones = [0, *(h for _o, h, *_ in edges)]
    added = [*shares(edges), (5, held_ones[chosen % len(held_ones)], Share(30, 30))]
    assert held(structure(added), *listed, 5).owned >= before.owned


@settings(max_examples=100, deadline=None)
@given(EDGES, st.frozensets(st.integers(1, 4), max_size=3), st.randoms())
def test_the_order_of_stakes_makes_no_difference(drawn: Any, listed: frozenset[int], mix: random.Random) -> None:
    edges = shares(as_edges(drawn))
    found = structure(edges, count=5)
    mix.shuffle(edges)
    mixed = structure(edges, count=5)
    assert evidence(held(found, *listed), found) == evidence(held(mixed, *listed), mixed)


def nested(owners: list[dict[str, Any]], listed: set[str], prefix: str = "") -> tuple[float, float]:
    """The arithmetic as an order nests it: a tree, each tier by itself."""
    low = high = others = 0.0
    for number, owner in enumerate(owners):
        path = f"{prefix}{number}"
        share = Share.parse(owner["share"])
        above = (100.0, 100.0) if path in listed else nested(owner["owners"], listed, f"{path}.")
        low += share.low if above[0] >= 50 else 0
        high += share.high if above[1] >= 50 else 0
        others += share.low if above[1] < 50 else 0
    low, high = round(low, 6), round(high, 6)
    return min(low, 100), min(max(low, min(high, 100 - min(others, 100))), 100)


SHARES = st.sampled_from(["10", "20", "24.5", "25", "10-40", "unknown"])
TREES = st.recursive(
    st.builds(lambda share: {"name": "X", "share": share, "owners": []}, SHARES),
    lambda above: st.builds(
        lambda share, owners: {"name": "Y", "share": share, "owners": owners},
        st.sampled_from(["25", "20-30", "unknown"]),
        st.lists(above, max_size=4),
    ),
    max_leaves=8,
)


def _paths(owners: list[dict[str, Any]], prefix: str = "") -> list[str]:
    found = []
    for number, owner in enumerate(owners):
        found += [f"{prefix}{number}", *_paths(owner["owners"], f"{prefix}{number}.")]
    return found


@settings(max_examples=200, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=4), st.randoms())
def test_an_order_alone_comes_out_as_its_nested_arithmetic(owners: Any, mix: random.Random) -> None:
    order = read_order({"parties": [{"role": "end_user", "name": "B", "owners": owners}]})
    paths = _paths(owners)
    listed = set(mix.sample(paths, min(len(paths), 3)))
    # A listed owner counts in full whatever stands above it: as in the tree, nobody above it is asked about.
    found = holding(Situation(order, BOOK.facts, as_of=DAY, exporter=Exporter()), 0, listed)
    assert (found.low, found.high) == nested(owners, listed)


def test_a_fact_about_no_known_stake_is_said_to_have_no_effect() -> None:
    found = structure([(1, 0, "unknown")])
    known, other = "stake.n1.of.n0.share", "stake.n9.of.n0.share"
    lines = situation(found, **{known: "10", other: "10"}).assumptions()
    assert [line for line in lines if "without effect" in line] == [
        f"{other}: no such stake is known for this order and day; without effect"
    ]
