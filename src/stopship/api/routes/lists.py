"""`/api/v1/lists`: what is in use, how old it is, what changed, what is in it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from stopship.api.guard import GuardedRoute
from stopship.api.pages import Cursor, Limit, page, page_of
from stopship.api.schemas.native import DiffPage, EntityShown, ListShown, Page
from stopship.api.serving import Lists, Serving, json_response
from stopship.app.lists.changes import ListDifference, list_difference
from stopship.app.service.generation import Generation
from stopship.app.workspace import Workspace
from stopship.errors import NotFoundError
from stopship.model.serialize import entity_to_plain

router = APIRouter(prefix="/api/v1/lists", route_class=GuardedRoute, tags=["Lists"])

Source = Annotated[str, Path(max_length=100, description="Id of a list in use.", examples=["us_csl"])]


@router.get(
    "",
    summary="Lists in use",
    operation_id="lists",
    responses={200: {"model": Page[ListShown], "description": "All of them, by id"}},
    response_model=None,
)
async def lists(generation: Lists) -> Response:
    """What `stopship lists status` prints. There are few: all are on one page."""
    return json_response(page(generation.lists, None))


@router.get(
    "/{source}",
    summary="One list in use",
    operation_id="list",
    responses={200: {"model": ListShown, "description": "The list"}},
    response_model=None,
)
async def one_list(source: Source, generation: Lists) -> Response:
    """One list: which snapshot of it is in use, how old that is, how many entries it has."""
    return json_response(_listed(generation, source))


@router.get(
    "/{source}/diff",
    summary="What changed in a list",
    operation_id="listDiff",
    responses={200: {"model": DiffPage, "description": "Added, removed, changed, in this order"}},
    response_model=None,
)
async def diff(
    source: Source,
    server: Serving,
    generation: Lists,
    earlier: Annotated[
        str | None, Query(alias="from", max_length=80, description="Day or hash of a snapshot.")
    ] = None,
    later: Annotated[
        str | None, Query(alias="to", max_length=80, description="Day or hash; else the last one.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What changed from one snapshot to another: from the one before `to`, where `from` is not given."""
    _listed(generation, source)
    asked = _Asked(generation.state, server.home, generation.today, source, earlier, later)
    found, items = await run_in_threadpool(_difference, asked)
    of = f"{found.before.sha256[:16]}{found.after.sha256[:16]}"
    rows, following = page_of(items, of=of, cursor=cursor, limit=limit)
    ends = {
        name: {"snapshot": one.id, "dated": one.dated.isoformat(), "entries": one.entries}
        for name, one in (("before", found.before), ("after", found.after))
    }
    return json_response(page(rows, following, source=source, counts=found.delta.counts(), **ends))


class _Asked(NamedTuple):
    """What a difference is asked by, the same while the same lists are in use; it keeps no generation in memory."""

    state: str
    home: FilePath
    today: date
    source: str
    earlier: str | None
    later: str | None


@lru_cache(maxsize=4)
def _difference(asked: _Asked) -> tuple[ListDifference, list[dict[str, Any]]]:
    workspace = Workspace(asked.home, today=asked.today)
    found = list_difference(workspace, asked.source, earlier=asked.earlier, later=asked.later)
    items: list[dict[str, Any]] = []
    for change, entities in (("added", found.delta.added), ("removed", found.delta.removed)):
        items += [
            {"change": change, "id": e.id, "name": e.caption, "entity": entity_to_plain(e), "fields": None}
            for e in entities
        ]
    for one in found.delta.changed:
        plain = one.to_plain()
        items.append(
            {"change": "changed", "id": one.id, "name": plain["name"], "entity": None, "fields": plain["fields"]}
        )
    return found, items


@router.get(
    "/{source}/entities",
    summary="What is in a list",
    operation_id="listEntities",
    responses={200: {"model": Page[EntityShown], "description": "In the order of the list"}},
    response_model=None,
)
async def entities(
    source: Source, server: Serving, generation: Lists, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    """Every entity of a list, as the list prints it."""
    _listed(generation, source)

    def work() -> dict[str, Any]:
        index = generation.index
        number = next(n for n, listed in enumerate(index.lists) if listed.source == source)
        numbers = (index.entity_lists == number).nonzero()[0]
        rows, following = page_of(numbers, of=index.content_hash, cursor=cursor, limit=limit)
        shown = []
        for at in rows:
            one = index.entity_number(int(at))
            plain = entity_to_plain(one)
            shown.append(
                {
                    "id": plain.pop("id"),
                    "schema": plain.pop("schema"),
                    "caption": one.caption,
                    "entity": plain,
                }
            )
        return page(shown, following)

    return json_response(await server.engine.run(work))


def _listed(generation: Generation, source: str) -> dict[str, Any]:
    for state in generation.lists:
        if state["source"] == source:
            return state
    raise NotFoundError(f"no list {source[:80]!r} is in use", hint="GET /api/v1/lists names those that are")
