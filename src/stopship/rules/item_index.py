"""The Commerce Control List as it is searched: which stems stand in which entries, and how rare they are."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cached_property

from stopship.rules.ccl import CommerceControlList, Entry
from stopship.rules.country_chart import REASONS
from stopship.rules.item_terms import ItemTerms
from stopship.rules.item_words import Word, words

FIELDS = {"heading": (2.5, 0.4), "item": (1.0, 0.6), "note": (0.4, 0.6), "reason": (0.1, 0.0)}
"""Parts of an entry: how much a word in it counts, and how much a long text takes from that (BM25's b). What an
entry says of others ("Related Controls") is left out: it names what the entry is not about."""


class ItemIndex:
    """The index over one list and the words of the trade; each part is built when it is first asked for."""

    def __init__(self, ccl: CommerceControlList, terms: ItemTerms) -> None:
        self.ccl = ccl
        self.terms = terms

    def rarity(self, stem: str) -> float:
        """BM25's weight of a stem; one that no entry has weighs as much as the rarest."""
        number, held = len(self.ccl), len(self.postings.get(stem, ()))
        return math.log(1 + (number - held + 0.5) / (held + 0.5)) if held else math.log(1 + (number - 0.5) / 1.5)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Stems of the list and of the trade's words."""
        return frozenset(self.postings) | frozenset(self.terms.stems)

    @cached_property
    def by_letter(self) -> Mapping[str, tuple[str, ...]]:
        """Words of five letters and more, as printed, by their first letter."""
        printed = {word for at in self.places.values() for word in at.values()} | set(self.terms.stems.values())
        found: dict[str, list[str]] = {}
        for word in sorted(printed):
            if len(word) >= 5 and word.isalpha():
                found.setdefault(word[0], []).append(word)
        return {letter: tuple(words_) for letter, words_ in found.items()}

    @cached_property
    def naming(self) -> Mapping[str, tuple[str, ...]]:
        """ECCN -> entries whose headings name it."""
        found: dict[str, list[str]] = {}
        for entry in self.ccl:
            for named in dict.fromkeys(re.findall(r"\b[0-9][A-E][0-9]{3}\b", entry.heading)):
                if named != entry.eccn:
                    found.setdefault(named, []).append(entry.eccn)
        return {eccn: tuple(entries) for eccn, entries in found.items()}

    @cached_property
    def postings(self) -> Mapping[str, Mapping[str, float]]:
        """Stem -> ECCN -> how often it stands there, weighed by field and by length."""
        return self._index[0]

    @cached_property
    def places(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """(stem, ECCN) -> field -> the word as printed there."""
        return self._index[1]

    @cached_property
    def _index(self) -> tuple[dict[str, dict[str, float]], dict[tuple[str, str], dict[str, str]]]:
        read = {entry.eccn: self._read(entry) for entry in self.ccl}
        lengths = {field: [len(fields[field]) for fields in read.values() if fields[field]] for field in FIELDS}
        usual = {field: sum(all_) / len(all_) if all_ else 1.0 for field, all_ in lengths.items()}
        postings: dict[str, dict[str, float]] = {}
        places: dict[tuple[str, str], dict[str, str]] = {}
        for eccn, fields in read.items():
            for field, (weight, by_length) in FIELDS.items():
                norm = 1 - by_length + by_length * len(fields[field]) / usual[field]
                for word in fields[field]:
                    entries = postings.setdefault(word.stem, {})
                    entries[eccn] = entries.get(eccn, 0.0) + weight / norm
                    places.setdefault((word.stem, eccn), {}).setdefault(field, word.printed)
        return postings, places

    def _read(self, entry: Entry) -> dict[str, tuple[Word, ...]]:
        texts = self.ccl.texts(entry.eccn)
        reasons = [REASONS[reason] for reason in entry.reasons.replace(",", " ").split() if reason in REASONS]
        return {
            "heading": words(entry.heading),
            "item": tuple(word for text in texts if text.kind == "item" for word in words(text.text)),
            "note": tuple(word for text in texts if text.kind in ("note", "text") for word in words(text.text)),
            "reason": tuple(word for reason in reasons for word in words(reason)),
        }
