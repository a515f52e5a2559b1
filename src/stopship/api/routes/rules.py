"""`/api/v1/rules`: the rulebook."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from stopship.api.guard import GuardedRoute
from stopship.api.pages import Cursor, Limit, page, page_of
from stopship.api.schemas.native import RuleShown, RulesShown
from stopship.api.serving import Lists, json_response
from stopship.errors import NotFoundError
from stopship.rules import Rulebook
from stopship.rules.changes import on_day
from stopship.rules.shown import rule_to_plain

router = APIRouter(prefix="/api/v1/rules", route_class=GuardedRoute, tags=["Rules"])

AsOf = Annotated[date | None, Query(description="Only what was in force on this day.", examples=["2019-10-09"])]


@router.get(
    "",
    summary="Rules",
    operation_id="rules",
    responses={200: {"model": RulesShown, "description": "Rules by regime and id"}},
    response_model=None,
)
async def rules(edition: Lists, as_of: AsOf = None, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """All rules in short, or those that were in force on a day."""
    book = _book(edition.workspace.rulebook, as_of)
    rows = [
        {**row, "regime": regime, "examples": int(row["examples"] or 0)}
        for regime, table in book.overview().items()
        for row in table
    ]
    shown, following = page_of(rows, of=f"{as_of or ''}{book.version[7:29]}", cursor=cursor, limit=limit)
    return json_response(page(shown, following, version=book.version))


@router.get(
    "/{rule_id}",
    summary="One rule",
    operation_id="rule",
    responses={200: {"model": RuleShown, "description": "The rule with its versions and citations"}},
    response_model=None,
)
async def rule(
    rule_id: Annotated[str, Path(max_length=200, examples=["us.ear.744.entity-list"])],
    edition: Lists,
    as_of: AsOf = None,
) -> Response:
    """One rule: what it says in each version, since when, where that is read, and its examples."""
    book = _book(edition.workspace.rulebook, as_of)
    found = book.by_id.get(rule_id)
    if found is None:
        when = f" that was in force on {as_of}" if as_of else ""
        raise NotFoundError(f"there is no rule {rule_id[:80]!r}{when}", hint="GET /api/v1/rules lists them")
    return json_response({"rulebook": book.version, "rule": rule_to_plain(found)})


def _book(book: Rulebook, as_of: date | None) -> Rulebook:
    return book if as_of is None else on_day(book, as_of)
