"""Two names side by side, without any list."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from stopship.errors import InputError
from stopship.web.pages.order_form import SCHEMAS
from stopship.web.presenters.bars import bars
from stopship.web.presenters.comparison import View, of_comparison
from stopship.web.rendering import desk, is_swap, render

MOST_NAME = 500
"""Characters of a name that are compared; a longer text is something else."""


def form(request: Request) -> Response:
    """The empty form."""
    return _page(request, "", "", "")


async def result(request: Request) -> Response:
    """Why they do or do not match."""
    sent = await request.form()
    left, right, schema = (str(sent.get(name) or "").strip()[:MOST_NAME] for name in ("left", "right", "schema"))
    try:
        found = await desk(request).run(lambda: desk(request).checks.compare(left, right, schema or None))
    except InputError as error:
        return _page(request, left, right, schema, error=error)
    return _page(request, left, right, schema, view=of_comparison(found))


def _page(
    request: Request,
    left: str,
    right: str,
    schema: str,
    *,
    view: View | None = None,
    error: InputError | None = None,
) -> Response:
    return render(
        request,
        "parts/compare_result.html" if is_swap(request) else "compare.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        left=left,
        right=right,
        schema=schema,
        schemas=SCHEMAS,
        view=view,
        drawing=bars(view.names) if view else None,
        error=error,
    )
