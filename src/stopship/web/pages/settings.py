"""Administration: thresholds, the policy of cases and the other settings; shown, prepared, changed."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, allows
from stopship.app.administration.fields import FIELDS
from stopship.cases.policy import BANDS
from stopship.errors import SettingsError, StateError, StopshipError
from stopship.model.values import country_names
from stopship.web.asked import go_to, text_of, words_of
from stopship.web.pages.admin import show
from stopship.web.presenters.settings import fixed_groups, setting_groups
from stopship.web.rendering import office_of, principal_of


def overview(request: Request) -> Response:
    """All settings, what each means, and where it comes from."""
    return _page(request, {})


async def prepare(request: Request) -> Response:
    """Show what would change, before anything does."""
    sent = await request.form()
    wanted = _wanted(sent)
    return await run_in_threadpool(_prepared, request, wanted, text_of(sent, "state"))


async def change(request: Request) -> Response:
    """Change the settings that were shown."""
    sent = await request.form()
    wanted = {
        name: text_of(sent, f"to:{name}") for name in (field.name for field in FIELDS) if f"to:{name}" in sent
    }
    state, why = text_of(sent, "state"), text_of(sent, "why")
    office, me = office_of(request), principal_of(request)
    try:
        await run_in_threadpool(
            lambda: office.settings.change(wanted, state=state, why=why, actor=me.actor, now=office.now())
        )
    except (SettingsError, StateError) as error:
        return await run_in_threadpool(_prepared, request, wanted, state, error, why)
    return go_to(request, "/admin/settings?changed=1")


def _wanted(sent: FormData) -> dict[str, str]:
    """What the form says of every field that was on it."""
    found = {}
    for field in FIELDS:
        if field.kind == "bands":
            found[field.name] = " ".join(words_of(sent, field.name))
        elif field.name in sent:
            found[field.name] = text_of(sent, field.name)
    return found


def _prepared(
    request: Request, wanted: Mapping[str, str], state: str, error: StopshipError | None = None, why: str = ""
) -> Response:
    desk = office_of(request).settings
    try:
        if error is None and state != desk.sheet().state:
            raise SettingsError(
                "somebody has changed the settings since you looked at them", hint="Here they are as they are now"
            )
        changes = desk.prepare(wanted)
    except SettingsError as bad:
        return _page(request, wanted, bad)
    if not changes and error is None:
        return go_to(request, "/admin/settings?changed=0")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    shown = {"changes": changes, "wanted": wanted, "state": state, "why": why, "file": desk.file}
    return show(request, "admin/settings_change.html", "settings", status=status, error=error, **shown)


def _page(request: Request, given: Mapping[str, str], error: StopshipError | None = None) -> Response:
    office = office_of(request)
    sheet = office.settings.sheet()
    return show(
        request,
        "admin/settings.html",
        "settings",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        error=error,
        groups=setting_groups(sheet, given),
        fixed=fixed_groups(office.fixed()),
        sheet=sheet,
        bands=BANDS,
        countries=country_names(),
        may_change=allows(principal_of(request), Action.SETTINGS_CHANGE),
        changed=request.query_params.get("changed", ""),
    )
