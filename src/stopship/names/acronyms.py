"""Acronyms of corporations, universities, banks and authorities, spelled out by the table `acronyms.tsv`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from stopship.names.background import per_100_000
from stopship.names.phrases import Kind, organization_book
from stopship.names.tables import rows
from stopship.names.tokenize import plain_words

_WITH_NUMBER = re.compile(r"([a-z]{3,8}?)(\d{1,4})\Z")
_DOTS = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")  # I.R.I.S.L is IRISL
_SHORT = 3
# What may stand beside a short acronym without making it another firm's name: HIT Shenzhen, CEC 52 Institute.
# Initials of so many letters are made and looked for: shorter ones are those of many names.
_INITIALS = range(4, 9)
_SMALL = frozenset(["and", "of", "the", "for", "in", "on", "de", "la", "y", "al", "el", "co", "named", "after"])
_BESIDE = (Kind.PLACE, Kind.NUMBER, Kind.BODY, Kind.LEVEL, Kind.PARTICLE)


@cache
def _table() -> dict[str, tuple[str, tuple[str, ...]]]:
    """The acronym in small letters -> as it is printed, and the words that it stands for."""
    return {acronym.lower(): (acronym, plain_words(full)) for acronym, full in rows("acronyms.tsv")}


def spelled_out(cleaned: str, words: Sequence[str]) -> list[list[str]]:
    """The plain words of a name with its acronym spelled out: `CETC-38` is China Electronics Technology Group
    Corporation 38. At most one reading; [] where no acronym of the table stands in it.

    Only letters that are printed as capitals, or as the table prints them (`TsAGI`), are an acronym. One of three
    letters, or one that is also a name (`ISIS`), counts only where nothing but places, numbers and bodies stands
    beside it, because it is the name of many firms.
    """
    table = _table()
    if table.keys().isdisjoint(words) and not any(word[-1].isdigit() for word in words):
        return []
    parts: list[str] = []
    for word in words:
        glued = _WITH_NUMBER.match(word) if word[-1].isdigit() and word not in table else None
        parts.extend((glued[1], glued[2]) if glued and glued[1] in table else (word,))
    at = next((n for n, word in enumerate(parts) if word in table), None)
    if at is None:
        return []
    word = parts[at]
    printed, full = table[word]
    together = _DOTS.sub("", cleaned)
    if word.upper() not in together and printed not in together:
        return []
    if (len(word) <= _SHORT or per_100_000(word)) and not all(
        _is_beside(w) for n, w in enumerate(parts) if n != at
    ):
        return []
    return [[*parts[:at], *full, *parts[at + 1 :]]]


def _is_beside(word: str) -> bool:
    phrase = organization_book().at([word], 0)
    return word.isdigit() or (phrase is not None and phrase.kind in _BESIDE)


def initials_of(words: Sequence[str], left: Sequence[str]) -> str:
    """The first letters of the words of an organization's name without legal forms (`left`) and small words:
    `nudt` of National University of Defense Technology. "" where they are fewer than four or more than eight."""
    if len(words) < _INITIALS.start:
        return ""
    letters = "".join(word[0] for word in left if word not in _SMALL and word.isalpha())
    return letters if len(letters) in _INITIALS else ""


def capitals_of(cleaned: str, left: Sequence[str]) -> str:
    """The only word of a name beside legal forms (`left`) where it may be initials: printed in four to eight
    capitals. Else ""."""
    word = left[0] if len(left) == 1 else ""
    return word if len(word) in _INITIALS and word.isalpha() and word.upper() in _DOTS.sub("", cleaned) else ""
