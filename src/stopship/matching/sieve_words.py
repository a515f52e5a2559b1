"""Single words for the sieve: what a word is by itself, and what it says about the name that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from stopship.matching.kernels import columns as k
from stopship.matching.kernels.plain_words import (
    ARTICLE,
    BEGINS,
    DIVIDES,
    JOINS_BEFORE,
    JOINS_NEXT,
    LOOK_CLOSER,
    PINYIN,
    SMALL,
)
from stopship.matching.kernels.tables import hash_letters
from stopship.matching.kernels.whole_names import chained
from stopship.matching.prepare import token_row
from stopship.matching.weights import information
from stopship.names import Kind, Token
from stopship.names.person import ARTICLES, BEFORE_OTHERS, BEHIND_OTHERS
from stopship.names.pinyin import is_pinyin
from stopship.names.single_words import (
    divides_names,
    is_small,
    is_title_in_front,
    may_mean_more,
    phrases_of_several_words,
    single_word,
    standard_word,
)


def _number(word: str) -> int:
    letters = word.encode("utf-8")
    return hash_letters(letters, 0, len(letters), -1, -1)


@dataclass(frozen=True, slots=True)
class LightWord:
    """The rows, information and letters of the tokens that a word gives, and what is special about it."""

    rows: tuple[tuple[int, ...], ...]
    info: tuple[float, ...]
    letters: tuple[bytes, ...]
    special: int
    number: int = 0
    standard: int = 0


class LightWords:
    """Reads words by themselves; `entities(text)` says in how many entities of the lists a word stands."""

    def __init__(self, entities: Callable[[str], int]) -> None:
        self._entities = entities

    def read(self, text: str, *, loose: bool, person: bool) -> LightWord:
        """One plain word. `loose`: it was joined from single letters."""
        special = 0
        standard = standard_word(text)
        if person:
            special |= JOINS_NEXT if text in BEFORE_OTHERS else 0
            special |= JOINS_BEFORE if text in BEHIND_OTHERS else 0
            special |= ARTICLE if text in ARTICLES else 0
            special |= LOOK_CLOSER if is_title_in_front(text) else 0
        else:
            special |= PINYIN if is_pinyin(text) else 0
            special |= LOOK_CLOSER if may_mean_more(text) else 0
            special |= SMALL if is_small(text) else 0
            special |= BEGINS if text in self._beginnings or standard in self._beginnings else 0
        special |= DIVIDES if divides_names(text) else 0
        tokens = single_word(text, loose=loose, person=person)
        return self._word(tokens, special, _number(text), _number(standard))

    @cached_property
    def phrases(self) -> dict[int, Token]:
        """What phrases of several words are, by a number of their words; the bit 0 is set."""
        found: dict[int, Token] = {}
        for plain, words, token in phrases_of_several_words():
            chain = int(plain)
            for word in words:
                chain = chained(chain, _number(word))
            found.setdefault(chain | 1, token)
        return found

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(words[0] for _plain, words, _token in phrases_of_several_words())

    def phrase(self, key: int) -> LightWord:
        """A phrase of several words by its number."""
        return self._word((self.phrases[key],), 0, 0, 0)

    def _word(self, tokens: Sequence[Token], special: int, number: int, standard: int) -> LightWord:
        rows: list[tuple[int, ...]] = []
        info: list[float] = []
        for token in tokens:
            row, says = self._prepared(token)
            rows.append(row)
            info.append(says)
        letters = tuple(t.text.encode("ascii") for t in tokens)
        return LightWord(tuple(rows), tuple(info), letters, special, number, standard)

    def _prepared(self, token: Token) -> tuple[tuple[int, ...], float]:
        held = self._entities(token.text) if token.kind is Kind.WORD else 0
        row = list(token_row(token))
        row[k.FLAGS] |= k.LISTED if held else 0
        return tuple(row), information(token, held)
