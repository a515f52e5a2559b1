"""Names of organizations in romanized Chinese, read by meaning: `Haikang Weishi Gufen Youxian Gongsi`.

A run of words made of pinyin syllables is covered with the sounds of known phrases, however its words are joined
or split, in the cheapest way (as `han_segment` does for characters), and then read as its Han would be. Sound
alone is ambiguous: a phrase never runs across the edge of a word unless one of its syllables ends there, and a
name is only read so when enough of it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from stopship.names.han import readings_of
from stopship.names.han_segment import Segment, number_value
from stopship.names.pinyin import is_pinyin, syllables_of
from stopship.names.pinyin_sounds import Sounds, pinyin_sounds, wade_sounds
from stopship.names.tokenize import plain_words

_NUMERALS = {
    "ling": "零", "yi": "一", "er": "二", "san": "三", "si": "四", "wu": "五", "liu": "六", "qi": "七", "ba": "八",
    "jiu": "九", "shi": "十", "bai": "百",
}  # fmt: skip
_NUMERAL = re.compile(f"(?:{'|'.join(sorted(_NUMERALS, key=len, reverse=True))})+")
_ONE_NUMERAL = re.compile("|".join(sorted(_NUMERALS, key=len, reverse=True)))
_CODE = 3  # numerals in a row that are a factory's number without a word beside them: qi liu si
# Levels stand behind a place.
_LEVELS = {"shi": "", "sheng": "", "xian": "county", "qu": "district", "zhou": "prefecture"}
# The seat of an authority, a shop floor: at the end of a run, or behind a number.
_ENDS = {
    "ju": "bureau", "ting": "department", "suo": "institute", "yuan": "institute", "chang": "factory",
    "bu": "department", "zhan": "station",
}  # fmt: skip
_ENOUGH = 4  # syllables of known phrases that make a name one to be read so
_ENOUGH_IN_COMPANY = 3
_LONGEST = 6
_LOOSE = 3  # syllables that stand apart and may be one word
_MOST_READINGS = 8

_KNOWN, _LONG_KNOWN, _PLACE, _LATE_PLACE, _BRAND = 0.9, 0.6, 0.3, 1.0, 0.6
_START, _SOUND, _LONE = 0.5, 0.7, 1.5
_INSIDE = 0.4
_BARE_VOWEL = 0.5


class _Way:
    """The cheapest way to a place in the text: its cost, its parts, and the syllables of a last part of sound."""

    __slots__ = ("cost", "open", "parts")

    def __init__(self, cost: float, parts: tuple[Segment, ...], loose: int = 0) -> None:
        self.cost = cost
        self.parts = parts
        self.open = loose


_TONE = re.compile(r"(?<=[aeiounrgv])[1-5](?=[a-z]|\Z)")  # zhong1 guo2
_DIGIT = re.compile("[1-5]")
# Letters that Wade-Giles has and pinyin and English hardly: the rest of its table is only loaded for them.
_WADE = re.compile(r"hs|ssu|\bts|tz|\bkung")
_HELD_BY_WADE = ("hs", "ssu", "ts", "tz", "kung")


def chinese_readings(words: Sequence[str]) -> list[list[str]]:
    """Readings by meaning of the plain words of a name of an organization, each a list of plain words; [] where
    the name isn't romanized Chinese. What no phrase covers stands as it is written, joined and apart."""
    text = " ".join(words)
    if _DIGIT.search(text):
        toned = [_TONE.sub("", word) for word in words]
        if sum(one != other for one, other in zip(words, toned, strict=True)) >= _LOOSE:
            words, text = toned, " ".join(toned)
    wade = any(map(text.__contains__, _HELD_BY_WADE)) and bool(_WADE.search(text))
    if not wade and not any(map(is_pinyin, words)):
        return []
    runs = _runs(words, wade)
    if not runs:
        return []
    parts: list[Segment] = []
    known, company, at = 0, False, 0
    for first, last in runs:
        parts.extend(Segment("latin", word, (word,)) for word in words[at:first])
        before_number = last < len(words) and words[last].isdigit() and words[last - 1] == "di"
        run = words[first : last - 1] if before_number else words[first:last]
        read = _read(tuple(run), wade, after_number=first > 0 and words[first - 1].isdigit())
        parts.extend(read)
        if before_number:
            parts.append(Segment("word", "第", ("no",), ("di",)))
        known += sum(len(p.han) for p in read if p.kind != "sound")
        kinds = {p.kind for p in read}
        company = company or "brand" in kinds or ("place" in kinds and bool(kinds & {"body", "number"}))
        company = company or any(p.kind == "body" and len(p.han) >= _ENOUGH_IN_COMPANY for p in read)
        at = last
    parts.extend(Segment("latin", word, (word,)) for word in words[at:])
    if known >= _ENOUGH or (company and known >= _ENOUGH_IN_COMPANY):
        found = dict.fromkeys(plain_words(reading) for reading in readings_of(parts))
        return [list(reading) for reading in found if reading and reading != tuple(words)][:_MOST_READINGS]
    joined = _loose_joined(parts)
    return [joined] if joined != list(words) and len(joined) > 1 else []


def _runs(words: Sequence[str], wade: bool) -> list[tuple[int, int]]:
    """Neighbouring words that may be romanized Chinese, where they are three syllables or so together."""
    found: list[tuple[int, int]] = []
    first = -1
    for at, word in enumerate((*words, "")):
        if word.isalpha() and (is_pinyin(word) or (wade and _is_wade(word))):
            first = at if first < 0 else first
            continue
        if first >= 0 and (sum(len(w) for w in words[first:at]) >= 6 or (first and words[first - 1].isdigit())):
            found.append((first, at))
        first = -1
    return found


def _is_wade(word: str) -> bool:
    return word in wade_sounds().syllables or word in wade_sounds().table


@lru_cache(maxsize=2048)
def _read(run: tuple[str, ...], wade: bool, *, after_number: bool) -> tuple[Segment, ...]:
    """The run with as many syllables as possible covered by phrases."""
    sounds = wade_sounds() if wade else pinyin_sounds()
    text = "".join(run)
    starts: dict[int, str] = {}
    at = 0
    for word in run:
        starts[at] = word
        at += len(word)
    best: list[list[_Way | None]] = [[None, None, None] for _ in range(len(text) + 1)]
    best[0][0] = _Way(0.0, (Segment("number", "", ()),) if after_number else ())
    for at in range(len(text)):
        for way in best[at]:
            if way is None:
                continue
            lone = _LONE if way.open == 1 else 0.0
            for end, part, step in _known_at(sounds, text, at, way, starts):
                _offer(best[end], 0, _Way(way.cost + step + lone, (*way.parts, part)))
            for end, unit, size, step in _sounds_at(sounds, text, at, starts):
                begun = way.parts[-1] if way.open else Segment("sound", "", ())
                part = Segment("sound", begun.han + "x" * size, (), (*begun.spoken, unit))
                before = way.parts[:-1] if way.open else way.parts
                loose = min(way.open + size, 2)
                _offer(
                    best[end], loose, _Way(way.cost + step + (0 if way.open else _START), (*before, part), loose)
                )
    done = [way for way in best[-1] if way]
    if not done:
        return tuple(Segment("latin", word, (word,)) for word in run)
    parts = min(done, key=lambda way: way.cost + (_LONE if way.open == 1 else 0.0)).parts
    return parts[1:] if after_number else parts


def _offer(cell: list[_Way | None], state: int, way: _Way) -> None:
    held = cell[state]
    if held is None or way.cost < held.cost - 1e-9:
        cell[state] = way


def _sounds_at(
    sounds: Sounds, text: str, at: int, starts: dict[int, str]
) -> Iterator[tuple[int, str, int, float]]:
    """What may stand here as mere sound: (its end, its letters, its syllables, its cost): a word as it is written,
    or a syllable of a word that phrases end in."""
    word = starts.get(at)
    if word is not None:
        splits = syllables_of(word)
        size = len(splits[0]) if splits else 1
        yield at + len(word), word, size, _SOUND * size
        if size == 1:
            return
    for length in range(1, min(_LONGEST, len(text) - at) + 1):
        end = at + length
        if text[at:end] in sounds.syllables and not any(edge in starts for edge in range(at + 1, end)):
            bare = _BARE_VOWEL if word is None and text[at] in "aeo" else 0.0
            yield end, text[at:end], 1, _SOUND + _INSIDE + bare


def _known_at(
    sounds: Sounds, text: str, at: int, way: _Way, starts: dict[int, str]
) -> Iterator[tuple[int, Segment, float]]:
    parts = way.parts
    before = parts[-1].kind if parts else ""
    if text[at : at + 3] in sounds.beginnings:
        for end in range(at + 3, min(len(text), at + sounds.longest) + 1):
            for held in sounds.table.get(text[at:end], ()):
                if any(edge in starts and edge - at not in held.edges for edge in range(at + 1, end)):
                    continue
                part = Segment(held.kind, held.han, held.words, held.syllables_in(text[at:end]))
                yield end, part, _cost(held.kind, held.size, parts)
    word = starts.get(at)
    yield from _single_at(text, at, before, word, corps=parts[0].han if parts else "")
    if before == "number":
        return
    number = _NUMERAL.match(text, at)
    # shi is ten, and a city, a division, a trial as well: qi wu ling shi yan chang is the test range 750.
    for end in {number.end(), number.end() - 3 * text.endswith("shi", at, number.end())} if number else ():
        heard = text[at:end]
        digits = "".join(_NUMERALS[s] for s in _ONE_NUMERAL.findall(heard))
        ordinal = text[:at].endswith("di")
        counted = text.startswith(("yanjiu", "suo", "chang"), end)
        code = len(digits) >= _CODE and not set(digits) & {"十", "百"}
        mixed = len(digits) >= _CODE and digits[-1] == "十"
        if digits and (ordinal or counted or code) and not mixed:
            cost = 0.3 if ordinal or code else 1.0  # yi qi yan jiu suo is of instruments sooner than number 17
            yield end, Segment("number", digits, (str(number_value(digits)),), (heard,)), cost


def _cost(kind: str, size: int, parts: Sequence[Segment]) -> float:
    if kind == "place":  # Names of companies begin with a place: He Fei Xing Bo is in Hefei, and no flight.
        return _PLACE if all(p.kind in ("place", "drop") for p in parts) else _LATE_PLACE
    if kind == "brand":
        return _BRAND - 0.02 * size if size > 2 else _KNOWN
    return _LONG_KNOWN if size > 2 else _KNOWN


def _single_at(
    text: str, at: int, before: str, word: str | None, *, corps: str
) -> Iterator[tuple[int, Segment, float]]:
    """Phrases of one syllable: a level behind a place, a body at the end or behind a number, an ordinal."""
    if before in ("place", "drop"):
        for one, meaning in _LEVELS.items():
            if text.startswith(one, at) and (word == one or word is None):
                yield at + len(one), Segment("drop", "市", (meaning,) if meaning else (), (one,)), 0.3
    if before in ("place", "body", "word", "drop", "number", "brand"):
        for one, meaning in _ENDS.items():
            end = at + len(one)
            if text.startswith(one, at) and (end == len(text) or before == "number") and word in (one, None):
                yield end, Segment("body", "局", (meaning,), (one,)), 0.8
    if text.startswith("yu", at) and word in ("yu", None) and before in ("word", "body") and at + 2 < len(text):
        yield at + 2, Segment("word", "与", ("and",), ("yu",)), 1.2
    ordinal = text.startswith("di", at) and (word is None or word == "di" or _NUMERAL.fullmatch(word, 2))
    if ordinal and _NUMERAL.match(text, at + 2):
        yield at + 2, Segment("word", "第", ("no",), ("di",)), 0.5
    if before == "number" and text.startswith("shi", at) and word in ("shi", None) and "兵团" in corps:
        yield at + 3, Segment("body", "师", ("division",), ("shi",)), -0.3
    if before == "number" and text.startswith("hao", at) and word in ("hao", None):
        yield at + 3, Segment("drop", "号", (), ("hao",)), 0.3


def _loose_joined(parts: Sequence[Segment]) -> list[str]:
    """The words as they stand, with neighbouring short words of mere sound joined: `xin`, `yin`, `bo` ->
    `xinyinbo`."""
    found: list[str] = []
    for part in parts:
        short = all(len(split) == 1 for unit in part.spoken for split in syllables_of(unit)[:1])
        if part.kind == "sound" and len(part.han) >= _LOOSE and short:
            found.append("".join(part.spoken))
        elif part.kind == "sound":
            found.extend(part.spoken)
        else:
            found.extend(["".join(part.spoken)] if part.spoken else part.words)
    return found
