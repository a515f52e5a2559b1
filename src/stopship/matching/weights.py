"""What each part of a name weighs. The whole table is here; `score` only adds up.

A distinctive word weighs 1 when it is rare and less the more common it is in the lists and in names at large;
every other kind of token has a fixed weight. The figures were chosen on the tuning four fifths of the development
corpora (`docs` of `score.DEFAULT_THRESHOLD` has the measurement), and are superseded, never edited: see
`SCORER_VERSION`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stopship.names import Kind, Token
from stopship.names.background import per_100_000
from stopship.names.places import level

SCORER_VERSION = "scorer-2"

# Weight of a token beside distinctive words.
BESIDE: dict[Kind, float] = {
    Kind.NUMBER: 0.60,  # a number tells two institutes, plants or vessels apart: never less than half a word
    Kind.PLACE: 0.15,
    Kind.BODY: 0.22,
    Kind.SECTOR: 0.30,  # "energy", "bank": Siemens Energy is not Siemens
    Kind.ADJECTIVE: 0.18,
    Kind.FILLER: 0.08,  # "technology", "group": missing one hardly matters
    Kind.LEVEL: 0.05,
    Kind.INITIAL: 0.15,
    Kind.TITLE: 0.02,
    Kind.PARTICLE: 0.03,
    Kind.LEGAL: 0.0,
}
# Weight of a token in a name without any distinctive word: there place, body and trade words are all there is.
ALONE: dict[Kind, float] = {
    Kind.NUMBER: 0.90,
    Kind.PLACE: 0.80,
    Kind.BODY: 0.45,
    Kind.SECTOR: 0.45,
    Kind.ADJECTIVE: 0.45,
    Kind.FILLER: 0.18,
    Kind.LEVEL: 0.06,
    Kind.INITIAL: 0.30,
    Kind.TITLE: 0.10,
    Kind.PARTICLE: 0.10,
    Kind.LEGAL: 0.02,
}
# How much a token says about who is meant, in the same unit: bounds how sure a match can be.
SAYS: dict[Kind, float] = {
    Kind.NUMBER: 0.25,
    Kind.PLACE: 0.20,
    Kind.BODY: 0.15,
    Kind.SECTOR: 0.18,
    Kind.ADJECTIVE: 0.14,
    Kind.FILLER: 0.08,
    Kind.INITIAL: 0.10,
}
# Place and body of an authority ("Karamay Public Security Bureau") identify it.
AUTHORITY_PLACE, AUTHORITY_BODY = 0.60, 0.35
# A word of many listed entities is often a family of companies (Sberbank, Huawei), not a common word: how sure
# a match of it can be counts only so many of them, and names at large in full.
FAMILY = 10
# A name has a distinctive word when its words weigh at least this much together.
DISTINCTIVE = 0.30
# The most that a word of one, two or three letters weighs: short words meet by chance.
SHORT = {1: 0.20, 2: 0.60, 3: 0.80}


def rarity(entities: int, text: str) -> float:
    """Weight of a distinctive word that stands in so many entities of the lists: 1.0 for a rare one, 0.25 at
    least.

    Logarithmic as inverse document frequency is (Spärck Jones 1972), over the lists and names at large together.
    """
    common = entities + per_100_000(text) / 4
    weight = max(0.25, 1.0 - 0.10 * math.log(1 + max(0.0, common - 1) / 2))
    return min(weight, SHORT.get(len(text), 1.0))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading with the weight of each token. `says` is how much each says about who is meant."""

    tokens: tuple[Token, ...]
    weights: tuple[float, ...]
    says: tuple[float, ...]
    total: float
    alone: bool


def weigh(tokens: Sequence[Token], entities: Callable[[str], int]) -> Weighed:
    """Weigh the tokens of a reading; `entities(text)` says in how many entities of the lists a word stands."""
    held = [entities(t.text) if t.kind is Kind.WORD else 0 for t in tokens]
    words = [rarity(n, t.text) if t.kind is Kind.WORD else 0.0 for t, n in zip(tokens, held, strict=True)]
    said = [
        rarity(min(n, FAMILY), t.text) if t.kind is Kind.WORD else 0.0 for t, n in zip(tokens, held, strict=True)
    ]
    return _weighed(tuple(tokens), words, said)


def reweigh(name: Weighed, meant: Mapping[int, Token]) -> Weighed:
    """The same reading with some words taken for the general words that they are slips for, by token number.

    `Coutny` says as little as `County`, and no longer makes the name one with a distinctive word.
    """
    tokens = tuple(meant.get(i, token) for i, token in enumerate(name.tokens))
    words = [w if t.kind is Kind.WORD else 0.0 for t, w in zip(tokens, name.weights, strict=True)]
    said = [w if t.kind is Kind.WORD else 0.0 for t, w in zip(tokens, name.says, strict=True)]
    return _weighed(tokens, words, said)


def _weighed(tokens: tuple[Token, ...], words: Sequence[float], said: Sequence[float]) -> Weighed:
    alone = sum(words) < DISTINCTIVE
    table = ALONE if alone else BESIDE
    weights = tuple(w or table[t.kind] for t, w in zip(tokens, words, strict=True))
    authority = alone and any(t.kind is Kind.BODY for t in tokens)
    says = tuple(w or _says(t, authority) for t, w in zip(tokens, said, strict=True))
    return Weighed(tokens, weights, says, sum(weights), alone)


def _says(token: Token, authority: bool) -> float:
    if authority and token.kind is Kind.PLACE and level(token.key) != "country":
        return AUTHORITY_PLACE
    if authority and token.kind is Kind.BODY:
        return AUTHORITY_BODY
    return SAYS.get(token.kind, 0.0)
