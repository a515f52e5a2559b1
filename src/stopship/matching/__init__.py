"""Matching: an index of prepared names, and a matcher that scores, explains and grades what it finds."""

from stopship.matching import markup
from stopship.matching.evidence import Band, Comparison, Evidence, Match, MatchKind
from stopship.matching.index import Index, IndexedList
from stopship.matching.matcher import Matcher, compare_names
from stopship.matching.prepare import PreparedName, prepare_name
from stopship.matching.query import Query
from stopship.matching.score import DEFAULT_THRESHOLD, score_pair

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
    "PreparedName",
    "Query",
    "compare_names",
    "markup",
    "prepare_name",
    "score_pair",
]
