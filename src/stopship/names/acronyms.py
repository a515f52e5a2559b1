"""Acronyms of Chinese corporations, universities and authorities, spelled out by the table `acronyms.tsv`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from stopship.names.phrases import Kind, organization_book
from stopship.names.tables import rows
from stopship.names.tokenize import plain_words

_WITH_NUMBER = re.compile(r"([a-z]{3,8}?)(\d{1,4})\Z")
_SHORT = 3
# What may stand beside a short acronym without making it another firm's name: HIT Shenzhen, CEC 52 Institute.
_BESIDE = (Kind.PLACE, Kind.NUMBER, Kind.BODY, Kind.LEVEL, Kind.PARTICLE)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    return {acronym.lower(): plain_words(full) for acronym, full in rows("acronyms.tsv")}


def spelled_out(cleaned: str, words: Sequence[str]) -> list[list[str]]:
    """The plain words of a name with its acronym spelled out: `CETC-38` is China Electronics Technology Group
    Corporation 38. At most one reading; [] where no acronym of the table stands in it.

    Only letters that are printed as capitals are an acronym; one of three letters counts only where nothing but
    places, numbers and bodies stands beside it, because three letters are many firms' name.
    """
    table = _table()
    parts: list[str] = []
    for word in words:
        glued = _WITH_NUMBER.match(word) if word not in table else None
        parts.extend((glued[1], glued[2]) if glued and glued[1] in table else (word,))
    at = next((n for n, word in enumerate(parts) if word in table), None)
    if at is None or parts[at].upper() not in cleaned:
        return []
    rest = [*parts[:at], *parts[at + 1 :]]
    if len(parts[at]) <= _SHORT and not all(_is_beside(word) for word in rest):
        return []
    return [[*parts[:at], *table[parts[at]], *parts[at + 1 :]]]


def _is_beside(word: str) -> bool:
    phrase = organization_book().at([word], 0)
    return word.isdigit() or (phrase is not None and phrase.kind in _BESIDE)
