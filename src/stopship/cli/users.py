"""`stopship users`: accounts of people who work in the browser."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import HomeOption, JsonOption, now, workspace
from stopship.cli.terminal import show, table, write_json
from stopship.errors import AccountError, SettingsError

if TYPE_CHECKING:
    from stopship.store.users import UserRow

app = typer.Typer(
    help="People who may sign in: create, list, role, password, disable, enable, unlock, sign-out, link.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the person signs in with.")]
RoleText = (
    "viewer reads; analyst also screens and works cases; supervisor also approves; admin also manages users."
)
StdinOption = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from the first line of stdin instead of asking."),
]


@app.command("create")
def create_(
    context: typer.Context,
    name: NameArgument,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help=RoleText)],
    full_name: Annotated[
        str, typer.Option("--full-name", metavar="TEXT", help="What to show for the person; NAME if not given.")
    ] = "",
    password_stdin: StdinOption = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Create an account. The password is asked for twice; it is never given on the command line."""
    from stopship.access import command_line
    from stopship.access.accounts import parse_name
    from stopship.access.vocabulary import parse_role
    from stopship.app.access import opened_access

    wanted = parse_role(role)
    name = parse_name(name)
    with opened_access(workspace(context, home)) as access:
        if any(user.name == name for user in access.accounts.all()):
            raise AccountError(f"there is a user {name!r} already", hint="See: stopship users list")
        password = read_password(password_stdin)
        user = access.accounts.create(
            name, wanted, password, actor=command_line().actor, now=now(), full_name=full_name
        )
    _tell(user, f"user {user.name} created with the role {user.role}", json_)


@app.command("list")
def list_(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """Every account with its role, its state and the last sign-in."""
    from stopship.app.access import opened_access

    with opened_access(workspace(context, home)) as access:
        found = access.accounts.all()
    if json_:
        write_json({"users": [to_plain(user) for user in found]})
        return
    if not found:
        show(["there are no users yet. Create the first: stopship users create NAME --role admin"])
        return
    rows = [
        (
            user.name,
            user.role,
            "active" if user.disabled is None else f"disabled {user.disabled:%Y-%m-%d}",
            "never" if user.last_login is None else f"{user.last_login:%Y-%m-%d %H:%M} UTC",
            "password" if user.password_hash is not None else "provider",
            user.full_name,
        )
        for user in found
    ]
    show(table(("NAME", "ROLE", "STATE", "LAST SIGN-IN", "WITH", "FULL NAME"), rows))


@app.command("role")
def role_(
    context: typer.Context,
    name: NameArgument,
    role: Annotated[str, typer.Argument(metavar="ROLE", help=RoleText)],
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give a person another role. Who is signed in must sign in again."""
    from stopship.access import command_line
    from stopship.access.vocabulary import parse_role
    from stopship.app.access import opened_access

    wanted = parse_role(role, "ROLE")
    with opened_access(workspace(context, home)) as access:
        user = access.accounts.change_role(name, wanted, actor=command_line().actor, now=now())
    _tell(user, f"user {user.name} has the role {user.role} now", json_)


@app.command("password")
def password_(
    context: typer.Context,
    name: NameArgument,
    password_stdin: StdinOption = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Let the person sign in with the company's provider only.")
    ] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Set another password. Who is signed in with the old one is signed out."""
    from stopship.access import command_line
    from stopship.app.access import opened_access

    with opened_access(workspace(context, home)) as access:
        accounts = access.accounts
        actor = command_line().actor
        accounts.get(name)
        if remove:
            user = accounts.remove_password(name, actor=actor, now=now())
        else:
            user = accounts.set_password(name, read_password(password_stdin), actor=actor, now=now())
    done = "removed" if remove else "changed"
    _tell(user, f"password of {user.name} {done}; all sessions of that account have ended", json_)


@app.command("disable")
def disable_(
    context: typer.Context, name: NameArgument, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """Lock an account and sign the person out. What the person did stays on record under that name."""
    from stopship.access import command_line
    from stopship.app.access import opened_access

    with opened_access(workspace(context, home)) as access:
        user = access.accounts.disable(name, actor=command_line().actor, now=now())
    _tell(user, f"user {user.name} is disabled and signed out", json_)


@app.command("enable")
def enable_(
    context: typer.Context, name: NameArgument, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """Open an account again that was disabled."""
    from stopship.access import command_line
    from stopship.app.access import opened_access

    with opened_access(workspace(context, home)) as access:
        user = access.accounts.enable(name, actor=command_line().actor, now=now())
    _tell(user, f"user {user.name} may sign in again", json_)


@app.command("unlock")
def unlock_(
    context: typer.Context, name: NameArgument, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """Let a person sign in at once who must wait after too many wrong passwords."""
    from stopship.access import command_line
    from stopship.app.access import opened_access

    with opened_access(workspace(context, home)) as access:
        user = access.accounts.get(name)
        actor = command_line().actor
        waited = access.throttle.clear(user.name, actor=actor, subject=f"user:{user.id}", now=now())
    said = "has no wrong passwords counted against it any more" if waited else "had no wrong passwords counted"
    _tell(user, f"user {user.name} {said}", json_)


@app.command("sign-out")
def sign_out_(
    context: typer.Context, name: NameArgument, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """End all sessions of a person, on every machine."""
    from stopship.access import command_line
    from stopship.app.access import opened_access

    with opened_access(workspace(context, home)) as access:
        user = access.accounts.get(name)
        ended = access.accounts.sign_out(name, actor=command_line().actor, now=now())
    _tell(user, f"{ended} {'session' if ended == 1 else 'sessions'} of {user.name} ended", json_)


@app.command("link")
def link_(
    context: typer.Context,
    name: NameArgument,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="What the provider calls the person: `sub`.")],
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Tie an account to the company's provider, so that the person signs in there."""
    from stopship.access import command_line
    from stopship.app.access import opened_access

    with opened_access(workspace(context, home)) as access:
        oidc = access.settings.oidc
        if oidc is None:
            raise SettingsError("there is no provider in the settings", hint="Write it under access.oidc")
        user = access.accounts.link(name, oidc.issuer, subject, actor=command_line().actor, now=now())
    _tell(user, f"user {user.name} signs in as {subject} of {oidc.issuer}", json_)


def read_password(from_stdin: bool) -> str:
    """A password from stdin, or asked for twice.

    Raises:
        SettingsError: there is nobody to ask.
    """
    if from_stdin:
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise SettingsError("there is no password on stdin", where="--password-stdin")
        return line
    if not sys.stdin.isatty():
        raise SettingsError(
            "there is no terminal to ask for the password",
            hint="Pipe it in and give --password-stdin",
        )
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True)
    return typed


def to_plain(user: UserRow) -> dict[str, Any]:
    """The form of `--json`."""
    return {
        "id": user.id,
        "name": user.name,
        "full_name": user.full_name,
        "role": user.role,
        "state": "active" if user.disabled is None else "disabled",
        "password": user.password_hash is not None,
        "created": _moment(user.created),
        "password_set": _moment(user.password_set),
        "last_login": _moment(user.last_login),
        "disabled": _moment(user.disabled),
    }


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _tell(user: UserRow, line: str, json_: bool) -> None:
    if json_:
        write_json(to_plain(user))
    else:
        show([line])
