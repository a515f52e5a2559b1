"""A ZIP archive of evidence, opened so that its decisions can be made again from what it holds and nothing else.

An archive comes from somewhere else: names, sizes and hashes are checked before anything of it is used.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from stopship.app.casework.evidence import FORMAT, MANIFEST
from stopship.app.intake.read import read_list
from stopship.app.lists.bundle import Carried, read_carried
from stopship.app.records import Records
from stopship.app.workspace import Workspace
from stopship.errors import RecordError
from stopship.sources.catalogue import describe
from stopship.sources.containers import MAX_UNPACKED

MOST_FILES = 20_000
MOST_BYTES = 4_000_000_000
_HASH = "[0-9a-f]{64}"
_NAMES = re.compile(
    rf"case\.json|audit\.jsonl|prov\.json|rules\.json|lists\.json|decisions/{_HASH}\.json|settings/{_HASH}\.json"
    rf"|rulebooks/{_HASH}/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*"
    rf"|lists/[a-z0-9][a-z0-9_.-]{{0,63}}/{_HASH}\.gz|files/\d+-{_HASH}"
)


@contextmanager
def opened_evidence(
    path: Path, workspace: Workspace
) -> Iterator[tuple[Workspace, list[tuple[Mapping[str, Any], Mapping[str, Any]]]]]:
    """A workspace with what an archive holds, and its decisions as `replay.read_decisions` gives them.

    Args:
        path: what `cases export` wrote.
        workspace: the home, for ownership data, and for lists where the archive has none.

    Raises:
        RecordError: it is no such archive, was damaged or altered; says which file.
    """
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="stopship-") as folder:
            plain, held = _checked(archive, str(path))
            there = Path(folder)
            for name in held:
                if name.startswith(("settings/", "rulebooks/")):
                    place = there / "decisions" / name
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(archive.read(name))
            if plain["lists"]:
                inside = Workspace(there, today=workspace.today)
                inside.ownership = workspace.ownership
                if "lists.json" in held:
                    _take_lists(archive, inside, str(path))
            else:
                inside = Workspace(workspace.home, today=workspace.today)
                inside.records = Records(there, lambda: workspace.rulebook)
            names = [name for name in held if name.startswith("decisions/")]
            yield inside, [({"decision": name[10:-5]}, orjson.loads(archive.read(name))) for name in names]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, orjson.JSONDecodeError) as bad:
        raise _refused(f"it is damaged ({' '.join(str(bad).split())[:120]})", str(path)) from None
    except FileNotFoundError:
        raise RecordError("there is no such file", where=str(path)) from None


def _checked(archive: zipfile.ZipFile, where: str) -> tuple[Mapping[str, Any], list[str]]:
    """The manifest, and the names of the files, all of which have the hash that it says."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise _refused("it is too large", where)
    names = [info.filename for info in infos]
    if len(set(names)) != len(names) or MANIFEST not in names:
        raise _refused(f"it has no {MANIFEST}, or a file twice", where)
    try:
        plain = orjson.loads(archive.read(MANIFEST))
        said = {entry["name"]: entry["sha256"] for entry in plain["files"]}
        if plain["format"] != FORMAT or not isinstance(plain["lists"], bool):
            raise ValueError("of another form")
    except (ValueError, KeyError, TypeError):
        raise _refused(f"its {MANIFEST} can't be read", where) from None
    if set(said) | {MANIFEST} != set(names):
        raise _refused("it holds other files than it says", where)
    for name, digest in said.items():
        if not _NAMES.fullmatch(name) or ".." in name:
            raise _refused(f"it holds {name[:80]!r}, which no such archive does", where)
        found = hashlib.sha256()
        with archive.open(name) as stream:
            while block := stream.read(1 << 20):
                found.update(block)
        if found.hexdigest() != digest:
            raise _refused(f"{name} was altered", where)
        if name.startswith("decisions/") and name[10:-5] != digest:
            raise _refused(f"{name} is not the decision that was kept", where)
    return plain, list(said)


def _take_lists(archive: zipfile.ZipFile, workspace: Workspace, where: str) -> None:
    try:
        carried = [read_carried(entry) for entry in orjson.loads(archive.read("lists.json"))["lists"]]
    except (KeyError, ValueError, TypeError, AttributeError):
        raise _refused("its lists.json can't be read", where) from None
    for one in carried:
        data = _unpacked(archive, one, where)
        read = read_list(
            workspace.archive,
            describe(one.source, data, one.filename),
            data,
            one.filename,
            published=one.published,
            retrieved=one.retrieved,
            before=None,
            accept=True,
        )
        read.ready.keep()


def _unpacked(archive: zipfile.ZipFile, carried: Carried, where: str) -> bytes:
    member = zlib.decompressobj(wbits=31)
    data = member.decompress(archive.read(carried.member), MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED or not member.eof or hashlib.sha256(data).hexdigest() != carried.sha256:
        raise _refused(f"{carried.source} was altered", where)
    return data


def _refused(what: str, where: str) -> RecordError:
    return RecordError(f"this evidence is refused: {what}", where=where, hint="Give what cases export wrote")
