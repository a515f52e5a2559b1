"""The bytes of a file or of standard input, unpacked on the way (gzip, zstd), and what kind of file they are."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
import tempfile
import zlib
from pathlib import Path
from typing import IO, Any, Self

from stopship.app.documents import STDIN
from stopship.errors import TableError

HEAD = 1 << 20
"""Bytes that are looked at before the reading begins."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ENDINGS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "xlsx", ".xlsm": "xlsx",
}  # fmt: skip
FORMATS = ("csv", "jsonl", "xlsx", "parquet")
_PACKED = (".gz", ".zst", ".zstd")
_SIGNATURES = {
    b"PK\x03\x04": ("an XLSX workbook or ZIP archive", "xlsx", "Name it .xlsx if it is one"),
    b"PAR1": ("a Parquet file", "parquet", "Name it .parquet"),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook (XLS)", None, "Open it and save it as XLSX or CSV UTF-8"),
    b"%PDF": ("a PDF", None, "Export the table as CSV UTF-8"),
}


class ByteStream:
    """The unpacked bytes of a file (or of standard input, for the path `-`), read once from front to back.

    Raises:
        TableError: it can't be opened; or, when read, it is cut off or damaged.
    """

    def __init__(self, path: Path) -> None:
        self.where = "standard input" if path == STDIN else str(path)
        self.size: int | None = None
        try:
            if path == STDIN:
                self._raw: IO[bytes] = sys.stdin.buffer
            else:
                self._raw = path.open("rb")
                self.size = path.stat().st_size if path.is_file() else None
        except FileNotFoundError:
            raise TableError("there is no such file", where=self.where, hint="Check the path") from None
        except IsADirectoryError:
            raise TableError("this is a folder, not a file", where=self.where) from None
        except OSError as bad:
            raise TableError(f"can't be read: {bad.strerror or bad}", where=self.where) from None
        self._ours = path != STDIN
        self._spool: IO[bytes] | None = None
        self._given = 0
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        """Look at the first bytes and unpack them where they are packed."""
        try:
            start = self._raw.read(HEAD)
        except OSError as bad:
            raise TableError(f"can't be read: {bad.strerror or bad}", where=self.where) from None
        self.packing = "gzip" if start[:2] == _GZIP else "zstd" if start[:4] == _ZSTD else None
        self._taken = _Rejoined(start, self._raw)
        self._stream: Any = self._raw
        if self.packing == "gzip":
            self._stream = gzip.GzipFile(fileobj=self._taken, mode="rb")
        elif self.packing == "zstd":
            import pyarrow as pa

            self._stream = pa.CompressedInputStream(self._taken, "zstd")
        self._ahead = self._read(HEAD) if self.packing else start
        self.head = self._ahead
        """The first bytes, unpacked; reading gives them again."""

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end."""
        if self._ahead:
            found, self._ahead = self._ahead[:size], self._ahead[size:]
        else:
            found = self._read(size)
        self._given += len(found)
        return found

    def _read(self, size: int) -> bytes:
        try:
            return bytes(self._stream.read(size))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise TableError(
                "the gzip data is cut off or damaged", where=self.where, hint="Fetch it again"
            ) from None
        except OSError as bad:
            if self.packing:
                raise TableError(
                    f"the {self.packing} data is cut off or damaged", where=self.where, hint="Fetch it again"
                ) from None
            raise TableError(f"can't be read: {bad.strerror or bad}", where=self.where) from None

    def fraction(self, kept: int = 0) -> float | None:
        """How much of the file has been read and handed on, 0 to 1; None where that can't be told.

        Args:
            kept: unpacked bytes that were read here and not handed on yet.
        """
        if not self.size or not self._given:
            return None if not self.size else 0.0
        at = self._taken.taken if self.packing else self._raw.tell() - len(self._ahead)
        return min(1.0, at / self.size) * max(0.0, 1 - kept / self._given)

    def spooled(self) -> IO[bytes]:
        """All of it in a file that vanishes when this is closed, for formats that are not read from front to
        back."""
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this)
        while data := self.read(HEAD):
            self._spool.write(data)
        self._spool.seek(0)
        return self._spool

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._spool is not None:
            self._spool.close()
        if self._ours:
            self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class _Rejoined(io.RawIOBase):
    """What was read ahead and the rest, as one file for an unpacker."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start, self._rest = io.BytesIO(start), rest
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._start.read(len(target)) or self._rest.read(len(target))
        target[: len(data)] = data
        self.taken += len(data)
        return len(data)


def format_of(path: Path, stream: ByteStream, given: str | None) -> str:
    """`csv`, `jsonl`, `xlsx` or `parquet`: as given, by the ending of the name (before .gz or .zst), or CSV.

    Raises:
        TableError: the content is of another kind than that.
    """
    name = path.name.lower()
    for packed in _PACKED:
        name = name.removesuffix(packed)
    form = given or _ENDINGS.get(Path(name).suffix)
    for signature, (what, kind, hint) in _SIGNATURES.items():
        if stream.head.startswith(signature):
            if form is None and kind is not None:
                return kind
            if kind is None or form != kind:
                raise TableError(f"this is {what}, not {(form or 'csv').upper()}", where=stream.where, hint=hint)
    if form in ("xlsx", "parquet") and stream.head and not stream.head.startswith((b"PK", b"PAR1")):
        raise TableError(
            f"this is not {form.upper()}", where=stream.where, hint="Give its --format, or its ending"
        )
    return form or "csv"


def can_be_read_again(path: Path) -> bool:
    """Whether this is a file: not standard input, a pipe or a device, whose bytes come only once."""
    return path != STDIN and path.is_file()


def identity_of(path: Path) -> dict[str, Any]:
    """What tells a file from another one: its size and the hash of its bytes. Nothing for what comes only once."""
    if not can_be_read_again(path):
        return {}
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(HEAD):
                digest.update(block)
            return {"size": stream.tell(), "sha256": digest.hexdigest()}
    except OSError as bad:
        raise TableError(f"can't be read: {bad.strerror or bad}", where=str(path)) from None
