"""Records are frozen, survive storage, and have no field for special-category attributes."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship import model
from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, PartialDate, Schema
from stopship.model.serialize import entity_from_plain, entity_to_plain

RECORDS = [getattr(model, n) for n in model.__all__ if dataclasses.is_dataclass(getattr(model, n))]
FORBIDDEN = (
    "ethnic",
    "race",
    "racial",
    "relig",
    "politic",
    "health",
    "biometr",
    "gender",
    "sex",
    "union",
    "belief",
)


@pytest.mark.parametrize("record", RECORDS)
def test_no_record_has_a_field_for_special_categories(record: type) -> None:
    for field in dataclasses.fields(record):
        assert not any(word in field.name.lower() for word in FORBIDDEN), field.name


@pytest.mark.parametrize("record", RECORDS)
def test_records_are_frozen_and_slotted(record: type) -> None:
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(record)


words = st.text(min_size=1, max_size=30)


@given(words, words, st.sampled_from(NameKind), st.dates(date(1900, 1, 1)), st.booleans() | st.none())
def test_entities_survive_storage(name: str, alias: str, kind: NameKind, day: date, order: bool | None) -> None:
    entity = Entity(
        id="us.el-1",
        schema=Schema.COMPANY,
        names=(Name(name, NameKind.PRIMARY), Name(alias, kind, "zh")),
        listings=(Listing("us_csl", "us.el", name, start=day, tags=("A", "B"), standard_order=order),),
        countries=("CN",),
        addresses=(Address(alias, "CN"), Address(name)),
        identifiers=(Identifier("lei", "X", None),),
        birth_dates=(PartialDate(day, day),),
        remarks=alias,
    )
    assert entity_from_plain(entity_to_plain(entity)) == entity
