"""From the tokens of a name to the readings of an index that may be it.

A token-inverted index with bounds (as WAND, Broder and others 2003): tokens that the lists hold in the same or
another spelling are found by key; of their postings only those are walked without which no reading can reach what
is wanted; and of a reading that is met the most that it can reach is worked out before it is compared.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from stopship.matching.kernels.bounds import (
    SOLID,
    SPELLED,
    class_of,
    most_of_names,
    most_of_pair,
    table_of,
)
from stopship.matching.kernels.columns import (
    BODY,
    BONE,
    BONE_KEYS,
    CUT_LONG_MOST,
    EAR_KEYS,
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
    NUMBER,
    PLACE,
    PLACE_CHAIN,
    S_CUT,
    SIGNALS,
    SOUND,
    SOUND_KEYS,
    START,
    TRANSLATED,
    WIDTH,
    WORD,
)
from stopship.matching.kernels.names import cut_at
from stopship.matching.kernels.signals import cut_letters
from stopship.matching.kernels.tables import MASK, hash_letters, look_up, mixed, two_left_out
from stopship.matching.kernels.words import edits_allowed, meet, osa, same_letters

SHORTEST_FUZZY = 3  # letters of a word that is looked for misspelt
SHORTEST_PART = 3  # letters of one part of a word that may be two; the other may have one less
RUN_FUZZY = 8  # letters from which neighbours that are joined may have a slip (as `words.glue`)
STRANGE_PART = 4  # letters of both parts where one of them may be misspelt
MOST_TOKENS = 60  # more don't fit in the bits of a machine word
NO_ROOM, UNKNOWN = -1, -2
CUT_MOST = 8.0  # more than any table gives for a word that is cut short


class Book(NamedTuple):
    """The sections of an index that a search reads; see `build.py` and `lists_of_tokens.py`."""

    rows: Any
    info: Any
    chars: Any
    kinds: Any
    letters: Any  # which letters each token has, one bit each
    in_order: Any  # tokens by their letters
    reading_at: Any
    reading_tokens: Any
    reading_total: Any  # information of all its tokens
    reading_general: Any  # of its general words
    reading_counts: Any  # how many words, initials, numbers and legal forms it has: four bytes each
    reading_person: Any
    person_at: Any  # for each token the readings that may be of a person,
    persons: Any
    other_at: Any  # and the others
    others: Any
    initial_at: Any  # postings of readings with initials alone
    initials: Any
    word_at: Any
    word_rest: Any
    word_token: Any
    key_at: Any
    key_rest: Any
    key_token: Any
    sound_at: Any
    sound_rest: Any
    sound_token: Any
    bone_at: Any
    bone_rest: Any
    bone_token: Any
    phrase_at: Any
    phrase_rest: Any
    phrase_token: Any
    delete_at: Any
    delete_rest: Any
    delete_token: Any


class Pad(NamedTuple):
    """What a search writes on: made once for an index and a process, cleared by counting up `stamps`."""

    stamps: Any  # the stamps of the last query and of the last token
    marked: Any  # for each token of the lists the query that last met it,
    mark_mask: Any  # the tokens of the query that meet it, one bit each,
    mark_gain: Any  # the most that it adds, in the table for organizations and in that for persons,
    mark_class: Any  # its class,
    mark_partner: Any  # and what must stand beside it (-1: nothing)
    collected: Any  # for each token the query token that last found it
    seen: Any  # for each reading the query that last looked at it
    found: Any  # tokens found for one query token
    hit_token: Any
    hit_query: Any  # number of the query token
    hit_mask: Any  # and of all that it covers, one bit each
    hit_gain: Any  # in both tables
    hit_class: Any
    hit_partner: Any  # the other half of a word that is split in the lists
    letters: Any  # of a run
    best: Any  # the most that each query token adds with one reading
    out: Any


class Memory(NamedTuple):
    """What single words have met before, by a number of the whole word. Cleared when it is full."""

    keys: Any  # open addressing; 0 is free
    at: Any
    count: Any
    used: Any  # slots and hits
    token: Any
    gain: Any
    kind: Any
    partner: Any


class Query(NamedTuple):
    """One prepared reading of a name."""

    rows: Any
    info: Any
    chars: Any
    tokens: Any
    person: bool
    heard_at: Any  # tokens of the lists that each token spelled by ear may be, found before
    heard: Any


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


def letters_of(chars: Any, start: int, length: int) -> int:
    """Which letters a plain word has, one bit each."""
    found = 0
    for at in range(length):
        found |= 1 << (chars[start + at] - 97)
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
    if kind <= FILLER and kind != NUMBER and length >= SHORTEST_FUZZY and rows[row + FLAGS] & LETTERS:
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
            size, info, mask = 0, 0.0, 0
            for k in range(i, i + many):
                row = query.tokens[k] * WIDTH
                size += rows[row + LENGTH]
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
            if count != NO_ROOM and size >= RUN_FUZZY - 1 and plain_letters(pad.letters, 0, size):
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


def holds(book: Any, first: int, end: int, token: int) -> bool:
    """Whether a token stands in a stretch of tokens of readings."""
    for k in range(first, end):
        if book.reading_tokens[k] == token:
            return True
    return False


def ratio(part: float, whole: float) -> float:
    """A share, at most 1; of nothing everything meets."""
    return min(1.0, part / whole) if whole > 0.0 else 1.0


def meets_run(book: Any, query: Any, pad: Any, first: int, end: int, mask: int) -> bool:
    """Whether a word of the query that nothing meets yet is two or three neighbours of a reading joined, with a slip
    (`Alharamain`, `Al Haramein`)."""
    for i in range(len(query.tokens)):
        row = query.tokens[i] * WIDTH
        length, start = query.rows[row + LENGTH], query.rows[row + START]
        if mask & (1 << i) or length < RUN_FUZZY - 1 or not query.rows[row + FLAGS] & LETTERS:
            continue
        ours = letters_of(query.chars, start, length)
        for k in range(first, end - 1):
            size, theirs = 0, 0
            for m in range(k, min(k + 3, end)):
                token = book.reading_tokens[m]
                size += book.rows[token * WIDTH + LENGTH]
                theirs |= book.letters[token]
                differ = ours ^ theirs
                differ &= differ - 1
                if m == k or abs(size - length) > 1 or size > LONGEST or differ & (differ - 1) != 0:
                    continue
                at = 0
                for n in range(k, m + 1):
                    other = book.reading_tokens[n] * WIDTH
                    for letter in range(book.rows[other + LENGTH]):
                        pad.letters[at] = book.chars[book.rows[other + START] + letter]
                        at += 1
                if osa(query.chars, start, length, pad.letters, 0, size) <= 1:
                    return True
    return False


def keep_likely(
    book: Any, query: Any, pad: Any, weights: Any, counts: Any, least: float, first_met: int, met: int
) -> int:
    """Keep of the readings in `pad.out`, from `first_met` to `met`, those that may reach `least`; how many are in
    it then. `counts` is what `count_query` wrote."""
    stamp = pad.stamps[0]
    kept = first_met
    for one in range(first_met, met):
        reading = pad.out[one]
        person = query.person and book.reading_person[reading] != 0
        t = table_of(person)
        side = 1 if person else 0
        first, end = book.reading_at[reading], book.reading_at[reading + 1]
        met_b, general_b, words_b, numbers_b = 0.0, 0.0, 0, 0
        mask, solid_mask, spelled_mask = 0, 0, 0
        for i in range(len(query.tokens)):
            pad.best[i] = -99.0
        for k in range(first, end):
            token = book.reading_tokens[k]
            if pad.marked[token] != stamp:
                continue
            partner = pad.mark_partner[token]
            if partner >= 0 and not holds(book, first, end, partner):
                continue
            ours = pad.mark_mask[token]
            mask |= ours
            if pad.mark_class[token] == SOLID:
                solid_mask |= ours
            elif pad.mark_class[token] == SPELLED:
                spelled_mask |= ours
            gain = pad.mark_gain[2 * token + side]
            if gain < 0.0 and ours & (ours - 1) != 0:
                gain /= 2  # one of a few, or of a few together
            for i in range(len(query.tokens)):
                if ours & (1 << i):
                    pad.best[i] = max(pad.best[i], gain)
            info = book.info[token]
            kind = book.kinds[token]
            met_b += info
            if kind == WORD:
                words_b += 1
            elif kind == NUMBER:
                numbers_b += 1
            elif BODY <= kind <= FILLER:
                general_b += info
        gains, met_a, general_a, bits_met = 0.0, 0.0, 0.0, 0.0
        words_a, numbers_a, solid, spelled = 0, 0, 0, 0
        for i in range(len(query.tokens)):
            if not mask & (1 << i):
                continue
            info = query.info[query.tokens[i]]
            kind = query.rows[query.tokens[i] * WIDTH + KIND]
            gains += pad.best[i]
            met_a += info
            if solid_mask & (1 << i):
                solid += 1
            elif spelled_mask & (1 << i):
                spelled += 1
            if kind == WORD:
                words_a += 1
                bits_met += info
            elif kind == NUMBER:
                numbers_a += 1
            elif BODY <= kind <= FILLER:
                general_a += info
        at = 4 * reading
        over_a = counts[0] - words_a
        over_b = book.reading_counts[at] - words_b
        initials = counts[1] + book.reading_counts[at + 1] if person else 0
        total_a, total_b = counts[4], book.reading_total[reading]
        cut, long = -2, -1.0
        # A name breaks off only where all before that is the same.
        head = book.reading_tokens[first]
        starts = pad.marked[head] == stamp and pad.mark_mask[head] & 1 != 0
        starts = starts or book.kinds[head] == LEGAL or query.rows[query.tokens[0] * WIDTH + KIND] == LEGAL
        if starts and (over_a <= 1 or over_b <= 1):
            theirs = book.reading_tokens[first:end]
            cut = cut_at(query.rows, query.chars, query.tokens, book.rows, book.chars, theirs, person)
            if cut >= 0:  # the word that is cut meets the whole one
                ours, other = query.info[query.tokens[cut]], book.info[theirs[cut]]
                over_a, over_b = max(0, over_a - 1), max(0, over_b - 1)
                met_a, met_b, bits_met = met_a + ours, met_b + other, bits_met + ours
                gains += max(0.0, weights[t + S_CUT] * min(ours, other))
                long = cut_letters(query.rows, query.tokens, book.rows, theirs, cut)
            elif cut == -1:
                long = 0.0
        bits = max(0.0, counts[6] - bits_met) if over_a > 0 and initials == 0 else 0.0
        most = most_of_names(
            gains, solid, spelled, over_a, over_b, initials, bits,
            max(0.0, counts[5] - general_a), max(0.0, book.reading_general[reading] - general_b),
            ratio(met_a, total_a), ratio(met_b, total_b), ratio(met_a + met_b, total_a + total_b),
            (counts[3] > 0) == (book.reading_counts[at + 3] > 0), long,
            counts[2] > numbers_a and book.reading_counts[at + 2] > numbers_b, weights, t,
        )  # fmt: skip
        if most < least and over_a > 0 and over_b > 0 and meets_run(book, query, pad, first, end, mask):
            most = least
        if most >= least:
            pad.out[kept] = reading
            kept += 1
    return kept


def count_query(query: Any, counts: Any) -> None:
    """Write how many words, initials, numbers and legal forms the query has, and the information of all its
    tokens, of general words and of distinctive ones."""
    for k in range(7):
        counts[k] = 0.0
    for i in range(len(query.tokens)):
        kind = query.rows[query.tokens[i] * WIDTH + KIND]
        info = query.info[query.tokens[i]]
        counts[4] += info
        if kind == WORD:
            counts[0] += 1
            counts[6] += info
        elif kind == INITIAL:
            counts[1] += 1
        elif kind == NUMBER:
            counts[2] += 1
        elif kind == LEGAL:
            counts[3] += 1
        elif BODY <= kind <= FILLER:
            counts[5] += info


def most_without(query: Any, counts: Any, gains: Any, classes: Any, weights: Any, side: int) -> float:
    """The most that a reading reaches that is met by nothing but the hits that are not walked: `gains` are the
    best of these by query token (-99 where there is none), `classes` their class."""
    t = side * SIGNALS
    total, met, words, solid, spelled = 0.0, 0.0, 0, 0, 0
    bits, longest = 0.0, 0.0  # of the words that are not met; one of them may be cut
    general, letters, longest_word = 0.0, 0, 0
    first = False
    for i in range(len(query.tokens)):
        row = query.tokens[i] * WIDTH
        kind, info = query.rows[row + KIND], query.info[query.tokens[i]]
        if gains[i] == -99.0:
            if kind == WORD:
                bits += info
            elif BODY <= kind <= FILLER:
                general += info
            longest = max(longest, info)
            longest_word = max(longest_word, query.rows[row + LENGTH])
            continue
        letters += query.rows[row + LENGTH]
        first = first or i == 0
        total += gains[i]
        met += info
        if kind == WORD:
            words += 1
        if classes[i] == SOLID:
            solid += 1
        elif classes[i] == SPELLED:
            spelled += 1
    over = int(counts[0]) - words
    cut = min(CUT_LONG_MOST, max(0.0, (letters + longest_word - 12) / 10)) if first else -1.0
    return most_of_names(
        total, solid, spelled, over, 0, 0, max(0.0, bits - longest), max(0.0, general - longest), 0.0,
        ratio(met + longest, counts[4]) if first else ratio(met, counts[4]), 1.0, 1.0,
        True, cut, False, weights, t,
    )  # fmt: skip


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
    gains = np.full(many, -99.0)
    classes = np.zeros(many, np.int64)
    for level in range(1, 3):
        done = np.zeros(many, np.uint8)
        for _turn in range(many):
            one = -1
            for i in range(many):
                if not done[i] and (one < 0 or cost[i] > cost[one]):
                    one = i
            done[one] = 1
            kept, kept_class = gains[one], classes[one]
            gains[one] = weak[one] if level == 1 else best[one]
            classes[one] = weak_class[one] if level == 1 else best_class[one]
            if most_without(query, counts, gains, classes, weights, side) < least:
                left[one] = level
            else:
                gains[one], classes[one] = kept, kept_class


def stronger(one: int, other: int) -> int:
    """The class that says more."""
    if one == SOLID or other == SOLID:
        return SOLID
    return max(one, other)


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
                if met >= len(pad.out):
                    return NO_ROOM
                pad.seen[reading] = stamp
                pad.out[met] = reading
                met += 1
    return keep_likely(book, query, pad, weights, counts, least, count, met)


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


def comes_before(book: Any, token: int, chars: Any, start: int, length: int) -> bool:
    """Whether a token of the lists comes before a word in the order of letters."""
    row = token * WIDTH
    theirs, size = book.rows[row + START], book.rows[row + LENGTH]
    for k in range(min(length, size)):
        if book.chars[theirs + k] != chars[start + k]:
            return bool(book.chars[theirs + k] < chars[start + k])
    return bool(size < length)


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


def find_readings(book: Any, query: Any, pad: Any, memory: Any, least: float, weights: Any) -> int:
    """Write the readings that may reach log-odds of `least` with the query to `pad.out`; how many, or `NO_ROOM`
    where the pad is too small for all of them. Readings with the same words or letters as wholes are no matter of
    this search: they are looked up by key."""
    if memory.used[2]:
        memory.keys[:] = 0
        memory.used[:] = 0
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
    if hits == NO_ROOM:
        return NO_ROOM
    mark(pad, hits)
    counts = np.zeros(7)
    count_query(query, counts)
    count = walk(book, query, pad, hits, counts, least, weights, 0, False, 0)
    if count == NO_ROOM:
        return NO_ROOM
    return int(walk(book, query, pad, hits, counts, least, weights, 1 if query.person else 0, True, count))
