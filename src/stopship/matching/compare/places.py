"""Places in names: the same, one within the other, or different."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.names.places import lies_in


def places_relation(ours: Sequence[str], theirs: Sequence[str]) -> str:
    """How places that only one name has relate, by key: `none` (a side has none), `within` or `different`.

    One that lies in another (Hangzhou, China) contradicts nothing by itself.
    """
    if not ours or not theirs:
        return "none"
    if any(lies_in(a, b) or lies_in(b, a) for a in ours for b in theirs):
        return "within"
    return "different"
