"""Whole batches of names against an index: which of them are worth reading in full.

A name is split into plain words; each word has a row like any token, read once by itself and kept. These rows are
searched and compared by the very kernels that score names. What words mean only together (phrases, places of several
words) is not seen, so that names count as worth it from some way below what is wanted.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from stopship.matching.kernels.columns import (
    FIRST_B,
    IS_ACRONYM,
    IS_LETTERS,
    IS_PART,
    IS_PERSON,
    IS_SOUND,
    R_ACRONYM,
    R_CAPITALS,
    R_LETTERS,
    R_PART,
    SIGNALS,
)
from stopship.matching.kernels.names import compare
from stopship.matching.kernels.scores import graded, weigh_up
from stopship.matching.kernels.search import NO_ROOM, Query, find_readings
from stopship.matching.kernels.tables import MASK, hash_letters, look_up, mixed

R_SOUND = 5
# How the words of a name are read.
ORGANIZATION, PERSON, OPEN, LOOK = range(4)  # LOOK: not here
# What is special about a word.
LOOK_CLOSER, DIVIDES, JOINS_NEXT, JOINS_BEFORE, ARTICLE, PINYIN, SMALL, BEGINS = 1, 2, 4, 8, 16, 32, 64, 128
MOST_WORDS = 48
LONGEST_NAME = 400  # letters
SHORTEST_JOINED = 3
LONGEST_PHRASE = 12
UNKNOWN_ROW = -1
INITIALS_FROM, INITIALS_TO = 4, 8
PINYIN_WORDS = 3


class Lexicon(NamedTuple):
    """Words that have been read: for each the rows that it gives, and what is special about it."""

    keys: Any  # open addressing by the number of a word; 0 is free
    entry: Any
    first: Any  # of each entry: its first row,
    many: Any  # how many it has,
    special: Any
    used: Any  # entries, rows, letters
    rows: Any
    info: Any
    chars: Any
    number: Any  # of each entry: a number of its letters,
    standard: Any  # and of what it stands for in phrases
    phrase_keys: Any  # phrases of several words by their numbers: open addressing; 0 is free
    phrase_entry: Any


class Desk(NamedTuple):
    """What a batch writes on."""

    text: Any  # lower-case letters of one name
    start: Any  # its words in it
    length: Any
    loose: Any  # whether a word was joined from loose letters
    depth: Any  # whether it stands in brackets
    entry: Any
    chosen: Any  # the words of one way to read it
    tokens: Any
    joined: Any  # letters of two words
    unknown: Any  # for each unknown word: where its letters begin, how many, how it is to be read
    letters: Any  # letters of unknown words
    count: Any  # unknown words, and their letters
    zeros: Any  # nothing heard


def is_letter(c: int) -> bool:
    """Whether a byte is a letter from a to z."""
    return 97 <= c <= 122


def is_digit(c: int) -> bool:
    """Whether a byte is a digit."""
    return 48 <= c <= 57


def split_words(data: Any, begin: int, end: int, desk: Any) -> int:
    """Write the words of a name in ASCII to the desk, as `names.tokenize.words` splits them; how many, or -1 where
    it has to be looked at in full."""
    if end - begin > LONGEST_NAME:
        return -1
    at, count, depth = 0, 0, 0
    k = begin
    open_word = False
    while k < end:
        c = int(data[k])
        if c >= 128 or c == 34 or c == 124 or c == 59 or c == 123:  # another script, quotes, strokes
            return -1
        if 65 <= c <= 90:
            c += 32
        if is_letter(c) or is_digit(c):
            if not open_word:
                if count >= MOST_WORDS:
                    return -1
                desk.start[count], desk.depth[count], desk.loose[count] = at, depth, 0
                open_word = True
                count += 1
            desk.text[at] = c
            at += 1
            k += 1
            continue
        if c == 39:  # an apostrophe joins
            k += 1
            continue
        if c == 47:
            return -1  # c/o, a/k/a, t/a
        if open_word:
            desk.length[count - 1] = at - desk.start[count - 1]
            open_word = False
        if c == 38 or c == 43:  # "and"
            if count >= MOST_WORDS:
                return -1
            desk.start[count], desk.length[count], desk.depth[count], desk.loose[count] = at, 3, depth, 0
            desk.text[at], desk.text[at + 1], desk.text[at + 2] = 97, 110, 100
            at += 3
            count += 1
        elif c == 40 or c == 91:
            depth += 1
        elif c == 41 or c == 93:
            depth = max(0, depth - 1)
        k += 1
    if open_word:
        desk.length[count - 1] = at - desk.start[count - 1]
    return join_loose(desk, count)


def join_loose(desk: Any, count: int) -> int:
    """Join runs of single letters; ordinals lose their ending. Returns how many words are left."""
    kept, k = 0, 0
    while k < count:
        start, length, depth = desk.start[k], desk.length[k], desk.depth[k]
        if length == 1 and is_letter(desk.text[start]):
            size = 1
            while k + 1 < count and desk.length[k + 1] == 1 and is_letter(desk.text[desk.start[k + 1]]):
                k += 1
                desk.text[start + size] = desk.text[desk.start[k]]
                size += 1
            desk.start[kept], desk.length[kept], desk.depth[kept], desk.loose[kept] = start, size, depth, 1
        else:
            if length > 2 and is_digit(desk.text[start + length - 3]) and is_ordinal(desk.text, start, length):
                length -= 2
            desk.start[kept], desk.length[kept], desk.depth[kept], desk.loose[kept] = start, length, depth, 0
        kept += 1
        k += 1
    return kept


def is_ordinal(text: Any, start: int, length: int) -> bool:
    """Whether a word is a number with st, nd, rd or th."""
    for at in range(length - 2):
        if not is_digit(text[start + at]):
            return False
    one, other = text[start + length - 2], text[start + length - 1]
    return (
        (one == 115 and other == 116)
        or (one == 110 and other == 100)
        or (one == 114 and other == 100)
        or (one == 116 and other == 104)
    )


def word_key(text: Any, start: int, length: int, loose: int, person: int) -> int:
    """The number of a word in the lexicon."""
    return mixed((hash_letters(text, start, length, -1, -1) ^ (1 + 2 * loose + person)) & MASK) | 1


def entry_of(
    lexicon: Any, desk: Any, text: Any, start: int, length: int, loose: int, person: int, note: bool
) -> int:
    """The entry of a word, or `UNKNOWN_ROW`; `note` writes an unknown one down."""
    key = word_key(text, start, length, loose, person)
    slots = len(lexicon.keys) - 1
    slot = key & slots
    while lexicon.keys[slot] != 0:
        if lexicon.keys[slot] == key:
            return int(lexicon.entry[slot])
        slot = (slot + 1) & slots
    if note and desk.count[1] + length < len(desk.letters) and 4 * desk.count[0] + 4 <= len(desk.unknown):
        if 2 * (lexicon.used[0] + desk.count[0]) < slots:
            lexicon.keys[slot] = key
            lexicon.entry[slot] = UNKNOWN_ROW
            at, to = 4 * desk.count[0], desk.count[1]
            desk.unknown[at], desk.unknown[at + 1], desk.unknown[at + 2] = to, length, 2 * loose + person
            desk.unknown[at + 3] = slot
            for k in range(length):
                desk.letters[to + k] = text[start + k]
            desk.count[0] += 1
            desk.count[1] += length
    return UNKNOWN_ROW


def append(desk: Any, to: int, size: int, word: int) -> int:
    """Append the letters of a word to those that begin at `to`; how many they are then."""
    for letter in range(desk.length[word]):
        desk.text[to + size] = desk.text[desk.start[word] + letter]
        size += 1
    return size


def join_names(lexicon: Any, desk: Any, count: int, note: bool) -> int:
    """Join what is one name in several words (Abd al-Rahman, Salah al-Din, Abu Hatem); how many words are left. The
    joined letters are written behind those of the name."""
    end = desk.start[count - 1] + desk.length[count - 1] if count > 0 else 0
    kept, k = 0, 0
    while k < count:
        entry = desk.entry[k]
        special = lexicon.special[entry] if entry >= 0 else 0
        size, last, into = 0, k, kept
        if special & JOINS_NEXT and k + 1 < count:
            behind = k + 1
            if behind + 1 < count and special_of(lexicon, desk, behind) & ARTICLE:
                behind += 1
            if desk.length[behind] >= SHORTEST_JOINED:
                last = behind
                for m in range(k, last + 1):
                    size = append(desk, end, size, m)
        elif special & JOINS_BEFORE and kept > 0:
            stem = kept - 1
            if stem > 0 and special_of(lexicon, desk, stem) & ARTICLE:
                stem -= 1
            if desk.length[stem] >= SHORTEST_JOINED:
                into = stem
                for m in range(stem, kept):
                    size = append(desk, end, size, m)
                size = append(desk, end, size, k)
        if size > 0:
            desk.start[into], desk.length[into], desk.loose[into] = end, size, 0
            desk.depth[into] = desk.depth[k]
            desk.entry[into] = entry_of(lexicon, desk, desk.text, end, size, 0, 1, note)
            end += size
        else:
            desk.start[kept], desk.length[kept], desk.depth[kept] = desk.start[k], desk.length[k], desk.depth[k]
            desk.loose[kept], desk.entry[kept] = desk.loose[k], entry
        kept = into + 1
        k = last + 1
    return kept


def special_of(lexicon: Any, desk: Any, word: int) -> int:
    """What is special about a word of the desk."""
    entry = desk.entry[word]
    return int(lexicon.special[entry]) if entry >= 0 else 0


def join_phrases(lexicon: Any, desk: Any, count: int, note: bool) -> int:
    """Put the words of phrases of an organization's name together; how many there are then."""
    kept, k = 0, 0
    while k < count:
        best, best_length = desk.entry[k], 1
        if special_of(lexicon, desk, k) & BEGINS:
            for plain in range(2):
                chain = plain
                for last in range(k, min(count, k + LONGEST_PHRASE)):
                    entry = desk.entry[last]
                    chain = chained(chain, lexicon.standard[entry] if plain else lexicon.number[entry])
                    slot = phrase_slot(lexicon, chain) if last > k else -1
                    if slot >= 0 and last - k + 1 > best_length:
                        best, best_length = lexicon.phrase_entry[slot], last - k + 1
                        if best == UNKNOWN_ROW and note and 4 * desk.count[0] + 4 <= len(desk.unknown):
                            at = 4 * desk.count[0]
                            desk.unknown[at], desk.unknown[at + 1], desk.unknown[at + 2] = 0, 0, 4
                            desk.unknown[at + 3] = slot
                            desk.count[0] += 1
        desk.start[kept], desk.depth[kept], desk.loose[kept] = desk.start[k], desk.depth[k], 0
        desk.length[kept] = desk.start[k + best_length - 1] + desk.length[k + best_length - 1] - desk.start[k]
        desk.entry[kept] = best
        kept += 1
        k += best_length
    return kept


def chained(chain: int, number: int) -> int:
    """The number of some words and one more."""
    return mixed((chain * 31 + int(number)) & MASK)


def phrase_slot(lexicon: Any, chain: int) -> int:
    """Where a phrase stands in the table, or -1."""
    slots = len(lexicon.phrase_keys) - 1
    key = chain | 1
    slot = key & slots
    while lexicon.phrase_keys[slot] != 0:
        if lexicon.phrase_keys[slot] == key:
            return int(slot)
        slot = (slot + 1) & slots
    return -1


def read_words(lexicon: Any, desk: Any, count: int, person: int, note: bool) -> int:
    """Look up the words of a name; how many there are then, or -1 where one of them is not known yet."""
    known = True
    for k in range(count):
        entry = entry_of(lexicon, desk, desk.text, desk.start[k], desk.length[k], desk.loose[k], person, note)
        desk.entry[k] = entry
        known = known and entry >= 0
    if not known:
        return -1
    if person:
        count = join_names(lexicon, desk, count, note)
    else:
        count = join_phrases(lexicon, desk, count, note)
    for k in range(count):
        known = known and desk.entry[k] >= 0
    return count if known else -1


def hashes_initials(lexicon: Any, desk: Any, book: Any, count: int, found: Any) -> bool:
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
            if tokens < MOST_WORDS:
                desk.tokens[tokens] = lexicon.first[entry] + m
                tokens += 1
    if tokens == 0:
        return False
    query = Query(lexicon.rows, lexicon.info, lexicon.chars, desk.tokens[:tokens], person, desk.zeros, desk.zeros)
    found = find_readings(book, query, pad, memory, least - slack, weights)
    if found == NO_ROOM:
        return True
    for n in range(found):
        reading = pad.out[n]
        first, end = book.reading_at[reading], book.reading_at[reading + 1]
        if roles[reading] == R_CAPITALS or 7 * tokens * (end - first) + 64 > len(scratch) // 5:
            if roles[reading] != R_CAPITALS:
                return True
            continue
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
    """Judge each name of a batch: 0 not worth reading, 1 worth it, 2 to be looked at closer, 3 a word is unknown."""
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
            if person == 0 and hashes_initials(lexicon, desk, book, count, pad.found):
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
