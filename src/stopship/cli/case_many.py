"""`stopship cases bulk`, `suppressions`, `sweep`, `erase`, `export`: what is done with many cases, or with all
that a case holds."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from stopship.cli.case_options import print_result
from stopship.cli.options import AsOption, HomeOption, JsonOption, actor, judge, now, read_day, workspace
from stopship.cli.terminal import counted, show, wrap
from stopship.errors import SettingsError

CANT = 1


def bulk(
    context: typer.Context,
    verdict: Annotated[str, typer.Argument(metavar="VERDICT", help="true_match or false_match.")],
    case: Annotated[list[int] | None, typer.Option("--case", metavar="N", help="This case; repeatable.")] = None,
    band: Annotated[list[str] | None, typer.Option("--band", help="Open cases of this band.")] = None,
    program: Annotated[list[str] | None, typer.Option("--program", help="Open cases on this program.")] = None,
    priority: Annotated[list[str] | None, typer.Option("--priority", help="Open cases of this priority.")] = None,
    text: Annotated[str, typer.Option("--text", help="Open cases of parties with this in the name.")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help="One reason for all.")] = "",
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="Why.")] = "",
    count: Annotated[
        int | None,
        typer.Option(
            "--count", metavar="N", help="How many they are, as the preview said: proposes it.", show_default=False
        ),
    ] = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """One verdict on many cases. Without --count it only says which; with it, it is proposed, and somebody else
    must agree: stopship cases approve --bulk N. Then all of them are judged, or none."""
    from stopship.app.casework.desk import opened_case_work
    from stopship.cases import Verdict, Wanted

    filtered = bool(band or program or priority or text)
    if bool(case) == filtered:
        raise SettingsError(
            "which cases?", where="cases bulk", hint="Give --case N ..., or a filter, and not both"
        )
    if verdict.replace("-", "_") not in ("true_match", "false_match"):
        raise SettingsError(f"unknown verdict {verdict[:40]!r}", hint="Give true_match or false_match")
    chosen = tuple(case or ()) or Wanted(
        states=("open",),
        bands=tuple(band or ()),
        programs=tuple(program or ()),
        priorities=tuple(priority or ()),
        text=text,
    )
    space, moment = workspace(context, home), now()
    who = judge(as_, space)
    space.held_database().close()
    with opened_case_work(space, now=moment) as work:
        found = work.bulk.preview(chosen, who, now=moment)
        if count is None:
            how_many = f"{counted(len(found.chosen), 'case')}, {counted(found.alerts, 'open alert')}"
            lines = [f"would be judged {verdict}: {how_many}"]
            lines += wrap(", ".join(str(number) for number, _ in found.chosen), "   ")
            lines += [f"   not possible: case {number}: {why}" for number, why in found.refused]
            lines.append(f"To propose it: --count {len(found.chosen)} --reason CODE --comment TEXT")
            print_result(json_, found.to_plain(), lines)
            raise typer.Exit(CANT if found.refused else 0)
        row = work.bulk.propose(
            chosen,
            Verdict(verdict.replace("-", "_")),
            who,
            count=count,
            reason=reason,
            comment=comment,
            now=moment,
        )
    how = f"stopship cases approve --bulk {row.id}"
    told = f"bulk {row.id}: {counted(row.cases, 'case')}; somebody else says whether: {how}"
    print_result(json_, {"bulk": row.id, "state": row.state, "cases": row.cases}, [told])


def suppressions(
    context: typer.Context,
    state: Annotated[
        str | None,
        typer.Option("--state", help="proposed, active, refused, withdrawn, ended, expired or void."),
    ] = None,
    alarms: Annotated[
        bool, typer.Option("--alarms", help="Only those that end soon, or lately ended or became void.")
    ] = False,
    case: Annotated[
        int | None,
        typer.Option("--case", metavar="N", help="Ask for one: alerts of this case that were judged false."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="YYYY-MM-DD", help="With --case: the first day on which it no longer holds."
        ),
    ] = None,
    program: Annotated[
        str | None,
        typer.Option("--program", metavar="PROGRAM", help="With --case: one for all of them on this program."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help="With --case: why.")] = "",
    end: Annotated[
        int | None, typer.Option("--end", metavar="N", help="End this one now; its match is judged again.")
    ] = None,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="With --case or --end: why.")] = "",
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Which suppressions hold ("this party is not that entity"), until when, and which no longer do. With --case N
    one is asked for, with --end N one is ended."""
    from stopship.app.casework.desk import opened_case_work
    from stopship.cases import SuppressionWish
    from stopship.cli.case_pages import suppressions_page

    space, moment = workspace(context, home), now()
    if case is not None and end is not None:
        raise SettingsError("one at a time", where="cases suppressions", hint="Give --case N or --end N")
    space.held_database().close()
    with opened_case_work(space, now=moment) as work:
        if end is not None:
            held = [work.suppressions.end(end, judge(as_, space), comment=comment, now=moment)]
        elif case is not None:
            day = read_day(until, "--until")
            if day is None:
                raise SettingsError("until when?", where="cases suppressions", hint="Give --until YYYY-MM-DD")
            wish = SuppressionWish(day, "list" if program else "pair", program)
            made = work.suppressions.ask(case, wish, judge(as_, space), reason=reason, comment=comment, now=moment)
            held = [work.suppressions.show(number) for number in made]
        else:
            held = list(work.suppressions.alarms(now=moment) if alarms else work.suppressions.all_of(state))
    print_result(json_, {"suppressions": [one.to_plain() for one in held]}, list(suppressions_page(held)))


def sweep(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """Hold cases and suppressions against the day and the lists as they are now; for a nightly run. What no longer
    holds is opened again."""
    from stopship.app.casework.following import follow

    space = workspace(context, home)
    space.held_database().close()
    done = follow(space, now=now())
    lines = [f"case {number}: must be judged again" for number in done.cases]
    lines += [f"suppression {number}: a listed entry changed" for number in done.void]
    lines += [f"suppression {number}: its day has come" for number in done.expired]
    print_result(json_, done.to_plain(), lines or ["nothing has changed"])


def erase(
    context: typer.Context,
    before: Annotated[
        str | None,
        typer.Option(
            "--before",
            metavar="YYYY-MM-DD",
            help="Parties that were last screened before this day; else retention_days of the settings.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be erased.")] = False,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Erase parties whose time has come: names, evidence, notes, files, kept decisions. What was done, when and by
    whom stays, and the audit record still verifies."""
    from stopship.app.casework.desk import opened_case_work
    from stopship.app.casework.retention import erase_parties, limit_of

    space, moment = workspace(context, home), now()
    day = read_day(before, "--before")
    space.held_database().close()
    with opened_case_work(space, now=moment) as work:
        limit = datetime.combine(day, time(), UTC) if day is not None else limit_of(work, moment)
        done = erase_parties(space, work, limit, actor(as_, space), now=moment, dry_run=dry_run)
    word = "would be erased" if dry_run else "erased"
    lines = [
        f"{len(done.subjects):,} parties last screened before {limit:%Y-%m-%d} {word}, "
        f"with {len(done.cases):,} cases and {len(done.decisions):,} kept decisions"
    ]
    if done.kept_open:
        lines += wrap(f"they stay, their cases are not closed: {', '.join(map(str, done.kept_open))}", "   ")
    if done.kept_suppressed:
        lines.append(f"   {len(done.kept_suppressed):,} stay, because a suppression of theirs holds or waits")
    print_result(json_, done.to_plain() | {"before": limit.isoformat(), "dry_run": dry_run}, lines)


def export(
    context: typer.Context,
    case: Annotated[int, typer.Argument(metavar="CASE", help="Its number.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="OUT", help=".zip: all that is known, replays; .pdf: to print; .json: PROV-JSON."
        ),
    ],
    lists: Annotated[
        bool, typer.Option("--lists/--no-lists", help="In a .zip, the lists that its decisions rest on, too.")
    ] = True,
    as_: AsOption = None,
    home: HomeOption = None,
) -> None:
    """Write a case out as evidence: what was asked, what the lists said, who decided what, and the audit rows."""
    from stopship.app.casework.desk import opened_case_work
    from stopship.app.casework.evidence import write_evidence

    space, moment = workspace(context, home), now()
    space.held_database().close()
    with opened_case_work(space, now=moment) as work:
        told = write_evidence(space, work, case, out, actor(as_, space), now=moment, with_lists=lists)
    show([f"case {case}: {told}: {out}"])
