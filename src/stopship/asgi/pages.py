"""The workbench beside REST: its addresses go to it, with what stands around every call."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from stopship.api.application import first_words
from stopship.api.guard import is_this_machine
from stopship.app.access import Access
from stopship.app.access_settings import read_access_settings
from stopship.app.administration.office import Office
from stopship.app.batches.board import Board
from stopship.app.example_data import notice_of
from stopship.app.quick_check import QuickCheck
from stopship.app.service.casebook import Casebook
from stopship.app.service.casework import Working
from stopship.app.service.kept import KeptEvidence
from stopship.app.service.overview import Overview
from stopship.app.service.queueing import Queueing
from stopship.app.service.server import Server
from stopship.web.addresses import FIRST_WORDS
from stopship.web.gate import Gate, OpenGate, SessionGate
from stopship.web.rendering import Desk
from stopship.web.workbench import workbench


class Pages(BaseRoute):
    """All addresses of the workbench, as one route: figures and logs name it so."""

    path = "workbench"

    def __init__(self, pages: ASGIApp, others: frozenset[str]) -> None:
        self._pages = pages
        self._others = others

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether an address is one of the workbench's, by its first part; or nobody's, and a browser asks."""
        if scope["type"] != "http":
            return Match.NONE, {}
        first = scope["path"].split("/")[1]
        if first in FIRST_WORDS or (first not in self._others and _asks_for_a_page(scope)):
            return Match.FULL, {"route": self}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on. Who asks is told to what stands around it, which logs that."""
        inner = dict(scope)
        try:
            await self._pages(inner, receive, send)
        finally:
            scope["stopship.actor"] = inner.get("stopship.actor")


def _asks_for_a_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def add_pages(app: FastAPI, server: Server) -> None:
    """Serve the workbench over the same lists and the same database.

    Raises:
        SettingsError: what the home says about signing in is wrong.
    """
    access = Access(server.database, read_access_settings(server.home))
    gate: Gate = OpenGate(is_this_machine) if server.open_to_all else SessionGate(access, server.now)
    checks = QuickCheck(lambda: server.engine.current, now=server.now)
    cases = Working(lambda: server.engine.current, server.database, now=server.now)
    notice = notice_of(server.home)
    queueing = Queueing(cases, server.database, now=server.now, notice=notice)
    casebook = Casebook(lambda: server.engine.current, server.database, now=server.now)
    board = Board(
        lambda: server.engine.current,
        server.database,
        server.queue,
        most_bytes=server.settings.max_upload_bytes,
        now=server.now,
    )
    desk = Desk(
        checks,
        server.engine.run,
        gate,
        cases=cases,
        queueing=queueing,
        casebook=casebook,
        board=board,
        overview=Overview(server.database, now=server.now),
        office=Office(server.home, access, lambda: server.engine.current, now=server.now),
        example=notice is not None,
        evidence=KeptEvidence(lambda: server.engine.current, server.database),
    )
    app.router.routes.append(Pages(workbench(desk), first_words(app)))
