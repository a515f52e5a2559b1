"""Addresses of clusters: whether anybody answers there, before an engine waits for minutes."""

from __future__ import annotations

import re
import socket

from stopship.errors import SettingsError, WorkerError

_SECONDS = 10.0
_HOST_AND_PORT = re.compile(r"(?:(?:tcp|tls|ray|spark)://)?(?P<places>[^/\s]+:\d+(?:,[^/\s]+:\d+)*)/?")


def must_answer(address: str) -> None:
    """Refuse an address at which nothing listens. Others than `HOST:PORT`, with or without `tcp://`, `tls://`,
    `ray://`, `spark://` before it, are left to the engine (`auto`, `yarn`, `k8s://…`); of several, one is enough.

    Raises:
        WorkerError: nothing listens there, or there is no such host. SettingsError: the port is none.
    """
    found = _HOST_AND_PORT.fullmatch(address)
    if found is None:
        return
    why = ""
    for place in found["places"].split(","):
        host, _, port = place.rpartition(":")
        if int(port) > 65_535:
            raise SettingsError(f"{port} is no port", where=address, hint="Check --address")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS).close()
            return
        except OSError as bad:
            why = bad.strerror or str(bad)
    raise WorkerError(f"nobody answers: {why.lower()}", where=address, hint="Check --address")
