"""`stopship monitor` and `stopship rescreen`: customers that are screened again when a list changes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import HomeOption, JsonOption, now, workspace
from stopship.cli.terminal import screening_progress, show, tell_stale, wrap
from stopship.errors import StopshipError

if TYPE_CHECKING:
    from stopship.app.monitoring.rescreen import Rescreened
    from stopship.monitor import Event

app = typer.Typer(
    help="Customers that are screened again when a list changes: enroll, status, remove.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
MOST_SHOWN = 20
ALL_ARE = "stopship rescreen --out FILE, or --json, gives all"
ProcessesOption = Annotated[
    int | None,
    typer.Option("--processes", metavar="N", min=1, help="Processes that work; one a core if not given."),
]


@app.command("enroll")
def enroll_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="CUSTOMERS",
            help="CSV, JSON lines, XLSX or Parquet with columns `id` and `name`, as of `screen`.",
        ),
    ],
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="What to call them; replaces those of that name.")
    ],
    format_: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="Of the file: csv, jsonl, xlsx or parquet."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Of the file; else UTF-8 or guessed.")
    ] = None,
    processes: ProcessesOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Take customers in and screen all of them once. `stopship rescreen` follows the lists from then on."""
    from stopship.app.monitoring.rescreen import enroll, told
    from stopship.screening.freshness import list_ages

    space = workspace(context, home)
    with screening_progress(f"enrolling {file.name}") as report:
        done = enroll(
            space,
            file,
            name,
            now=now(),
            form=format_,
            encoding=encoding,
            processes=processes,
            progress=report,
            until_told=True,
        )
    lists = space.index(space.today).lists
    tell_stale(lists, space.today)
    if json_:
        typer.echo(_json(done.to_plain() | {"lists": list_ages(lists, space.today)}))
    else:
        show(_enrolled(name, done) + _events(done))
    if json_ or _all_shown(done):
        told(space, done)


def _enrolled(name: str, done: Rescreened) -> list[str]:
    if done.up_to_date:
        return [f"{name}: the same file and the same lists as before; nothing to do"]
    lines = [f"{name}: {done.customers:,} customers enrolled, {done.rejected:,} of them can't be screened"]
    if taken := done.taken_in:
        if taken.without_id:
            lines += wrap(f"{taken.without_id:,} rows have no id: each is told by what it says", "   ", "      ")
        if taken.repeated:
            lines += wrap(f"{taken.repeated:,} rows repeat an id: they are `id (2)` and so on", "   ", "      ")
        if taken.dropped:
            lines += wrap(
                f"Columns never read, because they hold special-category data: {', '.join(taken.dropped)}",
                "   ",
                "      ",
            )
        lines += [line for note in taken.notes for line in wrap(note, "   ", "      ")]
    return lines


def rescreen(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Which customers; all that are enrolled if not given.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write new, changed and gone matches as JSON lines."),
    ] = None,
    processes: ProcessesOption = None,
    fail_on_new: Annotated[
        bool, typer.Option("--fail-on-new", help="Exit with 1 if an alert is new or changed.")
    ] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Screen enrolled customers again whom a change of the lists touches: what is new, changed, gone."""
    from stopship.app.monitoring import rescreen as monitoring
    from stopship.screening.freshness import list_ages

    space = workspace(context, home)
    moment = now()
    found: list[Rescreened] = []
    failed: list[StopshipError] = []
    for one in [name] if name is not None else monitoring.names(space):
        try:
            with screening_progress(f"rescreening {one}") as report:
                found.append(
                    monitoring.rescreen(
                        space, one, now=moment, processes=processes, progress=report, until_told=True
                    )
                )
        except StopshipError as error:  # the others go on; it is told behind them
            failed.append(error)
    if out is not None:
        monitoring.write_events(out, found)
    lists = space.index(space.today).lists
    tell_stale(lists, space.today)
    if json_:
        plain = {"portfolios": [done.to_plain() for done in found], "lists": list_ages(lists, space.today)}
        typer.echo(_json(plain))
    elif found or not failed:
        shown: list[str] = []
        for done in found:
            shown += _summary(done) + _events(done)
        show(shown or ["no customers are enrolled: stopship monitor enroll CUSTOMERS --as NAME"])
    for done in found:
        if json_ or out is not None or _all_shown(done):
            monitoring.told(space, done)
    for one_of_several in failed[:-1]:
        typer.echo(f"stopship: {one_of_several}", err=True)
    if failed:
        raise failed[-1]
    alarming = any(event.what != "gone" and event.hit["alert"] for done in found for event in done.events)
    raise typer.Exit(1 if fail_on_new and alarming else 0)


@app.command("status")
def status_(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """Which customers are enrolled, their open matches, and whether the lists have changed since."""
    from stopship.app.monitoring.rescreen import status
    from stopship.screening.freshness import list_ages

    space = workspace(context, home)
    states, lists = status(space), space.index(space.today).lists
    tell_stale(lists, space.today)
    if json_:
        typer.echo(_json({"portfolios": states, "lists": list_ages(lists, space.today)}))
        return
    lines: list[str] = []
    for state in states:
        lines.append(
            f"{state['portfolio']}: {state['customers']:,} customers, {state['rejected']:,} can't be screened"
        )
        lines.append(f"   enrolled {state['enrolled']} from {state['source']}")
        lines.append(f"   {state['matches']:,} open matches, {state['alerts']:,} of them alert")
        lines.append(
            f"   screened {state['screened']}"
            + ("" if state["up_to_date"] else "; the lists have changed since: stopship rescreen")
        )
    show(lines or ["no customers are enrolled"])


@app.command("remove")
def remove_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which customers, as `monitor status` names them.")],
    home: HomeOption = None,
) -> None:
    """Erase enrolled customers with their matches and runs. The file that they came from is not touched."""
    from stopship.app.monitoring.rescreen import remove

    gone = remove(workspace(context, home), name)
    show([f"{name}: {gone:,} customers erased, with their matches and runs"])


def _summary(done: Rescreened) -> list[str]:
    if done.up_to_date:
        return [f"{done.name}: the lists are those of the last run; nothing to do"]
    how = "all were screened" if done.complete else f"{done.screened:,} of them were screened again"
    return wrap(
        f"{done.name}: {done.changed_entities:,} entities of the lists are new, changed or gone; "
        f"of {done.customers:,} customers {how}",
        "",
        "   ",
    )


def _events(done: Rescreened) -> list[str]:
    if done.up_to_date and not done.events:
        return []
    counts = done.counts()
    lines = []
    if done.untold:
        text = f"{done.untold:,} of these were found by an earlier run, which ended before it could tell them"
        lines += wrap(text, "   ", "      ")
    alerts = sum(event.hit["alert"] for event in done.events)
    lines.append(
        f"   {counts['new']:,} new, {counts['changed']:,} changed, {counts['gone']:,} gone matches, "
        f"{alerts:,} of them alerts"
    )
    shown = done.events[: _most_shown()]
    for event in shown:
        lines += _event(event)
    if len(done.events) > len(shown):
        lines.append(f"   and {len(done.events) - len(shown):,} more: {ALL_ARE}")
    return lines


def _most_shown() -> int | None:
    """How many matches are printed: all where the output goes to a file or by mail."""
    return MOST_SHOWN if sys.stdout.isatty() else None


def _all_shown(done: Rescreened) -> bool:
    most = _most_shown()
    return most is None or len(done.events) <= most


def _event(event: Event) -> list[str]:
    hit = event.hit
    programs = ", ".join(dict.fromkeys(listing["program"] for listing in hit["listings"]))
    text = (
        f"{event.what.upper()} {event.customer} {event.name or '(no name)'}: {hit['name']} ({programs}, "
        f"{hit['entity_id']}), {hit['band']} {hit['score']:.2f}{'' if hit['alert'] else ', no alert'}"
    )
    lines = wrap(text, "   ", "      ")
    for name in event.fields:
        if name in ("score", "band", "alert", "name", "caption", "source", "kind", "countries"):
            lines += wrap(f"{name} was {event.before[name]}, is {hit.get(name)}", "      ", "         ")
    was, now_is = event.before.get("listings"), hit["listings"]
    if was is not None:
        for said, ones, others in (("no longer", was, now_is), ("now", now_is, was)):
            for one in ones:
                if one not in others:
                    parts = [one[part] for part in ("program", "name", "source", "start", "citation")]
                    text = ", ".join(str(part) for part in parts if part)
                    lines += wrap(f"{said} listed as {text}", "      ", "         ")
    return lines


def _json(plain: Any) -> str:
    import orjson

    return orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode()
