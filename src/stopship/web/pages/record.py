"""The audit record: the newest rows first; who, what, on what and when is in the address."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from stopship.errors import SettingsError, StopshipError
from stopship.store.audit_look import Looked
from stopship.web.asked import go_to, whole_number
from stopship.web.pages.admin import show
from stopship.web.presenters.record import KINDS_OF_ACTION, record_rows
from stopship.web.rendering import office_of

FIELDS = ("actor", "action", "subject", "since", "until")


def overview(request: Request) -> Response:
    """One page of the record, and what the last check of it found."""
    record = office_of(request).record
    asked = {name: request.query_params.get(name, "").strip() for name in FIELDS}
    before = whole_number(request.query_params.get("before"), 15)
    error: StopshipError | None = None
    looked = Looked((), None)
    try:
        looked = record.look(**asked, before=before)
    except SettingsError as bad:
        error = bad
    names = record.names()
    return show(
        request,
        "admin/record.html",
        "record",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        error=error,
        rows=record_rows(looked.rows),
        cut_short=looked.cut_short,
        asked=asked,
        is_asked=any(asked.values()),
        older=_query(asked, before=str(looked.before)) if looked.before is not None else "",
        newest=_query(asked) if before is not None else None,
        query_with=lambda **more: _query({**asked, **more}),
        names=names,
        kinds=KINDS_OF_ACTION,
        head=record.head(),
        verified=record.verified(),
    )


async def verify(request: Request) -> Response:
    """Check the whole record. A large one is checked while the page goes on."""
    await request.form()
    record = office_of(request).record
    await run_in_threadpool(record.start_check)
    return go_to(request, "/admin/record")


def _query(asked: Mapping[str, str], **more: str) -> str:
    pairs = [(name, value) for name, value in {**asked, **more}.items() if value]
    return "?" + urlencode(pairs) if pairs else ""
