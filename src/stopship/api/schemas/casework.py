"""Cases, the audit record, keys, as `/api/v1` shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from stopship.access import Scope
from stopship.api.schemas.native import Page
from stopship.api.schemas.strict import Asked, Told


class CasesPage(Told):
    """Some cases of the queue, and how many there are in all."""

    items: Annotated[list[dict[str, Any]], Field(description="As `stopship cases list --json` prints them.")]
    next: str | None
    total: int


class CaseShown(Told):
    """One case with its party, alerts, dispositions, suppressions, notes, files, screenings, timeline."""

    case: dict[str, Any]


class NoteAsked(Asked):
    """A note."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Asked the customer for its register entry"}]}
    )

    text: Annotated[str, Field(min_length=1, max_length=10_000)]


class NoteWritten(Told):
    """The number of a note."""

    id: int


class AuditPage(Page[dict[str, Any]]):
    """Rows of the audit record in order, with their hashes."""

    head: Annotated[dict[str, Any], Field(description="Number and hash of the last row.")]


class AuditVerified(Told):
    """What came of checking the chain of hashes from its first row to its last."""

    verified: bool
    rows: int
    erased: Annotated[int, Field(description="Rows whose content was erased after its time, as later rows say.")]
    head: dict[str, Any]
    anchors: Annotated[int, Field(description="Heads noted elsewhere that the record agrees with.")]
    faults: list[dict[str, Any]]


class KeyShown(Told):
    """A key, without its secret."""

    key: Annotated[str, Field(description="The part that may be shown.")]
    name: str
    user: Annotated[str | None, Field(description="The account of the person whose it is; null: a program's.")]
    scopes: list[Scope]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    last_used: datetime | None


class KeyAsked(Asked):
    """A new key."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "web shop", "scopes": ["match"], "expires": "2027-01-31"}]}
    )

    name: Annotated[str, Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Annotated[Scope, Field(strict=False)]], Field(min_length=1)]
    expires: Annotated[date | None, Field(strict=False, description="The day on which it no longer holds.")] = None


class KeyMade(Told):
    """A new key. `secret` is the whole of it and is never shown again."""

    secret: str
    key: KeyShown
