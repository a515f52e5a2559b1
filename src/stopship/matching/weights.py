"""How much a token says about who is meant: its information, in units of ten bits.

A word that one name in a thousand has says ten bits: log2(1000), as inverse document frequency does (Spärck Jones
1972). Names at large and the loaded lists are counted together. Kinds of tokens that no corpus counts well have a
fixed figure.
"""

from __future__ import annotations

import math
import re

from stopship.names import Kind, Token
from stopship.names.background import per_100_000
from stopship.names.places import level

SCORER_VERSION = "scorer-3"

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
# A word of many listed entities is often a family of companies (Sberbank, Huawei), not a common word: only so many
# of them count, each for so much of a name at large, and names at large in full.
FAMILY, SHARE = 10, 0.2
# The most that a short word says: short words meet by chance.
SHORT = {1: 0.35, 2: 0.80, 3: 1.10, 4: 1.30, 5: 1.45, 6: 1.55, 7: 1.65}
LONG_FROM, LONG_LETTER, LONG_MOST = 7, 0.06, 0.36  # a rare word says a little more the longer it is
# A father's name says little: so many of 100,000 names have the same one.
PATRONYMIC = re.compile(r".{3}(ovich|evich|yevich|ovych|evych|ovna|evna|yevna|ivna|ich|zade|oglu|ogly|kyzy)$")
PATRONYMICS = 60
RAREST = 0.5  # a word that the corpora don't hold: half a time in 100,000


def information(token: Token, entities: int) -> float:
    """What a token says that stands in so many entities of the lists, in ten bits: 0 to 2.12."""
    if token.kind in FIXED:
        return FIXED[token.kind]
    if token.kind is Kind.PLACE:
        return PLACES.get(level(token.key), UNKNOWN_PLACE)
    if token.kind in GENERAL:
        least, most = GENERAL[token.kind]
        return min(most, max(least, _bits(per_100_000(token.text) + RAREST)))
    letters = len(token.text)
    common = per_100_000(token.text) + SHARE * min(entities, FAMILY) + RAREST
    if PATRONYMIC.search(token.text):
        common += PATRONYMICS
    longer = min(LONG_MOST, LONG_LETTER * max(0, letters - LONG_FROM))
    return min(_bits(common) + longer, SHORT.get(letters, 3.0))


def _bits(per_100_000_names: float) -> float:
    return max(0.0, math.log2(100_000 / per_100_000_names)) / 10
