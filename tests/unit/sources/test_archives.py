"""Archives of several files: what is packed comes out again, what is foreign is bounded."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.errors import ListFileError
from stopship.sources import containers
from stopship.sources.archives import is_archive, pack_archive, read_archive, require_members

NAMES = st.text("abcdefgh_", min_size=1, max_size=8).map(lambda name: f"{name}.csv")


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(ListFileError) as caught:
        read_archive(data, "set.zip")
    assert str(caught.value).startswith("set.zip: ") and "\n" not in str(caught.value)
    return str(caught.value)


@given(st.dictionaries(NAMES, st.binary(max_size=50).map(lambda content: b"x" + content), min_size=1, max_size=5))
def test_what_is_packed_comes_out_again(members: dict[str, bytes]) -> None:
    packed = pack_archive(members)
    assert is_archive(packed) and read_archive(packed, "set") == members
    backwards = dict(reversed(list(members.items())))
    assert pack_archive(backwards) == packed, "the order in which files are found makes no difference"
    assert pack_archive({name.upper(): content for name, content in members.items()}) == packed


def test_folders_and_case_are_not_looked_at() -> None:
    data = zipped(
        ("OFAC/", b""), ("OFAC/SDN.CSV", b"1"), ("__MACOSX/OFAC/._SDN.CSV", b"x"), ("OFAC/.DS_Store", b"x")
    )
    assert read_archive(data, "set") == {"sdn.csv": b"1"}


@pytest.mark.parametrize(
    "path",
    ["../sdn.csv", "/etc/sdn.csv", "a/../../sdn.csv", "C:/sdn.csv", "a\\..\\sdn.csv", "./sdn.csv", "a//b.csv"],
)
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    assert "leads out of it" in refused(zipped((path, b"1")))


def test_what_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is packed itself" in refused(zipped(("a.csv", zipped(("b.csv", b"1")))))
    assert "is packed itself" in refused(zipped(("a.csv", b"\x1f\x8b\x08...")))
    assert "holds sdn.csv twice" in refused(zipped(("sdn.csv", b"1"), ("SDN.csv", b"2")))
    assert "more than the 64" in refused(zipped(*((f"{n}.csv", b"1") for n in range(65))))
    assert "holds no file" in refused(zipped())
    assert "damaged" in refused(zipped(("a.csv", b"1" * 1000))[:60])
    assert "damaged" in refused(b"PK\x03\x04 and nothing behind it")
    flipped = bytearray(zipped(("a.csv", bytes(range(256)) * 9)))
    flipped[60] ^= 0xFF
    assert "damaged" in refused(bytes(flipped))
    monkeypatch.setattr(containers, "MAX_UNPACKED", 1_000_000)
    assert "when unpacked" in refused(zipped(("a.csv", b"0" * 600_000), ("b.csv", b"0" * 600_000)))
    assert len(zipped(("a.csv", b"0" * 600_000))) < 2_000, "the bomb is small"


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(zipped(("a.csv", b"1")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    assert "is encrypted" in refused(bytes(data))


def test_missing_files_are_named() -> None:
    require_members({"a.csv": b"", "b.csv": b""}, ("a.csv", "b.csv"), "set", "the list")
    with pytest.raises(ListFileError, match=r"the list is not complete: b\.csv is missing; there is only a\.csv"):
        require_members({"a.csv": b""}, ("a.csv", "b.csv"), "set", "the list")
