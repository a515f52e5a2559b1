"""One verdict on many cases: looked at before it is proposed, agreed to or refused by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, allows
from stopship.app.service.casework import actor_of
from stopship.app.service.queueing import Foreseen, to_judge
from stopship.cases import Verdict, Wanted
from stopship.errors import CaseError, NotAllowed, SettingsError, StopshipError
from stopship.web.asked import fields_of, go_to, number_in, whole_number
from stopship.web.pages.one_step import one_step
from stopship.web.pages.queue_view import queue_view
from stopship.web.presenters.queue import chosen_by
from stopship.web.rendering import principal_of, queueing_of, render

STEPS: Mapping[str, Action] = {
    "approve": Action.CASES_APPROVE,
    "refuse": Action.CASES_APPROVE,
    "withdraw": Action.CASES_BULK,
}
"""What can be done with a proposal, and what one must be allowed to do for it."""
TOLD = ("propose", *STEPS)
"""Steps after which the proposal is shown, with a sentence that says what was done."""
MOST_TICKED = 1000
PAGE = 100
IN_SHORT = 5
"""Cases of each proposal on the page of all of them."""
LATELY = 20


def preview(request: Request) -> Response:
    """What a verdict on the ticked cases, or on all of a view, would be about. Nothing is done."""
    return _preview(request)


async def propose(request: Request) -> Response:
    """Propose it. The cases are those of the address, as in the preview; if they are others by now, the preview is
    shown again."""
    sent = await request.form()
    fields = fields_of(sent)
    try:
        number = await run_in_threadpool(_propose, request, fields)
    except (CaseError, NotAllowed, SettingsError) as error:
        return await run_in_threadpool(_preview, request, error, fields)
    return go_to(request, f"/bulk/{number}?did=propose")


def overview(request: Request) -> Response:
    """Those that wait for a second person, each with its first cases, and those of late."""
    at = queueing_of(request)
    desk = at.work().bulk
    waiting = desk.waiting()
    return render(
        request,
        "bulk.html",
        shown=at.bulks(waiting[:LATELY], most=IN_SHORT),
        more=max(0, len(waiting) - LATELY),
        lately=desk.lately(LATELY),
        **_around(request),
    )


def one(request: Request) -> Response:
    """One of them with its cases."""
    return _one(request)


async def step(request: Request) -> Response:
    """Agree, refuse or take back. What is refused is said in its place."""
    return await one_step(
        request, STEPS, _step, _one, lambda what: f"/bulk/{number_in(request, 'number')}?did={what}"
    )


def _chosen(request: Request) -> Wanted | tuple[int, ...]:
    """The cases that the address means.

    Raises:
        SettingsError: none, or what is no case.
    """
    given, me = request.query_params, principal_of(request)
    if given.get("all"):
        return to_judge(queue_view(given).wanted(me.actor))
    ticked = given.getlist("case")
    if not ticked:
        raise SettingsError("no case was ticked", where="bulk", hint="Tick cases of the queue, or take all of it")
    numbers = [whole_number(one) for one in ticked]
    if len(numbers) > MOST_TICKED or None in numbers:
        raise SettingsError("these are no numbers of cases", where="bulk", hint="Tick cases of the queue")
    return tuple(number for number in numbers if number is not None)


def _address(request: Request) -> str:
    """The address's own query, written by us."""
    given = request.query_params
    view = queue_view(given)
    if given.get("all"):
        return view.query(all="1")
    numbers = (whole_number(one) for one in given.getlist("case"))
    ticked = "&".join(f"case={number}" for number in numbers if number is not None)
    query = view.query()
    return f"{query}&{ticked}" if query else f"?{ticked}"


def _preview(
    request: Request, error: StopshipError | None = None, fields: Mapping[str, str] | None = None
) -> Response:
    at, me = queueing_of(request), principal_of(request)
    foreseen: Foreseen | None = None
    refused: StopshipError | None = None
    try:
        foreseen = at.foresee(_chosen(request), actor_of(me))
    except (CaseError, SettingsError) as bad:
        refused = bad
    policy = at.work().policy
    return render(
        request,
        "bulk_new.html",
        status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
        foreseen=foreseen,
        refused=refused,
        error=error,
        fields=fields or {},
        address=_address(request),
        view=queue_view(request.query_params),
        whole=bool(request.query_params.get("all")),
        limit=policy.bulk_limit,
        reasons=policy.reasons,
        people=at.people(),
    )


def _propose(request: Request, fields: Mapping[str, str]) -> int:
    row = queueing_of(request).propose(
        _chosen(request),
        _verdict(fields),
        actor_of(principal_of(request)),
        seen=fields.get("seen", ""),
        reason=fields.get("reason", ""),
        comment=fields.get("comment", ""),
    )
    return row.id


def _verdict(fields: Mapping[str, str]) -> Verdict:
    try:
        return Verdict(fields.get("verdict", ""))
    except ValueError:
        raise SettingsError("no verdict was chosen", hint="Choose true match or false match") from None


def _step(request: Request, what: str, comment: str) -> None:
    at, actor, number = queueing_of(request), actor_of(principal_of(request)), number_in(request, "number")
    desk, now = at.work().bulk, at.now()
    if what == "approve":
        desk.approve(number, actor, comment=comment, now=now)
    elif what == "refuse":
        desk.refuse(number, actor, comment=comment, now=now)
    else:
        desk.withdraw(number, actor, now=now)


def _one(request: Request, error: StopshipError | None = None, comment: str = "") -> Response:
    first = (whole_number(request.query_params.get("first"), 6) or 0) // PAGE * PAGE
    did = request.query_params.get("did", "")
    return render(
        request,
        "bulk_one.html",
        status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
        one=queueing_of(request).bulk(number_in(request, "number"), first=first, most=PAGE),
        first=first,
        page=PAGE,
        did=did if did in TOLD else "",
        error=error,
        comment=comment,
        **_around(request),
    )


def _around(request: Request) -> dict[str, Any]:
    me = principal_of(request)
    return {
        "people": queueing_of(request).people(),
        "me": me.actor,
        "may_approve": allows(me, Action.CASES_APPROVE),
        "may_bulk": allows(me, Action.CASES_BULK),
        "chosen_by": chosen_by,
    }
