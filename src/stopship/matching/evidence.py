"""Results: matches, their bands, and the lines of evidence that are made together with the score."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stopship.matching.shown import Shown
from stopship.model.entity import Entity, Name


class Band(StrEnum):
    """How two names compare, best first. `exact` is the same tokens after normalization, or the same
    identifier."""

    EXACT = "exact"
    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


BAND_ORDER: dict[Band, int] = {band: rank for rank, band in enumerate(Band)}


class MatchKind(StrEnum):
    """By what a party and an entity met."""

    NAME = "name"
    IDENTIFIER = "identifier"
    ADDRESS = "address"
    SAME_BUILDING = "same_building"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of the explanation.

    `kind`: token, legal_form, place, number, name, schema, identifier, birth_date, registration_date, country,
    address, link (another list's entry of the same party).

    `relation`: match, mismatch or unknown. `weight` is the share of the score that it gave (positive) or
    took (negative), of the whole name for tokens. `text` is one short sentence for an analyst. The spans say where
    in the printed names the words stand: (start, end) in code points, in order, none where it can't be told.
    """

    kind: str
    relation: str
    ours: str
    theirs: str
    weight: float
    text: str
    ours_spans: tuple[tuple[int, int], ...] = ()
    theirs_spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Match(Shown):
    """A party and an entity that may be the same. Never a verdict.

    `name` is the listed name that matched best, None where an address or only an identifier matched. `score` is 0
    to 1 with four decimals. `confirmed` is decision.md's: band exact or strong, nothing contradicts, and for a
    person the name is uncommon or something corroborates. `given` is the name that was looked up, as it was given:
    the spans of the evidence count in it; empty where no name matched.
    """

    entity: Entity
    name: Name | None
    kind: MatchKind
    score: float
    band: Band
    alert: bool
    confirmed: bool
    evidence: tuple[Evidence, ...]
    given: str = ""


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """How two names compare, without any list. `left` and `right` are the names as they were given."""

    score: float
    band: Band
    alert: bool
    evidence: tuple[Evidence, ...]
    left: str = ""
    right: str = ""
