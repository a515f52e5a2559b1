"""One comparable part of a name, and plain words and numbers as such parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from stopship.names.phrases import Kind
from stopship.names.sounds import broad_keys, sounds_of

_MOST_BROAD = 4
_ROMAN = re.compile(r"(?=[ivx]{3,}\Z)x{0,3}(ix|iv|v?i{0,3})\Z")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Token:
    """One comparable part of a name. `text` is how it is written, `key` what it is: spellings of one thing
    share it.

    `sounds` are the spelling families of a word (see `sounds.sounds_of`): two words that share one are spellings
    of one name, keys that begin with `k:` counting only where a side is written without vowels. `part` is what a
    word is in the name of a person: given, surname, patronymic, nickname, particle, title, or "" for unknown.
    `abjad` says that it was written without short vowels (Arabic, Persian, Urdu, Hebrew), `spelled` that it was
    spelled by ear in another script: by `letters`, by `syllables`, by `consonants` alone, as `greek`, or "" where
    it was not. These follow from the text and its place, so that they are left out of equality.
    """

    text: str
    kind: Kind
    key: str
    sounds: tuple[str, ...] = field(default=(), compare=False)
    part: str = field(default="", compare=False)
    abjad: bool = field(default=False, compare=False)
    spelled: str = field(default="", compare=False)


@lru_cache(maxsize=8_192)
def of_phrase(text: str, kind: Kind, key: str, part: str = "") -> Token:
    """The token of a known phrase: its words in one, what it is, what its spellings share."""
    return Token(text, kind, key, part=part)


def with_part(token: Token, part: str) -> Token:
    """The same token as another part of a name. (`dataclasses.replace` takes five times as long.)"""
    return Token(token.text, token.kind, token.key, token.sounds, part, token.abjad, token.spelled)


@lru_cache(maxsize=24_576)
def simple(text: str, *, roman: bool) -> Token:
    """A word that no table knows: a number where it is one (`roman`: also in Roman numerals of three letters or
    more), else a word."""
    if text[0].isdigit() and text.isdigit():
        return Token(text, Kind.NUMBER, f"#{text.lstrip('0') or '0'}")
    if roman and _ROMAN.match(text):
        return Token(text, Kind.NUMBER, f"#{_roman_value(text)}")
    return Token(text, Kind.WORD, text, sounds_of(text))


def without_vowels(token: Token) -> Token:
    """A word as it is when its letters write no short vowels: told by its consonants, or by those and the vowels
    that it happens to write."""
    if token.kind is not Kind.WORD:
        return token
    bones = sounds_of(token.text, abjad=True)
    spoken = [key for key in sounds_of(token.text) if not key.startswith(("k:", "f:", "n:"))]
    return replace(token, sounds=(*bones, *broad_keys(spoken, _MOST_BROAD)), abjad=True, spelled="consonants")


def _roman_value(text: str) -> int:
    total = 0
    for letter, following in zip(text, [*text[1:], ""], strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if following and _ROMAN_VALUES[following] > value else value
    return total
