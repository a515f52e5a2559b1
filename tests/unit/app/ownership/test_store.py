"""Ownership data in a home: what a file is, replaced at once or not at all, several data sets as one graph."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.unit.ownership.test_gleif import LEI_RECORD, record, relations

from stopship.app.ownership.files import format_of
from stopship.app.ownership.store import OwnershipStore
from stopship.errors import OwnershipFileError, OwnershipStateError, SettingsError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHILD, PARENT = "097900BEJX0000001852", "315700FA4G1UK2XEQF20"
RR = (
    "Relationship.StartNode.NodeID,Relationship.StartNode.NodeIDType,Relationship.EndNode.NodeID,"
    "Relationship.EndNode.NodeIDType,Relationship.RelationshipType,Relationship.RelationshipStatus,"
    "Registration.RegistrationStatus\n"
    f"{CHILD},LEI,{PARENT},LEI,IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE,PUBLISHED\n"
)
LEI2 = f"LEI,Entity.LegalName,Entity.LegalAddress.Country\n{PARENT},Parent AG,CH\n5493001KJTIIGC8Y1R12,Nobody,US\n"
FTM = [
    {"id": "a", "schema": "Company", "properties": {"name": ["Alpha"], "leiCode": [PARENT]}},
    {"id": "p", "schema": "Person", "properties": {"name": ["Erika Mustermann"]}},
    {"id": "o", "schema": "Ownership", "properties": {"owner": ["p"], "asset": ["a"], "percentage": ["60"]}},
]


@pytest.fixture
def store(tmp_path: Path) -> OwnershipStore:
    return OwnershipStore(tmp_path / "home" / "ownership")


def write(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def ftm(path: Path, entities: Any = FTM) -> Path:
    return write(path, "\n".join(json.dumps(e) for e in entities))


def take(store: OwnershipStore, *paths: Path, name: str | None = None, **more: Any) -> Any:
    return store.import_files(paths, name=name, format_=more.pop("format_", None), now=NOW, **more)


def test_nothing_there(store: OwnershipStore) -> None:
    assert (store.graph(), store.all(), store.key()) == (None, [], "")
    assert not store.root.exists()


@pytest.mark.parametrize("first", ["rr", "lei"])
def test_relationships_with_their_names_in_any_order_and_packing(
    store: OwnershipStore, tmp_path: Path, first: str
) -> None:
    rr = write(tmp_path / "rr.csv.gz", gzip.compress(RR.encode(), mtime=0))
    lei = tmp_path / "lei2.zip"
    with zipfile.ZipFile(lei, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lei2-golden-copy.csv", LEI2)
    done = take(store, *((rr, lei) if first == "rr" else (lei, rr)))
    assert done.data_set.name == "gleif"
    graph = store.graph()
    assert graph is not None
    assert (graph.holders, graph.stakes, graph.nameless) == (2, 1, 1)
    at = graph.number_of(f"lei:{PARENT}")
    assert at is not None
    assert graph.holder(at).names == ("Parent AG",)
    names = next(f for f in done.files if f.report.passed)
    assert names.report.passed == {"legal entities without a relationship": 1}


def test_xml_with_its_names(store: OwnershipStore, tmp_path: Path) -> None:
    rr = write(tmp_path / "rr.xml", relations(record()))
    names = write(tmp_path / "lei.xml", LEI_RECORD)
    take(store, names, rr)
    graph = store.graph()
    assert graph is not None
    at = graph.number_of(f"lei:{CHILD}")
    assert at is not None
    assert graph.holder(at).names == ("Príklad s.r.o.", "Example")
    assert [stake.owner for _basis, stake in graph.stakes_in(at)] == [f"lei:{PARENT}"]


def test_formats_are_told_from_the_content(tmp_path: Path) -> None:
    assert format_of(write(tmp_path / "a", RR)) == "gleif"
    assert format_of(write(tmp_path / "b", '<?xml version="1.0"?><x/>')) == "gleif"
    assert format_of(write(tmp_path / "c", '\ufeff[{"recordType": "entity"}]')) == "bods"
    assert format_of(ftm(tmp_path / "d")) == "ftm"
    for unknown in ("a,b\n1,2\n", '{"a": 1}', "%PDF-"):
        with pytest.raises(OwnershipFileError, match="--format"):
            format_of(write(tmp_path / "e", unknown))


def test_several_data_sets_are_one_graph_and_meet_in_an_lei(store: OwnershipStore, tmp_path: Path) -> None:
    take(store, write(tmp_path / "rr.csv", RR))
    alone = store.graph()
    take(store, ftm(tmp_path / "x.jsonl"), name="mine")
    both = store.graph()
    assert alone is not None
    assert both is not None
    assert both.content_hash != alone.content_hash
    at = both.number_of(f"lei:{PARENT}")
    assert at is not None
    assert [stake.owner for _basis, stake in both.stakes_in(at)] == ["mine:p"]
    assert both.holder(at).names == ("Alpha",)
    again = OwnershipStore(store.root).graph()
    assert again == both
    # The other way round it is the same graph.
    other = OwnershipStore(tmp_path / "other")
    take(other, ftm(tmp_path / "x.jsonl"), name="mine")
    take(other, write(tmp_path / "rr.csv", RR))
    assert other.graph() == both
    assert store.by_hash(both.content_hash) == both
    assert store.by_hash(alone.content_hash) == alone
    assert store.by_hash("sha256:" + "0" * 64) is None
    store.forget("mine")
    assert store.graph() == alone
    with pytest.raises(SettingsError, match="gleif"):
        store.forget("mine")


def test_a_file_that_can_t_be_read_leaves_what_is_in_use(store: OwnershipStore, tmp_path: Path) -> None:
    take(store, ftm(tmp_path / "x.jsonl"))
    before = store.key()
    for bad in ("[1, 2", "[]", LEI2, ""):
        with pytest.raises(OwnershipFileError):
            take(store, write(tmp_path / "bad", bad), name="ftm", format_="gleif" if bad == LEI2 else "ftm")
    with pytest.raises(OwnershipFileError, match="no such file"):
        take(store, tmp_path / "missing")
    with pytest.raises(SettingsError):
        take(store, ftm(tmp_path / "x.jsonl"), name="../x")
    assert store.key() == before


def test_far_fewer_stakes_than_before_need_to_be_accepted(store: OwnershipStore, tmp_path: Path) -> None:
    many = [
        *FTM,
        *({**FTM[2], "id": f"o{n}", "properties": {**FTM[2]["properties"], "owner": [f"q{n}"]}} for n in range(9)),
    ]
    take(store, ftm(tmp_path / "many", many))
    with pytest.raises(OwnershipFileError, match="1 stakes instead of 10"):
        take(store, ftm(tmp_path / "few"))
    assert take(store, ftm(tmp_path / "few"), accept=True).replaced is not None


def test_damage_is_noticed_and_mended_by_importing_again(store: OwnershipStore, tmp_path: Path) -> None:
    done = take(store, ftm(tmp_path / "x.jsonl"))
    graph = done.data_set.folder / "graph.own"
    graph.write_bytes(graph.read_bytes()[:-1])
    with pytest.raises(OwnershipStateError):
        store.graph()
    take(store, ftm(tmp_path / "x.jsonl"))
    assert store.graph() is not None
    (store.root / "ftm" / "current").write_text("nonsense")
    with pytest.raises(OwnershipStateError, match="ownership import"):
        store.graph()


def test_a_kill_while_writing_leaves_what_is_in_use(
    store: OwnershipStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(store, ftm(tmp_path / "x.jsonl"))
    before = store.graph()

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    for step in ("write", "move_folder", "replace_file"):
        with monkeypatch.context() as patch:
            patch.setattr(f"stopship.snapshots.files.{step}", killed)
            with pytest.raises(KeyboardInterrupt):
                take(
                    store,
                    ftm(
                        tmp_path / "y",
                        [*FTM, {**FTM[2], "id": "o2", "properties": {"owner": [step], "asset": ["a"]}}],
                    ),
                )
        assert OwnershipStore(store.root).graph() == before


def test_zip_archives_that_can_t_be_one_file(tmp_path: Path) -> None:
    two = tmp_path / "two.zip"
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a", RR)
        archive.writestr("b", RR)
    with pytest.raises(OwnershipFileError, match="2 files"):
        format_of(two)
    with pytest.raises(OwnershipFileError, match="damaged"):
        format_of(write(tmp_path / "cut.zip", two.read_bytes()[:40]))


def test_a_file_too_large_when_unpacked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: OwnershipStore
) -> None:
    monkeypatch.setattr("stopship.app.ownership.files.MAX_UNPACKED", 3 << 20)
    bomb = write(tmp_path / "x.jsonl.gz", gzip.compress((json.dumps(FTM[0]) + "\n").encode() * 100_000, mtime=0))
    with pytest.raises(OwnershipFileError, match="when unpacked"):
        take(store, bomb)
