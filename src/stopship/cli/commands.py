"""The tree of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from stopship.cli import (
    audit,
    backup,
    benchmark,
    cases,
    check,
    compare,
    demo,
    doctor,
    items,
    jobs,
    keys,
    lists,
    monitor,
    ownership,
    replay,
    rules,
    schedule,
    screen,
    serve,
    users,
    webhooks,
)
from stopship.cli.options import HomeOption

app = typer.Typer(
    name="stopship",
    help="May this item go to these parties, in this destination, on this date, and why?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from stopship.version import __version__

        typer.echo(f"stopship {__version__}")
        raise typer.Exit


@app.callback()
def root(
    home: HomeOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """May this item go to these parties, in this destination, on this date, and why?"""


app.command("check")(check.check)
app.command("replay")(replay.replay)
app.command("screen")(screen.screen)
app.command("compare")(compare.compare)
app.command("serve")(serve.serve)
app.add_typer(lists.app, name="lists")
app.add_typer(monitor.app, name="monitor")
app.command("rescreen")(monitor.rescreen)
app.add_typer(cases.app, name="cases")
app.add_typer(audit.app, name="audit")
app.add_typer(ownership.app, name="ownership")
app.add_typer(rules.app, name="rules")
app.add_typer(items.app, name="items")
app.add_typer(benchmark.app, name="benchmark")
app.add_typer(users.app, name="users")
app.add_typer(keys.app, name="keys")
app.command("work")(jobs.work)
app.add_typer(jobs.app, name="jobs")
app.add_typer(schedule.app, name="schedule")
app.add_typer(webhooks.app, name="webhooks")
app.command("digest")(schedule.digest)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
