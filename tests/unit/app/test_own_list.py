"""A list of one's own: the same reader of FollowTheMoney as the imported list, and lines that others write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from stopship.app.own_list import read_own_list
from stopship.model import Entity
from stopship.model.values import NameKind, Schema
from stopship.sources.catalogue import parse

FTM = Path(__file__).parents[2] / "sources" / "ftm"


def entities(path: Path, *records: dict[str, Any]) -> tuple[dict[str, Entity], list[str]]:
    file = path / "mine.jsonl"
    file.write_bytes(b"\n".join(map(orjson.dumps, records)))
    index, rejects = read_own_list(file)
    found = [index.entity_number(number) for number in range(len(index))]
    return {entity.id: entity for entity in found}, rejects


def party(key: object = "p-1", **properties: object) -> dict[str, Any]:
    return {"id": key, "schema": "Person", "properties": {"name": ["Erika Mustermann"], **properties}}


@pytest.mark.parametrize("name", ["targets.nested.json", "entities.ftm.json"])
def test_parties_are_those_of_the_imported_list(name: str) -> None:
    index, _rejects = read_own_list(FTM / name)
    own = {entity.id: entity for entity in (index.entity_number(n) for n in range(len(index)))}
    imported = {entity.id: entity for entity in parse("ftm", (FTM / name).read_bytes(), name).entities}
    assert imported and set(imported) <= set(own)
    for key, entity in imported.items():
        ours = own[key]
        assert {n.text for n in entity.names} <= {n.text for n in ours.names}
        assert (ours.schema, ours.countries, ours.identifiers) == (
            entity.schema,
            entity.countries,
            entity.identifiers,
        )
        assert (ours.addresses, ours.birth_dates) == (entity.addresses, entity.birth_dates)
        assert len(ours.listings) == 1 and ours.listings[0].program.startswith("custom.")


def test_what_belongs_to_a_party_is_read_with_it(tmp_path: Path) -> None:
    passport = {
        "id": "x",
        "schema": "Passport",
        "properties": {"holder": ["p-1"], "number": ["X1"], "country": ["de"]},
    }
    sanction = {"id": "s", "schema": "Sanction", "properties": {"entity": ["p-1"], "program": ["Red"]}}
    found, rejects = entities(tmp_path, passport, party(), sanction)
    assert rejects == [] and list(found) == ["p-1"]
    assert [(i.type, i.value, i.country) for i in found["p-1"].identifiers] == [("passport", "X1", "DE")]
    (listing,) = found["p-1"].listings
    assert (listing.source, listing.program) == ("mine", "custom.mine")


def test_lines_of_other_programs_are_taken(tmp_path: Path) -> None:
    found, rejects = entities(
        tmp_path,
        {"id": 17, "caption": "Only A Caption", "properties": {"weakAlias": ["OAC"]}, "datasets": "red"},
        party(target=[]) | {"target": False},
        party("p-2") | {"schema": "Sofa"},
        party("p-1"),
        party("p-3", name=[]),
        {"id": "flat", "name": "Flat Ltd", "schema": "Company"},
        {"id": "f", "properties": {"name": [["deep"]]}},
    )
    assert [(n.text, n.kind) for n in found["17"].names] == [
        ("Only A Caption", NameKind.PRIMARY),
        ("OAC", NameKind.WEAK_ALIAS),
    ]
    assert found["17"].listings[0].program == "custom.red"
    assert found["p-2"].schema is Schema.LEGAL_ENTITY and found["flat"].schema is Schema.COMPANY
    assert set(found) == {"17", "p-1", "p-2", "flat"}
    assert [line.partition(":")[0] for line in rejects] == ["line 4", "line 5", "line 7"]
    assert "stands twice" in rejects[0] and "no name" in rejects[1]
