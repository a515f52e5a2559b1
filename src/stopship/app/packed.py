"""Files that may be packed with gzip or zstd, read and written as streams; `-` is stdin.

Reading goes by what the file begins with, whatever its name; writing by the ending of the name.
"""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from stopship.errors import InputError

STDIN = Path("-")
BLOCK = 1 << 20
ENDINGS = (".gz", ".zst")
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Unpacked:
    """The unpacked bytes of a file or of stdin.

    Args:
        raw: the bytes as they lie there.
        where: what messages call it.
        error: the kind of error that is raised.
    """

    def __init__(self, raw: IO[bytes], where: str, error: type[InputError]) -> None:
        self.where, self._raw, self._error = where, raw, error
        buffered = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)  # type: ignore[type-var]
        start = buffered.peek(4)[:4]
        self._source: Any = buffered
        if start.startswith(_GZIP):
            self._source = gzip.GzipFile(fileobj=buffered)
        elif start == _ZSTD:
            import pyarrow as pa

            self._source = pa.CompressedInputStream(pa.PythonFile(buffered, mode="r"), "zstd")

    def read(self, size: int = BLOCK) -> bytes:
        """At most `size` bytes, none at the end.

        Raises:
            InputError (the given kind): the packed data is cut off or damaged, or the disk can't be read.
        """
        try:
            return bytes(self._source.read(size))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            kind = "gzip"
        except OSError as bad:
            if bad.errno is not None:
                raise self._error(f"can't be read: {bad.strerror or bad}", where=self.where) from None
            kind = "zstd"
        raise self._error(f"the {kind} data is cut off or damaged", where=self.where, hint="Fetch it again")


@contextmanager
def open_unpacked(path: Path, error: type[InputError]) -> Iterator[Unpacked]:
    """Open a file, or stdin for `-`, for reading its unpacked bytes.

    Raises:
        InputError (the given kind): there is no such file, it is a folder or can't be read.
    """
    if path == STDIN:
        yield Unpacked(sys.stdin.buffer, "stdin", error)
        return
    try:
        raw = path.open("rb")
    except FileNotFoundError:
        raise error("there is no such file", where=str(path), hint="Check the path") from None
    except IsADirectoryError:
        raise error("this is a folder, not a file", where=str(path)) from None
    except OSError as bad:
        raise error(f"can't be read: {bad.strerror or bad}", where=str(path)) from None
    with raw:
        yield Unpacked(raw, str(path), error)


def plain_suffix(path: Path) -> str:
    """The ending of a name below that of packing, in lower case: `.jsonl` for `orders.jsonl.gz`."""
    name = Path(path.stem) if path.suffix.lower() in ENDINGS else path
    return name.suffix.lower()


def pack(source: Path, target: Path, ending: str) -> None:
    """Copy a file and pack it on the way: `.gz` or `.zst`. The same bytes give the same file."""
    with source.open("rb") as plain, target.open("wb") as raw:
        if ending == ".gz":
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                shutil.copyfileobj(plain, packed, BLOCK)
            return
        import pyarrow as pa

        with pa.CompressedOutputStream(pa.PythonFile(raw, mode="w"), "zstd") as packed:
            shutil.copyfileobj(plain, packed, BLOCK)
