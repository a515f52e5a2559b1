"""Countries of a party against those of an entity."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.matching.compare.signal import NOTHING, Signal
from stopship.matching.evidence import Evidence

# Lists print one for the other: addresses in Hong Kong with China's code, Taiwan's and Macau's likewise.
_NEAR = (frozenset(("CN", "HK")), frozenset(("CN", "MO")), frozenset(("CN", "TW")))
LIFT = 0.05
# A subsidiary abroad must still alert on a distinctive name (Hikvision Trading GmbH in Germany). Measured on 4,000
# companies of the tuning part with their own countries against the full US list of 2026-07-31, alerts per 1,000:
# 5.8 at 0.88, 7.5 at 0.92, 10.5 at 0.95, and 15.8 where no country is known.
KEEP = 0.92


def compare_countries(ours: Sequence[str], theirs: Sequence[str]) -> Signal:
    """ISO codes of both sides: any in common agrees, none in common disagrees."""
    if not ours and not theirs:
        return NOTHING
    left, right = ", ".join(ours), ", ".join(theirs)
    if not ours or not theirs:
        side = "The list names no country" if ours else "No country was given"
        return Signal((Evidence("country", "unknown", left, right, 0.0, side),))
    common = sorted(set(ours) & set(theirs))
    if common:
        text = f"Both are in {', '.join(common)}"
        return Signal((Evidence("country", "match", left, right, LIFT, text),), lift=LIFT)
    if any(frozenset((a, b)) in _NEAR for a in ours for b in theirs):
        text = "The countries are often printed one for the other"
        return Signal((Evidence("country", "unknown", left, right, 0.0, text),))
    text = f"The countries differ: {left} here, {right} on the list"
    return Signal((Evidence("country", "mismatch", left, right, round(KEEP - 1, 4), text),), keep=KEEP)
