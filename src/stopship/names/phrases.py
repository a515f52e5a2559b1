"""Finds known phrases (legal forms, places, trade words, bodies, titles) in a list of words, longest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import islice, product

from stopship.names.background import is_usual
from stopship.names.declension import adjectives_of_place, declined
from stopship.names.script import Script, script_of
from stopship.names.tables import alternatives, rows
from stopship.names.tokenize import plain_words

_SHORTEST_FORM = 10  # letters of a form that lost a word


class Kind(StrEnum):
    """What a token says. The order is that of how much it says about who is meant."""

    WORD = "word"
    NUMBER = "number"
    PLACE = "place"
    BODY = "body"
    SECTOR = "sector"
    ADJECTIVE = "adjective"
    FILLER = "filler"
    LEVEL = "level"
    INITIAL = "initial"
    TITLE = "title"
    PARTICLE = "particle"
    LEGAL = "legal"


GENERAL_KINDS = (Kind.FILLER, Kind.LEVEL, Kind.BODY, Kind.SECTOR, Kind.ADJECTIVE)
_STANDARD_KINDS = (*GENERAL_KINDS, Kind.PARTICLE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A known phrase: its words, what it is, and the key that all its spellings share."""

    words: tuple[str, ...]
    kind: Kind
    key: str


class PhraseBook:
    """Phrases by their first word.

    `exact` are more of them, which are only found as they are (`at`): no slips and other spellings are looked for
    in them.
    """

    def __init__(self, phrases: Iterable[Phrase], exact: Iterable[Phrase] = ()) -> None:
        self._by_first: dict[str, list[Phrase]] = {}
        seen: set[tuple[str, ...]] = set()
        for phrase in phrases:
            if phrase.words in seen:  # the first table that claims a spelling keeps it
                continue
            seen.add(phrase.words)
            self._by_first.setdefault(phrase.words[0], []).append(phrase)
        for found in self._by_first.values():
            found.sort(key=lambda p: -len(p.words))
        self._single = {p.words[0]: p for found in self._by_first.values() for p in found if len(p.words) == 1}
        self._by_pair: dict[tuple[str, str], list[Phrase]] = {}
        more = [phrase for phrase in exact if phrase.words not in seen]
        for phrase in (*(p for found in self._by_first.values() for p in found), *more):
            if len(phrase.words) > 1:
                self._by_pair.setdefault(phrase.words[:2], []).append(phrase)  # type: ignore[arg-type]
        for found in self._by_pair.values():
            found.sort(key=lambda p: -len(p.words))
        self._begin_pairs = frozenset(first for first, _second in self._by_pair)
        self._standard = {p.words[0]: p.key for p in self._single.values() if p.kind in _STANDARD_KINDS}
        self._by_standard: dict[str, list[tuple[tuple[str, ...], Phrase]]] = {}
        for phrase in (p for found in self._by_first.values() for p in found if len(p.words) > 1):
            if phrase.kind in GENERAL_KINDS:
                plain = self.standard(phrase.words)
                if phrase.key in plain and phrase.kind is not Kind.BODY:
                    continue  # "real estate" adds nothing to "estate": as it is written it is enough
                self._by_standard.setdefault(plain[0], []).append((plain, phrase))
        for same in self._by_standard.values():
            same.sort(key=lambda pair: -len(pair[0]))
        self._by_second: dict[str, list[Phrase]] = {}
        for phrase in (p for found in self._by_first.values() for p in found if len(p.words) > 1):
            self._by_second.setdefault(phrase.words[1], []).append(phrase)
        self.words = frozenset(word for phrase_words in seen for word in phrase_words)
        held = (*self._single.values(), *(p for found in self._by_pair.values() for p in found))
        self.legal_beginnings = frozenset(p.words[0] for p in held if p.kind is Kind.LEGAL)

    def at(self, words: Sequence[str], start: int) -> Phrase | None:
        """The longest phrase that begins at word number `start`, or None."""
        first = words[start]
        if start + 1 < len(words) and first in self._begin_pairs:
            for phrase in self._by_pair.get((first, words[start + 1]), ()):
                length = len(phrase.words)
                if length == 2 or tuple(words[start : start + length]) == phrase.words:
                    return phrase
        return self._single.get(first)

    def standard(self, words: Sequence[str]) -> tuple[str, ...]:
        """General words and particles by their keys, other words as they are: `ship`, `mgmt` and `ship`,
        `management` are the same."""
        standard = self._standard
        return tuple([standard.get(word, word) for word in words])

    def at_standard(self, plain: Sequence[str], start: int) -> Phrase | None:
        """The longest general phrase of several words that begins at word number `start` but for spellings of its
        words; `plain` is `standard(words)`."""
        for phrase_words, phrase in self._by_standard.get(plain[start], ()):
            if tuple(plain[start : start + len(phrase_words)]) == phrase_words:
                return phrase
        return None

    def standard_phrases_from(self, plain: str) -> Sequence[tuple[tuple[str, ...], Phrase]]:
        """The general phrases whose first word in `standard` form this is, longest first."""
        return self._by_standard.get(plain, ())

    def standard_phrases(self) -> Iterable[tuple[tuple[str, ...], Phrase]]:
        """All general phrases of several words, with their words in `standard` form."""
        return (pair for same in self._by_standard.values() for pair in same)

    def phrases_from(self, first: str) -> Sequence[Phrase]:
        """The phrases that begin with a word, longest first."""
        return self._by_first.get(first, ())

    def phrases_with_second(self, second: str) -> Sequence[Phrase]:
        """The phrases of several words whose second word this is, longest first within each first word."""
        return self._by_second.get(second, ())


def _latin(spelling: str) -> bool:
    return not any(script_of(c) in (Script.HAN, Script.KANA, Script.HANGUL) for c in spelling)


@cache
def word_phrases() -> tuple[Phrase, ...]:
    """The phrases of `words.tsv`. In a row whose key begins with `~` every spelling is a word of its own."""
    found: list[Phrase] = []
    for kind, key, spellings in rows("words.tsv"):
        what = Kind.NUMBER if kind == "numeral" else Kind(kind)
        for group in spellings.split("|"):
            same = group.split("=")
            own = f"{what.value}:{'_'.join(same[0].split())}" if key.startswith("~") else f"{what.value}:{key}"
            own = f"#{key}" if kind == "numeral" else own
            found.extend(Phrase(plain_words(spelling), what, own) for spelling in same)
    printed = [p for p in found if p.words]
    return (*printed, *_declined_phrases(printed))


def _declined_phrases(printed: Sequence[Phrase]) -> Iterable[Phrase]:
    """Forms of the Slavic words that no row holds; words that names at large use stay theirs."""
    held = {phrase.words for phrase in printed}
    for phrase in printed:
        if len(phrase.words) == 1 and phrase.kind in GENERAL_KINDS:
            for form in declined(phrase.words[0]):
                if (form,) not in held and not is_usual(form):
                    held.add((form,))
                    yield Phrase((form,), phrase.kind, phrase.key)


@cache
def general_phrases() -> tuple[Phrase, ...]:
    """The general words of one word: trade words, bodies, adjectives, levels and fillers."""
    return tuple(phrase for phrase in word_phrases() if phrase.kind in GENERAL_KINDS and len(phrase.words) == 1)


@cache
def place_phrases() -> tuple[Phrase, ...]:
    """The names of `places.tsv` in alphabetic scripts."""
    printed = [
        Phrase(plain_words(name), Kind.PLACE, f"place:{key}")
        for key, _level, _parent, names in rows("places.tsv")
        for name in names.split("|")
        if _latin(name)
    ]
    adjectives = [
        Phrase((form,), Kind.PLACE, phrase.key)
        for phrase in printed
        if len(phrase.words) == 1
        for form in adjectives_of_place(phrase.words[0])
        if not is_usual(form)
    ]
    return (*printed, *adjectives)


@cache
def legal_phrases() -> tuple[Phrase, ...]:
    """The spellings of `legal_forms.tsv`, and after them those of three words or more with one word missing."""
    printed = [
        Phrase(plain_words(one), Kind.LEGAL, f"legal:{form}")
        for form, _class, _countries, spellings in rows("legal_forms.tsv")
        for spelling in spellings.split("|")
        for one in alternatives(spelling)
    ]
    return (*printed, *(short for phrase in printed for short in _one_word_short(phrase)))


# How the words of forms are abbreviated one by one.
_SHORT = {
    "limited": ("ltd", "lmtd"), "company": ("co",), "corporation": ("corp",), "private": ("pvt", "priv"),
    "liability": ("liab",), "joint": ("jt",), "stock": ("stk",), "sirketi": ("sti",), "public": ("pub",),
    "proprietary": ("pty",), "partnership": ("pship",), "anonim": ("an",), "institution": ("inst",),
    "enterprise": ("ent",), "organization": ("org",), "association": ("assn", "assoc"),
}  # fmt: skip


def _words_shortened(phrase: Phrase) -> Iterable[Phrase]:
    """A form of several words with one or more of them abbreviated: `Ltd. Liability Partnership`."""
    if len(phrase.words) > 1 and any(word in _SHORT for word in phrase.words):
        options = product(*((word, *_SHORT.get(word, ())) for word in phrase.words))
        yield from (Phrase(words, phrase.kind, phrase.key) for words in islice(options, 1, None))


# What no firm is called: a form that lost one of its words is known by these.
_FORM_ONLY = re.compile(
    r"liability|stock|o[gt]+ranic\w+|otvetst\w+|a[ck]t?s[iy]\w*ner\w+|beschrankter|haftung|unitarnoe"
)


def _one_word_short(phrase: Phrase) -> Iterable[Phrase]:
    """The phrase without each of its words, as far as what is left is still no name: `Limited Liability`,
    `Liability Company`, `Obshchestvo s otvetstvennostyu`."""
    words = phrase.words
    if len(words) < 3:
        return
    for at in range(len(words)):
        left = (*words[:at], *words[at + 1 :])
        if any(_FORM_ONLY.fullmatch(word) for word in left) and sum(map(len, left)) >= _SHORTEST_FORM:
            yield Phrase(left, phrase.kind, phrase.key)


# "Dr. A.Q. Khan Research Laboratories" is the same laboratory without the title; General and Prince of a company's
# name are words like any other.
_TITLES_IN_ORGANIZATIONS = ("title:dr", "title:prof", "title:mr", "title:mrs")


@cache
def organization_book() -> PhraseBook:
    """What is looked for in names of organizations and of parties of unknown kind."""
    inner = [p for p in word_phrases() if p.kind is not Kind.TITLE or p.key in _TITLES_IN_ORGANIZATIONS]
    shortened = (short for phrase in legal_phrases() for short in _words_shortened(phrase))
    return PhraseBook([*legal_phrases(), *place_phrases(), *inner], exact=shortened)


# In, To, Im, Ba and the like are names of persons.
_NOT_IN_PERSONS = ("particle:number", "particle:in", "particle:for", "particle:imeni")


@cache
def person_book() -> PhraseBook:
    """What is looked for in names of persons: titles and particles; No, Hao, In and Im are names there."""
    return PhraseBook(
        [p for p in word_phrases() if p.kind in (Kind.TITLE, Kind.PARTICLE) and p.key not in _NOT_IN_PERSONS]
    )


_GENERAL = (Kind.BODY, Kind.SECTOR, Kind.ADJECTIVE, Kind.FILLER)


@lru_cache(maxsize=4096)
def words_of_phrase(key: str) -> tuple[str, ...]:
    """The keys of the single words that a general phrase is written with (`charitable` and `foundation` of
    "charitable foundation"; scientific, research, production and enterprise of an NPP). Empty where its first
    spelling has one word, or where some of its words are no general ones by themselves."""
    book = organization_book()
    found: dict[str, None] = {}
    for number, phrase in enumerate(_by_key().get(key, ())):
        if phrase.kind not in _GENERAL or (number == 0 and len(phrase.words) == 1):
            continue
        singles = [book.at([word], 0) for word in phrase.words]
        keys = [s.key for s in singles if s and s.kind in _GENERAL and s.key != phrase.key]
        small = sum(s is not None and s.kind is Kind.PARTICLE for s in singles)
        if len(keys) > 1 and len(keys) + small == len(singles) and (number == 0 or found):
            found |= dict.fromkeys(keys)
    return tuple(found)


@cache
def _by_key() -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in word_phrases():
        found.setdefault(phrase.key, []).append(phrase)
    return found
