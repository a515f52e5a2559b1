"""The archive: nothing is lost, nothing half-written is ever used, nothing altered goes unnoticed."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from stopship.errors import SettingsError, SnapshotError
from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, PartialDate, Schema
from stopship.snapshots import Archive, RejectLine, Snapshot, files

DAY = date(2026, 7, 31)
NOON = datetime(2026, 8, 2, 12, 0, tzinfo=UTC)


def entity(number: int = 1) -> Entity:
    return Entity(
        id=f"us.sdn-{number}",
        schema=Schema.PERSON,
        names=(Name("Ex Ample", NameKind.PRIMARY), Name("例子", NameKind.WEAK_ALIAS, "zh")),
        listings=(Listing("us_csl", "us.sdn", "Ex Ample", start=DAY, tags=("SDGT",), standard_order=False),),
        countries=("CN",),
        addresses=(Address("1 Sample Road", "CN"), Address("nowhere")),
        identifiers=(Identifier("passport", "1", "CN"),),
        birth_dates=(PartialDate.parse("circa 1952 to 1954"), PartialDate.parse("1965-02")),
    )


ENTITIES = (entity(1), entity(2))


def add(archive: Archive, raw: bytes = b"raw", source: str = "us_csl", **given: Any) -> Snapshot:
    values: dict[str, Any] = {
        "entities": ENTITIES,
        "rows": 3,
        "entries": 2,
        "rejects": [(3, "it has no name", "x")],
        "published": DAY,
        "retrieved": NOON,
        "parser": "0.1+1",
        "warnings": ("odd",),
        "unread": ("_id",),
        "filename": "list.csv",
    } | given
    how = {name: values.pop(name) for name in ("replace_parsed", "make_current") if name in values}
    return archive.keep(archive.prepare(source, raw, values.pop("entities"), **values), **how)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "home" / "snapshots")


def tree(archive: Archive) -> list[str]:
    return sorted(str(path.relative_to(archive.root)) for path in archive.root.rglob("*") if path.is_file())


def test_what_was_added_comes_back(archive: Archive) -> None:
    snapshot = add(archive)
    assert archive.current("us_csl") == snapshot
    assert archive.all() == (snapshot,) and archive.all("us_csl") == (snapshot,)
    assert tuple(archive.entities(snapshot)) == ENTITIES
    assert archive.raw(snapshot) == b"raw"
    assert archive.rejects(snapshot) == (RejectLine(3, "it has no name", "x"),)
    assert (snapshot.rows, snapshot.entries, snapshot.rejects, snapshot.entities) == (3, 2, 1, 2)
    assert snapshot.id == f"sha256:{snapshot.sha256}" and snapshot.dated == DAY
    assert archive.problems() == () and archive.sources() == ("us_csl",)


def test_nothing_kept_is_nothing_not_an_error(archive: Archive) -> None:
    assert archive.current("us_csl") is None
    assert archive.for_date("us_csl", DAY) is None
    assert archive.all() == () and archive.problems() == () and archive.sources() == ()
    assert not archive.root.exists()


def test_gzipped_and_plain_are_the_same_snapshot(archive: Archive) -> None:
    plain = add(archive, b"raw")
    packed = add(archive, gzip.compress(b"raw", mtime=0))
    assert packed.sha256 == plain.sha256
    assert archive.raw(packed) == b"raw"
    assert len(archive.all()) == 1
    broken = add(archive, b"\x1f\x8bnot gzip at all")
    assert archive.raw(broken) == b"\x1f\x8bnot gzip at all"


def test_the_same_bytes_give_the_same_files(tmp_path: Path) -> None:
    one, two = Archive(tmp_path / "one"), Archive(tmp_path / "two")
    add(one), add(two)
    assert tree(one) == tree(two)
    assert all((one.root / name).read_bytes() == (two.root / name).read_bytes() for name in tree(one))


def test_importing_again_is_idempotent(archive: Archive) -> None:
    first = add(archive, published=None)
    before = tree(archive)
    assert add(archive, published=None) == first
    assert tree(archive) == before
    later = add(archive, published=None, retrieved=NOON + timedelta(days=3))
    assert (later.first_retrieved, later.retrieved) == (NOON, NOON + timedelta(days=3))
    assert later.dated == NOON.date(), "the content stands for the day on which it came in first"
    known = add(archive, published=DAY, retrieved=NOON)
    assert known.published == DAY and known.retrieved == NOON + timedelta(days=3)
    assert add(archive, published=None).published == DAY, "a day once known is not forgotten"
    assert archive.all() == (archive.current("us_csl"),)
    assert tree(archive) == before


def test_times_are_kept_in_utc(archive: Archive) -> None:
    there = timezone(timedelta(hours=8))
    snapshot = add(archive, retrieved=datetime(2026, 8, 3, 1, 0, 0, 5, tzinfo=there))
    assert snapshot.retrieved == datetime(2026, 8, 2, 17, 0, tzinfo=UTC)
    assert add(archive, b"day", retrieved=date(2026, 8, 3)).retrieved == datetime(2026, 8, 3, tzinfo=UTC)


def test_a_newer_reader_replaces_the_entities(archive: Archive) -> None:
    old = add(archive)
    kept = add(archive, entities=[entity(9)])
    assert tuple(archive.entities(kept)) == ENTITIES, "the same reader on the same bytes: what is kept stays"
    new = add(archive, entities=[entity(9)], parser="0.1+2", rejects=())
    assert new.sha256 == old.sha256
    assert tuple(archive.entities(new)) == (entity(9),)
    assert archive.rejects(new) == () and new.parser == "0.1+2"
    assert len(tree(archive)) == 5, "the old entities and rejects are gone"
    forced = add(archive, entities=ENTITIES, parser="0.1+2", replace_parsed=True)
    assert tuple(archive.entities(forced)) == ENTITIES
    assert archive.problems() == ()


def test_an_old_list_does_not_turn_back_the_clock(archive: Archive) -> None:
    new = add(archive, b"new", published=date(2026, 7, 31))
    old = add(archive, b"old", published=date(2025, 1, 1), retrieved=NOON + timedelta(days=1))
    assert archive.current("us_csl") == new
    assert archive.for_date("us_csl", date(2025, 6, 1)) == old
    add(archive, b"old", published=date(2025, 1, 1), make_current=True)
    assert archive.current("us_csl").sha256 == old.sha256  # type: ignore[union-attr]
    newest = add(archive, b"newest", published=date(2026, 8, 1), make_current=False)
    assert archive.current("us_csl") != newest


def test_lists_as_of_a_date(archive: Archive) -> None:
    first = add(archive, b"1", published=date(2025, 1, 10))
    second = add(archive, b"2", published=None, retrieved=datetime(2025, 6, 1, tzinfo=UTC))
    third = add(archive, b"3", published=date(2026, 7, 31))
    for day, expected in (
        (date(2019, 10, 9), first),  # none is that old: the earliest, to be cut by the dates of its listings
        (date(2025, 1, 9), first),
        (date(2025, 1, 10), first),
        (date(2025, 5, 31), first),
        (date(2025, 6, 1), second),
        (date(2026, 7, 30), second),
        (date(2026, 7, 31), third),
        (date(2030, 1, 1), third),
    ):
        assert archive.for_date("us_csl", day) == expected
    assert archive.all("us_csl") == (first, second, third)
    assert archive.for_date("us_csl", date(2019, 1, 1)).dated > date(2019, 1, 1)  # type: ignore[union-attr]


def test_sources_are_apart(archive: Archive) -> None:
    add(archive, source="us_csl")
    other = add(archive, source="starter")
    assert archive.sources() == ("starter", "us_csl")
    assert archive.all("starter") == (other,)


@pytest.mark.parametrize("source", ["", "../x", "a/b", "A", ".tmp-x", "x.", "a\\b", "x" * 65])
def test_an_id_that_is_no_folder_name_is_refused(archive: Archive, source: str) -> None:
    with pytest.raises(SettingsError):
        add(archive, source=source)


def _one(archive: Archive, pattern: str) -> Path:
    (path,) = archive.root.rglob(pattern)
    return path


def _altered_entities(archive: Archive) -> None:
    path = _one(archive, "entities-*")
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"Ex Ample", b"Ex Umple"), mtime=0))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda a: _one(a, "entities-*").unlink(), "the file with its entities is missing"),
        (lambda a: _one(a, "entities-*").write_bytes(_one(a, "entities-*").read_bytes()[:-9]), "truncated or was"),
        (lambda a: _one(a, "entities-*").write_bytes(b""), "its entities were altered"),
        (_altered_entities, "its entities were altered"),
    ],
)
def test_damaged_entities_are_noticed_before_the_first_is_used(
    archive: Archive, harm: Callable[[Archive], Any], says: str
) -> None:
    snapshot = add(archive)
    harm(archive)
    with pytest.raises(SnapshotError) as caught:
        archive.entities(snapshot)
    text = str(caught.value)
    assert says in text and "stopship lists import us_csl" in text and "\n" not in text
    assert archive.problems() == (text,)
    healed = add(archive)
    assert tuple(archive.entities(healed)) == ENTITIES and archive.problems() == ()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format": 1', b'{"format": 99}'])
def test_a_damaged_meta_file_is_an_error_not_a_gap(archive: Archive, content: bytes) -> None:
    add(archive)
    _one(archive, "meta.json").write_bytes(content)
    for call in (
        lambda: archive.current("us_csl"),
        lambda: archive.all(),
        lambda: archive.for_date("us_csl", DAY),
    ):
        with pytest.raises(SnapshotError, match=r"meta\.json is truncated or was altered"):
            call()
    assert len(archive.problems()) == 1
    add(archive)
    assert archive.problems() == () and tuple(archive.entities(archive.all()[0])) == ENTITIES


def test_other_damage(archive: Archive) -> None:
    snapshot = add(archive)
    _one(archive, "raw.gz").write_bytes(gzip.compress(b"something else", mtime=0))
    with pytest.raises(SnapshotError, match="the published bytes were altered"):
        archive.raw(snapshot)
    _one(archive, "rejects-*").write_bytes(b"{}\n")
    with pytest.raises(SnapshotError, match="its rejects are missing or were altered"):
        archive.rejects(snapshot)
    meta = _one(archive, "meta.json")
    meta.write_bytes(meta.read_bytes().replace(snapshot.entities_name.encode(), b"../../outside"))
    with pytest.raises(SnapshotError, match="altered"):
        archive.all()
    (archive.root / "us_csl" / "current").write_text("nonsense", encoding="utf-8")
    with pytest.raises(SnapshotError, match="the file current of us_csl was altered"):
        archive.current("us_csl")
    (archive.root / "us_csl" / "current").write_text("0" * 64, encoding="utf-8")
    with pytest.raises(SnapshotError, match="its folder is missing"):
        archive.current("us_csl")
    assert len(archive.problems()) == 2
    add(archive)
    assert archive.problems() == ()


def test_leftovers_are_ignored_and_cleared(archive: Archive) -> None:
    snapshot = add(archive)
    home = archive.root / "us_csl"
    old, young = home / ".tmp-1-1-0", home / ".tmp-2-2-0"
    for folder in (old, young):
        folder.mkdir()
        (folder / "meta.json").write_bytes(b"half")
    stray = home / snapshot.sha256 / ".tmp-9-9-0"
    stray.write_bytes(b"half")
    long_ago = time.time() - 2 * files.STALE_SECONDS
    os.utime(old, (long_ago, long_ago))
    assert archive.all() == (snapshot,) and archive.problems() == ()
    add(archive, b"next")
    assert not old.exists()
    assert young.exists(), "another import may be at work in it"
    add(archive, retrieved=NOON + timedelta(days=1))
    assert not stray.exists()


def test_a_full_disk_is_one_line_and_changes_nothing(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    good = add(archive)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    with pytest.raises(SnapshotError, match=r"No space left on device.*the list in use is unchanged"):
        add(archive, b"new")
    assert archive.current("us_csl") == good
    assert not [path for path in (archive.root / "us_csl").iterdir() if path.name.startswith(".tmp-")]


def test_two_processes_may_make_the_same_snapshot(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one wins the race for the folder between our look and our rename."""
    real = files.move_folder

    def beaten(folder: Path, place: Path) -> None:
        monkeypatch.setattr(files, "move_folder", real)
        add(archive)
        real(folder, place)

    monkeypatch.setattr(files, "move_folder", beaten)
    snapshot = add(archive)
    assert archive.current("us_csl") == snapshot and archive.problems() == ()


def test_snapshots_are_values(archive: Archive) -> None:
    snapshot = add(archive)
    assert replace(snapshot) == snapshot and hash(snapshot) == hash(replace(snapshot))


@pytest.mark.parametrize("turn", [("one", "two"), ("two", "one")])
def test_of_two_that_came_in_in_the_same_second_the_later_one_counts(
    archive: Archive, turn: tuple[str, str]
) -> None:
    for text in turn:
        last = add(archive, text.encode(), published=None)
    assert archive.current("us_csl") == last
    assert archive.for_date("us_csl", DAY + timedelta(days=400)) == last
    assert archive.all("us_csl")[-1] == last
    coming = archive.prepare(
        "us_csl", b"three", ENTITIES, rows=2, entries=2, published=None, retrieved=NOON, parser="1"
    ).snapshot
    assert archive.for_date("us_csl", DAY + timedelta(days=400), also=coming) == coming
