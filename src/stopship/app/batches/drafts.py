"""Files that were handed in and are not queued yet. Each belongs to who handed it in; nobody else finds it.

::

    <home>/jobs/<folder>/input.csv.gz    the file, under a name of ours
    <home>/jobs/<folder>/draft.json      whose it is and what they call it; written last

The folder becomes the job's when the file is queued. Until then no job names it: one that is a day old is swept
(`Queue.sweep`), as is what an upload left that ended in between.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from stopship.app.jobs.submit import input_name, shown_name
from stopship.errors import JobError, NotFoundError, StateError
from stopship.jobs import JobFiles

NOTE = "draft.json"
KINDS = ("screen", "check")
_FOLDER = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that was handed in.

    Attributes:
        folder: of the file; 32 hexadecimal digits.
        owner: who handed it in, as records name them.
        kind: `screen` for names, `check` for orders.
        name: of the file in its folder.
        filename: what its owner calls it.
        size: bytes.
        path: of the file.
    """

    folder: str
    owner: str
    kind: str
    name: str
    filename: str
    size: int
    path: Path


class Arriving:
    """A file on its way in, written as it comes. `keep` makes a draft of it; without that it is thrown away.

    Raises:
        StateError: the home can't be written.
    """

    def __init__(self, files: JobFiles, most_bytes: int) -> None:
        self._files, self._most = files, most_bytes
        self.folder = files.begin()
        self._file: IO[bytes] | None = None
        self._kept = False
        self.size = 0

    def write(self, data: bytes) -> None:
        """Take a piece.

        Raises:
            JobError: the file is too long; StateError: it can't be written.
        """
        self.size += len(data)
        if self.size > self._most:
            raise JobError(f"the file has more than {self._most:,} bytes", hint="Pack it with gzip, or split it")
        try:
            if self._file is None:
                self._file = self._files.path(self.folder, "arriving").open("wb")
            self._file.write(data)
        except OSError as bad:
            raise _unwritable(bad) from None

    def keep(self, filename: str, kind: str, owner: str) -> Draft:
        """Make a draft of what came.

        Raises:
            JobError: nothing came, or the kind is none; StateError: it can't be written.
        """
        if kind not in KINDS:
            raise JobError("is this a file of names or of orders?", where="kind", hint="Choose one")
        if not filename.strip():
            raise JobError("no file was chosen", where="file", hint="Choose one")
        if not self.size:
            raise JobError("the file is empty", where="file")
        assert self._file is not None
        name = input_name(filename)
        note = {"owner": owner, "kind": kind, "name": name, "filename": shown_name(filename), "size": self.size}
        try:
            self._file.close()
            path = self._files.path(self.folder, name)
            self._files.path(self.folder, "arriving").replace(path)
            _write(self._files.path(self.folder, NOTE), note)
        except OSError as bad:
            raise _unwritable(bad) from None
        self._kept = True
        return Draft(self.folder, owner, kind, name, note["filename"], self.size, path)  # type: ignore[arg-type]

    def close(self) -> None:
        """End it: what was not kept is thrown away."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        if not self._kept:
            self._files.remove(self.folder)


class Drafts:
    """Drafts among the files of jobs."""

    def __init__(self, files: JobFiles) -> None:
        self._files = files

    def find(self, folder: str, owner: str) -> Draft:
        """A draft of one owner's.

        Raises:
            NotFoundError: there is none, or it is another's.
        """
        gone = NotFoundError("this file is no longer here", hint="Choose it again: files are kept for a day")
        if not _FOLDER.fullmatch(folder):
            raise gone
        try:
            note: dict[str, Any] = orjson.loads(self._files.path(folder, NOTE).read_bytes())
            path = self._files.path(folder, str(note["name"]))
            found = Draft(folder, note["owner"], note["kind"], note["name"], note["filename"], note["size"], path)
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
            raise gone from None
        if found.owner != owner or not path.is_file():
            raise gone
        return found

    def throw_away(self, draft: Draft) -> None:
        """Remove a draft and its file."""
        self._files.remove(draft.folder)

    def now_a_job(self, draft: Draft) -> None:
        """The folder is a job's: it is no draft any more."""
        with suppress(OSError):
            self._files.path(draft.folder, NOTE).unlink(missing_ok=True)


def _write(path: Path, plain: dict[str, Any]) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(orjson.dumps(plain))
    temporary.replace(path)


def _unwritable(bad: OSError) -> StateError:
    return StateError(f"the file can't be kept: {bad.strerror or bad}", hint="Is the disk of the server full?")
