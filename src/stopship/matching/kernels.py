"""The inner loops of the scorer: two names as flat arrays to an alignment and the amounts of its signals.

Everything here is plain Python over flat sequences of numbers, and runs two ways: interpreted, on lists, where a
list is small, and compiled by numba, on arrays (`compiled()`). Both are the same code, so they give the same
number. Nothing here knows what the numbers mean in words: `signals.tsv` says so, in the order of the constants.

A token is a row of `WIDTH` integers (`START` ... `TEXT`) and one float, its information in units of ten bits. A
name is the sequence of the numbers of its tokens.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

# Columns of a token's row.
START, LENGTH, KIND, KEY, FLAGS, SOUND, BONE, PLACE, FORM, TEXT, WIDTH = 0, 1, 2, 3, 4, 5, 13, 17, 21, 22, 23
SOUND_KEYS, BONE_KEYS, PLACE_CHAIN = 8, 4, 4  # room for so many; 0 where there are fewer
# Kinds, in the order of `names.Kind`.
WORD, NUMBER, A_PLACE, BODY, SECTOR, ADJECTIVE, FILLER, LEVEL, INITIAL, TITLE, PARTICLE, LEGAL = range(12)
# Flags of a token.
USUAL, PINYIN, ABJAD, PATRONYMIC, SURNAME, LETTERS, OPEN_FORM = 1, 2, 4, 8, 16, 32, 64
# How two tokens meet.
(
    NOT, SAME, SYNONYM, TRANSLATED, FUZZY_1, FUZZY_2, SOUNDS, BONES, FIRST_LETTER, GLUED, GLUED_FUZZY, CUT,
    GENDER, BOTH_USUAL,
) = range(14)  # fmt: skip
# What is known of the two names as wholes.
IS_PERSON, IS_EXACT, IS_JOINED, IS_ACRONYM, IS_PART, IS_SOUND = 1, 2, 4, 8, 16, 32
# Roles of readings.
ROLES = ("full", "bracketed", "short", "acronym", "initials", "sound", "part")
R_BRACKETED, R_SHORT, R_ACRONYM, R_PART = 1, 2, 3, 6
ROLE_BIT = 64
# Signals, in the order of `signals.tsv`.
(
    S_BASE, S_WORDS, S_WORDS_CAPPED, S_NUMBERS, S_PLACES, S_GENERAL, S_SMALL,
    S_SYNONYM, S_TRANSLATED, S_FUZZY, S_FUZZY_TINY, S_FUZZY_SHORT, S_FUZZY_MIDDLE, S_FUZZY_LONG,
    S_FUZZY2_SHORT, S_FUZZY2_MIDDLE, S_FUZZY2_LONG, S_HEAD, S_SLIP_GENERAL,
    S_SOUND, S_SOUND_COUNT, S_BONES, S_BONES_COUNT, S_INITIAL, S_GLUED, S_GLUED_COUNT, S_GLUED_FUZZY,
    S_CUT, S_CUT_COUNT, S_GENDER, S_USUAL,
    S_OVER_WORD, S_OVER_WORD_BITS, S_OVER_WORD_BOTH, S_OVER_WORD_BOTH_BITS, S_OVER_CUT, S_OVER_CUT_BITS,
    S_OVER_PATRONYMIC, S_OVER_GENERAL, S_OVER_GENERAL_BOTH, S_OVER_PLACE, S_PLACE_DIFFERENT, S_PLACE_WITHIN,
    S_OVER_NUMBER, S_NUMBER_DIFFERENT, S_OVER_SMALL,
    S_FORM_CLASS, S_FORM_ABSENT, S_FORM_DIFFERENT,
    S_NO_WORD, S_ONE_WORD, S_UNSURE, S_MONONYM, S_COVERAGE, S_COVERAGE_LOW,
    S_EXACT, S_JOINED, S_ACRONYM, S_PART, S_SYLLABLE,
    S_CORE, S_WHOLE, S_CONTAINED, S_FORM_SAME, S_OVER_INITIAL, S_CUT_SHORT,
    S_MISSING, S_INITIALS,
    S_OVER_COUNTRY, S_SAYS, SIGNALS,
) = range(71)  # fmt: skip

# Log-odds that two names with another number, place or sex never exceed, whatever else they share: CETC's 38th and
# 14th institute, the bureaus of Urumqi and Karamay, Ivan and Ivana.
CAP = 0.8
_TEN_BITS_CAP = 0.8
# The same words score from here, graded by how much they say, so that they are never a wall of ones.
EXACT_FROM = 0.90
# A score of names that have less in common than this (ten bits: about two rare words) is held back by up to GRADED.
SAYS_ALL, GRADED = 3.0, 0.04
HIGHEST = 0.9999  # of names that are not the same
PART = 0.95  # a name inside a name is named by the party itself, but is not the party's own name
JOINED = 0.97  # the same letters, with words joined or split, against the same words
_LONGEST = 60  # letters that a machine word holds
# How far each way of meeting is trusted while pairs are chosen; the score itself uses the signals.
_TRUST = (0.0, 1.0, 0.96, 0.9, 0.8, 0.6, 0.85, 0.6, 0.3, 0.97, 0.8, 0.7, 0.4, 0.35)


def osa(chars_a: Any, start_a: int, length_a: int, chars_b: Any, start_b: int, length_b: int) -> int:
    """Optimal string alignment distance of two words of up to 60 letters (bit-parallel, Hyyrö 2003)."""
    if length_a > _LONGEST or length_b > _LONGEST:
        return 99
    full = (1 << length_a) - 1
    last = 1 << (length_a - 1)
    plus, minus, zero, before = full, 0, 0, 0
    distance = length_a
    for k in range(length_b):
        letter = chars_b[start_b + k]
        here = 0
        for m in range(length_a):
            if chars_a[start_a + m] == letter:
                here |= 1 << m
        swapped = (((full & ~zero) & here) << 1) & before & full
        zero = (((((here & plus) + plus) ^ plus) | here | minus) & full) | swapped
        up = (minus | (full & ~(zero | plus))) & full
        down = zero & plus
        if up & last:
            distance += 1
        if down & last:
            distance -= 1
        up = ((up << 1) | 1) & full
        down = (down << 1) & full
        plus = (down | (full & ~(zero | up))) & full
        minus = up & zero
        before = here
    return distance


def same_letters(chars_a: Any, start_a: int, chars_b: Any, start_b: int, length: int) -> bool:
    """Whether two stretches of letters are equal."""
    for k in range(length):
        if chars_a[start_a + k] != chars_b[start_b + k]:
            return False
    return True


def share(rows_a: Any, at_a: int, rows_b: Any, at_b: int, room_for: int) -> bool:
    """Whether two tokens have a key in common; keys end at the first 0."""
    for k in range(room_for):
        key = rows_a[at_a + k]
        if key == 0:
            return False
        for m in range(room_for):
            other = rows_b[at_b + m]
            if other == 0:
                break
            if key == other:
                return True
    return False


def edits_allowed(longest: int, shortest: int) -> int:
    """Edits that two words of so many letters may be apart and still be spellings of one."""
    if longest < 3 or shortest < 2:
        return 0
    if shortest >= 4 and longest >= 5:
        return 2
    return 1


def meet(rows_a: Any, chars_a: Any, a: int, rows_b: Any, chars_b: Any, b: int, person: bool) -> int:
    """How two tokens meet (`SAME` ... `BOTH_USUAL`, or `NOT`). Symmetric."""
    if rows_a[a + TEXT] == rows_b[b + TEXT]:
        return SAME
    kind_a, kind_b = rows_a[a + KIND], rows_b[b + KIND]
    length_a, length_b = rows_a[a + LENGTH], rows_b[b + LENGTH]
    start_a, start_b = rows_a[a + START], rows_b[b + START]
    if rows_a[a + KEY] == rows_b[b + KEY]:
        if kind_a == SECTOR or kind_a == ADJECTIVE:
            stem = min(4, length_a, length_b)
            if not same_letters(chars_a, start_a, chars_b, start_b, stem):
                return TRANSLATED
        return SYNONYM
    if kind_a == INITIAL or kind_b == INITIAL:
        if person and (kind_a == WORD or kind_b == WORD) and chars_a[start_a] == chars_b[start_b]:
            return FIRST_LETTER
        return NOT
    if kind_a == NUMBER or kind_b == NUMBER or kind_a >= TITLE or kind_b >= TITLE:
        return NOT
    flags_a, flags_b = rows_a[a + FLAGS], rows_b[b + FLAGS]
    longest, shortest = max(length_a, length_b), min(length_a, length_b)
    words = kind_a == WORD and kind_b == WORD
    if words and person and longest == shortest + 1 and shortest > 3:
        ends_a = chars_a[start_a + length_a - 1] == 97
        ends_b = chars_b[start_b + length_b - 1] == 97
        if (ends_a if length_a > length_b else ends_b) and same_letters(
            chars_a, start_a, chars_b, start_b, shortest
        ):
            if (flags_a if length_a < length_b else flags_b) & SURNAME:
                return SOUNDS
            if (flags_a if length_a < length_b else flags_b) & USUAL:
                return GENDER
    if words:
        if share(rows_a, a + SOUND, rows_b, b + SOUND, SOUND_KEYS):
            return SOUNDS
        if (flags_a | flags_b) & ABJAD and share(rows_a, a + BONE, rows_b, b + BONE, BONE_KEYS):
            return BONES
    allowed = edits_allowed(longest, shortest)
    if allowed == 0 or longest - shortest > allowed or not (flags_a & LETTERS and flags_b & LETTERS):
        return NOT
    distance = osa(chars_a, start_a, length_a, chars_b, start_b, length_b)
    if distance > allowed:
        return NOT
    usual = (kind_a != WORD or flags_a & USUAL) and (kind_b != WORD or flags_b & USUAL)
    if usual or (person and flags_a & PINYIN and flags_b & PINYIN):
        return BOTH_USUAL if distance == 1 else NOT
    return FUZZY_1 if distance == 1 else FUZZY_2


def glue(
    rows_a: Any, chars_a: Any, tokens_a: Any, at: int, length: int, rows_b: Any, chars_b: Any, b: int, scratch: Any
) -> int:
    """How a run of neighbours of one name meets one longer word of the other: `GLUED`, `GLUED_FUZZY` or `NOT`."""
    size = 0
    for k in range(at, at + length):
        row = tokens_a[k] * WIDTH
        if rows_a[row + KIND] == INITIAL:
            return NOT
        size += rows_a[row + LENGTH]
    wanted = rows_b[b + LENGTH]
    if abs(size - wanted) > 1 or size < 4 or size > _LONGEST or rows_b[b + KIND] == INITIAL:
        return NOT
    filled = 0
    for k in range(at, at + length):
        row = tokens_a[k] * WIDTH
        start = rows_a[row + START]
        for m in range(rows_a[row + LENGTH]):
            scratch[filled] = chars_a[start + m]
            filled += 1
    start_b = rows_b[b + START]
    if size == wanted and same_letters(scratch, 0, chars_b, start_b, size):
        return GLUED
    for k in range(size):
        if scratch[k] < 97:
            return NOT  # digits are never misspelt
    if min(size, wanted) >= 8 and rows_b[b + FLAGS] & LETTERS:
        if osa(scratch, 0, size, chars_b, start_b, wanted) <= 1:
            return GLUED_FUZZY
    return NOT


def lies_in(rows_a: Any, a: int, rows_b: Any, b: int) -> bool:
    """Whether one of two places is the other or lies in it."""
    one, other = rows_a[a + PLACE], rows_b[b + PLACE]
    for k in range(PLACE_CHAIN):
        if rows_a[a + PLACE + k] == other or rows_b[b + PLACE + k] == one:
            return True
    return False


def form_relation(rows_a: Any, tokens_a: Any, rows_b: Any, tokens_b: Any) -> int:
    """How the legal forms of two names relate: -1 there are none, 0 same, 1 of one class, 2 on one side only, 3
    different."""
    have_a, have_b, all_a, all_b, related = False, False, True, True, False
    for i in range(len(tokens_a)):
        a = tokens_a[i] * WIDTH
        if rows_a[a + KIND] != LEGAL:
            continue
        have_a = True
        found = False
        for j in range(len(tokens_b)):
            b = tokens_b[j] * WIDTH
            if rows_b[b + KIND] == LEGAL:
                if rows_a[a + KEY] == rows_b[b + KEY]:
                    found = True
                if rows_a[a + FORM] == rows_b[b + FORM] or (rows_a[a + FLAGS] | rows_b[b + FLAGS]) & OPEN_FORM:
                    related = True
        all_a = all_a and found
    for j in range(len(tokens_b)):
        b = tokens_b[j] * WIDTH
        if rows_b[b + KIND] != LEGAL:
            continue
        have_b = True
        found = False
        for i in range(len(tokens_a)):
            a = tokens_a[i] * WIDTH
            if rows_a[a + KIND] == LEGAL and rows_a[a + KEY] == rows_b[b + KEY]:
                found = True
        all_b = all_b and found
    if have_a != have_b:
        return 2
    if not have_a:
        return -1
    if all_a and all_b:
        return 0
    return 1 if related else 3


def cut_at(rows_a: Any, chars_a: Any, tokens_a: Any, rows_b: Any, chars_b: Any, tokens_b: Any) -> int:
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
        if at_end and plain and whole and length_a != length_b:
            if same_letters(chars_a, rows_a[a + START], chars_b, rows_b[b + START], least):
                return k
        return -2
    return -1 if count_a != count_b else -2


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
        scratch: room for `6 * (count_a * count_b * 3 + count_a * 3 + count_b * 3)` and 64 integers more.

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
        cut = cut_at(rows_a, chars_a, tokens_a, rows_b, chars_b, tokens_b)
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
    most = count_a * count_b * 3 + 2 * (count_a + count_b) + 1
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
                gains[options] = _TRUST[how] * (0.05 + min(info_a[tokens_a[i]], info_b[tokens_b[j]]))
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
                        gains[options] = 1.01 * _TRUST[how] * (0.05 + min(weight, info_b[tokens_b[j]]))
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
                        gains[options] = 1.01 * _TRUST[how] * (0.05 + min(weight, info_a[tokens_a[i]]))
                        at = 64 + 5 * options
                        scratch[at], scratch[at + 1], scratch[at + 2] = i, 1, j
                        scratch[at + 3], scratch[at + 4] = length, how
                        options += 1
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


def measure(
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
    found: int,
    free_a: Any,
    free_b: Any,
    cut: int,
) -> None:
    """The amounts of the signals of an alignment."""
    person = known & IS_PERSON != 0
    total, matched = 0.0, 0.0
    for i in range(len(tokens_a)):
        total += info_a[tokens_a[i]]
    for j in range(len(tokens_b)):
        total += info_b[tokens_b[j]]
    solid, spelled, firm, bent, broken, letters = 0, 0, 0, 0, 0, 0
    amounts[S_BASE] = 1.0
    for p in range(found):
        i, many_a, j, many_b, how = (
            pairs[5 * p], pairs[5 * p + 1], pairs[5 * p + 2], pairs[5 * p + 3], pairs[5 * p + 4],
        )  # fmt: skip
        a, b = tokens_a[i] * WIDTH, tokens_b[j] * WIDTH
        kind_a, kind_b = rows_a[a + KIND], rows_b[b + KIND]
        kind = max(kind_a, kind_b)  # a word that is a general one in the other name says no more than that
        ours, theirs = 0.0, 0.0
        for k in range(i, i + many_a):
            ours += info_a[tokens_a[k]]
        for k in range(j, j + many_b):
            theirs += info_b[tokens_b[k]]
        says = min(ours, theirs)
        amounts[S_SAYS] += _TRUST[how] * says
        word = kind_a == WORD or kind_b == WORD
        if how != SAME and how != SYNONYM:
            # a misspelt word is as rare as the word that it stands for
            total -= ours + theirs - 2 * says
        matched += _TRUST[how] * 2 * says if how != SAME and how != SYNONYM else ours + theirs
        longest = max(rows_a[a + LENGTH], rows_b[b + LENGTH])
        if how == GENDER or how == BOTH_USUAL:
            broken += 1
        elif how == FIRST_LETTER:
            letters += 1
        elif how != SAME and how != SYNONYM and how != GLUED:
            bent += 1
        elif kind < LEVEL or kind == INITIAL:
            firm += 1
        if how == GLUED or how == GLUED_FUZZY:
            amounts[S_GLUED] += says
            amounts[S_GLUED_COUNT] += 1.0
            solid += 1
            if how == GLUED_FUZZY:
                amounts[S_GLUED_FUZZY] += 1.0
        elif how == FIRST_LETTER:
            amounts[S_INITIAL] += 1.0
        elif how == GENDER:
            amounts[S_GENDER] += 1.0
        elif how == BOTH_USUAL:
            amounts[S_USUAL] += 1.0
        elif how == SOUNDS:
            amounts[S_SOUND] += says
            amounts[S_SOUND_COUNT] += 1.0
            solid += 1
        elif how == BONES:
            amounts[S_BONES] += says
            amounts[S_BONES_COUNT] += 1.0
            spelled += 1
        elif how == CUT:
            amounts[S_CUT] += says * min(rows_a[a + LENGTH], rows_b[b + LENGTH]) / longest
            amounts[S_CUT_COUNT] += 1.0
            if min(rows_a[a + LENGTH], rows_b[b + LENGTH]) < 4:
                amounts[S_CUT_SHORT] += 1.0
        elif how == FUZZY_1 or how == FUZZY_2:
            amounts[S_FUZZY] += says
            if word and kind_a != kind_b:
                amounts[S_SLIP_GENERAL] += 1.0
            elif word:
                spelled += 1
            if chars_a[rows_a[a + START]] != chars_b[rows_b[b + START]]:
                amounts[S_HEAD] += 1.0
            if how == FUZZY_1:
                if longest <= 3:
                    amounts[S_FUZZY_TINY] += 1.0
                elif longest <= 5:
                    amounts[S_FUZZY_SHORT] += 1.0
                elif longest <= 7:
                    amounts[S_FUZZY_MIDDLE] += 1.0
                else:
                    amounts[S_FUZZY_LONG] += 1.0
            elif longest <= 6:
                amounts[S_FUZZY2_SHORT] += 1.0
            elif longest <= 8:
                amounts[S_FUZZY2_MIDDLE] += 1.0
            else:
                amounts[S_FUZZY2_LONG] += 1.0
        else:
            if kind == WORD:
                amounts[S_WORDS] += says
                amounts[S_WORDS_CAPPED] += min(says, _TEN_BITS_CAP)
                solid += 1
            elif kind == NUMBER:
                amounts[S_NUMBERS] += says
            elif kind == A_PLACE:
                amounts[S_PLACES] += says
            elif kind <= FILLER:
                amounts[S_GENERAL] += says
            elif kind != LEGAL:
                amounts[S_SMALL] += 1.0
            if how == SYNONYM and kind != NUMBER and kind <= FILLER:
                amounts[S_SYNONYM] += 1.0
            elif how == TRANSLATED:
                amounts[S_TRANSLATED] += 1.0
    leave_over(
        rows_a, info_a, tokens_a, rows_b, info_b, tokens_b, person, amounts, free_a, free_b, cut,
        solid + spelled, firm, bent, broken, letters,
    )  # fmt: skip
    if solid == 0:
        amounts[S_NO_WORD] = 1.0
        if spelled > 0:
            amounts[S_UNSURE] = 1.0
    elif solid == 1 and spelled == 0:
        amounts[S_ONE_WORD] = 1.0
    coverage = matched / total if total > 0 else 0.0
    if coverage > 1.0:
        coverage = 1.0
    amounts[S_COVERAGE] = coverage
    amounts[S_COVERAGE_LOW] = max(0.0, 0.6 - coverage)
    form = form_relation(rows_a, tokens_a, rows_b, tokens_b)
    if form > 0:
        amounts[S_FORM_CLASS + form - 1] = 1.0
    elif form == 0:
        amounts[S_FORM_SAME] = 1.0
    if amounts[S_CONTAINED] > 0:
        amounts[S_FORM_ABSENT] = 0.0  # who adds words to a name adds the form with them
    if known & IS_SOUND and amounts[S_FUZZY] + amounts[S_USUAL] + amounts[S_SOUND] > 0:
        amounts[S_SYLLABLE] = 1.0
    if known & IS_EXACT:
        amounts[S_EXACT] = 1.0
    elif known & IS_JOINED:
        amounts[S_JOINED] = 1.0
    if known & IS_ACRONYM:
        amounts[S_ACRONYM] = 1.0
    if known & IS_PART:
        amounts[S_PART] = 1.0


def leave_over(
    rows_a: Any,
    info_a: Any,
    tokens_a: Any,
    rows_b: Any,
    info_b: Any,
    tokens_b: Any,
    person: bool,
    amounts: Any,
    free_a: Any,
    free_b: Any,
    cut: int,
    words_paired: int,
    firm: int,
    bent: int,
    broken: int,
    letters: int,
) -> None:
    """The signals of what only one name has, and of what differs."""
    words_a, words_b, bits_a, bits_b = 0, 0, 0.0, 0.0
    general_a, general_b, places_a, places_b, numbers_a, numbers_b = 0.0, 0.0, 0.0, 0.0, 0, 0
    patronymic_a, patronymic_b = 0, 0
    all_a, all_b, open_a, open_b, countries_a, countries_b = 0, 0, 0, 0, 0, 0
    for i in range(len(tokens_a)):
        row = tokens_a[i] * WIDTH
        kind = rows_a[row + KIND]
        if kind == WORD or kind == INITIAL:
            all_a += 1
        if not free_a[i]:
            continue
        if kind < LEVEL or kind == INITIAL:
            open_a += 1
        if kind == WORD:
            if person and rows_a[row + FLAGS] & PATRONYMIC and words_paired >= 2:
                patronymic_a += 1
            else:
                words_a += 1
                bits_a += info_a[tokens_a[i]]
        elif kind == NUMBER:
            numbers_a += 1
        elif kind == A_PLACE:
            if rows_a[row + PLACE + 1] == -1:
                countries_a += 1
            else:
                places_a += info_a[tokens_a[i]]
        elif kind <= FILLER:
            general_a += info_a[tokens_a[i]]
        elif kind != LEGAL:
            amounts[S_OVER_SMALL] += 1.0
    for j in range(len(tokens_b)):
        row = tokens_b[j] * WIDTH
        kind = rows_b[row + KIND]
        if kind == WORD or kind == INITIAL:
            all_b += 1
        if not free_b[j]:
            continue
        if kind < LEVEL or kind == INITIAL:
            open_b += 1
        if kind == WORD:
            if person and rows_b[row + FLAGS] & PATRONYMIC and words_paired >= 2:
                patronymic_b += 1
            else:
                words_b += 1
                bits_b += info_b[tokens_b[j]]
        elif kind == NUMBER:
            numbers_b += 1
        elif kind == A_PLACE:
            if rows_b[row + PLACE + 1] == -1:
                countries_b += 1
            else:
                places_b += info_b[tokens_b[j]]
        elif kind <= FILLER:
            general_b += info_b[tokens_b[j]]
        elif kind != LEGAL:
            amounts[S_OVER_SMALL] += 1.0
    if patronymic_a > 0 and patronymic_b > 0:
        words_a += patronymic_a
        words_b += patronymic_b
        bits_a += 1.0
        bits_b += 1.0
    else:
        amounts[S_OVER_PATRONYMIC] = patronymic_a + patronymic_b
    both = min(words_a, words_b)
    both_bits = min(bits_a, bits_b)
    more, more_bits = max(words_a, words_b) - both, max(bits_a, bits_b) - both_bits
    if amounts[S_INITIAL] > 0 and both == 0 and (open_a == 0 or open_b == 0):
        amounts[S_OVER_INITIAL] = more
    elif cut != -2 and both == 0:
        amounts[S_OVER_CUT] = more
        amounts[S_OVER_CUT_BITS] = more_bits + 0.5 * max(general_a, general_b)
    else:
        amounts[S_OVER_WORD] = more
        amounts[S_OVER_WORD_BITS] = more_bits
        amounts[S_OVER_WORD_BOTH] = both
        amounts[S_OVER_WORD_BOTH_BITS] = both_bits
        amounts[S_OVER_GENERAL] = max(general_a, general_b) - min(general_a, general_b)
        amounts[S_OVER_GENERAL_BOTH] = min(general_a, general_b)
    if (places_a > 0 or countries_a > 0) and (places_b > 0 or countries_b > 0):
        related = False
        for i in range(len(tokens_a)):
            a = tokens_a[i] * WIDTH
            if free_a[i] and rows_a[a + KIND] == A_PLACE:
                for j in range(len(tokens_b)):
                    b = tokens_b[j] * WIDTH
                    if free_b[j] and rows_b[b + KIND] == A_PLACE and lies_in(rows_a, a, rows_b, b):
                        related = True
        if related:
            amounts[S_PLACE_WITHIN] = 1.0
        else:
            amounts[S_PLACE_DIFFERENT] = 1.0
    else:
        amounts[S_OVER_PLACE] = places_a + places_b
        amounts[S_OVER_COUNTRY] = countries_a + countries_b
    if numbers_a > 0 and numbers_b > 0:
        amounts[S_NUMBER_DIFFERENT] = 1.0
    else:
        amounts[S_OVER_NUMBER] = numbers_a + numbers_b
    if person and ((all_a == 1 and words_b > 0) or (all_b == 1 and words_a > 0)):
        amounts[S_MONONYM] = 1.0
    if words_paired == 0:
        amounts[S_MISSING] = max(bits_a, bits_b)
    if broken == 0 and open_a == 0 and open_b == 0 and firm + bent > 0:
        if letters > 0:
            amounts[S_INITIALS] = 1.0
        else:
            amounts[S_CORE if bent == 0 else S_WHOLE] = 1.0
    elif bent + broken + letters == 0 and firm > 0 and (open_a == 0 or open_b == 0):
        amounts[S_CONTAINED] = 1.0


def weigh_up(amounts: Any, weights: Any, first: int) -> float:
    """The log-odds of measured signals; `first` is where the table begins. What can't differ caps them."""
    total = 0.0
    for k in range(SIGNALS):
        total += amounts[k] * weights[first + k]
    if amounts[S_NUMBER_DIFFERENT] + amounts[S_PLACE_DIFFERENT] + amounts[S_GENDER] > 0 and total > CAP:
        total = CAP
    return total


def graded(logit: float, says: float, known: int) -> float:
    """Log-odds to the score: the probability, held back by up to `GRADED` where the names have little in common,
    so that how much was compared counts too; the same words have a range of their own."""
    enough = min(1.0, says / SAYS_ALL)
    same = EXACT_FROM + (1.0 - EXACT_FROM) * enough
    if known & IS_EXACT:
        return same
    alike = min(HIGHEST, (1.0 - GRADED + GRADED * enough) / (1.0 + math.exp(-max(-60.0, min(60.0, logit)))))
    if known & IS_PART:
        alike *= PART
    if known & IS_JOINED:
        alike = max(alike, JOINED * same)
    return alike


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
        out[n] = graded(logit, amounts[S_SAYS], known[n])


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

    `flags` of a reading: what its role adds to `known`, `IS_PERSON` where it may be a person's, and from
    `ROLE_BIT` on its role.
    """
    best = 0.0
    for i in range(len(flags_a)):
        for j in range(len(flags_b)):
            if not comparable(flags_a[i] // ROLE_BIT, flags_b[j] // ROLE_BIT):
                continue
            person = flags_a[i] & flags_b[j] & IS_PERSON
            flags = known | ((flags_a[i] | flags_b[j]) & (IS_ACRONYM | IS_PART | IS_SOUND)) | person
            compare(
                rows_a, info_a, chars_a, tokens_a[at_a[i] : at_a[i + 1]],
                rows_b, info_b, chars_b, tokens_b[at_b[j] : at_b[j + 1]],
                flags, amounts, pairs, scratch,
            )  # fmt: skip
            logit = weigh_up(amounts, weights, SIGNALS if person else 0)
            best = max(best, graded(logit, amounts[S_SAYS], flags))
    return best


def comparable(ours: int, theirs: int) -> bool:
    """Whether readings of these roles (numbers in `ROLES`) may be compared: what stands in the brackets of one name
    may be left out only where the other name has none, and one agent may act for two firms."""
    if ours == R_PART and theirs == R_PART:
        return False
    partial_a, partial_b = ours == R_SHORT or ours == R_ACRONYM, theirs == R_SHORT or theirs == R_ACRONYM
    if partial_a:
        return not partial_b and theirs != R_BRACKETED
    return not partial_b or ours != R_BRACKETED


def room(count_a: int, count_b: int) -> tuple[int, int]:
    """How many integers `pairs` and `scratch` need for two names of so many tokens."""
    return 5 * (count_a + count_b + 1), 64 + 5 * (count_a * count_b * 3 + 2 * (count_a + count_b) + 1)


@cache
def compiled() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`scores` and `best_score`, compiled: the first call ever takes some seconds, later ones read the cache."""
    import numba
    from numba.extending import register_jitable

    for function in (
        osa, same_letters, share, edits_allowed, meet, glue, lies_in, form_relation, cut_at, weigh_up, leave_over,
        measure, compare, graded, comparable,
    ):  # fmt: skip
        register_jitable(function)
    return numba.njit(cache=True)(scores), numba.njit(cache=True)(best_score)
