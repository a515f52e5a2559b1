"""One case: what was found, what was done, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, Principal, allows
from stopship.app.service.casebook import FORMS, Casebook, Chain, Done
from stopship.app.service.casework import actor_of
from stopship.cases import State, Wanted
from stopship.cases.view import CaseView, steps_for
from stopship.errors import StopshipError
from stopship.web.asked import number_in, whole_number
from stopship.web.pages.queue_view import QueueView, queue_view
from stopship.web.presenters.case import Order, case_page, order_behind, reasons_by_verdict
from stopship.web.presenters.decision import decision_page
from stopship.web.rendering import IN_FULL, desk, first_of, principal_of, render, working_of

STEPS: Mapping[str, Action] = {
    "take": Action.CASES_WORK,
    "release": Action.CASES_WORK,
    "note": Action.CASES_WORK,
    "attach": Action.CASES_WORK,
    "decide": Action.CASES_DISPOSE,
    "withdraw": Action.CASES_DISPOSE,
    "suppress": Action.CASES_DISPOSE,
    "assign": Action.CASES_ASSIGN,
    "approve": Action.CASES_APPROVE,
    "refuse": Action.CASES_APPROVE,
    "open_again": Action.CASES_APPROVE,
}
"""What can be done with a case, and what one must be allowed to do for it."""
TOLD = ("take", "release", "assign", "note", "withdraw", "suppress", "open_again")
"""Steps after which the same case is shown, with a sentence that says what was done."""
LIVE = tuple(state.value for state in State if state is not State.CLOSED)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a case on its page."""

    before: int | None
    behind: int | None
    done: Done | None
    did: str
    chain: Chain
    order: Order | None
    assignees: Mapping[str, str]


def step_names(principal: Principal, possible: tuple[str, ...]) -> frozenset[str]:
    """The steps that a person may take, of those that are possible."""
    return frozenset(name for name in possible if name in STEPS and allows(principal, STEPS[name]))


async def one(request: Request) -> Response:
    """One case, with the notice of what became of the one before."""
    view = await run_in_threadpool(lambda: working_of(request).work().desk.show(number_of(request)))
    return await shown(request, view)


def earlier(request: Request) -> Response:
    """What was said of the same entries in other cases."""
    found = casebook_of(request).earlier(number_of(request))
    return render(
        request,
        "parts/case_earlier.html" if request.headers.get("hx-request") == "true" else "case_earlier.html",
        earlier=found,
        number=number_of(request),
        people=working_of(request).people(),
        query=queue_view(request.query_params).query(),
    )


def pulse(request: Request) -> Response:
    """How the case is right now, for a page that waits for the end of another person's lock."""
    found = casebook_of(request).pulse(number_of(request))
    other = found.locked_by is not None and found.locked_by != principal_of(request).actor
    return Response(orjson.dumps({"version": found.version, "locked": other}), media_type="application/json")


def number_of(request: Request) -> int:
    """The number of the case that an address names."""
    return number_in(request, "case")


def casebook_of(request: Request) -> Casebook:
    """What stands around cases, where there is a database; elsewhere its pages are not there."""
    found = desk(request).casebook
    if found is None:
        raise HTTPException(404)
    return found


def beside(request: Request, view: QueueView) -> tuple[int | None, int | None]:
    """The cases before and behind, in the view of the queue that the address names. Where the view asks for no
    state, closed cases are passed over: nobody goes on to what is done."""
    wanted: Wanted = view.wanted(principal_of(request).actor)
    if not wanted.states:
        wanted = replace(wanted, states=LIVE)
    return casebook_of(request).beside(number_of(request), wanted, sort=view.sort)


async def shown(
    request: Request,
    view: CaseView,
    *,
    error: StopshipError | None = None,
    fields: Mapping[str, str] | None = None,
) -> Response:
    """The page of a case; with what went wrong, where a step was refused, and the form as it was filled in."""
    working, principal = working_of(request), principal_of(request)
    matches = await desk(request).run(lambda: working.matches(view))
    queued = queue_view(request.query_params)
    policy, now = working.work().policy, working.now()
    steps = step_names(principal, steps_for(view.case, actor_of(principal)))
    first = first_of(request.query_params.get("hit"))
    plain = view.to_plain(now=now)

    def page() -> Response:
        around = _around(request, view, queued, assigns="assign" in steps)
        people = working.people()
        wrong = {fault.first: fault.text for fault in around.chain.faults}
        return render(
            request,
            "case.html",
            status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
            page=case_page(
                plain,
                matches,
                me=principal.actor,
                people=people,
                wrong=wrong,
                in_full=range(first, first + IN_FULL),
            ),
            around=around,
            steps=steps,
            me=principal.actor,
            people=people,
            reasons=reasons_by_verdict(tuple(policy.reasons)),
            policy=policy,
            may_export=allows(principal, Action.DECISIONS_READ),
            forms=tuple(FORMS),
            query=queued.query(),
            first=first,
            error=error,
            fields=fields or {},
            today=now.date().isoformat(),
        )

    return await run_in_threadpool(page)


def _around(request: Request, view: CaseView, queued: QueueView, *, assigns: bool) -> Around:
    casebook = casebook_of(request)
    before, behind = beside(request, queued)
    left = whole_number(request.query_params.get("done"))
    done = casebook.done(left, principal_of(request).actor) if left is not None else None
    did = request.query_params.get("did", "")
    kept = casebook.behind(view)
    order = None
    if kept is not None:
        page = decision_page(kept.plain, fact_kind=desk(request).checks.fact_kind)
        order = order_behind(page, view.to_plain(now=working_of(request).now()), kept.digest)
    people = casebook.assignees() if assigns else {}
    return Around(before, behind, done, did if did in TOLD else "", casebook.chain(view), order, people)
