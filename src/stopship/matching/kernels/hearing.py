"""Which tokens of the lists a word may be that was spelled by ear in another script: a walk through a tree of
sounds.

Words that begin with the same sounds share their part of the weighted edit distance of `names.ear`, and where the
beginning is too far off already, all words that go on from it are passed over (Shang and Merrett 1996). What is
found is what comparing with each word would find; the tests hold it to that.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from stopship.matching.kernels.columns import EAR_KIND, FLAGS, KIND, LENGTH, LEVEL, NUMBER, START, WIDTH
from stopship.matching.kernels.words import hear_one, spelled_sounds, worth_hearing
from stopship.names.ear import (
    COUNT,
    LOOSE,
    MOST,
    NOT_HEARD,
    SLIP,
    TAKEN,
    consonants,
    is_vowel,
    omitted,
    sounds_into,
    spelled_by_two,
)

_MOST_CONSONANTS = 7  # as the tables of `ear` go
FAR_CONSONANTS = 3  # by which two words that sound alike may differ (as `ear.heard_as`)


class SoundTree(NamedTuple):
    """The vocabulary of an index by its sounds, parents before their children.

    Attributes:
        depth, sound: of each node: how many sounds lead to it, and the last of them.
        skip: the first node behind all that go on from it.
        fewest, most: consonants of the words at it and behind it.
        word_at: where its own words begin in `words`; one more than there are nodes.
        words: numbers of tokens.
        by_ear: tokens that are spelled by ear themselves.
    """

    depth: Any
    sound: Any
    skip: Any
    fewest: Any
    most: Any
    word_at: Any
    words: Any
    by_ear: Any


def write_sounds(rows: Any, chars: Any, into: Any, counts: Any) -> None:
    """Write the sounds of each token to its `MOST` places in `into`, and how many; none for what isn't heard."""
    sounds = np.empty(MOST, np.int64)
    for number in range(len(counts)):
        b = number * WIDTH
        counts[number] = 0
        if rows[b + KIND] <= LEVEL and rows[b + KIND] != NUMBER:
            count = sounds_into(chars, rows[b + START], rows[b + LENGTH], sounds)
            counts[number] = count
            for k in range(count):
                into[number * MOST + k] = sounds[k]


def grow(
    sounds: Any, counts: Any, order: Any, depth: Any, sound: Any, skip: Any, fewest: Any, most: Any, word_at: Any
) -> int:
    """Write the tree of the tokens in `order`, which is that of their sounds; how many nodes it has. There is room
    for as many as there are sounds."""
    open_nodes = np.empty(MOST + 1, np.int64)
    before, nodes, at = -1, 0, 0
    for k in range(len(order)):
        number = order[k]
        count = counts[number]
        shared = 0
        if before >= 0:
            while shared < min(count, counts[before]) and (
                sounds[number * MOST + shared] == sounds[before * MOST + shared]
            ):
                shared += 1
            for level in range(counts[before], shared, -1):
                skip[open_nodes[level]] = nodes
        many = consonants(sounds[number * MOST : number * MOST + count], count)
        for level in range(shared + 1, count + 1):
            open_nodes[level] = nodes
            depth[nodes], sound[nodes] = level, sounds[number * MOST + level - 1]
            fewest[nodes], most[nodes], word_at[nodes] = many, many, k
            nodes += 1
        for level in range(1, count + 1):
            node = open_nodes[level]
            fewest[node], most[node] = min(fewest[node], many), max(most[node], many)
        before = number
        at = k + 1
    if before >= 0:
        for level in range(counts[before], 0, -1):
            skip[open_nodes[level]] = nodes
    word_at[nodes] = at
    return nodes


def take_sound(
    columns: Any, j: int, ours: Any, count_a: int, gone: Any, path: Any, count_b: int, kind: int
) -> int:
    """Write the column for the sound `path[j]` of a word of `count_b` sounds, as far as is known, as `ear.apart`
    has it; the least in it."""
    width = MOST + 1
    here, up, higher = (j + 1) * width, j * width, (j - 1) * width
    omit = omitted(path, j, count_b, kind, True)
    columns[here] = columns[up] + omit
    least = columns[here]
    for i in range(count_a):
        swap = TAKEN[(kind * COUNT + ours[i]) * COUNT + path[j]]
        if i == 0 and j == 0 and 2 < swap < SLIP and not is_vowel(ours[i]):
            swap += 1  # slips are rarer at the head
        best = columns[up + i] + swap
        other = columns[here + i] + gone[i]
        if other < best:
            best = other
        other = columns[up + i + 1] + omit
        if other < best:
            best = other
        if i > 0 and columns[up + i - 1] < best and spelled_by_two(path[j], ours[i - 1], ours[i], kind):
            best = columns[up + i - 1]
        if j > 0 and columns[higher + i] < best and spelled_by_two(ours[i], path[j - 1], path[j], kind):
            best = columns[higher + i]
        columns[here + i + 1] = best
        if best < least:
            least = best
    return int(least)


def listen(tree: Any, rows: Any, chars: Any, ours: Any, our_chars: Any, found: Any) -> int:
    """Write to `found` (room for all) the numbers of the tokens among `rows` that a token spelled by ear may be;
    how many."""
    sounds, path = np.empty(MOST, np.int64), np.empty(MOST + 1, np.int64)
    columns = np.empty((MOST + 2) * (MOST + 1), np.int64)
    lows, gone = np.zeros(MOST + 2, np.int64), np.empty(MOST, np.int64)
    count_a = spelled_sounds(ours, our_chars, 0, sounds)
    kind = (ours[FLAGS] // EAR_KIND) % 4
    consonants_a = consonants(sounds, count_a)
    columns[0] = 0
    for i in range(count_a):
        gone[i] = omitted(sounds, i, count_a, kind, False)
        columns[i + 1] = columns[i] + gone[i]
    count, node = 0, 0
    nodes = len(tree.depth) if count_a > 0 else 0
    while node < nodes:
        depth = int(tree.depth[node])
        path[depth - 1] = int(tree.sound[node])
        fewest, most = int(tree.fewest[node]), int(tree.most[node])
        if fewest > consonants_a + FAR_CONSONANTS or most < consonants_a - FAR_CONSONANTS:
            node = tree.skip[node]
            continue
        far = max(consonants_a, min(most, consonants_a + FAR_CONSONANTS))
        loose = LOOSE[kind][min(_MOST_CONSONANTS, far)]
        if depth > 1:
            # What leaving a sound out costs depends on the one behind it, so that a column waits for that.
            lows[depth - 1] = take_sound(columns, depth - 2, sounds, count_a, gone, path, depth, kind)
            if lows[depth - 1] > loose and lows[depth - 2] > loose:  # two sounds may be taken at once
                node = tree.skip[node]
                continue
        if tree.word_at[node] < tree.word_at[node + 1]:
            take_sound(columns, depth - 1, sounds, count_a, gone, path, depth, kind)
            distance = columns[depth * (MOST + 1) + count_a]
            consonants_b = consonants(path, depth)
            more = max(consonants_a, consonants_b)
            near = more > 0 and abs(consonants_a - consonants_b) <= FAR_CONSONANTS
            if near and distance <= LOOSE[kind][min(_MOST_CONSONANTS, more)]:
                for k in range(tree.word_at[node], tree.word_at[node + 1]):
                    if worth_hearing(ours, our_chars, 0, rows, chars, tree.words[k] * WIDTH):
                        found[count] = tree.words[k]
                        count += 1
        node += 1
    heard = count
    for k in range(len(tree.by_ear)):
        number = tree.by_ear[k]
        known = False
        for other in range(heard):
            known = known or found[other] == number
        if not known and hear_one(rows, chars, number * WIDTH, ours, our_chars, 0) != NOT_HEARD:
            found[count] = number
            count += 1
    return count
