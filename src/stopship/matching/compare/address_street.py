"""One street of an address: its name, apart from what kind of street it is, and the building numbers beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from stopship.matching.compare import address_words as w
from stopship.names.places import place_key as look_up_place

_LONGEST_STREET = 4
_LEAST_FOR_SLIP = 6
# Romanizations of Russian and Ukrainian, and endings of what streets are called after: Lenina, Gorky, Sadovaya.
_SPELLINGS = (
    ("shch", "sh"), ("tch", "ch"), ("kh", "h"), ("ij", "i"), ("iy", "i"), ("yi", "i"), ("ii", "i"), ("ia", "ya"),
    ("ja", "ya"), ("iu", "yu"), ("ju", "yu"), ("ye", "e"), ("je", "e"), ("ts", "c"), ("ks", "x"),
)  # fmt: skip
_ENDINGS = re.compile(r"(?<=[a-z]{4})(?:skogo|skaya|skoe|skoy|ska|skiy|ski|sky)\Z")
_LAST = re.compile(r"(?<=[a-z]{4})(?:ogo|ego|aya|oe|oy|a|i|y)\Z")
_Y = re.compile(r"(?<=[bcdfghklmnprstvxz])y(?![aeou])")  # Khreshchatyk, Khreshchatik
_DOUBLE = re.compile(r"([a-z])\1")


@dataclass(frozen=True, slots=True)
class Street:
    """A street with the building numbers that stand beside it. `name` is its words without kind and direction,
    joined and folded; `direction` tells North Road from South Road; `kind` is road, street, avenue, lane, square,
    embankment or "" for unknown; `more` another name that it may have been meant by."""

    name: str
    direction: frozenset[str]
    numbers: tuple[tuple[int, int, str], ...]
    kind: str = ""
    more: str = field(default="", compare=False)

    def is_street(self, other: Street) -> bool:
        """Whether both may be one street: the same name but for one slip, no other direction and no other kind."""
        if self.name != other.name and (
            min(len(self.name), len(other.name)) < _LEAST_FOR_SLIP
            or any(c.isdigit() for c in self.name)
            or OSA.distance(self.name, other.name, score_cutoff=1) > 1
        ):
            return False
        if self.direction and other.direction and self.direction != other.direction:
            return False
        kinds = {self.kind, other.kind}
        return len(kinds) == 1 or "" in kinds or kinds in w.LOOSE_CLASSES

    def shares_number(self, other: Street) -> bool:
        """Whether they have a building number in common; 18 is 18A as far as 18 says, 18A is not 18B."""
        return any(
            a_low <= b_high and b_low <= a_high and (a_letter == b_letter or not a_letter or not b_letter)
            for a_low, a_high, a_letter in self.numbers
            for b_low, b_high, b_letter in other.numbers
        )


@lru_cache(maxsize=16384)
def place_key(words: str) -> str | None:
    """The key of a place, remembered: addresses name the same ones over and over."""
    return look_up_place(words)


@lru_cache(maxsize=16384)
def fold(name: str) -> str:
    """One form for the spellings of a street or place in Latin letters."""
    name = re.sub(r"[^a-z0-9]", "", name)
    short = _ENDINGS.sub("sk", name)
    if short == name:
        short = _LAST.sub("", name)
    for spelling, one in _SPELLINGS:
        short = short.replace(spelling, one)
    return _DOUBLE.sub(r"\1", _Y.sub("i", short))


def read_street(part: list[str]) -> Street | None:
    """The street of one comma-separated part, with the numbers of the part."""
    words = [w.ORDINAL.sub(r"\1th", w.DIRECTIONS.get(word, word)) for word in _pinyin(part)]
    name, kind, more = _after(words)
    if not _significant(name):
        name, kind = _before(words)
    if not _significant(name):
        name, kind = _joined(words)
    if not name and not kind:
        name, more = _untyped(words)
    significant = _significant(name)
    if not significant or len("".join(significant)) < 3:
        return None
    left = _without_name(words, name) if any(word[0].isdigit() for word in name) else words
    numbers = read_numbers(left)
    direction = frozenset(word for word in name if word in w.DIRECTION_WORDS)
    return Street(fold("".join(significant)), direction, numbers, kind, fold(more))


def numbers_beside(parts: list[list[str]], at: int) -> tuple[tuple[int, int, str], ...]:
    """The numbers right behind or before a part: ul. Lenina, d. 5; Chevalier House 45-51, Chatham Road."""
    after = parts[at + 1] if at + 1 < len(parts) else []
    before = parts[at - 1] if at else []
    return read_numbers(after[:3])[:1] or read_numbers(before[-3:])


def _significant(name: list[str]) -> list[str]:
    kept = [word for word in name if word not in w.STOP and word not in w.DIRECTION_WORDS and word not in w.TYPES]
    return kept if len("".join(kept)) >= 3 or any(word[0].isdigit() for word in kept) else []


def _pinyin(words: list[str]) -> list[str]:
    """Chinese written together taken apart: Zhongshan Donglu is Zhongshan East Lu."""
    found: list[str] = []
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in w.PINYIN_DIRECTION and following in w.PINYIN_TYPES and at:
            found.append(w.PINYIN_DIRECTION[word])
        elif (match := w.PINYIN_GLUED.fullmatch(word)) and (match[2] or len(match[1]) >= 4) and (match[1] or at):
            found += [piece for piece in (match[1], w.PINYIN_DIRECTION.get(match[2] or "", ""), match[3]) if piece]
        else:
            found.append(word)
    return found


def _after(words: list[str]) -> tuple[list[str], str, str]:
    """The words before the last kind of street: Luard Road, 5th Avenue, 1523 Sokak."""
    at = next((i for i in range(len(words) - 1, 0, -1) if words[i] in w.TYPES_AFTER), None)
    if at is None:
        return [], "", ""
    kind = w.STREET_CLASS[words[at]]
    while at > 1 and words[at - 1] in w.TYPES_AFTER and words[at - 1] not in w.DIRECTIONS:
        at -= 1  # Chichun Lu Road
    name: list[str] = []
    i = at - 1
    if words[i].isdigit() and words[at] in w.NUMBERED_AFTER:
        return [words[i]], kind, ""
    while (
        i >= 0
        and (not words[i][0].isdigit() or w.ORDINAL.fullmatch(words[i]))
        and words[i] not in w.BUILDING_WORDS | w.QUARTER_ENDS
        and len(name) < _LONGEST_STREET
    ):
        name.insert(0, words[i])
        i -= 1
    if at + 1 < len(words) and words[at + 1] in w.DIRECTION_WORDS:
        name.append(words[at + 1])
    return name, kind, ""


def _before(words: list[str]) -> tuple[list[str], str]:
    """The words behind the kind of street: ulitsa Lenina, Calle 12, ulitsa 8 Marta."""
    at = next((i for i, word in enumerate(words[:-1]) if word in w.TYPES_BEFORE), None)
    if at is None:
        return [], ""
    kind = w.STREET_CLASS.get(words[at], "")
    name: list[str] = []
    for n, word in enumerate(words[at + 1 : at + 1 + _LONGEST_STREET]):
        if word[0].isdigit():
            rest = words[at + 2 + n :]
            begins = n == 0 and words[at] in w.NUMBERED_BEFORE and bool(rest)
            if not begins:
                break
            if rest[0] in w.STOP or rest[0][0].isdigit():  # Calle 12 No. 34
                return [words[at], word] if any(c[0].isdigit() for c in rest) else [], kind
            name.append(word)
            continue
        if n and place_key(word):  # ul. Mira Krasnodar
            break
        if word in ("d", "dom", "no", "nr", "nro", "num", "korp", "str", "bld", "bud", "numero", "km"):
            break
        name.append(word)
    return (name, kind) if any(word.isalpha() for word in name) else ([], kind)


def _joined(words: list[str]) -> tuple[list[str], str]:
    """A street in one word: Josefstrasse, Kurfuerstendamm."""
    for word in words:
        if match := w.JOINED_TYPE.fullmatch(word):
            return ([match[1]], "street") if match[1] else ([match[3]], "road")
    return [], ""


def _untyped(words: list[str]) -> tuple[list[str], str]:
    """A street without its type: a number before one or two words ("89 Queensway"; of two, the second may be the
    quarter), or behind up to three. Four digits are sooner a postcode ("1000 Sofia")."""
    if 2 <= len(words) <= 3 and re.fullmatch(r"\d{1,3}[a-z]?(?:-\d{1,4})?", words[0]):
        rest = words[1:]
        if all(word.isalpha() for word in rest) and _may_be_street(rest):
            return rest, rest[0] if len(rest) == 2 and len(rest[0]) >= 6 else ""
    if 2 <= len(words) <= 4 and re.fullmatch(r"\d{1,3}[a-z]?(?:-\d{1,4})?", words[-1]):
        rest = words[:-1]
        while rest and rest[-1] in w.STOP:
            rest = rest[:-1]
        plain = all(word.replace("-", "").isalpha() for word in rest)
        if plain and len("".join(rest)) >= 5 and _may_be_street(rest):  # Neuer Wall 50, Depenau 2
            return rest, ""
    return [], ""


def _may_be_street(words: list[str]) -> bool:
    return not set(words) & (w.BUILDING_WORDS | w.DISTRICT_WORDS) and not place_key(" ".join(words))


def _without_name(words: list[str], name: list[str]) -> list[str]:
    left = list(words)
    for word in name:
        if word in left:
            left.remove(word)
    return left


def read_numbers(words: list[str]) -> tuple[tuple[int, int, str], ...]:
    """Building numbers as (low, high, letter)."""
    found: list[tuple[int, int, str]] = []
    for match in w.NUMBER.finditer(" ".join(words)):
        low, high = int(match[1]), int(match[3] or match[1])
        if match[3] and high < low:  # "165-71"
            high = int(match[1][: len(match[1]) - len(match[3])] + match[3])
        if high < low or high - low > 100:
            high = low
        found.append((low, high, match[2] or ""))
    return tuple(found)
