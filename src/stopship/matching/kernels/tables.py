"""Look-up tables of an index: from a number that stands for a word, a sound or what is left of a word to tokens.

A table is three arrays: where each bucket begins, and for each entry sixteen more bits of its number and its
token. A number that isn't in it is taken for one that is about once in a hundred thousand look-ups; whoever
asks compares the tokens themselves. Numbers have 62 bits that are all equally likely.
"""

from __future__ import annotations

from typing import Any

BITS = 62
MASK = (1 << BITS) - 1
REST = 16
_SEED, _PRIME, _MIX = 1469598103934665603, 1099511628211, 0x2545F4914F6CDD1D


def hash_letters(chars: Any, start: int, length: int, left_out: int, also: int) -> int:
    """A number of a stretch of letters (FNV-1a and a final mix) without the letters at two places (-1: none)."""
    found = _SEED
    for at in range(length):
        if at != left_out and at != also:
            found = ((found ^ int(chars[start + at])) * _PRIME) & MASK
    return mixed(found)


def mixed(number: int) -> int:
    """Spread a number over all its bits."""
    number = ((number ^ (number >> 29)) * _MIX) & MASK
    return number ^ (number >> 32)


def look_up(at: Any, rest: Any, tokens: Any, wanted_key: int, found: Any, count: int) -> int:
    """Append the tokens under a number to `found`; returns how many are in it, or -1 where there is no room."""
    key = int(wanted_key)
    bits = bits_of(len(at) - 1)
    bucket = key >> (BITS - bits)
    wanted = (key >> (BITS - bits - REST)) & ((1 << REST) - 1)
    for entry in range(at[bucket], at[bucket + 1]):
        if rest[entry] == wanted:
            if count >= len(found):
                return -1
            found[count] = tokens[entry]
            count += 1
    return count


def bits_of(buckets: int) -> int:
    """The logarithm of the number of buckets, a power of two."""
    bits = 0
    while buckets > 1:
        buckets >>= 1
        bits += 1
    return bits


def two_left_out(length: int) -> bool:
    """Whether two slips are looked for in a word of so many letters (as `words.edits_allowed`)."""
    return length >= 4


def count_deletes(length: int) -> int:
    """How many numbers `write_deletes` makes of a word."""
    return 1 + length + (length * (length - 1) // 2 if two_left_out(length) else 0)


def write_deletes(chars: Any, starts: Any, lengths: Any, wanted: Any, keys: Any, tokens: Any) -> int:
    """The numbers of each wanted token with none, one and two letters left out (Mor and Fraenkel 1982; FastSS,
    Bocek 2007): two words that are so many slips apart share one of them. Returns how many were written."""
    count = 0
    for number in range(len(wanted)):
        token = wanted[number]
        start, length = starts[token], lengths[token]
        keys[count], tokens[count] = hash_letters(chars, start, length, -1, -1), token
        count += 1
        for one in range(length):
            if one > 0 and chars[start + one] == chars[start + one - 1]:
                continue  # either of two equal letters leaves the same
            keys[count], tokens[count] = hash_letters(chars, start, length, one, -1), token
            count += 1
        if two_left_out(length):
            for one in range(length - 1):
                for other in range(one + 1, length):
                    keys[count], tokens[count] = hash_letters(chars, start, length, one, other), token
                    count += 1
    return count


def hash_names(chars: Any, at: Any, keys: Any) -> None:
    """The number of each name: the sum of those of its words, which stand apart by spaces, so that their order
    is no matter."""
    for name in range(len(keys)):
        total, start = 0, at[name]
        for k in range(at[name], at[name + 1] + 1):
            if k == at[name + 1] or chars[k] == 32:
                total = (total + hash_letters(chars, start, k - start, -1, -1)) & MASK
                start = k + 1
        keys[name] = mixed(total)


def hash_words(chars: Any, starts: Any, lengths: Any, keys: Any, letters: Any) -> None:
    """The number of each token's letters, and which letters from a to z it has, one bit each."""
    for token in range(len(starts)):
        keys[token] = hash_letters(chars, starts[token], lengths[token], -1, -1)
        letters[token] = 0
        for at in range(lengths[token]):
            letter = chars[starts[token] + at]
            if 97 <= letter <= 122:
                letters[token] |= 1 << (letter - 97)
