"""Files of cases: what is kept, what is refused, and that a name never becomes a path."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from tests.unit.cases.people import ANNA, EVE, NOW, keep, match, party, seen

from stopship.cases import Desk, Policy
from stopship.cases.papers import Papers, media_of, plain_name
from stopship.errors import NotFound, PaperError, StateError, StepNotAllowed
from stopship.store import Database

PDF = b"%PDF-1.7\n..."


@pytest.fixture
def papers(database: Database, tmp_path: Path) -> Papers:
    keep(database, seen(match()), seen(match(), who=party("Other GmbH")))
    return Papers(Desk(database, Policy(file_bytes=1000, files=2)), tmp_path / "files")


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\system32\\x.pdf", "x.pdf"),
        ("..", "file"),
        ("a\r\nSet-Cookie: x\x00.pdf", "aSet-Cookie: x.pdf"),
        ("\u202egnp.exe", "gnp.exe"),
        ("证明.pdf", "证明.pdf"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_name_is_text_and_never_a_path(papers: Papers, tmp_path: Path, given: str, called: str) -> None:
    assert plain_name(given) == called
    kept = papers.add(1, given, PDF, ANNA, now=NOW)
    assert (kept.name, kept.media, kept.size) == (called, "application/pdf", len(PDF))
    digest = hashlib.sha256(PDF).hexdigest()
    assert everything(tmp_path / "files") == [f"{digest[:2]}/{digest}"]
    assert papers.read(kept.id) == (kept, PDF)


def office(*names: str) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("Grüße\n".encode(), "text/plain"),
        (b'{"a": 1}', "application/json"),
        (b"<script>alert(1)</script>", "text/plain"),  # shown as text, run by nobody
        (office("[Content_Types].xml", "xl/workbook.xml")[:], "application/vnd.openxmlformats-officedocument"),
        (office("[Content_Types].xml", "word/vbaProject.bin"), None),
        (office("x.txt"), None),
        (b"PK\x03\x04 broken", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF\x02\x01", None),
        (b"\xff\xfe\x00", None),
        (b"#!/bin/sh\x00", None),
    ],
)
def test_what_a_file_is_its_content_says(data: bytes, media: str | None) -> None:
    found = media_of(data)
    assert found == media or (media is not None and found is not None and found.startswith(media))


def test_too_large_empty_too_many_and_unknown_files_are_refused(papers: Papers, tmp_path: Path) -> None:
    for data, why in ((b"", "empty"), (PDF * 200, "too many"), (b"MZ\x90\x00", "are not kept")):
        with pytest.raises(PaperError, match=why):
            papers.add(1, "x.pdf", data, ANNA, now=NOW)
    with pytest.raises(StepNotAllowed):
        papers.add(1, "x.pdf", PDF, EVE, now=NOW)
    with pytest.raises(NotFound):
        papers.add(9, "x.pdf", PDF, ANNA, now=NOW)
    assert everything(tmp_path) in ([], ["stopship.db"], ["stopship.db", "stopship.db-shm", "stopship.db-wal"])
    papers.add(1, "a.pdf", PDF + b"a", ANNA, now=NOW)
    papers.add(1, "b.pdf", PDF + b"b", ANNA, now=NOW)
    with pytest.raises(PaperError, match="has 2 files already"):
        papers.add(1, "c.pdf", PDF + b"c", ANNA, now=NOW)


def test_an_altered_file_is_not_given_back(papers: Papers, tmp_path: Path) -> None:
    kept = papers.add(1, "a.pdf", PDF, ANNA, now=NOW)
    place = tmp_path / "files" / kept.sha256[:2] / kept.sha256
    place.write_bytes(PDF + b"!")
    with pytest.raises(StateError, match="was altered"):
        papers.read(kept.id)
    with pytest.raises(NotFound):
        papers.read(99)


def test_a_content_that_no_case_has_is_swept_away(papers: Papers, tmp_path: Path) -> None:
    papers.add(1, "a.pdf", PDF, ANNA, now=NOW)
    papers.add(2, "the same.pdf", PDF, ANNA, now=NOW)
    stray = tmp_path / "files" / "ab" / ("ab" * 32)
    stray.parent.mkdir()
    stray.write_bytes(b"left by a kill")
    assert papers.sweep() == 1
    assert len(everything(tmp_path / "files")) == 1
