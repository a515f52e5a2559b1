"""The signals of what only one of two names has, and of what differs."""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.columns import (
    A_PLACE,
    FILLER,
    FIRST_A,
    FIRST_B,
    FIRST_MOST,
    FLAGS,
    INITIAL,
    IS_PERSON,
    KIND,
    LEGAL,
    LEVEL,
    MAN,
    NUMBER,
    PATRONYMIC,
    PLACE,
    S_CONTAINED,
    S_CORE,
    S_INITIAL,
    S_INITIALS,
    S_INITIALS_ONLY,
    S_MISSING,
    S_MONONYM,
    S_NEARLY,
    S_NUMBER_DIFFERENT,
    S_OVER_COUNTRY,
    S_OVER_CUT,
    S_OVER_CUT_BITS,
    S_OVER_FIRST,
    S_OVER_GENERAL,
    S_OVER_GENERAL_BOTH,
    S_OVER_INITIAL,
    S_OVER_NUMBER,
    S_OVER_PATRONYMIC,
    S_OVER_PLACE,
    S_OVER_SMALL,
    S_OVER_WORD,
    S_OVER_WORD_BITS,
    S_OVER_WORD_BOTH,
    S_OVER_WORD_BOTH_BITS,
    S_PLACE_DIFFERENT,
    S_PLACE_WITHIN,
    S_SEX,
    S_WHOLE,
    WIDTH,
    WOMAN,
    WORD,
)
from stopship.matching.kernels.words import lies_in


def leave_over(
    rows_a: Any,
    info_a: Any,
    tokens_a: Any,
    rows_b: Any,
    info_b: Any,
    tokens_b: Any,
    known: int,
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
    person = known & IS_PERSON != 0
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
    if person:
        first_a, first_b = (known // FIRST_A) % (FIRST_MOST + 1), (known // FIRST_B) % (FIRST_MOST + 1)
        if words_paired > 0:
            if first_a > 0 and free_a[first_a - 1]:
                amounts[S_OVER_FIRST] += 1.0
            if first_b > 0 and free_b[first_b - 1]:
                amounts[S_OVER_FIRST] += 1.0
        if first_a > 0 and first_b > 0:
            one = rows_a[tokens_a[first_a - 1] * WIDTH + FLAGS]
            other = rows_b[tokens_b[first_b - 1] * WIDTH + FLAGS]
            if (one & WOMAN and other & MAN) or (one & MAN and other & WOMAN):
                amounts[S_SEX] = 1.0
    if words_paired == 0:
        amounts[S_MISSING] = max(bits_a, bits_b)
    if broken == 0 and open_a == 0 and open_b == 0 and firm + bent > 0:
        if letters > 0:
            amounts[S_INITIALS] = 1.0
        else:
            amounts[S_CORE if bent == 0 else S_WHOLE] = 1.0
    if person and letters > 0 and broken == 0 and words_paired > 0:
        # nothing but a surname, of two words at most, and initials
        surname = min(all_a if open_a == 0 else 99, all_b if open_b == 0 else 99) - letters
        if 0 < surname <= 2:
            amounts[S_INITIALS_ONLY] = 1.0
    if bent + broken + letters == 0 and firm > 0 and (open_a == 0) != (open_b == 0):
        amounts[S_CONTAINED] = 1.0
    elif bent > 0 and broken + letters == 0 and words_paired > 0 and (open_a == 0) != (open_b == 0):
        if words_a + words_b + numbers_a + numbers_b == 0:
            amounts[S_NEARLY] = 1.0
