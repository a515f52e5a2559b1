"""The application: routes, errors, what stands around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI, Response
from starlette.routing import Route

from stopship.api.around import Around
from stopship.api.errors import add_error_handlers
from stopship.api.figures import Figures
from stopship.api.guard import GuardedRoute
from stopship.api.openapi import describe
from stopship.api.routes import (
    administration,
    bulk,
    case_steps,
    cases,
    catalog,
    health,
    jobs,
    lists,
    match,
    names,
    reconcile,
    rules,
    search,
    suppressions,
    transactions,
    users,
)
from stopship.api.serving import json_response
from stopship.app.service.server import Server

ROUTERS = (
    health,
    match,
    search,
    catalog,
    reconcile,
    names,
    transactions,
    lists,
    rules,
    jobs,
    cases,
    case_steps,
    bulk,
    suppressions,
    administration,
    users,
)
UPLOADS = ("/api/v1/jobs", "/batch")

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build(server: Server, *, lifespan: Lifespan | None = None, figures: Figures | None = None) -> FastAPI:
    """The application over a server's parts.

    Args:
        server: the parts.
        lifespan: what is done at the beginning and the end; None opens the lists and closes the server.
        figures: where calls are counted.
    """
    app = FastAPI(
        title="Stopship",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # it would lead to whatever host the caller names
        lifespan=lifespan or _opened_before_serving,
    )
    app.state.server = server
    app.state.figures = figures or Figures()
    _add_routes(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]

    @app.get("/openapi.json", include_in_schema=False, response_model=None)
    async def openapi() -> Response:
        return json_response(describe(app))

    add_error_handlers(app)
    settings = server.settings
    app.add_middleware(
        Around,
        figures=app.state.figures,
        most_bytes=lambda path: settings.max_upload_bytes if path in UPLOADS else settings.max_body_bytes,
        body_seconds=settings.body_seconds,
    )
    return app


def description() -> dict[str, Any]:
    """The description of the API, without a server."""
    app = FastAPI()
    _add_routes(app)
    return describe(app)


def first_words(app: FastAPI) -> frozenset[str]:
    """The first part of every address of the API, for a server that has others beside it."""
    # Routes of a router are not among those of the application.
    routes = [*app.router.routes, *(route for module in ROUTERS for route in module.router.routes)]
    return frozenset(route.path.split("/")[1] for route in routes if isinstance(route, Route))


def _add_routes(app: FastAPI) -> None:
    for module in ROUTERS:
        app.include_router(module.router)
    app.router.route_class = GuardedRoute


@asynccontextmanager
async def _opened_before_serving(app: FastAPI) -> AsyncIterator[None]:
    server: Server = app.state.server
    await server.engine.open()
    app.state.figures.serves(server.engine.current)
    server.engine.watch()
    yield
    await server.close()
