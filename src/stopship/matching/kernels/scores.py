"""From amounts to log-odds and the score, for one pair of names or many."""

from __future__ import annotations

import math
from typing import Any

from stopship.matching.kernels.columns import (
    CAP,
    EXACT_FROM,
    FIRST_A,
    FIRST_B,
    FIRST_MOST,
    GRADED,
    HIGHEST,
    IS_ACRONYM,
    IS_EXACT,
    IS_JOINED,
    IS_LETTERS,
    IS_PART,
    IS_PERSON,
    IS_SOUND,
    JOINED,
    PART,
    R_ACRONYM,
    R_BRACKETED,
    R_CAPITALS,
    R_LETTERS,
    R_PART,
    R_SHORT,
    ROLE_BIT,
    ROLE_MOST,
    S_CORE,
    S_GENDER,
    S_NUMBER_DIFFERENT,
    S_PLACE_DIFFERENT,
    S_SAYS,
    SAYS_ALL,
    SIGNALS,
)
from stopship.matching.kernels.names import compare


def weigh_up(amounts: Any, weights: Any, first: int) -> float:
    """The log-odds of measured signals; `first` is where the table begins. What can't differ caps them."""
    total = 0.0
    for k in range(SIGNALS):
        total += amounts[k] * weights[first + k]
    if amounts[S_NUMBER_DIFFERENT] + amounts[S_PLACE_DIFFERENT] + amounts[S_GENDER] > 0 and total > CAP:
        total = CAP
    return total


def graded(logit: float, amounts: Any, known: int) -> float:
    """Log-odds to the score: the probability, held back by up to `GRADED` where the names have little in common,
    so that how much was compared counts too; the same words have a range of their own."""
    enough: float = min(1.0, amounts[S_SAYS] / SAYS_ALL)
    same = EXACT_FROM + (1.0 - EXACT_FROM) * enough
    if known & IS_EXACT:
        return same
    alike = HIGHEST * (1.0 - GRADED + GRADED * enough) / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))
    if known & IS_PART:
        alike *= PART
    if known & IS_LETTERS and amounts[S_CORE] == 0:
        alike = 0.0  # initials with a slip are other initials
    if known & IS_JOINED:
        alike = max(alike, JOINED * same)
    return alike


def may_compare(ours: int, theirs: int) -> bool:
    """Whether readings of these roles (numbers in `ROLES`) may be compared: what stands in the brackets of one
    name may be left out only where the other name has none, and one agent may act for two firms."""
    if ours >= R_LETTERS or theirs >= R_LETTERS:
        return ours + theirs == R_LETTERS + R_CAPITALS
    if ours == R_PART and theirs == R_PART:
        return False
    partial_a, partial_b = ours == R_SHORT or ours == R_ACRONYM, theirs == R_SHORT or theirs == R_ACRONYM
    if partial_a:
        return not partial_b and theirs != R_BRACKETED
    return not partial_b or ours != R_BRACKETED


def scores(
    rows_a: Any,
    info_a: Any,
    chars_a: Any,
    tokens_a: Any,
    rows_b: Any,
    info_b: Any,
    chars_b: Any,
    reading_at: Any,
    reading_tokens: Any,
    wanted: Any,
    known: Any,
    weights: Any,
    out: Any,
    amounts: Any,
    pairs: Any,
    scratch: Any,
) -> None:
    """The scores of one reading against many readings of an index.

    `wanted` are the numbers of the readings, `known` their flags, `weights` the table for organizations and then
    the one for persons (`2 * SIGNALS`), `out` takes the scores.
    """
    for n in range(len(wanted)):
        reading = wanted[n]
        tokens_b = reading_tokens[reading_at[reading] : reading_at[reading + 1]]
        compare(
            rows_a, info_a, chars_a, tokens_a, rows_b, info_b, chars_b, tokens_b, known[n], amounts, pairs, scratch
        )
        logit = weigh_up(amounts, weights, SIGNALS if known[n] & IS_PERSON else 0)
        out[n] = graded(logit, amounts, known[n])


def best_score(
    rows_a: Any,
    info_a: Any,
    chars_a: Any,
    tokens_a: Any,
    at_a: Any,
    flags_a: Any,
    rows_b: Any,
    info_b: Any,
    chars_b: Any,
    tokens_b: Any,
    at_b: Any,
    flags_b: Any,
    known: int,
    weights: Any,
    amounts: Any,
    pairs: Any,
    scratch: Any,
) -> float:
    """The best score of any two readings of two names that may be compared.

    `flags` of a reading: what its role adds to `known`, `IS_PERSON` where it may be a person's, from `ROLE_BIT` on
    its role, and from `FIRST_A` on where the first given name stands.
    """
    best = 0.0
    for i in range(len(flags_a)):
        for j in range(len(flags_b)):
            if not may_compare((flags_a[i] // ROLE_BIT) % ROLE_MOST, (flags_b[j] // ROLE_BIT) % ROLE_MOST):
                continue
            person = flags_a[i] & flags_b[j] & IS_PERSON
            flags = known | ((flags_a[i] | flags_b[j]) & (IS_ACRONYM | IS_LETTERS | IS_PART | IS_SOUND)) | person
            flags |= (flags_a[i] & FIRST_A * FIRST_MOST) | (flags_b[j] & FIRST_A * FIRST_MOST) * (
                FIRST_B // FIRST_A
            )
            compare(
                rows_a, info_a, chars_a, tokens_a[at_a[i] : at_a[i + 1]],
                rows_b, info_b, chars_b, tokens_b[at_b[j] : at_b[j + 1]],
                flags, amounts, pairs, scratch,
            )  # fmt: skip
            logit = weigh_up(amounts, weights, SIGNALS if person else 0)
            best = max(best, graded(logit, amounts, flags))
    return best
