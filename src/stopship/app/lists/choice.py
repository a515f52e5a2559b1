"""Which lists an update is about, and how a person brings in the others."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.app.indexes import STARTER
from stopship.app.lists.settings import ListSettings
from stopship.errors import SettingsError, SnapshotError
from stopship.snapshots.reading import ArchiveReader
from stopship.sources.catalogue import CUSTOM, PARSER_VERSION, catalogue, held_source, source_info


def chosen_sources(
    settings: ListSettings, sources: Sequence[str], archive: ArchiveReader
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sources that an update is about, sorted: those to fetch, and those that are only read again from what is
    here, because an older reader read them and they have no address.

    Raises:
        SettingsError: an unknown source, or one that was asked for, has no address and isn't to be read again.
    """
    known = [source for source in catalogue() if source not in (STARTER, CUSTOM)]
    for source in sources:
        info = held_source(source)
        if info is None:
            raise SettingsError(f"unknown source {source!r}", hint=f"Known sources: {', '.join(known)}")
        if not settings.address(source) and not _is_old(archive, source):
            raise SettingsError(
                f"{source} has no address to fetch it from" + (f": {info.by_hand}" if info.by_hand else ""),
                hint=f"{by_hand(source)} or name an address under lists.addresses in settings.yaml",
            )
    asked = set(sources or settings.sources)
    if not asked:
        asked = {source for source in (*known, *settings.addresses) if settings.address(source)}
    if not sources:
        asked |= {source for source in archive.sources() if held_source(source) and _is_old(archive, source)}
    fetched = {source for source in asked if settings.address(source)}
    return tuple(sorted(fetched)), tuple(sorted(asked - fetched))


def only_by_hand() -> tuple[str, ...]:
    """The official lists that no publisher's address gives, sorted."""
    return tuple(info.id for info in catalogue().values() if info.by_hand)


def by_hand(source: str) -> str:
    """How a person brings in a list without an address, as a sentence without an end."""
    info = source_info(source)
    where = f" ({info.url})" if info.url else ""
    return f"Get the file by hand{where} and run: stopship lists import {source} FILE"


def _is_old(archive: ArchiveReader, source: str) -> bool:
    """Whether what is in use was read by an older reader."""
    try:
        current = archive.current(source)
    except SnapshotError:
        return False
    return current is not None and current.parser != PARSER_VERSION
