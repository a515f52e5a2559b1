"""What routes of case work share: the desk, who acts, and a step that is done once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from stopship.access import Principal
from stopship.api.idempotent import IdempotencyKey, done_once
from stopship.api.serving import Asking, Lists, Serving, json_response
from stopship.app.casework.desk import CaseWork, case_work
from stopship.app.service.casework import actor_of
from stopship.app.service.edition import Edition
from stopship.app.service.server import Server
from stopship.cases import Actor

__all__ = ["Acting", "AtDesk", "Case", "Number", "actor_of", "work_of"]

Case = Annotated[int, Path(ge=1, lt=2**31, description="Number of the case.")]
Number = Annotated[int, Path(ge=1, lt=2**31)]


def work_of(server: Server, edition: Edition) -> CaseWork:
    """All that people do with cases, as of this moment."""
    return case_work(edition.workspace, server.database, now=server.now())


@dataclass(frozen=True, slots=True)
class Acting:
    """All that people do with cases, who does it now, and the moment."""

    work: CaseWork
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class _Step:
    """One call that asks for a step."""

    request: Request
    server: Server
    edition: Edition
    principal: Principal
    key: str | None

    async def done(self, work: Callable[[Acting], Any], status: int = 200) -> Response:
        """The answer of a step, which is done once for its idempotency key and on a thread of its own.

        Args:
            work: does it; gives JSON values.
            status: of the answer.
        """

        def acted() -> Any:
            return work(Acting(work_of(self.server, self.edition), actor_of(self.principal), self.server.now()))

        async def done() -> Response:
            return json_response(await run_in_threadpool(acted), status)

        return await done_once(self.request, self.key, done)


async def _step(
    request: Request, server: Serving, edition: Lists, asking: Asking, idempotency_key: IdempotencyKey = None
) -> _Step:
    return _Step(request, server, edition, asking, idempotency_key)


AtDesk = Annotated[_Step, Depends(_step)]
