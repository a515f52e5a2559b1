"""What routes take of the running server."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Depends, Path, Request
from fastapi.responses import Response

from stopship.access import Principal
from stopship.api.figures import Figures
from stopship.app.service.edition import Edition
from stopship.app.service.server import Server


def server_of(request: Request) -> Server:
    """The server's parts."""
    found: Server = request.app.state.server
    return found


def principal_of(request: Request) -> Principal:
    """Who asks."""
    found: Principal = request.state.principal
    return found


# What FastAPI calls is asynchronous: it would hand anything else to a thread, which costs more than a look-up.


async def _server(request: Request) -> Server:
    return server_of(request)


async def _edition(request: Request) -> Edition:
    return server_of(request).engine.current


async def _figures(request: Request) -> Figures:
    found: Figures = request.app.state.figures
    return found


async def _principal(request: Request) -> Principal:
    return principal_of(request)


Serving = Annotated[Server, Depends(_server)]
Lists = Annotated[Edition, Depends(_edition)]
"""The lists that a call is answered by, to its end."""
Counted = Annotated[Figures, Depends(_figures)]
Asking = Annotated[Principal, Depends(_principal)]
Dataset = Annotated[
    str,
    Path(
        description="`default` for every list, or the name of a list or of a program, as `/catalog` gives them.",
        examples=["default"],
        min_length=1,
        max_length=100,
    ),
]


def json_response(plain: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON, made fast: a batch is many kilobytes."""
    return Response(orjson.dumps(plain), status, headers=headers, media_type="application/json")
