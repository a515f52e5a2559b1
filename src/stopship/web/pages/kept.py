"""Evidence that was kept, found again: by day, outcome and person in the address, by party in a posted form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stopship.app.service.kept import day_of
from stopship.errors import InputError
from stopship.rules.outcome import Outcome
from stopship.store.kept import KINDS, Looked
from stopship.web.asked import fields_of, whole_number
from stopship.web.rendering import desk, render

if TYPE_CHECKING:
    from stopship.app.service.kept import KeptEvidence

FIELDS = ("from", "to", "outcome", "kind", "who")
OUTCOMES = (*(one.value for one in Outcome), "hit", "no_hit")
MOST_PARTY = 300


def overview(request: Request) -> Response:
    """What was kept, the newest first. What is asked for is in the address; names never are."""
    return _page(request, dict(request.query_params), "")


async def find(request: Request) -> Response:
    """What was kept of a party. Without one it is an address that can be sent to somebody."""
    sent = await request.form()
    fields = fields_of(sent)
    party = fields.get("party", "")[:MOST_PARTY]
    if not party:
        asked = {name: fields[name] for name in (*FIELDS, "behind") if fields.get(name)}
        to = request.scope.get("root_path", "") + "/evidence" + ("?" + urlencode(asked) if asked else "")
        return RedirectResponse(to, status_code=303)
    return await run_in_threadpool(_page, request, fields, party)


def _page(request: Request, fields: Mapping[str, str], party: str) -> Response:
    evidence = _evidence(request)
    asked = {name: fields.get(name, "").strip() for name in FIELDS}
    behind = fields.get("behind", "")
    number = whole_number(behind)
    found = evidence.find(_looked(asked), party, behind=number)
    kept = {name: value for name, value in asked.items() if value}
    return render(
        request,
        "evidence_list.html",
        found=found,
        asked=asked,
        party=party,
        filtered=bool(kept or party),
        first=number is None,
        outcomes=OUTCOMES,
        kinds=KINDS,
        people=sorted(evidence.people().items(), key=lambda one: one[1].casefold()),
        beginning="?" + urlencode(kept) if kept else "",
        further="?" + urlencode({**kept, "behind": found.behind}) if found.behind else "",
    )


def _evidence(request: Request) -> KeptEvidence:
    found = desk(request).evidence
    if found is None:
        raise HTTPException(404)
    return found


def _looked(asked: Mapping[str, str]) -> Looked:
    first, last = day_of(asked["from"], "from"), day_of(asked["to"], "to")
    if asked["outcome"] and asked["outcome"] not in OUTCOMES:
        raise InputError(f"unknown outcome {asked['outcome'][:20]!r}", hint=f"Known: {', '.join(OUTCOMES)}")
    if asked["kind"] and asked["kind"] not in KINDS:
        raise InputError(f"unknown kind {asked['kind'][:20]!r}", hint=f"Known: {', '.join(KINDS)}")
    bounds: dict[str, Any] = {}
    if first is not None:
        bounds["first"] = datetime.combine(first, time(), UTC)
    if last is not None and last.year < 9999:
        bounds["before"] = datetime.combine(last + timedelta(days=1), time(), UTC)
    return Looked(outcome=asked["outcome"], kind=asked["kind"], actor=asked["who"], **bounds)
