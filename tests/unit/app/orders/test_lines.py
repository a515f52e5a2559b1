"""Lines of order files: every byte is in one line, whatever the blocks in which the file is read."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.app.orders import lines as lines_module
from stopship.app.orders.file import plain_suffix
from stopship.app.orders.lines import OrderLine, OrderLines
from stopship.app.reading.streams import ByteStream
from stopship.errors import OrderError, TableError


class InBlocks:
    """A stream that hands out so many bytes at once."""

    where = "orders"

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = io.BytesIO(data), size

    def read(self, _size: int) -> bytes:
        return self._data.read(self._size)


def lines(data: bytes, size: int = 1 << 20) -> list[OrderLine]:
    return list(OrderLines(_stream(data, size)))


def _stream(data: bytes, size: int) -> ByteStream:
    return InBlocks(data, size)  # type: ignore[return-value]


@given(
    st.lists(st.sampled_from([b"", b" ", b"{}", b"\r", b'{"a": "\xc3\xa4"}', b"x" * 40]), max_size=12),
    st.integers(4, 60),
    st.booleans(),
)
def test_every_line_is_answered_with_its_number_whatever_the_blocks(
    parts: list[bytes], size: int, break_at_end: bool
) -> None:
    data = b"\n".join(parts) + (b"\n" if break_at_end else b"")
    found = lines(data, size)
    last = max((n for n, part in enumerate(parts, start=1) if part.strip()), default=0)
    assert [line.number for line in found] == list(range(1, last + 1))
    for line, part in zip(found, parts, strict=False):
        assert (line.data, line.problem) == ((part, None) if part.strip() else (b"", "the line is empty"))


def test_the_digest_covers_the_input_up_to_the_line() -> None:
    data = b"a\n\nb\nc"
    for size in (1, 2, 100):
        source = OrderLines(_stream(data, size))
        digests = {line.number: source.digest for line in source if not line.problem}
        for number, end in ((1, 2), (3, 5), (4, 6)):
            assert digests[number] == hashlib.sha256(data[:end]).hexdigest()


def test_a_line_that_is_too_long_is_told_and_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MAX_LINE", 10)
    found = lines(b"a\n" + b"x" * 25 + b"\nb\n" + b"y" * 11, size=4)
    assert [(line.number, line.data) for line in found] == [(1, b"a"), (2, b""), (3, b"b"), (4, b"")]
    assert found[1].problem is not None
    assert "25 bytes are too many" in found[1].problem
    assert found[3].problem is not None


def test_a_byte_order_mark_is_passed_over_and_other_files_are_named() -> None:
    assert lines(b"\xef\xbb\xbf{}\n")[0].data == b"{}"
    for data, words in ((b"PK\x03\x04", "Office"), (b"%PDF-1", "PDF"), ("{}".encode("utf-16"), "UTF-16")):
        with pytest.raises(OrderError, match=words):
            lines(data)


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_packed_files_of_several_parts_are_read_to_the_end(tmp_path: Path, codec: str) -> None:
    data = b"".join(b'{"n": %d}\n' % n for n in range(50_000))
    packed = tmp_path / "whatever.bin"
    twice = b"".join(pa.compress(part, codec=codec, asbytes=True) for part in (data, b"last\n"))
    packed.write_bytes(twice)
    with ByteStream(packed) as stream:
        found = list(OrderLines(stream))
    assert b"\n".join(line.data for line in found) + b"\n" == data + b"last\n"
    for cut in (twice[:-3], twice[: len(twice) // 2]):
        packed.write_bytes(cut)
        with pytest.raises(TableError, match="cut off or damaged"), ByteStream(packed) as stream:
            list(OrderLines(stream))


def test_a_name_says_what_is_in_it_below_the_packing() -> None:
    names = ["a.jsonl", "a.JSONL.GZ", "a.ndjson.zst", "a.gz", "a"]
    assert [plain_suffix(Path(name)) for name in names] == [".jsonl", ".jsonl", ".ndjson", "", ""]
