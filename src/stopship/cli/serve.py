"""`stopship serve`: the service."""

from __future__ import annotations

import shlex
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from stopship.cli.options import HomeOption, workspace
from stopship.cli.terminal import show, steps, wrap

if TYPE_CHECKING:
    from stopship.app.service.edition import Glance


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="Where to listen.")] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, max=64, help="Processes; they share one index.")
    ] = 1,
    open_: Annotated[
        bool, typer.Option("--open", help="Ask for no key. Only for this machine: refused on any other address.")
    ] = False,
    jobs: Annotated[
        bool,
        typer.Option("--jobs/--no-jobs", help="Keep a worker beside it that does jobs and the schedule."),
    ] = True,
    home: HomeOption = None,
) -> None:
    """Serve the workbench and REST on 127.0.0.1: pages for people, /api/v1, yente's and OpenRefine's API for
    programs. New lists are in use as they come."""
    from stopship.app.access import opened_access
    from stopship.app.jobs.settings import read_job_settings
    from stopship.app.jobs.supervise import Supervised
    from stopship.app.service.edition import glance
    from stopship.app.service.server import this_moment
    from stopship.app.service.settings import read_service_settings
    from stopship.app.settings import resolve_home
    from stopship.asgi.run import listen, refuse_open_elsewhere
    from stopship.asgi.run import serve as run

    space = workspace(context, home)
    settings = read_service_settings(space.home)
    if jobs:
        read_job_settings(space.home)  # what is wrong there is told now, not by a worker that dies again and again
    if open_:
        refuse_open_elsewhere(host)
    bound = listen(host, port)
    with steps() as step:
        if step:
            step("looking at the lists")
        found = glance(space.home, this_moment)
    if not open_:
        with opened_access(space) as access:
            people = any(user.disabled is None for user in access.accounts.all())
    at = "" if space.home == resolve_home(None) else f" --home {shlex.quote(str(space.home))}"
    show(_about(found, _address(host, bound.getsockname()[1]), None if open_ else people, workers, at))
    with Supervised(space.home, say=_tell) if jobs else nullcontext():
        code = run(settings, space.home, bound, workers=workers, open_to_all=open_)
    raise typer.Exit(code)


def _tell(line: str) -> None:
    """A line about the worker, among what the server says."""
    typer.echo(f"stopship: {line}", err=True)


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _about(found: Glance, address: str, people: bool | None, workers: int, at: str) -> list[str]:
    """What is said at the start. `people`: whether somebody can sign in, None where nobody has to; `at`: the
    option by which another command finds the home."""
    lines = [f"Serving {address} with {workers} process{'es' if workers > 1 else ''}; Ctrl-C ends it"]
    names = ", ".join(f"{s['source']} ({s['age_days']} days old)" for s in found.lists)
    lines += wrap(f"Lists: {names}", "   ", "      ")
    if found.starter_only:
        lines += wrap(
            "Only the starter list is there, which is not for real screening. Fetch the official lists: "
            "stopship lists update",
            "   ",
            "      ",
        )
    elif found.stale:
        lines += wrap(
            f"Beyond their age limit: {', '.join(found.stale)}. No decision on them is clear. "
            "Run: stopship lists update",
            "   ",
            "      ",
        )
    if people is None:
        lines.append("   No key is asked for (--open): anyone on this machine may ask everything")
    lines.append(f"   For people, the workbench: open {address} in a browser")
    if people is False:
        lines.append("      Nobody can sign in yet. Make the first account, in another terminal:")
        lines.append(f"      stopship users create NAME --role admin{at}")
    lines.append(f"   For programs, REST: curl {address}/readyz")
    if people is not None:
        lines.append("      Calls need a key: stopship keys create --name ERP --scope match" + at)
    return lines
