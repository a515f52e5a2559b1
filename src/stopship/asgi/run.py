"""Runs the server: one process that listens, others that answer."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from pathlib import Path

from stopship.api.figures import SHARED
from stopship.api.guard import is_loopback
from stopship.app.service.settings import ServiceSettings
from stopship.asgi.logs import log_to_stderr
from stopship.asgi.process import SERVED, told_to_processes
from stopship.asgi.workers import Workers, answer
from stopship.errors import SettingsError

WAITING = 2048
"""Connections that wait until a process takes them."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        SettingsError: the port is taken or not ours, or the host is none of this machine.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
        try:
            if os.name != "nt":
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen(WAITING)
            bound.set_inheritable(True)
        except BaseException:
            bound.close()
            raise
    except socket.gaierror:
        raise SettingsError(
            f"{host!r} is no address of this machine", where="--host", hint="Give 127.0.0.1"
        ) from None
    except OverflowError:
        raise SettingsError(f"{port} is no port", where="--port", hint="Give 1 to 65535") from None
    except OSError as bad:
        if bad.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"port {port} is taken by another program", where="--port", hint="End it, or give another port"
            ) from None
        if bad.errno == errno.EACCES:
            raise SettingsError(
                f"port {port} is not for this user", where="--port", hint="Give one from 1024 on"
            ) from None
        raise SettingsError(f"can't listen at {host}: {bad.strerror or bad}", where="--host") from None
    return bound


def refuse_open_elsewhere(host: str) -> None:
    """`--open` is for this machine only.

    Raises:
        SettingsError: the host can be reached from elsewhere.
    """
    if not is_loopback(host):
        raise SettingsError(
            f"without keys only this machine may be answered, and {host} can be reached from elsewhere",
            where="--open",
            hint="Leave --host away, or make a key: stopship keys create",
        )


def serve(settings: ServiceSettings, home: Path, bound: socket.socket, *, workers: int, open_to_all: bool) -> int:
    """Serve until a signal ends it: INT or TERM; calls under way are finished. HUP looks at the lists.

    Returns:
        0, or 3 where workers could not start or died again and again; the log says why.
    """
    os.environ[SERVED] = told_to_processes(home, workers=workers, open_to_all=open_to_all)
    log_to_stderr(settings.log_level, settings.log_format)
    if workers == 1:
        return answer(bound, settings.grace_seconds)
    with tempfile.TemporaryDirectory(prefix="stopship-figures-") as figures:
        os.environ[SHARED] = figures
        return Workers(bound, workers, settings.grace_seconds).run()
