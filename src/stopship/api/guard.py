"""What stands before every route: who asks, whether they may, and that nothing is asked that isn't understood.

It runs before the body is read, so that who isn't let in costs nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Coroutine, Iterable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from stopship.access import Principal, require
from stopship.api.permissions import NEEDED, ON_THIS_MACHINE, PUBLIC
from stopship.app.service.gate import Gate
from stopship.app.service.server import Server
from stopship.errors import NotAllowed

KEY_PARAMETER = "api_key"
"""OpenRefine can send no header: below `/reconcile`, and nowhere else, a key may stand in the address."""


class GuardedRoute(APIRoute):
    """A route that lets in whom the table of permissions names, and refuses parameters that it doesn't know."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See `APIRoute`."""
        inner = super().get_route_handler()
        known = frozenset(_parameters(self.dependant))

        async def handler(request: Request) -> Response:
            await _admit(request, self.path)
            _refuse_unknown(request, known | ({KEY_PARAMETER} if _takes_key(self.path) else frozenset()))
            return await inner(request)

        return handler


async def _admit(request: Request, path: str) -> None:
    server: Server = request.app.state.server
    needed = NEEDED.get((request.method, path))
    if needed == PUBLIC:
        return
    if server.open_to_all and not is_this_machine(request):
        raise NotAllowed("this server answers calls from its own machine only", hint="Start it without --open")
    if (request.method, path) in ON_THIS_MACHINE and is_this_machine(request):
        return
    request.state.principal = principal = await _who(request, path, server.gate)
    require(principal, needed or f"{request.method} {path}")


async def _who(request: Request, path: str, gate: Gate) -> Principal:
    header = request.headers.get("authorization")
    if header is None and _takes_key(path) and (key := request.query_params.get(KEY_PARAMETER)):
        header = f"ApiKey {key}"
    now = request.app.state.server.now()
    if gate.waits:
        principal = await run_in_threadpool(lambda: gate.admit(header, now=now))
    else:
        principal = gate.admit(header, now=now)
    request.scope["stopship.actor"] = principal.actor
    return principal


def _takes_key(path: str) -> bool:
    return path.startswith("/reconcile/")


def is_this_machine(request: Request) -> bool:
    """Whether a call comes from a loopback address and asks for one by name: a page on the web that lets its own
    name point here is refused."""
    client = request.client.host if request.client else ""
    return is_loopback(client) and is_loopback(request.url.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parameters(dependant: Dependant) -> Iterable[str]:
    for parameter in dependant.query_params:
        fields = getattr(parameter.field_info.annotation, "model_fields", None)
        if fields is None:
            yield parameter.alias
        else:
            yield from (field.alias or name for name, field in fields.items())
    for below in dependant.dependencies:
        yield from _parameters(below)


def _refuse_unknown(request: Request, known: frozenset[str]) -> None:
    given = [name for name, _value in parse_qsl(request.url.query, keep_blank_values=True)]
    if unknown := [name for name in dict.fromkeys(given) if name not in known]:
        hint = f"unknown parameter; known: {', '.join(sorted(known))}" if known else "there are no parameters here"
        raise RequestValidationError(
            [{"type": "unknown", "loc": ("query", name[:80]), "msg": hint, "input": None} for name in unknown]
        )
