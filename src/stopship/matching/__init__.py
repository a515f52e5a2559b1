"""Matching: an index of prepared names, and a matcher that scores, explains and grades what it finds."""

from stopship.matching.evidence import Band, Comparison, Evidence, Match, MatchKind
from stopship.matching.index import Index, IndexedList
from stopship.matching.matcher import Matcher, compare_names
from stopship.matching.query import Query
from stopship.matching.score import DEFAULT_THRESHOLD

__all__ = [
    "DEFAULT_THRESHOLD",
    "Band",
    "Comparison",
    "Evidence",
    "Index",
    "IndexedList",
    "Match",
    "MatchKind",
    "Matcher",
    "Query",
    "compare_names",
]
