"""`stopship backup` and `stopship restore`: all that can't be made again, in one file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from stopship.cli.options import HomeOption, JsonOption, now, who, workspace
from stopship.cli.terminal import progress, show


def backup(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT.zip", help="The file to write; it must not be there yet.")],
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write lists, decisions, settings, cases, users and the audit record to one file, while everything goes
    on."""
    import orjson

    from stopship.app.backup import write_backup

    space = workspace(context, home)
    with closing(space.database()) as database, progress("backup", unit="files") as report:
        told = (lambda done, _total: report(done)) if report else None
        written = write_backup(space, out, database=database, now=now(), progress=told)
    manifest = written.manifest
    rows = sum(part.rows or 0 for part in manifest.tables.values())
    plain = {
        "file": str(written.path),
        "bytes": written.size,
        "sha256": written.sha256,
        "files": len(manifest.files),
        "rows": rows,
        "audit": {"seq": manifest.audit_seq, "hash": manifest.audit_hash},
    }
    if json_:
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        return
    show(
        [
            f"{written.path}: {written.size:,} bytes, {len(manifest.files):,} files, {rows:,} rows",
            f"sha256 {written.sha256}",
            f"the audit record ends at row {manifest.audit_seq:,} with {manifest.audit_hash}",
            "There are secrets in it (hashes of passwords and keys, secrets of webhooks): keep it closed.",
        ]
    )


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN.zip", help="What `backup` has written.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put what is in the home aside, and the database's rows away.")
    ] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Make a home of a backup. Stop `serve` and `work` first. All is checked before anything counts."""
    import orjson

    from stopship.app.backup import restore as restore_backup

    space = workspace(context, home)
    with progress("restore", unit="files") as report:
        told = (lambda done, _total: report(done)) if report else None
        done = restore_backup(source, space.home, actor=who(), now=now(), replace=replace, progress=told)
    plain = {
        "home": str(done.home),
        "made": done.manifest.made.isoformat(),
        "files": len(done.manifest.files),
        "rows": done.rows,
        "audit": {"seq": done.head.seq, "hash": done.head.hash},
        "before": str(done.before) if done.before else None,
    }
    if json_:
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        return
    made = f"{done.manifest.made:%Y-%m-%d %H:%M} UTC"
    lines = [
        f"{done.home}: {len(done.manifest.files):,} files and {done.rows:,} rows of {made}",
        f"the audit record was checked; it goes on at row {done.head.seq:,}",
    ]
    if done.before is not None:
        lines.append(f"What was there before lies in {done.before}: remove it when all is well")
    show(lines)
