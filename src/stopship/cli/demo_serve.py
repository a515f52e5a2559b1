"""`stopship demo --serve`: the example workbench, made, told about and served on this machine only."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from stopship.cli.options import now, today
from stopship.cli.terminal import heading, show, steps, wrap
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.app.demo_home.people import Login
    from stopship.app.demo_home.place import ExampleHome

HOST = "127.0.0.1"
PORT = 8000
QUIET = {"STOPSHIP_LOG_LEVEL": "warning", "STOPSHIP_LOG_FORMAT": "text"}
"""Who tries it out sees what went wrong, in words, and nothing else; whoever sets a variable is heeded."""


def serve_demo(home: Path | None, port: int | None, *, fresh: bool) -> int:
    """Make the example workbench where it isn't there, give its people new passwords, serve it until Ctrl-C.

    Args:
        home: its folder; None: among the caches of this user.
        port: None: 8000, or a free one where that is taken.
        fresh: make it anew.

    Returns:
        0, or 3 where the server could not run.
    """
    from stopship.app.demo_home.people import new_logins
    from stopship.app.demo_home.place import default_folder, not_running, prepare
    from stopship.app.demo_home.seed import seed
    from stopship.app.demo_home.upload import NAME
    from stopship.app.jobs.supervise import Supervised
    from stopship.app.service.settings import read_service_settings
    from stopship.app.workspace import Workspace
    from stopship.asgi.run import listen
    from stopship.asgi.run import serve as run

    folder = (home.expanduser() if home is not None else default_folder()).absolute()
    if port is None:
        try:
            bound = listen(HOST, PORT)
        except SettingsError:
            bound = listen(HOST, 0)
    else:
        bound = listen(HOST, port)
    with steps() as step:
        say = step or (lambda _text: None)
        say("making the example workbench, some seconds")
        found = prepare(folder, lambda part: seed(part, now=now(), say=say), fresh=fresh, now=now())
    with not_running(folder):
        logins = new_logins(Workspace(folder, today=today()), now=now())
        address = f"http://{HOST}:{bound.getsockname()[1]}"
        show(_about(found, logins, address, folder / NAME))
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)  # for the worker beside it, too
        try:
            with Supervised(folder, say=lambda line: typer.echo(f"stopship: {line}", err=True)):
                return run(read_service_settings(folder), folder, bound, workers=1, open_to_all=False)
        except KeyboardInterrupt:
            typer.echo("\nIt is closed. The same command opens it as you left it.")
            return 0


def _about(found: ExampleHome, logins: tuple[Login, ...], address: str, upload: Path) -> list[str]:
    """What is said at the start. The passwords stand here and nowhere else."""
    lines = [heading("Stopship: the example workbench is open"), ""]
    lines += [f"   {address}", ""]
    wide = max(len(login.name) for login in logins)
    for login in logins:
        lines.append(f"   {login.name.ljust(wide)}   {login.password}   {login.full_name}, {login.role}")
    lines += wrap("These passwords are told once; the next start sets new ones.", "   ", "   ")
    lines += ["", heading("What to try")]
    tries = (
        "Sign in as erika. Quick check: 海康威视 or Hikvision, country China. See why it is found, and save it "
        "as evidence.",
        "Queue: about 40 cases in twelve scripts. The keys j and k move, Enter opens. Take a case, press f, "
        "choose a reason, decide.",
        "In a private window sign in as sam. Filter the queue by what awaits approval, and agree or refuse. "
        "Sam can't agree to what Sam proposed.",
        "Find the case of 예시전자. Closed as a false match and kept silent, until the listed entry changed.",
        f"Screen a file of names: {upload}",
    )
    for number, text in enumerate(tries, 1):
        lines += wrap(f"{number}. {text}", "   ", "      ")
    lines.append("")
    lines += wrap(
        "Everything in it is made up, or a public fact of 9 October 2019. Not for real screening.", "", ""
    )
    if not found.made:
        lines += wrap(f"It was made on {found.since[:10]} and is as you left it; --fresh makes it anew.", "", "")
    lines.append(f"Its folder: {upload.parent}")
    lines.append(f"Ctrl-C ends it. To remove it: rm -r {shlex.quote(str(upload.parent))}")
    return lines
