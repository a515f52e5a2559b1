"""`/match`: parties by example, as OpenSanctions' server takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from stopship.api.examples import ReadExample, read_example
from stopship.api.followthemoney import entity_to_ftm
from stopship.api.guard import GuardedRoute
from stopship.api.schemas.yente import EntityExample, EntityMatchQuery, EntityMatchResponse
from stopship.api.serving import Counted, Dataset, Lists, Serving, json_response
from stopship.app.service.edition import Edition
from stopship.app.service.lookups import Example, Filter, Found, Narrowing, is_match, look_up
from stopship.errors import InputError
from stopship.matching.evidence import Evidence

router = APIRouter(route_class=GuardedRoute, tags=["Matching"])

ALGORITHMS = ("best", "logic-v1", "logic-v2", "name-based", "name-qualified", "regression-v1")
"""Names of yente's algorithms. All of them are answered by the one scorer."""
MOST_RESULTS = 500
PIECE = 8
"""Parties that are looked up in one go, so that other calls get their turn."""
NOTHING = "there is nothing to look up: no name, address or number"

Threshold = Annotated[
    float | None,
    Query(
        ge=0, le=1, description="Score from which a result is a `match`; the scorer's own judgement if not given."
    ),
]
Cutoff = Annotated[
    float | None,
    Query(ge=0, le=1, description="Least score of a result; never above `threshold`. Old name of it in yente."),
]
Since = Annotated[
    str | None,
    Query(
        pattern=r"^\d{4}-\d{2}-\d{2}([T ]\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?)?$",
        description="Only entities that are new or changed since this day.",
        examples=["2026-03-01"],
    ),
]
Names = Annotated[list[str], Query(max_length=100)]


@router.post(
    "/match/{dataset}",
    summary="Look parties up by example",
    operation_id="match",
    responses={200: {"model": EntityMatchResponse, "description": "Answers under the keys of the queries"}},
    response_model=None,
)
async def match(
    body: EntityMatchQuery,
    dataset: Dataset,
    server: Serving,
    edition: Lists,
    figures: Counted,
    limit: Annotated[int, Query(ge=0, le=MOST_RESULTS, description="Results for each party, best first.")] = 5,
    threshold: Threshold = None,
    cutoff: Cutoff = None,
    algorithm: Annotated[str, Query(description="A name of `/algorithms`; all are the one scorer.")] = "best",
    include_dataset: Names = [],  # noqa: B006
    exclude_dataset: Names = [],  # noqa: B006
    exclude_schema: Names = [],  # noqa: B006
    topics: Names = [],  # noqa: B006
    changed_since: Since = None,
    exclude_entity_ids: Annotated[list[str], Query(max_length=50)] = [],  # noqa: B006
    fuzzy: Annotated[bool, Query(description="Taken for older clients, not used.")] = True,  # noqa: ARG001
) -> Response:
    """Look up each party of a batch in the lists, by its names and whatever else is known of it.

    Countries, dates, addresses and numbers corroborate or contradict a name. A number that an authority gave finds
    an entity whatever it is called. `match` is true where a person must judge the result.
    """
    known_algorithm(algorithm)
    if len(body.queries) > server.settings.max_batch:
        raise InputError(
            f"{len(body.queries)} queries are too many for one call (at most {server.settings.max_batch})",
            hint="Send several calls, or names in bulk to POST /api/v1/names",
        )
    asked = {key: (one, _read(key, one)) for key, one in body.queries.items() if one is not None}
    if not asked:
        raise InputError("there is no query", where="queries")
    narrowing = Narrowing(
        dataset=dataset,
        include=tuple(include_dataset),
        exclude=tuple(exclude_dataset),
        exclude_schemata=tuple(exclude_schema),
        topics=tuple(topics),
        since=read_since(changed_since),
        exclude_ids=frozenset(exclude_entity_ids),
    )
    least = cutoff if threshold is None or cutoff is None else min(cutoff, threshold)
    work = _Batch(edition, asked, narrowing, threshold, least, limit)
    if len(asked) <= PIECE:
        pieces = await server.engine.run(lambda: list(work.pieces()))
    else:
        pieces = await server.engine.run_pieces(work.pieces())
    figures.screened("match", len(asked))
    responses = {key: answer for piece in pieces for key, answer in piece}
    return json_response({"responses": responses, "limit": limit}, headers={"x-batch-size": str(len(responses))})


@dataclass(frozen=True, slots=True)
class _Batch:
    edition: Edition
    asked: dict[str, tuple[EntityExample, ReadExample]]
    narrowing: Narrowing
    threshold: float | None
    cutoff: float | None
    limit: int

    def pieces(self) -> Iterator[list[tuple[str, dict[str, Any]]]]:
        wanted = Filter(self.edition, self.narrowing)
        done: list[tuple[str, dict[str, Any]]] = []
        for key, (given, read) in self.asked.items():
            example = Example(read.queries, self.threshold, self.cutoff, wanted if wanted.narrows else None)
            found = look_up(self.edition, example)
            done.append((key, self._answer(given, read, found)))
            if len(done) == PIECE:
                yield done
                done = []
        yield done

    def _answer(self, given: EntityExample, read: ReadExample, found: list[Found]) -> dict[str, Any]:
        query: dict[str, Any] = {"schema": given.schema_, "properties": read.understood}
        if given.id is not None:
            query["id"] = given.id
        answer: dict[str, Any] = {
            "status": 200,
            "results": [scored(one, self.threshold, self.edition) for one in found[: self.limit]],
            "total": {"value": len(found), "relation": "eq"},
            "query": query,
        }
        if not read.queries:
            answer |= {"status": 400, "detail": NOTHING}
        return answer


def _read(key: str, given: EntityExample) -> ReadExample:
    try:
        return read_example(given.schema_, given.properties)
    except InputError as bad:
        raise InputError(
            bad.message, where=f"queries, {key[:60]!r}, {bad.where or 'properties'}", hint=bad.hint
        ) from None


def scored(found: Found, threshold: float | None, edition: Edition) -> dict[str, Any]:
    """A result: the entity, its score, and why."""
    best = found.best
    kinds: dict[str, list[Evidence]] = {}
    for line in best.evidence:
        kinds.setdefault(line.kind, []).append(line)
    explanations = {
        kind: {
            "score": round(sum(line.weight for line in lines), 4),
            "detail": "; ".join(line.text for line in lines),
            "query": " ".join(dict.fromkeys(line.ours for line in lines if line.ours)) or None,
            "candidate": " ".join(dict.fromkeys(line.theirs for line in lines if line.theirs)) or None,
            "weight": None,
        }
        for kind, lines in kinds.items()
    }
    return {
        **entity_to_ftm(found.entities, edition),
        "score": best.score,
        "match": is_match(best, threshold),
        "features": {kind: one["score"] for kind, one in explanations.items()},
        "explanations": explanations,
    }


def known_algorithm(name: str) -> None:
    """Refuse a name that `/algorithms` doesn't give.

    Raises:
        InputError: it is none.
    """
    if name not in ALGORITHMS:
        raise InputError(
            f"there is no algorithm {name[:60]!r}", where="algorithm", hint=f"Known: {', '.join(ALGORITHMS)}"
        )


def read_since(text: str | None) -> date | None:
    """The day of a moment.

    Raises:
        InputError: there is no such day.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise InputError(f"{text[:10]!r} is no day of the calendar", where="changed_since") from None
