"""Lists of one's own on the way in: the file and its mapping become one, which is what the archive keeps."""

from __future__ import annotations

from pathlib import Path

from stopship.app.documents import read_bytes
from stopship.errors import ListFileError
from stopship.matching import Index
from stopship.snapshots import Archive
from stopship.sources.catalogue import CUSTOM
from stopship.sources.contract import ParsedList


def with_mapping(
    archive: Archive, source: str, data: bytes, filename: str, mapping: Path | None
) -> tuple[str, bytes]:
    """The source id that a list has by its mapping, and list and mapping in one.

    Args:
        archive: where the mapping of an earlier import is.
        source: `custom`, or `custom.NAME` of a list that was imported before.
        data: the file, or a package of file and mapping that an archive gave.
        filename: how to call it in messages.
        mapping: the mapping file; None takes the mapping that comes with the file or that the last import had.

    Raises:
        ListFileError: there is no mapping, it can't be read, or it is of another list than `source`.
    """
    from stopship.sources.custom.mapping import MAX_BYTES, read_mapping
    from stopship.sources.custom.package import is_package, open_package, pack
    from stopship.sources.custom.parse import source_id

    if mapping is not None:
        plain = read_bytes(mapping, most=MAX_BYTES, error=ListFileError)
        where = mapping.name
    elif is_package(data):
        plain, data = open_package(data, filename)
        where = filename
    else:
        before = archive.current(source) if source != CUSTOM else None
        if before is None:
            raise ListFileError(
                f"{source} was not imported before, so its mapping is not known"
                if source != CUSTOM
                else "a list of your own needs a mapping that says what its columns are",
                where=filename,
                hint="Add --mapping MAPPING.yml (docs/how-to/import-your-own-list.md)",
            )
        plain, _list = open_package(archive.raw(before), filename)
        where = f"mapping of {source}"
    found = source_id(read_mapping(plain, where).name)
    if source not in (CUSTOM, found):
        raise ListFileError(f"the mapping is of {found}, not of {source}", where=where)
    return found, pack(data, plain, filename)


def ids_in_other_lists(index: Index, parsed: ParsedList) -> tuple[str, ...]:
    """A note where ids, which are taken as given, are those of other parties in other lists.

    The same id under the same program is one entry that two sources carry, and no reason for a note.
    """
    found: dict[str, str] = {}
    for entity in parsed.entities:
        programs = {listing.program for listing in entity.listings}
        for number in index.lookup("id", entity.id):
            other = index.entity_number(number)
            if other.id == entity.id and not programs & {listing.program for listing in other.listings}:
                found.setdefault(entity.id, index.lists[int(index.entity_lists[number])].source)
    if not found:
        return ()
    first, source = next(iter(found.items()))
    return (
        f"{len(found):,} ids are those of other lists too, e.g. {first!r} in {source}: a judgement on one would "
        "hold for both; give them ids that no other list has",
    )
