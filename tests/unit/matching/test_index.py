"""Indexes: written and opened again, the same bytes for the same input, and every kind of damage noticed."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from stopship.errors import IndexFileError
from stopship.matching import Index, IndexedList, Matcher, Query, storage
from stopship.model.entity import Entity, Name
from stopship.model.values import NameKind, Schema

LISTED = IndexedList("made", "sha256:abc", None, None, 2, None, "custom")
ENTITIES = (
    Entity("a", Schema.COMPANY, (Name("Foobar Trading LLC", NameKind.PRIMARY),), countries=("CN",)),
    Entity("b", Schema.PERSON, (Name("QUX, Zed", NameKind.PRIMARY), Name("Zeddy", NameKind.WEAK_ALIAS))),
)


@pytest.fixture
def small() -> Index:
    return Index.build([(LISTED, ENTITIES)])


def test_an_opened_index_is_the_built_one(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path)
    opened = Index.open(tmp_path)
    assert opened.lists == small.lists == (LISTED,)
    assert opened.content_hash == small.content_hash
    assert opened.content_hash.startswith("sha256:")
    assert tuple(opened.entities()) == ENTITIES
    assert opened.entity("b") == ENTITIES[1]
    assert opened.entity("nobody") is None
    for name in ("Foobar Trading LLC", "Fobar", "Zed Qux", "Zeddy"):
        assert Matcher(opened).match(Query(name)) == Matcher(small).match(Query(name))


def test_the_same_input_gives_the_same_bytes(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path / "one")
    Index.build([(LISTED, ENTITIES)]).write(tmp_path / "two")
    files = [
        sorted((p.name, p.read_bytes()) for p in (tmp_path / d).iterdir() if p.name != "index.checked")
        for d in ("one", "two")
    ]
    assert files[0] == files[1]


def test_the_hash_tells_lists_and_limits_apart(small: Index) -> None:
    other = IndexedList("made", "sha256:abc", None, None, 2, 5, "custom")
    assert Index.build([(other, ENTITIES)]).content_hash != small.content_hash


def test_writing_again_replaces_and_leaves_nothing_behind(small: Index, tmp_path: Path) -> None:
    Index.build([(LISTED, ENTITIES[:1])]).write(tmp_path)
    small.write(tmp_path)
    assert len(list(tmp_path.glob("index-*.bin"))) == 1
    assert len(list(tmp_path.iterdir())) == 3  # with the header, and the note that the data was checked
    assert len(Index.open(tmp_path)) == 2


def test_data_that_was_checked_and_changed_since_is_checked_again(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path)
    Index.open(tmp_path)
    data = next(tmp_path.glob("index-*.bin"))
    raw = bytearray(data.read_bytes())
    raw[len(raw) // 2] ^= 1
    data.write_bytes(raw)
    with pytest.raises(IndexFileError, match="truncated or altered"):
        Index.open(tmp_path)


def test_a_note_that_is_no_note_is_no_proof(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path)
    (tmp_path / "index.checked").write_bytes(b"\xff\xfe")
    assert len(Index.open(tmp_path)) == 2


def test_opened_arrays_are_views_of_the_file(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path)
    vector = Index.open(tmp_path).vectors["token.rows"]
    assert not vector.flags.owndata
    assert not vector.flags.writeable


def test_a_kill_before_the_header_leaves_the_old_index(
    small: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Index.build([(LISTED, ENTITIES[:1])]).write(tmp_path)
    real = storage._replace

    def killed(path: Path, data: bytes) -> None:
        if path.name == "index.json":
            raise KeyboardInterrupt
        real(path, data)

    monkeypatch.setattr(storage, "_replace", killed)
    with pytest.raises(KeyboardInterrupt):
        small.write(tmp_path)
    assert len(Index.open(tmp_path)) == 1


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="no index"):
        Index.open(tmp_path / "nowhere")


def _data(directory: Path) -> Path:
    return next(directory.glob("index-*.bin"))


def test_truncated_data(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path)
    data = _data(tmp_path)
    data.write_bytes(data.read_bytes()[:-1])
    with pytest.raises(IndexFileError, match="truncated or altered"):
        Index.open(tmp_path)


@pytest.mark.parametrize("place", [0, 0.3, 0.7, 0.999])
def test_a_flipped_bit_in_the_data(small: Index, tmp_path: Path, place: float) -> None:
    small.write(tmp_path)
    data = _data(tmp_path)
    raw = bytearray(data.read_bytes())
    raw[int(place * len(raw))] ^= 1
    data.write_bytes(bytes(raw))
    with pytest.raises(IndexFileError, match="altered"):
        Index.open(tmp_path)


def test_missing_data(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path)
    _data(tmp_path).unlink()
    with pytest.raises(IndexFileError, match="missing"):
        Index.open(tmp_path)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'{"format": 1}', b"\xff\xfe"])
def test_a_damaged_header(small: Index, tmp_path: Path, raw: bytes) -> None:
    small.write(tmp_path)
    (tmp_path / "index.json").write_bytes(raw)
    with pytest.raises(IndexFileError, match="damaged"):
        Index.open(tmp_path)


def _edit(directory: Path, **changes: object) -> None:
    path = directory / "index.json"
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | changes))


def test_another_format_version(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path)
    _edit(tmp_path, format=99)
    with pytest.raises(IndexFileError, match="format 99"):
        Index.open(tmp_path)


def test_an_altered_header(small: Index, tmp_path: Path) -> None:
    small.write(tmp_path)
    _edit(tmp_path, meta={"lists": []})
    with pytest.raises(IndexFileError, match="header was altered"):
        Index.open(tmp_path)


def test_an_index_of_another_scorer(small: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small.write(tmp_path)
    monkeypatch.setattr("stopship.matching.index.SCORER_VERSION", "scorer-next")
    with pytest.raises(IndexFileError, match="scorer-next"):
        Index.open(tmp_path)


def test_a_name_without_any_printable_character_is_passed_over() -> None:
    entity = Entity("c", Schema.COMPANY, (Name("Quux", NameKind.PRIMARY), Name("\u200b", NameKind.ALIAS)))
    index = Index.build([(LISTED, [entity])])
    assert [m.entity.id for m in Matcher(index).match(Query("Quux"))] == ["c"]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    Index.build([]).write(tmp_path)
    assert Matcher(Index.open(tmp_path)).match(Query("Hikvision")) == ()
