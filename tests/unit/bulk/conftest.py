"""A small list: a company with an address, a person with a date of birth, a vessel."""

from __future__ import annotations

from pathlib import Path

import pytest

from stopship.matching import Index, IndexedList
from stopship.model.entity import Address, Entity, Name
from stopship.model.listing import Listing
from stopship.model.values import NameKind, PartialDate, Schema


def entity(key: str, schema: Schema, *names: str, **more: object) -> Entity:
    primary, *aliases = names
    return Entity(
        id=key,
        schema=schema,
        names=(Name(primary, NameKind.PRIMARY), *(Name(a, NameKind.ALIAS) for a in aliases)),
        listings=(Listing(source="test", program="custom.test", name=primary),),
        **more,  # type: ignore[arg-type]
    )


ENTITIES = (
    entity(
        "t-1",
        Schema.COMPANY,
        "Fiktiv Optics Research Institute",
        "FORI",
        countries=("CN",),
        addresses=(Address("12 Jianshe Road, Chengdu 610051", "CN"),),
    ),
    entity("t-2", Schema.PERSON, "Erika Mustermann", birth_dates=(PartialDate.parse("1965-10"),)),
    entity("t-3", Schema.VESSEL, "Nordwind Fiktiv", "IMO 9187629"),
)


@pytest.fixture(scope="session")
def index() -> Index:
    listed = IndexedList("test", "sha256:00", None, None, len(ENTITIES), None, "custom")
    return Index.build([(listed, ENTITIES)])


@pytest.fixture(scope="session")
def index_path(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index")
    index.write(path)
    return path
