"""Words that are one: names of persons in several words, and phrases of organizations."""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.plain_words import (
    ARTICLE,
    BEGINS,
    JOINS_BEFORE,
    JOINS_NEXT,
    LONGEST_PHRASE,
    SHORTEST_JOINED,
    UNKNOWN_ROW,
    entry_of,
    special_of,
)
from stopship.matching.kernels.tables import MASK, mixed


def append(desk: Any, to: int, size: int, word: int) -> int:
    """Append the letters of a word to those that begin at `to`; how many they are then."""
    for letter in range(desk.length[word]):
        desk.text[to + size] = desk.text[desk.start[word] + letter]
        size += 1
    return size


def join_names(lexicon: Any, desk: Any, count: int, note: bool) -> int:
    """Join what is one name in several words (Abd al-Rahman, Salah al-Din, Abu Hatem); how many words are left.
    The joined letters are written behind those of the name."""
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


def read_words(lexicon: Any, desk: Any, count: int, person: int, note: bool) -> int:
    """Look up the words of a name; how many there are then, or -1 where one of them is not known yet."""
    known = True
    for k in range(count):
        entry = entry_of(lexicon, desk, desk.text, desk.start[k], desk.length[k], desk.loose[k], person, note)
        desk.entry[k] = entry
        known = known and entry >= 0
    if not known:
        return -1
    count = join_names(lexicon, desk, count, note) if person else join_phrases(lexicon, desk, count, note)
    for k in range(count):
        known = known and desk.entry[k] >= 0
    return count if known else -1
