"""The shapes of OpenSanctions' server (yente), so that its clients work unchanged.

Field for field those of yente 5 (`yente/data/common.py`): every field that it documents is here under the same
name and with the same type. Only here are programs among the datasets, and `features` beside the later
`explanations`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from stopship.api.schemas.strict import Asked, Told

Values = str | list[str | int | float | None]


class EntityExample(BaseModel):
    """A party by example, or an entity as this server gave it. What only says where an entity came from is taken
    and not used."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False)

    id: Annotated[str | None, Field(examples=["customer-17"])] = None
    schema_: Annotated[str, Field(alias="schema", examples=["Person"], max_length=100)]
    properties: Annotated[dict[str, Values], Field(examples=[{"name": ["John Doe"]}])]
    caption: str | None = None
    datasets: list[str] | None = None
    referents: list[str] | None = None
    target: bool | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    last_change: str | None = None


class EntityMatchQuery(Asked):
    """Parties to look up, each under a key of the caller's choice."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "queries": {
                        "customer-17": {
                            "schema": "Company",
                            "properties": {"name": ["Hangzhou Hikvision Digital Technology"], "country": ["cn"]},
                        }
                    }
                }
            ]
        }
    )

    queries: Annotated[dict[str, EntityExample | None], Field(description="Key of yours: party.")]
    weights: Annotated[
        dict[str, float | int], Field(description="Taken for yente's sake; the score has one table of its own.")
    ] = Field(default_factory=dict)
    config: Annotated[dict[str, Any], Field(description="Taken for yente's sake, not used.")] = Field(
        default_factory=dict
    )


class EntityResponse(Told):
    """An entity in FollowTheMoney's form."""

    id: Annotated[str, Field(examples=["us.el-ab12cd34"])]
    caption: str
    schema_: Annotated[str, Field(alias="schema", examples=["Company"])]
    properties: dict[str, list[str | EntityResponse]]
    datasets: Annotated[list[str], Field(default_factory=list)]
    referents: Annotated[list[str], Field(default_factory=list)]
    target: bool = False
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    last_change: datetime | None = None


class FeatureResult(Told):
    """What one kind of evidence gave or took."""

    score: float
    detail: str | None = None
    query: str | None = None
    candidate: str | None = None
    weight: float | None = None


class ScoredEntityResponse(EntityResponse):
    """An entity that may be the party."""

    score: Annotated[float, Field(ge=0, le=1)]
    match: Annotated[bool, Field(description="Whether it counts as a match: a person must judge it.")]
    features: dict[str, float]
    explanations: dict[str, FeatureResult]


class TotalSpec(Told):
    """How many there are."""

    value: int
    relation: Literal["eq", "gte"] = "eq"


class EntityMatches(Told):
    """What one party was found as. `status` is 400, with `detail`, where there was nothing to look up."""

    status: int = 200
    results: list[ScoredEntityResponse]
    total: TotalSpec
    query: dict[str, Any]
    detail: str | None = None


class EntityMatchResponse(Told):
    """Answers under the keys of the queries."""

    responses: dict[str, EntityMatches]
    limit: int


class SearchFacetItem(Told):
    """One value and how many results have it."""

    name: str
    label: str
    count: int


class SearchFacet(Told):
    """The values of one facet, the most frequent first."""

    label: str
    values: list[SearchFacetItem]


class SearchResponse(Told):
    """A page of entities."""

    limit: int
    offset: int
    total: TotalSpec
    results: list[EntityResponse]
    facets: dict[str, SearchFacet]


class Publisher(Told):
    """Who publishes a list."""

    name: str
    url: str | None = None
    official: bool


class DatasetModel(Told):
    """One dataset: everything, a list, or a program. `load` says that it is in the index, `version` which."""

    name: str
    title: str
    summary: str | None = None
    url: str | None = None
    load: bool
    entities_url: str | None = None
    version: str
    index_version: str | None = None
    index_current: bool
    children: list[str]
    entity_count: int
    last_change: str | None = None
    last_export: str | None = None
    publisher: Publisher | None = None


class DataCatalogModel(Told):
    """Every dataset. `outdated` are those beyond their age limit, and then `index_stale` is true."""

    datasets: list[DatasetModel]
    current: list[str]
    outdated: list[str]
    index_stale: bool


class FeatureDoc(Told):
    """What one kind of evidence is."""

    description: str
    coefficient: float
    url: str


class Algorithm(Told):
    """A name under which the one scorer is known."""

    name: str
    description: str | None = None
    features: dict[str, FeatureDoc]
    docs: dict[str, FeatureDoc]


class AlgorithmResponse(Told):
    """The names that `algorithm` may have."""

    algorithms: list[Algorithm]
    default: str
    best: str


class StatusResponse(Told):
    """That the process answers."""

    status: Literal["ok"] = "ok"


class ListAge(Told):
    """How old one list is."""

    source: str
    age_days: int
    limit_days: int | None
    stale: bool


class ReadyResponse(Told):
    """What is served, and how old it is. `status` stays `ok` while an index is served."""

    status: Literal["ok"] = "ok"
    stale: Annotated[bool, Field(description="Whether a list is beyond its age limit.")]
    starter_only: Annotated[bool, Field(description="Whether no list was imported yet.")]
    lists: list[ListAge]
    index: str
    rulebook: str
    opened: datetime
    last_problem: Annotated[str | None, Field(description="Why newer lists are not served, if so.")] = None
