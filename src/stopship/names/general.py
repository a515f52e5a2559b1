"""General words found by sound: which legal form, trade word, body or place a word of another script spells.

Katakana, Hangul, Arabic or Hebrew write `Joint Stock` by ear or letter by letter (`ジョイント・ストク`). The
word of the Latin tables that is least apart from what was spelled (see `ear`) is taken, where that is near enough;
words of phrases of several words are among them, so that the phrase is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product

from stopship.names import ear
from stopship.names.background import per_100_000
from stopship.names.phrases import Kind, Phrase, legal_phrases, place_phrases, word_phrases
from stopship.names.tables import rows

_GENERAL = (Kind.FILLER, Kind.LEVEL, Kind.BODY, Kind.SECTOR, Kind.ADJECTIVE)
_PARTICLES = ("particle:and", "particle:of", "particle:the", "particle:for")
_SHORTEST_PLACE = 5
_SHORTEST_PART = 3  # letters of a word of a phrase
_MOST_CLASSES = 12  # ways to write a word by classes of sounds
# How far a word may be from the general one, by its consonants and the kind of script (see `ear.LOOSE`).
_NEAR = (
    (0, 1, 2, 4, 7, 9, 10, 11),
    (0, 1, 2, 5, 8, 10, 11, 12),
    (0, 0, 1, 3, 6, 8, 10, 12),
    (0, 1, 2, 5, 8, 10, 11, 12),
)
_NEAR_PLACE = (0, 0, 0, 0, 2, 3, 4, 5)
_SHORTEST = 2
_SHORT_FORM = 5
_SHORTEST_TITLE = 4
_TITLE_NEAR = (0, 0, 2, 3, 5, 5, 5, 5)
_LENGTHS_APART = 5
_USUAL = (1, 10, 50)  # of 100,000 names at large have a word that is preferred by one, two or three tenths
_LONGEST_FORM = 7  # letters of a form that was spelled letter by letter
_CLASSES: dict[int, tuple[str, ...]] = (
    {ord(c) - 97: ("S",) for c in "ckqgxjsz"}
    | dict.fromkeys((ear.SH, ear.CH, ear.KH, ear.GH, ear.ZH, ear.TS, ear.SOFT_C, ear.SOFT_G), ("S",))
    | {ear.T: ("T",), ear.D: ("T",), ear.TH: ("T", "S"), ear.DH: ("T", "S")}
    | {ear.B: ("P",), ear.P: ("P",), ear.F: ("P",), ear.V: ("P", ""), ear.W: ("", "P"), ear.U: ("", "P")}
    | {ear.M: ("N",), ear.N: ("N",), ear.L: ("L",), ear.LL: ("L", ""), ear.R: ("L", "")}
)


@dataclass(frozen=True, slots=True)
class Known:
    """A general word by its sounds. `form`: it is a legal form or a word of one, or a particle;
    `usual`: how many tenths of a slip it is preferred by, because many names have it;
    `bare`: it has no vowel."""

    text: str
    sounds: tuple[int, ...]
    form: bool
    place: bool
    usual: int = 0
    bare: bool = False
    consonants: int = 0
    nasals: int = 0


@lru_cache(maxsize=8192)
def general_word(text: str, spelled: str, *, person: bool = False) -> Known | None:
    """The general word that a plain word spells, of persons the title; None where it spells none.

    `spelled`: how its script spells, as in `Token.spelled`.
    """
    kind = ear.KINDS[spelled]
    if len(text) < _SHORTEST:
        return None
    if not person and (form := _form(text)):
        return form
    ours = sounds(text)
    if kind == ear.CONSONANTS:
        filled = list(ours)
        ours = tuple(filled[: ear.without_filling(filled, len(filled))])
    if not ours:
        return None
    best: tuple[int, int] | None = None
    found: Known | None = None
    row = [0] * (3 * (ear.MOST + 1))
    words, table = _table(person=person)
    has, nasals = ear.consonants(ours, len(ours)), _nasals(text)
    candidates = dict.fromkeys(number for key in _by_classes(ours, kind) for number in table.get(key, ()))
    for number in candidates:
        known = words[number]
        wants = known.consonants
        if abs(len(known.sounds) - len(ours)) > _LENGTHS_APART or abs(has - wants) > _LENGTHS_APART:
            continue
        if kind != ear.GREEK and abs(known.nasals - nasals) > 1:
            continue
        more = max(has, wants)
        most = (_NEAR_PLACE if known.place else _NEAR[kind])[min(more, len(_NEAR_PLACE) - 1)]
        if min(has, wants) < 2 or known.bare:
            most = min(most, 1)
        elif known.form and len(known.text) <= _SHORT_FORM:
            most = min(most, 2)
        elif person:
            most = min(most, _TITLE_NEAR[min(more, len(_TITLE_NEAR) - 1)])
        apart = ear.apart(ours, len(ours), known.sounds, len(known.sounds), kind, most, row, ear.TAKEN_LIST)
        rank = apart - known.usual, number
        if apart <= most and (best is None or rank < best):
            best, found = rank, known
    return found


def _form(text: str) -> Known | None:
    """The legal form or particle that a short word spells letter by letter."""
    if len(text) > _LONGEST_FORM:
        return None
    table = _spelled_forms()
    bare = "".join(c for c in text if c not in "aeiou")
    # Between consonants an abjad has no vowel but those that were put there to make it a word.
    form = table.get(text) or (table.get(bare) if len(bare) > 1 and text == "a".join(bare) else None)
    return Known(form, (), form=True, place=False) if form else None


@cache
def _spelled_forms() -> dict[str, str]:
    return {spelled: form for form, spellings in rows("forms_by_ear.tsv") for spelled in spellings.split("|")}


def sounds(text: str) -> tuple[int, ...]:
    """The sounds of a plain word, as `ear` compares them; () of what holds more than letters."""
    into = [0] * ear.MOST
    count = ear.sounds_into(text.encode("utf-8"), 0, len(text), into)
    return tuple(into[:count])


def _by_classes(heard: tuple[int, ...], kind: int = ear.LETTERS) -> Iterator[str]:
    """A word by classes of consonants that are taken for each other, in all ways that its sounds allow."""
    signs: list[tuple[str, ...]] = []
    for at, sound in enumerate(heard):
        options = _CLASSES.get(sound, ("",))
        if sound == ear.U and not (at + 1 < len(heard) and ear.is_vowel(heard[at + 1])):
            options = ("",)
        if sound == ear.R and not (at and ear.is_vowel(heard[at - 1])):
            options = ("L",)
        if kind == ear.GREEK and sound in (ear.B, ear.D, ear.G):
            options = (*options, f"N{options[0]}")
        if kind == ear.GREEK and sound == ear.H:
            options = ("S", "")
        signs.append(options)
    made: dict[str, None] = {}
    for choice in islice(product(*signs), 4 * _MOST_CLASSES):
        key = ""
        for sign in choice:
            if len(sign) == 2:
                key = key.removesuffix("N") + sign
            elif sign and not (key.endswith(sign) or (sign == "S" and key.endswith("T"))):
                key += sign
            elif sign == "S" and key.endswith("T"):
                key = key[:-1] + "S"  # ts, ch, j
        made[key] = None
    yield from islice(made, _MOST_CLASSES)


@cache
def _table(*, person: bool) -> tuple[list[Known], dict[str, list[int]]]:
    """All general words, of persons the titles, and their numbers by classes."""
    known: list[Known] = []
    by_classes: dict[str, list[int]] = {}
    seen: set[str] = set()
    long_forms = {word for phrase in legal_phrases() if len(phrase.words) > 2 for word in phrase.words}
    for text, phrase in _titles() if person else _words():
        if text in seen or not text.isalpha():
            continue
        seen.add(text)
        heard = sounds(text)
        form = phrase.kind in (Kind.LEGAL, Kind.PARTICLE) or text in long_forms
        for key in _by_classes(heard):
            by_classes.setdefault(key, []).append(len(known))
        bare = not _spoken(text)
        wants = ear.consonants(heard, len(heard))
        place = phrase.kind is Kind.PLACE
        known.append(Known(text, heard, form, place, _usual(text), bare, wants, _nasals(text)))
    return known, by_classes


def _nasals(text: str) -> int:
    return ear.nasals(text.encode("utf-8"), 0, len(text))


def _titles() -> Iterator[tuple[str, Phrase]]:
    for phrase in word_phrases():
        if phrase.kind is Kind.TITLE and len(phrase.words) == 1 and len(phrase.words[0]) >= _SHORTEST_TITLE:
            yield phrase.words[0], phrase


def _usual(text: str) -> int:
    counted = per_100_000(text)
    return sum(counted >= least for least in _USUAL)


def _words() -> Iterator[tuple[str, Phrase]]:
    """The words, those first that are taken where two are equally near: what stands alone before words of
    phrases, those of legal forms last (`hung` is sooner Hong of Hong Kong than the cong of Cong ty)."""
    general = [p for p in word_phrases() if p.kind in _GENERAL or p.key in _PARTICLES]
    for phrase in (*legal_phrases(), *general):
        if len(phrase.words) == 1 and (phrase.kind is Kind.LEGAL or _spoken(phrase.words[0])):
            yield phrase.words[0], phrase
    for phrase in general:
        for word in phrase.words:
            if len(word) >= _SHORTEST_PART and _spoken(word):
                yield word, phrase
    for phrase in place_phrases():
        for word in phrase.words:
            if len(word) >= (_SHORTEST_PLACE if len(phrase.words) == 1 else _SHORTEST_PLACE - 1):
                yield word, phrase
    for phrase in legal_phrases():
        for word in phrase.words:
            if len(word) >= _SHORTEST_PART:
                yield word, phrase


def _spoken(word: str) -> bool:
    """Whether a word has a vowel: rsrch is an abbreviation, which nobody spells by ear."""
    return not set("aeiouy").isdisjoint(word)
