"""`stopship lists`: the lists on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.list_snapshots import bundle, diff, import_bundle, pin
from stopship.cli.list_update import update
from stopship.cli.options import AsOption, HomeOption, JsonOption, actor, follow_cases, now, read_day, workspace
from stopship.cli.terminal import show, steps, wrap
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.snapshots import Snapshot

app = typer.Typer(
    help="The lists on this machine: update, import, status, diff, pin, prune, bundle.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

MOST_REASONS = 8

app.command("update")(update)
app.command("diff")(diff)
app.command("pin")(pin)
app.command("bundle")(bundle)
app.command("import-bundle")(import_bundle)


@app.command("import")
def import_(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Which list it is, e.g. us_csl, or custom.")],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="The publisher's file, gzipped or not; of a list in several files, like OFAC's CSV set, "
            "the folder with them or all of them.",
        ),
    ],
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="YYYY-MM-DD", help="When it was published, if the file doesn't say."),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Keep it although it is out of bounds or shrank by over a fifth.")
    ] = False,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="MAPPING.yml", help="What the columns of a list of your own are."),
    ] = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Read an official list file, or one of your own, and keep it as the current snapshot of its source."""
    import orjson

    day = read_day(published, "--published")
    space = workspace(context, home)
    with steps() as step:
        done = space.import_list(
            source,
            files,
            published=day,
            now=now(),
            accept=accept,
            mapping=mapping,
            step=step,
            actor=actor(as_, space).id,
        )
    follow_cases(space)
    parsed, snapshot = done.parsed, done.snapshot
    reasons: dict[str, int] = {}
    for reject in parsed.rejects:
        reasons[reject.reason] = reasons.get(reject.reason, 0) + 1
    if json_:
        plain: dict[str, Any] = {
            "source": snapshot.source,
            "snapshot": snapshot.id,
            "published": snapshot.published.isoformat() if snapshot.published else None,
            "rows": parsed.rows,
            "loaded": parsed.loaded,
            "rejected": len(parsed.rejects),
            "rejects": [{"row": r.row, "reason": r.reason, "text": r.text} for r in parsed.rejects],
            "entities": len(parsed.entities),
            "names": done.names,
            "unread_columns": list(parsed.unread),
            "warnings": [*parsed.warnings, *done.notes],
        }
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        return
    lines = [
        f"{done.info.title}: {parsed.rows:,} rows = {parsed.loaded:,} loaded + {len(parsed.rejects):,} "
        f"rejected; {len(parsed.entities):,} entities, {done.names:,} names"
    ]
    for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1])[:MOST_REASONS]:
        first = next(r.row for r in parsed.rejects if r.reason == reason)
        lines += wrap(f"rejected: {reason} ({count:,} rows, first at row {first})", "   ", "      ")
    lines += [
        line for warning in (*parsed.warnings, *done.notes) for line in wrap(f"note: {warning}", "   ", "      ")
    ]
    if parsed.unread:
        lines += wrap(f"columns not read: {', '.join(parsed.unread)}", "   ", "      ")
    before = done.replaced
    if before is not None and before.sha256 != snapshot.sha256:
        lines.append(f"   replaces {before.id} ({before.entries:,} entries), which is kept")
    elif before is not None:
        lines.append("   the same file as the current snapshot")
    dated = snapshot.published.isoformat() if snapshot.published else None
    lines.append(f"   snapshot {snapshot.id}")
    lines.append(
        f"   published {dated}"
        if dated
        else "   publication date unknown: its age counts from today (--published sets it)"
    )
    show(lines)


@app.command("status")
def status(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """Which lists are here, how old they are and whether they may still carry a `clear`."""
    import orjson

    from stopship.app.status import list_status

    space = workspace(context, home)
    states = list_status(space)
    if json_:
        typer.echo(orjson.dumps({"lists": states}, option=orjson.OPT_INDENT_2).decode())
        return
    lines = []
    for state in states:
        stale = ", STALE" if state["stale"] else ""
        limit = f" (limit {state['limit_days']})" if state["limit_days"] is not None else ""
        dated = f"published {state['published']}" if state["published"] else f"retrieved {state['retrieved']}"
        lines.append(f"{state['source']}: {state['title']}")
        lines.append(f"   {state['entries']:,} entries, {dated}, {state['age_days']} days old{limit}{stale}")
        if state["pinned"]:
            newest = f"; the newest here is of {state['newest']}" if state["newest"] else ""
            lines += wrap(f"PINNED by a person: decisions use no other{newest}", "   ", "      ")
        lines.append(f"   {state['rejected']:,} rows rejected, snapshot {state['snapshot']}")
        if state["note"]:
            lines += wrap(state["note"], "   ")
    show(lines)


@app.command("prune")
def prune_(
    context: typer.Context,
    older_than: Annotated[
        int | None,
        typer.Option(
            "--older-than",
            metavar="DAYS",
            help="Keep what orders of so many days are decided on; else keep_days of the settings.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Remove old snapshots, except the ones in use, pinned ones and those that a kept decision rests on."""
    import orjson

    from stopship.app.lists.retention import prunable, prune
    from stopship.app.lists.settings import read_list_settings

    space = workspace(context, home)
    days = read_list_settings(space.home).keep_days if older_than is None else older_than
    if days is None:
        raise SettingsError(
            "how long are snapshots kept?",
            where="lists prune",
            hint="Give --older-than DAYS, or keep_days in settings",
        )
    found = (prunable if dry_run else prune)(space, days=days)
    if json_:
        plain = {
            "removed": [] if dry_run else [_named(s) for s in found.removable],
            "removable": [_named(s) for s in found.removable],
            "kept_for_decisions": [_named(s) for s in found.cited],
        }
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        return
    word = "would remove" if dry_run else "removed"
    lines = [f"{word}: {s.source}, {s.dated}, {s.id}" for s in found.removable]
    lines += [f"kept, a decision rests on it: {s.source}, {s.dated}, {s.id}" for s in found.cited]
    show([*lines, f"{word} {len(found.removable)} snapshots"])


def _named(snapshot: Snapshot) -> dict[str, str]:
    return {"source": snapshot.source, "snapshot": snapshot.id, "dated": snapshot.dated.isoformat()}
