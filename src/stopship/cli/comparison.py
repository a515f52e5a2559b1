"""The page of two names side by side: what met, what differs, what only one has, and how much each says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stopship.cli.terminal import wrap

if TYPE_CHECKING:
    from stopship.matching import Comparison, Evidence

WIDEST = 30
SIGNS = {"match": "=", "mismatch": "x", "unknown": "-"}


def comparison_page(found: Comparison, left: str, right: str, threshold: float) -> Iterator[str]:
    """The page as lines of text."""
    verdict = "would alert" if found.alert else "would not alert"
    yield f"{found.score:.2f}, {found.band.value}: {verdict} (threshold {threshold:.2f})"
    yield ""
    yield from wrap(f"left   {left}", "   ", "          ")
    yield from wrap(f"right  {right}", "   ", "          ")
    yield ""
    rows = [
        (SIGNS[e.relation], _words(e, left, ours=True), _words(e, right, ours=False), _share(e), e.text)
        for e in found.evidence
    ]
    ours = max([4, *(_cells(row[1]) for row in rows)])
    theirs = max([5, *(_cells(row[2]) for row in rows)])
    yield f"     {_pad('left', ours)}  {_pad('right', theirs)}  share  why"
    for sign, mine, other, share, text in rows:
        yield f"   {sign} {_pad(mine, ours)}  {_pad(other, theirs)}  {share:>5}  {text}"
    yield ""
    yield "   = agrees   x differs   - only in one   (word): read so, not printed.  Share: of what both names say"


def _words(evidence: Evidence, printed: str, *, ours: bool) -> str:
    """The words of one side as printed; in brackets as they were read where it can't be told where they stand."""
    spans = evidence.ours_spans if ours else evidence.theirs_spans
    text = " ".join(printed[start:end] for start, end in spans)
    read = evidence.ours if ours else evidence.theirs
    text = text or (f"({read})" if read else "")
    while _cells(text) > WIDEST:
        text = f"{text.rstrip('…')[:-1]}…"
    return text


def _share(evidence: Evidence) -> str:
    if not round(evidence.weight, 2):
        return "-" if evidence.kind == "legal_form" else "0%"
    return f"{evidence.weight:+.0%}"


def _cells(text: str) -> int:
    """Columns of a terminal that a text takes: Han and Hangul take two, marks none."""
    from rich.cells import cell_len

    return cell_len(text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _cells(text))
