"""Whole batches of names against an index: which of them are worth reading in full.

A name is split into plain words; each word has a row like any token, read once by itself and kept. These rows are
searched and compared by the very kernels that score names. What words mean only together (phrases, places of
several words) is not seen, so that names count as worth it from some way below what is wanted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stopship.matching.kernels.columns import (
    FIRST_B,
    IS_ACRONYM,
    IS_LETTERS,
    IS_PART,
    IS_PERSON,
    IS_SOUND,
    KIND,
    LEGAL,
    R_ACRONYM,
    R_CAPITALS,
    R_LETTERS,
    R_PART,
    R_SOUND,
    SIGNALS,
    WIDTH,
)
from stopship.matching.kernels.names import compare
from stopship.matching.kernels.plain_words import (
    DIVIDES,
    JOINS_NEXT,
    LOOK_CLOSER,
    MOST_WORDS,
    PINYIN,
    SMALL,
    is_letter,
    special_of,
    split_words,
)
from stopship.matching.kernels.records import NO_ROOM, Query
from stopship.matching.kernels.scores import graded, weigh_up
from stopship.matching.kernels.search import find_readings
from stopship.matching.kernels.tables import MASK, hash_letters, look_up, mixed
from stopship.matching.kernels.whole_names import read_words

# How the words of a name are read.
ORGANIZATION, PERSON, OPEN, LOOK = range(4)  # LOOK: not here
INITIALS_FROM, INITIALS_TO = 4, 8
PINYIN_WORDS = 3


def initials_are_listed(lexicon: Any, desk: Any, book: Any, count: int, found: Any) -> bool:
    """Whether the lists hold the initials of an organization's name, as `acronyms.initials_of` makes them."""
    if count < INITIALS_FROM:
        return False
    size = 0
    for k in range(count):
        special = special_of(lexicon, desk, k)
        if special & SMALL or not is_letter(desk.text[desk.start[k]]):
            continue
        if size >= INITIALS_TO:
            return False
        desk.joined[size] = desk.text[desk.start[k]]
        size += 1
    if size < INITIALS_FROM:
        return False
    key = hash_letters(desk.joined, 0, size, -1, -1)
    return look_up(book.word_at, book.word_rest, book.word_token, key, found, 0) > 0


def is_listed(book: Any, desk: Any, count: int, found: Any) -> bool:
    """Whether the lists hold a name with the same letters, or the same words in any order."""
    total, size = 0, 0
    for k in range(count):
        total = (total + hash_letters(desk.text, desk.start[k], desk.length[k], -1, -1)) & MASK
        for letter in range(desk.length[k]):
            if size < len(desk.joined):
                desk.joined[size] = desk.text[desk.start[k] + letter]
                size += 1
    if look_up(book.name_at, book.name_rest, book.name_token, mixed(total), found, 0) != 0:
        return True
    key = mixed(hash_letters(desk.joined, 0, size, -1, -1))
    return look_up(book.name_at, book.name_rest, book.name_token, key, found, 0) != 0


def ends_open(lexicon: Any, desk: Any, count: int) -> bool:
    """Whether the last word of a name would be joined with one behind it: the name stands in another order."""
    return count > 1 and special_of(lexicon, desk, count - 1) & JOINS_NEXT != 0


def flags_of_reading(role: int) -> int:
    """What the role of a listed reading adds to the flags of a comparison."""
    if role == R_ACRONYM:
        return IS_ACRONYM
    if role == R_PART:
        return IS_PART
    if role == R_SOUND:
        return IS_SOUND
    return IS_LETTERS if role >= R_LETTERS else 0


def worth(
    lexicon: Any, desk: Any, book: Any, roles: Any, firsts: Any, pad: Any, memory: Any, count: int, person: bool,
    least: float, slack: float, score: float, weights: Any, amounts: Any, pairs: Any, scratch: Any,
) -> bool:  # fmt: skip
    """Whether the chosen words of a name may score at least `score` with any reading of the index."""
    tokens = 0
    for k in range(count):
        entry = desk.entry[desk.chosen[k]]
        for m in range(lexicon.many[entry]):
            if tokens >= MOST_WORDS:
                return True  # too long for this desk: looked up in full
            desk.tokens[tokens] = lexicon.first[entry] + m
            tokens += 1
    if tokens == 0:
        return False
    words = 0
    for k in range(tokens):
        if lexicon.rows[desk.tokens[k] * WIDTH + KIND] != LEGAL:
            words += 1
    query = Query(lexicon.rows, lexicon.info, lexicon.chars, desk.tokens[:tokens], person, desk.zeros, desk.zeros)
    found = find_readings(book, query, pad, memory, least - slack, weights)
    if found == NO_ROOM:
        return True
    for n in range(found):
        reading = pad.out[n]
        first, end = book.reading_at[reading], book.reading_at[reading + 1]
        if roles[reading] == R_CAPITALS:
            continue
        if roles[reading] == R_LETTERS:
            if words == 1:
                return True  # initials meet a word without its legal form
            continue
        if 7 * tokens * (end - first) + 64 > len(scratch) // 5:
            return True  # no room for it here
        known = flags_of_reading(roles[reading]) | (firsts[reading] * FIRST_B)
        if person and book.reading_person[reading] != 0:
            known |= IS_PERSON
        compare(
            lexicon.rows, lexicon.info, lexicon.chars, desk.tokens[:tokens],
            book.rows, book.info, book.chars, book.reading_tokens[first:end], known, amounts, pairs, scratch,
        )  # fmt: skip
        logit = weigh_up(amounts, weights, SIGNALS if known & IS_PERSON else 0) + slack
        if graded(logit, amounts, known) >= score:
            return True
    return False


def choose_words(desk: Any, lexicon: Any, count: int, way: int) -> int:
    """Choose the words of one way to read a name: 0 all, 1 those outside of brackets, 2 those inside, from 3 on
    those between words that divide names (`formerly`). How many there are; -1 where there is no such way."""
    chosen, part, brackets, divided = 0, 3, False, False
    for k in range(count):
        inside = desk.depth[k] > 0
        brackets = brackets or inside
        if special_of(lexicon, desk, k) & DIVIDES:
            divided = True
            if way >= 3:
                part += 1
                continue
        if way == 0 or (way == 1 and not inside) or (way == 2 and inside) or (way >= 3 and part == way):
            desk.chosen[chosen] = k
            chosen += 1
    if way == 0:
        return chosen
    if way <= 2:
        return chosen if brackets else 0
    return chosen if divided and way <= part else -1


def list_words(data: Any, offsets: Any, modes: Any, lexicon: Any, desk: Any) -> None:
    """Write down the words of a batch that the lexicon doesn't hold."""
    for n in range(len(modes)):
        if modes[n] == LOOK:
            continue
        count = split_words(data, offsets[n], offsets[n + 1], desk)
        if count <= 0:
            continue
        if modes[n] != PERSON:
            read_words(lexicon, desk, count, 0, True)
        if modes[n] != ORGANIZATION:
            read_words(lexicon, desk, count, 1, True)


def sift(
    data: Any, offsets: Any, modes: Any, lexicon: Any, desk: Any, book: Any, roles: Any, firsts: Any, pad: Any,
    memory: Any, least: float, slack: float, score: float, weights: Any, verdicts: Any,
) -> None:  # fmt: skip
    """Judge each name of a batch: 0 not worth reading, 1 worth it, 2 to be looked at closer, 3 a word is
    unknown."""
    amounts = np.empty(SIGNALS)
    pairs = np.empty(5 * 4 * MOST_WORDS, np.int64)
    scratch = np.empty(64 + 5 * (7 * MOST_WORDS * 12 + 1), np.int64)
    for n in range(len(modes)):
        verdicts[n] = 1
        if modes[n] == LOOK:
            continue
        verdict = 0
        for person in range(2):
            if verdict == 1 or (person == 0 and modes[n] == PERSON) or (person == 1 and modes[n] == ORGANIZATION):
                continue
            count = split_words(data, offsets[n], offsets[n + 1], desk)
            if count < 0:
                verdict = 1
                continue
            if count > 0 and is_listed(book, desk, count, pad.found):
                verdict = 1
                continue
            count = read_words(lexicon, desk, count, person, False) if count > 0 else 0
            if count < 0:
                verdict = 3
                continue
            pinyin, closer = 0, False
            for k in range(count):
                special = special_of(lexicon, desk, k)
                closer = closer or special & LOOK_CLOSER != 0
                if special & PINYIN:
                    pinyin += 1
            if (closer or (person == 0 and pinyin >= PINYIN_WORDS)) and verdict == 0:
                verdict = 2
            if person == 1 and ends_open(lexicon, desk, count):
                verdict = 1
                continue
            if person == 0 and initials_are_listed(lexicon, desk, book, count, pad.found):
                verdict = 1
                continue
            way = 0
            while way < MOST_WORDS:
                chosen = choose_words(desk, lexicon, count, way)
                if chosen < 0:
                    break
                if chosen > 0 and worth(
                    lexicon, desk, book, roles, firsts, pad, memory, chosen, person == 1,
                    least, slack, score, weights, amounts, pairs, scratch,
                ):  # fmt: skip
                    verdict = 1
                    break
                way += 1
        verdicts[n] = verdict
