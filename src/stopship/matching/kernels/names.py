"""Two names: where one breaks off, how their forms relate, and which tokens belong together."""

from __future__ import annotations

from typing import Any

import numpy as np

from stopship.matching.kernels.columns import (
    A_NAME,
    CUT,
    FILLER,
    FLAGS,
    IN_USE,
    INITIAL,
    IS_EXACT,
    IS_JOINED,
    IS_PERSON,
    KEY,
    KIND,
    LENGTH,
    LETTERS,
    NOT,
    NUMBER,
    SAME,
    SIGNALS,
    START,
    SYNONYM,
    TEXT,
    TRANSLATED,
    TRUST,
    USUAL,
    WIDTH,
)
from stopship.matching.kernels.signals import measure
from stopship.matching.kernels.words import glue, meet, phrase_of, same_letters, words_of


def cut_at(
    rows_a: Any, chars_a: Any, tokens_a: Any, rows_b: Any, chars_b: Any, tokens_b: Any, person: bool
) -> int:
    """Where one name breaks off: the number of the word that is cut, -1 between two words, -2 nowhere.

    Payment systems and forms cut names at a fixed length, so one name is the beginning of the other.
    """
    count_a, count_b = len(tokens_a), len(tokens_b)
    short = min(count_a, count_b)
    letters_a, letters_b = 0, 0
    for i in range(count_a):
        letters_a += rows_a[tokens_a[i] * WIDTH + LENGTH]
    for j in range(count_b):
        letters_b += rows_b[tokens_b[j] * WIDTH + LENGTH]
    if min(letters_a, letters_b) < 5:
        return -2
    for k in range(short):
        a, b = tokens_a[k] * WIDTH, tokens_b[k] * WIDTH
        if rows_a[a + TEXT] == rows_b[b + TEXT] or rows_a[a + KEY] == rows_b[b + KEY]:
            continue
        length_a, length_b = rows_a[a + LENGTH], rows_b[b + LENGTH]
        broken_a = length_a < length_b
        at_end = k == (count_a if broken_a else count_b) - 1
        least = min(length_a, length_b)
        plain = (rows_a[a + FLAGS] if broken_a else rows_b[b + FLAGS]) & LETTERS
        whole = rows_a[a + KIND] != INITIAL and rows_b[b + KIND] != INITIAL
        whole = whole and rows_a[a + KIND] != NUMBER and rows_b[b + KIND] != NUMBER  # II is not III cut short
        # Where nothing follows, one or two letters more are a slip, and a person's name in use is another name
        # (Khalid and Khalid al-Din).
        in_use = (rows_a[a + FLAGS] if broken_a else rows_b[b + FLAGS]) & (IN_USE | USUAL) != 0
        another = person and in_use and least >= A_NAME
        lacks = (abs(length_a - length_b) > 2 and not another) or count_a != count_b
        if at_end and plain and whole and lacks and length_a != length_b:
            if same_letters(chars_a, rows_a[a + START], chars_b, rows_b[b + START], least):
                return k
        return -2
    return -1 if count_a != count_b else -2


def phrase_options(
    rows_a: Any,
    info_a: Any,
    tokens_a: Any,
    free_a: Any,
    rows_b: Any,
    info_b: Any,
    tokens_b: Any,
    free_b: Any,
    swapped: bool,
    gains: Any,
    scratch: Any,
    options: int,
) -> int:
    """Adds what may meet as a general phrase and its words to the options of `compare`; returns their number.
    `swapped`: the phrase is in the first name."""
    for j in range(len(tokens_b)):
        if not free_b[j]:
            continue
        b = tokens_b[j] * WIDTH
        for i in range(len(tokens_a)):
            if not free_a[i]:
                continue
            length = phrase_of(rows_a, tokens_a, free_a, i, rows_b, b)
            if length == 0:
                continue
            words = 0
            weight = 0.0
            for k in range(i, i + length):
                weight += info_a[tokens_a[k]]
                if rows_a[tokens_a[k] * WIDTH + KIND] <= FILLER:
                    words += 1
            how = SYNONYM if words > 1 and words >= words_of(rows_b, b) - 1 else TRANSLATED
            gains[options] = TRUST[how] * (0.05 + min(weight, info_b[tokens_b[j]]))
            at = 64 + 5 * options
            scratch[at], scratch[at + 1], scratch[at + 2] = (j, 1, i) if swapped else (i, length, j)
            scratch[at + 3], scratch[at + 4] = length if swapped else 1, how
            options += 1
    return options


def compare(
    rows_a: Any,
    info_a: Any,
    chars_a: Any,
    tokens_a: Any,
    rows_b: Any,
    info_b: Any,
    chars_b: Any,
    tokens_b: Any,
    known: int,
    amounts: Any,
    pairs: Any,
    scratch: Any,
) -> int:
    """Align two names one to one and measure every signal. Symmetric.

    Args:
        known: the flags `IS_PERSON` ... of the two names.
        amounts: takes the amount of each signal (`SIGNALS` floats).
        pairs: takes the pairs, five integers each: first token and count on either side, how they meet. Room for
            `5 * (count_a + count_b + 1)`.
        scratch: room for `5 * (7 * count_a * count_b + 1)` and 64 integers more.

    Returns:
        The number of pairs.
    """
    person = known & IS_PERSON != 0
    count_a, count_b = len(tokens_a), len(tokens_b)
    free_a = np.ones(count_a, np.uint8)
    free_b = np.ones(count_b, np.uint8)
    for k in range(SIGNALS):
        amounts[k] = 0.0
    found = 0
    cut = -2
    if known & (IS_EXACT | IS_JOINED) == 0:
        cut = cut_at(rows_a, chars_a, tokens_a, rows_b, chars_b, tokens_b, person)
    if cut >= 0:
        pairs[0], pairs[1], pairs[2], pairs[3], pairs[4] = cut, 1, cut, 1, CUT
        free_a[cut], free_b[cut] = 0, 0
        found = 1
    for i in range(count_a):  # the same words first
        if not free_a[i]:
            continue
        text = rows_a[tokens_a[i] * WIDTH + TEXT]
        for j in range(count_b):
            if free_b[j] and rows_b[tokens_b[j] * WIDTH + TEXT] == text:
                at = 5 * found
                pairs[at], pairs[at + 1], pairs[at + 2], pairs[at + 3], pairs[at + 4] = i, 1, j, 1, SAME
                free_a[i], free_b[j] = 0, 0
                found += 1
                break
    # Everything else that may meet, best first: (gain, i, count, j, count, how), in `scratch` and `gains`.
    most = count_a * count_b * 7 + 1  # each two tokens, runs of two and three either way, phrases either way
    gains = np.empty(most, np.float64)
    options = 0
    for i in range(count_a):
        if not free_a[i]:
            continue
        a = tokens_a[i] * WIDTH
        for j in range(count_b):
            if not free_b[j]:
                continue
            b = tokens_b[j] * WIDTH
            how = meet(rows_a, chars_a, a, rows_b, chars_b, b, person)
            if how != NOT:
                gains[options] = TRUST[how] * (0.05 + min(info_a[tokens_a[i]], info_b[tokens_b[j]]))
                at = 64 + 5 * options
                scratch[at], scratch[at + 1], scratch[at + 2] = i, 1, j
                scratch[at + 3], scratch[at + 4] = 1, how
                options += 1
    for length in range(2, 4):
        for i in range(count_a - length + 1):
            usable = True
            weight = 0.0
            for k in range(i, i + length):
                usable = usable and free_a[k] != 0
                weight += info_a[tokens_a[k]]
            if not usable:
                continue
            for j in range(count_b):
                if free_b[j]:
                    b = tokens_b[j] * WIDTH
                    how = glue(rows_a, chars_a, tokens_a, i, length, rows_b, chars_b, b, scratch)
                    if how != NOT:
                        gains[options] = 1.01 * TRUST[how] * (0.05 + min(weight, info_b[tokens_b[j]]))
                        at = 64 + 5 * options
                        scratch[at], scratch[at + 1], scratch[at + 2] = i, length, j
                        scratch[at + 3], scratch[at + 4] = 1, how
                        options += 1
        for j in range(count_b - length + 1):
            usable = True
            weight = 0.0
            for k in range(j, j + length):
                usable = usable and free_b[k] != 0
                weight += info_b[tokens_b[k]]
            if not usable:
                continue
            for i in range(count_a):
                if free_a[i]:
                    a = tokens_a[i] * WIDTH
                    how = glue(rows_b, chars_b, tokens_b, j, length, rows_a, chars_a, a, scratch)
                    if how != NOT:
                        gains[options] = 1.01 * TRUST[how] * (0.05 + min(weight, info_a[tokens_a[i]]))
                        at = 64 + 5 * options
                        scratch[at], scratch[at + 1], scratch[at + 2] = i, 1, j
                        scratch[at + 3], scratch[at + 4] = length, how
                        options += 1
    if not person:
        options = phrase_options(
            rows_a, info_a, tokens_a, free_a, rows_b, info_b, tokens_b, free_b, False, gains, scratch, options
        )
        options = phrase_options(
            rows_b, info_b, tokens_b, free_b, rows_a, info_a, tokens_a, free_a, True, gains, scratch, options
        )
    while True:
        best, best_gain, best_low, best_high = -1, 0.0, 0, 0
        for option in range(options):
            if gains[option] < best_gain or gains[option] <= 0.0:
                continue
            at = 64 + 5 * option
            one = rows_a[tokens_a[scratch[at]] * WIDTH + TEXT]
            other = rows_b[tokens_b[scratch[at + 2]] * WIDTH + TEXT]
            low, high = min(one, other), max(one, other)
            # Equal gains are taken in an order that doesn't depend on which name comes first.
            if gains[option] == best_gain and (low > best_low or (low == best_low and high >= best_high)):
                continue
            usable = True
            for k in range(scratch[at], scratch[at] + scratch[at + 1]):
                usable = usable and free_a[k] != 0
            for k in range(scratch[at + 2], scratch[at + 2] + scratch[at + 3]):
                usable = usable and free_b[k] != 0
            if not usable:
                gains[option] = 0.0
                continue
            best, best_gain, best_low, best_high = option, gains[option], low, high
        if best < 0:
            break
        at, to = 64 + 5 * best, 5 * found
        for k in range(5):
            pairs[to + k] = scratch[at + k]
        for k in range(scratch[at], scratch[at] + scratch[at + 1]):
            free_a[k] = 0
        for k in range(scratch[at + 2], scratch[at + 2] + scratch[at + 3]):
            free_b[k] = 0
        found += 1
        gains[best] = 0.0
    measure(
        rows_a, info_a, chars_a, tokens_a, rows_b, info_b, chars_b, tokens_b,
        known, amounts, pairs, found, free_a, free_b, cut,
    )  # fmt: skip
    return found
