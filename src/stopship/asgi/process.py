"""One process of the server: its parts made, its lists opened before it answers, its signals."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import structlog
from fastapi import FastAPI

from stopship.api.application import build
from stopship.api.figures import Figures
from stopship.app.service.engine import Reloaded
from stopship.app.service.server import Server, make_server
from stopship.app.service.settings import read_service_settings
from stopship.asgi.logs import log_to_stderr
from stopship.asgi.pages import add_pages

SERVED = "STOPSHIP_SERVED"
"""What `stopship serve` tells its processes: the home, and whether keys are asked for."""

log = structlog.get_logger("stopship.serve")


def told_to_processes(home: Path, *, workers: int, open_to_all: bool) -> str:
    """The value of `SERVED`."""
    return orjson.dumps({"home": str(home), "workers": workers, "open": open_to_all}).decode()


def application() -> FastAPI:
    """The application, by what the environment says."""
    told = orjson.loads(os.environ.get(SERVED, "{}"))
    settings = read_service_settings(Path(told["home"]) if "home" in told else None)
    log_to_stderr(settings.log_level, settings.log_format)
    figures = Figures()

    def reloaded(done: Reloaded) -> None:
        figures.reloaded(done)
        if done.problem:
            log.error("lists not reloaded", problem=done.problem, seconds=round(done.seconds, 2))
            return
        edition = server.engine.current
        figures.serves(edition)
        gc.collect()
        gc.freeze()  # the tables of words are many small objects that stay
        lists = {state["source"]: state["snapshot"][:19] for state in edition.lists}
        log.info("lists in use", seconds=round(done.seconds, 2), lists=lists, stale=list(edition.stale))

    server = make_server(
        settings, open_to_all=told.get("open", False), workers=told.get("workers", 1), told=reloaded
    )
    app = build(server, lifespan=_lifespan, figures=figures)
    add_pages(app, server)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    server: Server = app.state.server
    gc.set_threshold(100_000, 50, 100)
    # Look-ups hold the interpreter: the loop that takes and answers calls waited up to 5 ms for each of its turns.
    sys.setswitchinterval(0.0005)
    await server.engine.open()
    server.engine.watch()
    with contextlib.suppress(
        NotImplementedError, RuntimeError, AttributeError
    ):  # no such signal, or no main thread
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, server.engine.reload_soon)
    yield
    await server.close()
