"""Decisions kept as evidence, of hits and of checks that found none alike."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.app.service.casebook import FORMS
from stopship.screening import Decision
from stopship.web.asked import fields_of, go_to
from stopship.web.pages.check import sent_order, shown_result
from stopship.web.presenters.decision import decision_page
from stopship.web.rendering import desk, first_of, is_swap, render, visitor_of


async def keep(request: Request) -> Response:
    """Keep the decision that the reader sees; where it would be another one by now, show that one instead."""
    sent = await request.form()
    fields = fields_of(sent, strip=False)
    order = sent_order(fields)
    at = desk(request)

    def keep_decision(decision: Decision) -> Sequence[int]:
        principal = visitor_of(request).principal
        if at.cases is None or principal is None:
            return at.checks.keep_alone(decision)
        done = at.cases.keep(decision, principal).recorded
        return sorted({*done.opened, *done.reopened, *done.changed, *done.standing})

    kept = await at.run(lambda: at.checks.keep(order, seen=fields.get("digest", ""), kept=keep_decision))
    checked = kept.checked
    if kept.changed:
        shown = await run_in_threadpool(shown_result, at, checked, order)
        return render(
            request,
            "parts/decision.html" if is_swap(request) else "changed.html",
            wanted=(),
            hits=shown["page"].hits,
            kept="changed",
            first=0,
            **shown,
        )
    place = f"/evidence/{checked.decision.as_of.isoformat()}/{checked.digest}"
    if is_swap(request):
        return render(request, "parts/kept.html", place=place, digest=checked.digest, cases=kept.cases)
    return go_to(request, place)


def show(request: Request) -> Response:
    """A kept decision, as it was kept."""
    as_of, digest = request.path_params["as_of"], request.path_params["digest"]
    plain, found = orjson.loads(_content(request)), desk(request).evidence
    page = decision_page(plain, fact_kind=desk(request).checks.fact_kind)
    return render(
        request, "evidence.html", page=page, hits=page.hits, wanted=(), as_of=as_of, digest=digest, near=(),
        order="", kept="shown", first=first_of(request.query_params.get("first")),
        forms=tuple(FORMS) if desk(request).casebook is not None else (),
        keepings=found.kept_of(digest, plain) if found is not None else (),
    )  # fmt: skip


def download(request: Request) -> Response:
    """Its JSON, byte for byte: what `stopship replay` takes."""
    name = f"decision-{request.path_params['as_of']}-{request.path_params['digest'][:12]}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(_content(request), media_type="application/json", headers=headers)


def is_kept(request: Request) -> bool:
    """Whether the decision that an address names is kept here."""
    where = request.path_params
    return desk(request).checks.kept(where["as_of"], where["digest"]) is not None


def _content(request: Request) -> bytes:
    found = desk(request).checks.kept(request.path_params["as_of"], request.path_params["digest"])
    if found is None:
        raise HTTPException(404)
    return found
