"""`stopship cases`: the queue, one case, and the steps that are done with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stopship.cli.case_decisions import approve, decide, refuse, reopen, withdraw
from stopship.cli.case_many import bulk, erase, export, suppressions, sweep
from stopship.cli.case_options import CaseArgument, VersionOption, case_work, print_case, print_result, user_id
from stopship.cli.options import AsOption, HomeOption, JsonOption, actor, now, workspace
from stopship.cli.terminal import show
from stopship.errors import SettingsError

if TYPE_CHECKING:
    pass

app = typer.Typer(
    help="Matches that people judge: the queue, one case, decisions and second opinions, suppressions.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[
        list[str] | None, typer.Option("--state", help="open, escalated, proposed or closed; repeatable.")
    ] = None,
    assignee: Annotated[
        list[str] | None, typer.Option("--assignee", metavar="USER", help="Whose; `nobody` for unassigned ones.")
    ] = None,
    priority: Annotated[list[str] | None, typer.Option("--priority", help="high, medium or low.")] = None,
    band: Annotated[list[str] | None, typer.Option("--band", help="exact, strong, medium or weak.")] = None,
    program: Annotated[list[str] | None, typer.Option("--program", help="E.g. us.el.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that should have been decided.")] = False,
    text: Annotated[str, typer.Option("--text", help="Part of the party's name.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Closed ones, too.")] = False,
    sort: Annotated[
        str, typer.Option("--sort", help="due, priority, score, opened, changed, name or id.")
    ] = "due",
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="Cases on a page.")] = 50,
    cursor: Annotated[
        str | None, typer.Option("--cursor", help="The page behind another one, as that says.", show_default=False)
    ] = None,
    facets: Annotated[bool, typer.Option("--facets", help="Count the cases of each kind instead.")] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """The queue: who may be whom, until when somebody must say so, and who has it."""
    from contextlib import closing

    from stopship.cases import Wanted, queue
    from stopship.cases.wanted import NOBODY
    from stopship.cli.case_pages import queue_page

    space = workspace(context, home)
    live = () if all_ or state else ("open", "escalated", "proposed")
    wanted = Wanted(
        states=tuple(state or live),
        assignees=tuple(user if user == NOBODY else user_id(user, space) for user in assignee or ()),
        priorities=tuple(priority or ()),
        bands=tuple(band or ()),
        programs=tuple(program or ()),
        overdue=overdue,
        text=text,
    )
    moment = now()
    with closing(space.held_database()) as database, database.begin() as connection:
        if facets:
            counts = queue.facets(connection, wanted, now=moment)
            print_result(json_, counts, [f"{kind}: {_counted(of)}" for kind, of in counts.items()])
            return
        page = queue.page(connection, wanted, now=moment, sort=sort, limit=limit, cursor=cursor)
    print_result(json_, page.to_plain(now=moment), list(queue_page(page, moment)))


@app.command("show")
def show_(
    context: typer.Context,
    case: CaseArgument,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """One case: its party, what it may be and why, what was said and by whom, and what can be done next."""
    from stopship.app.casework.desk import opened_case_work
    from stopship.cases.view import steps_for
    from stopship.cli.case_pages import case_page

    space, moment = workspace(context, home), now()
    space.held_database().close()
    with opened_case_work(space, now=moment) as work:
        view = work.desk.show(case)
    steps = steps_for(view.case, actor(as_, workspace(context, home)))
    print_result(
        json_, view.to_plain(now=moment) | {"possible": list(steps)}, list(case_page(view, steps, moment))
    )


@app.command("next")
def next_(
    context: typer.Context, as_: AsOption = None, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """Take the most urgent case that nobody has. Exit code 1 where there is none."""
    with case_work(context, home) as (work, moment):
        taken = work.desk.take_next(actor(as_, workspace(context, home)), now=moment)
    if taken is None:
        print_result(json_, {"case": None}, ["no case waits for somebody"])
        raise typer.Exit(1)
    print_case(json_, taken, moment)


@app.command("assign")
def assign(
    context: typer.Context,
    case: CaseArgument,
    user: Annotated[
        str | None, typer.Argument(metavar="[USER]", help="To whom; to yourself if not given.")
    ] = None,
    version: VersionOption = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give a case to somebody, or take it yourself; others are told that you work on it, for half an hour."""
    who = actor(as_, workspace(context, home))
    with case_work(context, home) as (work, moment):
        to = who.id if user is None else user_id(user, workspace(context, home))
        print_case(json_, work.desk.assign(case, to, who, now=moment, version=version), moment)


@app.command("release")
def release(
    context: typer.Context,
    case: CaseArgument,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give a case back, so that anybody may take it."""
    with case_work(context, home) as (work, moment):
        print_case(json_, work.desk.release(case, actor(as_, workspace(context, home)), now=moment), moment)


@app.command("note")
def note(
    context: typer.Context,
    case: CaseArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered.")],
    as_: AsOption = None,
    home: HomeOption = None,
) -> None:
    """Write a note to a case."""
    with case_work(context, home) as (work, moment):
        number = work.desk.note(case, text, actor(as_, workspace(context, home)), now=moment)
    show([f"case {case}: note {number}"])


@app.command("attach")
def attach(
    context: typer.Context,
    case: CaseArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="PDF, image, Word, Excel, JSON or plain text.")],
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Keep a file with a case. What it is, its content says; it lies in the home under its hash."""
    from stopship.app.documents import read_bytes
    from stopship.cases.view import file_to_plain
    from stopship.errors import PaperError

    with case_work(context, home) as (work, moment):
        data = read_bytes(file, most=work.policy.file_bytes, error=PaperError)
        kept = work.papers.add(case, file.name, data, actor(as_, workspace(context, home)), now=moment)
    print_result(
        json_,
        file_to_plain(kept),
        [f"case {case}: file {kept.id}, {kept.name}, {kept.media}, {kept.size:,} bytes"],
    )


@app.command("file")
def file_(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="FILE", help="Its number, as `cases show` names it.")],
    out: Annotated[Path, typer.Option("--out", metavar="OUT", help="Where to write it.")],
    home: HomeOption = None,
) -> None:
    """Write a file of a case to disk, if it is still what was kept."""
    from stopship.snapshots.files import replace_file

    with case_work(context, home) as (work, _moment):
        kept, data = work.papers.read(number)
    try:
        replace_file(out, data)
    except OSError as bad:
        raise SettingsError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None
    show([f"{kept.name}, {kept.media}, {kept.size:,} bytes: {out}"])


@app.command("reasons")
def reasons(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """The reason codes that may be given, and what each means."""
    from stopship.app.casework.settings import read_policy

    known = dict(read_policy(workspace(context, home).home).reasons)
    print_result(json_, known, [f"{code:<24} {text}" for code, text in known.items()])


app.command("decide")(decide)
app.command("approve")(approve)
app.command("refuse")(refuse)
app.command("withdraw")(withdraw)
app.command("reopen")(reopen)
app.command("bulk")(bulk)
app.command("suppressions")(suppressions)
app.command("sweep")(sweep)
app.command("erase")(erase)
app.command("export")(export)


def _counted(of: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in of.items()) or "none"
