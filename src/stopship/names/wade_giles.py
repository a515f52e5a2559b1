"""Names of Chinese persons in Wade-Giles, read as pinyin: `Ts'ai Ying-wen` is Cai Yingwen.

Facts: the table of Wade-Giles against Hanyu Pinyin (both romanize one set of syllables). A mark behind p, t, k, ch
and ts says that the sound is breathed: where a name has such marks a syllable without one is not; where it has
none, they were lost, and both readings stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice, product

from stopship.names.pinyin import SYLLABLES, surname_in_pinyin, to_wade_giles

# What Wade-Giles has and pinyin has not. Other names have it too: then their other words are no syllables.
_FIRST = ("hs", "ts", "tz", "ssu", "szu")
_LAST = ("ung", "ieh", "ien", "ueh", "uei", "uo", "erh", "ih")
_MARKS = "'`"
_SIGN = re.compile(
    rf"\b(?:{'|'.join(_FIRST)})|(?:{'|'.join(_LAST)})(?:\b|[^a-z])|(?:\b|[^a-z])(?:k|p|t|ch|ts)[{_MARKS}]",
    re.IGNORECASE,
)
_HELD = re.compile("|".join((*_FIRST, *_LAST, *_MARKS)))  # every sign holds one of these
_MARKED = re.compile(f"[{_MARKS}]")
_WORD = re.compile(r"[a-z]+(?:['`][a-z]+)?")
_BREATHED = re.compile("[ptkqc]")
_MOST = 6
_MOST_SURNAMES = 2
_WORDS = 3
_WORDS_MARKED = 2  # of one syllable each, surname and given name are anybody's but for the marks
_ALSO = {"szu": "si", "lueh": "lve", "i": "yi", "yi": "yi", "jung": "rong"}


@cache
def _pinyin() -> dict[str, tuple[str, ...]]:
    """The syllable without marks -> the pinyin that it may stand for."""
    found: dict[str, list[str]] = {}
    for syllable in sorted(SYLLABLES):
        found.setdefault(to_wade_giles(syllable), []).append(syllable)
        if "v" in syllable:  # the dots of ü are lost too
            found.setdefault(to_wade_giles(syllable.replace("v", "u")), []).append(syllable)
    for wade, syllable in _ALSO.items():
        found.setdefault(wade, []).append(syllable)
    return {wade: tuple(dict.fromkeys(held)) for wade, held in found.items()}


def pinyin_persons(printed: str) -> list[list[str]]:
    """Readings in pinyin of a person's name in Wade-Giles, each the words surname and given name; [] where the
    name isn't one: three syllables, or two with marks, at least one as only Wade-Giles writes it.

    >>> pinyin_persons("Ts'ai Ying-wen")
    [['cai', 'yingwen']]
    """
    text = printed.lower()
    if (printed.isascii() and not _HELD.search(text)) or not _SIGN.search(printed):
        return []
    surname, given = _parts(text)
    syllables = [re.sub(_MARKED, "", s) for s in (surname, *given)]
    marked = bool(_MARKED.search(text))
    if not (_WORDS_MARKED if marked else _WORDS) <= len(syllables) <= _WORDS:
        return []
    if not all(s in _pinyin() for s in syllables) or (not marked and all(s in SYLLABLES for s in syllables)):
        return []
    choices = [
        _heard(s, breathed=marked and bool(_MARKED.search(p)), marked=marked)
        for s, p in zip(syllables, (surname, *given), strict=True)
    ]
    if not all(choices):
        return []
    usual = surname_in_pinyin(syllables[0])
    first = [usual] if usual and (not marked or usual in choices[0]) else choices[0][:_MOST_SURNAMES]
    return [[one, "".join(rest)] for one, *rest in islice(product(first, *choices[1:]), _MOST)]


def _parts(text: str) -> tuple[str, list[str]]:
    """Surname and given name: the given name is what a hyphen joins or stands behind a comma, else what follows
    the first word."""
    before, comma, after = text.partition(",")
    if comma:
        words = _WORD.findall(before)
        return (words[0], _WORD.findall(after)) if len(words) == 1 else ("", [])
    chunks = [_WORD.findall(chunk) for chunk in text.split()]
    joined = [chunk for chunk in chunks if len(chunk) > 1]
    if len(joined) == 1 and len(chunks) == 2 and all(chunks):
        (other,) = (chunk for chunk in chunks if len(chunk) == 1)
        return other[0], joined[0]
    words = [word for chunk in chunks for word in chunk]
    return (words[0], words[1:]) if words else ("", [])


def _heard(syllable: str, *, breathed: bool, marked: bool) -> Sequence[str]:
    found = _pinyin()[syllable]
    if not marked:
        return found
    return [s for s in found if bool(_BREATHED.match(s)) == breathed or not _may_be_breathed(syllable)]


def _may_be_breathed(syllable: str) -> bool:
    return syllable[0] in "ptkc" and not syllable.startswith("sh")
