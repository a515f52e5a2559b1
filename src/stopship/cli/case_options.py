"""What the commands on one case share: options, an open desk, and how a result is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import now, workspace
from stopship.cli.terminal import show
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.app.casework.desk import CaseWork
    from stopship.app.workspace import Workspace
    from stopship.cases import Verdict
    from stopship.store.cases import CaseRow

CaseArgument = Annotated[int, typer.Argument(metavar="CASE", help="Its number, as `cases list` shows it.")]
CommentOption = Annotated[str, typer.Option("--comment", metavar="TEXT", help="Why, for whoever reads it later.")]
ReasonOption = Annotated[
    str, typer.Option("--reason", metavar="CODE", help="A reason code: stopship cases reasons lists them.")
]
VersionOption = Annotated[
    int | None,
    typer.Option(
        "--version", metavar="N", help="The version that you saw; refused if it changed since.", show_default=False
    ),
]


@contextmanager
def case_work(context: typer.Context, home: Path | None) -> Iterator[tuple[CaseWork, datetime]]:
    """Case work on a home that has a database, and this moment.

    Raises:
        StateError: it has none.
    """
    from stopship.app.casework.desk import opened_case_work

    space, moment = workspace(context, home), now()
    space.held_database().close()
    with opened_case_work(space, now=moment) as work:
        yield work, moment


def read_verdict(text: str) -> Verdict:
    """A verdict as one types it.

    Raises:
        SettingsError: it is none.
    """
    from stopship.cases import Verdict

    try:
        return Verdict(text.replace("-", "_"))
    except ValueError:
        known = ", ".join(verdict.value for verdict in Verdict)
        raise SettingsError(f"unknown verdict {text[:40]!r}", hint=f"Known: {known}") from None


def read_other(text: str) -> tuple[int, Verdict]:
    """An alert with a verdict of its own, `12=true_match`.

    Raises:
        SettingsError: it is none.
    """
    number, _, verdict = text.partition("=")
    if not number.isdecimal():
        raise SettingsError(
            f"{text[:40]!r} is no alert with a verdict", where="--except", hint="Give 12=true_match"
        )
    return int(number), read_verdict(verdict)


def user_id(text: str, space: Workspace) -> str:
    """A person as records name one. A bare name is that of an account, where the home has accounts, else one of
    the command line.

    Raises:
        AccountError: there are accounts, and none that is active has this name.
    """
    from stopship.app.people import person_of_home

    if ":" in text:
        return text
    person = person_of_home(space, text)
    return person.id if person is not None else f"cli:{text}"


def print_case(json_: bool, case: CaseRow, moment: datetime, waiting: Sequence[int] = ()) -> None:
    """Print what a step has made of a case, and what waits for somebody else."""
    from stopship.cases.view import case_to_plain
    from stopship.cli.case_pages import WORDS

    told = WORDS.get(case.disposition or "", "") or WORDS.get(case.state, case.state)
    who = f", {case.assignee} has it" if case.assignee and case.closed is None else ""
    lines = [f"case {case.id}, {case.name}: {told}{who}"]
    if case.state == "proposed":
        lines.append(f"   somebody else says whether: stopship cases approve {case.id}, or refuse")
    lines += [
        f"   suppression {number} waits, too: stopship cases approve --suppression {number}" for number in waiting
    ]
    print_result(json_, case_to_plain(case, now=moment), lines)


def print_result(json_: bool, plain: Any, lines: list[str]) -> None:
    """Print a result as JSON, or as lines."""
    import orjson

    if json_:
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        show(lines)
