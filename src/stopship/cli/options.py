"""Options that several commands share, and how they find home and date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stopship.errors import AccountError, SettingsError

if TYPE_CHECKING:
    from stopship.app.workspace import Workspace
    from stopship.cases import Actor

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Directory of lists and settings [env STOPSHIP_HOME].", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON, alone, on stdout.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="YYYY-MM-DD", help="Decide as of this day.", show_default=False),
]
AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="USER",
        help="Who acts: an account where there are any (verdicts need it then); the login if not given.",
        show_default=False,
    ),
]


def today() -> date:
    """The day here; only the command line asks the clock."""
    return datetime.now().astimezone().date()


def now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC).replace(microsecond=0)


def who() -> str:
    """Who gives the command, for the audit record."""
    import getpass
    import os

    try:
        return f"cli:{getpass.getuser()}"[:200]
    except (OSError, KeyError):  # a user without a name, as in a container
        return f"cli:{os.getuid() if hasattr(os, 'getuid') else 'unknown'}"


def workspace(context: typer.Context, home: Path | None) -> Workspace:
    """The workspace of `--home`, given before or after the command."""
    from stopship.app.settings import resolve_home
    from stopship.app.workspace import Workspace

    return Workspace(resolve_home(home or context.find_root().params.get("home")), today=today())


def read_day(text: str | None, option: str) -> date | None:
    """An ISO day from an option.

    Raises:
        SettingsError: it isn't one.
    """
    from stopship.model.values import parse_day

    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise SettingsError(str(error), where=option) from None


def actor(name: str | None, space: Workspace) -> Actor:
    """Who acts on the command line: by `--as`, else by the login.

    Where the home has accounts, `--as` names one, and its person acts with its role, as in the browser: one person
    isn't two. Who may write the home may do everything in it, so the name is believed; where people must prove who
    they are, they work through the server.

    Raises:
        AccountError: there are accounts, and none that is active has this name.
    """
    import getpass

    from stopship.cases import Actor, Role

    if name is not None:
        from stopship.app.people import person_of_home

        if (person := person_of_home(space, name)) is not None:
            return person

    if name is None:
        try:
            name = getpass.getuser()
        except (KeyError, OSError):  # no login, as in some containers
            name = "unknown"
    return Actor(f"cli:{name.strip()}", Role.ADMIN)


def judge(name: str | None, space: Workspace) -> Actor:
    """Who acts in a step that two people must agree on. Where there are accounts, `--as` must name one: by their
    login, people with an account would be two.

    Raises:
        AccountError: as `actor`, or nobody is named.
    """
    if name is None:
        from stopship.app.people import has_accounts

        if has_accounts(space):
            raise AccountError("say who acts: people have accounts here", where="--as", hint="Give --as USER")
    return actor(name, space)


def follow_cases(space: Workspace) -> None:
    """After lists have changed: hold cases and suppressions against them; say on stderr what is to be judged."""
    if not space.has_database():
        return
    from stopship.app.casework.following import follow

    done = follow(space, now=now())
    if done.cases:
        many = len(done.cases)
        typer.echo(f"stopship: {many:,} {'case' if many == 1 else 'cases'} must be judged again", err=True)
