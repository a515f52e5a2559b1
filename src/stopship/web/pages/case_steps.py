"""What is done with a case: each step reads a form and asks the desk. What is refused is said in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.access import require
from stopship.app.casework.desk import CaseWork
from stopship.app.people import assignee
from stopship.app.service.casework import actor_of
from stopship.cases import Actor, SuppressionWish, Verdict
from stopship.errors import AccountError, CaseError, NotAllowed, NotFound, SettingsError
from stopship.model.values import parse_day
from stopship.web.asked import fields_of, whole_number
from stopship.web.pages import case as pages
from stopship.web.pages.queue_view import queue_view
from stopship.web.rendering import principal_of, render, visitor_of, working_of

GOES_ON = ("decide", "approve", "refuse")
"""Steps after which a person is shown the next case of their view."""
ON_ALERT = "verdict:"
IN_PLACE = "x-in-place"
"""Sent by the script of the page, which has the next case already: it is told where to go, not sent there."""

Fields = Mapping[str, str]


async def step(request: Request) -> Response:
    """Do one step on a case, then show the next case of the view where it was decided, else the case as it is."""
    what, number = request.path_params["step"], pages.number_of(request)
    if what not in _DO:
        raise HTTPException(404)
    require(visitor_of(request).principal, pages.STEPS[what])
    sent = await request.form()
    fields = fields_of(sent)
    view = queue_view(request.query_params)
    working, actor = working_of(request), actor_of(principal_of(request))

    def work() -> int | None:
        behind = pages.beside(request, view)[1] if what in GOES_ON else None  # before the case leaves its place
        _DO[what](working.work(), number, fields, _Given(actor, working.now(), _version(fields)))
        return behind

    try:
        behind = await run_in_threadpool(work)
    except NotFound:
        raise
    except (CaseError, NotAllowed, SettingsError, AccountError) as error:
        held = await run_in_threadpool(lambda: working.work().desk.show(number))
        return await pages.shown(request, held, error=error, fields=fields)
    query = view.query(done=str(number)) if what in GOES_ON else view.query(did=what)
    place = request.scope.get("root_path", "") + f"/cases/{behind or number}{query}"
    if request.headers.get(IN_PLACE) and what in GOES_ON:
        done = await run_in_threadpool(lambda: pages.casebook_of(request).done(number, actor.id))
        headers = {"x-place": place}
        return render(request, "parts/case_done.html", done=done, query=view.query(), headers=headers)
    return RedirectResponse(place, 303)


class _Given:
    """Who does a step, when, and on which version of the case."""

    __slots__ = ("actor", "now", "version")

    def __init__(self, actor: Actor, now: Any, version: int | None) -> None:
        self.actor, self.now, self.version = actor, now, version

    @property
    def at(self) -> dict[str, Any]:
        """As arguments of a step."""
        return {"now": self.now, "version": self.version}


def _take(work: CaseWork, case: int, _fields: Fields, by: _Given) -> None:
    work.desk.take(case, by.actor, **by.at)


def _release(work: CaseWork, case: int, _fields: Fields, by: _Given) -> None:
    work.desk.release(case, by.actor, **by.at)


def _assign(work: CaseWork, case: int, fields: Fields, by: _Given) -> None:
    to = fields.get("to", "")
    if not to:
        raise SettingsError("nobody was chosen", hint="Choose who is to have the case")
    work.desk.assign(case, assignee(work.database, to), by.actor, **by.at)


def _note(work: CaseWork, case: int, fields: Fields, by: _Given) -> None:
    work.desk.note(case, fields.get("comment", ""), by.actor, now=by.now)


def _withdraw(work: CaseWork, case: int, _fields: Fields, by: _Given) -> None:
    work.desk.withdraw(case, by.actor, **by.at)


def _approve(work: CaseWork, case: int, fields: Fields, by: _Given) -> None:
    work.desk.approve(case, by.actor, comment=fields.get("comment", ""), **by.at)


def _refuse(work: CaseWork, case: int, fields: Fields, by: _Given) -> None:
    work.desk.refuse(case, by.actor, comment=fields.get("comment", ""), **by.at)


def _open_again(work: CaseWork, case: int, fields: Fields, by: _Given) -> None:
    work.desk.reopen(case, by.actor, comment=fields.get("comment", ""), **by.at)


def _suppress(work: CaseWork, case: int, fields: Fields, by: _Given) -> None:
    reason, comment = fields.get("reason", ""), fields.get("comment", "")
    work.suppressions.ask(case, _wish(fields), by.actor, reason=reason, comment=comment, now=by.now)


def _decide(work: CaseWork, case: int, fields: Fields, by: _Given) -> None:
    """Judge all open alerts by one verdict, single ones by their own; where only single ones have one, these
    alone."""
    own: dict[int, Verdict] = {}
    for name, value in fields.items():
        number = whole_number(name.removeprefix(ON_ALERT)) if name.startswith(ON_ALERT) else None
        if number is not None and value:
            own[number] = _verdict(value)
    on_all = fields.get("verdict", "")
    alerts: tuple[int, ...] | None = None
    if not on_all and own:
        verdict = next(iter(own.values()))
        alerts = tuple(number for number, given in own.items() if given is verdict)
        own = {number: given for number, given in own.items() if given is not verdict}
    else:
        verdict = _verdict(on_all)
    work.desk.decide(
        case,
        verdict,
        by.actor,
        reason=fields.get("reason", ""),
        comment=fields.get("comment", ""),
        alerts=alerts,
        others=own or None,
        suppress=_wish(fields) if fields.get("suppress") else None,
        **by.at,
    )


_DO: Mapping[str, Callable[[CaseWork, int, Fields, _Given], None]] = {
    "take": _take,
    "release": _release,
    "assign": _assign,
    "note": _note,
    "withdraw": _withdraw,
    "approve": _approve,
    "refuse": _refuse,
    "open_again": _open_again,
    "suppress": _suppress,
    "decide": _decide,
}


def _version(fields: Fields) -> int | None:
    return whole_number(fields.get("version"))


def _verdict(text: str) -> Verdict:
    try:
        return Verdict(text)
    except ValueError:
        raise SettingsError("no verdict was chosen", hint="Choose true, false, possible or escalate") from None


def _wish(fields: Fields) -> SuppressionWish:
    """What is to stay silent: `scope` is `pair`, or `list:` and a program."""
    scope, _, program = fields.get("scope", "").partition(":")
    if not scope:
        raise SettingsError(
            "it wasn't said what stays silent", hint="Choose this entry alone, or those of one list"
        )
    return SuppressionWish(_day(fields.get("until", "")), scope, program or None)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as bad:
        raise SettingsError(str(bad), where="until") from None
