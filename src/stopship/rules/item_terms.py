"""Words of the trade: what people call goods that the Commerce Control List names otherwise, and what to mind.

Two tables of the rulebook, written by hand. A term is met where all of its words stand in a description, in any
order; where a longer one is met, the shorter ones inside of it count no more ("camera" in "thermal camera").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from stopship.rules.item_words import words
from stopship.rules.tables import Table


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase of the trade.

    Attributes:
        printed: "thermal camera".
        stems: of its words.
        entries: ECCNs, with paragraphs where known, in the order in which they are read.
        named: how the list calls such goods.
        row: number of its row in the table; terms of one row mean the same.
    """

    printed: str
    stems: frozenset[str]
    entries: tuple[str, ...]
    named: str
    row: int


@dataclass(frozen=True, slots=True)
class Note:
    """What to mind with certain goods or entries. `verified_on` is empty where it was never compared."""

    text: str
    source: str
    url: str
    verified_on: str


class ItemTerms:
    """The words of the trade and the notes of one day."""

    def __init__(self, terms: Table, notes: Table) -> None:
        self.verified_on = terms.verified_on
        self.terms = tuple(
            Term(phrase, stems, tuple(record["eccns"].split()), record["named"], row)
            for row, record in enumerate(terms.records())
            for phrase in _phrases(record["words"])
            for stems in _stems(phrase)
        )
        self._notes = tuple(
            (
                frozenset(
                    frozenset(word.stem for word in words(p) if not word.joined) for p in _phrases(r["words"])
                ),
                frozenset(r["eccns"].split()),
                Note(r["note"], r["source"], r["url"], "" if r["verified_on"] == "null" else r["verified_on"]),
            )
            for r in notes.records()
        )

    @cached_property
    def _by_stem(self) -> Mapping[str, tuple[Term, ...]]:
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            for stem in term.stems:
                found.setdefault(stem, []).append(term)
        return {stem: tuple(terms) for stem, terms in found.items()}

    @cached_property
    def stems(self) -> Mapping[str, str]:
        """Stems of all terms, each with a word as it is printed."""
        return {word.stem: word.printed for term in self.terms for word in words(term.printed)}

    def met(self, stems: frozenset[str]) -> tuple[Term, ...]:
        """Terms whose words all stand in a description and in no longer term that is met; one for each row and
        set of words."""
        found = {
            (term.row, term.stems): term
            for stem in sorted(stems, reverse=True)
            for term in reversed(self._by_stem.get(stem, ()))
            if term.stems <= stems
        }
        longest = [t for t in found.values() if not any(t.stems < other.stems for other in found.values())]
        return tuple(sorted(longest, key=lambda term: (term.row, sorted(term.stems))))

    def notes(self, stems: frozenset[str], eccns: Iterable[str]) -> tuple[Note, ...]:
        """Notes on words of a description, or on entries."""
        asked = frozenset(eccns)
        return tuple(
            note
            for phrases, about, note in self._notes
            if any(phrase <= stems for phrase in phrases) or about & asked
        )

    def problems(self, held: Mapping[str, tuple[str, ...]]) -> list[str]:
        """What doesn't fit to the list: paragraphs that an entry doesn't have, terms without words, terms that
        stand twice.

        Args:
            held: ECCN -> first letters of its paragraphs, empty where they are not held.
        """
        found = [f"{term.printed!r} has no word to look for" for term in self.terms if not term.stems]
        seen: dict[frozenset[str], Term] = {}
        for term in self.terms:
            other = seen.setdefault(term.stems, term)
            if other is not term and other.row != term.row:
                found.append(f"{term.printed!r} and {other.printed!r} are the same words in two rows")
            for entry in term.entries:
                head, _, paragraph = entry.partition(".")
                if not re.fullmatch(r"[0-9][A-E][0-9]{3}", head):
                    found.append(f"{term.printed!r}: {entry!r} is no ECCN")
                elif paragraph and held.get(head) and paragraph[0] not in held[head]:
                    found.append(f"{term.printed!r}: {head} has no paragraph .{paragraph}")
        return list(dict.fromkeys(found))


def _phrases(cell: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in cell.split("|") if phrase.strip())


def _stems(phrase: str) -> Iterator[frozenset[str]]:
    """The words of a phrase; of one with a compound ("x-ray tube") also those with the compound as one word."""
    found = words(phrase)
    yield frozenset(word.stem for word in found if not word.joined)
    if any(word.joined for word in found):
        parts = {part for word in found if word.joined for part in word.printed.replace("'", "-").split("-")}
        yield frozenset(word.stem for word in found if word.joined or word.printed not in parts)
