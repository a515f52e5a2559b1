"""The ownership data of a home: data sets by name, each an immutable snapshot by the hash of its content.

::

    <home>/ownership/<name>/current              the hash of the snapshot in use
    <home>/ownership/<name>/<sha256>/graph.own   its holders and stakes (`stopship.ownership.columns`)
    <home>/ownership/<name>/<sha256>/meta.json   what it was read from, and what became of every row
    <home>/ownership/.joined/<sha256>.own        the graph over several data sets
    <home>/ownership/.joined/current             which one it is, and of which snapshots

A snapshot comes into being by one rename of a finished folder, `current` moves by one rename of a file, so that a
kill between any two steps leaves the last good data in use. Snapshots that were replaced are kept, for decisions
that name their hash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from stopship.app.ownership.files import FileRead, format_of, read_files
from stopship.errors import OwnershipFileError, OwnershipStateError, SettingsError
from stopship.model.stake import Holder
from stopship.ownership import GraphBuilder, OwnershipGraph
from stopship.snapshots import files

_CURRENT, _GRAPH, _META, _JOINED = "current", "graph.own", "meta.json", ".joined"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")
_SHA = re.compile(r"[0-9a-f]{64}\Z")
SHRINK = 0.8
"""A data set that has less than this of the stakes it had is refused unless it is accepted."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set in use; `meta` is what its import reported."""

    name: str
    sha256: str
    folder: Path
    meta: dict[str, Any]

    @property
    def id(self) -> str:
        """The hash as decisions and statuses write it."""
        return f"sha256:{self.sha256}"


@dataclass(frozen=True, slots=True)
class ImportedStakes:
    """What became of an import."""

    data_set: DataSet
    graph: OwnershipGraph
    files: tuple[FileRead, ...]
    replaced: DataSet | None


class OwnershipStore:
    """All ownership data below one folder. Making one touches nothing.

    Args:
        root: `<home>/ownership`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def import_files(
        self,
        paths: Sequence[Path],
        *,
        name: str | None,
        format_: str | None,
        now: datetime,
        accept: bool = False,
        step: Callable[[str], None] | None = None,
    ) -> ImportedStakes:
        """Read files and put them in use as one data set, in place of the one of that name.

        Args:
            paths: files that belong together.
            name: of the data set; None: the format's.
            format_: `bods`, `gleif` or `ftm`; None: told from the content.
            now: the moment, timezone-aware.
            accept: take it although it has far fewer stakes than the one in use.

        Raises:
            OwnershipFileError: unreadable, no stakes, or far fewer than before; what is in use stays.
            OwnershipStateError: the folder can't be written to.
        """
        say = step or (lambda _text: None)
        wanted = name or format_
        if wanted is not None and not _NAME.match(wanted):
            raise SettingsError(f"{wanted!r} can't name a data set", where="--name", hint="Use a-z, 0-9, _ and -")
        chosen = wanted or format_of(paths[0])
        graph, done = read_files(paths, chosen, format_, say)
        before = self.current(chosen)
        if before is not None and not accept and graph.stakes < SHRINK * before.meta["stakes"]:
            raise OwnershipFileError(
                f"{graph.stakes:,} stakes instead of {before.meta['stakes']:,}",
                where=chosen,
                hint="If that is right, add --accept",
            )
        say("writing")
        try:
            found = self._keep(chosen, graph, done, now)
            files.replace_file(self.root / chosen / _CURRENT, f"{found.sha256}\n".encode("ascii"))
        except OSError as bad:
            raise OwnershipStateError(
                f"the data can't be written: {bad.strerror or bad}",
                where=str(self.root),
                hint="Free space or give write permission; what was in use still is",
            ) from None
        say("joining data sets")
        self.graph()
        return ImportedStakes(found, graph, tuple(done), before)

    def _keep(self, name: str, graph: OwnershipGraph, done: Sequence[FileRead], now: datetime) -> DataSet:
        sha256 = graph.content_hash.removeprefix("sha256:")
        meta = _meta(name, graph, done, now)
        place = self.root / name / sha256
        if not place.is_dir():
            folder = files.temp_folder(self.root / name)
            try:
                files.write(folder / _GRAPH, graph.to_bytes())
                files.write(folder / _META, _json(meta))
                files.move_folder(folder, place)
            except BaseException:
                files.remove(folder)
                if not place.is_dir():
                    raise
        else:
            # The same content: damage is mended, and the later import counts.
            try:
                OwnershipGraph.open(place / _GRAPH)
            except OwnershipStateError:
                files.replace_file(place / _GRAPH, graph.to_bytes())
            files.replace_file(place / _META, _json(meta))
        return DataSet(name, sha256, place, meta)

    # -- what is there -----------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Names of the data sets in use, sorted."""
        if not self.root.is_dir():
            return []
        return sorted(e.name for e in self.root.iterdir() if _NAME.match(e.name) and (e / _CURRENT).is_file())

    def current(self, name: str) -> DataSet | None:
        """The data set of a name; None where there is none.

        Raises:
            OwnershipStateError: it is damaged.
        """
        home = self.root / name
        try:
            sha256 = (home / _CURRENT).read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            sha256 = ""
        try:
            if not _SHA.match(sha256):
                raise ValueError
            meta = orjson.loads((home / sha256 / _META).read_bytes())
            return DataSet(name, sha256, home / sha256, dict(meta))
        except (OSError, ValueError, TypeError):
            raise OwnershipStateError(
                f"the ownership data {name} were altered or are incomplete",
                where=str(home),
                hint="Import them again with: stopship ownership import",
            ) from None

    def all(self) -> list[DataSet]:
        """All data sets in use, by name."""
        return [found for name in self.names() if (found := self.current(name)) is not None]

    def key(self) -> str:
        """What says which data sets are in use: the same key, the same graph."""
        return " ".join(f"{found.name}={found.sha256}" for found in self.all())

    def forget(self, name: str) -> DataSet:
        """Take a data set out of use; its snapshots are kept.

        Raises:
            SettingsError: there is none of that name.
        """
        found = self.current(name)
        if found is None:
            known = ", ".join(self.names()) or "none"
            raise SettingsError(f"there are no ownership data {name!r}", hint=f"In use: {known}")
        (self.root / name / _CURRENT).unlink()
        return found

    # -- graphs ------------------------------------------------------------------------------------------------

    def graph(self) -> OwnershipGraph | None:
        """The graph over all data sets in use; None where there are none. Over several it is joined once and kept.

        Raises:
            OwnershipStateError: a file is missing, of another version, truncated or altered.
        """
        used = self.all()
        if not used:
            return None
        if len(used) == 1:
            return self._opened(used[0])
        folder, key = self.root / _JOINED, self.key()
        try:
            known = orjson.loads((folder / _CURRENT).read_bytes())
            if known["key"] == key:
                return OwnershipGraph.open(folder / f"{known['sha256']}.own")
        except (OSError, ValueError, KeyError, TypeError, OwnershipStateError):
            pass  # never joined, of other data sets, or damaged: what it was made of is still there
        builder = GraphBuilder()
        for found in used:
            for basis, record in self._opened(found).all():
                if isinstance(record, Holder):
                    builder.add_holder(record)
                else:
                    builder.add_stake(record, basis)
        graph = builder.graph()
        self._keep_joined(folder, key, graph)
        return graph

    def _keep_joined(self, folder: Path, key: str, graph: OwnershipGraph) -> None:
        sha256 = graph.content_hash.removeprefix("sha256:")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            files.replace_file(folder / f"{sha256}.own", graph.to_bytes())
            files.replace_file(folder / _CURRENT, _json({"key": key, "sha256": sha256}))
        except OSError:
            return  # a home that can't be written to: joined again next time

    def _opened(self, found: DataSet) -> OwnershipGraph:
        graph = OwnershipGraph.open(found.folder / _GRAPH)
        if graph.content_hash != found.id:
            raise OwnershipStateError(
                f"the ownership data {found.name} were altered",
                where=str(found.folder),
                hint="Import them again with: stopship ownership import",
            )
        return graph

    def by_hash(self, content_hash: str) -> OwnershipGraph | None:
        """A graph that a decision names, whether it is still in use or not; None where it isn't held."""
        sha256 = content_hash.removeprefix("sha256:")
        if not _SHA.match(sha256):
            return None
        return next((OwnershipGraph.open(path) for path in self._places(sha256) if path.is_file()), None)

    def _places(self, sha256: str) -> Iterator[Path]:
        yield self.root / _JOINED / f"{sha256}.own"
        if self.root.is_dir():
            yield from (
                entry / sha256 / _GRAPH for entry in sorted(self.root.iterdir()) if _NAME.match(entry.name)
            )


def _meta(name: str, graph: OwnershipGraph, done: Sequence[FileRead], now: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "imported": now.isoformat(),
        "holders": graph.holders,
        "stakes": graph.stakes,
        "without_name": graph.nameless,
        "files": [file_plain(read) for read in done],
    }


def file_plain(read: FileRead) -> dict[str, Any]:
    """What became of a file, as JSON values."""
    report = read.report
    return {
        "file": read.path.name,
        "format": read.format,
        "rows": report.rows,
        "loaded": report.loaded,
        "rejected": report.rejected,
        "reject_reasons": dict(report.reasons.most_common()),
        "rejects": [{"row": r.row, "reason": r.reason, "text": r.text} for r in report.rejects],
        "passed_over": dict(report.passed.most_common()),
        "notes": dict(report.notes.most_common()),
    }


def _json(plain: dict[str, Any]) -> bytes:
    return orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
