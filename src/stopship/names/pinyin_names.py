"""Names of organizations in romanized Chinese, read by meaning: `Haikang Weishi Gufen Youxian Gongsi`.

A run of words made of pinyin syllables is covered with the sounds of the phrases of `han.tsv` and `brands.tsv` and
of the places of China, however the words are joined or split. Sound alone is ambiguous: a short phrase counts only
in company, and a name is only read so when enough of it is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from stopship.names.han_segment import number_value
from stopship.names.han_terms import Term, terms
from stopship.names.phrases import place_phrases
from stopship.names.pinyin import SYLLABLES, is_pinyin, syllables_of, to_wade_giles
from stopship.names.places import country_of
from stopship.names.tokenize import plain_words

_NUMERALS = {
    "ling": "零", "yi": "一", "er": "二", "san": "三", "si": "四", "wu": "五", "liu": "六", "qi": "七", "ba": "八",
    "jiu": "九", "shi": "十", "bai": "百",
}  # fmt: skip
_NUMERAL = re.compile(f"(?:{'|'.join(sorted(_NUMERALS, key=len, reverse=True))})+")
_ONE_NUMERAL = re.compile("|".join(sorted(_NUMERALS, key=len, reverse=True)))
# Phrases of one syllable are known only at the end of a word group: the seat of an authority, a shop floor.
_ONE_SYLLABLE = {
    "ju": "bureau", "ting": "department", "suo": "institute", "yuan": "institute", "chang": "factory", "shi": "",
    "sheng": "", "xian": "county", "qu": "district", "zhou": "prefecture", "di": "no", "hao": "",
    "bu": "department", "zhan": "station", "yu": "and",
}  # fmt: skip
_ENOUGH = 4  # syllables of known phrases that make a name one to be read so
_SOUND_WORD = 1.0


class _Sounds:
    """Joined sounds of phrases: -> (English renderings, syllables, kind); and what can't begin or be one."""

    def __init__(self, table: _Table) -> None:
        self.table = table
        self.longest = max(len(sound) for sound in table)
        self.beginnings = frozenset(sound[:3] for sound in table)


_Table = dict[str, tuple[tuple[str, ...], int, str]]


@cache
def _pinyin_sounds() -> _Sounds:
    """Phrases and places by their pinyin. Long brands win over phrases, phrases over short brands."""
    table: _Table = {}
    for term in _by_rank():
        _add(table, term.pinyin, term)
    for phrase in place_phrases():
        name = "".join(phrase.words)
        if len(name) > 3 and is_pinyin(name) and country_of(phrase.key) == "CN":
            count = len(syllables_of(name)[0])
            if count > 1:
                table[name] = ((" ".join(phrase.words),), count, "place")
    return _Sounds(table)


@cache
def _wade_sounds() -> _Sounds:
    """The same, and long phrases and legal forms in Wade-Giles without marks too."""
    table: _Table = {}
    for term in _by_rank():
        if len(term.han) >= 3 or term.kind == "legal":
            split = next((s for s in syllables_of(term.pinyin) if len(s) == len(term.han)), ())
            if split:
                _add(table, "".join(to_wade_giles(s) for s in split), term)
    return _Sounds(table | _pinyin_sounds().table)


def _by_rank() -> list[Term]:
    rank = {"brand": 0, "legal": 1, "body": 2, "drop": 3, "word": 4}
    found = [
        term
        for term in terms().values()
        if term.pinyin and len(term.han) > 1 and term.kind not in ("place", "name")
    ]
    return sorted(found, key=lambda term: rank[term.kind] if term.kind != "brand" or len(term.han) > 2 else 5)


def _add(table: _Table, sound: str, term: Term) -> None:
    if term.words or term.kind == "drop":
        table.setdefault(sound, (term.words or ("",), len(term.han), term.kind))


@cache
def _wade_words() -> frozenset[str]:
    """Syllables in Wade-Giles, and joined phrases."""
    return frozenset(to_wade_giles(s) for s in SYLLABLES) | frozenset(_wade_sounds().table)


# Letters that Wade-Giles has and pinyin and English hardly: the rest of its table is only loaded for them.
_WADE = re.compile(r"hs|ssu|\bts|tz|\bkung")


def chinese_readings(words: Sequence[str]) -> list[list[str]]:
    """Readings by meaning of the plain words of a name of an organization, each a list of plain words; [] where
    the name isn't romanized Chinese. What no phrase covers stands as it is written, and once more joined."""
    wade = bool(_WADE.search(" ".join(words)))
    runs = _runs(words, wade)
    if not runs:
        return []
    sounds = _wade_sounds() if wade else _pinyin_sounds()
    plain: list[str] = []
    joined: list[str] = []
    other: list[str] = []
    known, company, at = 0, False, 0
    for first, last in runs:
        plain.extend(words[at:first])
        joined.extend(words[at:first])
        other.extend(words[at:first])
        read = _read(words[first:last], sounds, after_number=first > 0 and words[first - 1].isdigit())
        plain.extend(word for part in read for word in part.written)
        joined.extend(_with_sounds_joined(read))
        other.extend(word for part in read for word in part.other)
        known += sum(part.syllables for part in read)
        kinds = {part.kind for part in read}
        company = company or "brand" in kinds or ("place" in kinds and bool(kinds & {"body", "number"}))
        at = last
    plain.extend(words[at:])
    joined.extend(words[at:])
    other.extend(words[at:])
    if known >= _ENOUGH or (company and known >= 3):
        found = {tuple(reading): reading for reading in (plain, other, joined)}
        return [reading for reading in found.values() if reading and reading != list(words)]
    if joined != list(words) and len(joined) > 1:
        return [joined]
    return []


class _Part:
    """A stretch of a run: its English words, or the words as written; syllables that a phrase explains; and the
    other English name of a brand that has two."""

    __slots__ = ("kind", "other", "syllables", "written")

    def __init__(
        self, kind: str, written: tuple[str, ...], syllables: int, other: tuple[str, ...] | None = None
    ) -> None:
        self.other = written if other is None else other
        self.kind = kind
        self.written = written
        self.syllables = syllables


def _runs(words: Sequence[str], wade: bool) -> list[tuple[int, int]]:
    """Neighbouring words that may be romanized Chinese, where they are three syllables or so together."""
    found: list[tuple[int, int]] = []
    first = -1
    for at, word in enumerate((*words, "")):
        if word.isalpha() and (is_pinyin(word) or (wade and word in _wade_words())):
            first = at if first < 0 else first
            continue
        if first >= 0 and (sum(len(w) for w in words[first:at]) >= 6 or (first and words[first - 1].isdigit())):
            found.append((first, at))
        first = -1
    return found


def _read(run: Sequence[str], sounds: _Sounds, *, after_number: bool) -> list[_Part]:
    """The run with as many syllables as possible covered by phrases; phrases begin and end at a word's edge or at
    another phrase."""
    text = "".join(run)
    starts: dict[int, str] = {}
    at = 0
    for word in run:
        starts[at] = word
        at += len(word)
    size = len(text)
    best: list[tuple[float, tuple[_Part, ...]] | None] = [None] * (size + 1)
    best[0] = (0.0, ())
    for at in range(size):
        reached = best[at]
        if reached is None:
            continue
        cost, parts = reached
        here = starts.get(at)
        if here is not None:
            sound = _Part("sound", (here,), 0)
            _offer(best, at + len(here), cost + _SOUND_WORD + 0.1 * len(here), (*parts, sound))
        known_before = parts[-1].kind if parts else ("number" if after_number else "")
        for end, part, step in _phrases_at(sounds, text, at, known_before, here):
            _offer(best, end, cost + step, (*parts, part))
    done = best[size]
    return list(done[1]) if done else [_Part("sound", tuple(run), 0)]


def _offer(
    best: list[tuple[float, tuple[_Part, ...]] | None], at: int, cost: float, parts: tuple[_Part, ...]
) -> None:
    held = best[at]
    if held is None or cost < held[0] - 1e-9:
        best[at] = (cost, parts)


def _phrases_at(
    sounds: _Sounds, text: str, at: int, before: str, word: str | None
) -> list[tuple[int, _Part, float]]:
    found: list[tuple[int, _Part, float]] = []
    if text[at : at + 3] in sounds.beginnings:
        for end in range(at + 3, min(len(text), at + sounds.longest) + 1):
            held = sounds.table.get(text[at:end])
            if held:
                words, count, kind = held
                second = words[1] if len(words) > 1 and kind == "brand" else words[0]
                part = _Part(kind, plain_words(words[0]), count, plain_words(second))
                # Names of companies begin with a place: He Fei Xing Bo is in Hefei, and no flight.
                step = 0.5 if at == 0 and kind == "place" else 0.6 if count > 2 else 0.9
                found.append((end, part, step))
    if before in ("place", "body", "word", "drop", "number") or (before == "sound" and word is not None):
        for one, meaning in _ONE_SYLLABLE.items():
            if text.startswith(one, at) and (word == one or (before != "sound" and at + len(one) == len(text))):
                if one == "di" and not _NUMERAL.match(text, at + len(one)):
                    continue
                found.append((at + len(one), _Part("drop", tuple(meaning.split()), 1), 0.8))
        if word is None and text.startswith("shi", at) and before == "place":
            found.append((at + 3, _Part("drop", (), 1), 0.8))
    number = _NUMERAL.match(text, at)
    if number and (text[:at].endswith("di") or text.startswith(("yanjiu", "suo"), number.end())):
        value = _value(number[0])
        found.append((number.end(), _Part("number", (str(value),), 1), 0.5))
    return found


def _value(sounds: str) -> int:
    return number_value("".join(_NUMERALS[s] for s in _ONE_NUMERAL.findall(sounds)))


def _is_sound(part: _Part, word: str) -> bool:
    return part.kind == "sound" and bool(syllables_of(word))


def _with_sounds_joined(parts: Sequence[_Part]) -> list[str]:
    """The words of a reading with neighbouring short words of sound joined: `xin`, `yin`, `bo` ->
    `xinyinbo`; two of them where every syllable stands apart."""
    apart = any(part.syllables for part in parts) and all(
        len(syllables_of(w)[0]) == 1 for part in parts for w in part.written if _is_sound(part, w)
    )
    words: list[str] = []
    run: list[str] = []
    for part in (*parts, _Part("", (), 0)):
        if part.kind == "sound" and all(
            len(syllables_of(w)[0]) <= 2 if syllables_of(w) else False for w in part.written
        ):
            run.extend(part.written)
            continue
        if sum(len(syllables_of(w)[0]) for w in run) >= (2 if apart else 3):
            words.append("".join(run))
        else:
            words.extend(run)
        run = []
        words.extend(part.written)
    return words
