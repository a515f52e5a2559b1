"""The score of two names: the probability that they are of one party, as far as the names tell.

Read aloud: *what two names have in common speaks for them by how rare it is; a slip, a word that only one of them
has, and above all what differs speaks against; the sum is a probability* (Fellegi and Sunter 1969). The table of
what each signal adds is `data/signals.tsv`; `kernels.compare` measures the signals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from stopship.matching.evidence import Band
from stopship.matching.kernels import columns as k
from stopship.matching.kernels import compiled, room
from stopship.matching.kernels.names import compare
from stopship.matching.kernels.scores import graded, may_compare, weigh_up
from stopship.matching.prepare import Prepared, PreparedName, flags_of_role
from stopship.matching.table import weight_array, weight_list
from stopship.names import Kind

# Measured without any country on 6,000 customers of the last fifth (half companies, half persons), on the full US
# list of 2026-07-31: 5.2 of 1,000 alert at 0.80, 5 at 0.81, 10 at 0.69 and 1 at 0.92. Recall by class is in
# decision 008.
DEFAULT_THRESHOLD = 0.80
STRONG = 0.87
SAYS_ENOUGH = 1.5
SURE = 2.4  # two distinctive words say who is meant, whatever else is spelled otherwise

HOW = (
    "", "same", "synonym", "translated", "fuzzy", "fuzzy", "sound", "bones", "initial", "glued", "glued", "cut",
    "gender", "usual", "heard",
)  # fmt: skip
# Signals that say that the two names differ in what they can't differ in.
CONTRADICTIONS = {
    k.S_NUMBER_DIFFERENT: "number",
    k.S_PLACE_DIFFERENT: "place",
    k.S_PLACE_WITHIN: "place_level",
    k.S_OVER_WORD_BOTH: "word",
    k.S_GENDER: "gender",
    k.S_USUAL: "gender",
    k.S_OVER_GENERAL_BOTH: "trade",
    k.S_SYLLABLE: "syllable",
    k.S_MONONYM: "mononym",
}
_FORMS = ("same", "class", "absent", "different")


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens of the two names that belong together, by number. `how`: same, synonym, translated, fuzzy, sound,
    bones, heard, initial, glued, gender, usual, cut."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    how: str


@dataclass(frozen=True, slots=True)
class NameScore:
    """The comparison of two readings before anything but the names is looked at.

    `amounts` are those of the signals, in the order of the table; `logit` is their weighted sum; `says` is the
    information of what the names have in common, in ten bits.
    """

    score: float
    band: Band
    logit: float
    says: float
    left: Prepared
    right: Prepared
    pairs: tuple[Pair, ...]
    left_over: tuple[int, ...]
    right_over: tuple[int, ...]
    amounts: tuple[float, ...]
    known: int

    @property
    def rank(self) -> tuple[int, float]:
        """Sorts best first: exact before all else, then by score."""
        return (0 if self.band is Band.EXACT else 1, -self.score)

    @property
    def contradictions(self) -> tuple[str, ...]:
        """What differs that can't differ: number, place, place_level, word, gender, trade, syllable, mononym."""
        return tuple(dict.fromkeys(name for at, name in CONTRADICTIONS.items() if self.amounts[at] > 0))

    @property
    def legal(self) -> str:
        """How the legal forms relate: same, class, absent, different."""
        forms = self.amounts[k.S_FORM_CLASS : k.S_FORM_DIFFERENT + 1]
        return next((name for name, amount in zip(_FORMS[1:], forms, strict=True) if amount), "same")

    @property
    def joined(self) -> bool:
        """Whether the names have the same letters as a whole, and not the same words."""
        return bool(self.known & k.IS_JOINED) and not self.known & k.IS_EXACT


def known_of(left: Prepared, right: Prepared, *, exact: bool = False, joined: bool = False) -> int:
    """The kernels' flags of two readings."""
    return (
        (k.IS_PERSON if left.person and right.person else 0)
        | (k.IS_EXACT if exact else 0)
        | (k.IS_JOINED if joined else 0)
        | flags_of_role(left.role)
        | flags_of_role(right.role)
        | left.first * k.FIRST_A
        | right.first * k.FIRST_B
    )


def least_logit(score: float) -> float:
    """The log-odds below which no name reaches a score."""
    score = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(score / (1 - score))


def score_readings(left: Prepared, right: Prepared, known: int) -> NameScore:
    """Compare two readings, with all that the explanation needs. Symmetric.

    `known` is what `known_of` says of them. The number is the same as the kernels' compiled form gives.
    """
    of_pairs, of_scratch = room(len(left.tokens), len(right.tokens))
    amounts, pairs, scratch = [0.0] * k.SIGNALS, [0] * of_pairs, [0] * of_scratch
    count = compare(*left.lists, *right.lists, known, amounts, pairs, scratch)
    weights = weight_list()
    table = k.SIGNALS if known & k.IS_PERSON else 0
    logit = weigh_up(amounts, weights, table)
    found = tuple(
        Pair(tuple(range(i, i + many)), tuple(range(j, j + more)), HOW[how])
        for i, many, j, more, how in (pairs[5 * p : 5 * p + 5] for p in range(count))
    )
    ours = {i for pair in found for i in pair.left}
    theirs = {j for pair in found for j in pair.right}
    says = amounts[k.S_SAYS]
    score = graded(logit, amounts, known)
    scored = NameScore(
        score,
        Band.WEAK,
        logit,
        says,
        left,
        right,
        found,
        tuple(i for i in range(len(left.tokens)) if i not in ours),
        tuple(j for j in range(len(right.tokens)) if j not in theirs),
        tuple(amounts),
        known,
    )
    return _with_band(scored)


_SAYS_NOTHING = (Kind.LEGAL, Kind.PARTICLE, Kind.TITLE)
_SAYS_LITTLE_BUT_FILLERS = (*_SAYS_NOTHING, Kind.LEVEL)
_SAYS_LITTLE = (*_SAYS_LITTLE_BUT_FILLERS, Kind.FILLER)


def _with_band(scored: NameScore) -> NameScore:
    band = _band(scored)
    if scored.known & (k.IS_PART | k.IS_LETTERS) and band is Band.STRONG:
        band = Band.MEDIUM
    return NameScore(
        scored.score, band, scored.logit, scored.says, scored.left, scored.right, scored.pairs,
        scored.left_over, scored.right_over, scored.amounts, scored.known,
    )  # fmt: skip


def _band(scored: NameScore) -> Band:
    if scored.known & k.IS_EXACT:
        return Band.EXACT
    if scored.score < DEFAULT_THRESHOLD:
        return Band.WEAK
    left, right = scored.left.tokens, scored.right.tokens
    over = [left[i].kind for i in scored.left_over] + [right[j].kind for j in scored.right_over]
    sure_kinds = ("same", "synonym", "glued")
    spelled = [p for p in scored.pairs if p.how not in sure_kinds]
    met = [left[i].kind for p in scored.pairs for i in p.left] + [
        right[j].kind for p in scored.pairs for j in p.right
    ]
    if scored.joined or (not spelled and all(kind in _SAYS_LITTLE_BUT_FILLERS for kind in over)):
        core = scored.joined or any(kind not in _SAYS_NOTHING for kind in met)
        if core and not scored.known & k.IS_ACRONYM and (scored.joined or not scored.contradictions):
            short = scored.says < SAYS_ENOUGH and scored.legal == "different"  # SEB SA and OOO SEB
            return Band.MEDIUM if short else Band.STRONG
    sure = sum(_information(scored, p) for p in scored.pairs if p.how in ("same", "glued"))
    # A filler too many is only a spelling where more than one word says who it is, or nothing else differs.
    allowed = _SAYS_LITTLE if scored.legal == "same" or sure >= SURE else _SAYS_LITTLE_BUT_FILLERS
    if (
        scored.score >= STRONG
        and not scored.contradictions
        and all(kind in allowed for kind in over)
        and all(p.how in ("fuzzy", "sound") for p in spelled)
        and (not spelled or sure >= SURE)
    ):
        return Band.STRONG
    return Band.MEDIUM


def _information(scored: NameScore, pair: Pair) -> float:
    ours = sum(scored.left.info[i] for i in pair.left)
    return min(ours, sum(scored.right.info[j] for j in pair.right))


def best_reading(left: PreparedName, right: PreparedName) -> NameScore:
    """Compare all readings of two names of things of one kind and keep the best."""
    exact, joined = same_words(left, right)
    scores = [
        score_readings(
            ours,
            theirs,
            known_of(ours, theirs, exact=exact, joined=joined),
        )
        for ours in left.readings
        for theirs in right.readings
        if comparable(ours.role, theirs.role)
    ]
    return min(scores, key=lambda s: s.rank)


def same_words(left: PreparedName, right: PreparedName) -> tuple[bool, bool]:
    """Whether two names have the same words in any order, and whether they have the same letters."""
    one, other = left.analyzed, right.analyzed
    return not set(one.exact_keys).isdisjoint(other.exact_keys), bool(one.joined) and one.joined == other.joined


def score_pair(left: PreparedName, right: PreparedName) -> float:
    """The score of two prepared names, without the explanation: the same number as `best_reading` gives, from
    the compiled kernels. The first call ever compiles for some seconds."""
    _scores, best_score = compiled()
    exact, joined = same_words(left, right)
    known = (k.IS_EXACT if exact else 0) | (k.IS_JOINED if joined else 0)
    buffers = _buffers(left.longest, right.longest)
    return float(best_score(*left.arrays, *right.arrays, known, weight_array(), *buffers))


@lru_cache(maxsize=4096)
def _buffers(ours: int, theirs: int) -> tuple[Any, Any, Any]:
    of_pairs, of_scratch = room(ours, theirs)
    return np.zeros(k.SIGNALS), np.zeros(of_pairs, np.int64), np.zeros(of_scratch, np.int64)


def comparable(ours: str, theirs: str) -> bool:
    """Whether readings of these roles may be compared."""
    return may_compare(k.ROLES.index(ours), k.ROLES.index(theirs))
