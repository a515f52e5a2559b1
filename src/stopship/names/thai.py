"""Thai letters to Latin by table: vowels that stand before their consonant are read behind it.

After the Royal Thai General System of Transcription, without tones; a consonant that ends a syllable has its final
sound only where that is sure.
"""

from __future__ import annotations

import re

_CONSONANTS = dict(
    zip(
        "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮฤ",
        "k kh kh kh kh kh ng ch ch ch s ch y d t th th th n d t th th th n b p ph f ph f ph m y r l w s s s h l - h rue".split(),  # noqa: E501, SIM905
        strict=True,
    )
)
_BEFORE = dict(zip("เแโใไ", "e ae o ai ai".split(), strict=True))  # noqa: SIM905
_BEHIND = dict(zip("ะาำิีึืุู\u0e31\u0e45", "a a am i i ue ue u u a a".split(), strict=True))  # noqa: SIM905
_SIGNS = "".join(_CONSONANTS)
_LEADING = re.compile(f"([เแโใไ])([{_SIGNS}](?:ห|(?<=[กขคตปพผ])[รลว])?)")
_MUTE = re.compile(f"[{_SIGNS}][ิุ]?\u0e4c")
_TONES = re.compile("[\u0e47-\u0e4b\u0e4d\u0e4e]")
_WORD = re.compile("[\u0e01-\u0e4e]+")


def romanize_thai(text: str) -> str:
    """A text with its Thai words in Latin letters; mute letters and tones go."""
    return _WORD.sub(lambda match: _read(match[0]), text)


def _read(word: str) -> str:
    word = _LEADING.sub(r"\2\1", _TONES.sub("", _MUTE.sub("", word)))
    found: list[str] = []
    for at, char in enumerate(word):
        if char in _CONSONANTS:
            between = bool(found) and word[at - 1] in _CONSONANTS and word[at - 1] not in "อหร"
            last = at == len(word) - 1
            if between and (last or word[at + 1] in _CONSONANTS):
                found.append("o" if last else "a")
            if char != "อ" or not (at and word[at - 1] not in _CONSONANTS):
                found.append(_CONSONANTS[char].strip("-"))
            elif at == len(word) - 1 or word[at + 1] in _CONSONANTS:
                found.append("o")
        else:
            found.append(_BEFORE.get(char) or _BEHIND.get(char, ""))
    return "".join(found)
