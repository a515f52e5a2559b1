"""`stopship audit`: is the record what was written, and the record itself."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from stopship.cli.options import AsOption, HomeOption, JsonOption, actor, now, workspace
from stopship.cli.terminal import show, steps, wrap

NOT_SOUND = 1
MOST_SHOWN = 40

app = typer.Typer(
    help="The audit record: verify that nothing was altered, removed or moved; export it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("verify")
def verify_(
    context: typer.Context,
    anchor: Annotated[
        list[str] | None,
        typer.Option(
            "--anchor", metavar="HASH", help="A head that you kept elsewhere: a row must have it; repeatable."
        ),
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Check every row of the audit record against the one before, the head, and the heads that were noted outside
    of the database. Exit code 1 if anything is wrong, with the rows that are."""
    import orjson

    from stopship.app.auditing import verify

    space = workspace(context, home)
    with closing(space.held_database()) as database, steps() as step:
        if step is not None:
            step("verifying")
        checked = verify(space.home, database, now=now(), anchors=anchor or ())
    if json_:
        typer.echo(orjson.dumps(checked.to_plain(), option=orjson.OPT_INDENT_2).decode())
    else:
        lines = []
        for fault in checked.faults[:MOST_SHOWN]:
            rows = f"row {fault.first}" if fault.first == fault.last else f"rows {fault.first} to {fault.last}"
            lines += wrap(f"{'the record' if not fault.first else rows}: {fault.text}", "", "   ")
        if len(checked.faults) > MOST_SHOWN:
            lines.append(f"and {len(checked.faults) - MOST_SHOWN:,} more (--json lists all)")
        erased = f", {checked.erased:,} of them erased as the record says" if checked.erased else ""
        word = "verified" if checked.sound else "NOT VERIFIED"
        heads = f"{checked.anchors:,} noted {'head' if checked.anchors == 1 else 'heads'}"
        lines.append(f"{word}: {checked.rows:,} rows{erased}, held against {heads}")
        lines.append(f"head: row {checked.head.seq}, {checked.head.hash}")
        show(lines)
    raise typer.Exit(0 if checked.sound else NOT_SOUND)


@app.command("export")
def export_(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="OUT.jsonl", help="Where to write it.")],
    after: Annotated[int, typer.Option("--after", metavar="N", min=0, help="Only rows behind this one.")] = 0,
    home: HomeOption = None,
) -> None:
    """Write the audit record to a file, one row a line, with all hashes."""
    from stopship.app.auditing import export

    with closing(workspace(context, home).held_database()) as database:
        count = export(database, out, after=after)
    show([f"{count:,} rows: {out}"])


@app.command("evidence")
def evidence(
    context: typer.Context,
    decision: Annotated[
        str, typer.Argument(metavar="DECISION", help="The hash of a kept decision; six digits are enough.")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="OUT", help=".zip: everything, replays; .pdf: to print; .json: PROV-JSON."),
    ],
    lists: Annotated[
        bool, typer.Option("--lists/--no-lists", help="In a .zip, the lists that it rests on, too.")
    ] = True,
    as_: AsOption = None,
    home: HomeOption = None,
) -> None:
    """Write a kept decision out as evidence, also one that found nothing. `cases export` does it for a case."""
    from stopship.app.casework.desk import opened_case_work
    from stopship.app.casework.evidence import write_evidence

    space, moment = workspace(context, home), now()
    space.held_database().close()
    with opened_case_work(space, now=moment) as work:
        told = write_evidence(space, work, decision, out, actor(as_, space), now=moment, with_lists=lists)
    show([f"{told}: {out}"])
