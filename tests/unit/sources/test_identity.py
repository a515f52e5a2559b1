"""Entity ids: stable, unique, and the same for the same party."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model import Address, Entity, Listing, Name, NameKind, PartialDate, Schema
from stopship.sources.identity import RowEntity, assemble, contradict, entity_id, plain_name


def row(
    name: str,
    *,
    program: str = "us.el",
    number: str = "",
    country: str = "CN",
    schema: Schema = Schema.LEGAL_ENTITY,
    born: str = "",
    address: str = "",
    start: date | None = None,
    citation: str = "",
    aliases: tuple[str, ...] = (),
) -> RowEntity:
    entity = Entity(
        id="",
        schema=schema,
        names=(Name(name, NameKind.PRIMARY), *(Name(alias) for alias in aliases)),
        listings=(Listing("us_csl", program, name, start=start, citation=citation),),
        addresses=(Address(address, country),) if address else (),
        birth_dates=(PartialDate.parse(born),) if born else (),
    )
    return RowEntity(entity, number=number, country=country)


def test_the_publishers_number_makes_the_id() -> None:
    assert entity_id("us.sdn", number="36", name="ignored") == "us.sdn-36"
    assert [e.id for e in assemble([row("X", program="us.sdn", number="36")])] == ["us.sdn-36"]


def test_ids_without_a_number_are_fixed_for_good() -> None:
    """A change of the recipe would orphan every decision and suppression on record: this id may never change."""
    assert entity_id("us.el", name="Hangzhou Hikvision Digital Technology Co., Ltd.", country="CN") == (
        "us.el-4305502a2b41f5e2"
    )


def test_spelling_of_punctuation_case_and_accents_makes_no_difference() -> None:
    base = entity_id("us.el", name="Café Ltd", country="FR")
    for name in ("CAFE, LTD.", "café  ltd", "Cafe Ltd", "Café-Ltd"):
        assert entity_id("us.el", name=name, country="fr") == base
    assert entity_id("us.dpl", name="Café Ltd", country="FR").removeprefix("us.dpl") != base.removeprefix("us.el")
    assert entity_id("us.el", name="Café Ltd", country="BE") != base
    assert len(base.removeprefix("us.el-")) >= 12


def test_names_without_letters_still_differ() -> None:
    assert plain_name("海康威视") == "海康威视"
    assert plain_name("***") != plain_name("---")


def test_rows_of_one_party_become_one_entity_with_all_listings() -> None:
    first = row("Example Ltd", start=date(2019, 1, 1), address="1 Road", aliases=("Ex",))
    second = row("EXAMPLE, LTD.", start=date(2020, 1, 1), address="2 Road", aliases=("Ex", "Am"))
    (entity,) = assemble([second, first])
    assert [listing.name for listing in entity.listings] == ["Example Ltd", "EXAMPLE, LTD."]
    assert [(n.text, n.kind) for n in entity.names] == [
        ("Example Ltd", NameKind.PRIMARY),
        ("Ex", NameKind.ALIAS),
        ("EXAMPLE, LTD.", NameKind.ALIAS),
        ("Am", NameKind.ALIAS),
    ]
    assert [address.text for address in entity.addresses] == ["1 Road", "2 Road"]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (row("X", schema=Schema.PERSON), row("X", schema=Schema.COMPANY), True),
        (row("X", schema=Schema.PERSON), row("X"), False),
        (row("X", schema=Schema.COMPANY), row("X", schema=Schema.ORGANIZATION), False),
        (row("X", schema=Schema.VESSEL), row("X", schema=Schema.COMPANY), True),
        (row("X", born="1960"), row("X", born="1961-02-03"), True),
        (row("X", born="1960"), row("X", born="1960-02-03"), False),
        (row("X", born="1960"), row("X"), False),
        (row("A", schema=Schema.ADDRESS, address="1 Rd"), row("A", schema=Schema.ADDRESS, address="2 Rd"), True),
        (row("A", schema=Schema.ADDRESS, address="1 Rd."), row("A", schema=Schema.ADDRESS, address="1 RD"), False),
        (row("X", address="1 Rd"), row("X", address="2 Rd"), False),
    ],
)
def test_what_contradicts(left: RowEntity, right: RowEntity, expected: bool) -> None:
    assert contradict(left.entity, right.entity) is expected
    assert contradict(right.entity, left.entity) is expected


def test_contradicting_rows_are_told_apart_and_the_older_keeps_its_id() -> None:
    old = row("J Sample", born="1950", start=date(2001, 1, 1), schema=Schema.PERSON)
    new = row("J Sample", born="1980", start=date(2020, 1, 1), schema=Schema.PERSON)
    alone = assemble([old])[0].id
    both = {e.birth_dates[0].earliest.year: e.id for e in assemble([new, old])}
    assert both[1950] == alone == entity_id("us.el", name="J Sample", country="CN")
    assert both[1980] != alone
    third = row("J Sample", born="1990", start=date(2022, 1, 1), schema=Schema.PERSON)
    more = {e.birth_dates[0].earliest.year: e.id for e in assemble([third, new, old])}
    assert more[1980] == both[1980] and len(set(more.values())) == 3


_rows = st.lists(
    st.builds(
        row,
        st.sampled_from(["Example Ltd", "EXAMPLE LTD.", "Sample", "Sample Bureau"]),
        country=st.sampled_from(["CN", "HK", ""]),
        number=st.sampled_from(["", "", "7"]),
        schema=st.sampled_from([Schema.PERSON, Schema.COMPANY, Schema.LEGAL_ENTITY, Schema.ADDRESS]),
        born=st.sampled_from(["", "1950", "1980"]),
        address=st.sampled_from(["", "1 Road", "2 Road"]),
        start=st.sampled_from([None, date(2019, 1, 1), date(2020, 1, 1)]),
        citation=st.sampled_from(["", "84 FR 1", "85 FR 2"]),
    ),
    max_size=10,
)


@given(_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(rows: list[RowEntity], dice: random.Random) -> None:
    entities = assemble(rows)
    shuffled = list(rows)
    dice.shuffle(shuffled)
    assert assemble(shuffled) == entities
    assert len({entity.id for entity in entities}) == len(entities)
    assert sum(len(entity.listings) for entity in entities) == len(rows)


@given(_rows)
def test_aliases_make_no_difference_to_ids(rows: list[RowEntity]) -> None:
    def more(r: RowEntity) -> RowEntity:
        return replace(r, entity=replace(r.entity, names=(*r.entity.names, Name("Added"))))

    before, after = assemble(rows), assemble([more(r) for r in rows])
    assert [e.id for e in before] == [e.id for e in after]
    assert [e.listings for e in before] == [e.listings for e in after]
