"""How common a word is in names at large, whatever list is loaded.

Counts of corpora (`background.tsv`) and a table of the commonest names of persons (`common_names.tsv`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from operator import add

from stopship.names.tables import rows

_SMOOTH = 20.0  # how many sightings of two letters the third one's general frequency is worth
_FATHER_OF = re.compile(r"(?:abou|abu|abi|umm|oum)(?:[ae]l)?(?=[a-z]{3})")
_ANY_GIVEN_NAME = 25  # of 100,000 bear a given name of the table that no count knows
_ARTICLE = re.compile(r"[ae]l(?=[bcdfghjkmnqrstwxyz][a-z]{3})")
_WOMANS = re.compile(r"(?<=ov|ev|in|yn)a\Z")
_FATHERS_OF_ONE = 4  # of so many who are named so one is called the father of one by many
_STRANGE = 9.0  # bits of two letters that no word has


@cache
def _frequencies() -> dict[str, int]:
    counts = {word: int(count) for word, count in rows("background.tsv")}
    common: dict[str, int] = {}
    for count, words in rows("common_names.tsv"):
        for word in words.split():
            counts[word] = max(counts.get(word, 0), int(count))
            common[word] = int(count)
    # A rarer spelling of a common name is a common name too: half as much as the commonest spelling.
    for (spellings,) in rows("name_families.tsv"):
        words_of_family = spellings.split()
        commonest = max(common.get(word, 0) for word in words_of_family)
        for word in words_of_family if commonest else ():
            counts[word] = max(counts.get(word, 0), commonest // 2)
    return counts


def per_100_000(word: str) -> int:
    """In how many of 100,000 names of companies or persons (the larger of the two) a plain word stands; 0 =
    rare. Abu Ali is as common as fathers of an Ali are, Petrova as Petrov, Alharbi as half of Harbi."""
    counts = _frequencies()
    if counted := counts.get(word, 0):
        return counted
    if son := _FATHER_OF.match(word):
        return counts.get(word[son.end() :], 0) // _FATHERS_OF_ONE
    if word in _given_names():
        return _ANY_GIVEN_NAME
    return counts.get(_WOMANS.sub("", word), 0) or counts.get(_ARTICLE.sub("", word), 0) // 2


def is_usual(word: str) -> bool:
    """Whether a plain word is one that names at large use: then it is hardly a slip of the pen for another
    word."""
    return word in _frequencies()


def is_in_use(word: str) -> bool:
    """Whether names at large hold a plain word at all, however rarely: then a word like it is hardly a slip."""
    return word in _frequencies() or word in _in_use()


@cache
def _in_use() -> frozenset[str]:
    return frozenset(word for (words,) in rows("words_in_use.tsv") for word in words.split(" "))


@cache
def _given_names() -> frozenset[str]:
    return frozenset(name for _sex, _where, names in rows("given_names.tsv") for name in names.split())


@cache
def _letters() -> dict[str, float]:
    """Bits of each letter after the two before it, from the words that names at large use: by Kneser and Ney's
    idea what counts is in how many words letters follow each other, not how common the words are."""
    text = "".join([f"^{word}$" for word in _frequencies()])
    singles = Counter(text)
    pairs = _inside(map(add, text, text[1:]))
    triples = _inside(map(add, map(add, text, text[1:]), text[2:]))
    del singles["^"]
    whole = singles.total()
    after: Counter[str] = Counter()
    for pair, count in pairs.items():
        after[pair[0]] += count
    before: Counter[str] = Counter()
    for triple, count in triples.items():
        before[triple[:2]] += count
    chance = {
        pair: (count + _SMOOTH * singles[pair[1]] / whole) / (after[pair[0]] + _SMOOTH)
        for pair, count in pairs.items()
    }
    bits = {pair: -math.log2(share) for pair, share in chance.items()}
    for triple, count in triples.items():
        share = (count + _SMOOTH * chance[triple[1:]]) / (before[triple[:2]] + _SMOOTH)
        bits[triple] = -math.log2(share)
    return bits


def _inside(letters: Iterable[str]) -> Counter[str]:
    """How often letters follow each other inside of words, of words written one behind the other."""
    counts = Counter(letters)
    return Counter({found: count for found, count in counts.items() if "$^" not in found})


def letter_bits(word: str) -> float:
    """How many bits the letters of a word take that names at large don't use: short words of usual letters few,
    long or strange ones many. It says how likely a stranger's name has the word by chance."""
    bits = _letters()
    padded = f"^{word}$"
    total = 0.0
    for at in range(1, len(padded)):
        total += bits.get(padded[max(0, at - 2) : at + 1]) or bits.get(padded[at - 1 : at + 1], _STRANGE) + (
            at > 1
        )
    return total
