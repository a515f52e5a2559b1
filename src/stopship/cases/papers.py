"""Files of a case: told what they are by their content, kept under its hash, given back only if unaltered.

A name is what a person calls a file. It is kept as text and never becomes a path.
"""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from stopship.cases.actor import Actor
from stopship.cases.desk import Desk
from stopship.cases.states import Event
from stopship.errors import NotFound, PaperError, StateError
from stopship.snapshots.files import replace_file
from stopship.store import case_papers
from stopship.store.case_papers import File

MOST_NAME = 200
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS = "PDF, PNG, JPEG, GIF, TIFF, Word, Excel, JSON or plain text"


class Papers:
    """Files of cases.

    Args:
        desk: whose cases.
        folder: where contents lie, each under its hash.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder

    def add(self, case: int, name: str, data: bytes, actor: Actor, *, now: datetime) -> File:
        """Keep a file with a case.

        Args:
            name: what the person calls it; folders before it and what can't be printed are left out.
            data: its content.

        Raises:
            PaperError: empty, too large, one too many, or of a kind that isn't kept.
            NotFound, StepNotAllowed: see `Desk`. StateError: the home can't be written.
        """
        policy = self._desk.policy
        called = plain_name(name)
        if not data:
            raise PaperError("the file is empty", where=called)
        if len(data) > policy.file_bytes:
            raise PaperError(f"{len(data):,} bytes are too many (at most {policy.file_bytes:,})", where=called)
        media = media_of(data)
        if media is None:
            raise PaperError("files of this kind are not kept", where=called, hint=f"Give {KINDS}")
        digest = hashlib.sha256(data).hexdigest()
        with self._desk.step(case, Event.ATTACH, actor, now, None) as step:
            if len(case_papers.files_of(step.connection, case)) >= policy.files:
                raise PaperError(f"the case has {policy.files} files already", where=f"case {case}")
            values = {"case_id": case, "moment": now, "actor": actor.id, "name": called, "media": media}
            number = case_papers.add_file(step.connection, values | {"size": len(data), "sha256": digest})
            self._write(digest, data)  # before the row counts: a row without its content would be worse
            told = {"file": number, "name": called, "media": media, "size": len(data), "sha256": digest}
            step.finish("case.file_added", {}, told)
            found = case_papers.find_file(step.connection, number)
        assert found is not None
        return found

    def read(self, number: int) -> tuple[File, bytes]:
        """A file with its content.

        Raises:
            NotFound: there is no file of this number.
            StateError: its content is missing, or was altered.
        """
        with self._desk.database.begin() as connection:
            found = case_papers.find_file(connection, number)
        if found is None:
            raise NotFound(f"there is no file {number}")
        path = self._place(found.sha256)
        try:
            data = path.read_bytes()
        except OSError as bad:
            raise StateError(f"a file can't be read: {bad.strerror or bad}", where=str(path)) from None
        if hashlib.sha256(data).hexdigest() != found.sha256:
            raise StateError("a file was altered", where=str(path), hint="Restore it from a backup")
        return found, data

    def sweep(self) -> int:
        """Remove contents that no case has any more; how many they were."""
        with self._desk.writing() as connection:  # so that no file is added meanwhile
            held = case_papers.contents(connection)
            left = [path for path in self._folder.glob("??/*") if path.name not in held]
            for path in left:
                path.unlink(missing_ok=True)
        return len(left)

    def _write(self, digest: str, data: bytes) -> None:
        path = self._place(digest)
        if path.is_file() and path.read_bytes() == data:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)
        except OSError as bad:
            raise StateError(
                f"the file can't be kept: {bad.strerror or bad}",
                where=str(self._folder),
                hint="Free space or give write permission",
            ) from None

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def plain_name(name: str) -> str:
    """What a person calls a file, as one line of text without folders. It is shown, and never used as a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip().strip(".")
    return kept[:MOST_NAME] or "file"


def media_of(data: bytes) -> str | None:
    """What a file is, by its content and never by its name; None for what isn't kept."""
    for beginning, media in _BEGINNINGS:
        if data.startswith(beginning):
            return media
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f" for c in text):
        return None
    start = text.lstrip()[:200].lower()
    # Markup is kept as what it is not: a browser that is given it shows text and runs nothing.
    if start.startswith(("{", "[")):
        return "application/json"
    return "text/plain"


def _office(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((media for start, media in _OFFICE.items() if any(n.startswith(start) for n in names)), None)
