"""The queue, and one case: what was found, what was done, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.access import Action, Principal, allows, require
from stopship.app.service.casework import Working, actor_of
from stopship.cases import State, SuppressionWish, Verdict, Wanted
from stopship.cases.policy import BANDS
from stopship.cases.queue import NOBODY, SORTS
from stopship.cases.view import CaseView, steps_for
from stopship.errors import CaseError, NotAllowed, NotFound, SettingsError, StopshipError
from stopship.model.values import parse_day
from stopship.web.presenters.case import case_page
from stopship.web.rendering import desk, render, visitor_of

PAGE = 50
MINE = "me"
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


def overview(request: Request) -> Response:
    """The queue. What is asked for is in the address."""
    asked = request.query_params
    wanted = _wanted(request)
    sort = asked.get("sort") if asked.get("sort") in SORTS else "due"
    assert sort is not None
    found = _working(request).queue(wanted, sort=sort, cursor=asked.get("after") or None, limit=PAGE)
    kept = [(name, value) for name, value in asked.multi_items() if value and name != "after"]
    return render(
        request,
        "cases.html",
        found=found,
        lines=[line.to_plain(now=_working(request).now()) for line in found.page.lines],
        people=_working(request).people(),
        asked={name: asked.get(name, "") for name in ("state", "band", "program", "who", "q", "overdue")},
        sort=sort,
        sorts=tuple(SORTS),
        states=[state.value for state in State],
        bands=BANDS,
        further="?" + urlencode([*kept, ("after", found.page.next)]) if found.page.next else "",
        may_work=allows(visitor_of(request).principal, Action.CASES_WORK),
    )


async def take_next(request: Request) -> Response:
    """Take the most urgent case that nobody has."""
    await request.form()
    working = _working(request)
    actor = actor_of(_principal(request))
    case = await run_in_threadpool(lambda: working.work().desk.take_next(actor, now=working.now()))
    root = request.scope.get("root_path", "")
    return RedirectResponse(root + (f"/cases/{case.id}" if case else "/cases?state=open&none=1"), 303)


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
    working = _working(request)
    case, actor, now = int(request.path_params["case"]), actor_of(_principal(request)), working.now()
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


def _wanted(request: Request) -> Wanted:
    asked = request.query_params
    who = asked.get("who", "")
    assignee = {"": (), MINE: (_principal(request).actor,), NOBODY: (NOBODY,)}.get(who, (who,))
    wanted = Wanted(assignees=assignee, text=asked.get("q", "").strip(), overdue=bool(asked.get("overdue")))
    for name, field in (("state", "states"), ("band", "bands"), ("program", "programs")):
        if value := asked.get(name):
            values: Any = {field: (value,)}
            wanted = replace(wanted, **values)
    return wanted


def _view(request: Request) -> CaseView:
    number = request.path_params["case"]
    if not number.isdecimal() or len(number) > 9:
        raise HTTPException(404)
    return _working(request).work().desk.show(int(number))


async def _page(
    request: Request,
    view: CaseView,
    *,
    error: StopshipError | None = None,
    fields: Mapping[str, str] | None = None,
) -> Response:
    working, principal = _working(request), _principal(request)
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


def _working(request: Request) -> Working:
    working = desk(request).cases
    if working is None:
        raise HTTPException(404)
    return working


def _principal(request: Request) -> Principal:
    principal = visitor_of(request).principal
    assert principal is not None, "the entrance lets nobody through without one"
    return principal
