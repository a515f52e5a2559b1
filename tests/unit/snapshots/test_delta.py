"""The difference of two states of a list, entity by entity and field by field."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model import Address, Entity, Listing, Name, NameKind, Schema
from stopship.model.serialize import entity_to_plain
from stopship.snapshots import delta
from stopship.sources.catalogue import catalogue, parse, starter_bytes


def entity(number: int, *aliases: str, **fields: object) -> Entity:
    listing = Listing("us_csl", "us.el", f"Ex Ample {number}", start=date(2019, 10, 9))
    names = (Name(f"Ex Ample {number}", NameKind.PRIMARY), *(Name(alias) for alias in aliases))
    return replace(Entity(f"us.el-{number}", Schema.COMPANY, names, (listing,)), **fields)


def test_added_removed_changed_and_the_rest() -> None:
    before = [entity(1), entity(2), entity(3)]
    after = [entity(2), entity(3, "Another Name"), entity(4)]
    found = delta(before, after)
    assert [e.id for e in found.added] == ["us.el-4"]
    assert [e.id for e in found.removed] == ["us.el-1"]
    assert [change.id for change in found.changed] == ["us.el-3"]
    assert found.counts() == {"added": 1, "removed": 1, "changed": 1, "unchanged": 1}
    assert [e.id for e in found.touched] == ["us.el-4", "us.el-1", "us.el-3", "us.el-3"]
    assert found.touched[2:] == (before[2], after[1])


def test_a_field_is_told_with_what_is_gone_and_what_is_new() -> None:
    before = entity(1, "Old Name", remarks="one", addresses=(Address("1 Road", "CN"), Address("2 Road", "CN")))
    after = entity(1, "New Name", remarks="two", addresses=(Address("2 Road", "CN"),))
    (change,) = delta([before], [after]).changed
    assert [field.to_plain() for field in change.fields] == [
        {
            "field": "names",
            "gone": [{"text": "Old Name", "kind": "alias"}],
            "new": [{"text": "New Name", "kind": "alias"}],
        },
        {"field": "addresses", "gone": [{"text": "1 Road", "country": "CN"}], "new": []},
        {"field": "remarks", "gone": ["one"], "new": ["two"]},
    ]


def test_a_listing_that_ends_is_a_changed_listing() -> None:
    before = entity(1)
    after = replace(before, listings=(replace(before.listings[0], end=date(2026, 1, 1)),))
    (change,) = delta([before], [after]).changed
    assert [field.field for field in change.fields] == ["listings"]
    assert change.fields[0].new[0]["end"] == "2026-01-01"
    assert "end" not in change.fields[0].gone[0]


def test_order_makes_no_difference_but_number_does() -> None:
    before = entity(1, "A Name", "B Name")
    after = replace(before, names=(before.names[0], *reversed(before.names[1:])))
    assert not delta([before], [after])
    twice = replace(before, names=(*before.names, before.names[1]))
    (change,) = delta([before], [twice]).changed
    assert len(change.fields[0].new) == 1


def test_an_id_that_stands_twice_counts_twice() -> None:
    found = delta([entity(1), entity(1, "X Name")], [entity(1)])
    assert found.counts() == {"added": 0, "removed": 1, "changed": 0, "unchanged": 1}


STATES = st.dictionaries(st.integers(0, 12), st.sets(st.sampled_from("ABCDE")), max_size=12).map(
    lambda state: [entity(number, *sorted(aliases)) for number, aliases in sorted(state.items())]
)


@given(STATES, STATES, st.randoms(use_true_random=False))
def test_the_difference_leads_from_one_state_to_the_other(
    before: list[Entity], after: list[Entity], chance: random.Random
) -> None:
    shuffled = [*after]
    chance.shuffle(shuffled)
    found = delta(before, shuffled)
    made = {e.id: e for e in before}
    for gone in found.removed:
        del made[gone.id]
    made |= {e.id: e for e in found.added} | {change.id: change.after for change in found.changed}
    assert made == {e.id: e for e in after}
    back = delta(after, before)
    assert (back.added, back.removed) == (found.removed, found.added)
    assert bool(found) == (made != {e.id: e for e in before})
    for change in found.changed:
        assert all(field.gone or field.new for field in change.fields)


def test_the_starter_list_with_an_entry_taken_away_and_one_rewritten() -> None:
    whole = parse("starter", starter_bytes(), "entities.yml").entities
    assert not delta(whole, whole)
    later = [*whole[1:-1], replace(whole[-1], remarks="amended")]
    found = delta(whole, later)
    assert found.counts() == {"added": 0, "removed": 1, "changed": 1, "unchanged": 26}
    assert entity_to_plain(found.removed[0]) == entity_to_plain(whole[0])


@pytest.mark.bigdata
@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "folder", "earlier", "later"),
    [("un", "un", "2025-04-19", "2026-02-27"), ("us_bis_dpl", "us_bis_dpl", "2019-06", "2022-09")],
)
def test_two_dated_official_files(big_data: Path, source: str, folder: str, earlier: str, later: str) -> None:
    ids = [known for known in catalogue() if known == source or known.startswith(f"{source}_")]
    if not ids:
        pytest.skip(f"the source {source} is not in the catalogue yet")
    states = []
    for day in (earlier, later):
        (path,) = (p for p in sorted((big_data / "lists" / folder / day).iterdir()) if p.suffix != ".md")
        states.append(parse(ids[0], path.read_bytes(), path.name).entities)
    before, after = states
    found = delta(before, after)
    old, new = {e.id for e in before}, {e.id for e in after}
    assert {e.id for e in found.added} == new - old
    assert {e.id for e in found.removed} == old - new
    assert found.unchanged + len(found.changed) == len(old & new)
    assert found.added
    assert found.removed
    # The publisher's own numbers stay: most entries of a list outlive a year and more.
    assert len(old & new) > len(old) / 2
