"""What a person may set about screening, and the judgements people made: both are inputs of a decision."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from stopship.model.transaction import Exporter


@dataclass(frozen=True, slots=True)
class Settings:
    """Inputs that are not part of an order.

    Attributes:
        exporter: who sells, where an order doesn't say.
        pinned: (rule id, status) pairs: a person's word that a rule is `in_force` or `suspended`.
        threshold: score from which a match alerts, 0 to 1; None takes the scorer's default.
        allow_stale: why a list beyond its age limit may still lead to `clear`; None: it may not.
    """

    exporter: Exporter = field(default_factory=Exporter)
    pinned: tuple[tuple[str, str], ...] = ()
    threshold: float | None = None
    allow_stale: str | None = None

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values, the form that is hashed."""
        return {
            "exporter": {"country": self.exporter.country, "us_person": self.exporter.us_person},
            "pinned": dict(sorted(self.pinned)),
            "threshold": None if self.threshold is None else float(self.threshold),
            "allow_stale": self.allow_stale,
        }

    @property
    def content_hash(self) -> str:
        """`sha256:` and the hash of the canonical JSON form."""
        return _content_hash(self)


@lru_cache(maxsize=256)
def _content_hash(settings: Settings) -> str:
    plain = orjson.dumps(settings.to_plain(), option=orjson.OPT_SORT_KEYS)
    return f"sha256:{hashlib.sha256(plain).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's verdict on a match of one party (or of its owner at `owner`) with one entity.

    `until` is exclusive: on that day the judgement no longer counts. `verdict` is "true" or "false".
    """

    party: int
    entity_id: str
    verdict: str
    by: str
    until: date | None = None
    owner: str | None = None

    def counts_on(self, day: date) -> bool:
        """Whether the judgement still holds on `day`."""
        return self.until is None or day < self.until

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values, as decisions record it."""
        return {
            "party": self.party,
            "owner": self.owner,
            "entity_id": self.entity_id,
            "verdict": self.verdict,
            "by": self.by,
            "until": self.until.isoformat() if self.until else None,
        }
