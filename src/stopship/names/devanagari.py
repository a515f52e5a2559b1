"""Devanagari to Latin letters as Indian names are usually spelled, without the a that is not spoken."""

from __future__ import annotations

import re


def _words(text: str) -> list[str]:
    return text.split()


_CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ",
        _words("k kh g gh n ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l v sh sh s h l"),
        strict=True,
    )
)
_VOWELS = dict(zip("अआइईउऊऋएऐओऔ", _words("a a i i u u ri e ai o au"), strict=True))
_SIGNS = dict(zip("ािीुूृेैोौ", _words("a i i u u ri e ai o au"), strict=True))
_WORD = re.compile("[\u0900-\u0963\u0970-\u097f]+")
_SILENT, _NASAL = "\u094d", "\u0902\u0901"


def romanize_devanagari(text: str) -> str:
    """A text with its Devanagari words in Latin letters: `नरेन्द्र मोदी` gives `narendra modi`."""
    return _WORD.sub(lambda match: _read(match[0]), text)


def foreign_devanagari(text: str) -> str:
    """The same for foreign words, which end in consonants: `इन्क` gives `ink`."""
    return _WORD.sub(lambda match: _read(match[0], foreign=True), text)


def _read(word: str, *, foreign: bool = False) -> str:
    found: list[str] = []
    bare = False  # the last sign was a consonant whose a is not yet written
    cluster = 0
    for char in word:
        if char in _CONSONANTS:
            if bare:
                found.append("a")
                cluster = 0
            found.append(_CONSONANTS[char])
            bare = True
            cluster += 1
            continue
        if char in _SIGNS or char in _VOWELS:
            if bare and char in _VOWELS:
                found.append("a")
            found.append(_SIGNS.get(char) or _VOWELS[char])
            bare, cluster = False, 0
        elif char == _SILENT:
            bare = False
        elif char in _NASAL:
            found.append("an" if bare else "n")
            bare, cluster = False, 0
    if bare and ((cluster > 1 and not foreign) or len(found) == 1):  # Narendra, but Ram
        found.append("a")
    return "".join(found)
