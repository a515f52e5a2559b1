"""Files of ownership data: what kind each is, unpacked as a stream, read into one graph."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stopship.errors import OwnershipFileError, SettingsError, TableError
from stopship.ownership import GraphBuilder, OwnershipGraph, Report
from stopship.ownership.contract import Bytes, Record

FORMATS = ("bods", "gleif", "ftm")
MAX_UNPACKED = 64 << 30
"""Bytes of one file when unpacked. GLEIF's largest, all LEI records as XML, has about 15 GB."""
_HEAD = 1 << 20
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file, what it was taken for, and what became of its rows."""

    path: Path
    format: str
    report: Report


def read_files(
    paths: Sequence[Path], name: str, format_: str | None, step: Callable[[str], None]
) -> tuple[OwnershipGraph, list[FileRead]]:
    """Read files that belong together into one graph.

    Args:
        paths: e.g. GLEIF's relationship records and the LEI records with their names, in any order.
        name: of the data set; begins the ids of holders without an LEI.
        format_: one of `FORMATS`; None: told from each file's content.
        step: told what is done next.

    Raises:
        OwnershipFileError: a file can't be read, or they hold no stake.
        SettingsError: unknown format.
    """
    if format_ is not None and format_ not in FORMATS:
        raise SettingsError(f"{format_!r} is none of {', '.join(FORMATS)}", where="--format")
    looked = [(path, *_look(path, format_)) for path in paths]
    # Relationships first: of three million LEI records only those that stand in one are kept.
    looked.sort(key=lambda found: found[2])
    builder = GraphBuilder()
    done = []
    for path, kind, names in looked:
        step(f"reading {path.name}")
        report = Report()
        wanted = _wanted(builder) if names and any(not other[2] for other in looked) else None
        with _opened(path) as stream:
            builder.add(_records(stream, path, kind, name, report, wanted), name)
        done.append(FileRead(path, kind, report))
    step("sorting stakes")
    graph = builder.graph()
    if not graph.stakes:
        raise OwnershipFileError(
            "no stake was found: nothing is kept",
            where=", ".join(str(path) for path in paths),
            hint="Names alone are of no use: hand in the file of relationships, too",
        )
    return graph, done


def format_of(path: Path) -> str:
    """What a file is, by its content: one of `FORMATS`.

    Raises:
        OwnershipFileError: it can't be read, or is none of them.
    """
    return _look(path, None)[0]


def _wanted(builder: GraphBuilder) -> Callable[[str], bool]:
    return lambda lei: builder.knows(f"lei:{lei}")


def _records(
    stream: _Stream, path: Path, kind: str, name: str, report: Report, wanted: Callable[[str], bool] | None
) -> Iterator[Record]:
    where = str(path)
    if kind == "bods":
        from stopship.ownership.bods import read_bods

        return read_bods(stream, where, report, name)
    if kind == "ftm":
        from stopship.ownership.ftm import read_ftm

        return read_ftm(stream, where, report, name)
    if _is_xml(stream.head):
        from stopship.ownership.gleif_xml import read_gleif_xml

        return read_gleif_xml(stream, where, report, wanted)
    from stopship.ownership.gleif_csv import read_gleif_csv

    return read_gleif_csv(stream, _header(stream.head), where, report, wanted)


def _look(path: Path, format_: str | None) -> tuple[str, bool]:
    """What a file is, and whether it holds names rather than relationships."""
    with _opened(path) as stream:
        head = stream.head
    kind = format_ or _guess(head, path)
    if kind != "gleif":
        return kind, False
    if _is_xml(head):
        return kind, b"LEIData" in head[:4096]
    from stopship.ownership.gleif_csv import is_entities, is_relationships

    header = _header(head)
    return kind, is_entities(header) and not is_relationships(header)


def _guess(head: bytes, path: Path) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _is_xml(head):
        return "gleif"
    if start[:1] in (b"[", b"{"):
        if b'"recordType"' in start or b'"statementType"' in start:
            return "bods"
        if b'"schema"' in start and b'"properties"' in start:
            return "ftm"
    elif b"Relationship.StartNode.NodeID" in start or b"Entity.LegalName" in start:
        return "gleif"
    raise OwnershipFileError(
        "neither BODS 0.4, GLEIF (XML or CSV) nor FollowTheMoney",
        where=str(path),
        hint="Name what it is with --format",
    )


def _is_xml(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _header(head: bytes) -> list[str]:
    line = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    return next(csv.reader([line]), [])


class _Stream:
    """A stream of bytes with its beginning looked at, that ends in an error beyond `MAX_UNPACKED`."""

    closed = False

    def __init__(self, source: Bytes, where: str) -> None:
        self._source = source
        self._where = where
        self._given = 0
        self._ahead = self._read(_HEAD)
        self.head = self._ahead
        """The first bytes; reading gives them again."""

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at the end."""
        size = _HEAD if size is None or size < 0 else size
        if self._ahead:
            found, self._ahead = self._ahead[:size], self._ahead[size:]
            return found
        return self._read(size)

    def _read(self, size: int) -> bytes:
        try:
            found = self._source.read(size)
        except TableError as bad:
            raise OwnershipFileError(bad.message, where=bad.where, hint=bad.hint) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as bad:
            raise OwnershipFileError(f"the ZIP archive is damaged: {bad}", where=self._where) from None
        self._given += len(found)
        if self._given > MAX_UNPACKED:
            raise OwnershipFileError(f"more than {MAX_UNPACKED >> 30} GB when unpacked", where=self._where)
        return found

    def readable(self) -> bool:
        """For Arrow."""
        return True

    def close(self) -> None:
        """For Arrow; who opened it closes it."""


@contextmanager
def _opened(path: Path) -> Iterator[_Stream]:
    """The unpacked bytes of a file: plain, gzip, Zstandard, or a ZIP archive of one file, as GLEIF publishes
    it."""
    try:
        from stopship.app.reading.streams import ByteStream  # loads Arrow, which no single order needs

        source = ByteStream(path)
    except TableError as bad:
        raise OwnershipFileError(bad.message, where=bad.where, hint=bad.hint) from None
    if not source.head.startswith(_ZIP):
        try:
            yield _Stream(source, str(path))
        finally:
            source.close()
        return
    source.close()
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if len(members) != 1:
                raise OwnershipFileError(
                    f"the ZIP archive holds {len(members)} files", where=str(path), hint="Unpack it"
                )
            if members[0].flag_bits & 1:
                raise OwnershipFileError("the ZIP archive is encrypted", where=str(path), hint="Unpack it")
            with archive.open(members[0]) as member:
                yield _Stream(member, str(path))
    except (zipfile.BadZipFile, NotImplementedError) as bad:
        raise OwnershipFileError(f"the ZIP archive is damaged: {bad}", where=str(path)) from None
