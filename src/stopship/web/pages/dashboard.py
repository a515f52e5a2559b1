"""The overview: what waits, what was decided, what ends soon, and how fresh the lists are."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, allows
from stopship.app.service.overview import PERIODS
from stopship.web.presenters.overview import overview_page
from stopship.web.rendering import desk, is_served, principal_of, render


def page(request: Request) -> Response:
    """The charts. The period is in the address: `?days=90`."""
    overview = desk(request).overview
    if overview is None:
        raise HTTPException(404)
    asked = request.query_params.get("days", "")
    days = next((one for one in PERIODS if str(one) == asked), PERIODS[0])
    me = principal_of(request)
    return render(
        request,
        "dashboard.html",
        shown=overview_page(overview.figures(days)),
        periods=PERIODS,
        jobs_page=is_served(request, "/jobs") and allows(me, Action.JOBS_READ),
        suppressions_page=is_served(request, "/suppressions"),
    )
