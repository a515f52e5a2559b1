"""`stopship schedule` and `stopship digest`: what is done again and again, and the letter that tells of it."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Annotated

import typer

from stopship.cli.options import HomeOption, JsonOption, now, who, workspace
from stopship.cli.terminal import show, wrap

app = typer.Typer(
    help="What is done again and again, by settings.yaml: show.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("show")
def show_(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """What the settings plan, when each is due next and what came of its last run."""
    import orjson

    from stopship.app.jobs.settings import read_job_settings
    from stopship.app.jobs.work import schedule_of

    space = workspace(context, home)
    settings = read_job_settings(space.home)
    with closing(space.database()) as database:
        states = schedule_of(database, settings).states(now())
    if json_:
        typer.echo(orjson.dumps({"schedule": states}, option=orjson.OPT_INDENT_2).decode())
        return
    lines: list[str] = []
    for state in states:
        due = (
            f"next {state['next'][:16].replace('T', ' ')} UTC" if state["next"] else "when that changed something"
        )
        last = f"; last run: job {state['last_job']}, {state['last_state']}" if state["last_job"] else ""
        lines += wrap(f"{state['name']}: {state['plan']}, {due}{last}", "", "   ")
    show(lines or ["nothing is planned: see schedule in settings.yaml"])


def digest(
    context: typer.Context,
    send: Annotated[bool, typer.Option("--send", help="Queue the letter for the worker to send.")] = False,
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=366, help="Of so many days.")] = 1,
    home: HomeOption = None,
) -> None:
    """Print the digest as it would be sent now, or with --send queue it."""
    from stopship.app.jobs.news import news_of
    from stopship.app.jobs.settings import DigestSettings, read_job_settings
    from stopship.app.jobs.work import queue_of
    from stopship.jobs.digest import letter

    space = workspace(context, home)
    settings = read_job_settings(space.home)
    moment = now()
    with closing(space.database()) as database:
        queue = queue_of(space.home, database)
        if send:
            job, _new = queue.submit("digest", {}, asked_by=who(), now=moment)
            show([f"job {job.id} is {job.state}"])
            return
        since = moment - timedelta(days=days)
        news = news_of(lambda: space, queue)(since, moment)
    to = settings.digest or DigestSettings(("nobody@localhost",))
    message = letter(
        news,
        sender=settings.mail.sender if settings.mail else "stopship@localhost",
        to=to.to,
        since=since,
        now=moment,
        detail=to.detail,
        address=to.address,
        number="preview",
    )
    show([f"Subject: {message['Subject']}", f"To: {message['To']}", "", str(message.get_content()).rstrip()])
