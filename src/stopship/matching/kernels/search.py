"""From the tokens of a name to the readings of an index that may be it.

A token-inverted index with bounds (as WAND, Broder and others 2003): tokens that the lists hold in the same or
another spelling are found by key; of their postings only those are walked without which no reading can reach what
is wanted; and of a reading that is met the most that it can reach is worked out before it is compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stopship.matching.kernels.bounds import SOLID
from stopship.matching.kernels.columns import KIND, LEGAL, WIDTH, WORD
from stopship.matching.kernels.hits import (
    cut_words,
    join_runs,
    mark,
    meet_all,
    number_of,
    recall,
    remember,
    split_word,
    stronger,
)
from stopship.matching.kernels.likely import keep_likely
from stopship.matching.kernels.reach import count_query, drop_unlikely, holds, most_without
from stopship.matching.kernels.records import LAST_STAMP, NO_ROOM, UNKNOWN, Query
from stopship.matching.kernels.spellings import collect


def choose(
    query: Any, pad: Any, at: Any, hits: int, counts: Any, least: float, weights: Any, side: int, left: Any
) -> None:
    """Decide for each query token what of its hits is walked: `left[i]` is 0 for all of them, 1 for those that
    count as the same word or add something, 2 for none. No reading that is met by nothing else reaches `least`.
    `side` is 1 for readings that may be of a person, `at` where the postings of such readings begin."""
    many = len(query.tokens)
    cost = np.zeros(many)
    best, weak = np.full(many, -99.0), np.full(many, -99.0)
    best_class, weak_class = np.zeros(many, np.int64), np.zeros(many, np.int64)
    for hit in range(hits):
        i, token, kind = pad.hit_query[hit], pad.hit_token[hit], pad.hit_class[hit]
        gain = pad.hit_gain[2 * hit + side]
        cost[i] += at[token + 1] - at[token]
        best[i] = max(best[i], gain)
        best_class[i] = stronger(best_class[i], kind)
        if kind != SOLID and gain <= 0.0:
            weak[i] = max(weak[i], gain)
            weak_class[i] = stronger(weak_class[i], kind)
    for i in range(many):
        pad.top[2 * i + side], pad.top_class[i] = best[i], best_class[i]
    if most_without(query, counts, best, best_class, weights, side, True) < least:
        left[:] = 2  # not even all of them together
        return
    gains = np.full(many, -99.0)
    classes = np.zeros(many, np.int64)
    for level in range(2, 0, -1):  # none of the dearest first, then no more of the others than is needed
        done = np.zeros(many, np.uint8)
        for _turn in range(many):
            one = -1
            for i in range(many):
                if not done[i] and (one < 0 or cost[i] > cost[one]):
                    one = i
            done[one] = 1
            if left[one] != 0:
                continue
            gains[one] = weak[one] if level == 1 else best[one]
            classes[one] = weak_class[one] if level == 1 else best_class[one]
            if most_without(query, counts, gains, classes, weights, side, True) < least:
                left[one] = level
            else:
                gains[one], classes[one] = -99.0, 0


def walk(
    book: Any,
    query: Any,
    pad: Any,
    hits: int,
    counts: Any,
    least: float,
    weights: Any,
    side: int,
    persons: bool,
    count: int,
) -> int:
    """Append the readings that may reach `least` to `pad.out`; how many are in it, or `NO_ROOM`. `persons`: the
    postings of readings that may be of a person, else of the others; `side` says which table counts."""
    left = np.zeros(len(query.tokens), np.int64)
    at, postings = (book.person_at, book.persons) if persons else (book.other_at, book.others)
    choose(query, pad, at, hits, counts, least, weights, side, left)
    stamp = pad.stamps[0]
    met = count
    for hit in range(hits):
        token = pad.hit_token[hit]
        level = left[pad.hit_query[hit]]
        partner = pad.hit_partner[hit]
        if partner >= 0:  # both halves stand in the reading: the rarer one is walked
            ours, theirs = at[token + 1] - at[token], at[partner + 1] - at[partner]
            if theirs < ours or (theirs == ours and partner < token):
                continue
        strong = pad.hit_class[hit] == SOLID or pad.hit_gain[2 * hit + side] > 0.0
        whole = level == 0 or (level == 1 and strong)
        if not whole and side == 0:
            continue
        # Of what is not walked only the readings with initials: an initial may stand for what is not met.
        first, end = (at[token], at[token + 1]) if whole else (book.initial_at[token], book.initial_at[token + 1])
        for k in range(first, end):
            reading = postings[k] if whole else book.initials[k]
            if pad.seen[reading] != stamp:
                if partner >= 0 and not holds(
                    book, book.reading_at[reading], book.reading_at[reading + 1], partner
                ):
                    continue
                if met >= len(pad.out):
                    return NO_ROOM
                pad.seen[reading] = stamp
                pad.out[met] = reading
                met += 1
    if met == count:
        return count
    met = drop_unlikely(book, query, pad, weights, counts, least, side, count, met)
    return keep_likely(book, query, pad, weights, counts, least, count, met)


def find_readings(book: Any, query: Any, pad: Any, memory: Any, least: float, weights: Any) -> int:
    """Write the readings that may reach log-odds of `least` with the query to `pad.out`; how many, or `NO_ROOM`
    where the pad is too small for all of them. Readings with the same words or letters as wholes are no matter of
    this search: they are looked up by key."""
    if memory.used[2]:
        memory.keys[:] = 0
        memory.used[:] = 0
    if max(pad.stamps[0], pad.stamps[1]) >= LAST_STAMP:  # they are compared with 32 bits
        pad.stamps[:] = 0
        pad.marked[:] = 0
        pad.collected[:] = 0
        pad.seen[:] = 0
    pad.stamps[0] += 1
    hits = 0
    for i in range(len(query.tokens)):
        row = query.tokens[i] * WIDTH
        if query.rows[row + KIND] == LEGAL:
            continue
        key = number_of(query, i)
        before = hits
        hits = recall(i, key, pad, memory, hits)
        if hits != UNKNOWN:
            if hits == NO_ROOM:
                return NO_ROOM
            continue
        many = collect(book, query, i, pad.found)
        if many == NO_ROOM:
            return NO_ROOM
        hits = meet_all(book, query, i, pad.found, many, pad, before, weights)
        if hits == NO_ROOM:
            return NO_ROOM
        if query.rows[row + KIND] == WORD:
            hits = split_word(book, query, i, pad.found, pad, hits, weights)
            if hits == NO_ROOM:
                return NO_ROOM
        remember(key, pad, memory, before, hits)
    hits = join_runs(book, query, pad.found, pad, hits, weights)
    if hits != NO_ROOM and len(query.tokens) > 0:
        hits = cut_words(book, query, pad, hits)
    if hits <= 0:
        return hits  # no room, or nothing that a reading could be met by
    mark(pad, hits)
    counts = np.zeros(7)
    count_query(query, counts)
    count = walk(book, query, pad, hits, counts, least, weights, 0, False, 0)
    if count == NO_ROOM:
        return NO_ROOM
    return int(walk(book, query, pad, hits, counts, least, weights, 1 if query.person else 0, True, count))


def find_names(
    book: Any, rows: Any, info: Any, chars: Any, name_at: Any, reading_at: Any, tokens: Any, persons: Any,
    heard_at: Any, heard: Any, pad: Any, memory: Any, least: float, weights: Any, out: Any,
) -> None:  # fmt: skip
    """Say of each of many names whether `find_readings` finds anything for one of its readings. The readings of a
    name begin at `name_at`, the tokens of a reading at `reading_at`, what these may be by ear at `heard_at`."""
    for name in range(len(out)):
        out[name] = 0
        for reading in range(name_at[name], name_at[name + 1]):
            first, end = reading_at[reading], reading_at[reading + 1]
            query = Query(
                rows, info, chars, tokens[first:end], persons[reading] != 0, heard_at[first : end + 1], heard
            )
            if first < end and find_readings(book, query, pad, memory, least, weights) != 0:
                out[name] = 1
                break
