"""The score of two names: coverage of both sides, contradictions, and how much was compared.

Read aloud: *two names score by the share of their weight that pairs up; different numbers, places, given names or
distinctive words take from it; another legal form takes almost nothing; and a match of common words counts for
less than a match of rare ones.*
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stopship.matching.compare.places import places_relation
from stopship.matching.compare.schemas import reads_as_person
from stopship.matching.compare.tokens import GLUED, INITIAL_REST, Alignment, Pair, align, pair_remaining
from stopship.matching.evidence import Band
from stopship.matching.weights import Weighed, reweigh, weigh
from stopship.model.values import Schema
from stopship.names import AnalyzedName, Kind, Token
from stopship.names.legal_forms import relation as form_relation

# Chosen on four fifths of the development corpora, by a hash of the name; the figures are of the last fifth,
# against the full US list of 2026-07-31 (25,766 entities), without any country:
# - alerts per 1,000: 9.5 of 2,000 customers, half companies, half persons (scorer-1: 6.5 of the same);
# - recall, 150 listed names of each kind: order, diacritics, look-alikes, joined, split, legal form 1.00; one
#   letter left out .93, swapped .98; initials .96; a general word left out .94, added .89; a word left out .67
#   (scorer-1: .48), two slips .61 (.47), the last third cut off .71 (.45).
# The threshold stays where scorer-1 had it. The fit to labelled pairs is still to come.
DEFAULT_THRESHOLD = 0.80
STRONG = 0.90

# What a contradiction leaves of the score.
CONTRADICTION: dict[str, float] = {
    "number": 0.60,  # CETC 38th and 14th institute
    "place": 0.60,  # Urumqi and Karamay bureaus; Huawei Device (Dongguan) and (Shenzhen)
    "place_level": 0.80,  # the bureau of Xinjiang and that of its city Urumqi
    "word": 0.85,  # each side has a distinctive word that the other lacks
    "gender": 0.75,  # Ivan and Ivana
    "trade": 0.90,  # each side has a line of business, a body or a filler that the other lacks
    "syllable": 0.80,  # a name in Han that would have to be misspelt: Junli and Jundi
    "mononym": 0.85,  # a person listed under one name only, and a full name that holds it
}
# What a difference of legal form leaves of the score.
LEGAL: dict[str, float] = {"same": 1.0, "class": 0.99, "absent": 0.985, "different": 0.97}
# The same where the one distinctive word is only spelled alike: then everything else must speak for a slip.
LEGAL_UNSURE: dict[str, float] = {"same": 1.0, "class": 0.93, "absent": 0.93, "different": 0.90}
UNSURE_MORE = 0.95  # and any other word is left over
UNSURE_HEAD = 0.96  # and the slip is in the first letter, where slips are rare (Pollock and Zamora 1984)
# An acronym in brackets stands for the name, but other names have the same letters.
ACRONYM = 0.90
# A name inside a name ("c/o X", "formerly X") is named by the party itself, but is not the party's own name.
PART = 0.95
# The same tokens rank above all that is only alike, graded by how much they say. On the tuning part, of 3,000
# customers who are not on the lists, 1 of 1,000 scored 0.84 by likeness.
EXACT_FROM = 0.90
# A name that says little can't score high, unless nothing but the legal form differs.
SAYS_ENOUGH, SAYS_ALL = 0.90, 1.80
LITTLE = {"person": 0.15, "other": 0.35}
GRADED = 0.10
# A word that only one name has counts in full where what the names share says so much or less, and LEFT_OUT of its
# weight where it says so much or more; CUT_OFF where one name is the beginning of the other.
LEFT_OUT_FROM, LEFT_OUT_TO = 1.00, 1.60
LEFT_OUT, CUT_OFF = 0.45, 0.30
CUT_WORD = 0.70  # likeness of a word to its first letters, at least
CUT_LETTERS = 3
CUT_NAME = 8  # no form cuts a name to fewer letters: SACO is not Sacos cut short
# A patronymic is seldom given outside of Russia and its neighbours.
PATRONYMIC = 0.35
_PATRONYMIC = re.compile(r".{3}(ovich|evich|yevich|ovych|evych|ovna|evna|yevna|ivna|ich|zade|oglu|ogly|kyzy)$")
SURE = 1.50  # two distinctive words say who is meant, whatever else is spelled otherwise
ENOUGH_NAMES = 3  # with three other names the same, Maia is a slip for Maria
MISSING_WORD = 0.40  # a left-over word of this weight is a different word, not a spelling


@dataclass(frozen=True, slots=True)
class NameScore:
    """The comparison of two readings before anything but the names is looked at."""

    score: float
    band: Band
    alignment: Alignment
    left: Weighed
    right: Weighed
    contradictions: tuple[str, ...]
    legal: str
    says: float
    joined: bool

    @property
    def rank(self) -> tuple[int, float]:
        """Sorts best first: exact before all else, then by score."""
        return (0 if self.band is Band.EXACT else 1, -self.score)


def score_readings(
    left: Weighed,
    right: Weighed,
    *,
    person: bool,
    exact: bool,
    joined: bool = False,
    acronym: bool = False,
    by_sound: bool = False,
    part: bool = False,
) -> NameScore:
    """Compare two readings. Symmetric.

    Args:
        person: whether both may be persons: initials, romanization habits and given names count.
        exact: whether the whole names have the same tokens.
        joined: whether the whole names have the same letters, with words joined or split somewhere.
        acronym: whether one of them is an acronym out of the other name's brackets.
        by_sound: whether one of them was written in Han: then no slip of the pen makes one syllable of another.
        part: whether one of them is a name inside the other party's name: who acts for a firm, or was once
            called so, may be another party, so it never confirms.
    """
    cut, broken = (False, None) if exact or joined else _cut(left, right)
    alignment = pair_remaining(left, right, align(left, right, person, broken))
    meant_left, meant_right = _slips(left, right, alignment)
    if meant_left or meant_right:
        left, right = reweigh(left, meant_left), reweigh(right, meant_right)
    matched, total_left, total_right, says, initials = 0.0, left.total, right.total, 0.0, False
    for pair in alignment.pairs:
        ours, theirs = pair_weights(left, right, pair)
        total_left += ours - sum(left.weights[i] for i in pair.left)
        total_right += theirs - sum(right.weights[j] for j in pair.right)
        matched += pair.likeness * (ours + theirs)
        says += min(sum(left.says[i] for i in pair.left), sum(right.says[j] for j in pair.right))
        initials = initials or pair.how == "initial"
    found = _contradictions(left, right, alignment, person)
    paired = sum(sum(pair_weights(left, right, pair)) for pair in alignment.pairs)
    over = max(0.0, total_left + total_right - paired)
    if person:
        over -= (1 - PATRONYMIC) * _patronymics(left, right, alignment)
    kept = _left_out(left, right, alignment, says, found, cut)
    total = paired + kept * over
    coverage = matched / total if total else 0.0
    legal = form_relation(_forms(left), _forms(right))
    if by_sound and any(pair.how in ("fuzzy", "usual", "sound") for pair in alignment.pairs):
        found.append("syllable")
    if joined and not exact:
        coverage, found, legal = max(coverage, GLUED), [], "same"
        says = max(says, min(sum(left.says), sum(right.says)))
    # One word alone may be anything: what is known of persons' names needs two of them.
    named = person and _words(left) > 1 and _words(right) > 1
    unsure = not named and not joined and _unsure(left, right, alignment)
    score = coverage * (LEGAL_UNSURE if unsure else LEGAL)[legal]
    if unsure and _leaves_more(left, right, alignment):
        score *= UNSURE_MORE
    if unsure and legal != "same" and _other_head(left, right, alignment):
        score *= UNSURE_HEAD
    for contradiction in found:
        score *= CONTRADICTION[contradiction]
    same_core = joined or (not found and _same_core(left, right, alignment))
    score *= 1 - GRADED + GRADED * min(1.0, says / SAYS_ALL)
    if not same_core and not exact:
        little = LITTLE["person" if named and not initials else "other"]
        score *= 1 - little + little * min(1.0, says / SAYS_ENOUGH)
    if acronym and not (exact or joined):
        score *= ACRONYM
        same_core = False
    score = EXACT_FROM + (1 - EXACT_FROM) * min(1.0, says / SAYS_ALL) if exact else min(score, 0.9999)
    if part and not exact:
        score *= PART
    band = _band(score, exact, same_core, left, right, alignment, found, legal, says)
    if part and band is Band.STRONG:
        band = Band.MEDIUM
    return NameScore(score, band, alignment, left, right, tuple(found), legal, says, joined and not exact)


def _left_out(
    left: Weighed, right: Weighed, alignment: Alignment, says: float, found: list[str], cut: bool
) -> float:
    """What a word that only one of the names has counts, as a share of its weight.

    A party leaves a word out or adds one; that tells two names apart less the more the other words say. Where both
    names have words of their own, or anything else contradicts, each counts in full.
    """
    small = _SAYS_LITTLE
    ours = any(left.tokens[i].kind not in small for i in alignment.left_over)
    theirs = any(right.tokens[j].kind not in small for j in alignment.right_over)
    if found or (ours and theirs):
        return 1.0
    if any(pair.how in ("usual", "gender") for pair in alignment.pairs):
        return 1.0
    sure = min(1.0, max(0.0, says - LEFT_OUT_FROM) / (LEFT_OUT_TO - LEFT_OUT_FROM))
    least = CUT_OFF if cut else LEFT_OUT
    return 1.0 - (1.0 - least) * sure


def _patronymics(left: Weighed, right: Weighed, alignment: Alignment) -> float:
    """The weight of patronymics that only one of two persons' names has, where a given name and a surname are in
    both: Golubev, Vasiliy (Yuryevich)."""
    same = sum(pair.how != "initial" and _distinctive(left, right, pair) for pair in alignment.pairs)
    if same < 2 or (alignment.left_over and alignment.right_over):
        return 0.0
    ours = sum(left.weights[i] for i in alignment.left_over if _PATRONYMIC.search(left.tokens[i].text))
    theirs = sum(right.weights[j] for j in alignment.right_over if _PATRONYMIC.search(right.tokens[j].text))
    return ours + theirs


def _letters(name: Weighed) -> int:
    return sum(len(token.text) for token in name.tokens if token.kind is not Kind.LEGAL)


def _cut(left: Weighed, right: Weighed) -> tuple[bool, Pair | None]:
    """Whether one name is the beginning of the other, and the pair of the word in which it breaks off, if it does.

    Payment systems and forms cut names at a fixed length: the last word may be cut too, to three letters at least.
    """
    short = min(len(left.tokens), len(right.tokens))
    if min(_letters(left), _letters(right)) < CUT_NAME:
        return False, None
    for number, (one, other) in enumerate(zip(left.tokens, right.tokens, strict=False)):
        if one.text == other.text or one.key == other.key:
            continue
        shorter, longer = sorted((one.text, other.text), key=len)
        broken = left if shorter == one.text else right
        at_end = number == len(broken.tokens) - 1 and (short == len(broken.tokens) or number == short - 1)
        plain = shorter.isalpha() and Kind.INITIAL not in (one.kind, other.kind)
        if at_end and plain and len(shorter) >= CUT_LETTERS and longer.startswith(shorter):
            weight = len(shorter) / len(longer)
            return True, Pair((number,), (number,), CUT_WORD + (1 - CUT_WORD) * weight, "cut")
        return False, None
    return short < max(len(left.tokens), len(right.tokens)), None


def _slips(left: Weighed, right: Weighed, alignment: Alignment) -> tuple[dict[int, Token], dict[int, Token]]:
    """Words that are slips for a general word, place or body of the other name, by number, with what they
    stand for."""
    ours: dict[int, Token] = {}
    theirs: dict[int, Token] = {}
    for pair in alignment.pairs:
        one, other = left.tokens[pair.left[0]], right.tokens[pair.right[0]]
        if pair.how != "fuzzy" or one.kind is other.kind:
            continue
        if one.kind is Kind.WORD:
            ours[pair.left[0]] = Token(one.text, other.kind, other.key)
        elif other.kind is Kind.WORD:
            theirs[pair.right[0]] = Token(other.text, one.kind, one.key)
    return ours, theirs


def pair_weights(left: Weighed, right: Weighed, pair: Pair) -> tuple[float, float]:
    """What a pair weighs on each side. A misspelt word weighs what the word it stands for weighs."""
    ours = sum(left.weights[i] for i in pair.left)
    theirs = sum(right.weights[j] for j in pair.right)
    if pair.how == "same":
        return ours, theirs
    smaller = min(ours, theirs)
    if pair.how == "initial":
        return smaller + INITIAL_REST * (ours - smaller), smaller + INITIAL_REST * (theirs - smaller)
    return smaller, smaller


def _forms(name: Weighed) -> frozenset[str]:
    return frozenset(t.key for t in name.tokens if t.kind is Kind.LEGAL)


def _contradictions(left: Weighed, right: Weighed, alignment: Alignment, person: bool) -> list[str]:
    found: list[str] = []
    ours = [(left.tokens[i], left.weights[i]) for i in alignment.left_over]
    theirs = [(right.tokens[j], right.weights[j]) for j in alignment.right_over]
    if any(t.kind is Kind.NUMBER for t, _ in ours) and any(t.kind is Kind.NUMBER for t, _ in theirs):
        found.append("number")
    relation = places_relation(
        [t.key for t, _ in ours if t.kind is Kind.PLACE], [t.key for t, _ in theirs if t.kind is Kind.PLACE]
    )
    if relation == "different":
        found.append("place")
    elif relation == "within" and left.alone and right.alone:
        found.append("place_level")
    if any(t.kind is Kind.WORD and w >= MISSING_WORD for t, w in ours) and any(
        t.kind is Kind.WORD and w >= MISSING_WORD for t, w in theirs
    ):
        found.append("word")
    trade = (Kind.SECTOR, Kind.BODY, Kind.FILLER, Kind.ADJECTIVE)
    if any(t.kind in trade for t, _ in ours) and any(t.kind in trade for t, _ in theirs):
        found.append("trade")
    if person and (
        _one_word(left, theirs) or _one_word(right, ours) or _one_word_and_titles(left, right, alignment)
    ):
        found.append("mononym")
    if person and any(pair.how in ("gender", "usual") for pair in alignment.pairs):
        same = sum(p.how in ("same", "sound") and _distinctive(left, right, p) for p in alignment.pairs)
        if same < ENOUGH_NAMES:
            found.append("gender")
    return found


def _words(name: Weighed) -> int:
    return sum(token.kind in (Kind.WORD, Kind.INITIAL) for token in name.tokens)


def _one_word(name: Weighed, others: list[tuple[Token, float]]) -> bool:
    """Whether a name is a single word and the other one has another word beside it."""
    return len(name.tokens) == 1 and any(t.kind is Kind.WORD for t, _ in others)


def _one_word_and_titles(left: Weighed, right: Weighed, alignment: Alignment) -> bool:
    """Whether two names of persons share one word, and each has a title or particle that the other lacks: Qasim
    El-Sayed and Abu Qasim."""
    small = (Kind.TITLE, Kind.PARTICLE)
    return (
        sum(_distinctive(left, right, pair) for pair in alignment.pairs) == 1
        and any(left.tokens[i].kind in small for i in alignment.left_over)
        and any(right.tokens[j].kind in small for j in alignment.right_over)
    )


def _other_head(left: Weighed, right: Weighed, alignment: Alignment) -> bool:
    return any(
        pair.how == "fuzzy" and left.tokens[pair.left[0]].text[0] != right.tokens[pair.right[0]].text[0]
        for pair in alignment.pairs
    )


def _leaves_more(left: Weighed, right: Weighed, alignment: Alignment) -> bool:
    over = [left.tokens[i].kind for i in alignment.left_over] + [
        right.tokens[j].kind for j in alignment.right_over
    ]
    return any(kind not in _SAYS_NOTHING for kind in over)


def _unsure(left: Weighed, right: Weighed, alignment: Alignment) -> bool:
    """Whether no distinctive word is the same on both sides, and one is only spelled alike."""
    spelled = [p for p in alignment.pairs if p.how in ("fuzzy", "usual") and _distinctive(left, right, p)]
    return bool(spelled) and not any(
        p.how in ("same", "glued") and _distinctive(left, right, p) for p in alignment.pairs
    )


def _distinctive(left: Weighed, right: Weighed, pair: Pair) -> bool:
    """Whether a pair is of distinctive words, on either side."""
    kinds = [left.tokens[i].kind for i in pair.left] + [right.tokens[j].kind for j in pair.right]
    return Kind.WORD in kinds


_SAYS_NOTHING = (Kind.LEGAL, Kind.PARTICLE, Kind.TITLE)
_SAYS_LITTLE_BUT_FILLERS = (*_SAYS_NOTHING, Kind.LEVEL)
_SAYS_LITTLE = (*_SAYS_LITTLE_BUT_FILLERS, Kind.FILLER)


def _same_core(left: Weighed, right: Weighed, alignment: Alignment) -> bool:
    """Whether nothing but legal forms, particles and titles differs."""
    if not alignment.pairs:
        return False
    over = [left.tokens[i] for i in alignment.left_over] + [right.tokens[j] for j in alignment.right_over]
    paired = [left.tokens[i].kind for pair in alignment.pairs for i in pair.left]
    paired += [right.tokens[j].kind for pair in alignment.pairs for j in pair.right]
    core = any(kind not in _SAYS_NOTHING for kind in paired) or (not over and left.alone and right.alone)
    return (
        core
        and all(t.kind in _SAYS_NOTHING for t in over)
        and all(pair.how in ("same", "synonym", "glued") for pair in alignment.pairs)
    )


def _band(
    score: float,
    exact: bool,
    same_core: bool,
    left: Weighed,
    right: Weighed,
    alignment: Alignment,
    contradictions: list[str],
    legal: str,
    says: float,
) -> Band:
    if exact:
        return Band.EXACT
    if same_core and score >= DEFAULT_THRESHOLD:
        short = says < SAYS_ENOUGH and legal == "different"  # SEB SA and OOO SEB: three letters, two companies
        return Band.MEDIUM if short else Band.STRONG
    over = [left.tokens[i] for i in alignment.left_over] + [right.tokens[j] for j in alignment.right_over]
    spelling = [p for p in alignment.pairs if p.how not in ("same", "synonym", "glued")]
    same = [p for p in alignment.pairs if p.how in ("same", "glued")]
    sure = sum(min(sum(left.says[i] for i in p.left), sum(right.says[j] for j in p.right)) for p in same)
    # A filler too many is only a spelling where more than one word says who it is, or nothing else differs.
    allowed = _SAYS_LITTLE if legal == "same" or sure >= SURE else _SAYS_LITTLE_BUT_FILLERS
    if (
        score >= STRONG
        and not contradictions
        and all(t.kind in allowed for t in over)
        and all(p.how in ("fuzzy", "sound") for p in spelling)
        and (not spelling or sure >= SURE)
    ):
        return Band.STRONG
    return Band.MEDIUM if score >= DEFAULT_THRESHOLD else Band.WEAK


def best_reading(
    left: AnalyzedName, right: AnalyzedName, entities: Callable[[str], int], *, schema: Schema
) -> NameScore:
    """Compare all readings of two names of things of one kind and keep the best."""
    exact = not set(left.exact_keys).isdisjoint(right.exact_keys)
    scores = [
        score_readings(
            weigh(ours.tokens, entities),
            weigh(theirs.tokens, entities),
            person=reads_as_person(schema, ours.tokens) and reads_as_person(schema, theirs.tokens),
            exact=exact,
            joined=bool(left.joined) and left.joined == right.joined,
            acronym="acronym" in (ours.role, theirs.role),
            by_sound="sound" in (ours.role, theirs.role),
            part="part" in (ours.role, theirs.role),
        )
        for ours in left.readings
        for theirs in right.readings
        if comparable(ours.role, theirs.role)
    ]
    return min(scores, key=lambda s: s.rank)


_PARTIAL = ("short", "acronym")


def comparable(ours: str, theirs: str) -> bool:
    """Whether readings of these roles may be compared: what stands in the brackets of one name may be left out
    only where the other name has none."""
    if ours == theirs == "part":  # one agent may act for two firms
        return False
    if ours in _PARTIAL:
        return theirs not in (*_PARTIAL, "bracketed")
    return theirs not in _PARTIAL or ours != "bracketed"
