"""Legal forms of the two names as a line of evidence."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.matching.evidence import Evidence
from stopship.names import Kind, Token
from stopship.names.legal_forms import relation

_TEXT = {
    "class": "The legal forms are of one kind",
    "absent": "Only one of the names has a legal form",
    "different": "The legal forms are of different kinds",
}
_RELATION = {"class": "match", "absent": "unknown", "different": "mismatch"}


def legal_form_evidence(left: Sequence[Token], right: Sequence[Token]) -> tuple[Evidence, ...]:
    """One line where the legal forms are not simply the same."""
    ours = [t for t in left if t.kind is Kind.LEGAL]
    theirs = [t for t in right if t.kind is Kind.LEGAL]
    found = relation(frozenset(t.key for t in ours), frozenset(t.key for t in theirs))
    if found not in _TEXT:
        return ()
    shown = (" ".join(t.text for t in ours), " ".join(t.text for t in theirs))
    return (Evidence("legal_form", _RELATION[found], *shown, 0.0, _TEXT[found]),)
