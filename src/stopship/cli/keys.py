"""`stopship keys`: keys of programs, and of persons, for the REST interface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import HomeOption, JsonOption, now, read_day, workspace
from stopship.cli.terminal import show, table, write_json
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.access.keys import Made
    from stopship.app.access import Access
    from stopship.store.keys import KeyRow

app = typer.Typer(
    help="Keys of programs and persons for REST: create, list, rotate, revoke.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="Its id as `keys list` shows it, or its name where one key has it.")
]


@app.command("create")
def create_(
    context: typer.Context,
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="What it may do: match, decide, lists, cases, monitor, audit, metrics, admin, and for a person "
            "judge. May be repeated.",
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="TEXT", help="What it is for, e.g. ERP.", show_default="the name of --user"
        ),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            "--user",
            metavar="NAME",
            help="Whose it is: it acts as this person, as far as role and scopes allow.",
            show_default="a program's",
        ),
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="YYYY-MM-DD", help="From this day on (UTC) it doesn't hold.")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", min=1, max=36500, help="So many days it holds.")
    ] = None,
    rate: Annotated[
        int | None,
        typer.Option("--rate", metavar="N", min=1, help="Requests a minute; as the settings say if not given."),
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Make a key. It is shown this once: only a hash of it is kept."""
    from stopship.access import command_line
    from stopship.access.vocabulary import parse_scopes
    from stopship.app.access import opened_access

    scopes = parse_scopes(scope)
    moment = now()
    if expires is not None and days is not None:
        raise SettingsError("--expires and --days say the same thing: give one of them")
    day = read_day(expires, "--expires")
    ends = datetime.combine(day, time(0), UTC) if day is not None else None
    if days is not None:
        ends = moment + timedelta(days=days)
    if name is None and user is None:
        raise SettingsError("what is it for?", where="keys create", hint="Give --name ERP, or --user NAME")
    with opened_access(workspace(context, home)) as access:
        made = access.keys.create(
            name or user or "",
            scopes,
            actor=command_line().actor,
            now=moment,
            expires=ends,
            a_minute=rate,
            user=user,
        )
        people = _people(access)
    of = f" for {people[made.row.user_id]}" if made.row.user_id is not None else ""
    _tell_made(made, f"key {made.row.name} ({made.row.public}) made{of}", json_, people)


@app.command("list")
def list_(
    context: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help="Also those that were revoked or have expired.")] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """The keys that hold, with what they may do and when they were last used."""
    from stopship.access.keys import holds
    from stopship.app.access import opened_access

    moment = now()
    with opened_access(workspace(context, home)) as access:
        found = [row for row in access.keys.all() if all_ or holds(row, moment)]
        people = _people(access)
    if json_:
        write_json({"keys": [to_plain(row, moment, people) for row in found]})
        return
    if not found:
        show(["there are no keys. Make one: stopship keys create --name ERP --scope match"])
        return
    rows = [
        (
            row.public,
            row.name,
            people[row.user_id] if row.user_id is not None else "",
            row.scopes.replace(" ", ","),
            _state(row, moment),
            "never" if row.last_used is None else f"{row.last_used:%Y-%m-%d %H:%M} UTC",
            "" if row.a_minute is None else f"{row.a_minute}/min",
        )
        for row in found
    ]
    show(table(("ID", "NAME", "PERSON", "SCOPES", "STATE", "LAST USED", "RATE"), rows))


@app.command("rotate")
def rotate_(
    context: typer.Context,
    key: KeyArgument,
    keep_old: Annotated[
        float,
        typer.Option("--keep-old", metavar="HOURS", min=0, max=2160, help="How long the old one still holds."),
    ] = 0.0,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Make a new key in the place of one, with the same name, scopes, rate and length of life."""
    from stopship.access import command_line
    from stopship.app.access import opened_access

    with opened_access(workspace(context, home)) as access:
        made = access.keys.rotate(key, actor=command_line().actor, now=now(), keep_old=timedelta(hours=keep_old))
        people = _people(access)
    old = f"the old one holds for {keep_old:g} more hours" if keep_old else "the old one is refused from now on"
    line = f"key {made.row.name} ({made.row.public}) takes the place of {made.row.replaces}; {old}"
    _tell_made(made, line, json_, people)


@app.command("revoke")
def revoke_(context: typer.Context, key: KeyArgument, json_: JsonOption = False, home: HomeOption = None) -> None:
    """End a key at once. A program that still sends it is refused."""
    from stopship.access import command_line
    from stopship.app.access import opened_access

    moment = now()
    with opened_access(workspace(context, home)) as access:
        row = access.keys.revoke(key, actor=command_line().actor, now=moment)
        people = _people(access)
    if json_:
        write_json(to_plain(row, moment, people))
    else:
        show([f"key {row.name} ({row.public}) is revoked"])


def _people(access: Access) -> dict[int, str]:
    """The names of accounts by their numbers."""
    return {user.id: user.name for user in access.accounts.all()}


def to_plain(row: KeyRow, moment: datetime, people: Mapping[int, str]) -> dict[str, Any]:
    """The form of `--json`, without the key itself."""
    return {
        "id": row.public,
        "name": row.name,
        "user": people[row.user_id] if row.user_id is not None else None,
        "scopes": row.scopes.split(),
        "state": _state(row, moment).split()[0],
        "requests_a_minute": row.a_minute,
        "created": row.created.isoformat(),
        "created_by": row.created_by,
        "expires": row.expires.isoformat() if row.expires else None,
        "last_used": row.last_used.isoformat() if row.last_used else None,
        "revoked": row.revoked.isoformat() if row.revoked else None,
        "replaces": row.replaces,
    }


def _state(row: KeyRow, moment: datetime) -> str:
    if row.revoked is not None:
        return f"revoked {row.revoked:%Y-%m-%d}"
    if row.expires is None:
        return "holds"
    return f"{'holds until' if row.expires > moment else 'expired'} {row.expires:%Y-%m-%d}"


def _tell_made(made: Made, line: str, json_: bool, people: Mapping[int, str]) -> None:
    if json_:
        write_json({**to_plain(made.row, made.row.created, people), "key": made.text})
        return
    ends = f"until {made.row.expires:%Y-%m-%d %H:%M} UTC" if made.row.expires else "without end"
    show(
        [
            line,
            f"   may: {made.row.scopes.replace(' ', ', ')}; holds {ends}",
            f"   {made.text}",
            "   Copy it now: it is shown this once. Send it as `Authorization: ApiKey ssk_…`",
        ]
    )
