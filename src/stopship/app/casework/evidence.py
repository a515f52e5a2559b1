"""A case, or a kept decision, written out as evidence: a ZIP archive that holds all of it and replays, a PDF to
print, or PROV-JSON.

The archive::

    manifest.json            what it holds, each file with its hash
    case.json                the case: party, alerts with entries as printed, dispositions, notes, timeline
    audit.jsonl              the audit rows about it, with all hashes
    prov.json                where everything comes from, PROV-JSON
    rules.json               the rules that its decisions rest on, with their citations
    decisions/<sha256>.json  the kept decisions; `stopship replay ARCHIVE.zip` decides them again
    settings/<sha256>.json   the settings that they were made with
    rulebooks/<sha256>/…     the law as it was written that day
    lists/<source>/<sha256>.gz, lists.json   the lists that they rest on
    files/<number>-…         what people added to the case
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from stopship.app.casework.desk import CaseWork
from stopship.app.casework.gathered import Gathered, of_case, of_decision
from stopship.app.indexes import STARTER
from stopship.app.lists.bundle import Carried, carried_plain
from stopship.app.workspace import Workspace
from stopship.cases import Actor
from stopship.cases.view import audit_to_plain
from stopship.errors import SettingsError, SnapshotError, StateError
from stopship.snapshots.content import pack
from stopship.snapshots.snapshot import utc_text
from stopship.store import audit
from stopship.version import __version__

FORMAT = 1
MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_INDENT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def write_evidence(
    workspace: Workspace,
    work: CaseWork,
    about: int | str,
    out: Path,
    actor: Actor,
    *,
    now: datetime,
    with_lists: bool = True,
) -> str:
    """Write a case, or a kept decision, to a file, by its ending: `.zip`, `.pdf`, or `.json` (PROV-JSON). What it
    was, in words. The export itself is a row of the audit record, too.

    Args:
        about: the number of a case, or the hash of a kept decision, of which six digits are enough.

    Raises:
        NotFound: there is no such case or decision. SettingsError: another ending, or the extra `pdf` is missing.
        StateError: something that belongs to it is missing or altered, or the file can't be written.
    """
    ending = out.suffix.lower()
    if ending not in (".zip", ".pdf", ".json"):
        raise SettingsError("what is it to be?", where=str(out), hint="End the name in .zip, .pdf or .json")
    gathered = of_case(workspace, work, about) if isinstance(about, int) else of_decision(workspace, work, about)
    part = out.with_name(f".{out.name}.part")
    try:
        if ending == ".zip":
            told = _write_archive(workspace, work, gathered, part, now, with_lists=with_lists)
        elif ending == ".pdf":
            from stopship.app.casework.pdf import evidence_pdf

            part.write_bytes(evidence_pdf(gathered, now=now))
            told = "PDF"
        else:
            part.write_bytes(orjson.dumps(gathered.prov(), option=_INDENT))
            told = "PROV-JSON"
        digest = hashlib.sha256(part.read_bytes()).hexdigest()
        with work.desk.writing() as connection:
            audit.append(
                connection,
                actor=actor.id,
                action=f"{gathered.subject.partition(':')[0]}.exported",
                subject=gathered.subject,
                content={"form": ending[1:], "sha256": digest},
                now=now,
            )
        part.replace(out)
    except OSError as bad:
        raise StateError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None
    finally:
        part.unlink(missing_ok=True)
    return f"{told}, sha256 {digest}"


def _write_archive(
    workspace: Workspace, work: CaseWork, gathered: Gathered, path: Path, now: datetime, *, with_lists: bool
) -> str:
    held: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, data: bytes) -> None:
            # Without times of files: the same case gives the same archive.
            kind = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, kind)
            held.append({"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})

        if gathered.view is not None:
            put("case.json", orjson.dumps(gathered.view.to_plain(now=now), option=_INDENT))
        lines = (orjson.dumps(audit_to_plain(row), option=orjson.OPT_APPEND_NEWLINE) for row in gathered.rows)
        put("audit.jsonl", b"".join(lines))
        put("prov.json", orjson.dumps(gathered.prov(), option=_INDENT))
        put("rules.json", orjson.dumps(gathered.rules(), option=_INDENT))
        for digest, data in sorted(gathered.raw.items()):
            put(f"decisions/{digest}.json", data)
        for name, data in _inputs(workspace, gathered):
            put(name, data)
        if with_lists:
            for name, data in _lists(workspace, gathered):
                put(name, data)
        for file in gathered.view.files if gathered.view is not None else ():
            kept, data = work.papers.read(file.id)
            # The person's name for it stands in case.json; here it is a number and a hash, which harm no reader.
            put(f"files/{file.id}-{kept.sha256}", data)
        manifest = {
            "format": FORMAT,
            "about": gathered.subject,
            "made": utc_text(now),
            "engine": f"stopship {__version__}",
            "replay": "stopship replay ARCHIVE.zip",
            "lists": with_lists,
            **({"notice": gathered.notice} if gathered.notice is not None else {}),
            "files": held,
        }
        archive.writestr(
            zipfile.ZipInfo(MANIFEST, _EPOCH), orjson.dumps(manifest, option=_INDENT), zipfile.ZIP_DEFLATED
        )
    decisions = f"{len(gathered.decisions)} decision{'' if len(gathered.decisions) == 1 else 's'}"
    return f"{decisions}, {len(gathered.rows)} audit rows, {len(held) + 1} files"


def _inputs(workspace: Workspace, gathered: Gathered) -> Iterator[tuple[str, bytes]]:
    """Settings and rulebooks as they were kept."""
    root = workspace.records.root
    for digest in sorted({d["settings"].removeprefix("sha256:") for d in gathered.decisions.values()}):
        path = root / "settings" / f"{digest}.json"
        if path.is_file():
            yield f"settings/{digest}.json", path.read_bytes()
    for digest in sorted({d["rulebook"].removeprefix("sha256:") for d in gathered.decisions.values()}):
        folder = root / "rulebooks" / digest
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                yield f"rulebooks/{digest}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _lists(workspace: Workspace, gathered: Gathered) -> Iterator[tuple[str, bytes]]:
    """The published bytes of the lists, in the form of `lists bundle`."""
    wanted = {(one["source"], one["snapshot"]) for d in gathered.decisions.values() for one in d["lists"]}
    carried: list[dict[str, Any]] = []
    for source, snapshot in sorted(wanted):
        if source == STARTER:
            continue
        found = next((one for one in workspace.archive.all(source) if one.id == snapshot), None)
        if found is None:
            raise SnapshotError(
                f"the snapshot {snapshot} of {source}, which a decision rests on, is not here",
                where=str(workspace.home),
                hint="Import that file again, or give --no-lists",
            )
        one = Carried(source, found.sha256, found.published, found.retrieved, found.filename or source)
        carried.append(carried_plain(one))
        yield one.member, pack(workspace.archive.raw(found))
    if carried:
        yield "lists.json", orjson.dumps({"format": 1, "lists": carried}, option=_INDENT)
