"""The amounts of the signals of two aligned names."""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.columns import (
    A_PLACE,
    BONES,
    BOTH_USUAL,
    CUT,
    FILLER,
    FIRST_LETTER,
    FLAGS,
    FUZZY_1,
    FUZZY_2,
    GENDER,
    GLUED,
    GLUED_FUZZY,
    INITIAL,
    IS_ACRONYM,
    IS_EXACT,
    IS_JOINED,
    IS_PART,
    IS_PERSON,
    IS_SOUND,
    KIND,
    LEGAL,
    LENGTH,
    LEVEL,
    NUMBER,
    PATRONYMIC,
    PLACE,
    S_ACRONYM,
    S_BASE,
    S_BONES,
    S_BONES_COUNT,
    S_CONTAINED,
    S_CORE,
    S_COVERAGE,
    S_COVERAGE_LOW,
    S_CUT,
    S_CUT_COUNT,
    S_CUT_SHORT,
    S_EXACT,
    S_FORM_ABSENT,
    S_FORM_CLASS,
    S_FORM_SAME,
    S_FUZZY,
    S_FUZZY2_LONG,
    S_FUZZY2_MIDDLE,
    S_FUZZY2_SHORT,
    S_FUZZY_LONG,
    S_FUZZY_MIDDLE,
    S_FUZZY_SHORT,
    S_FUZZY_TINY,
    S_GENDER,
    S_GENERAL,
    S_GLUED,
    S_GLUED_COUNT,
    S_GLUED_FUZZY,
    S_HEAD,
    S_INITIAL,
    S_INITIALS,
    S_JOINED,
    S_MISSING,
    S_MONONYM,
    S_NO_WORD,
    S_NUMBER_DIFFERENT,
    S_NUMBERS,
    S_ONE_WORD,
    S_OVER_COUNTRY,
    S_OVER_CUT,
    S_OVER_CUT_BITS,
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
    S_PART,
    S_PLACE_DIFFERENT,
    S_PLACE_WITHIN,
    S_PLACES,
    S_SAYS,
    S_SLIP_GENERAL,
    S_SMALL,
    S_SOUND,
    S_SOUND_COUNT,
    S_SYLLABLE,
    S_SYNONYM,
    S_TRANSLATED,
    S_UNSURE,
    S_UNSURE_FAR,
    S_USUAL,
    S_WHOLE,
    S_WORDS,
    S_WORDS_CAPPED,
    SAME,
    SOUNDS,
    START,
    SYNONYM,
    TEN_BITS_CAP,
    TRANSLATED,
    TRUST,
    WIDTH,
    WORD,
)
from stopship.matching.kernels.words import form_relation, lies_in


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
    solid, spelled, far, firm, bent, broken, letters = 0, 0, 0, 0, 0, 0, 0
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
        amounts[S_SAYS] += TRUST[how] * says
        word = kind_a == WORD or kind_b == WORD
        if how != SAME and how != SYNONYM:
            # a misspelt word is as rare as the word that it stands for
            total -= ours + theirs - 2 * says
        matched += TRUST[how] * 2 * says if how != SAME and how != SYNONYM else ours + theirs
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
                far += 1 if how == FUZZY_2 else 0
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
                amounts[S_WORDS_CAPPED] += min(says, TEN_BITS_CAP)
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
            if far == spelled:
                amounts[S_UNSURE_FAR] = 1.0
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
