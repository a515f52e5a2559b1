"""Which tokens of the lists a word may be that was spelled by ear in another script: through the whole vocabulary.

Most of it is told apart by which sounds a word has at all, before any distance is worked out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stopship.matching.kernels.columns import BY_EAR, EAR_KIND, FLAGS, KIND, LENGTH, LEVEL, NUMBER, START, WIDTH
from stopship.matching.kernels.words import hear_one, spelled_sounds, worth_hearing
from stopship.names.ear import (
    CH,
    COUNT,
    DH,
    GH,
    KH,
    LEFT_OUT,
    LOOSE,
    MOST,
    NOT_HEARD,
    SH,
    SOFT_C,
    SOFT_G,
    TAKEN,
    TH,
    TS,
    ZH,
    B,
    C,
    D,
    G,
    H,
    J,
    K,
    M,
    N,
    P,
    Q,
    R,
    S,
    T,
    X,
    Z,
    consonants,
    heard_as,
    is_vowel,
    sounds_into,
)

# Sounds that two others may stand for, and what those may be (`ear.spelled_by_two`): never held against a word.
BY_TWO = (B, D, G, J, X, CH, DH, GH, KH, SH, SOFT_C, SOFT_G, TH, TS, ZH)
OF_TWO = (N, T, D, M, P, B, K, G, Q, C, S, H, Z, KH, SH, CH, ZH, J, SOFT_G)
AT_LEAST, AT_END = 1, 6  # what leaving a sound out costs at least: of some, and of some at the end of a word
_MOST_CONSONANTS = 7  # as the tables of `ear` go
FAR_CONSONANTS = 3  # by which two words that sound alike may differ (as `ear.heard_as`)
SOME, MORE = 2, 5  # costs of taking one sound for another, in steps


def sound_masks(rows: Any, chars: Any, masks: Any) -> None:
    """Which sounds each token has, one bit each, and above them how many consonants; 0 for what has none."""
    sounds = np.empty(MOST, np.int64)
    for number in range(len(masks)):
        b = number * WIDTH
        masks[number] = 0
        if rows[b + KIND] <= LEVEL and rows[b + KIND] != NUMBER:
            count = sounds_into(chars, rows[b + START], rows[b + LENGTH], sounds)
            for k in range(count):
                masks[number] |= 1 << sounds[k]
            masks[number] |= consonants(sounds, count) << COUNT


def left_out(sound: int) -> int:
    """The least that leaving out a sound costs, wherever it stands."""
    if is_vowel(sound) or sound == H or sound == SOFT_C:
        return 0 if is_vowel(sound) else AT_LEAST
    if sound == R:
        return 3
    least = int(LEFT_OUT[sound])
    if sound == S or sound == T or sound == D or sound == X or sound == Z or sound == P:
        least = min(least, AT_END)
    return least


def cheapest(kind: int, sounds: Any, count: int, costs: Any) -> None:
    """Write for each sound the least that it costs another word to have it: taken for one of these sounds, left
    out, or written as two or as one of two."""
    two, of_two = False, False
    for k in range(count):
        for one in BY_TWO:
            two = two or sounds[k] == one
        for one in OF_TWO:
            of_two = of_two or sounds[k] == one
    for sound in range(COUNT):
        costs[sound] = left_out(sound)
        for k in range(count):
            costs[sound] = min(costs[sound], TAKEN[(kind * COUNT + sounds[k]) * COUNT + sound])
    if of_two:
        for one in BY_TWO:
            costs[one] = 0
    if two:
        for one in OF_TWO:
            costs[one] = 0


def near_sounds(kind: int, sounds: Any, count: int, most: int, near: Any) -> None:
    """Write for each sound of a word which sounds it may be taken for at no more than `most`, one bit each."""
    for k in range(count):
        near[k] = 0
        for other in range(COUNT):
            if TAKEN[(kind * COUNT + sounds[k]) * COUNT + other] <= most:
                near[k] |= 1 << other


def listen(rows: Any, chars: Any, masks: Any, ours: Any, our_chars: Any, found: Any) -> int:
    """Write to `found` (room for all) the numbers of the tokens among `rows` that a token spelled by ear may be;
    how many. `masks` is what `sound_masks` wrote."""
    sounds_a = np.empty(MOST, np.int64)
    sounds_b = np.empty(MOST, np.int64)
    some, more = np.empty(MOST, np.int64), np.empty(MOST, np.int64)
    costs = np.empty(COUNT, np.int64)
    row = np.empty(3 * (MOST + 1), np.int64)
    count_a = spelled_sounds(ours, our_chars, 0, sounds_a)
    kind = (ours[FLAGS] // EAR_KIND) % 4
    our_consonants = consonants(sounds_a, count_a)
    cheapest(kind, sounds_a, count_a, costs)
    order = np.argsort(-costs)
    dear = int(np.count_nonzero(costs))
    near_sounds(kind, sounds_a, count_a, SOME, some)
    near_sounds(kind, sounds_a, count_a, MORE, more)
    by_two, of_two = 0, 0
    for one in BY_TWO:
        by_two |= 1 << one
    for one in OF_TWO:
        of_two |= 1 << one
    count = 0
    for number in range(len(masks)):
        b = number * WIDTH
        mask = masks[number]
        if mask == 0:
            continue
        most = LOOSE[kind][min(_MOST_CONSONANTS, max(our_consonants, mask >> COUNT))]
        if abs(our_consonants - (mask >> COUNT)) > FAR_CONSONANTS:
            continue
        left, total = mask & ((1 << COUNT) - 1), 0
        for k in range(dear):  # the dearest first
            if total > most:
                break
            if left & (1 << order[k]):
                total += costs[order[k]]
        likely = total <= most
        if likely:
            total = 0
            for k in range(count_a):
                bit = 1 << sounds_a[k]
                if some[k] & left != 0 or (bit & by_two and left & of_two) or (bit & of_two and left & by_two):
                    continue
                gone = left_out(sounds_a[k])
                total += min(gone, SOME + 1 if more[k] & left else MORE + 1)
            likely = total <= most
        heard = NOT_HEARD
        if likely and worth_hearing(ours, our_chars, 0, rows, chars, b):
            count_b = sounds_into(chars, rows[b + START], rows[b + LENGTH], sounds_b)
            heard = heard_as(sounds_a, count_a, sounds_b, count_b, kind, row, TAKEN)
        if heard == NOT_HEARD and rows[b + FLAGS] & BY_EAR:
            heard = hear_one(rows, chars, b, ours, our_chars, 0)
        if heard != NOT_HEARD:
            found[count] = number
            count += 1
    return count
