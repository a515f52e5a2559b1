"""Lists of one's own: a file and its mapping to entities."""

from __future__ import annotations

from stopship.errors import ListFileError
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.custom.files import open_rows
from stopship.sources.custom.mapping import read_mapping
from stopship.sources.custom.package import MAPPING, mapping_of, open_package
from stopship.sources.custom.rows import RowReader, Unreadable
from stopship.sources.identity import RowEntity, assemble, contradict

MOST_WARNINGS = 50


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read a list with its mapping, as `stopship.sources.custom.package.pack` joined them.

    Raises:
        ListFileError: the mapping or the file can't be read, or the mapping is of another list.
        SourceDrift: a column that the mapping reads is missing, or one that it doesn't know is there.
    """
    mapping_bytes, list_bytes = open_package(data, filename)
    mapping = read_mapping(mapping_bytes, MAPPING)
    if info.id not in ("custom", source_id(mapping.name)):
        raise ListFileError(f"the mapping is of {source_id(mapping.name)}, not of {info.id}", where=filename)
    source = source_id(mapping.name)
    opened = open_rows(list_bytes, filename, mapping)
    reader = RowReader(mapping, source)
    read: list[RowEntity] = []
    rejects: list[Reject] = []
    first_with: dict[str, tuple[int, RowEntity]] = {}
    warnings: dict[str, list[int]] = {}
    rows = 0
    for number, row in opened.rows:
        rows += 1
        if rows > mapping.max_rows:
            break  # refused by its bounds; a list without end must not fill the memory first
        if isinstance(row, Reject):
            rejects.append(row)
            continue
        try:
            entity = reader.entity(row)
            _no_other_with_this_id(number, entity, first_with)
        except Unreadable as unreadable:
            rejects.append(Reject.of(number, str(unreadable), (text for texts in row.values() for text in texts)))
            continue
        read.append(entity)
        for warning in reader.warnings:
            warnings.setdefault(warning, []).append(number)
    notes = list(opened.notes)
    if opened.dropped:
        names = ", ".join(repr(name[:40]) for name in opened.dropped)
        notes.append(f"dropped, of special categories of personal data: {names}")
    for text, numbers in list(warnings.items())[:MOST_WARNINGS]:
        notes.append(f"{text}: {len(numbers)} time{'s' if len(numbers) > 1 else ''}, first in row {numbers[0]}")
    return ParsedList(
        source=source,
        entities=assemble(read),
        rows=rows,
        loaded=len(read),
        rejects=tuple(rejects),
        warnings=tuple(notes),
        unread=mapping.ignore,
    )


def describe(data: bytes, filename: str, base: SourceInfo) -> SourceInfo:
    """The catalogue line of the list in a package: id, title, address, age limit and bounds of its mapping."""
    mapping = mapping_of(data, filename)
    return mapping.info(source_id(mapping.name), base)


def source_id(name: str) -> str:
    """The id of a list of one's own."""
    return f"custom.{name}"


def _no_other_with_this_id(number: int, row: RowEntity, first_with: dict[str, tuple[int, RowEntity]]) -> None:
    if not row.given:
        return
    first, other = first_with.setdefault(row.given, (number, row))
    if other is not row and contradict(row.entity, other.entity):
        raise Unreadable(f"the id {row.given[:60]!r} is that of another party in row {first}")
