"""The Reconciliation Service API v0.2 (W3C Entity Reconciliation Community Group, final report of 2023-04-10)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from stopship.api.schemas.strict import Told


class ReconProperty(BaseModel):
    """A property that is known of what is looked for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    pid: Annotated[str, Field(max_length=200)]
    v: Any


class ReconQuery(BaseModel):
    """One name to reconcile. Clients add fields of their own, which are not used."""

    model_config = ConfigDict(extra="ignore", strict=True)

    query: Annotated[str, Field(max_length=10_000)]
    type: str | list[str] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] | None = None
    properties: list[ReconProperty] | None = None
    type_strict: str | None = None


class ReconBatch(RootModel[dict[str, ReconQuery]]):
    """Queries under keys of the client's."""


class ReconType(Told):
    """A schema."""

    id: str
    name: str


class ReconFeature(Told):
    """One part of a score."""

    id: str
    value: float


class ReconCandidate(Told):
    """An entity that may be what was looked for. `score` is 0 to 100; `match`: certain enough to be taken."""

    id: str
    name: str
    description: str
    type: list[ReconType]
    score: float
    match: bool
    features: list[ReconFeature]


class ReconResult(Told):
    """The candidates of one query, best first."""

    result: list[ReconCandidate]


class ReconResults(RootModel[dict[str, ReconResult]]):
    """Results under the keys of the queries."""


class SuggestService(Told):
    """Where suggestions come from."""

    service_url: str
    service_path: str


class Suggest(Told):
    """What can be suggested."""

    entity: SuggestService
    property: SuggestService
    type: SuggestService


class View(Told):
    """Where an entity is seen."""

    url: str


class Preview(Told):
    """Where an entity is seen in a small frame."""

    url: str
    width: int
    height: int


class ReconManifest(Told):
    """What this service is and can."""

    versions: list[str]
    name: str
    identifierSpace: str  # noqa: N815 (the specification's name)
    schemaSpace: str  # noqa: N815
    defaultTypes: list[ReconType]  # noqa: N815
    view: View
    preview: Preview
    suggest: Suggest
    batchSize: int  # noqa: N815


class SuggestedEntity(Told):
    """A suggested entity."""

    id: str
    name: str
    description: str
    notable: list[ReconType]


class Suggestion(Told):
    """A suggested property or type."""

    id: str
    name: str
    description: str | None = None


class SuggestedEntities(Told):
    """Suggested entities."""

    result: list[SuggestedEntity]


class Suggestions(Told):
    """Suggested properties or types."""

    result: list[Suggestion]
