"""The amounts of the signals of two aligned names."""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.columns import (
    A_PLACE,
    ABJAD,
    BODY,
    BONES,
    BOTH_USUAL,
    CONSONANT,
    CUT,
    CUT_LONG_MOST,
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
    INITIAL,
    IS_ACRONYM,
    IS_EXACT,
    IS_JOINED,
    IS_LETTERS,
    IS_PART,
    IS_SOUND,
    KIND,
    LEGAL,
    LENGTH,
    LEVEL,
    LISTED,
    NUMBER,
    PINYIN,
    PLACE,
    S_ACRONYM,
    S_BASE,
    S_BONES,
    S_BONES_COUNT,
    S_CONTAINED,
    S_COVERAGE,
    S_COVERAGE_LOW,
    S_CUT,
    S_CUT_COUNT,
    S_CUT_LONG,
    S_CUT_SHORT,
    S_EXACT,
    S_FORM_ABSENT,
    S_FORM_CLASS,
    S_FORM_ONE,
    S_FORM_SAME,
    S_FUZZY,
    S_FUZZY2_LONG,
    S_FUZZY2_MIDDLE,
    S_FUZZY2_SHORT,
    S_FUZZY_IN_USE,
    S_FUZZY_LONG,
    S_FUZZY_MIDDLE,
    S_FUZZY_PINYIN,
    S_FUZZY_SHORT,
    S_FUZZY_TINY,
    S_GENDER,
    S_GENERAL,
    S_GLUED,
    S_GLUED_COUNT,
    S_GLUED_FUZZY,
    S_HEAD,
    S_HEARD,
    S_HEARD_COUNT,
    S_HEARD_GENERAL,
    S_INITIAL,
    S_JOINED,
    S_LETTERS,
    S_LOOSE,
    S_NO_WORD,
    S_NUMBER_ALONE,
    S_NUMBERS,
    S_ONE_IN_USE,
    S_ONE_WORD,
    S_ORDER,
    S_OVER_CUT_BITS,
    S_OVER_GENERAL,
    S_OVER_ONE,
    S_OVER_PLACE,
    S_PART,
    S_PLACES,
    S_SAYS,
    S_SIDE_LOW,
    S_SLIP_GENERAL,
    S_SMALL,
    S_SOUND,
    S_SOUND_COUNT,
    S_SOUND_IN_USE,
    S_SYLLABLE,
    S_SYNONYM,
    S_TRANSLATED,
    S_UNSURE,
    S_UNSURE_FAR,
    S_UNSURE_MORE,
    S_USUAL,
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
    WORD_OF_PHRASE,
)
from stopship.matching.kernels.differences import leave_over
from stopship.matching.kernels.words import consonants, form_relation, of_one_family, words_of


def crossed(pairs: Any, found: int, rows_a: Any, tokens_a: Any) -> bool:
    """Whether two pairs of general words stand in another order in the two names. Places move freely (Urumqi
    Public Security Bureau, Public Security Bureau of Urumqi)."""
    for p in range(found):
        kind = rows_a[tokens_a[pairs[5 * p]] * WIDTH + KIND]
        if kind < BODY or kind > FILLER:
            continue
        for q in range(p):
            kind = rows_a[tokens_a[pairs[5 * q]] * WIDTH + KIND]
            if kind < BODY or kind > FILLER:
                continue
            if (pairs[5 * p] - pairs[5 * q]) * (pairs[5 * p + 2] - pairs[5 * q + 2]) < 0:
                return True
    return False


def cut_letters(rows_a: Any, tokens_a: Any, rows_b: Any, tokens_b: Any, cut: int) -> float:
    """How far two names are the same before one of them breaks off inside a word: letters without those of legal
    forms, beyond twelve, in tens, two at most."""
    letters = 0
    for i in range(cut + 1):
        if rows_a[tokens_a[i] * WIDTH + KIND] != LEGAL:
            letters += min(rows_a[tokens_a[i] * WIDTH + LENGTH], rows_b[tokens_b[i] * WIDTH + LENGTH])
    return min(CUT_LONG_MOST, max(0.0, (letters - 12) / 10))


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
    total_a, total_b, met_a, met_b = 0.0, 0.0, 0.0, 0.0
    for i in range(len(tokens_a)):
        total_a += info_a[tokens_a[i]]
    for j in range(len(tokens_b)):
        total_b += info_b[tokens_b[j]]
    total, matched = total_a + total_b, 0.0
    solid, spelled, far, firm, bent, broken, letters, in_use = 0, 0, 0, 0, 0, 0, 0, 0
    lacking, loose = 0.0, 0
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
        met_a += ours
        met_b += theirs
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
            if rows_a[a + FLAGS] & rows_b[b + FLAGS] & IN_USE and not of_one_family(rows_a, a, rows_b, b):
                amounts[S_SOUND_IN_USE] += 1.0
            solid += 1
        elif (how == HEARD or how == BONES) and kind != WORD:
            amounts[S_GENERAL] += says
            amounts[S_HEARD_GENERAL] += 1.0
        elif how == HEARD:
            amounts[S_HEARD] += says
            amounts[S_HEARD_COUNT] += 1.0
            spelled += 1
        elif how == BONES:
            # few consonants meet by chance, however rare the word that they stand for
            for k in range(i, i + many_a):
                if rows_a[tokens_a[k] * WIDTH + FLAGS] & ABJAD:
                    says = min(says, CONSONANT * consonants(rows_a, chars_a, tokens_a[k] * WIDTH))
            for k in range(j, j + many_b):
                if rows_b[tokens_b[k] * WIDTH + FLAGS] & ABJAD:
                    says = min(says, CONSONANT * consonants(rows_b, chars_b, tokens_b[k] * WIDTH))
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
                if rows_a[a + FLAGS] & rows_b[b + FLAGS] & PINYIN:
                    amounts[S_FUZZY_PINYIN] += 1.0
                far += 1 if how == FUZZY_2 else 0
                if rows_a[a + FLAGS] & (IN_USE | LISTED) and rows_b[b + FLAGS] & (IN_USE | LISTED):
                    amounts[S_FUZZY_IN_USE] += 1.0
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
                if (rows_a[a + FLAGS] | rows_b[b + FLAGS]) & IN_USE:
                    in_use += 1
            elif kind == NUMBER:
                amounts[S_NUMBERS] += says
            elif kind == A_PLACE:
                amounts[S_PLACES] += says
            elif kind <= FILLER:
                amounts[S_GENERAL] += says
            elif kind != LEGAL:
                amounts[S_SMALL] += 1.0
            if how == SYNONYM and kind >= BODY and kind <= FILLER:
                amounts[S_SYNONYM] += 1.0  # a place is the same place in every spelling
                if kind > BODY:
                    loose += 1
            elif how == TRANSLATED:
                amounts[S_TRANSLATED] += 1.0
                loose += 1
                if (rows_a[a + PLACE] == -1) != (rows_b[b + PLACE] == -1):  # a phrase and some of its words
                    words = words_of(rows_a, a) + words_of(rows_b, b) - max(many_a, many_b)
                    lacking += WORD_OF_PHRASE * max(0, words)
    leave_over(
        rows_a, info_a, tokens_a, rows_b, info_b, tokens_b, known, amounts, free_a, free_b, cut,
        solid + spelled, firm, bent, broken, letters,
    )  # fmt: skip
    amounts[S_OVER_GENERAL] += lacking
    if solid == 0:
        amounts[S_NO_WORD] = 1.0
        if spelled > 0:
            amounts[S_UNSURE] = 1.0
            amounts[S_UNSURE_MORE] = max(0.0, spelled - 1.0)
            if far == spelled:
                amounts[S_UNSURE_FAR] = 1.0
        else:
            amounts[S_NUMBER_ALONE] = amounts[S_NUMBERS]
            amounts[S_LOOSE] = loose
            if crossed(pairs, found, rows_a, tokens_a):
                amounts[S_ORDER] = 1.0
    elif solid == 1 and spelled == 0:
        amounts[S_ONE_WORD] = 1.0
        amounts[S_ONE_IN_USE] = in_use
        amounts[S_OVER_ONE] = amounts[S_OVER_GENERAL] + amounts[S_OVER_PLACE] + amounts[S_OVER_CUT_BITS]
    coverage = matched / total if total > 0 else 0.0
    if coverage > 1.0:
        coverage = 1.0
    amounts[S_COVERAGE] = coverage
    amounts[S_COVERAGE_LOW] = max(0.0, 0.6 - coverage)
    if total_a > 0 and total_b > 0:
        amounts[S_SIDE_LOW] = max(0.0, 0.6 - min(met_a / total_a, met_b / total_b))
    form = form_relation(rows_a, tokens_a, rows_b, tokens_b)
    if form > 0:
        amounts[S_FORM_CLASS + form - 1] = 1.0
    elif form == 0:
        amounts[S_FORM_SAME] = 1.0
    if form > 0 and solid == 1 and spelled == 0:
        amounts[S_FORM_ONE] = 1.0
    if amounts[S_CONTAINED] > 0:
        # who adds words to a name adds the form with them
        amounts[S_FORM_ABSENT] = 0.0
        amounts[S_FORM_ONE] = 0.0
    if cut >= 0:
        amounts[S_CUT_LONG] = cut_letters(rows_a, tokens_a, rows_b, tokens_b, cut)
    if known & IS_SOUND and amounts[S_FUZZY] + amounts[S_USUAL] + amounts[S_SOUND] > 0:
        amounts[S_SYLLABLE] = 1.0
    if known & IS_EXACT:
        amounts[S_EXACT] = 1.0
    elif known & IS_JOINED:
        amounts[S_JOINED] = 1.0
    if known & IS_LETTERS:
        amounts[S_LETTERS] = 1.0
    if known & IS_ACRONYM:
        amounts[S_ACRONYM] = 1.0
    if known & IS_PART:
        amounts[S_PART] = 1.0
