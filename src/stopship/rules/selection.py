"""Selections: a small written form for "which of these", used in the tables for paragraphs and for destinations.

Words separated by spaces. `*` is everything, `-x` takes x out again, `?x` leaves x open because the text says
more than can be read from it. `* -y ?a.1` is the entire entry except paragraph y, with a.1 open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

OPEN = "?"
OUT = "-"
EVERYTHING = "*"
ELSE = "*"
"""Last word of a path that means "none of the paragraphs named deeper"."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One word: what it names, and whether it holds (True), is taken out (False) or is open (None)."""

    name: str
    holds: bool | None

    @property
    def path(self) -> Path:
        return () if self.name == EVERYTHING else tuple(self.name.split("."))


@lru_cache(maxsize=8192)
def read_selection(text: str) -> tuple[Term, ...]:
    """The words of a selection.

    Raises:
        ValueError: a word has a sign and no name.
    """
    terms = []
    for word in text.split():
        sign = word[0] if word[0] in (OPEN, OUT) else ""
        name = word[len(sign) :]
        if not name:
            raise ValueError(f"{word!r} names nothing")
        terms.append(Term(name, {OPEN: None, OUT: False}.get(sign, True)))
    return tuple(terms)


def paragraph_selected(terms: tuple[Term, ...], path: Path) -> bool | None:
    """Whether an item in a paragraph is selected; the longest word that covers it decides.

    Args:
        terms: of a selection of paragraphs, without the ECCN.
        path: ("b", "4", "b"); ("b", "*") is any paragraph of b that is not named deeper.

    Returns:
        True, False, or None where the text leaves it open.
    """
    best: bool | None = False
    depth = -1
    for term in terms:
        wanted = term.path
        if len(wanted) > depth and path[: len(wanted)] == wanted:
            best, depth = term.holds, len(wanted)
    return best


def destination_selected(terms: tuple[Term, ...], is_in: Callable[[str], bool]) -> bool | None:
    """Whether a destination is selected; the last word that holds for it decides.

    Args:
        terms: of a selection of destinations.
        is_in: whether a word (`CN`, `D:5`, `NS1`) holds for the destination; `*` is not asked.
    """
    answer: bool | None = False
    for term in terms:
        if term.name == EVERYTHING or is_in(term.name):
            answer = term.holds
    return answer
