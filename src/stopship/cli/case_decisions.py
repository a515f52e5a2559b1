"""`stopship cases decide`, `approve`, `refuse`, `withdraw`, `reopen`: what one person says, and a second one of
it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stopship.cli.case_options import (
    CaseArgument,
    CommentOption,
    ReasonOption,
    VersionOption,
    case_work,
    print_case,
    print_result,
    read_other,
    read_verdict,
)
from stopship.cli.options import AsOption, HomeOption, JsonOption, judge, read_day, workspace
from stopship.errors import SettingsError


def decide(
    context: typer.Context,
    case: CaseArgument,
    verdict: Annotated[
        str, typer.Argument(metavar="VERDICT", help="true_match, false_match, possible or escalated.")
    ],
    reason: ReasonOption,
    comment: CommentOption = "",
    alert: Annotated[
        list[int] | None, typer.Option("--alert", metavar="N", help="Only this alert of it; repeatable.")
    ] = None,
    except_: Annotated[
        list[str] | None,
        typer.Option("--except", metavar="N=VERDICT", help="Another verdict on one alert; repeatable."),
    ] = None,
    suppress_until: Annotated[
        str | None,
        typer.Option(
            "--suppress-until",
            metavar="YYYY-MM-DD",
            help="What is judged false stays silent before this day.",
            show_default=False,
        ),
    ] = None,
    suppress_list: Annotated[
        str | None,
        typer.Option(
            "--suppress-list",
            metavar="PROGRAM",
            help="One suppression for all of them on this program.",
            show_default=False,
        ),
    ] = None,
    version: VersionOption = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Judge the open alerts of a case. Where the settings ask for a second person, it waits for that one."""
    from stopship.cases import SuppressionWish

    day = read_day(suppress_until, "--suppress-until")
    if day is None and suppress_list is not None:
        raise SettingsError("until when?", where="--suppress-list", hint="Give --suppress-until YYYY-MM-DD")
    wish = None
    if day is not None:
        wish = SuppressionWish(day, "list" if suppress_list else "pair", suppress_list)
    with case_work(context, home) as (work, moment):
        held = work.desk.decide(
            case,
            read_verdict(verdict),
            judge(as_, workspace(context, home)),
            reason=reason,
            comment=comment,
            now=moment,
            version=version,
            alerts=tuple(alert) if alert else None,
            others=dict(read_other(text) for text in except_ or ()),
            suppress=wish,
        )
        asked = work.desk.show(case).suppressions if wish is not None else ()
        alone = [row.id for row, _ in asked if row.state == "proposed" and row.disposition_id is None]
        print_case(json_, held, moment, alone)


def approve(
    context: typer.Context,
    case: Annotated[int | None, typer.Argument(metavar="[CASE]", help="The case that waits.")] = None,
    bulk_: Annotated[
        int | None, typer.Option("--bulk", metavar="N", help="A bulk disposition instead.", show_default=False)
    ] = None,
    suppression: Annotated[
        int | None, typer.Option("--suppression", metavar="N", help="A suppression instead.", show_default=False)
    ] = None,
    comment: CommentOption = "",
    version: VersionOption = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Agree to what somebody else proposed."""
    _second(context, home, "approve", case, bulk_, suppression, comment, version, as_, json_)


def refuse(
    context: typer.Context,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="Why not.")],
    case: Annotated[int | None, typer.Argument(metavar="[CASE]", help="The case that waits.")] = None,
    bulk_: Annotated[
        int | None, typer.Option("--bulk", metavar="N", help="A bulk disposition instead.", show_default=False)
    ] = None,
    suppression: Annotated[
        int | None, typer.Option("--suppression", metavar="N", help="A suppression instead.", show_default=False)
    ] = None,
    version: VersionOption = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Disagree with what somebody else proposed; it goes back to work."""
    _second(context, home, "refuse", case, bulk_, suppression, comment, version, as_, json_)


def withdraw(
    context: typer.Context,
    case: Annotated[int | None, typer.Argument(metavar="[CASE]", help="The case that waits.")] = None,
    bulk_: Annotated[
        int | None, typer.Option("--bulk", metavar="N", help="A bulk disposition instead.", show_default=False)
    ] = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Take back what you proposed yourself."""
    if (case is None) == (bulk_ is None):
        raise SettingsError("what is meant?", where="cases withdraw", hint="Give a case or --bulk N")
    with case_work(context, home) as (work, moment):
        if case is not None:
            print_case(json_, work.desk.withdraw(case, judge(as_, workspace(context, home)), now=moment), moment)
        else:
            assert bulk_ is not None
            row = work.bulk.withdraw(bulk_, judge(as_, workspace(context, home)), now=moment)
            print_result(json_, {"bulk": row.id, "state": row.state}, [f"bulk {row.id}: {row.state}"])


def reopen(
    context: typer.Context,
    case: CaseArgument,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="Why it must be judged anew.")],
    version: VersionOption = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Open a closed case again: what was judged must be judged anew. What a suppression keeps silent stays so."""
    who = judge(as_, workspace(context, home))
    with case_work(context, home) as (work, moment):
        held = work.desk.reopen(case, who, comment=comment, now=moment, version=version)
        print_case(json_, held, moment)


def _second(
    context: typer.Context,
    home: Path | None,
    what: str,
    case: int | None,
    bulk_: int | None,
    suppression: int | None,
    comment: str,
    version: int | None,
    as_: str | None,
    json_: bool,
) -> None:
    """Approve or refuse one of the three things that wait for a second person."""
    if sum(given is not None for given in (case, bulk_, suppression)) != 1:
        hint = "Give a case, --bulk N or --suppression N"
        raise SettingsError("what is meant?", where=f"cases {what}", hint=hint)
    who = judge(as_, workspace(context, home))
    with case_work(context, home) as (work, moment):
        if case is not None:
            step = getattr(work.desk, what)
            print_case(json_, step(case, who, comment=comment, now=moment, version=version), moment)
        elif bulk_ is not None:
            row = getattr(work.bulk, what)(bulk_, who, comment=comment, now=moment)
            plain = {"bulk": row.id, "state": row.state, "cases": row.cases}
            print_result(json_, plain, [f"bulk {row.id}: {row.state}, {row.cases:,} cases"])
        else:
            held = getattr(work.suppressions, what)(suppression, who, comment=comment, now=moment)
            print_result(
                json_, held.to_plain(), [f"suppression {held.row.id}: {held.row.state}, until {held.row.until}"]
            )
