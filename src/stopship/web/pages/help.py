"""What the keys do and what the signs mean."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from stopship.web.rendering import render


def page(request: Request) -> Response:
    """The page of keys and signs; the dialog on `?` shows the same."""
    return render(request, "help.html")
