"""`stopship cases`: the queue, one case, and the steps that are done with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.case_many import bulk, erase, export, suppressions, sweep
from stopship.cli.options import AsOption, HomeOption, JsonOption, actor, now, read_day, workspace
from stopship.cli.terminal import show
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.cases import Verdict
    from stopship.store.cases import CaseRow

app = typer.Typer(
    help="Matches that people judge: the queue, one case, decisions and second opinions, suppressions.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("bulk")(bulk)
app.command("suppressions")(suppressions)
app.command("sweep")(sweep)
app.command("erase")(erase)
app.command("export")(export)

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
    from stopship.cli.case_pages import queue_page

    live = () if all_ or state else ("open", "escalated", "proposed")
    wanted = Wanted(
        states=tuple(state or live),
        assignees=tuple(user if user == queue.NOBODY else _user(user) for user in assignee or ()),
        priorities=tuple(priority or ()),
        bands=tuple(band or ()),
        programs=tuple(program or ()),
        overdue=overdue,
        text=text,
    )
    moment = now()
    with closing(workspace(context, home).held_database()) as database, database.begin() as connection:
        if facets:
            counts = queue.facets(connection, wanted, now=moment)
            _print(json_, counts, [f"{kind}: {_counted(of)}" for kind, of in counts.items()])
            return
        page = queue.page(connection, wanted, now=moment, sort=sort, limit=limit, cursor=cursor)
    _print(json_, page.to_plain(now=moment), list(queue_page(page, moment)))


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
    steps = steps_for(view.case, actor(as_))
    _print(json_, view.to_plain(now=moment) | {"possible": list(steps)}, list(case_page(view, steps, moment)))


@app.command("next")
def next_(
    context: typer.Context, as_: AsOption = None, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """Take the most urgent case that nobody has. Exit code 1 where there is none."""
    with _work(context, home) as (work, moment):
        taken = work.desk.take_next(actor(as_), now=moment)
    if taken is None:
        _print(json_, {"case": None}, ["no case waits for somebody"])
        raise typer.Exit(1)
    _done(json_, taken, moment)


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
    who = actor(as_)
    with _work(context, home) as (work, moment):
        to = who.id if user is None else _user(user)
        _done(json_, work.desk.assign(case, to, who, now=moment, version=version), moment)


@app.command("release")
def release(
    context: typer.Context,
    case: CaseArgument,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give a case back, so that anybody may take it."""
    with _work(context, home) as (work, moment):
        _done(json_, work.desk.release(case, actor(as_), now=moment), moment)


@app.command("note")
def note(
    context: typer.Context,
    case: CaseArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered.")],
    as_: AsOption = None,
    home: HomeOption = None,
) -> None:
    """Write a note to a case."""
    with _work(context, home) as (work, moment):
        number = work.desk.note(case, text, actor(as_), now=moment)
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

    with _work(context, home) as (work, moment):
        data = read_bytes(file, most=work.policy.file_bytes, error=PaperError)
        kept = work.papers.add(case, file.name, data, actor(as_), now=moment)
    _print(
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

    with _work(context, home) as (work, _moment):
        kept, data = work.papers.read(number)
    try:
        replace_file(out, data)
    except OSError as bad:
        raise SettingsError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None
    show([f"{kept.name}, {kept.media}, {kept.size:,} bytes: {out}"])


@app.command("decide")
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
    with _work(context, home) as (work, moment):
        held = work.desk.decide(
            case,
            _verdict(verdict),
            actor(as_),
            reason=reason,
            comment=comment,
            now=moment,
            version=version,
            alerts=tuple(alert) if alert else None,
            others=dict(_other(text) for text in except_ or ()),
            suppress=wish,
        )
        asked = work.desk.show(case).suppressions if wish is not None else ()
        alone = [row.id for row, _ in asked if row.state == "proposed" and row.disposition_id is None]
        _done(json_, held, moment, alone)


@app.command("approve")
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


@app.command("refuse")
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


@app.command("withdraw")
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
    with _work(context, home) as (work, moment):
        if case is not None:
            _done(json_, work.desk.withdraw(case, actor(as_), now=moment), moment)
        else:
            assert bulk_ is not None
            row = work.bulk.withdraw(bulk_, actor(as_), now=moment)
            _print(json_, {"bulk": row.id, "state": row.state}, [f"bulk {row.id}: {row.state}"])


@app.command("reasons")
def reasons(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """The reason codes that may be given, and what each means."""
    from stopship.app.casework.settings import read_policy

    known = dict(read_policy(workspace(context, home).home).reasons)
    _print(json_, known, [f"{code:<24} {text}" for code, text in known.items()])


# --- beneath ------------------------------------------------------------------------------------------


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
    who = actor(as_)
    with _work(context, home) as (work, moment):
        if case is not None:
            step = getattr(work.desk, what)
            _done(json_, step(case, who, comment=comment, now=moment, version=version), moment)
        elif bulk_ is not None:
            row = getattr(work.bulk, what)(bulk_, who, comment=comment, now=moment)
            plain = {"bulk": row.id, "state": row.state, "cases": row.cases}
            _print(json_, plain, [f"bulk {row.id}: {row.state}, {row.cases:,} cases"])
        else:
            held = getattr(work.suppressions, what)(suppression, who, comment=comment, now=moment)
            _print(
                json_, held.to_plain(), [f"suppression {held.row.id}: {held.row.state}, until {held.row.until}"]
            )


def _work(context: typer.Context, home: Path | None) -> Any:
    """Case work on a home that has a database, and this moment."""
    from contextlib import contextmanager

    from stopship.app.casework.desk import opened_case_work

    @contextmanager
    def opened() -> Any:
        space, moment = workspace(context, home), now()
        space.held_database().close()
        with opened_case_work(space, now=moment) as work:
            yield work, moment

    return opened()


def _verdict(text: str) -> Verdict:
    from stopship.cases import Verdict

    try:
        return Verdict(text.replace("-", "_"))
    except ValueError:
        known = ", ".join(verdict.value for verdict in Verdict)
        raise SettingsError(f"unknown verdict {text[:40]!r}", hint=f"Known: {known}") from None


def _other(text: str) -> tuple[int, Verdict]:
    number, _, verdict = text.partition("=")
    if not number.isdecimal():
        raise SettingsError(
            f"{text[:40]!r} is no alert with a verdict", where="--except", hint="Give 12=true_match"
        )
    return int(number), _verdict(verdict)


def _user(text: str) -> str:
    """A person as records name one; a bare name is one of the command line."""
    return text if ":" in text else f"cli:{text}"


def _done(json_: bool, case: CaseRow, moment: Any, waiting: Sequence[int] = ()) -> None:
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
    _print(json_, case_to_plain(case, now=moment), lines)


def _counted(of: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in of.items()) or "none"


def _print(json_: bool, plain: Any, lines: list[str]) -> None:
    import orjson

    if json_:
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        show(lines)
