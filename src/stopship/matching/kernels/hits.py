"""Where the tokens of a query meet tokens of the lists, how, and how much that adds at most."""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.bounds import SOLID, class_of, most_of_pair
from stopship.matching.kernels.columns import (
    BODY,
    FILLER,
    FLAGS,
    GLUED,
    INITIAL,
    KEY,
    KIND,
    LEGAL,
    LENGTH,
    LETTERS,
    LONGEST,
    NOT,
    PLACE,
    PLACE_CHAIN,
    SIGNALS,
    START,
    TRANSLATED,
    WIDTH,
)
from stopship.matching.kernels.records import (
    CUT_MOST,
    NO_ROOM,
    RUN_FUZZY,
    SHORT_OF_RUN,
    SHORTEST_FUZZY,
    SHORTEST_PART,
    STRANGE_PART,
    UNKNOWN,
)
from stopship.matching.kernels.spellings import comes_before, near, plain_letters
from stopship.matching.kernels.tables import MASK, hash_letters, look_up, mixed
from stopship.matching.kernels.words import meet, osa, same_letters


def add_hit(
    pad: Any, count: int, token: int, query: int, one: float, other: float, kind: int, partner: int
) -> int:
    """Write down that a query token meets a token of the lists; returns the new number of hits, or `NO_ROOM`."""
    if count == NO_ROOM or count >= len(pad.hit_token):
        return NO_ROOM
    pad.hit_token[count], pad.hit_query[count], pad.hit_mask[count] = token, query, 1 << query
    pad.hit_gain[2 * count], pad.hit_gain[2 * count + 1] = one, other
    pad.hit_class[count], pad.hit_partner[count] = kind, partner
    return count + 1


def mark(pad: Any, hits: int) -> None:
    """Write the hits of a query to the tokens of the lists."""
    stamp = pad.stamps[0]
    for hit in range(hits):
        token, kind, partner = pad.hit_token[hit], pad.hit_class[hit], pad.hit_partner[hit]
        one, other = pad.hit_gain[2 * hit], pad.hit_gain[2 * hit + 1]
        if pad.marked[token] != stamp:
            pad.marked[token] = stamp
            pad.mark_mask[token] = pad.hit_mask[hit]
            pad.mark_class[token], pad.mark_partner[token] = kind, partner
            pad.mark_gain[2 * token], pad.mark_gain[2 * token + 1] = one, other
            continue
        pad.mark_mask[token] |= pad.hit_mask[hit]
        pad.mark_class[token] = stronger(pad.mark_class[token], kind)
        if pad.mark_partner[token] != partner:
            pad.mark_partner[token] = -1
        pad.mark_gain[2 * token] = max(pad.mark_gain[2 * token], one)
        pad.mark_gain[2 * token + 1] = max(pad.mark_gain[2 * token + 1], other)


def stronger(one: int, other: int) -> int:
    """The class that says more."""
    if one == SOLID or other == SOLID:
        return SOLID
    return max(one, other)


def in_phrase(rows_a: Any, a: int, rows_b: Any, b: int) -> bool:
    """Whether one general token is a word of the other, which is a phrase."""
    if (
        rows_a[a + KIND] < BODY
        or rows_a[a + KIND] > FILLER
        or rows_b[b + KIND] < BODY
        or rows_b[b + KIND] > FILLER
    ):
        return False
    for k in range(PLACE_CHAIN):
        if rows_b[b + PLACE + k] == rows_a[a + KEY] or rows_a[a + PLACE + k] == rows_b[b + KEY]:
            return True
    return False


def meet_all(book: Any, query: Any, i: int, found: Any, many: int, pad: Any, hits: int, weights: Any) -> int:
    """Compare a query token with all that `collect` found and write down what meets; the number of hits."""
    pad.stamps[1] += 1
    stamp = pad.stamps[1]
    row = query.tokens[i] * WIDTH
    info = query.info[query.tokens[i]]
    for k in range(many):
        token = found[k]
        if pad.collected[token] == stamp:
            continue
        pad.collected[token] = stamp
        other = token * WIDTH
        one_kind, other_kind = query.rows[row + KIND], book.kinds[token]
        if one_kind == LEGAL or other_kind == LEGAL:
            continue  # forms say nothing by themselves
        how = meet(query.rows, query.chars, row, book.rows, book.chars, other, False)
        how_person = (
            meet(query.rows, query.chars, row, book.rows, book.chars, other, True) if query.person else NOT
        )
        if how == NOT and in_phrase(query.rows, row, book.rows, other):
            how = TRANSLATED
        if how == NOT and how_person == NOT:
            continue
        # What meets in one way only must not be held back in the other.
        how = how_person if how == NOT else how
        how_person = how if how_person == NOT else how_person
        theirs = book.info[token]
        one = most_of_pair(how, query.rows, row, info, book.rows, other, theirs, weights, 0)
        two = most_of_pair(how_person, query.rows, row, info, book.rows, other, theirs, weights, SIGNALS)
        kind = stronger(class_of(how, one_kind, other_kind), class_of(how_person, one_kind, other_kind))
        hits = add_hit(pad, hits, token, i, one, two, kind, -1)
        if hits == NO_ROOM:
            return NO_ROOM
    return hits


def join_runs(book: Any, query: Any, found: Any, pad: Any, hits: int, weights: Any) -> int:
    """Write down the tokens of the lists that two or three neighbours of the query make together."""
    rows, chars = query.rows, query.chars
    for many in range(2, 4):
        for i in range(len(query.tokens) - many + 1):
            size, info, mask, short = 0, 0.0, 0, False
            for k in range(i, i + many):
                row = query.tokens[k] * WIDTH
                size += rows[row + LENGTH]
                short = short or rows[row + LENGTH] <= SHORT_OF_RUN
                info += query.info[query.tokens[k]]
                mask |= 1 << k
            if size < 4 or size > LONGEST:
                continue
            at = 0
            for k in range(i, i + many):
                row = query.tokens[k] * WIDTH
                for m in range(rows[row + LENGTH]):
                    pad.letters[at] = chars[rows[row + START] + m]
                    at += 1
            count = look_up(
                book.word_at, book.word_rest, book.word_token, hash_letters(pad.letters, 0, size, -1, -1), found, 0
            )
            if count != NO_ROOM and short and size >= RUN_FUZZY - 1 and plain_letters(pad.letters, 0, size):
                count = near(book, pad.letters, 0, size, False, found, count)
            if count == NO_ROOM:
                return NO_ROOM
            for k in range(count):
                other = found[k] * WIDTH
                length, start = book.rows[other + LENGTH], book.rows[other + START]
                if book.kinds[found[k]] == LEGAL or book.kinds[found[k]] == INITIAL or abs(length - size) > 1:
                    continue
                same = length == size and same_letters(pad.letters, 0, book.chars, start, size)
                if not same and min(size, length) < RUN_FUZZY:
                    continue
                if not same and osa(pad.letters, 0, size, book.chars, start, length) > 1:
                    continue
                theirs = book.info[found[k]]
                row = query.tokens[i] * WIDTH
                one = most_of_pair(GLUED, rows, row, info, book.rows, other, theirs, weights, 0)
                two = most_of_pair(GLUED, rows, row, info, book.rows, other, theirs, weights, SIGNALS)
                hits = add_hit(pad, hits, found[k], i, one, two, SOLID, -1)
                if hits == NO_ROOM:
                    return NO_ROOM
                pad.hit_mask[hits - 1] = mask
    return hits


def split_word(book: Any, query: Any, i: int, found: Any, pad: Any, hits: int, weights: Any) -> int:
    """Write down neighbours of the lists that a longer query word may be, joined; one of them may be misspelt."""
    rows, chars = query.rows, query.chars
    row = query.tokens[i] * WIDTH
    start, length = rows[row + START], rows[row + LENGTH]
    info = query.info[query.tokens[i]]
    for cut in range(SHORTEST_PART - 1, length - SHORTEST_PART + 2):
        head = look_up(
            book.word_at, book.word_rest, book.word_token, hash_letters(chars, start, cut, -1, -1), found, 0
        )
        if head == NO_ROOM:
            return NO_ROOM
        key = hash_letters(chars, start + cut, length - cut, -1, -1)
        both = look_up(book.word_at, book.word_rest, book.word_token, key, found, head)
        wide = cut >= STRANGE_PART and length - cut >= STRANGE_PART
        if wide and both == head and head > 0 and plain_letters(chars, start + cut, length - cut):
            both = near(book, chars, start + cut, length - cut, False, found, both)
        elif wide and head == 0 and both > 0 and plain_letters(chars, start, cut):
            # the exact part is what stands in `found` now; what is near the other one comes behind it
            head = both
            both = near(book, chars, start, cut, False, found, head)
        if both == NO_ROOM:
            return NO_ROOM
        for k in range(head):
            for m in range(head, both):
                for one, other in ((found[k], found[m]), (found[m], found[k])):
                    says = book.info[one] + book.info[other]
                    b = one * WIDTH
                    if book.kinds[one] == LEGAL or book.kinds[one] == INITIAL:
                        continue
                    gain = most_of_pair(GLUED, rows, row, info, book.rows, b, says, weights, 0)
                    gain_person = most_of_pair(GLUED, rows, row, info, book.rows, b, says, weights, SIGNALS)
                    hits = add_hit(pad, hits, one, i, gain, gain_person, SOLID, other)
                    if hits == NO_ROOM:
                        return NO_ROOM
    return hits


def cut_words(book: Any, query: Any, pad: Any, hits: int) -> int:
    """Write down the tokens of the lists that begin with the last word of the query, which may be cut short, where
    nothing before it can be looked up (`CJSC Obukhovs`)."""
    last = len(query.tokens) - 1
    row = query.tokens[last] * WIDTH
    start, length = query.rows[row + START], query.rows[row + LENGTH]
    if length < SHORTEST_FUZZY or not query.rows[row + FLAGS] & LETTERS:
        return hits
    for i in range(last):
        if query.rows[query.tokens[i] * WIDTH + KIND] != LEGAL:
            return hits
    low, high = 0, len(book.in_order)
    while low < high:
        middle = (low + high) // 2
        if comes_before(book, book.in_order[middle], query.chars, start, length):
            low = middle + 1
        else:
            high = middle
    info = query.info[query.tokens[last]]
    while low < len(book.in_order) and hits != NO_ROOM:
        token = book.in_order[low]
        other = token * WIDTH
        if book.rows[other + LENGTH] < length:
            break
        if not same_letters(query.chars, start, book.chars, book.rows[other + START], length):
            break
        if book.kinds[token] != LEGAL:
            most = CUT_MOST * min(info, book.info[token])
            hits = add_hit(pad, hits, token, last, most, most, 0, -1)
        low += 1
    return hits


def number_of(query: Any, i: int) -> int:
    """A number of everything that decides what a query token meets."""
    found = 1 if query.person else 2
    row = query.tokens[i] * WIDTH
    for k in range(1, WIDTH):
        found = mixed((found ^ int(query.rows[row + k])) & MASK)
    return mixed((found ^ int(query.info[query.tokens[i]] * 1e6)) & MASK) | 1


def recall(i: int, key: int, pad: Any, memory: Any, hits: int) -> int:
    """Write down what a query token has met before; the number of hits, `NO_ROOM`, or `UNKNOWN`."""
    slots = len(memory.keys) - 1
    slot = key & slots
    while memory.keys[slot] != 0:
        if memory.keys[slot] == key:
            first, many = memory.at[slot], memory.count[slot]
            if hits + many > len(pad.hit_token):
                return NO_ROOM
            for k in range(many):
                at, to = first + k, hits + k
                pad.hit_token[to], pad.hit_query[to], pad.hit_mask[to] = memory.token[at], i, 1 << i
                pad.hit_gain[2 * to], pad.hit_gain[2 * to + 1] = memory.gain[2 * at], memory.gain[2 * at + 1]
                pad.hit_class[to], pad.hit_partner[to] = memory.kind[at], memory.partner[at]
            return int(hits + many)
        slot = (slot + 1) & slots
    return UNKNOWN


def remember(key: int, pad: Any, memory: Any, first: int, hits: int) -> None:
    """Keep what a query token has met, as long as there is room."""
    slots = len(memory.keys) - 1
    used = memory.used[1]
    if 2 * memory.used[0] > slots or used + hits - first > len(memory.token):
        memory.used[2] = 1  # full: cleared before the next name
        return
    slot = key & slots
    while memory.keys[slot] != 0:
        slot = (slot + 1) & slots
    memory.keys[slot], memory.at[slot], memory.count[slot] = key, used, hits - first
    for k in range(first, hits):
        at = used + k - first
        memory.token[at], memory.kind[at], memory.partner[at] = (
            pad.hit_token[k], pad.hit_class[k], pad.hit_partner[k],
        )  # fmt: skip
        memory.gain[2 * at], memory.gain[2 * at + 1] = pad.hit_gain[2 * k], pad.hit_gain[2 * k + 1]
    memory.used[0] += 1
    memory.used[1] += hits - first
