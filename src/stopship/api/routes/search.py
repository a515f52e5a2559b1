"""`/search` and `/entities`: entities by words and by id, as OpenSanctions' server gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from stopship.api.followthemoney import entity_to_ftm
from stopship.api.guard import GuardedRoute
from stopship.api.routes.match import Names, Since, read_since
from stopship.api.schemas.yente import EntityResponse, SearchResponse
from stopship.api.serving import Dataset, Lists, Serving, json_response
from stopship.app.service.directory import Card, counted, schemata_under
from stopship.app.service.lookups import Filter, Listed, Narrowing, entities_of, search
from stopship.errors import InputError
from stopship.model.values import country_names

router = APIRouter(route_class=GuardedRoute)

MOST_RESULTS, MOST_OFFSET = 500, 9_499
SORTS: dict[str, Callable[[Card], str]] = {
    "caption": lambda card: card.caption.casefold(),
    "name": lambda card: card.caption.casefold(),
    "id": lambda card: card.id,
    "schema": lambda card: card.schema,
    "first_seen": lambda _card: "",
    "last_seen": lambda _card: "",
    "last_change": lambda _card: "",
}
"""What results can be sorted by. The moments are taken for yente's sake: they change nothing."""


class Facet(StrEnum):
    """What results are counted by."""

    COUNTRIES = "countries"
    TOPICS = "topics"
    DATASETS = "datasets"
    SCHEMA = "schema"


_FACETS: dict[Facet, tuple[str, Callable[[Card], Iterable[str]]]] = {
    Facet.COUNTRIES: ("Countries", lambda card: (code.lower() for code in card.countries)),
    Facet.TOPICS: ("Topics", lambda card: card.topics),
    Facet.DATASETS: ("Data sources", lambda card: card.datasets),
    Facet.SCHEMA: ("Entity types", lambda card: (card.schema,)),
}


@router.get(
    "/search/{dataset}",
    summary="Find entities by words",
    operation_id="search",
    tags=["Matching"],
    responses={200: {"model": SearchResponse, "description": "A page of entities"}},
    response_model=None,
)
async def search_(
    dataset: Dataset,
    server: Serving,
    edition: Lists,
    q: Annotated[str, Query(max_length=500, description="Words; nothing lists all.", examples=["hikvision"])] = "",
    schema: Annotated[
        str, Query(max_length=100, description="Schema of FollowTheMoney, with those below it.")
    ] = "Thing",
    include_dataset: Names = [],  # noqa: B006
    exclude_dataset: Names = [],  # noqa: B006
    exclude_schema: Names = [],  # noqa: B006
    changed_since: Since = None,
    countries: Names = [],  # noqa: B006
    topics: Names = [],  # noqa: B006
    datasets: Names = [],  # noqa: B006
    limit: Annotated[int, Query(ge=0, le=MOST_RESULTS)] = 10,
    offset: Annotated[int, Query(ge=0, le=MOST_OFFSET)] = 0,
    sort: Annotated[list[str], Query(max_length=5, description="`caption`, `caption:desc`, `schema`, `id`.")] = [],  # noqa: B006
    target: Annotated[bool | None, Query(description="Every entity here is one that is listed.")] = None,
    fuzzy: Annotated[bool, Query(description="Spelling is always allowed for.")] = False,  # noqa: ARG001
    simple: Annotated[bool, Query(description="Text is words, no query language.")] = False,  # noqa: ARG001
    facets: Annotated[list[Facet], Query(max_length=10)] = [Facet.COUNTRIES, Facet.TOPICS, Facet.DATASETS],  # noqa: B006
    filter_op: Annotated[str, Query(pattern="^(OR|AND)$", description="Not used.")] = "OR",  # noqa: ARG001
) -> Response:
    """Entities whose names, id or numbers hold every word, after those whose name is like the text.

    For a search box. To screen a party, use `/match`, which knows how to compare.
    """
    if schemata_under(schema) is None:
        raise InputError(f"there is no schema {schema[:60]!r} here", where="schema")
    narrowing = Narrowing(
        dataset=dataset,
        include=(*include_dataset, *datasets),
        exclude=tuple(exclude_dataset),
        schemata=() if schema.lower() == "thing" else (schema,),
        exclude_schemata=tuple(exclude_schema),
        topics=tuple(topics),
        countries=tuple(countries),
        since=read_since(changed_since),
    )
    orders = [_order(text) for text in sort]

    def work() -> dict[str, Any]:
        found = search(edition, q, Filter(edition, narrowing))
        if target is False:
            found = Listed((), ())
        pairs = list(zip(found.numbers, found.cards, strict=True))
        for pick, descending in reversed(orders):
            pairs.sort(key=lambda pair: pick(pair[1]), reverse=descending)
        page = [card.id for _number, card in pairs[offset : offset + limit]]
        return {
            "limit": limit,
            "offset": offset,
            "total": {"value": len(pairs), "relation": "eq"},
            "results": [entity_to_ftm(entities_of(edition, one), edition) for one in page],
            "facets": {facet.value: _counted(facet, found) for facet in dict.fromkeys(facets)},
        }

    return json_response(await server.engine.run(work))


def _order(text: str) -> tuple[Callable[[Card], str], bool]:
    name, _, direction = text.partition(":")
    if name not in SORTS or direction not in ("", "asc", "desc"):
        raise InputError(f"can't sort by {text[:60]!r}", where="sort", hint=f"Known: {', '.join(SORTS)}; `:desc`")
    return SORTS[name], direction == "desc"


def _counted(facet: Facet, found: Listed) -> dict[str, Any]:
    label, pick = _FACETS[facet]
    names = country_names() if facet is Facet.COUNTRIES else {}
    values = [
        {"name": name, "label": names.get(name.upper(), name), "count": count}
        for name, count in counted(found.cards, pick)
    ]
    return {"label": label, "values": values}


@router.get(
    "/entities/{entity_id}",
    summary="One entity",
    operation_id="entity",
    tags=["Data access"],
    responses={200: {"model": EntityResponse, "description": "The entity, with its sanctions"}},
    response_model=None,
)
async def entity(
    entity_id: Annotated[str, Path(min_length=1, max_length=200, examples=["us.el-ab12cd34"])],
    server: Serving,
    edition: Lists,
    nested: Annotated[bool, Query(description="With its sanctions as entities of their own.")] = True,
) -> Response:
    """An entity by its id, as all lists in use together have it."""

    def work() -> dict[str, Any]:
        return entity_to_ftm(entities_of(edition, entity_id), edition, nested=nested)

    return json_response(await server.engine.run(work))
