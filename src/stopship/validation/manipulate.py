"""The table of manipulation classes, and one manipulated name of a class, the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from stopship.model.values import Schema
from stopship.validation import letters, scripts, words

Manipulation = Callable[[Random, str, Schema], str | None]


def _script(write: Callable[[str], str]) -> Manipulation:
    def manipulation(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
        text = scripts.plain(name)
        return write(text) if text else None

    return manipulation


_IN_LETTERS = [
    "case",
    "punctuation_removed",
    "punctuation_spaced",
    "diacritics_added",
    "diacritics_removed",
    "homoglyph",
    "full_width",
    "zero_width",
    "deleted",
    "inserted",
    "replaced",
    "transposed",
    "two_edits",
    "phonetic",
    "truncated",
]
_IN_WORDS = [
    "legal_form_dropped",
    "legal_form_respelled",
    "legal_form_other",
    "word_order",
    "glued",
    "split",
    "word_added",
    "place_added",
    "title_added",
    "word_dropped",
    "abbreviation",
    "acronym",
    "initials",
]
_IN_SCRIPTS = ["cyrillic", "greek", "arabic", "hebrew", "devanagari", "kana", "hangul", "uyghur"]

MANIPULATIONS: Mapping[str, Manipulation] = MappingProxyType(
    {
        **{name: getattr(letters, name) for name in _IN_LETTERS},
        **{name: getattr(words, name) for name in _IN_WORDS},
        **{f"script_{name}": _script(getattr(scripts, name)) for name in _IN_SCRIPTS},
    }
)


def rng_for(seed: int, class_: str, name: str) -> Random:
    """Chance that depends on this class and this name only: other rows may come and go."""
    return Random(hashlib.sha256(f"{seed}\0{class_}\0{name}".encode()).digest())


def manipulate(class_: str, name: str, schema: Schema, *, seed: int = 0) -> str | None:
    """The name manipulated in one way, or None where that does not apply or would change nothing.

    Raises:
        KeyError: there is no such class.
    """
    made = MANIPULATIONS[class_](rng_for(seed, class_, name), name, schema)
    return made if made and made.strip() and made != name else None


def part_of(name: str) -> int:
    """Which fifth a name falls in: 0 is for reports only, 1 to 4 are for tuning."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 5
