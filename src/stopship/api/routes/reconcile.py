"""`/reconcile`: OpenRefine and other clients of the Reconciliation Service API v0.2."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Form, Path, Query, Request, Response
from pydantic import ValidationError

from stopship.api.examples import read_example
from stopship.api.guard import KEY_PARAMETER, GuardedRoute
from stopship.api.schemas.reconcile import (
    ReconBatch,
    ReconManifest,
    ReconQuery,
    ReconResults,
    SuggestedEntities,
    Suggestions,
)
from stopship.api.serving import Counted, Dataset, Lists, Serving, json_response
from stopship.app.service.directory import ALL
from stopship.app.service.edition import Edition
from stopship.app.service.lookups import Example, Filter, Found, Narrowing, entities_of, look_up, search
from stopship.errors import InputError, NotAllowed
from stopship.matching.evidence import Evidence
from stopship.model.values import Schema
from stopship.sources.ftm.vocabulary import vocabulary

router = APIRouter(prefix="/reconcile/{dataset}", route_class=GuardedRoute, tags=["Reconciliation"])

CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,63}(\.[A-Za-z_$][A-Za-z0-9_$]{0,63}){0,4}")
SPACE = "https://followthemoney.tech/explorer/schemata/"
SCRIPT: dict[str, Any] = {"content": {"application/javascript": {"schema": {"type": "string"}}}}
"""Besides JSON: a script that calls a function with it."""
DEFAULT_LIMIT = 10
MOST_SUGGESTED = 20
PREVIEW_WIDTH, PREVIEW_HEIGHT = 430, 300
TYPES = {
    Schema.PERSON: "People",
    Schema.COMPANY: "Companies",
    Schema.ORGANIZATION: "Organizations",
    Schema.PUBLIC_BODY: "Public bodies",
    Schema.LEGAL_ENTITY: "Legal entities",
    Schema.VESSEL: "Vessels",
    Schema.AIRPLANE: "Airplanes",
    Schema.ADDRESS: "Addresses",
}

Callback = Annotated[
    str | None,
    Query(
        max_length=200,
        pattern=f"^{CALLBACK.pattern}$",
        description="Name of a function: the answer comes as a script that calls it (JSONP).",
    ),
]
Prefix = Annotated[str, Query(max_length=200, description="What was typed so far.", examples=["hik"])]


@router.get(
    "",
    summary="Manifest, or queries in the address",
    operation_id="reconcileManifest",
    responses={200: {"model": ReconManifest | ReconResults, "description": "The manifest, or results", **SCRIPT}},
    response_model=None,
)
async def manifest(
    request: Request,
    dataset: Dataset,
    server: Serving,
    edition: Lists,
    figures: Counted,
    queries: Annotated[str | None, Query(max_length=100_000, description="JSON: key: query.")] = None,
    callback: Callback = None,
) -> Response:
    """What the service is and can; with `queries`, their results."""
    if queries is not None:
        found = await _reconcile(server, edition, dataset, queries)
        figures.screened("reconcile", len(found))
        return _answer(request, server, found, callback)
    Filter(edition, Narrowing(dataset=dataset))
    base = str(request.base_url).rstrip("/")
    here = f"{base}/reconcile/{quote(dataset, safe='')}"
    key = request.query_params.get(KEY_PARAMETER)
    tail = f"?{KEY_PARAMETER}={quote(key, safe='')}" if key else ""
    name = "every list" if dataset == ALL else dataset
    plain = {
        "versions": ["0.2"],
        "name": f"Stopship: {name}",
        "identifierSpace": f"{base}/entities/",
        "schemaSpace": SPACE,
        "defaultTypes": [_type(schema) for schema in TYPES],
        "view": {"url": f"{here}/preview/{{{{id}}}}{tail}"},
        "preview": {"url": f"{here}/preview/{{{{id}}}}{tail}", "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "suggest": {
            kind: {"service_url": here, "service_path": f"/suggest/{kind}{tail}"}
            for kind in ("entity", "property", "type")
        },
        "batchSize": min(50, server.settings.max_batch),
    }
    return _answer(request, server, plain, callback)


@router.post(
    "",
    summary="Queries",
    operation_id="reconcile",
    responses={200: {"model": ReconResults, "description": "Results under the keys of the queries"}},
    response_model=None,
)
async def reconcile(
    request: Request,
    dataset: Dataset,
    server: Serving,
    edition: Lists,
    figures: Counted,
    queries: Annotated[
        str,
        Form(max_length=5_000_000, description="JSON: key: query.", examples=['{"q0": {"query": "Hikvision"}}']),
    ],
) -> Response:
    """Candidates for each name, best first. `match` is true where there is one that is certain enough."""
    found = await _reconcile(server, edition, dataset, queries)
    figures.screened("reconcile", len(found))
    return _answer(request, server, found, None)


async def _reconcile(server: Serving, edition: Edition, dataset: str, text: str) -> dict[str, Any]:
    try:
        batch = ReconBatch.model_validate_json(text).root
    except ValidationError as bad:
        first = bad.errors()[0]
        at = "/".join(str(part) for part in first["loc"])
        raise InputError(f"can't be read: {first['msg']}", where=f"queries {at}".strip()) from None
    if len(batch) > server.settings.max_batch:
        raise InputError(
            f"{len(batch)} queries are too many for one call (at most {server.settings.max_batch})",
            where="queries",
        )
    asked = {key: (query, _example(key, query)) for key, query in batch.items()}

    def pieces() -> Iterator[tuple[str, dict[str, Any]]]:
        wanted = Filter(edition, Narrowing(dataset=dataset))
        for key, (query, example) in asked.items():
            narrowed = Example(example.queries, wanted=wanted if wanted.narrows else None)
            found = look_up(edition, narrowed)
            yield key, {"result": [_candidate(one, found) for one in found[: query.limit or DEFAULT_LIMIT]]}

    return dict(await server.engine.run_pieces(pieces()))


def _example(key: str, query: ReconQuery) -> Example:
    kinds = [query.type] if isinstance(query.type, str) else query.type or []
    schema = kinds[0] if kinds else "Thing"
    properties: dict[str, Any] = {"name": [query.query]}
    for one in query.properties or ():
        name = one.pid.rpartition(":")[2]
        values = one.v if isinstance(one.v, list) else [one.v]
        properties.setdefault(name, []).extend(
            v.get("name") or v.get("id") if isinstance(v, dict) else v for v in values
        )
    try:
        return Example(read_example(schema, properties).queries)
    except InputError as bad:
        raise InputError(bad.message, where=f"queries, {key[:60]!r}", hint=bad.hint) from None


def _candidate(found: Found, all_found: list[Found]) -> dict[str, Any]:
    best = found.best
    entity = best.entity
    certain = [one for one in all_found if one.best.confirmed]
    kinds: dict[str, list[Evidence]] = {}
    for line in best.evidence:
        kinds.setdefault(line.kind, []).append(line)
    return {
        "id": entity.id,
        "name": entity.caption,
        "description": _description(programs_of(found), entity.countries),
        "type": [_type(entity.schema)],
        "score": round(best.score * 100, 2),
        "match": best.confirmed and len(certain) == 1,
        "features": [
            {"id": kind, "value": round(sum(line.weight for line in lines), 4)} for kind, lines in kinds.items()
        ],
    }


def programs_of(found: Found) -> tuple[str, ...]:
    """The programs that the entries of an entity are on."""
    return tuple(dict.fromkeys(listing.program for entity in found.entities for listing in entity.listings))


def _description(programs: tuple[str, ...], countries: tuple[str, ...]) -> str:
    return "; ".join(part for part in (", ".join(programs), ", ".join(countries)) if part)


def _type(schema: Schema) -> dict[str, str]:
    return {"id": schema.value, "name": TYPES[schema]}


@router.get(
    "/suggest/entity",
    summary="Suggest entities",
    operation_id="suggestEntity",
    responses={200: {"model": SuggestedEntities, "description": "Entities whose text holds the words", **SCRIPT}},
    response_model=None,
)
async def suggest_entity(
    request: Request,
    dataset: Dataset,
    server: Serving,
    edition: Lists,
    prefix: Prefix = "",
    cursor: Annotated[int, Query(ge=0, le=10_000, description="How many to pass over.")] = 0,
    callback: Callback = None,
) -> Response:
    """Entities for what was typed so far."""

    def work() -> list[dict[str, Any]]:
        wanted = Filter(edition, Narrowing(dataset=dataset))
        cards = search(edition, prefix, wanted).cards[cursor : cursor + MOST_SUGGESTED] if prefix.strip() else ()
        return [
            {
                "id": card.id,
                "name": card.caption,
                "description": _description(card.datasets, card.countries),
                "notable": [_type(Schema(card.schema))],
            }
            for card in cards
        ]

    return _answer(request, server, {"result": await server.engine.run(work)}, callback)


@router.get(
    "/suggest/property",
    summary="Suggest properties",
    operation_id="suggestProperty",
    responses={200: {"model": Suggestions, "description": "Properties that are compared", **SCRIPT}},
    response_model=None,
)
async def suggest_property(
    request: Request,
    dataset: Dataset,
    server: Serving,
    edition: Lists,
    prefix: Prefix = "",
    cursor: Annotated[int, Query(ge=0, le=10_000, description="How many to pass over.")] = 0,
    callback: Callback = None,
) -> Response:
    """Properties of FollowTheMoney that are compared, for what was typed so far."""
    Filter(edition, Narrowing(dataset=dataset))
    words = vocabulary()
    names = [*words.countries, *words.birth_dates, *words.registration_dates, *words.addresses, *words.names]
    return _suggested(
        request, server, [(n, _spaced(n)) for n in [*names, *words.identifiers]], prefix, cursor, callback
    )


@router.get(
    "/suggest/type",
    summary="Suggest types",
    operation_id="suggestType",
    responses={200: {"model": Suggestions, "description": "Schemata of the entities here", **SCRIPT}},
    response_model=None,
)
async def suggest_type(
    request: Request,
    dataset: Dataset,
    server: Serving,
    edition: Lists,
    prefix: Prefix = "",
    cursor: Annotated[int, Query(ge=0, le=10_000, description="How many to pass over.")] = 0,
    callback: Callback = None,
) -> Response:
    """Schemata, for what was typed so far."""
    Filter(edition, Narrowing(dataset=dataset))
    return _suggested(request, server, [(s.value, name) for s, name in TYPES.items()], prefix, cursor, callback)


def _suggested(
    request: Request,
    server: Serving,
    known: list[tuple[str, str]],
    prefix: str,
    cursor: int,
    callback: str | None,
) -> Response:
    typed = prefix.strip().lower()
    found = [
        {"id": key, "name": name, "description": None}
        for key, name in known
        if typed and (typed in key.lower() or typed in name.lower())
    ]
    return _answer(request, server, {"result": found[cursor : cursor + MOST_SUGGESTED]}, callback)


def _spaced(name: str) -> str:
    """`birthDate` -> `Birth date`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


@router.get(
    "/preview/{entity_id}",
    summary="An entity in a small page",
    operation_id="reconcilePreview",
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "A page"}},
    response_class=Response,
)
async def preview(
    request: Request,
    dataset: Dataset,
    entity_id: Annotated[str, Path(min_length=1, max_length=200)],
    server: Serving,
    edition: Lists,
) -> Response:
    """What a list prints of an entity, for a frame of 430 by 300."""

    def work() -> str:
        Filter(edition, Narrowing(dataset=dataset))
        entries = entities_of(edition, entity_id)
        first = entries[0]
        names = dict.fromkeys(name.text for entry in entries for name in entry.names)
        rows: list[tuple[str, Callable[[], list[str]]]] = [
            ("Also called", lambda: [name for name in names if name != first.caption][:8]),
            (
                "Listed under",
                lambda: [f"{x.program}: {x.citation or x.source}" for e in entries for x in e.listings],
            ),
            ("Countries", lambda: list(dict.fromkeys(code for e in entries for code in e.countries))),
            ("Addresses", lambda: [a.text for e in entries for a in e.addresses][:5]),
            ("Born", lambda: [str(day) for e in entries for day in e.birth_dates]),
        ]
        lines = [
            f"<dt>{label}</dt>" + "".join(f'<dd dir="auto">{html.escape(text)}</dd>' for text in texts)
            for label, read in rows
            if (texts := read())
        ]
        title = html.escape(first.caption)
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
            f'<body><h1 dir="auto">{title}</h1><p>{html.escape(first.schema.value)} {html.escape(first.id)}</p>'
            f"<dl>{''.join(lines)}</dl></body></html>"
        )

    # `frame-ancestors` makes browsers ignore X-Frame-Options: a preview is there to be framed.
    policy = "default-src 'none'; frame-ancestors *; base-uri 'none'; form-action 'none'"
    headers = {"content-security-policy": policy} | _shared(request, server)
    return Response(await server.engine.run(work), media_type="text/html", headers=headers)


def _answer(request: Request, server: Serving, plain: Any, callback: str | None) -> Response:
    """JSON, or a script that hands it to a function of the page that asks. Any page can load such a script: a
    server that asks for no key gives it only to pages of this machine."""
    headers = _shared(request, server)
    if callback is None:
        return json_response(plain, headers=headers)
    if server.open_to_all and request.headers.get("sec-fetch-site") == "cross-site":
        raise NotAllowed(
            "a page of another site may not ask a server that needs no key", hint="Start it with keys"
        )
    # U+2028 and U+2029 end a line in older JavaScript.
    text = orjson.dumps(plain).decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Response(f"/**/{callback}({text});", media_type="application/javascript", headers=headers)


_LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")


def _shared(request: Request, server: Serving) -> dict[str, str]:
    """Which pages of other origins may read the answer: those with a key; without keys, those of this machine."""
    origin = request.headers.get("origin", "")
    if not server.open_to_all:
        shared = {"access-control-allow-origin": "*"}
    elif _LOCAL_ORIGIN.fullmatch(origin):
        shared = {"access-control-allow-origin": origin, "vary": "Origin"}
    else:
        return {}
    return shared | {"cross-origin-resource-policy": "cross-origin"}
