"""The law in use: every rule with its versions, citations and examples."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.rules.outcome import Outcome
from stopship.web.rendering import desk, render


def overview(request: Request) -> Response:
    """The rules by regime; what is looked for is in the address."""
    words = request.query_params.get("q", "").strip()
    outcome = request.query_params.get("outcome", "")
    book = desk(request).checks.rulebook
    found: dict[str, list[dict[str, str | None]]] = {}
    for regime, rows in book.overview().items():
        kept = [row for row in rows if _fits(row, words.casefold(), outcome)]
        if kept:
            found[regime] = kept
    return render(
        request,
        "rules.html",
        found=found,
        count=sum(map(len, found.values())),
        whole=len(book.rules),
        version=book.version,
        words=words,
        outcome=outcome,
        outcomes=[one.value for one in Outcome],
    )


def _fits(row: dict[str, str | None], words: str, outcome: str) -> bool:
    text = f"{row['id']} {row['title']}".casefold()
    return all(word in text for word in words.split()) and (not outcome or row["outcome"] == outcome)


def one(request: Request) -> Response:
    """One rule."""
    rule = desk(request).checks.rulebook.by_id.get(request.path_params["rule"])
    if rule is None:
        raise HTTPException(404)
    return render(request, "rule.html", rule=rule, versions=rule.versions[::-1])
