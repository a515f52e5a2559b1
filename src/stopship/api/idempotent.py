"""Writes that are done once, however often they are sent: the header `Idempotency-Key`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Header, Request, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.serving import principal_of, server_of

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="A key of yours: the same call with the same key is done once; its answer is kept for a day.",
        examples=["order-4711"],
    ),
]
REPLAYED = "idempotency-replayed"


async def done_once(request: Request, key: str | None, work: Callable[[], Awaitable[Response]]) -> Response:
    """The answer of the work, or of the same call before.

    Raises:
        ConflictError: the key was used for another call, or that call is under way.
        Whatever the work raises: the key is free again then.
    """
    if key is None:
        return await work()
    server, owner = server_of(request), principal_of(request).actor
    asked = b"\n".join((request.method.encode(), request.url.path.encode(), await request.body()))
    known = await run_in_threadpool(lambda: server.once.begin(owner, key, asked, now=server.now()))
    if known is not None and known.status is not None:
        headers = {REPLAYED: "true"} | ({"location": known.location} if known.location else {})
        return Response(known.body, known.status, headers=headers, media_type="application/json")
    try:
        answer = await work()
    except BaseException:
        await run_in_threadpool(lambda: server.once.give_up(owner, key))
        raise
    await run_in_threadpool(
        lambda: server.once.finish(
            owner, key, status=answer.status_code, location=answer.headers.get("location"), body=bytes(answer.body)
        )
    )
    return answer
