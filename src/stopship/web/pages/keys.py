"""Administration: keys of programs, and those that act as persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.access.keys import Made
from stopship.access.vocabulary import PROGRAM_SCOPES
from stopship.app.administration.people import Key
from stopship.errors import AccountError, NotFoundError, StopshipError
from stopship.web.asked import go_to, number_in, text_of, words_of
from stopship.web.pages.admin import show
from stopship.web.rendering import office_of, principal_of

PAGE = 100
STEPS = ("rotate", "revoke")


def overview(request: Request) -> Response:
    """The keys that hold, or those that no longer do; which, is in the address."""
    office, ended = office_of(request), request.query_params.get("state") == "ended"
    found = office.people.keys(now=office.now(), ended=ended)
    return show(
        request,
        "admin/keys.html",
        "keys",
        keys=found[:PAGE],
        all_keys=len(found),
        ended=ended,
        people=office.record.names(),
    )


def form(request: Request) -> Response:
    """The form of a new key."""
    return _form(request, {}, ())


async def create(request: Request) -> Response:
    """Make a key of a program. It is shown this once."""
    sent = await request.form()
    fields = {name: text_of(sent, name) for name in ("name", "expires", "rate")}
    scopes = words_of(sent, "scope")
    office, me = office_of(request), principal_of(request)
    try:
        made = await run_in_threadpool(
            lambda: office.people.create_key(
                fields["name"], scopes, fields["expires"], fields["rate"], actor=me.actor, now=office.now()
            )
        )
    except AccountError as error:
        return _form(request, fields, scopes, error)
    return _made(request, made)


def ask(request: Request) -> Response:
    """Ask once before a key is rotated or revoked."""
    return _ask(request, _key(request))


async def do(request: Request) -> Response:
    """Rotate or revoke a key."""
    sent = await request.form()
    hours, step = text_of(sent, "keep"), _step(request)
    office, me, number = office_of(request), principal_of(request), number_in(request, "key")
    try:
        if step == "rotate":
            made = await run_in_threadpool(
                lambda: office.people.rotate_key(number, hours, actor=me.actor, now=office.now())
            )
            return _made(request, made)
        await run_in_threadpool(lambda: office.people.revoke_key(number, actor=me.actor, now=office.now()))
    except NotFoundError:
        raise HTTPException(404) from None
    except AccountError as error:
        one = await run_in_threadpool(_key, request)
        return _ask(request, one, error)
    return go_to(request, "/admin/keys")


def _step(request: Request) -> str:
    step: str = request.path_params["step"]
    if step not in STEPS:
        raise HTTPException(404)
    return step


def _key(request: Request) -> Key:
    office = office_of(request)
    try:
        return office.people.key(number_in(request, "key"), now=office.now())
    except NotFoundError:
        raise HTTPException(404) from None


def _made(request: Request, made: Made) -> Response:
    return show(request, "admin/secret.html", "keys", row=made.row, secret=made.text, own=False)


def _form(
    request: Request, fields: Mapping[str, str], chosen: Sequence[str], error: StopshipError | None = None
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    shown = {
        "fields": {"name": "", "expires": "", "rate": "", **fields},
        "chosen": chosen,
        "scopes": PROGRAM_SCOPES,
    }
    return show(request, "admin/new_key.html", "keys", status=status, error=error, **shown)


def _ask(request: Request, one: Key, error: StopshipError | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return show(request, "admin/key_step.html", "keys", status=status, error=error, step=_step(request), one=one)
