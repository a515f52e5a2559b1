"""`/api/v1/cases/…`: what people do with a case. Programs may take and give back; verdicts are for people."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from stopship.api.guard import GuardedRoute
from stopship.api.idempotent import IdempotencyKey
from stopship.api.schemas.steps import (
    ApprovalAsked,
    AssignmentAsked,
    CaseJudged,
    CaseStepped,
    CaseTaken,
    RefusalAsked,
    StepAsked,
    VerdictAsked,
)
from stopship.api.serving import Asking, Lists, Serving
from stopship.api.stepping import Case, actor_of, step, work_of
from stopship.app.people import assignee
from stopship.cases import SuppressionWish, Verdict
from stopship.cases.view import case_to_plain

router = APIRouter(prefix="/api/v1/cases", route_class=GuardedRoute, tags=["Cases"])

Plain = Annotated[StepAsked, Body()]
NOTHING = StepAsked()
APPROVED = ApprovalAsked()
STEPPED: dict[int | str, dict[str, Any]] = {200: {"model": CaseStepped, "description": "The case as it is then"}}


@router.post(
    "/next",
    summary="Take the next case",
    operation_id="takeNextCase",
    responses={200: {"model": CaseTaken, "description": "The case, or null"}},
    response_model=None,
)
async def take_next(
    request: Request, server: Serving, edition: Lists, asking: Asking, idempotency_key: IdempotencyKey = None
) -> Response:
    """Take the most urgent case that nobody has. Others are told that you work on it until the lock expires."""

    def work() -> dict[str, Any]:
        now = server.now()
        taken = work_of(server, edition).desk.take_next(actor_of(asking), now=now)
        return {"case": case_to_plain(taken, now=now) if taken is not None else None}

    return await step(request, idempotency_key, work)


@router.post(
    "/{case}/take",
    summary="Take a case",
    operation_id="takeCase",
    responses=STEPPED,
    response_model=None,
)
async def take(
    request: Request,
    case: Case,
    server: Serving,
    edition: Lists,
    asking: Asking,
    body: Plain = NOTHING,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Assign a case to yourself and lock it: until the lock expires nobody else can decide it (423 says who has
    it)."""

    def work() -> dict[str, Any]:
        now = server.now()
        held = work_of(server, edition).desk.take(case, actor_of(asking), now=now, version=body.version)
        return {"case": case_to_plain(held, now=now)}

    return await step(request, idempotency_key, work)


@router.post(
    "/{case}/release",
    summary="Give a case back",
    operation_id="releaseCase",
    responses=STEPPED,
    response_model=None,
)
async def release(
    request: Request,
    case: Case,
    server: Serving,
    edition: Lists,
    asking: Asking,
    body: Plain = NOTHING,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Give a case back, so that anybody may take it; its lock ends."""

    def work() -> dict[str, Any]:
        now = server.now()
        held = work_of(server, edition).desk.release(case, actor_of(asking), now=now, version=body.version)
        return {"case": case_to_plain(held, now=now)}

    return await step(request, idempotency_key, work)


@router.post(
    "/{case}/assign",
    summary="Give a case to somebody",
    operation_id="assignCase",
    responses=STEPPED,
    response_model=None,
)
async def assign(
    request: Request,
    case: Case,
    body: AssignmentAsked,
    server: Serving,
    edition: Lists,
    asking: Asking,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Give a case to somebody, past the lock of whoever has it. To yourself is `take`."""

    def work() -> dict[str, Any]:
        now = server.now()
        to = assignee(server.database, body.to)
        desk = work_of(server, edition).desk
        held = desk.assign(case, to, actor_of(asking), now=now, version=body.version)
        return {"case": case_to_plain(held, now=now)}

    return await step(request, idempotency_key, work)


@router.post(
    "/{case}/verdict",
    summary="Say what it is",
    operation_id="decideCase",
    responses={200: {"model": CaseJudged, "description": "The case as it is then"}},
    response_model=None,
)
async def verdict(
    request: Request,
    case: Case,
    body: VerdictAsked,
    server: Serving,
    edition: Lists,
    asking: Asking,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Judge the alerts of a case. Where the settings ask for a second person, it waits for that one."""
    wish = None
    if body.suppress is not None:
        wish = SuppressionWish(body.suppress.until, body.suppress.scope, body.suppress.program)

    def work() -> dict[str, Any]:
        now, desk = server.now(), work_of(server, edition).desk
        held = desk.decide(
            case,
            body.verdict,
            actor_of(asking),
            reason=body.reason,
            comment=body.comment,
            now=now,
            version=body.version,
            alerts=tuple(body.alerts) if body.alerts is not None else None,
            others={one.alert: Verdict(one.verdict) for one in body.others},
            suppress=wish,
        )
        made = desk.show(case).suppressions if wish is not None else ()
        waiting = [row.id for row, _ in made if row.state == "proposed" and row.disposition_id is None]
        return {"case": case_to_plain(held, now=now), "suppressions": waiting}

    return await step(request, idempotency_key, work)


@router.post(
    "/{case}/approve",
    summary="Agree to a verdict",
    operation_id="approveCase",
    responses=STEPPED,
    response_model=None,
)
async def approve(
    request: Request,
    case: Case,
    server: Serving,
    edition: Lists,
    asking: Asking,
    body: Annotated[ApprovalAsked, Body()] = APPROVED,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Agree to what somebody else proposed. Whoever proposed it is refused (403)."""

    def work() -> dict[str, Any]:
        now, desk = server.now(), work_of(server, edition).desk
        held = desk.approve(case, actor_of(asking), comment=body.comment, now=now, version=body.version)
        return {"case": case_to_plain(held, now=now)}

    return await step(request, idempotency_key, work)


@router.post(
    "/{case}/refuse",
    summary="Disagree with a verdict",
    operation_id="refuseCase",
    responses=STEPPED,
    response_model=None,
)
async def refuse(
    request: Request,
    case: Case,
    body: RefusalAsked,
    server: Serving,
    edition: Lists,
    asking: Asking,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Disagree with what somebody else proposed, saying why. The case goes back to work."""

    def work() -> dict[str, Any]:
        now, desk = server.now(), work_of(server, edition).desk
        held = desk.refuse(case, actor_of(asking), comment=body.comment, now=now, version=body.version)
        return {"case": case_to_plain(held, now=now)}

    return await step(request, idempotency_key, work)


@router.post(
    "/{case}/withdraw",
    summary="Take a verdict back",
    operation_id="withdrawCase",
    responses=STEPPED,
    response_model=None,
)
async def withdraw(
    request: Request,
    case: Case,
    server: Serving,
    edition: Lists,
    asking: Asking,
    body: Plain = NOTHING,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Take your own proposal back, as long as nobody has agreed."""

    def work() -> dict[str, Any]:
        now = server.now()
        held = work_of(server, edition).desk.withdraw(case, actor_of(asking), now=now, version=body.version)
        return {"case": case_to_plain(held, now=now)}

    return await step(request, idempotency_key, work)
