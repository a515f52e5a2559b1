"""The tree of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from stopship.cli import (
    benchmark,
    check,
    compare,
    demo,
    doctor,
    items,
    keys,
    lists,
    monitor,
    ownership,
    replay,
    rules,
    screen,
    serve,
    users,
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
app.add_typer(ownership.app, name="ownership")
app.add_typer(rules.app, name="rules")
app.add_typer(items.app, name="items")
app.add_typer(benchmark.app, name="benchmark")
app.add_typer(users.app, name="users")
app.add_typer(keys.app, name="keys")
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
