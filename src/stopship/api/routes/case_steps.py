"""`/api/v1/cases/…`: what people do with a case. Programs may take and give back; verdicts are for people."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from stopship.api.guard import GuardedRoute
from stopship.api.schemas.steps import (
    ApprovalAsked,
    AssignmentAsked,
    CaseJudged,
    CaseStepped,
    CaseTaken,
    RefusalAsked,
    ReopeningAsked,
    StepAsked,
    VerdictAsked,
)
from stopship.api.stepping import Acting, AtDesk, Case
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
    at: AtDesk,
) -> Response:
    """Take the most urgent case that nobody has. Others are told that you work on it until the lock expires."""

    def work(acting: Acting) -> dict[str, Any]:
        taken = acting.work.desk.take_next(acting.actor, now=acting.now)
        return {"case": case_to_plain(taken, now=acting.now) if taken is not None else None}

    return await at.done(work)


@router.post(
    "/{case}/take",
    summary="Take a case",
    operation_id="takeCase",
    responses=STEPPED,
    response_model=None,
)
async def take(
    case: Case,
    at: AtDesk,
    body: Plain = NOTHING,
) -> Response:
    """Assign a case to yourself and lock it: until the lock expires nobody else can decide it (423 says who has
    it)."""

    def work(acting: Acting) -> dict[str, Any]:
        held = acting.work.desk.take(case, acting.actor, now=acting.now, version=body.version)
        return {"case": case_to_plain(held, now=acting.now)}

    return await at.done(work)


@router.post(
    "/{case}/release",
    summary="Give a case back",
    operation_id="releaseCase",
    responses=STEPPED,
    response_model=None,
)
async def release(
    case: Case,
    at: AtDesk,
    body: Plain = NOTHING,
) -> Response:
    """Give a case back, so that anybody may take it; its lock ends."""

    def work(acting: Acting) -> dict[str, Any]:
        held = acting.work.desk.release(case, acting.actor, now=acting.now, version=body.version)
        return {"case": case_to_plain(held, now=acting.now)}

    return await at.done(work)


@router.post(
    "/{case}/assign",
    summary="Give a case to somebody",
    operation_id="assignCase",
    responses=STEPPED,
    response_model=None,
)
async def assign(
    case: Case,
    body: AssignmentAsked,
    at: AtDesk,
) -> Response:
    """Give a case to somebody, past the lock of whoever has it. To yourself is `take`."""

    def work(acting: Acting) -> dict[str, Any]:
        to = assignee(acting.work.database, body.to)
        desk = acting.work.desk
        held = desk.assign(case, to, acting.actor, now=acting.now, version=body.version)
        return {"case": case_to_plain(held, now=acting.now)}

    return await at.done(work)


@router.post(
    "/{case}/verdict",
    summary="Say what it is",
    operation_id="decideCase",
    responses={200: {"model": CaseJudged, "description": "The case as it is then"}},
    response_model=None,
)
async def verdict(
    case: Case,
    body: VerdictAsked,
    at: AtDesk,
) -> Response:
    """Judge the alerts of a case. Where the settings ask for a second person, it waits for that one."""
    wish = None
    if body.suppress is not None:
        wish = SuppressionWish(body.suppress.until, body.suppress.scope, body.suppress.program)

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.desk
        held = desk.decide(
            case,
            body.verdict,
            acting.actor,
            reason=body.reason,
            comment=body.comment,
            now=acting.now,
            version=body.version,
            alerts=tuple(body.alerts) if body.alerts is not None else None,
            others={one.alert: Verdict(one.verdict) for one in body.others},
            suppress=wish,
        )
        made = desk.show(case).suppressions if wish is not None else ()
        waiting = [row.id for row, _ in made if row.state == "proposed" and row.disposition_id is None]
        return {"case": case_to_plain(held, now=acting.now), "suppressions": waiting}

    return await at.done(work)


@router.post(
    "/{case}/approve",
    summary="Agree to a verdict",
    operation_id="approveCase",
    responses=STEPPED,
    response_model=None,
)
async def approve(
    case: Case,
    at: AtDesk,
    body: Annotated[ApprovalAsked, Body()] = APPROVED,
) -> Response:
    """Agree to what somebody else proposed. Whoever proposed it is refused (403)."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.desk
        held = desk.approve(case, acting.actor, comment=body.comment, now=acting.now, version=body.version)
        return {"case": case_to_plain(held, now=acting.now)}

    return await at.done(work)


@router.post(
    "/{case}/refuse",
    summary="Disagree with a verdict",
    operation_id="refuseCase",
    responses=STEPPED,
    response_model=None,
)
async def refuse(
    case: Case,
    body: RefusalAsked,
    at: AtDesk,
) -> Response:
    """Disagree with what somebody else proposed, saying why. The case goes back to work."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.desk
        held = desk.refuse(case, acting.actor, comment=body.comment, now=acting.now, version=body.version)
        return {"case": case_to_plain(held, now=acting.now)}

    return await at.done(work)


@router.post(
    "/{case}/withdraw",
    summary="Take a verdict back",
    operation_id="withdrawCase",
    responses=STEPPED,
    response_model=None,
)
async def withdraw(
    case: Case,
    at: AtDesk,
    body: Plain = NOTHING,
) -> Response:
    """Take your own proposal back, as long as nobody has agreed."""

    def work(acting: Acting) -> dict[str, Any]:
        held = acting.work.desk.withdraw(case, acting.actor, now=acting.now, version=body.version)
        return {"case": case_to_plain(held, now=acting.now)}

    return await at.done(work)


@router.post(
    "/{case}/reopen",
    summary="Open a closed case again",
    operation_id="reopenCase",
    responses=STEPPED,
    response_model=None,
)
async def reopen(
    case: Case,
    body: ReopeningAsked,
    at: AtDesk,
) -> Response:
    """Open a closed case again, saying why: what was judged must be judged anew. Hits that a suppression keeps
    silent stay so until it ends; a case with no other is refused (409)."""

    def work(acting: Acting) -> dict[str, Any]:
        desk = acting.work.desk
        held = desk.reopen(case, acting.actor, comment=body.comment, now=acting.now, version=body.version)
        return {"case": case_to_plain(held, now=acting.now)}

    return await at.done(work)
