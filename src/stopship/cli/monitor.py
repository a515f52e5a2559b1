"""`stopship monitor` and `stopship rescreen`: customers that are screened again when a list changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import HomeOption, JsonOption, now, workspace
from stopship.cli.terminal import screening_progress, show, wrap

if TYPE_CHECKING:
    from stopship.app.monitoring.rescreen import Rescreened

app = typer.Typer(
    help="Customers that are screened again when a list changes: enroll, status, remove.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
MOST_SHOWN = 20
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
        )
    if json_:
        typer.echo(_json(done.to_plain()))
    else:
        show(_enrolled(name, done) + _events(done))
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

    space = workspace(context, home)
    moment = now()
    found: list[Rescreened] = []
    for one in [name] if name is not None else monitoring.names(space):
        with screening_progress(f"rescreening {one}") as report:
            found.append(monitoring.rescreen(space, one, now=moment, processes=processes, progress=report))
    if out is not None:
        monitoring.write_events(out, found)
    if json_:
        typer.echo(_json({"portfolios": [done.to_plain() for done in found]}))
    else:
        shown: list[str] = []
        for done in found:
            shown += _summary(done) + _events(done)
        show(shown or ["no customers are enrolled: stopship monitor enroll CUSTOMERS --as NAME"])
    for done in found:
        monitoring.told(space, done)
    alarming = any(event.what != "gone" and event.hit["alert"] for done in found for event in done.events)
    raise typer.Exit(1 if fail_on_new and alarming else 0)


@app.command("status")
def status_(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """Which customers are enrolled, their open matches, and whether the lists have changed since."""
    from stopship.app.monitoring.rescreen import status

    states = status(workspace(context, home))
    if json_:
        typer.echo(_json({"portfolios": states}))
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
    lines += [f"   {counts['new']:,} new, {counts['changed']:,} changed, {counts['gone']:,} gone matches"]
    for event in done.events[:MOST_SHOWN]:
        hit = event.hit
        alert = "" if hit["alert"] else ", no alert"
        fields = f"; changed: {', '.join(event.fields)}" if event.fields else ""
        text = (
            f"{event.what}: customer {event.customer} and {hit['name']} ({hit['entity_id']}), "
            f"{hit['band']} {hit['score']:.2f}{alert}{fields}"
        )
        lines += wrap(text, "   ", "      ")
    if len(done.events) > MOST_SHOWN:
        lines.append(f"   and {len(done.events) - MOST_SHOWN:,} more (--json or --out lists all)")
    return lines


def _json(plain: Any) -> str:
    import orjson

    return orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode()
