"""Tokens against tokens: how alike two are, and the one-to-one alignment of two names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from stopship.matching.compare.sound import sound
from stopship.matching.weights import Weighed
from stopship.names import Kind, Token
from stopship.names.background import is_usual

SYNONYM = 0.98  # another spelling or translation of a place, body or filler
TRANSLATED = 0.90  # of a line of business or an adjective: "orient" and "sharq" may be two companies
GLUED = 0.97  # the same letters, joined or split
GLUED_FUZZY = 0.90
SOUND = 0.93  # the same by romanization habits
GENDER = 0.60  # Ivan, Ivana
BOTH_USUAL = 0.55  # one letter apart, but both are words that names use: Maria, Mario
REMAINING_FROM = 1.10  # what the other words must say before two slips in a short word are believed
INITIAL_REST = 0.20  # share of a full name's weight that an initial leaves open

_SAME_STEM = 4  # electronic, electronics

_PLAIN_KINDS = (Kind.WORD, Kind.SECTOR, Kind.ADJECTIVE, Kind.FILLER, Kind.BODY, Kind.PLACE, Kind.LEVEL)


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens of the two names that belong together, by number. `how`: same, synonym, translated, fuzzy, sound,
    initial, glued, gender, usual, cut."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    likeness: float
    how: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs, and what is left over on each side (token numbers)."""

    pairs: tuple[Pair, ...]
    left_over: tuple[int, ...]
    right_over: tuple[int, ...]


def edits_allowed(one: int, other: int) -> int:
    """Edits that two words of so many letters may be apart: none where both have less than four, one from
    there, two where both have six and one has seven."""
    longest, shortest = max(one, other), min(one, other)
    if longest < 4 or shortest < 3:
        return 0
    return 2 if shortest >= 6 and longest >= 7 else 1


@lru_cache(maxsize=65536)
def edit_likeness(left: str, right: str) -> float:
    """1.0 for equal words, about 0.9 for one edit, 0.8 for two in long words, else 0.0. Symmetric.

    Optimal string alignment distance (Damerau 1964 without repeated edits), so that swapped neighbours are one
    edit.
    """
    longest, shortest = max(len(left), len(right)), min(len(left), len(right))
    allowed = edits_allowed(longest, shortest)
    if not allowed or longest - shortest > allowed:
        return 0.0
    distance = OSA.distance(left, right, score_cutoff=allowed)
    if distance > allowed:
        return 0.0
    if distance == 1:
        return 1.0 - 0.60 / longest
    return 1.0 - (1.7 if longest >= 9 else 2.4) / longest


def token_likeness(left: Token, right: Token, person: bool) -> tuple[float, str]:
    """How alike two tokens are, 0 to 1, and by what. Symmetric."""
    if left.text == right.text:
        return 1.0, "same"
    if left.key == right.key:
        if left.kind is Kind.NUMBER:
            return 1.0, "synonym"
        if left.kind in (Kind.SECTOR, Kind.ADJECTIVE) and left.text[:_SAME_STEM] != right.text[:_SAME_STEM]:
            return TRANSLATED, "translated"
        return SYNONYM, "synonym"
    if left.kind is Kind.INITIAL or right.kind is Kind.INITIAL:
        alike = left.text[0] == right.text[0] and Kind.WORD in (left.kind, right.kind)
        return (1.0, "initial") if person and alike else (0.0, "")
    if left.kind not in _PLAIN_KINDS or right.kind not in _PLAIN_KINDS:
        return 0.0, ""
    if person and len(left.text) > 3 and len(right.text) > 3:
        if left.text + "a" == right.text or right.text + "a" == left.text:
            shorter = min(left.text, right.text, key=len)
            if _slavic_surname(shorter):
                return 0.95, "sound"
            if is_usual(shorter):
                return GENDER, "gender"
        if sound(left.text) == sound(right.text):
            return SOUND, "sound"
    likeness = edit_likeness(left.text, right.text)
    if not likeness:
        return 0.0, ""
    if _usual(left) and _usual(right):
        return likeness * BOTH_USUAL, "usual"
    return likeness, "fuzzy"


def _slavic_surname(text: str) -> bool:
    return text.endswith(("ov", "ev", "in", "yn", "off"))


def _usual(token: Token) -> bool:
    return token.kind is not Kind.WORD or is_usual(token.text)


def align(left: Weighed, right: Weighed, person: bool, broken: Pair | None = None) -> Alignment:
    """Pair the tokens of two names one to one, the best pairs first. Symmetric in its arguments.

    `broken` is the pair of a word that was cut short at the end of a name, if there is one: it comes first.
    """
    free_left = list(range(len(left.tokens)))
    free_right = list(range(len(right.tokens)))
    pairs: list[Pair] = []
    if broken:
        pairs.append(broken)
        free_left.remove(broken.left[0])
        free_right.remove(broken.right[0])
    _take_identical(left, right, free_left, free_right, pairs)
    if free_left and free_right:
        _take_alike(left, right, free_left, free_right, pairs, person)
    return Alignment(tuple(pairs), tuple(free_left), tuple(free_right))


def pair_remaining(left: Weighed, right: Weighed, alignment: Alignment) -> Alignment:
    """The alignment with the one word that is left over on each side paired too, where it may be two slips.

    Two slips in a word of four letters make almost any word of it: only where the other words say who is meant
    (at least `REMAINING_FROM`) are they taken for slips. Symmetric.
    """
    ours = [i for i in alignment.left_over if left.tokens[i].kind is Kind.WORD]
    theirs = [j for j in alignment.right_over if right.tokens[j].kind is Kind.WORD]
    if len(ours) != 1 or len(theirs) != 1:
        return alignment
    one, other = left.tokens[ours[0]].text, right.tokens[theirs[0]].text
    longest, shortest = max(len(one), len(other)), min(len(one), len(other))
    edits = 2 if shortest >= 4 else 1
    if shortest < 3 or longest - shortest > edits or not (one.isalpha() and other.isalpha()):
        return alignment
    says = sum(
        min(sum(left.says[i] for i in p.left), sum(right.says[j] for j in p.right)) for p in alignment.pairs
    )
    if says < REMAINING_FROM or (is_usual(one) and is_usual(other)):
        return alignment
    distance = OSA.distance(one, other, score_cutoff=edits)
    if distance > edits:
        return alignment
    pair = Pair((ours[0],), (theirs[0],), 1.0 - 0.8 * distance / longest, "fuzzy")
    return Alignment(
        (*alignment.pairs, pair),
        tuple(i for i in alignment.left_over if i != ours[0]),
        tuple(j for j in alignment.right_over if j != theirs[0]),
    )


def _take_identical(
    left: Weighed, right: Weighed, free_left: list[int], free_right: list[int], pairs: list[Pair]
) -> None:
    places: dict[str, list[int]] = {}
    for j in reversed(free_right):
        places.setdefault(right.tokens[j].text, []).append(j)
    for i in list(free_left):
        found = places.get(left.tokens[i].text)
        if found:
            j = found.pop()
            pairs.append(Pair((i,), (j,), 1.0, "same"))
            free_left.remove(i)
            free_right.remove(j)


def _take_alike(
    left: Weighed, right: Weighed, free_left: list[int], free_right: list[int], pairs: list[Pair], person: bool
) -> None:
    options: list[tuple[float, str, str, Pair]] = []
    for i in free_left:
        for j in free_right:
            likeness, how = token_likeness(left.tokens[i], right.tokens[j], person)
            if likeness:
                gain = likeness * min(left.weights[i], right.weights[j])
                options.append(_option(gain, left, right, Pair((i,), (j,), likeness, how)))
    options.extend(_glued(left, right, free_left, free_right))
    options.sort(key=lambda option: option[:3])
    for _gain, _one, _other, pair in options:
        if all(i in free_left for i in pair.left) and all(j in free_right for j in pair.right):
            pairs.append(pair)
            for i in pair.left:
                free_left.remove(i)
            for j in pair.right:
                free_right.remove(j)


def _option(gain: float, left: Weighed, right: Weighed, pair: Pair) -> tuple[float, str, str, Pair]:
    one = " ".join(left.tokens[i].text for i in pair.left)
    other = " ".join(right.tokens[j].text for j in pair.right)
    return (-gain, min(one, other), max(one, other), pair)  # the same order whichever name comes first


def _glued(
    left: Weighed, right: Weighed, free_left: list[int], free_right: list[int]
) -> list[tuple[float, str, str, Pair]]:
    found: list[tuple[float, str, str, Pair]] = []
    for run in _runs(left, free_left):
        text = "".join(left.tokens[i].text for i in run)
        for j in free_right:
            if likeness := _glue_likeness(text, right.tokens[j]):
                gain = likeness * min(sum(left.weights[i] for i in run), right.weights[j])
                found.append(_option(gain * 1.01, left, right, Pair(run, (j,), likeness, "glued")))
    for run in _runs(right, free_right):
        text = "".join(right.tokens[j].text for j in run)
        for i in free_left:
            if likeness := _glue_likeness(text, left.tokens[i]):
                gain = likeness * min(sum(right.weights[j] for j in run), left.weights[i])
                found.append(_option(gain * 1.01, left, right, Pair((i,), run, likeness, "glued")))
    return found


def _runs(name: Weighed, free: list[int]) -> list[tuple[int, ...]]:
    """Two or three neighbours that are still free and no numbers."""
    usable = {i for i in free if name.tokens[i].kind is not Kind.INITIAL}
    return [
        tuple(range(i, i + length))
        for length in (2, 3)
        for i in range(len(name.tokens) - length + 1)
        if all(k in usable for k in range(i, i + length))
    ]


def _glue_likeness(text: str, token: Token) -> float:
    if token.kind in (Kind.NUMBER, Kind.INITIAL) or abs(len(text) - len(token.text)) > 1 or len(text) < 4:
        return 0.0
    if text == token.text:
        return GLUED
    if any(c.isdigit() for c in text):
        return 0.0
    if min(len(text), len(token.text)) >= 8 and OSA.distance(text, token.text, score_cutoff=1) <= 1:
        return GLUED_FUZZY
    return 0.0
