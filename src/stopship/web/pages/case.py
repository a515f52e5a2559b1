"""One case: what was found, what was done, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.access import Action, allows, require
from stopship.app.service.casework import actor_of
from stopship.cases import SuppressionWish, Verdict
from stopship.cases.view import CaseView, steps_for
from stopship.errors import CaseError, NotAllowed, NotFound, SettingsError, StopshipError
from stopship.model.values import parse_day
from stopship.web.presenters.case import case_page
from stopship.web.rendering import desk, principal_of, render, visitor_of, working_of

STEPS: Mapping[str, Action] = {
    "take": Action.CASES_WORK,
    "release": Action.CASES_WORK,
    "note": Action.CASES_WORK,
    "decide": Action.CASES_DISPOSE,
    "withdraw": Action.CASES_DISPOSE,
    "approve": Action.CASES_APPROVE,
    "refuse": Action.CASES_APPROVE,
}
"""What can be done with a case, and what one must be allowed to do for it."""


async def one(request: Request) -> Response:
    """One case."""
    return await _page(request, await run_in_threadpool(_view, request))


async def step(request: Request) -> Response:
    """Do one step on a case, and show it as it is then. What is refused is said in its place."""
    what = request.path_params["step"]
    if what not in STEPS:
        raise HTTPException(404)
    require(visitor_of(request).principal, STEPS[what])
    sent = await request.form()
    fields = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
    try:
        await run_in_threadpool(_do, request, what, fields)
    except NotFound:
        raise
    except (CaseError, NotAllowed, SettingsError) as error:
        view = await run_in_threadpool(_view, request)
        return await _page(request, view, error=error, fields=fields)
    return RedirectResponse(request.scope.get("root_path", "") + f"/cases/{request.path_params['case']}", 303)


def _do(request: Request, what: str, fields: Mapping[str, str]) -> None:
    working = working_of(request)
    case, actor, now = int(request.path_params["case"]), actor_of(principal_of(request)), working.now()
    at = working.work().desk
    version = int(fields["version"]) if fields.get("version", "").isdecimal() else None
    comment = fields.get("comment", "")
    if what == "take":
        at.take(case, actor, now=now, version=version)
    elif what == "release":
        at.release(case, actor, now=now, version=version)
    elif what == "note":
        at.note(case, comment, actor, now=now)
    elif what == "withdraw":
        at.withdraw(case, actor, now=now, version=version)
    elif what == "approve":
        at.approve(case, actor, comment=comment, now=now, version=version)
    elif what == "refuse":
        at.refuse(case, actor, comment=comment, now=now, version=version)
    else:
        at.decide(
            case,
            _verdict(fields),
            actor,
            reason=fields.get("reason", ""),
            comment=comment,
            now=now,
            version=version,
            suppress=_wish(fields),
        )


def _verdict(fields: Mapping[str, str]) -> Verdict:
    try:
        return Verdict(fields.get("verdict", ""))
    except ValueError:
        raise SettingsError("no verdict was chosen", hint="Choose true, false, possible or escalate") from None


def _wish(fields: Mapping[str, str]) -> SuppressionWish | None:
    if not fields.get("suppress"):
        return None
    return SuppressionWish(_day(fields.get("until", "")))


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as bad:
        raise SettingsError(str(bad), where="until") from None


def _view(request: Request) -> CaseView:
    number = request.path_params["case"]
    if not number.isdecimal() or len(number) > 9:
        raise HTTPException(404)
    return working_of(request).work().desk.show(int(number))


async def _page(
    request: Request,
    view: CaseView,
    *,
    error: StopshipError | None = None,
    fields: Mapping[str, str] | None = None,
) -> Response:
    working, principal = working_of(request), principal_of(request)
    matches = await desk(request).run(lambda: working.matches(view))
    policy = working.work().policy
    actor = actor_of(principal)
    steps = {name for name in steps_for(view.case, actor) if allows(principal, STEPS.get(name, ""))}
    page = case_page(view.to_plain(now=working.now()), matches, me=principal.actor)
    return await run_in_threadpool(
        lambda: render(
            request,
            "case.html",
            status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
            page=page,
            steps=steps,
            me=principal.actor,
            people=working.people(),
            reasons=policy.reasons,
            error=error,
            fields=fields or {},
            today=working.now().date().isoformat(),
        )
    )
