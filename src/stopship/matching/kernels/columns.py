"""What the numbers of the kernels stand for: columns of tokens, kinds, flags, ways of meeting, signals."""

from __future__ import annotations

SOUND_KEYS, BONE_KEYS, EAR_KEYS, PLACE_CHAIN = 12, 8, 4, 4  # room for so many; 0 where there are fewer
# Columns of a token's row.
START, LENGTH, KIND, KEY, FLAGS, SOUND = range(6)
BONE = SOUND + SOUND_KEYS
EAR = BONE + BONE_KEYS
# Of a place the places that it lies in, itself first; of a general phrase its single words; -1 where there are
# fewer.
PLACE = EAR + EAR_KEYS
FORM = PLACE + PLACE_CHAIN
TEXT, WIDTH = FORM + 1, FORM + 2
# Kinds, in the order of `names.Kind`.
WORD, NUMBER, A_PLACE, BODY, SECTOR, ADJECTIVE, FILLER, LEVEL, INITIAL, TITLE, PARTICLE, LEGAL = range(12)
# Flags of a token.
USUAL, PINYIN, ABJAD, PATRONYMIC, SURNAME, LETTERS, OPEN_FORM = 1, 2, 4, 8, 16, 32, 64
BY_EAR, EAR_KIND = 128, 256  # spelled by ear in another script; how it spells (`names.ear.KINDS`), two bits
# A word that names at large use, one that the lists hold, a woman's or a man's given name.
IN_USE, LISTED, WOMAN, MAN = 1024, 2048, 4096, 8192
# How two tokens meet.
(
    NOT, SAME, SYNONYM, TRANSLATED, FUZZY_1, FUZZY_2, SOUNDS, BONES, FIRST_LETTER, GLUED, GLUED_FUZZY, CUT,
    GENDER, BOTH_USUAL, HEARD,
) = range(15)  # fmt: skip
# What is known of the two names as wholes.
IS_PERSON, IS_EXACT, IS_JOINED, IS_ACRONYM, IS_PART, IS_SOUND = 1, 2, 4, 8, 16, 32
# Roles of readings.
ROLES = ("full", "bracketed", "short", "acronym", "initials", "sound", "part", "letters", "capitals")
R_BRACKETED, R_SHORT, R_ACRONYM, R_SOUND, R_PART, R_LETTERS, R_CAPITALS = 1, 2, 3, 5, 6, 7, 8
ROLE_BIT, ROLE_MOST = 64, 16
# Where in each name the first given name of a person stands, counted from 1 (0: not known): five bits each.
FIRST_A, FIRST_B, FIRST_MOST = 1 << 16, 1 << 21, 31
IS_LETTERS = 1 << 26  # initials and a word in capitals
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
    S_OVER_COUNTRY, S_UNSURE_FAR, S_FUZZY_PINYIN, S_NUMBER_ALONE, S_SIDE_LOW, S_UNSURE_MORE,
    S_HEARD, S_HEARD_COUNT,
    S_FUZZY_IN_USE, S_ONE_IN_USE, S_FORM_ONE, S_OVER_ONE, S_CUT_LONG, S_INITIALS_ONLY, S_OVER_FIRST, S_SEX,
    S_ORDER, S_SOUND_IN_USE, S_LOOSE, S_LETTERS, S_HEARD_GENERAL, S_NEARLY,
    S_SAYS, SIGNALS,
) = range(92)  # fmt: skip

# Log-odds that two names with another number, place or sex never exceed, whatever else they share: CETC's 38th and
# 14th institute, the bureaus of Urumqi and Karamay, Ivan and Ivana.
CAP = 0.8
TEN_BITS_CAP = 0.8
CUT_LONG_MOST = 2.0
A_NAME = 5  # letters from which a word in use is a whole name, not one cut short
WORD_OF_PHRASE = 0.35  # information of a word that a phrase has more than the other name
# The same words score from here, graded by how much they say, so that they are never a wall of ones.
EXACT_FROM = 0.95
# A score of names that have less in common than this (ten bits: about two rare words) is held back by up to
# GRADED.
SAYS_ALL, GRADED = 3.0, 0.04
HIGHEST = 0.95  # of names that are not the same: these rank below all that are
# Information of one consonant of a word that is compared by its consonants: log2 of about ten that are usual.
CONSONANT = 0.33
PART = 0.95  # a name inside a name is named by the party itself, but is not the party's own name
JOINED = 0.97  # the same letters, with words joined or split, against the same words
LONGEST = 60  # letters that a machine word holds
# How far each way of meeting is trusted while pairs are chosen; the score itself uses the signals.
TRUST = (0.0, 1.0, 0.96, 0.9, 0.8, 0.6, 0.85, 0.6, 0.3, 0.97, 0.8, 0.7, 0.4, 0.35, 0.7)
