"""The processes of a server: started, replaced when one dies, told of signals, ended together."""

from __future__ import annotations

import contextlib
import importlib.util
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
import uvicorn

from stopship.api.figures import SHARED

FACTORY = "stopship.asgi:create"
LOOK_SECONDS = 0.5
QUICK_SECONDS = 60.0
MOST_QUICK_DEATHS = 5
"""Workers that die so often within a minute of their start are not started again: nothing would change."""
KILLED_AFTER = 10
"""Seconds beyond the time that calls under way are given."""
HUP: int | None = getattr(signal, "SIGHUP", None)

log = structlog.get_logger("stopship.serve")


class Workers:
    """So many processes over one listening socket."""

    def __init__(self, bound: socket.socket, count: int, grace_seconds: int) -> None:
        self._bound = bound
        self._count = count
        self._grace = grace_seconds
        self._processes: dict[SpawnProcess, float] = {}
        self._stopping = threading.Event()
        self._quick_deaths = 0

    def run(self) -> int:
        """Run until INT or TERM; 3 where the workers die again and again."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        for _ in range(self._count):
            self._start()
        if HUP is not None:
            signal.signal(HUP, self._hand_on)
        given_up = False
        while not self._stopping.is_set() and not given_up:
            wait([process.sentinel for process in self._processes], LOOK_SECONDS)
            for process in [one for one in self._processes if not one.is_alive()]:
                given_up = self._replace(process) or given_up
        self._end()
        return 3 if given_up else 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _hand_on(self, number: int, _frame: FrameType | None) -> None:
        for process in list(self._processes):
            if process.pid is not None and process.is_alive():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, number)

    def _start(self) -> None:
        process = multiprocessing.get_context("spawn").Process(target=work, args=(self._bound, self._grace))
        with _hup_ignored():
            process.start()
        self._processes[process] = time.monotonic()

    def _replace(self, dead: SpawnProcess) -> bool:
        """Start another one in the place of a dead one; whether to give up instead."""
        began = self._processes.pop(dead)
        if self._stopping.is_set():
            return False
        log.error("worker died", pid=dead.pid, exit_code=dead.exitcode)
        _forget_figures(dead.pid)
        self._quick_deaths = self._quick_deaths + 1 if time.monotonic() - began < QUICK_SECONDS else 0
        if self._quick_deaths >= MOST_QUICK_DEATHS:
            log.error("giving up: workers die as soon as they have started")
            return True
        self._start()
        return False

    def _end(self) -> None:
        for process in self._processes:
            process.terminate()
        end = time.monotonic() + self._grace + KILLED_AFTER
        for process in self._processes:
            process.join(max(0.0, end - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


@contextmanager
def _hup_ignored() -> Iterator[None]:
    """A signal that is ignored stays ignored in a new process: a worker that still starts isn't ended by HUP."""
    if HUP is None:
        yield
        return
    before = signal.signal(HUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(HUP, before)


def _forget_figures(pid: int | None) -> None:
    if SHARED in os.environ and pid is not None and Path(os.environ[SHARED]).is_dir():
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def configured(app: Any, grace_seconds: int, *, proxies: str = "", **more: Any) -> uvicorn.Config:
    """How uvicorn runs an application, or the factory of one.

    `proxies`: addresses, with commas, whose X-Forwarded-For and X-Forwarded-Proto are believed; nobody else's are.
    """
    kind: Any = "auto"
    if (
        importlib.util.find_spec("httptools") is not None
    ):  # it is not on Windows, nor on other Pythons than CPython
        from stopship.asgi.connection import Connection

        kind = Connection
    return uvicorn.Config(
        app,
        http=kind,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        timeout_graceful_shutdown=grace_seconds,
        **more,
    )


def answer(bound: socket.socket, grace_seconds: int) -> int:
    """Answer calls in this process until a signal ends it; 3 where it could not start."""
    from stopship.app.service.settings import read_service_settings

    proxies = read_service_settings().trusted_proxies
    server = uvicorn.Server(configured(FACTORY, grace_seconds, proxies=proxies, factory=True))
    server.run([bound])
    return 0 if server.started else 3


def work(bound: socket.socket, grace_seconds: int) -> None:
    """What a worker does: answers calls until it is told to end, or until its parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    code = answer(bound, grace_seconds)
    if code:
        raise SystemExit(code)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
