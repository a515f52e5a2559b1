"""Administration: its places, and what its pages have in common."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, allows
from stopship.errors import NotAllowed
from stopship.web.asked import go_to
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
            return go_to(request, to)
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
