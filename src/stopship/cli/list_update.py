"""`stopship lists update`: every list from its publisher, in one command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from stopship.cli.options import HomeOption, JsonOption, follow_cases, now, workspace
from stopship.cli.terminal import show, wrap

if TYPE_CHECKING:
    from stopship.app.lists.refresh import Refreshed, SourceUpdate
    from stopship.app.workspace import Workspace

NONE_CAME = 1
MOST_NOTES = 6


def update(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE...]", help="Which lists; else all that have an address.", show_default=False
        ),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take lists that are not as expected: out of bounds, shrunken …")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Use no network: only finish what was fetched before.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if any list failed or is beyond its age limit.")
    ] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Fetch the lists from their publishers and put them in use. A list that fails leaves the others, and its last
    good snapshot in use; it is told on stderr. Exit code 1 if none could be brought up to date."""
    import orjson

    from stopship.app.lists.refresh import refresh
    from stopship.app.lists.settings import read_list_settings
    from stopship.app.status import mend_stale, stale_states

    space = workspace(context, home)
    settings = read_list_settings(space.home)
    with _progress() as report:
        done = refresh(space, settings, sources or (), now=now(), accept=accept, offline=offline, report=report)
    follow_cases(space)
    stale = stale_states(space)
    for one in done.failed:
        typer.echo(f"stopship: {one.source}: {_problem(one)}", err=True)
    for state in stale:
        typer.echo(f"stopship: {mend_stale(state)}", err=True)
    if json_:
        plain = {
            "sources": [one.to_plain() for one in done.sources],
            "stale": [state["source"] for state in stale],
            "pruned": [{"source": s.source, "snapshot": s.id, "dated": s.dated.isoformat()} for s in done.pruned],
        }
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        show([*_page(done), *([] if sources else _others(space))])
    failed = done.sources and len(done.failed) == len(done.sources)
    raise typer.Exit(NONE_CAME if failed or (strict and (done.failed or stale)) else 0)


def _page(done: Refreshed) -> Iterator[str]:
    for one in done.sources:
        if one.status == "failed":
            yield f"{one.source}: FAILED, {_remains(one)}"
            continue
        assert one.after is not None
        told = {
            "new": "new here",
            "updated": _changes(one),
            "unchanged": "unchanged",
            "read_again": f"the same file, read again: {_changes(one)}",
        }[one.status]
        rejected = f", {one.rejected:,} row{'s' * (one.rejected > 1)} rejected" if one.rejected else ""
        yield f"{one.source}: {told}; {one.after.entries:,} entries, dated {one.after.dated}{rejected}"
        if one.status != "unchanged":
            for note in one.notes[:MOST_NOTES]:
                yield from wrap(f"note: {note}", "   ", "      ")
            if len(one.notes) > MOST_NOTES:
                yield f"   and {len(one.notes) - MOST_NOTES} more notes (--json lists all)"
    if done.pruned:
        yield f"removed {len(done.pruned):,} snapshots older than the settings keep"
    well = len(done.sources) - len(done.failed)
    yield f"{well} of {len(done.sources)} lists are up to date" if done.sources else "no list has an address"


def _others(space: Workspace) -> list[str]:
    """A line about the official lists that an update doesn't fetch and that are not here."""
    from stopship.app.lists.choice import only_by_hand

    missing = [source for source in only_by_hand() if space.archive.current(source) is None]
    if not missing:
        return []
    text = f"not here and not fetched: {', '.join(missing)} (stopship lists update SOURCE says how to get each)"
    return wrap(text, "", "   ")


def _changes(one: SourceUpdate) -> str:
    if one.changes is None:
        return "replaced"
    counts = one.changes.counts()
    return f"{counts['added']:,} added, {counts['removed']:,} removed, {counts['changed']:,} changed"


def _problem(one: SourceUpdate) -> str:
    text = one.problem.removeprefix(f"{one.source}: ").rstrip(".")
    return f"{text}. {_remains(one).capitalize()}"


def _remains(one: SourceUpdate) -> str:
    if one.before is None:
        return "no list of this source is in use"
    return f"the list of {one.before.dated} stays in use"


@contextmanager
def _progress() -> Iterator[Callable[[str, str, int, int | None], None] | None]:
    """A line a source on stderr, with a bar while it is fetched; None where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    import threading

    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    words = (TextColumn("{task.description:<24}"), TextColumn("{task.fields[told]}"))
    columns = (*words, BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {"": bar.add_task("all lists", total=None, told="waiting")}
        lock = threading.Lock()

        def report(source: str, told: str, done: int, total: int | None) -> None:
            with lock:
                if source not in tasks:
                    tasks[source] = bar.add_task(source, total=None, told=told)
            if done or total:
                bar.update(tasks[source], told=told, completed=done, total=total)
            else:
                bar.update(tasks[source], told=told)

        yield report
