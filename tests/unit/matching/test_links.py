"""Entries of different lists that share an official number: linked, never merged."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.matching import Index, IndexedList
from stopship.matching.links import all_links, is_official, links_of
from stopship.model import Entity, Identifier, Listing, Name, NameKind, Schema

DAY = date(2026, 8, 1)


def entity(
    key: str, program: str, *identifiers: Identifier, schema: Schema = Schema.COMPANY, source: str = ""
) -> Entity:
    listing = Listing(source or program, program, key)
    return Entity(key, schema, (Name(key, NameKind.PRIMARY),), (listing,), identifiers=identifiers)


def index(*entities: Entity) -> Index:
    lists: dict[str, list[Entity]] = {}
    for one in entities:
        lists.setdefault(one.listings[0].source, []).append(one)
    return Index.build(
        [(IndexedList(s, f"sha256:{s}", DAY, None, len(e), 7, "official"), e) for s, e in lists.items()]
    )


@pytest.mark.parametrize(
    ("left", "right", "linked"),
    [
        (Identifier("imo", "9074729"), Identifier("vessel_registration", "IMO 9074729"), True),
        (Identifier("imo", "9074728"), Identifier("imo", "9074728"), False),  # its check digit is wrong
        (Identifier("lei", "5493001KJTIIGC8Y1R12"), Identifier("lei", "5493001kjtiigc8y1r12"), True),
        (Identifier("lei", "5493001"), Identifier("lei", "5493001"), False),
        (Identifier("inn", "7700000016", "RU"), Identifier("tax_id", "7700000016", "RU"), True),
        (Identifier("inn", "7700000016", "RU"), Identifier("tax_id", "7700000016", "KZ"), False),
        (Identifier("inn", "7700000016", "RU"), Identifier("tax_id", "7700000016"), False),
        (
            Identifier("registration_number", "12345", "DE"),
            Identifier("registration_number", "12345", "DE"),
            False,
        ),
        (
            Identifier("registration_number", "0000000", "DE"),
            Identifier("registration_number", "0000000", "DE"),
            False,
        ),
        (Identifier("passport", "X0000016", "SY"), Identifier("passport", "x 0000016", "SY"), True),
        (Identifier("passport", "X0000016", "SY"), Identifier("passport", "X0000016", "IQ"), False),
        (Identifier("phone", "+7 495 123 45 67", "RU"), Identifier("phone", "+7 495 123 45 67", "RU"), False),
    ],
)
def test_which_numbers_link(left: Identifier, right: Identifier, linked: bool) -> None:
    held = index(entity("a", "us.sdn", left), entity("b", "un.sc", right))
    found = [(one, other) for one, other, _ in all_links(held)]
    assert found == ([("a", "b")] if linked else [])
    assert bool(links_of(held, held.entity_number(1))) is linked


def test_linking_changes_no_entry() -> None:
    number = Identifier("inn", "7700000016", "RU")
    one, other = entity("a", "us.sdn", number), entity("b", "eu.fsf", number)
    held = index(one, other)
    assert [list(held.entities())] == [[one, other]]
    (link,) = links_of(held, one)
    assert (link.entity, link.source) == (other, "eu.fsf")
    assert link.evidence.text == "Also listed under eu.fsf as b (b, eu.fsf): the same inn, 7700000016, RU"
    assert link.evidence.weight == 0.0


def test_two_entries_of_one_list_are_left_apart_and_one_entry_of_two_sources_is_no_link() -> None:
    number = Identifier("inn", "7700000016", "RU")
    twins = index(entity("a", "us.sdn", number), entity("b", "us.sdn", number))
    assert list(all_links(twins)) == []
    same = index(
        entity("a", "us.sdn", number, source="us_csl"), entity("a", "us.sdn", number, source="us_ofac_sdn")
    )
    assert list(all_links(same)) == []
    route = index(entity("a", "us.sdn", number, source="us_csl"), entity("b", "us.sdn", number, source="ftm"))
    assert len(list(all_links(route))) == 1


def test_a_person_and_a_ship_are_never_one() -> None:
    number = Identifier("registration_number", "1234567", "IR")
    for schema, linked in ((Schema.PERSON, False), (Schema.VESSEL, False), (Schema.ORGANIZATION, True)):
        held = index(entity("a", "us.sdn", number), entity("b", "un.sc", number, schema=schema))
        assert bool(list(all_links(held))) is linked
    vague = index(
        entity("a", "us.sdn", number, schema=Schema.PERSON),
        entity("b", "un.sc", number, schema=Schema.LEGAL_ENTITY),
    )
    assert len(list(all_links(vague))) == 1


def test_a_number_that_many_share_is_none_of_one_party() -> None:
    number = Identifier("tax_id", "1234567", "IR")
    many = [entity(f"e{n}", f"custom.l{n}", number) for n in range(22)]
    held = index(entity("a", "us.sdn", number), *many)
    assert links_of(held, held.entity_number(0)) == ()
    assert is_official(number)


@pytest.mark.parametrize(
    ("left", "right", "linked"),
    [
        ("us.sdn-17015", "us.ssi-18291", False),  # a bank and its owner, with one tax number
        ("us.sdn-17015", "us.ssi-17015", True),
        ("us.sdn-26796", "us.sdn-26797", False),
        ("us.sdn-26796", "NK-26797", True),  # as somebody else numbers them
        ("us.sdn-26796", "eu.fsf-EU.1.2", True),
        ("eu.fsf-EU.1.1", "eu.fsf-EU.1.2", False),
    ],
)
def test_numbers_of_one_publisher_are_told_apart_whoever_prints_them(left: str, right: str, linked: bool) -> None:
    """OFAC's lists come from OFAC and from Commerce: one number is one party there, another is another."""
    number = Identifier("tax_id", "7750004150", "RU")
    programs = [key.rpartition("-")[0] if "." in key else "us.sdn" for key in (left, right)]
    held = index(
        entity(left, programs[0], number, source="us_csl"),
        entity(right, programs[1], number, source="us_ofac_sdn"),
    )
    assert bool(list(all_links(held))) is linked
