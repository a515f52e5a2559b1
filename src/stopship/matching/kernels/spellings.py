"""Which tokens of the lists a word may be a spelling of: by letters, by key, by sound."""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.columns import (
    BODY,
    BONE,
    BONE_KEYS,
    EAR_KEYS,
    FILLER,
    FLAGS,
    KEY,
    KIND,
    LENGTH,
    LETTERS,
    LONGEST,
    NUMBER,
    PLACE,
    PLACE_CHAIN,
    SOUND,
    SOUND_KEYS,
    START,
    WIDTH,
    WORD,
)
from stopship.matching.kernels.records import NO_ROOM, SHORTEST_FUZZY
from stopship.matching.kernels.tables import hash_letters, look_up, two_left_out
from stopship.matching.kernels.words import edits_allowed


def near(book: Any, chars: Any, start: int, length: int, twice: bool, found: Any, count: int) -> int:
    """Append to `found` the tokens that share what is left of a word with one letter left out, or two."""
    at, rest, tokens = book.delete_at, book.delete_rest, book.delete_token
    count = look_up(at, rest, tokens, hash_letters(chars, start, length, -1, -1), found, count)
    for one in range(length):
        if one > 0 and chars[start + one] == chars[start + one - 1]:
            continue
        if count == NO_ROOM:
            return NO_ROOM
        count = look_up(at, rest, tokens, hash_letters(chars, start, length, one, -1), found, count)
    if twice:
        for one in range(length - 1):
            for other in range(one + 1, length):
                if count == NO_ROOM:
                    return NO_ROOM
                count = look_up(at, rest, tokens, hash_letters(chars, start, length, one, other), found, count)
    return count


def letter_bit(letter: int) -> int:
    """One bit for a letter from a to z; 0 for anything else."""
    return 1 << (letter - 97) if 97 <= letter <= 122 else 0


def letters_of(chars: Any, start: int, length: int) -> int:
    """Which letters a plain word has, one bit each."""
    found = 0
    for at in range(length):
        found |= letter_bit(chars[start + at])
    return found


def without_far(book: Any, chars: Any, start: int, length: int, found: Any, first: int, count: int) -> int:
    """Take out of `found`, from `first` on, what can't be near a word: an edit changes at most two of the letters
    that a word has at all. Returns how many are left."""
    ours = letters_of(chars, start, length)
    kept = first
    for k in range(first, count):
        token = found[k]
        other = book.rows[token * WIDTH + LENGTH]
        allowed = edits_allowed(max(length, other), min(length, other))
        if abs(length - other) > allowed:
            continue
        differ = ours ^ book.letters[token]
        bits = 0
        while differ != 0 and bits <= 2 * allowed:
            differ &= differ - 1
            bits += 1
        if bits <= 2 * allowed:
            found[kept] = token
            kept += 1
    return kept


def plain_letters(chars: Any, start: int, length: int) -> bool:
    """Whether a stretch holds nothing but a to z."""
    for at in range(length):
        if chars[start + at] < 97 or chars[start + at] > 122:
            return False
    return True


def comes_before(book: Any, token: int, chars: Any, start: int, length: int) -> bool:
    """Whether a token of the lists comes before a word in the order of letters."""
    row = token * WIDTH
    theirs, size = book.rows[row + START], book.rows[row + LENGTH]
    for k in range(min(length, size)):
        if book.chars[theirs + k] != chars[start + k]:
            return bool(book.chars[theirs + k] < chars[start + k])
    return bool(size < length)


def collect(book: Any, query: Any, i: int, found: Any) -> int:
    """The tokens of the lists that a query token may meet, some more than once; how many, or `NO_ROOM`."""
    rows, chars = query.rows, query.chars
    row = query.tokens[i] * WIDTH
    kind, start, length = rows[row + KIND], rows[row + START], rows[row + LENGTH]
    count = look_up(
        book.word_at, book.word_rest, book.word_token, hash_letters(chars, start, length, -1, -1), found, 0
    )
    if count != NO_ROOM:
        count = look_up(book.key_at, book.key_rest, book.key_token, rows[row + KEY], found, count)
    if (
        kind <= FILLER
        and kind != NUMBER
        and length >= SHORTEST_FUZZY
        and rows[row + FLAGS] & LETTERS
        and length <= LONGEST + 2
    ):
        if count != NO_ROOM:
            before = count
            count = near(book, chars, start, length, two_left_out(length), found, count)
            count = without_far(book, chars, start, length, found, before, count)
    if BODY <= kind <= FILLER:
        if count != NO_ROOM:
            count = look_up(book.phrase_at, book.phrase_rest, book.phrase_token, rows[row + KEY], found, count)
        for k in range(PLACE_CHAIN):
            key = rows[row + PLACE + k]
            if key != -1 and count != NO_ROOM:
                count = look_up(book.key_at, book.key_rest, book.key_token, key, found, count)
    if kind == WORD:
        for k in range(SOUND_KEYS):
            key = rows[row + SOUND + k]
            if key == 0 or count == NO_ROOM:
                break
            count = look_up(book.sound_at, book.sound_rest, book.sound_token, key, found, count)
        for k in range(BONE_KEYS + EAR_KEYS):
            key = rows[row + BONE + k]
            if key != 0 and count != NO_ROOM:
                count = look_up(book.bone_at, book.bone_rest, book.bone_token, key, found, count)
        for k in range(query.heard_at[i], query.heard_at[i + 1]):
            if count == NO_ROOM or count >= len(found):
                return NO_ROOM
            found[count] = query.heard[k]
            count += 1
    return count
