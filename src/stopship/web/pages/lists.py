"""The lists on this machine: how old they are, and what changed between two snapshots of one."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.web.asked import whole_number
from stopship.web.presenters.charts import Span, columns
from stopship.web.presenters.difference import difference_page
from stopship.web.rendering import desk, render

KINDS = ("", "added", "removed", "changed")
MOST_SNAPSHOTS = 60
PAGE = 40
MOST_WORDS = 200


def overview(request: Request) -> Response:
    """All lists, their ages, and where they come from."""
    return render(request, "lists.html")


def one(request: Request) -> Response:
    """One list: what it is, and the snapshots of it that are held."""
    source = request.path_params["source"]
    at = desk(request)
    row = next((row for row in at.freshness().rows if row.source == source), None)
    if row is None:
        raise HTTPException(404)
    held = () if row.starter else at.checks.snapshots(source)[::-1]
    shown = held[:MOST_SNAPSHOTS]
    spans = [
        Span(one.dated.isoformat(), one.dated.isoformat(), one.entries, of=one.entries) for one in reversed(shown)
    ]
    over_time = columns(spans, step=0)
    return render(request, "list.html", row=row, held=shown, all_held=len(held), over_time=over_time)


def changes(request: Request) -> Response:
    """What changed from one snapshot to another; which, and what kind, is in the address."""
    source, asked = request.path_params["source"], request.query_params
    plain = desk(request).checks.difference(
        source, earlier=asked.get("from") or None, later=asked.get("to") or None
    )
    number = asked.get("page", "1")
    found = difference_page(
        plain,
        kind=asked.get("kind", ""),
        words=asked.get("q", "")[:MOST_WORDS],
        page=whole_number(number) or 1,
        size=PAGE,
    )
    return render(request, "changes.html", found=found, kinds=KINDS)
