"""The look of the workbench: language, light or dark, keys."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.web.asked import fields_of
from stopship.web.preferences import COOKIE, MOST_SECONDS, chosen
from stopship.web.rendering import preferences


async def choose(request: Request) -> Response:
    """Keep what was chosen and go back to where the reader was."""
    form = await request.form()
    texts = fields_of(form, strip=False)
    view = chosen(preferences(request), texts)
    root = request.scope.get("root_path", "")
    answer = RedirectResponse(root + inside(texts.get("back", "/")), status_code=303)
    answer.set_cookie(
        COOKIE,
        view.to_cookie(),
        max_age=MOST_SECONDS,
        path=root or "/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


def inside(address: str) -> str:
    """An address of ours, or the first page: never another site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith(("//", "/\\")):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
