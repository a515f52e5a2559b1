"""One step with a comment on something that people must agree on: a verdict on many, a suppression."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.access import Action, require
from stopship.errors import CaseError, NotAllowed, NotFound, SettingsError, StopshipError
from stopship.web.asked import go_to
from stopship.web.rendering import visitor_of


async def one_step(
    request: Request,
    steps: Mapping[str, Action],
    do: Callable[[Request, str, str], None],
    again: Callable[[Request, StopshipError, str], Response],
    to: Callable[[str], str],
) -> Response:
    """Do the step that the address names, and go on; what is refused is said in its place.

    Args:
        steps: known steps, and what one must be allowed to do for each.
        do: does one, with what was said about it.
        again: the page as it was, with what was refused and what was said.
        to: the address after a step.
    """
    what = request.path_params["step"]
    if what not in steps:
        raise HTTPException(404)
    require(visitor_of(request).principal, steps[what])
    sent = await request.form()
    comment = str(sent.get("comment", "")).strip()
    try:
        await run_in_threadpool(do, request, what, comment)
    except NotFound:
        raise
    except (CaseError, NotAllowed, SettingsError) as error:
        return await run_in_threadpool(again, request, error, comment)
    return go_to(request, to(what))
