"""Administration: who has an account, and what can be done with one."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, Role, allows
from stopship.app.administration.people import Whole
from stopship.errors import AccountError, NotFoundError, SettingsError, StopshipError, TooOften
from stopship.web.asked import go_to, number_in, text_of, whole_number
from stopship.web.pages.admin import show
from stopship.web.presenters.permissions import role_table
from stopship.web.rendering import office_of, principal_of

PAGE = 100
STEPS = ("role", "password", "remove-password", "disable", "enable", "sign-out", "unlock")
"""What can be done with an account; each is asked for once on a page of its own."""
_REFUSED = (AccountError, SettingsError, TooOften)


def overview(request: Request) -> Response:
    """Every account, by name."""
    office = office_of(request)
    people = office.people.all(now=office.now())
    asked = whole_number(request.query_params.get("page")) or 1
    pages = max(1, -(-len(people) // PAGE))
    page = min(asked, pages)
    return show(
        request,
        "admin/users.html",
        "users",
        people=people[(page - 1) * PAGE : page * PAGE],
        all_people=len(people),
        page=page,
        pages=pages,
        roles=tuple(Role),
        table=role_table(),
        may_manage=allows(principal_of(request), Action.USERS_MANAGE),
        provider=office.provider,
    )


def form(request: Request) -> Response:
    """The form of a new account."""
    return _form(request, {})


async def create(request: Request) -> Response:
    """Make an account. A password that was made for it is shown this once."""
    sent = await request.form()
    fields = {name: text_of(sent, name) for name in ("name", "full_name", "role")}
    password = text_of(sent, "password", strip=False) or None
    office, me = office_of(request), principal_of(request)
    try:
        person, made = await run_in_threadpool(
            lambda: office.people.create(
                fields["name"], fields["full_name"], fields["role"], password, actor=me.actor, now=office.now()
            )
        )
    except _REFUSED as error:
        return _form(request, fields, error)
    if made is None:
        return go_to(request, f"/admin/users/{person.id}")
    return show(request, "admin/password.html", "users", person=person, password=made, is_new=True)


def one(request: Request) -> Response:
    """One account, with its sessions and keys."""
    whole = _whole(request)
    return show(
        request,
        "admin/user.html",
        "users",
        whole=whole,
        person=whole.person,
        steps=_steps(whole) if allows(principal_of(request), Action.USERS_MANAGE) else (),
        may_revoke=allows(principal_of(request), Action.KEYS_MANAGE),
    )


def ask(request: Request) -> Response:
    """Ask once before a step is done."""
    return _ask(request, _whole(request))


async def do(request: Request) -> Response:
    """Do a step."""
    sent = await request.form()
    fields = {name: text_of(sent, name, strip=False) for name in ("role", "password")}
    try:
        made = await run_in_threadpool(_do, request, fields)
    except NotFoundError:
        raise HTTPException(404) from None
    except _REFUSED as error:
        whole = await run_in_threadpool(_whole, request)
        return await run_in_threadpool(_ask, request, whole, error)
    number = number_in(request, "user")
    if made is None:
        return go_to(request, f"/admin/users/{number}")
    whole = await run_in_threadpool(_whole, request)
    return show(request, "admin/password.html", "users", person=whole.person, password=made, is_new=False)


def _do(request: Request, fields: Mapping[str, str]) -> str | None:
    office, actor, step = office_of(request), principal_of(request).actor, _step(request)
    people, number, now = office.people, number_in(request, "user"), office.now()
    if step == "role":
        people.change_role(number, fields["role"], actor=actor, now=now)
    elif step == "password":
        return people.set_password(number, fields["password"] or None, actor=actor, now=now)
    elif step == "remove-password":
        people.remove_password(number, actor=actor, now=now)
    elif step == "disable":
        people.disable(number, actor=actor, now=now)
    elif step == "enable":
        people.enable(number, actor=actor, now=now)
    elif step == "sign-out":
        people.sign_out(number, actor=actor, now=now)
    else:
        people.unlock(number, actor=actor, now=now)
    return None


def _step(request: Request) -> str:
    step: str = request.path_params["step"]
    if step not in STEPS:
        raise HTTPException(404)
    return step


def _steps(whole: Whole) -> tuple[str, ...]:
    """What makes sense to do with an account as it is. Whether it may be done is not decided here."""
    person = whole.person
    fits = {
        "remove-password": person.has_password and person.is_linked,
        "disable": person.disabled is None,
        "enable": person.disabled is not None,
        "sign-out": bool(whole.sessions),
        "unlock": person.has_password,
    }
    return tuple(step for step in STEPS if fits.get(step, True))


def _whole(request: Request) -> Whole:
    office = office_of(request)
    try:
        return office.people.one(number_in(request, "user"), now=office.now())
    except NotFoundError:
        raise HTTPException(404) from None


def _form(request: Request, fields: Mapping[str, str], error: StopshipError | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    given = {"name": "", "full_name": "", "role": "", **fields}
    return show(
        request, "admin/new_user.html", "users", status=status, error=error, fields=given, roles=tuple(Role)
    )


def _ask(request: Request, whole: Whole, error: StopshipError | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    shown = {"step": _step(request), "whole": whole, "person": whole.person, "roles": tuple(Role)}
    return show(request, "admin/user_step.html", "users", status=status, error=error, **shown)
