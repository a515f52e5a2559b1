"""How much a token says about who is meant: its information, in units of ten bits.

A word that one name in a thousand has says ten bits: log2(1000), as inverse document frequency does (Spärck Jones
1972). Names at large and the loaded lists are counted together. Kinds of tokens that no corpus counts well have a
fixed figure.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from stopship.names import Kind, Token
from stopship.names.background import is_usual, letter_bits, per_100_000
from stopship.names.families import families_of
from stopship.names.patronymics import father, father_keys, is_father
from stopship.names.places import level

SCORER_VERSION = "scorer-6"

# Information of tokens that aren't counted, in ten bits.
FIXED: dict[Kind, float] = {
    Kind.NUMBER: 0.60,
    Kind.LEVEL: 0.10,
    Kind.INITIAL: 0.35,
    Kind.TITLE: 0.05,
    Kind.PARTICLE: 0.05,
    Kind.LEGAL: 0.0,
}
PLACES: dict[str, float] = {"country": 0.45, "region": 0.65, "prefecture": 0.90, "city": 0.80, "county": 1.10}
UNKNOWN_PLACE = 0.80
# The least and the most that a general word says, however rare it is in the corpora.
GENERAL: dict[Kind, tuple[float, float]] = {
    Kind.BODY: (0.30, 0.70),
    Kind.SECTOR: (0.30, 0.75),
    Kind.ADJECTIVE: (0.30, 0.70),
    Kind.FILLER: (0.20, 0.40),
}
# A word of many listed entities is often a family of companies (Sberbank, Huawei), not a common word: each of them
# counts for so much of a name at large, and not more than so many do.
SHARE, FAMILY = 0.01, 40
# A word that names at large don't use says what its letters say (`background.letter_bits`), on this line, because
# strangers use the same strange words more often than their letters alone would.
LETTERS_FROM, LETTERS_SLOPE = 2.5, 0.6
LEAST_BITS, MOST_BITS = 3.0, 24.0
# A father's name says little.
_OF_A_FATHER = re.compile(r"(.{3,}?)(?:(?:[oe]|ye)v(?:i|y)ch|(?:ov|ev|yev|iv)na|(ich|ichna)|zade|oglu|ogly|kyzy)$")
_FATHERS = ("", "a", "o", "y", "i", "iy", "ii", "ei", "ey", "ya", "el", "il")  # Nikita, Yuri, Sergei, Pavel
FATHERS_NAME = 0.5
UNSEEN = 0.005  # of 100,000 names at large have a word that the corpora don't hold
RAREST = 0.5  # the same for a general word


def information(token: Token, entities: int) -> float:
    """What a token says that stands in so many entities of the lists, in ten bits: 0 to 2.4."""
    return _information(token.text, token.kind, token.key, min(entities, FAMILY))


@lru_cache(maxsize=16_384)
def _information(text: str, kind: Kind, key: str, entities: int) -> float:
    if kind in FIXED:
        return FIXED[kind]
    if kind is Kind.PLACE:
        return PLACES.get(level(key), UNKNOWN_PLACE)
    if kind in GENERAL:
        least, most = GENERAL[kind]
        return min(most, max(least, _bits(per_100_000(text) + RAREST)))
    if is_patronymic(text):
        return FATHERS_NAME
    counted = per_100_000(text)
    seen = _bits(counted + SHARE * entities + UNSEEN)
    lettered = max(LEAST_BITS, min(MOST_BITS, LETTERS_FROM + LETTERS_SLOPE * letter_bits(text))) / 10
    return min(seen, lettered)


@lru_cache(maxsize=4_096)
def is_patronymic(word: str) -> bool:
    """Whether a plain word is a father's name with an ending (Petrovich, Aliyevna) and no surname that ends alike
    (Milosevich): the father's name is one that names at large use."""
    found = _OF_A_FATHER.fullmatch(word)
    if not found and not is_father(word):
        return False
    stem = found[1] if found else father(word)[0]
    ends = ("a",) if found and found[2] else _FATHERS  # Ilyich, of Ilya; but Heinrich
    fathers = [stem + end for end in ends]
    usual = any(is_usual(name) or any(key[0] == "f" for key in families_of(name)) for name in fathers)
    return usual or bool(father_keys(word))


def _bits(per_100_000_names: float) -> float:
    return max(0.0, math.log2(100_000 / per_100_000_names)) / 10
