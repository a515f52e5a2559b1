"""`/catalog` and `/algorithms`, as OpenSanctions' server gives them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import APIRouter, Response

from stopship.api.guard import GuardedRoute
from stopship.api.routes.match import ALGORITHMS
from stopship.api.schemas.yente import AlgorithmResponse, DataCatalogModel
from stopship.api.serving import Lists, json_response
from stopship.app.service.directory import ALL
from stopship.app.service.edition import Edition
from stopship.matching.weights import SCORER_VERSION

router = APIRouter(route_class=GuardedRoute)

EVIDENCE = {
    "token": "words that the names share, by how rare they are; misspelt, by sound, in another script",
    "name": "what the names share as wholes: the same tokens, one inside of the other",
    "legal_form": "legal forms that are the same or differ",
    "place": "places in the names",
    "number": "numbers in the names",
    "schema": "what kind of thing each is",
    "identifier": "numbers that an authority gave",
    "birth_date": "dates of birth",
    "registration_date": "dates of registration",
    "country": "countries",
    "address": "addresses",
    "link": "the same party in another list, by an official number",
}
"""The kinds of evidence that `features` and `explanations` are told by."""


@router.get(
    "/catalog",
    summary="Every dataset that can be asked",
    operation_id="catalog",
    tags=["Data access"],
    responses={200: {"model": DataCatalogModel, "description": "Datasets"}},
    response_model=None,
)
async def catalog(edition: Lists) -> Response:
    """Everything (`default`), each list, and each program that a list has entries of."""
    return json_response(_catalog(edition))


def _catalog(edition: Edition) -> dict[str, Any]:
    counts = Counter(name for card in edition.directory.cards for name in card.datasets)
    sources = [state["source"] for state in edition.lists]
    programs = sorted(edition.directory.datasets - {ALL, *sources})
    children: dict[str, set[str]] = {source: set() for source in sources}
    for card in edition.directory.cards:
        if card.source in children:
            children[card.source].update(name for name in card.datasets if name in programs)
    index = edition.index.content_hash
    datasets = [_dataset(ALL, "Every list in use", index, sources, len(edition.directory))]
    for state in edition.lists:
        dated = state["published"] or state["retrieved"]
        about = _dataset(
            state["source"],
            state["title"],
            state["snapshot"],
            sorted(children[state["source"]]),
            counts[state["source"]],
        )
        publisher = {
            "name": state["publisher"],
            "url": state["url"] or None,
            "official": not _own(state["source"]),
        }
        about |= {"url": state["url"] or None, "last_export": dated, "publisher": publisher}
        about["index_current"] = not state["stale"]
        datasets.append(about)
    datasets += [_dataset(name, f"Program {name}", index, [], counts[name]) for name in programs]
    outdated = list(edition.stale)
    current = [one["name"] for one in datasets if one["name"] not in outdated]
    return {"datasets": datasets, "current": current, "outdated": outdated, "index_stale": bool(outdated)}


def _own(source: str) -> bool:
    return source.partition(".")[0] == "custom"


def _dataset(name: str, title: str, version: str, children: list[str], count: int) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "summary": None,
        "url": None,
        "load": True,
        "entities_url": None,
        "version": version,
        "index_version": version,
        "index_current": True,
        "children": children,
        "entity_count": count,
        "last_change": None,
        "last_export": None,
        "publisher": None,
    }


@router.get(
    "/algorithms",
    summary="Names of the scorer",
    operation_id="algorithms",
    tags=["Matching"],
    responses={200: {"model": AlgorithmResponse, "description": "Names that `algorithm` may have"}},
    response_model=None,
)
async def algorithms() -> Response:
    """The names that clients of OpenSanctions' server use. There is one scorer, and all of them mean it."""
    features = {
        kind: {"description": text, "coefficient": 1.0, "url": "urn:stopship:evidence:" + kind}
        for kind, text in EVIDENCE.items()
    }
    about = f"Stopship's own scorer ({SCORER_VERSION}), whatever the name"
    found = [{"name": name, "description": about, "features": features, "docs": features} for name in ALGORITHMS]
    return json_response({"algorithms": found, "default": ALGORITHMS[0], "best": ALGORITHMS[0]})
