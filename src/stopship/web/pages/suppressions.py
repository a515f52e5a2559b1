"""What is kept silent: looked through, agreed to, refused, ended."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, allows
from stopship.app.service.casework import actor_of
from stopship.cases.silencing import GROUPS
from stopship.errors import StopshipError
from stopship.web.asked import number_in, whole_number
from stopship.web.pages.one_step import one_step
from stopship.web.pages.queue_view import MINE
from stopship.web.rendering import principal_of, queueing_of, render

STEPS: Mapping[str, Action] = {
    "approve": Action.CASES_APPROVE,
    "refuse": Action.CASES_APPROVE,
    "end": Action.CASES_DISPOSE,
}
"""What can be done with one, and what one must be allowed to do for it."""
PAGE = 50
FIELDS = ("state", "q", "who")


def overview(request: Request) -> Response:
    """Suppressions of one group. What is asked for is in the address."""
    return _page(request)


async def step(request: Request) -> Response:
    """Agree, refuse or end. What is refused is said in its place."""
    return await one_step(
        request,
        STEPS,
        _step,
        _page,
        lambda _what: f"/suppressions{_query(request, done=str(number_in(request, 'number')))}",
    )


def _step(request: Request, what: str, comment: str) -> None:
    at, actor, number = queueing_of(request), actor_of(principal_of(request)), number_in(request, "number")
    desk, now = at.work().suppressions, at.now()
    if what == "approve":
        desk.approve(number, actor, comment=comment, now=now)
    elif what == "refuse":
        desk.refuse(number, actor, comment=comment, now=now)
    else:
        desk.end(number, actor, comment=comment, now=now)


def _page(request: Request, error: StopshipError | None = None, comment: str = "") -> Response:
    at, me, given = queueing_of(request), principal_of(request), request.query_params
    group = given.get("state", "").strip() or "waiting"
    who = given.get("who", "").strip()
    found = at.suppressions(
        group,
        text=given.get("q", "").strip(),
        person=me.actor if who == MINE else who,
        limit=PAGE,
        below=whole_number(given.get("below")),
        above=whole_number(given.get("above")),
    )
    desk = at.work().suppressions
    number = number_in(request, "number") if error else None
    done = whole_number(given.get("done"))
    return render(
        request,
        "suppressions.html",
        status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
        found=found,
        done=desk.show(done) if done is not None and not error else None,
        refused=desk.show(number) if number is not None else None,
        groups=tuple(GROUPS),
        group=group,
        asked={name: given.get(name, "").strip() for name in FIELDS},
        address=lambda **more: _query(request, **more),
        error=error,
        comment=comment,
        people=at.people(),
        me=me.actor,
        waiting=at.waiting(),
        today=at.now().date(),
        alarm_days=at.work().policy.alarm_days,
        may_approve=allows(me, Action.CASES_APPROVE),
        may_dispose=allows(me, Action.CASES_DISPOSE),
    )


def _query(request: Request, **more: str) -> str:
    kept = {name: request.query_params.get(name, "").strip() for name in FIELDS} | more
    pairs = {name: value for name, value in kept.items() if value}
    return "?" + urlencode(pairs) if pairs else ""
