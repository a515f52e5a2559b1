"""The plain words of a name in ASCII, and a lexicon of what each is by itself."""

from __future__ import annotations

from typing import Any, NamedTuple

from stopship.matching.kernels.tables import MASK, hash_letters, mixed

# What is special about a word.
LOOK_CLOSER, DIVIDES, JOINS_NEXT, JOINS_BEFORE, ARTICLE, PINYIN, SMALL, BEGINS = 1, 2, 4, 8, 16, 32, 64, 128
MOST_WORDS = 48
LONG_NUMBER = 6  # digits
LONGEST_NAME = 400  # bytes
# Letters that a name may have on the desk, every & written out; each joining of words writes so many more at most.
LETTERS_OF_NAME = LONGEST_NAME + 3 * MOST_WORDS
SHORTEST_JOINED = 3
LONGEST_PHRASE = 12
UNKNOWN_ROW = -1


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
    at, count, depth, digits = 0, 0, 0, 0
    k = begin
    open_word = False
    while k < end:
        c = int(data[k])
        if c >= 128 or c == 34 or c == 124 or c == 59 or c == 123:  # another script, quotes, strokes
            return -1
        if 65 <= c <= 90:
            c += 32
        digits = digits + 1 if is_digit(c) else 0
        if digits >= LONG_NUMBER:
            return -1  # the number of a vessel or a company
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
    return bool(
        (one == 115 and other == 116)
        or (one == 110 and other == 100)
        or (one == 114 and other == 100)
        or (one == 116 and other == 104)
    )


def word_key(text: Any, start: int, length: int, loose: int, person: int) -> int:
    """The number of a word in the lexicon."""
    return mixed((hash_letters(text, start, length, -1, -1) ^ (1 + 2 * loose + person)) & MASK) | 1


def special_of(lexicon: Any, desk: Any, word: int) -> int:
    """What is special about a word of the desk."""
    entry = desk.entry[word]
    return int(lexicon.special[entry]) if entry >= 0 else 0


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
