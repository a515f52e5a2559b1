"""General words that are abbreviated in the usual ways: `Constr.`, `Assocn`, `Mktg`, `Dvlpmnt`, `Inds`.

The rules are those of dictionaries of abbreviations: a word is cut behind a consonant, is written without its
vowels, or is cut and ends as the whole word does. What such letters stand for is only taken where one meaning is
left, never for a word that names at large use, and only for words that they do use: nobody abbreviates a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import NamedTuple

from stopship.names.background import is_usual, per_100_000
from stopship.names.phrases import Phrase, general_phrases, organization_book

_VOWELS = "aeiou"
_SHORTEST_STEM = 4  # letters before the sign for an end; shorter ones are in the table (dept, govt, intl)
_SHORTEST = 4  # letters of an abbreviation that no table knows; three are too often a name of its own
_SAFE = 5  # letters of one; four (Evraz, Start, GMCS and many an acronym) only of the commonest words
_COMMON = 100  # of 100,000 names at large hold such a word
_SHORTEST_IN_PHRASE = 3  # beside the other words of a phrase
_LONGEST = 8
_MOST_MEANINGS = 7  # ways to read a name with ambiguous abbreviations
_MANY_WORDS = 4  # of a name that may have general words only
# Words of their own that only begin like a general one.
_OWN = frozenset(
    ["photon", "stand", "train", "trains", "proper", "heal", "graph", "coats", "avian", "optron", "oriel", "vent"]
)
_LEFT_OUT = 3  # letters that an abbreviation saves at least
_SHORTEST_WHOLE = 7
_COMMONER = 5  # times as many names at large hold the meaning that is taken than any other
_SHARE = 0.6  # of the consonants of a word that its abbreviation without vowels keeps
# What stands for the end of a word behind its first letters.
_ENDS = (
    ("ions", ("ns", "tns")), ("ion", ("n", "tn")), ("ments", ("ts", "mts", "mnts")), ("ment", ("t", "mt", "mnt")),
    ("ings", ("gs", "ngs")), ("ing", ("g", "ng")), ("ional", ("l", "nl")), ("al", ("l",)), ("ity", ("ty", "y")),
    ("ry", ("ry", "y")), ("cy", ("cy", "y")), ("ance", ("ce", "nce")), ("ant", ("t", "nt")), ("ent", ("t", "nt")),
    ("ers", ("rs",)), ("er", ("r",)), ("ors", ("rs",)), ("or", ("r",)), ("ics", ("cs",)), ("ties", ("ts", "tys")),
    ("ries", ("rs", "rys")), ("ces", ("cs",)), ("ute", ("t", "te")), ("cal", ("cl",)), ("ure", ("r", "re")),
)  # fmt: skip


# Abbreviations with several meanings: those that the tables don't take first.
_OTHER_MEANINGS: dict[str, tuple[str, ...]] = {
    "assoc": ("association",), "comm": ("commercial",), "comp": ("company",), "com": ("commercial",),
    "cons": ("construction", "consulting"), "const": ("construction",), "contr": ("control",),
    "dist": ("distribution",), "distr": ("district",), "elec": ("electronic",), "elect": ("electronic",),
    "electr": ("electronic",), "eng": ("engine",), "ent": ("entertainment",), "exp": ("export",),
    "imp": ("import",), "ind": ("independent",), "ins": ("institute",), "inst": ("instrument",),
    "mar": ("marine",), "mat": ("material",), "mats": ("materials",), "met": ("metal",),
    "min": ("mining", "ministry"), "opt": ("optical",), "org": ("organization",), "pet": ("petroleum",),
    "prod": ("production",), "reg": ("regional",), "res": ("research",), "sci": ("scientific",),
    "sec": ("security",), "spec": ("special",), "tech": ("technical",), "techn": ("technical",),
    "trans": ("transport",),
}  # fmt: skip


def other_meanings(words: Sequence[str]) -> list[list[str]]:
    """The words of a name with what its ambiguous abbreviations may stand for besides what the tables take:
    `Kavan Elec. Co` may be Kavan Electronic Co. Nothing where the abbreviation is the only word that no table
    knows."""
    at = [i for i, word in enumerate(words) if word in _OTHER_MEANINGS]
    if not at or len(words) == 1:
        return []
    book = organization_book()
    held = [book.at([word], 0) is not None for word in words]
    if (
        not all(held[i] for i in at)
        and len(words) < _MANY_WORDS
        and all(held[i] or i in at for i in range(len(words)))
    ):
        return []  # Met Trading may well be called Met
    options = product(*((word, *_OTHER_MEANINGS.get(word, ())) for word in words))
    return [list(option) for option in islice(options, 1, 1 + _MOST_MEANINGS)]


@lru_cache(maxsize=8192)
def long_form(word: str) -> str:
    """The general word that an unknown word abbreviates, where only one meaning is likely; else "".

    Where several spellings of one meaning do, it is any of them.
    """
    if not _may_abbreviate(word, _SHORTEST) or word in _OWN or is_usual(word) or word in organization_book().words:
        return ""
    least = 1 if len(word) >= _SAFE else _COMMON
    meant: dict[str, tuple[int, str]] = {}
    for whole in _candidates(word):
        if whole.usual >= least and abbreviates(word, whole.text):
            meant[whole.key] = max(meant.get(whole.key, (0, "")), (whole.usual, whole.text))
    if not meant:
        return ""
    ranked = sorted(meant.values(), reverse=True)
    if len(ranked) > 1 and ranked[0][0] < _COMMONER * max(1, ranked[1][0]):
        return ""
    return ranked[0][1]


def abbreviates(short: str, whole: str, *, in_phrase: bool = False) -> bool:
    """Whether `short` is `whole` abbreviated: cut behind a consonant, without its vowels, or cut with its end."""
    if len(whole) - len(short) < _LEFT_OUT - in_phrase or short[0] != whole[0]:
        return False
    if not in_phrase and len(whole) < _SHORTEST_WHOLE:
        return False
    if short[-1] == "s" and whole[-1] == "s" and len(short) > _SHORTEST:
        short, whole = short[:-1], whole[:-1]
    if whole.startswith(short):
        return short[-1] not in _VOWELS
    least = _SHORTEST_IN_PHRASE if in_phrase else _SHORTEST_STEM
    for end, signs in _ENDS:
        if whole.endswith(end):
            for sign in signs:
                stem = short[: -len(sign)]
                if short.endswith(sign) and len(stem) >= least and whole[: -len(end)].startswith(stem):
                    return True
            break
    return _is_skeleton(short, whole)


def _is_skeleton(short: str, whole: str) -> bool:
    if len(short) < _SAFE or short[-1] != whole[-1] or not _has_no_vowels(short):
        return False
    consonants = [c for c in whole[1:] if c not in _VOWELS]
    letters = iter(consonants)
    return len(short) - 1 >= _SHARE * len(consonants) and all(c in letters for c in short[1:])


def abbreviated_phrase(words: Sequence[str], plain: Sequence[str], start: int) -> Phrase | None:
    """The general phrase that begins at word number `start` with some of its words abbreviated, at least one not:
    `Res. Inst.` is none, `Scientific Res. Inst.` is one. `plain` are the words as `PhraseBook.standard` has
    them."""
    book = organization_book()
    first = words[start]
    options = book.standard_phrases_from(plain[start])
    if begun := firsts(first):
        options = (*options, *(pair for whole in begun for pair in book.standard_phrases_from(whole)))
    if not options:
        return None
    for meant, phrase in options:
        length = len(meant)
        if start + length > len(words) or length != len(phrase.words):
            continue
        whole = 0
        for at in range(length):
            word = words[start + at]
            if plain[start + at] == meant[at]:
                whole += not plain[start + at].startswith("particle:")
            elif not (may_be_short(word) and abbreviates(word, phrase.words[at], in_phrase=True)):
                break
        else:
            if whole:
                return phrase
    return None


@lru_cache(maxsize=8192)
def may_be_short(word: str) -> bool:
    """Whether a word may be an abbreviation inside of a phrase; long known words are none."""
    return _may_abbreviate(word, _SHORTEST_IN_PHRASE) and (
        len(word) <= _SAFE or word not in organization_book().words
    )


@lru_cache(maxsize=8192)
def firsts(short: str) -> tuple[str, ...]:
    """The standard forms of the general words that begin a phrase and that a word may abbreviate; () for most."""
    if not may_be_short(short):
        return ()
    # What is cut shares its first letters with the whole word; only without vowels there may be others between.
    bare = _has_no_vowels(short) or _has_no_vowels(short.removesuffix("s"))
    letters = 1 if bare else _SHORTEST_IN_PHRASE
    alike = _beginners().get(short[:letters], ())
    return tuple(
        dict.fromkeys(key for whole, key in alike if abbreviates(short, whole, in_phrase=True)),
    )


@cache
def _beginners() -> dict[str, list[tuple[str, str]]]:
    """The first words of general phrases and their standard forms, by their first letter and their first three."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for plain, phrase in organization_book().standard_phrases():
        for letters in (1, _SHORTEST_IN_PHRASE):
            found.setdefault(phrase.words[0][:letters], {})[phrase.words[0], plain[0]] = None
    return {letters: list(pairs) for letters, pairs in found.items()}


def _has_no_vowels(short: str) -> bool:
    """None behind the first letter; a y is one inside (Tryg), not at the end (technlgy)."""
    return short[-1] not in _VOWELS and not any(c in "aeiouy" for c in short[1:-1])


def _may_abbreviate(word: str, shortest: int) -> bool:
    return shortest <= len(word) <= _LONGEST and word[-1] not in _VOWELS and word.isalpha()


class _Whole(NamedTuple):
    """A general word that may be abbreviated; in how many of 100,000 names at large it stands."""

    text: str
    key: str
    usual: int


def _candidates(word: str) -> Sequence[_Whole]:
    """General words that begin like a word; where it has no vowel, also those with its first and last letter."""
    alike = _by_beginning().get(word[:_SHORTEST_IN_PHRASE], ())
    if _has_no_vowels(word):
        return (*alike, *_by_ends().get((word[0], word[-1]), ()))
    return alike


@cache
def _wholes() -> tuple[_Whole, ...]:
    found = sorted((p for p in general_phrases() if len(p.words[0]) >= _SHORTEST_WHOLE), key=lambda p: p.words)
    return tuple(_Whole(p.words[0], p.key, per_100_000(p.words[0])) for p in found)


@cache
def _by_beginning() -> dict[str, tuple[_Whole, ...]]:
    found: dict[str, list[_Whole]] = {}
    for whole in _wholes():
        found.setdefault(whole.text[:_SHORTEST_IN_PHRASE], []).append(whole)
    return {beginning: tuple(alike) for beginning, alike in found.items()}


@cache
def _by_ends() -> dict[tuple[str, str], list[_Whole]]:
    found: dict[tuple[str, str], list[_Whole]] = {}
    for whole in _wholes():
        found.setdefault((whole.text[0], whole.text[-1]), []).append(whole)
    return found
