"""Two tokens: how they meet."""

from __future__ import annotations

from typing import Any

import numpy as np

from stopship.matching.kernels.columns import (
    ABJAD,
    ADJECTIVE,
    BODY,
    BONE,
    BONE_KEYS,
    BONES,
    BOTH_USUAL,
    BY_EAR,
    EAR,
    EAR_KEYS,
    EAR_KIND,
    FILLER,
    FIRST_LETTER,
    FLAGS,
    FORM,
    FUZZY_1,
    FUZZY_2,
    GENDER,
    GLUED,
    GLUED_FUZZY,
    HEARD,
    INITIAL,
    KEY,
    KIND,
    LEGAL,
    LENGTH,
    LETTERS,
    LONGEST,
    MAN,
    NOT,
    NUMBER,
    OPEN_FORM,
    PARTICLE,
    PINYIN,
    PLACE,
    PLACE_CHAIN,
    SAME,
    SECTOR,
    SOUND,
    SOUND_KEYS,
    SOUNDS,
    START,
    SURNAME,
    SYNONYM,
    TEXT,
    TITLE,
    TRANSLATED,
    USUAL,
    WIDTH,
    WOMAN,
    WORD,
)
from stopship.names.ear import (
    CLOSELY,
    CONSONANTS,
    FAR_LENGTHS,
    GREEK,
    LOOSELY,
    MOST,
    NOT_HEARD,
    TAKEN,
    heard_as,
    nasals,
    sounds_into,
    without_filling,
)


def osa(chars_a: Any, start_a: int, length_a: int, chars_b: Any, start_b: int, length_b: int) -> int:
    """Optimal string alignment distance of two words of up to 60 letters (bit-parallel, Hyyrö 2003)."""
    if length_a > LONGEST or length_b > LONGEST:
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


def consonants(rows: Any, chars: Any, at: int) -> int:
    """How many letters of a word are no vowels."""
    found = 0
    for k in range(rows[at + LENGTH]):
        letter = chars[rows[at + START] + k]
        if letter != 97 and letter != 101 and letter != 105 and letter != 111 and letter != 117:
            found += 1
    return found


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


def of_one_family(rows_a: Any, a: int, rows_b: Any, b: int) -> bool:
    """Whether a table says that two words are spellings of one name: keys of tables are odd numbers."""
    for k in range(SOUND_KEYS):
        key = rows_a[a + SOUND + k]
        if key % 2 == 0:
            continue
        for m in range(SOUND_KEYS):
            if rows_b[b + SOUND + m] == key:
                return True
    return False


def hear(rows_a: Any, chars_a: Any, a: int, rows_b: Any, chars_b: Any, b: int) -> int:
    """Whether two words of which one or both were spelled by ear sound alike: `HEARD`, `BONES` or `NOT`.
    Symmetric."""
    found = NOT
    if rows_a[a + FLAGS] & BY_EAR:
        found = hear_one(rows_a, chars_a, a, rows_b, chars_b, b)
    if rows_b[b + FLAGS] & BY_EAR:
        found = max(found, hear_one(rows_b, chars_b, b, rows_a, chars_a, a))
    if found == CLOSELY:
        return HEARD
    return BONES if found == LOOSELY else NOT


def hear_one(rows_a: Any, chars_a: Any, a: int, rows_b: Any, chars_b: Any, b: int) -> int:
    """Whether a word that was spelled by ear sounds like another: `CLOSELY`, `LOOSELY` or `NOT_HEARD`."""
    if not worth_hearing(rows_a, chars_a, a, rows_b, chars_b, b):
        return NOT_HEARD
    sounds_a = np.empty(MOST, np.int64)
    sounds_b = np.empty(MOST, np.int64)
    row = np.empty(3 * (MOST + 1), np.int64)
    count_a = spelled_sounds(rows_a, chars_a, a, sounds_a)
    count_b = sounds_into(chars_b, rows_b[b + START], rows_b[b + LENGTH], sounds_b)
    return heard_as(sounds_a, count_a, sounds_b, count_b, (rows_a[a + FLAGS] // EAR_KIND) % 4, row, TAKEN)


def spelled_sounds(rows: Any, chars: Any, at: int, into: Any) -> int:
    """Write the sounds of a token that was spelled by ear; how many."""
    count = sounds_into(chars, rows[at + START], rows[at + LENGTH], into)
    if (rows[at + FLAGS] // EAR_KIND) % 4 == CONSONANTS:
        count = without_filling(into, count)
    return count


def worth_hearing(rows_a: Any, chars_a: Any, a: int, rows_b: Any, chars_b: Any, b: int) -> bool:
    """A quick look that only sorts out what can't sound alike."""
    length_a, length_b = rows_a[a + LENGTH], rows_b[b + LENGTH]
    if abs(length_a - length_b) > FAR_LENGTHS:
        return False
    if (rows_a[a + FLAGS] // EAR_KIND) % 4 == GREEK:
        return True  # nt may be d
    more = nasals(chars_a, rows_a[a + START], length_a) - nasals(chars_b, rows_b[b + START], length_b)
    return -1 <= more <= 1


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
        if BODY <= kind_a <= FILLER and min(length_a, length_b) > 4 and abs(length_a - length_b) <= 1:
            last_a, last_b = chars_a[start_a + length_a - 1], chars_b[start_b + length_b - 1]
            alike = osa(chars_a, start_a, length_a, chars_b, start_b, length_b) <= 1
            if alike and (length_a == length_b or last_a == last_b):
                return SAME  # defense and defence, center and centre; devices are no device
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
            if person and ((flags_a & WOMAN and flags_b & MAN) or (flags_a & MAN and flags_b & WOMAN)):
                return GENDER  # Daniel and Danielle
            return SOUNDS
        if (flags_a | flags_b) & ABJAD and not (flags_a | flags_b) & BY_EAR:  # of a foreign name in Han
            if share(rows_a, a + EAR, rows_b, b + EAR, EAR_KEYS):
                return HEARD
            if share(rows_a, a + BONE, rows_b, b + BONE, BONE_KEYS):
                return BONES
    if (flags_a | flags_b) & BY_EAR and (kind_a == WORD or kind_b == WORD):
        found = hear(rows_a, chars_a, a, rows_b, chars_b, b)
        if found != NOT or (flags_a | flags_b) & EAR_KIND * 3 == EAR_KIND * CONSONANTS:
            return found  # a slip between letters that stand for sounds says nothing more
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
    if abs(size - wanted) > 1 or size < 4 or size > LONGEST or rows_b[b + KIND] == INITIAL:
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


def phrase_of(rows_a: Any, tokens_a: Any, free_a: Any, at: int, rows_b: Any, b: int) -> int:
    """How many neighbours from `at` on are words of a general phrase of the other name (`charitable` and
    `foundation` of "charitable foundation"), the small words between them included; 0 where none is."""
    kind = rows_b[b + KIND]
    if kind < BODY or kind > FILLER or rows_b[b + PLACE] == -1:
        return 0
    length = 0
    k = at
    while k < len(tokens_a) and k - at < 2 * PLACE_CHAIN and free_a[k]:
        row = tokens_a[k] * WIDTH
        if rows_a[row + KIND] == PARTICLE and length > 0:
            k += 1
            continue
        if rows_a[row + KIND] < BODY or rows_a[row + KIND] > FILLER or rows_a[row + PLACE] != -1:
            break
        held = False
        for m in range(PLACE_CHAIN):
            held = held or rows_b[b + PLACE + m] == rows_a[row + KEY]
        if not held:
            break
        k += 1
        length = k - at
    return length


def words_of(rows: Any, at: int) -> int:
    """How many single words a general phrase has."""
    count = 0
    for k in range(PLACE_CHAIN):
        if rows[at + PLACE + k] != -1:
            count += 1
    return count


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
