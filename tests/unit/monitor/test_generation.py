"""What has changed between two states of the lists, as entities and as words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stopship.errors import PortfolioError
from stopship.matching import Index, IndexedList
from stopship.matching.weights import FAMILY
from stopship.model.entity import Entity, Name
from stopship.model.listing import Listing
from stopship.model.values import NameKind, Schema
from stopship.monitor import Generation, change_between, generation_of


def entity(number: int, name: str, source: str = "us_csl") -> Entity:
    listing = Listing(source=source, program="us.el", name=name)
    return Entity(f"us.el-{number}", Schema.COMPANY, (Name(name, NameKind.PRIMARY),), listings=(listing,))


def index_of(*entities: Entity, source: str = "us_csl", snapshot: str = "1") -> Index:
    listed = IndexedList(source, f"sha256:{snapshot}", None, None, len(entities), None, "official")
    return Index.build([(listed, entities)])


ORLAN, KESTREL, VOSTOK = entity(1, "Orlan Almaz"), entity(2, "Kestrel Almaz"), entity(3, "Vostok Tianhe")


def test_the_same_entities_in_another_order_and_snapshot_are_no_change() -> None:
    before = generation_of(index_of(ORLAN, KESTREL, VOSTOK))
    change = change_between(before, index_of(VOSTOK, ORLAN, KESTREL, snapshot="2"))
    assert change.nothing
    assert change.ids == 0


def test_a_new_entity_and_those_whose_words_it_makes_common() -> None:
    rare, second = entity(1, "Qyzvan Almaz"), entity(2, "Kestrel Qyzvan Almaz")
    index = index_of(rare, VOSTOK, second)
    change = change_between(generation_of(index_of(rare, VOSTOK)), index)
    assert change.entities == (2,)
    assert change.weighed == (0,)  # it shares Qyzvan
    assert change.words == {"kestrel", "qyzvan"}  # how many say Almaz adds nothing to what its letters say
    assert (change.removed, change.ids) == (0, 1)
    assert change.touched(index) == [rare, second]


def test_an_altered_entity_counts_once_and_a_removed_one_too() -> None:
    altered = replace(ORLAN, listings=(replace(ORLAN.listings[0], citation="84 FR 54002"),))
    change = change_between(generation_of(index_of(ORLAN, KESTREL, VOSTOK)), index_of(altered, KESTREL))
    assert change.entities == (0,)
    assert (change.removed, change.ids) == (2, 2)
    assert change.words == {"vostok", "tianhe"}
    assert change.weighed == ()


def test_an_entity_that_stands_twice_and_then_once_is_a_change() -> None:
    change = change_between(generation_of(index_of(ORLAN, ORLAN)), index_of(ORLAN))
    assert (change.entities, change.removed, change.ids) == ((), 1, 1)


def test_the_same_entity_from_another_source_is_a_change() -> None:
    change = change_between(generation_of(index_of(ORLAN)), index_of(ORLAN, source="us_bis"))
    assert change.entities == (0,)


def test_words_of_large_families_weigh_the_same_however_many_there_are() -> None:
    family = [entity(n, f"Orlan Branch{n}") for n in range(FAMILY + 2)]
    change = change_between(generation_of(index_of(*family)), index_of(*family, entity(900, "Orlan Kestrel")))
    assert "orlan" not in change.words


def test_a_generation_is_kept_in_a_file(tmp_path: Path) -> None:
    before = generation_of(index_of(ORLAN, KESTREL, KESTREL))
    path = tmp_path / "generation.json"
    before.write(path)
    assert Generation.read(path) == before
    for damaged in (b"", b"{}", path.read_bytes()[:-5], b'{"format": 99}'):
        path.write_bytes(damaged)
        with pytest.raises(PortfolioError, match="missing or damaged"):
            Generation.read(path)
