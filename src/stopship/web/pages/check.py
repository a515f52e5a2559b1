"""The quick check: one party, with or without an item and a destination."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.access import Action, allows
from stopship.errors import InputError, OrderError
from stopship.model.values import country_names
from stopship.web.asked import fields_of
from stopship.web.pages import order_form
from stopship.web.presenters.comparison import of_match
from stopship.web.presenters.decision import DecisionPage, decision_page
from stopship.web.rendering import NAVIGATION, Desk, desk, first_of, is_swap, render, visitor_of

if TYPE_CHECKING:
    from stopship.app.quick_check import Checked

FACT = "fact:"
MOST_ORDER = 100_000
"""Characters of an order that comes back from a page of ours."""


def landing(request: Request) -> Response:
    """The first page: the quick check, or what comes first for those who may not check."""
    principal = visitor_of(request).principal
    if allows(principal, Action.ORDERS_DECIDE):
        return form(request)
    first = next((to for _name, to, action in NAVIGATION if allows(principal, action)), "/help")
    return RedirectResponse(request.scope.get("root_path", "") + first, 303)


def form(request: Request) -> Response:
    """The empty form."""
    return _page(request, {}, ())


async def result(request: Request) -> Response:
    """What was found about the party of the form."""
    sent = await request.form()
    fields = _texts(sent)
    lists = tuple(str(value) for value in sent.getlist("lists"))
    order = order_form.order_of(fields)
    try:
        checked = await desk(request).run(lambda: desk(request).checks.check(order))
    except InputError as error:
        where = order_form.field_of(error) if isinstance(error, OrderError) else ""
        return _page(request, fields, lists, error=error, field=where)
    return await run_in_threadpool(_page, request, fields, lists, checked=checked, order=order)


async def whole_order(request: Request) -> Response:
    """The decision on an order that was pasted, as YAML or JSON, with any number of parties, owners and items."""
    sent = await request.form()
    text = str(sent.get("order_text") or "")[:MOST_ORDER]
    try:
        checked = await desk(request).run(lambda: desk(request).checks.check_text(text))
    except InputError as error:
        return _page(request, {}, (), error=error, order_text=text)
    order = checked.decision.transaction
    return await run_in_threadpool(_page, request, {}, (), checked=checked, order=order, order_text=text)


async def answers(request: Request) -> Response:
    """The same order with answers to what the decision asks."""
    sent = await request.form()
    fields = _texts(sent)
    order = sent_order(fields)
    facts = {name.removeprefix(FACT): value for name, value in fields.items() if name.startswith(FACT) and value}
    order["facts"] = {**(order.get("facts") or {}), **facts}
    lists = tuple(str(value) for value in sent.getlist("lists"))
    checked = await desk(request).run(lambda: desk(request).checks.check(order))
    first = first_of(fields.get("first"))
    filled = _fields_of(order)
    return await run_in_threadpool(_page, request, filled, lists, checked=checked, order=order, first=first)


def sent_order(fields: Mapping[str, str]) -> dict[str, Any]:
    """The order that a page of ours carries in a hidden field.

    Raises:
        OrderError: it isn't one.
    """
    text = fields.get("order", "")
    try:
        order = orjson.loads(text) if len(text) <= MOST_ORDER else None
    except orjson.JSONDecodeError:
        order = None
    if not isinstance(order, dict):
        raise OrderError("the page sent no order", hint="Go back to the quick check and send the form again")
    return order


def shown_result(at: Desk, checked: Checked, order: Mapping[str, Any]) -> dict[str, Any]:
    """What the part `parts/decision.html` shows of a fresh decision."""
    threshold = at.checks.threshold
    decision = checked.decision
    page = decision_page(
        decision.to_plain(),
        [decided.match for decided in decision.findings],
        fact_kind=at.checks.fact_kind,
        threshold=threshold,
    )
    party = (order.get("parties") or [{}])[0]
    near = [(match, of_match(match, party, threshold=threshold)) for match in checked.near]
    return {"page": page, "near": near, "digest": checked.digest, "order": orjson.dumps(order).decode()}


def _page(
    request: Request,
    fields: Mapping[str, str],
    lists: tuple[str, ...],
    *,
    checked: Checked | None = None,
    order: Mapping[str, Any] | None = None,
    error: InputError | None = None,
    field: str = "",
    order_text: str = "",
    first: int = 0,
) -> Response:
    shown: dict[str, Any] = {"page": None}
    if checked is not None and order is not None:
        shown = shown_result(desk(request), checked, order)
    swap = is_swap(request)
    page: DecisionPage | None = shown["page"]
    return render(
        request,
        "parts/check_result.html" if swap else "check.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        fields={name: fields.get(name, "") for name in order_form.FIELDS},
        error=error,
        field=field,
        wanted=lists,
        hits=page.shown(lists) if page else (),
        kept=None,
        order_text=order_text,
        first=first,
        countries=country_names(),
        schemas=order_form.SCHEMAS,
        roles=order_form.ROLES,
        directions=order_form.DIRECTIONS,
        **shown,
    )


def _texts(sent: FormData) -> dict[str, str]:
    return fields_of(sent, strip=False)


def _fields_of(order: Mapping[str, Any]) -> dict[str, str]:
    """The form as it was filled in, from the order that came of it."""
    party = (order.get("parties") or [{}])[0]
    item = (order.get("items") or [{}])[0]
    known = (party.get("identifiers") or [{}])[0]
    fields = {**order, **party, **item}
    fields["born"] = party.get("birth_date") or party.get("registration_date") or ""
    fields["id_type"], fields["id_value"] = known.get("type", ""), known.get("value", "")
    return {name: str(fields.get(name) or "") for name in order_form.FIELDS}
