"""`stopship work` and `stopship jobs`: the worker, and what is queued for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import HomeOption, JsonOption, now, who, workspace
from stopship.cli.terminal import show, wrap

if TYPE_CHECKING:
    from stopship.jobs import Queue
    from stopship.store.jobs import Job

app = typer.Typer(
    help="Jobs that a worker does: list, show, queue, fetch, cancel, retry.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", help="As `jobs list` shows it.")]


def work(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then end.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="KIND", help="Only jobs of this kind; repeatable.", show_default=False),
    ] = None,
    but: Annotated[
        list[str] | None,
        typer.Option("--except", metavar="KIND", help="No jobs of this kind; repeatable.", show_default=False),
    ] = None,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", help="End when standard input is closed.", hidden=True)
    ] = False,
    home: HomeOption = None,
) -> None:
    """Do jobs, one after the other, and queue what the schedule says; until it is told to end (Ctrl-C,
    SIGTERM)."""
    import signal
    import threading

    from stopship.app.jobs.supervise import end_with_parent
    from stopship.app.jobs.work import choose, say_as
    from stopship.app.jobs.work import work as do_jobs
    from stopship.app.service.settings import read_service_settings

    say = say_as(read_service_settings())
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), lambda _number, _frame: stop.set())
    if with_parent:
        end_with_parent(stop)
    place = workspace(context, home).home
    do_jobs(place, chosen=choose(only or (), but or ()), stop=stop, say=say, once=once)


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="queued, running, done, failed or cancelled; repeatable.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help="Of this kind; repeatable.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="How many.")] = 20,
    before: Annotated[
        int | None, typer.Option("--before", metavar="NUMBER", help="Older than this one.", show_default=False)
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """The newest jobs."""
    from stopship.errors import SettingsError
    from stopship.store.jobs import STATES

    for one in state or ():
        if one not in STATES:
            raise SettingsError(f"{one!r} is no state", where="--state", hint=f"Known: {', '.join(STATES)}")
    with _queue(context, home) as queue:
        page = queue.page(states=state or (), kinds=kind or (), before=before, most=limit)
    if json_:
        typer.echo(_json({"jobs": [job.to_plain() for job in page.jobs], "before": page.before}))
        return
    lines = [line for job in page.jobs for line in wrap(_line(job), "", "      ")]
    if page.before is not None:
        lines.append(f"Older ones: stopship jobs list --before {page.before}")
    show(lines or ["there are no jobs"])


@app.command("show")
def show_(
    context: typer.Context, number: NumberArgument, json_: JsonOption = False, home: HomeOption = None
) -> None:
    """One job: how far it is, what came of it."""
    with _queue(context, home) as queue:
        job = queue.get(number)
    if json_:
        typer.echo(_json(job.to_plain()))
        return
    lines = [_line(job), f"   asked by {job.asked_by}, {job.created:%Y-%m-%d %H:%M:%S} UTC"]
    if job.finished:
        lines.append(f"   ended {job.finished:%Y-%m-%d %H:%M:%S} UTC")
    if job.result:
        lines += [line for key, value in job.result.items() for line in wrap(f"{key}: {value}", "   ", "      ")]
    show(lines)


@app.command("queue")
def queue_(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What to do: screen, check, backup, digest …")],
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Of names (screen) or orders (check).", show_default=False),
    ] = None,
    output: Annotated[str, typer.Option("--output", metavar="FORMAT", help="Of the results of screen.")] = "jsonl",
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="TEXT", help="Queue it once under this key.", show_default=False),
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Queue a job for the worker."""
    from stopship.app.jobs.submit import opened_file, submit_file
    from stopship.errors import SettingsError

    on_files = kind in ("screen", "check")
    if on_files != (file is not None):
        what = f"{kind} needs --file" if on_files else f"{kind} takes no --file"
        raise SettingsError(what, where="--file")
    with _queue(context, home) as queue:
        if file is not None:
            options = {"output": output} if kind == "screen" else {}
            with opened_file(file) as content:
                job, new = submit_file(
                    queue, kind, content, file.name, options, asked_by=who(), now=now(), key=key
                )
        else:
            job, new = queue.submit(kind, {}, asked_by=who(), now=now(), key=key)
    if json_:
        typer.echo(_json(job.to_plain()))
    else:
        show([f"job {job.id} is {job.state}" + ("" if new else "; it was queued before under this key")])


@app.command("fetch")
def fetch_(
    context: typer.Context,
    number: NumberArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to put the file of results.")],
    home: HomeOption = None,
) -> None:
    """Copy the file that came of a job."""
    import shutil

    from stopship.app.jobs.submit import result_file
    from stopship.errors import JobError

    with _queue(context, home) as queue:
        path = result_file(queue, number)
    try:
        shutil.copyfile(path, out)
    except OSError as bad:
        raise JobError(f"can't be written: {bad.strerror or bad}", where=str(out)) from None
    show([f"Results: {out}"])


@app.command("cancel")
def cancel_(context: typer.Context, number: NumberArgument, home: HomeOption = None) -> None:
    """Cancel a job. A running one ends at its next step."""
    with _queue(context, home) as queue:
        job = queue.cancel(number, actor=who(), now=now())
    show([f"job {job.id} is {job.state}" + ("" if job.ended else ": it was asked to end")])


@app.command("retry")
def retry_(context: typer.Context, number: NumberArgument, home: HomeOption = None) -> None:
    """Queue a job again that failed or was cancelled."""
    with _queue(context, home) as queue:
        job = queue.retry(number, actor=who(), now=now())
    show([f"job {job.id} is {job.state}"])


@contextmanager
def _queue(context: typer.Context, home: Path | None) -> Iterator[Queue]:
    from stopship.app.jobs.work import queue_of

    space = workspace(context, home)
    with closing(space.database()) as database:
        yield queue_of(space.home, database)


def _line(job: Job) -> str:
    far = ""
    if job.state == "running" and job.done:
        far = f", {job.done:,}" + (f" of {job.total:,}" if job.total else "") + " done"
    waits = f", not before {job.not_before:%Y-%m-%d %H:%M:%S} UTC" if job.state == "queued" and job.error else ""
    return f"{job.id:>6}  {job.kind}: {job.state}{far}{waits}" + (f"; {job.error}" if job.error else "")


def _json(plain: Any) -> str:
    import orjson

    return orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode()
