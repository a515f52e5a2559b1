"""`stopship webhooks`: who is told of what happens, by signed messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import HomeOption, JsonOption, now, who, workspace
from stopship.cli.terminal import show, wrap

if TYPE_CHECKING:
    from stopship.jobs.endpoints import Endpoints
    from stopship.store.webhooks import Endpoint

app = typer.Typer(
    help="Who is told of what happens: add, list, test, rotate, on, off, remove, dead, redeliver.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", help="As `webhooks list` shows it.")]


@app.command("add")
def add_(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where messages go, with https://.")],
    event: Annotated[
        list[str] | None,
        typer.Option("--event", metavar="EVENT", help="Only events of this kind; repeatable.", show_default=False),
    ] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option(
            "--secret-file", metavar="FILE", help="Holds the secret; else one is made.", show_default=False
        ),
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Add an endpoint. Its secret is shown once."""
    from stopship.errors import WebhookError

    secret = None
    if secret_file is not None:
        try:
            secret = secret_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as bad:
            raise WebhookError(f"can't be read: {bad}", where=str(secret_file)) from None
    with _endpoints(context, home) as endpoints:
        endpoint, used = endpoints.add(url, event or (), actor=who(), now=now(), secret=secret)
    _show_secret(endpoint, used, json_)


@app.command("list")
def list_(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """The endpoints, what they are told of, and how they answered last."""
    with _endpoints(context, home) as endpoints:
        found = endpoints.all()
    if json_:
        typer.echo(_json({"webhooks": [one.to_plain() for one in found]}))
        return
    lines: list[str] = []
    for one in found:
        events = ", ".join(one.events) or "all events"
        lines += wrap(f"{one.id}: {one.url}{'' if one.active else ' (off)'}: {events}", "", "   ")
        if one.last_success:
            lines.append(f"   took a message {one.last_success:%Y-%m-%d %H:%M} UTC")
        if one.last_failure:
            lines += wrap(f"failed {one.last_failure:%Y-%m-%d %H:%M} UTC: {one.last_error}", "   ", "      ")
    show(lines or ["there are no endpoints: stopship webhooks add URL"])


@app.command("test")
def test_(context: typer.Context, number: NumberArgument, home: HomeOption = None) -> None:
    """Queue a message of the kind `test` for one endpoint."""
    with _endpoints(context, home) as endpoints:
        delivery = endpoints.test(number, actor=who(), now=now())
    show([f"queued as job {delivery}; the worker sends it: stopship jobs show {delivery}"])


@app.command("rotate")
def rotate_(
    context: typer.Context,
    number: NumberArgument,
    hours: Annotated[
        int, typer.Option("--hours", metavar="N", min=0, max=720, help="How long the old secret signs, too.")
    ] = 24,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Give an endpoint a new secret, shown once. For a while messages carry both signatures."""
    with _endpoints(context, home) as endpoints:
        endpoint, used = endpoints.rotate(number, actor=who(), now=now(), both_for=timedelta(hours=hours))
    _show_secret(endpoint, used, json_)


@app.command("on")
def on_(context: typer.Context, number: NumberArgument, home: HomeOption = None) -> None:
    """Switch an endpoint on."""
    with _endpoints(context, home) as endpoints:
        endpoints.activate(number, True, actor=who(), now=now())
    show([f"endpoint {number} is on"])


@app.command("off")
def off_(context: typer.Context, number: NumberArgument, home: HomeOption = None) -> None:
    """Switch an endpoint off: it hears of nothing, and nothing is kept for it."""
    with _endpoints(context, home) as endpoints:
        endpoints.activate(number, False, actor=who(), now=now())
    show([f"endpoint {number} is off"])


@app.command("remove")
def remove_(context: typer.Context, number: NumberArgument, home: HomeOption = None) -> None:
    """Remove an endpoint. What waits for it is not delivered any more."""
    with _endpoints(context, home) as endpoints:
        endpoints.remove(number, actor=who(), now=now())
    show([f"endpoint {number} is removed"])


@app.command("dead")
def dead_(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """Deliveries that were given up."""
    with _endpoints(context, home) as endpoints:
        found = endpoints.dead()
    if json_:
        typer.echo(_json({"deliveries": [job.to_plain() for job in found]}))
        return
    lines = [
        line
        for job in found
        for line in wrap(f"job {job.id}, endpoint {job.options['endpoint']}: {job.error}", "", "   ")
    ]
    show(lines or ["no delivery was given up"])


@app.command("redeliver")
def redeliver_(
    context: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", help="Of this endpoint; else of all.", show_default=False),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Queue deliveries again that were given up."""
    with _endpoints(context, home) as endpoints:
        queued = endpoints.redeliver(actor=who(), now=now(), number=number)
    show([f"{queued:,} deliveries queued again"])


@contextmanager
def _endpoints(context: typer.Context, home: Path | None) -> Iterator[Endpoints]:
    from stopship.app.jobs.settings import read_job_settings
    from stopship.app.jobs.work import endpoints_of

    space = workspace(context, home)
    settings = read_job_settings(space.home)
    with closing(space.database()) as database:
        yield endpoints_of(database, settings)


def _show_secret(endpoint: Endpoint, secret: str, json_: bool) -> None:
    if json_:
        typer.echo(_json({**endpoint.to_plain(), "secret": secret}))
        return
    show([f"endpoint {endpoint.id}: {endpoint.url}", f"secret: {secret}", "It is not shown again."])


def _json(plain: Any) -> str:
    import orjson

    return orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode()
