"""What all processes of a piece of work must agree on, or the results of one can't stand beside those of
another."""

from __future__ import annotations

import os
import platform
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stopship.bulk.batch import open_index
from stopship.bulk.places import Place
from stopship.errors import IndexFileError, WorkerRefused
from stopship.matching import Index, storage
from stopship.matching.storage import HEADER
from stopship.matching.weights import SCORER_VERSION
from stopship.names import NORMALIZER_VERSION
from stopship.screening.screener import ENGINE

_WORDS = {"engine": "program", "normalizer": "normalizer", "scorer": "scorer", "unicode": "Unicode"}


@dataclass(frozen=True, slots=True)
class Terms:
    """The index by its content hash and by the SHA-256 of its bytes, and the versions that read names and compare
    them. `unicode` comes with Python, and says what letters are."""

    index: str
    data: str
    normalizer: str
    scorer: str
    engine: str
    unicode: str

    @classmethod
    def of(cls, at: str | Path) -> Terms:
        """The terms of work with the index in this folder (path or URL) and this program.

        Raises:
            IndexFileError: there is no index, or one of another version. SettingsError: see `open_store`.
        """
        place = Place(str(at))
        raw = place.read(HEADER)
        if raw is None:
            raise IndexFileError("there is no index here", where=place.at, hint="Give the folder of an index")
        header = storage.header_of(raw, place.where(HEADER))
        meta = header["meta"]
        terms = cls(
            index=meta["content_hash"],
            data=header["sha256"],
            normalizer=str(meta.get("normalizer")),
            scorer=str(meta.get("scorer")),
            engine=ENGINE,
            unicode=unicodedata.unidata_version,
        )
        terms.check_versions()
        return terms

    @property
    def key(self) -> str:
        """A name for a folder that holds this index and nothing else, ever."""
        return f"{self.index.removeprefix('sha256:')[:16]}-{self.data[:16]}"

    def check_versions(self) -> None:
        """Refuse where this process would read or compare names otherwise.

        Raises:
            WorkerRefused: it says which process, what it has and what was wanted.
        """
        here = {
            "engine": ENGINE,
            "normalizer": NORMALIZER_VERSION,
            "scorer": SCORER_VERSION,
            "unicode": unicodedata.unidata_version,
        }
        for name, own in here.items():
            if own != (wanted := getattr(self, name)):
                raise WorkerRefused(
                    f"this process has {_WORDS[name]} {own}, the work was begun with {wanted}",
                    where=this_process(),
                    hint="Install the same Stopship and Python on every machine, and build the index with it",
                )

    def verify(self, directory: Path) -> None:
        """See that a folder of this machine has the index that is meant, whole, and that this process may use it.

        Raises:
            WorkerRefused: another version, or another index. IndexFileError: missing or damaged.
        """
        self.check_versions()
        meta, _sections = storage.read(directory)
        header = storage.header_of((directory / HEADER).read_bytes(), str(directory))
        if (meta["content_hash"], header["sha256"]) != (self.index, self.data):
            raise WorkerRefused(
                f"this process has index {_short(meta['content_hash'], header['sha256'])}, "
                "the work was begun with "
                f"{_short(self.index, self.data)}",
                where=f"{this_process()}, {directory}",
                hint="Give every machine the same index",
            )

    def open(self, directory: Path) -> Index:
        """The index of a folder, mapped once a process; see `verify`."""
        self.verify(directory)
        return open_index(directory, self.index)

    def to_plain(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)


def _short(content: str, data: str) -> str:
    return f"{content.removeprefix('sha256:')[:12]} (bytes {data[:12]})"


def this_process() -> str:
    """Which process this is, for messages."""
    return f"process {os.getpid()} on {platform.node() or 'this machine'}"
