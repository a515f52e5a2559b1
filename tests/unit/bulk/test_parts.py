"""Finished parts: whole or absent, never mixed with those of other work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stopship.bulk.parts import Parts
from stopship.errors import SettingsError

SAME = {"input": {"sha256": "a"}, "lists": "l"}


def test_parts_are_taken_up_and_read_in_order(tmp_path: Path) -> None:
    where = tmp_path / "out.parts"
    with Parts(where, SAME, resume=False) as parts:
        parts.add(1, b"two", {"rows": 2})
        parts.add(0, b"one", {"rows": 1})
    with Parts(where, SAME, resume=True) as parts:
        assert parts.found
        assert parts.done == {0: {"rows": 1}, 1: {"rows": 2}}
        assert [p.read_bytes() for p in parts.paths()] == [b"one", b"two"]
        parts.remove()
    assert not where.exists()
    with Parts(where, SAME, resume=True) as parts:
        assert not parts.found


def test_a_part_that_is_not_whole_never_happened(tmp_path: Path) -> None:
    where = tmp_path / "out.parts"
    with Parts(where, SAME, resume=False) as parts:
        for number in range(5):
            parts.add(number, b"0123456789", {"rows": number})
    (where / "part-0000000.json").unlink()  # killed between data and note
    (where / "part-0000001").write_bytes(b"01234")  # cut off
    (where / "part-0000002").write_bytes(b"0123456780")  # altered
    (where / "part-0000003.json").write_bytes(b"{")
    with Parts(where, SAME, resume=True) as parts:
        assert set(parts.done) == {4}
        with pytest.raises(ValueError, match="missing"):
            list(parts.paths())


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"input": {"sha256": "b"}, "lists": "l"}, "not the same input"),
        ({"input": {"sha256": "a"}, "lists": "m"}, "not the same lists"),
    ],
)
def test_other_work_is_refused(tmp_path: Path, other: dict[str, object], words: str) -> None:
    where = tmp_path / "out.parts"
    with Parts(where, SAME, resume=False) as parts:
        parts.add(0, b"one", {})
    with pytest.raises(SettingsError, match=words):
        Parts(where, other, resume=True)
    with pytest.raises(SettingsError, match="--resume"):
        Parts(where, SAME, resume=False)
    (where / "manifest.json").write_bytes(b"not json")
    with pytest.raises(SettingsError, match="not the same"):
        Parts(where, SAME, resume=True)
    assert (where / "part-0000000").read_bytes() == b"one", "nothing is deleted by a refusal"


def test_a_folder_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    where = tmp_path / "out.parts"
    where.mkdir()
    (where / "letter.txt").write_text("dear", "utf-8")
    for resume in (True, False):
        with pytest.raises(SettingsError, match="in the way"):
            Parts(where, SAME, resume=resume)
    (tmp_path / "file.parts").write_text("x", "utf-8")
    with pytest.raises(SettingsError, match="in the way"):
        Parts(tmp_path / "file.parts", SAME, resume=False)
    assert [p.name for p in where.iterdir()] == ["letter.txt"]


def test_two_runs_do_not_work_on_the_same_parts(tmp_path: Path) -> None:
    where = tmp_path / "out.parts"
    with Parts(where, SAME, resume=False):
        code = (
            "import sys; from pathlib import Path; from stopship.bulk.parts import Parts; "
            f"Parts(Path({str(where)!r}), {SAME!r}, resume=True)"
        )
        second = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "another run works here" in second.stderr
