"""What `/api/v1` takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import ConfigDict, Field

from stopship.api.schemas.strict import Asked, Told
from stopship.model.order import ORDER_FIELDS

T = TypeVar("T")

ORDER: dict[str, Any] = {
    "direction": "export",
    "destination": "CN",
    "parties": [{"role": "end_user", "name": "Hangzhou Hikvision Digital Technology Co., Ltd.", "country": "CN"}],
    "items": [{"description": "thermal camera", "eccn": "6A993", "origin": "US"}],
}
"""An order, for examples."""

Texts = str | list[str] | None


class Page(Told, Generic[T]):
    """Some of many. `next` goes into `cursor` for those that follow; null where there are none."""

    items: list[T]
    next: str | None


class TransactionAsked(Asked):
    """An order to decide."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"transaction": ORDER, "as_of": "2026-03-01"}]})

    transaction: Annotated[
        dict[str, Any],
        Field(
            description=f"The order, as docs/reference/order.md has it. Fields: {', '.join(ORDER_FIELDS)}.",
            examples=[ORDER],
        ),
    ]
    as_of: Annotated[
        date | None, Field(strict=False, description="Decide as of this day; else the order's own, else today.")
    ] = None
    allow_stale: Annotated[
        str | None,
        Field(
            min_length=1, max_length=1000, description="Why lists beyond their age limit are accepted; recorded."
        ),
    ] = None


class TransactionDecided(Told):
    """A decision and the id under which it is kept (the hash of its bytes)."""

    id: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    decision: Annotated[dict[str, Any], Field(description="As docs/reference/decision.md has it.")]


class TransactionLogged(Told):
    """One kept decision in the log."""

    id: str
    at: datetime
    as_of: date
    outcome: str


class NameAsked(Asked):
    """One name, with what else is known of it."""

    id: Annotated[str | None, Field(max_length=200, description="Yours; comes back with the answer.")] = None
    name: Annotated[str, Field(max_length=100_000)]
    schema_: Annotated[str | None, Field(alias="schema", max_length=100, examples=["Company"])] = None
    country: Texts = None
    address: Texts = None
    birth_date: Texts = None
    registration_date: Texts = None


class NamesAsked(Asked):
    """Names in bulk."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"names": [{"id": "17", "name": "Hikvision", "country": "CN"}], "limit": 5}]
        }
    )

    names: Annotated[list[NameAsked], Field(min_length=1, max_length=100_000)]
    min_score: Annotated[
        float | int | None, Field(ge=0, le=1, description="Also hits below the threshold, down to this score.")
    ] = None
    limit: Annotated[int, Field(ge=1, le=500, description="Hits for each name, best first.")] = 10
    keep: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=200,
            pattern=r"^[^\u0000]*$",
            description="Keep the screening on record under this name, also where nothing is found; what alerts "
            "becomes cases. At most 1,000 names then.",
        ),
    ] = None


class NameListing(Told):
    """One listing of a hit."""

    program: str
    source: str
    name: str
    start: date | None
    end: date | None
    citation: str | None


class NameHit(Told):
    """An entity that may be the name."""

    entity_id: str
    name: str
    caption: str
    score: float
    band: str
    alert: bool
    kind: str
    source: str | None
    listings: list[NameListing]
    countries: list[str]
    evidence: list[str]


class NameAnswer(Told):
    """What one name was found as."""

    id: str | None
    row: Annotated[int, Field(description="Its place in the call, from 1.")]
    status: Annotated[Literal["hit", "no_hit", "rejected"], Field(description="`hit`: at least one alerts.")]
    reason: Annotated[str | None, Field(description="Why it was rejected.")]
    warnings: list[str]
    hits: list[NameHit]
    hits_total: int
    alerts: int


class NamesKept(Told):
    """A screening on record: its number, and those of the cases that it opened, opened again, changed, left."""

    screening: int
    opened: list[int]
    reopened: list[int]
    changed: list[int]
    standing: list[int]


class NamesAnswered(Told):
    """Answers in the order of the names, all against the same lists."""

    results: list[NameAnswer]
    lists: Annotated[dict[str, str], Field(description="Source: snapshot.")]
    index: str
    engine: str
    kept: Annotated[NamesKept | None, Field(description="What became of it on record; null where it wasn't kept.")]


class ListShown(Told):
    """One list in use, as `stopship lists status --json` prints it."""

    source: str
    title: str
    publisher: str
    url: str
    snapshot: str
    published: date | None
    retrieved: date | None
    retrieved_days: Annotated[int | None, Field(description="Days since it was fetched.")]
    age_days: int
    limit_days: int | None
    stale: bool
    entries: int
    rejected: int
    pinned: bool
    newest: date | None
    note: str


class EntityShown(Told):
    """An entity as its list prints it."""

    id: str
    schema_: Annotated[str, Field(alias="schema")]
    caption: str
    entity: Annotated[
        dict[str, Any], Field(description="Names, listings, countries and so on, empty ones left out.")
    ]


class DiffItem(Told):
    """An entity that was added or removed, or its fields that changed."""

    change: Literal["added", "removed", "changed"]
    id: str
    name: str
    entity: dict[str, Any] | None = None
    fields: list[dict[str, Any]] | None = None


class DiffEnd(Told):
    """A snapshot."""

    snapshot: str
    dated: date
    entries: int


class DiffPage(Page[DiffItem]):
    """What changed from one snapshot to another."""

    source: str
    before: DiffEnd
    after: DiffEnd
    counts: dict[str, int]


class RuleRow(Told):
    """One rule in short."""

    id: str
    regime: str
    title: str
    outcome: str
    scopes: str
    status: str
    in_force_from: date | None
    verified_on: date | None
    examples: int


class RulesShown(Page[RuleRow]):
    """Rules, and the version of the rulebook."""

    version: str


class RuleShown(Told):
    """One rule with its versions, citations and examples."""

    rulebook: str
    rule: dict[str, Any]


class JobShown(Told):
    """A job: work on a file that goes on while you do something else."""

    id: int
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    created: datetime
    started: datetime | None
    finished: datetime | None
    done: Annotated[int, Field(description="Rows so far.")]
    total: int | None
    result: dict[str, Any] | None
    error: str | None
