"""The most that two tokens, and two names, can add to the log-odds: what a search may leave out without comparing.

Each bound mirrors `signals.measure` and `differences.leave_over` from above: what is only known in part counts as
if it spoke for the match. The search that they steer is tested against the reference.
"""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.columns import (
    A_PLACE,
    BONES,
    BOTH_USUAL,
    CAP,
    FILLER,
    FIRST_LETTER,
    FLAGS,
    FUZZY_1,
    FUZZY_2,
    GENDER,
    GLUED,
    GLUED_FUZZY,
    HEARD,
    IN_USE,
    KIND,
    LEGAL,
    LENGTH,
    LISTED,
    NUMBER,
    S_BASE,
    S_BONES,
    S_BONES_COUNT,
    S_CONTAINED,
    S_CORE,
    S_COVERAGE,
    S_COVERAGE_LOW,
    S_CUT_LONG,
    S_FORM_SAME,
    S_FUZZY,
    S_FUZZY2_LONG,
    S_FUZZY2_MIDDLE,
    S_FUZZY2_SHORT,
    S_FUZZY_IN_USE,
    S_FUZZY_LONG,
    S_FUZZY_MIDDLE,
    S_FUZZY_SHORT,
    S_FUZZY_TINY,
    S_GENDER,
    S_GENERAL,
    S_GLUED,
    S_GLUED_COUNT,
    S_HEARD,
    S_HEARD_COUNT,
    S_HEARD_GENERAL,
    S_INITIAL,
    S_INITIALS,
    S_INITIALS_ONLY,
    S_MISSING,
    S_NEARLY,
    S_NO_WORD,
    S_NUMBERS,
    S_ONE_WORD,
    S_OVER_CUT,
    S_OVER_CUT_BITS,
    S_OVER_GENERAL,
    S_OVER_GENERAL_BOTH,
    S_OVER_INITIAL,
    S_OVER_PATRONYMIC,
    S_OVER_WORD,
    S_OVER_WORD_BOTH,
    S_PLACES,
    S_SIDE_LOW,
    S_SMALL,
    S_SOUND,
    S_SOUND_COUNT,
    S_SYNONYM,
    S_TRANSLATED,
    S_UNSURE,
    S_USUAL,
    S_WHOLE,
    S_WORDS,
    S_WORDS_CAPPED,
    SIGNALS,
    SOUNDS,
    SYNONYM,
    TEN_BITS_CAP,
    TRANSLATED,
    WORD,
)

SOLID, SPELLED = 1, 2  # whether a pair is the same word, or one spelled differently


def most_of_pair(
    how: int, rows_a: Any, a: int, info_a: float, rows_b: Any, b: int, info_b: float, weights: Any, t: int
) -> float:
    """The most that a pair of tokens that meet in this way adds by itself; `t` is where the table begins."""
    kind_a, kind_b = rows_a[a + KIND], rows_b[b + KIND]
    kind = max(kind_a, kind_b)
    says = min(info_a, info_b)
    longest = max(rows_a[a + LENGTH], rows_b[b + LENGTH])
    if how == GLUED or how == GLUED_FUZZY:
        return float(weights[t + S_GLUED] * says + weights[t + S_GLUED_COUNT])
    if how == FIRST_LETTER:
        return float(weights[t + S_INITIAL])
    if how == GENDER:
        return float(weights[t + S_GENDER])
    if how == BOTH_USUAL:
        return float(weights[t + S_USUAL])
    if how == SOUNDS:
        return float(weights[t + S_SOUND] * says + weights[t + S_SOUND_COUNT])
    if (how == HEARD or how == BONES) and kind != WORD:
        return float(weights[t + S_GENERAL] * says + weights[t + S_HEARD_GENERAL])
    if how == HEARD:
        return float(weights[t + S_HEARD] * says + weights[t + S_HEARD_COUNT])
    if how == BONES:
        return float(weights[t + S_BONES] * says + weights[t + S_BONES_COUNT])
    if how == FUZZY_1 or how == FUZZY_2:
        more = weights[t + S_FUZZY] * says
        if kind_a == WORD and kind_b == WORD and rows_a[a + FLAGS] & (IN_USE | LISTED):
            if rows_b[b + FLAGS] & (IN_USE | LISTED):
                more += weights[t + S_FUZZY_IN_USE]
        if how == FUZZY_1:
            at = S_FUZZY_LONG
            if longest <= 3:
                at = S_FUZZY_TINY
            elif longest <= 5:
                at = S_FUZZY_SHORT
            elif longest <= 7:
                at = S_FUZZY_MIDDLE
        else:
            at = S_FUZZY2_LONG
            if longest <= 6:
                at = S_FUZZY2_SHORT
            elif longest <= 8:
                at = S_FUZZY2_MIDDLE
        return float(more + weights[t + at])
    if kind == WORD:
        return float(weights[t + S_WORDS] * says + weights[t + S_WORDS_CAPPED] * min(says, TEN_BITS_CAP))
    if kind == NUMBER:
        return float(weights[t + S_NUMBERS] * says)
    if kind == A_PLACE:
        return float(weights[t + S_PLACES] * says)
    if kind <= FILLER:
        more = 0.0
        if how == SYNONYM:
            more = weights[t + S_SYNONYM]
        elif how == TRANSLATED:
            more = weights[t + S_TRANSLATED]
        return float(weights[t + S_GENERAL] * says + more)
    return float(weights[t + S_SMALL]) if kind != LEGAL else 0.0


def class_of(how: int, kind_a: int, kind_b: int) -> int:
    """Whether a pair counts as the same word, as a word spelled differently, or as no word (0)."""
    if how == GLUED or how == GLUED_FUZZY or how == SOUNDS:
        return SOLID
    if how == FIRST_LETTER or how == GENDER or how == BOTH_USUAL:
        return 0
    if how == HEARD or how == BONES or how == FUZZY_1 or how == FUZZY_2:
        return SPELLED if kind_a == WORD and kind_b == WORD else 0
    return SOLID if kind_a == WORD and kind_b == WORD else 0


def most_of_names(
    gains: float,
    solid: int,
    spelled: int,
    over_a: int,
    over_b: int,
    initials: int,
    bits_over: float,
    general_a: float,
    general_b: float,
    share_a: float,
    share_b: float,
    share: float,
    forms: bool,
    cut: float,
    numbers: bool,
    weights: Any,
    t: int,
) -> float:
    """The most that two names reach in log-odds.

    Args:
        gains: what their pairs add at most.
        solid, spelled: how many pairs are the same words, and words spelled differently, at most.
        over_a, over_b: how many distinctive words each has, at least, that the other lacks.
        initials: how many initials may stand for such words.
        bits_over: information of the words that only one of them has, at least.
        general_a, general_b: information of general words that only one has, at least.
        share_a, share_b, share: how much of each, and of both together, meets, at most (0 to 1).
        forms: whether both have legal forms, or none is known.
        cut: how far they may be the same before one of them breaks off (as `signals.cut_letters`); -1 where none
            does.
        numbers: whether each has a number that the other lacks.
        weights: both tables; `t` is where the one that counts begins.
    """
    total: float = gains + weights[t + S_BASE] + weights[t + S_COVERAGE]
    if forms:
        total += weights[t + S_FORM_SAME]
    if solid == 0:
        total += weights[t + S_NO_WORD]
        if spelled > 0:
            total += weights[t + S_UNSURE]
        elif bits_over > 0.0:
            total += weights[t + S_MISSING] * bits_over
    elif solid == 1 and spelled == 0:
        total += weights[t + S_ONE_WORD]
    over_a, over_b = max(0, over_a - initials), max(0, over_b - initials)
    both = min(over_a, over_b)
    more = max(over_a, over_b) - both
    word = weights[t + S_OVER_WORD]
    if t > 0:
        word = max(word, weights[t + S_OVER_PATRONYMIC])  # of persons only
    general = max(general_a, general_b)
    least_general = min(general_a, general_b)
    left: float = (
        more * word
        + both * weights[t + S_OVER_WORD_BOTH]
        + weights[t + S_OVER_GENERAL] * general
        + min(0.0, weights[t + S_OVER_GENERAL_BOTH] - weights[t + S_OVER_GENERAL]) * least_general
    )
    if both == 0:
        if initials > 0:
            total += initials * max(0.0, weights[t + S_INITIAL])
            left = max(left, more * weights[t + S_OVER_INITIAL])
        if cut >= 0.0:
            long = weights[t + S_CUT_LONG] * cut
            beyond = weights[t + S_OVER_CUT_BITS] * (bits_over + 0.5 * general)
            left = max(left, more * weights[t + S_OVER_CUT] + beyond + long)
    total += left
    if over_a + over_b == 0:
        besides = max(weights[t + S_CORE], weights[t + S_WHOLE], weights[t + S_CONTAINED], weights[t + S_NEARLY])
        if initials > 0:
            besides = max(besides, weights[t + S_INITIALS])
            besides += weights[t + S_INITIALS_ONLY]
        total += besides
    else:
        total += max(0.0, weights[t + S_CONTAINED])
    total += weights[t + S_SIDE_LOW] * max(0.0, 0.6 - min(share_a, share_b))
    total += weights[t + S_COVERAGE_LOW] * max(0.0, 0.6 - share)
    if numbers and total > CAP:
        total = CAP
    return total


def table_of(person: bool) -> int:
    """Where the table for persons, or for others, begins."""
    return SIGNALS if person else 0
