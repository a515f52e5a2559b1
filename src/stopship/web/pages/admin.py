"""Administration: its places, and what its pages have in common."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.access import Action, allows
from stopship.errors import NotAllowed
from stopship.web.rendering import office_of, principal_of, render

PLACES = (
    ("users", "/admin/users", Action.USERS_READ),
    ("keys", "/admin/keys", Action.KEYS_MANAGE),
    ("settings", "/admin/settings", Action.SETTINGS_READ),
    ("record", "/admin/record", Action.AUDIT_READ),
    ("system", "/admin/system", Action.SETTINGS_READ),
)
"""Name, address, and what one must be allowed to do to see it."""


def landing(request: Request) -> Response:
    """The first place that the visitor may see."""
    for _name, to, action in PLACES:
        if allows(principal_of(request), action):
            return RedirectResponse(request.scope.get("root_path", "") + to, 303)
    raise NotAllowed("not allowed: administration")


def system(request: Request) -> Response:
    """The state of the machine."""
    return show(request, "admin/system.html", "system", state=office_of(request).system())


def show(request: Request, template: str, here: str, *, status: int = 200, **shown: Any) -> Response:
    """A page of administration, with the places that the visitor may see."""
    principal = principal_of(request)
    places = [(name, to) for name, to, action in PLACES if allows(principal, action)]
    return render(
        request, template, status=status, places=places, here=here, me=principal.actor, **{"error": None, **shown}
    )


def back_to(request: Request, path: str) -> Response:
    """Go on to a page of ours after something was done."""
    return RedirectResponse(request.scope.get("root_path", "") + path, 303)


def number_in(request: Request, name: str) -> int:
    """A number that the address names."""
    text = request.path_params[name]
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise HTTPException(404)
    return int(text)


def text_of(form: FormData, name: str, *, strip: bool = True) -> str:
    """A field of a form; empty where it isn't there."""
    value = form.get(name)
    found = value if isinstance(value, str) else ""
    return found.strip() if strip else found


def words_of(form: FormData, name: str) -> list[str]:
    """All values of a field that may be given several times."""
    return [value for value in form.getlist(name) if isinstance(value, str)]
