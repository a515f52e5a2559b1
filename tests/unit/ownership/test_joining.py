"""How orders meet ownership data: by identifier surely, by name possibly, with a person's word; who stands
above."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.unit.ownership.conftest import firm, graph_of, stake

from stopship.model.entity import Identifier
from stopship.model.order import read_order
from stopship.model.stake import Holder, Interest
from stopship.model.structure import Structure
from stopship.ownership import OwnershipGraph, join

DAY = date(2026, 3, 1)
LEI, OTHER = "5493001KJTIIGC8Y1R12", "315700FA4G1UK2XEQF20"
ALPHA = Holder(
    "t:alpha",
    ("Alpha GmbH",),
    countries=("DE",),
    identifiers=(Identifier("registration_number", "HRB 1234", "DE"),),
)


def joined(graph: OwnershipGraph | None, *parties: dict[str, Any], **more: Any) -> Structure:
    plain = {"parties": [{"role": "end_user", **party} for party in parties]}
    return join(graph, read_order(plain), as_of=DAY, **more)


def above(found: Structure, party: int = 0) -> dict[str, bool]:
    """Ids of the nodes above a party, and whether the stake nearest to it is sure."""
    sure = {found.nodes[link.owner].id: link.sure for link in found.links}
    return {node.id: sure[node.id] for number, node in found.holders_above() if number == party}


def test_without_data_the_order_alone_counts() -> None:
    assert joined(None, {"name": "Alpha GmbH"}).links == ()
    assert joined(graph_of(), {"name": "Alpha GmbH"}).ties == ()


def test_a_register_number_is_certain_and_a_name_is_possible() -> None:
    graph = graph_of(ALPHA, firm("t:owner"), stake("t:owner", "t:alpha", "60"))
    number = {"name": "Alpha GmbH", "country": "DE", "identifiers": [{"type": "HRB", "value": "1234"}]}
    spelled = number | {
        "identifiers": [{"type": "company registration number", "value": "HRB 1234", "country": "DE"}]
    }
    assert above(joined(graph, spelled)) == {"t:owner": True}
    by_name = joined(graph, {"name": "ALPHA Gesellschaft mit beschränkter Haftung", "country": "DE"})
    assert above(by_name) == {"t:owner": False}
    [tie] = by_name.ties
    assert (tie.holder, tie.sure) == ("t:alpha", False)
    assert any("may be Alpha GmbH" in line for line in by_name.notes)
    assert above(joined(graph, {"name": "Alpha GmbH"})) == {"t:owner": False}
    assert above(joined(graph, {"name": "Alpha GmbH", "country": "AT"})) == {}
    assert above(joined(graph, {"name": "Alpha Beta GmbH", "country": "DE"})) == {}


def test_a_register_number_with_another_name_is_only_possible() -> None:
    graph = graph_of(ALPHA, firm("t:owner"), stake("t:owner", "t:alpha", "60"))
    stranger = {
        "name": "Zeta KG",
        "country": "DE",
        "identifiers": [{"type": "registration number", "value": "HRB 1234"}],
    }
    [tie] = joined(graph, stranger).ties
    assert (tie.sure, "another name" in tie.why) == (False, True)


def test_an_lei_is_certain_and_another_lei_is_another_company() -> None:
    holder = Holder(f"lei:{LEI}", ("Alpha GmbH",), countries=("DE",), identifiers=(Identifier("lei", LEI),))
    graph = graph_of(holder, firm("t:owner"), stake("t:owner", holder.id, "60"))
    party = {"name": "Whatever Ltd", "country": "GB", "identifiers": [{"type": "LEI", "value": LEI.lower()}]}
    assert above(joined(graph, party)) == {"t:owner": True}
    other = {"name": "Alpha GmbH", "country": "DE", "identifiers": [{"type": "lei", "value": OTHER}]}
    assert above(joined(graph, other)) == {}


def test_a_person_s_word_settles_a_tie() -> None:
    graph = graph_of(ALPHA, firm("t:owner"), stake("t:owner", "t:alpha", "60"))
    party = {"name": "Alpha GmbH", "country": "DE"}
    said = {(0, None, "t:alpha"): True}
    assert above(joined(graph, party, verdict=lambda *key: said.get(key))) == {"t:owner": True}
    said = {(0, None, "t:alpha"): False}
    assert above(joined(graph, party, verdict=lambda *key: said.get(key))) == {}


def test_owners_that_the_order_names_are_met_too() -> None:
    graph = graph_of(ALPHA, firm("t:owner"), stake("t:owner", "t:alpha", "60"))
    number = [{"type": "registration number", "value": "HRB 1234"}]
    party = {
        "name": "Beta AG",
        "country": "CH",
        "owners": [{"name": "Alpha GmbH", "country": "DE", "share": 60, "identifiers": number}],
    }
    found = joined(graph, party)
    assert above(found) == {"t:owner": True}
    owner = found.number_of(0, "0")
    assert [found.nodes[link.owner].id for link in found.links if link.held == owner] == ["t:owner"]


def test_one_company_named_twice_is_one_node() -> None:
    holder = Holder(f"lei:{LEI}", ("S",), identifiers=(Identifier("lei", LEI),))
    graph = graph_of(holder, stake("t:top", holder.id, "60"))
    s = {"name": "S", "share": 50, "identifiers": [{"type": "lei", "value": LEI}]}
    found = joined(
        graph,
        {
            "name": "P",
            "owners": [{"name": "A", "share": 25, "owners": [s]}, {"name": "B", "share": 25, "owners": [s]}],
        },
    )
    assert found.number_of(0, "0.0") == found.number_of(0, "1.0")
    assert above(found) == {"t:top": True}


def test_a_party_that_owns_another_stands_above_it_with_its_own_owners() -> None:
    graph = graph_of(ALPHA, Holder("t:sub", ("Sub GmbH",), countries=("DE",)), stake("t:alpha", "t:sub", "100"))
    number = [{"type": "registration number", "value": "HRB 1234"}]
    sub = {"name": "Sub GmbH", "country": "DE"}
    alpha = {
        "name": "Alpha GmbH",
        "country": "DE",
        "identifiers": number,
        "owners": [{"name": "Top", "share": 60}],
    }
    found = joined(graph, sub, alpha)
    assert {node.id for party, node in found.holders_above() if party == 0} == {"party.1", "party.1.owner.0"}
    assert found.number_of(0, "party.1.owner.0") == found.number_of(1, "0")


def test_circles_end() -> None:
    graph = graph_of(
        ALPHA, stake("t:b", "t:alpha", "60"), stake("t:alpha", "t:b", "60"), stake("t:alpha", "t:alpha", "5")
    )
    found = joined(graph, {"name": "Alpha GmbH", "country": "DE"})
    assert set(above(found)) == {"t:b", "t:alpha"}
    sure = joined(
        graph,
        {
            "name": "Alpha GmbH",
            "country": "DE",
            "identifiers": [{"type": "registration number", "value": "HRB 1234"}],
        },
    )
    assert set(above(sure)) == {"t:b"}
    party = sure.number_of(0, None)
    assert {(link.owner, link.held) for link in sure.links} >= {(party, party)}


def test_stakes_out_of_force_are_left_out_and_control_is_kept() -> None:
    graph = graph_of(
        ALPHA,
        stake("t:old", "t:alpha", "60", until=DAY),
        stake("t:new", "t:alpha", "60", since=date(2026, 3, 2)),
        stake("t:boss", "t:alpha", interest=Interest.CONTROL),
    )
    assert set(above(joined(graph, {"name": "Alpha GmbH", "country": "DE"}))) == {"t:boss"}


def test_bounds_are_said_and_never_silent() -> None:
    many = [stake(f"t:{n}", "t:alpha", "1") for n in range(12)]
    found = joined(graph_of(ALPHA, *many), {"name": "Alpha GmbH", "country": "DE"}, most_above=5)
    assert len(above(found)) == 5
    assert "more than 5 holders stand above party 0" in found.bounded[0]
    assert any("not all owners were looked up" in line for line in found.notes)
    exact = joined(graph_of(ALPHA, *many), {"name": "Alpha GmbH", "country": "DE"}, most_above=12)
    assert not exact.bounded
    namesakes = [firm(f"t:n{n}", "Namesake Ltd", "GB") for n in range(4)]
    crowd = graph_of(*namesakes, *(stake("t:owner", n.id, "60") for n in namesakes))
    found = joined(crowd, {"name": "Namesake Ltd"}, most_namesakes=3)
    assert (len(found.ties), list(found.namesakes)) == (3, [0])
    assert not joined(crowd, {"name": "Namesake Ltd"}, most_namesakes=4).namesakes


def test_owners_without_a_name_are_said() -> None:
    graph = graph_of(ALPHA, stake(f"lei:{LEI}", "t:alpha"))
    assert any("no name" in line for line in joined(graph, {"name": "Alpha GmbH", "country": "DE"}).notes)
