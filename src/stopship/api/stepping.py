"""What routes of case work share: the desk, who acts, and a step that is done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path, Request, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.idempotent import done_once
from stopship.api.serving import json_response
from stopship.app.casework.desk import CaseWork, case_work
from stopship.app.service.casework import actor_of
from stopship.app.service.edition import Edition
from stopship.app.service.server import Server

__all__ = ["Case", "Number", "actor_of", "step", "work_of"]

Case = Annotated[int, Path(ge=1, lt=2**31, description="Number of the case.")]
Number = Annotated[int, Path(ge=1, lt=2**31)]


def work_of(server: Server, edition: Edition) -> CaseWork:
    """All that people do with cases, as of this moment."""
    return case_work(edition.workspace, server.database, now=server.now())


async def step(request: Request, key: str | None, work: Callable[[], Any], status: int = 200) -> Response:
    """The answer of a step, which is done once for its idempotency key and on a thread of its own.

    Args:
        work: does it; gives JSON values.
    """

    async def done() -> Response:
        return json_response(await run_in_threadpool(work), status)

    return await done_once(request, key, done)
