"""A machine without network gets its lists in one file, and believes nothing that it didn't check."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Cli
from tests.journeys.small_lists import FIRST, KNOWN, small_catalogue
from tests.journeys.test_lists import ROWS, csl

from stopship.sources import catalogue as catalogue_module

Rewrite = Callable[[dict[str, bytes]], Any]


@pytest.fixture(autouse=True)
def lists(monkeypatch: pytest.MonkeyPatch) -> None:
    small = small_catalogue()
    monkeypatch.setattr(catalogue_module, "_catalogue", lambda: small)


@pytest.fixture
def bundle(cli: Cli, tmp_path: Path) -> Path:
    """A bundle of two lists, made in another home."""
    path = tmp_path / "consolidated.csv"
    path.write_bytes(FIRST)
    there = tmp_path / "there"
    for source in ("us_csl", "us_two"):
        assert cli("lists", "import", source, path, "--home", there, "--published", "2026-07-31").code == 0
    out = tmp_path / "lists.zip"
    said = cli("lists", "bundle", out, "--home", there)
    assert said.code == 0, said.err
    assert "2 lists in" in said.out
    return out


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def written(path: Path, held: list[tuple[str, bytes]], packing: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as bundle:
        for name, data in held:
            bundle.writestr(name, data)
    return path


def test_a_bundle_carries_lists_with_their_age(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    said = cli("lists", "import-bundle", bundle)
    assert said.code == 0, said.err
    assert "2 of 2 lists taken in" in said.out
    here, there = (
        cli("lists", "status", "--json", *more).json["lists"] for more in ((), ("--home", tmp_path / "there"))
    )
    assert here == there
    assert cli("check", "--party", f"end_user={KNOWN}", "--item", "EAR99", "--to", "CN").code == 1
    assert cli("lists", "import-bundle", bundle).code == 0, "twice is once"


def test_a_list_gets_no_younger_on_the_way(cli: Cli, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "consolidated.csv"
    path.write_bytes(FIRST)
    there = tmp_path / "there"
    cli("lists", "import", "us_csl", path, "--home", there)
    meta = next((there / "snapshots" / "us_csl").rglob("meta.json"))
    old = {**json.loads(meta.read_bytes()), "retrieved": "2026-01-01T00:00:00Z"}
    meta.write_text(json.dumps({**old, "first_retrieved": "2026-01-01T00:00:00Z"}))
    cli("lists", "bundle", tmp_path / "old.zip", "--home", there)
    assert cli("lists", "import-bundle", tmp_path / "old.zip").code == 0
    assert cli("lists", "status", "--json").json["lists"][0]["retrieved"] == "2026-01-01"
    assert cli("lists", "status", "--json").json["lists"][0]["stale"] is True


def test_only_what_was_asked_for_and_is_there_is_carried(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    there = ("--home", tmp_path / "there")
    said = cli("lists", "bundle", tmp_path / "one.zip", "us_two", "--json", *there)
    assert [one["source"] for one in said.json["lists"]] == ["us_two"]
    assert "there already" in cli("lists", "bundle", bundle, *there).refused()
    assert (
        "no snapshot of us_by_hand" in cli("lists", "bundle", tmp_path / "x.zip", "us_by_hand", *there).refused()
    )
    assert "no list is here" in cli("lists", "bundle", tmp_path / "x.zip").refused()
    assert not (tmp_path / "x.zip").exists()


def test_a_damaged_snapshot_is_not_carried(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    for raw in (tmp_path / "there" / "snapshots" / "us_two").rglob("raw.gz"):
        raw.write_bytes(gzip.compress(b"other", mtime=0))
    said = cli("lists", "bundle", tmp_path / "x.zip", "--home", tmp_path / "there")
    assert "altered" in said.refused()
    assert not list(tmp_path.glob("*x.zip*"))


def changed_manifest(**fields: Any) -> Rewrite:
    def rewrite(held: dict[str, bytes]) -> list[tuple[str, bytes]]:
        plain = json.loads(held["manifest.json"])
        plain["lists"][0] |= fields
        return [*{**held, "manifest.json": json.dumps(plain).encode()}.items()]

    return rewrite


def with_member(name: str, data: bytes = b"x") -> Rewrite:
    return lambda held: [*held.items(), (name, data)]


def swapped(data: bytes) -> Rewrite:
    def rewrite(held: dict[str, bytes]) -> list[tuple[str, bytes]]:
        first = sorted(name for name in held if name != "manifest.json")[0]
        return [*{**held, first: data}.items()]

    return rewrite


@pytest.mark.parametrize(
    ("rewrite", "words"),
    [
        (with_member("../../evil.csv"), "which no bundle does"),
        (with_member("/etc/evil"), "which no bundle does"),
        (with_member("lists\\..\\evil"), "which no bundle does"),
        (with_member(f"lists/us_csl/../{'a' * 64}.gz"), "which no bundle does"),
        (with_member(f"lists/us_csl/{'a' * 64}.gz"), "manifest and content differ"),
        (lambda held: [(n, d) for n, d in held.items() if n != "manifest.json"], "has no manifest.json"),
        (lambda held: [("manifest.json", held["manifest.json"])], "manifest and content differ"),
        (swapped(gzip.compress(csl(*ROWS[:2]), mtime=0)), "its hash is not the one"),
        (swapped(gzip.compress(FIRST, mtime=0)[:-20]), "cut short"),
        (swapped(gzip.compress(FIRST, mtime=0) + b"more"), "something behind it"),
        (swapped(b"no gzip"), "damaged"),
        (swapped(gzip.compress(b"\0" * 300_000_000, 9, mtime=0)), "when unpacked"),
        (changed_manifest(source="../us_csl"), "doesn't read the list"),
        (changed_manifest(source="starter"), "doesn't read the list"),
        (changed_manifest(sha256="../../x"), "can't be read"),
        (changed_manifest(retrieved="2999-01-01T00:00:00Z"), "in the future"),
        (changed_manifest(published="2999-01-01"), "in the future"),
        (changed_manifest(published=7), "can't be read"),
        (lambda held: [*{**held, "manifest.json": b"[1]"}.items()], "can't be read"),
        (lambda held: [*{**held, "manifest.json": b'{"format": 9, "lists": []}'}.items()], "format 9"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bundle_that_was_altered_is_refused_whole(
    cli: Cli, bundle: Path, home: Path, tmp_path: Path, rewrite: Rewrite, words: str
) -> None:
    forged = written(tmp_path / "forged.zip", rewrite(members(bundle)))
    line = cli("lists", "import-bundle", forged).refused()
    assert words in line
    assert not (home / "snapshots").exists()
    assert not list(tmp_path.rglob("evil*"))


def test_a_zip_bomb_is_refused_before_it_fills_memory(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    held = members(bundle)
    large = {**held, "manifest.json": b" " * 500_000_000}
    forged = written(tmp_path / "bomb.zip", [*large.items()], zipfile.ZIP_DEFLATED)
    assert forged.stat().st_size < 1_000_000
    assert "more than 1,000,000 bytes" in cli("lists", "import-bundle", forged).refused()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_stand_twice_are_refused(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    held = members(bundle)
    forged = written(tmp_path / "twice.zip", [*held.items(), *held.items()])
    assert "stands twice" in cli("lists", "import-bundle", forged).refused()


def test_what_is_no_bundle_is_refused(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    for name, data in {
        "empty.zip": b"",
        "text.zip": b"hello",
        "cut.zip": bundle.read_bytes()[:-200],
        "other.zip": written(tmp_path / "o.zip", [("a.txt", b"a")]).read_bytes(),
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert name in cli("lists", "import-bundle", path).refused()
    assert "no such file" in cli("lists", "import-bundle", tmp_path / "none.zip").refused()
    encrypted = io.BytesIO(bundle.read_bytes())
    with zipfile.ZipFile(encrypted) as held:
        offset = held.infolist()[0].header_offset
    data = bytearray(bundle.read_bytes())
    data[offset + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "encrypted.zip").write_bytes(data)
    assert "encrypted.zip" in cli("lists", "import-bundle", tmp_path / "encrypted.zip").refused()


def test_one_list_that_is_not_as_expected_leaves_the_others(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    larger = tmp_path / "larger.csv"
    larger.write_bytes(csl(*ROWS, *({**ROWS[0], "name": f"Beispiel {n}"} for n in range(5))))
    assert cli("lists", "import", "us_two", larger).code == 0
    said = cli("lists", "import-bundle", bundle)
    assert said.code == 1
    assert "shrank by 62%" in said.err
    assert "us_csl: 3 entries" in said.out
    assert "us_two: REFUSED" in said.out
    assert cli("lists", "import-bundle", bundle, "--accept").code == 0
