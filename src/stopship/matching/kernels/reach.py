"""How far a reading can reach by what of the query it meets: a quick look that leaves nothing likely out."""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.bounds import SOLID, SPELLED, most_of_names
from stopship.matching.kernels.columns import (
    BODY,
    CUT_LONG_MOST,
    FILLER,
    FLAGS,
    INITIAL,
    KIND,
    LEGAL,
    LENGTH,
    LETTERS,
    NUMBER,
    S_OVER_GENERAL,
    S_OVER_GENERAL_BOTH,
    S_OVER_PATRONYMIC,
    S_OVER_WORD,
    S_OVER_WORD_BOTH,
    S_SIDE_LOW,
    SIGNALS,
    START,
    WIDTH,
    WORD,
)
from stopship.matching.kernels.names import cut_at
from stopship.matching.kernels.records import MOST_APART, MOST_BY_MASK, PARTS, RUN_FUZZY, UNSET
from stopship.matching.kernels.spellings import letter_bit, letters_of


def ratio(part: float, whole: float) -> float:
    """A share, at most 1; of nothing everything meets."""
    return min(1.0, part / whole) if whole > 0.0 else 1.0


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


def most_without(
    query: Any, counts: Any, gains: Any, classes: Any, weights: Any, side: int, may_cut: bool
) -> float:
    """The most that a reading reaches that is met by nothing but some hits: `gains` are the best of these by query
    token (-99 where there is none), `classes` their class. `may_cut`: one of the names may break off."""
    t = side * SIGNALS
    total, met, words, solid, spelled = 0.0, 0.0, 0, 0, 0
    bits, longest = 0.0, 0.0  # of the words that are not met; one of them may be cut
    general, letters, longest_word = 0.0, 0, 0
    first = may_cut and query.rows[query.tokens[0] * WIDTH + KIND] == LEGAL
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
        first = first or (may_cut and i == 0)
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
        total, solid, spelled, over, 0, 0, max(0.0, bits - longest) if first else bits,
        max(0.0, general - longest) if first else general, 0.0,
        ratio(met + longest, counts[4]) if first else ratio(met, counts[4]), 1.0, 1.0,
        True, cut, False, weights, t,
    )  # fmt: skip


def weigh_mask(
    query: Any, counts: Any, pad: Any, weights: Any, side: int, mask: int, solid: int, which: int
) -> None:
    """Write what holds for every reading that meets just these tokens of the query: the most that it reaches where
    neither name breaks off; how much of the query that is; information of general words that are left; what the
    tokens add at most; how many words are left."""
    met, gains, general, words = 0.0, 0.0, 0.0, 0
    for i in range(len(query.tokens)):
        kind, info = query.rows[query.tokens[i] * WIDTH + KIND], query.info[query.tokens[i]]
        if mask & (1 << i):
            pad.some[i] = pad.top[2 * i + side]
            pad.some_class[i] = pad.top_class[i] if solid & (1 << i) else min(pad.top_class[i], 1) * SPELLED
            met += info
            gains += max(0.0, pad.some[i])
            words += 1 if kind == WORD else 0
        else:
            pad.some[i], pad.some_class[i] = -99.0, 0
            general += info if BODY <= kind <= FILLER else 0.0
    pad.by_mask[which] = most_without(query, counts, pad.some, pad.some_class, weights, side, False)
    pad.by_mask[which + 1] = ratio(met, counts[4])
    pad.by_mask[which + 2] = general
    pad.by_mask[which + 3] = gains
    pad.by_mask[which + 4] = counts[0] - words


def holds(book: Any, first: int, end: int, token: int) -> bool:
    """Whether a token stands in a stretch of tokens of readings."""
    for k in range(first, end):
        if book.reading_tokens[k] == token:
            return True
    return False


def near_run(book: Any, query: Any, k: int, end: int) -> bool:
    """Whether the neighbours from `k` on, joined, have about the length and letters of a word of the query."""
    for i in range(len(query.tokens)):
        row = query.tokens[i] * WIDTH
        length, start = query.rows[row + LENGTH], query.rows[row + START]
        if length < RUN_FUZZY - 1 or not query.rows[row + FLAGS] & LETTERS:
            continue
        if book.first_letter[book.reading_tokens[k]] != query.chars[start]:
            continue
        size, theirs = 0, 0
        for m in range(k, min(k + 3, end)):
            token = book.reading_tokens[m]
            size += book.rows[token * WIDTH + LENGTH]
            theirs |= book.letters[token]
            if m > k and abs(size - length) <= 1:
                differ = letters_of(query.chars, start, length) ^ theirs
                differ &= differ - 1
                if differ & (differ - 1) == 0:
                    return True
    return False


def drop_unlikely(
    book: Any, query: Any, pad: Any, weights: Any, counts: Any, least: float, side: int, first_met: int, met: int
) -> int:
    """Drop of the readings in `pad.out`, from `first_met` to `met`, those that can't reach `least` by what of the
    query they meet and how much of themselves that is: a quick look before `keep_likely`. How many are in it
    then."""
    stamp = pad.stamps[0]
    many = len(query.tokens)
    if many > MOST_BY_MASK:
        return met
    t = side * SIGNALS
    apart = many <= MOST_APART  # whether the same words are told from those that are spelled differently
    for mask in range(1 << (2 * many if apart else many)):
        pad.by_mask[PARTS * mask] = UNSET
    heads, firm = 0, 0
    for i in range(many):
        row = query.tokens[i] * WIDTH
        if pad.top_class[i] != 0:
            firm |= 1 << i
        if query.rows[row + LENGTH] >= RUN_FUZZY - 1 and query.rows[row + FLAGS] & LETTERS:
            heads |= letter_bit(query.chars[query.rows[row + START]])
    legal = query.rows[query.tokens[0] * WIDTH + KIND] == LEGAL
    word = weights[t + S_OVER_WORD]
    if side == 1:
        word = max(word, weights[t + S_OVER_PATRONYMIC])
    both = min(0.0, weights[t + S_OVER_WORD_BOTH] - word)
    low = weights[t + S_SIDE_LOW]
    over, over_both = weights[t + S_OVER_GENERAL], weights[t + S_OVER_GENERAL_BOTH]
    kept = first_met
    for one in range(first_met, met):
        reading = pad.out[one]
        at = 4 * reading
        person = side == 1 and book.reading_person[reading] != 0
        likely = (side == 1 and not person) or (side == 1 and counts[1] + book.reading_counts[at + 1] > 0)
        mask, solid, met_b, general_b, gains, words_b = 0, 0, 0.0, 0.0, 0.0, 0
        first, end = book.reading_at[reading], book.reading_at[reading + 1]
        for k in range(first, end):
            token = book.reading_tokens[k]
            if pad.marked[token] == stamp:
                mask |= pad.mark_mask[token]
                if pad.mark_class[token] == SOLID:
                    solid |= pad.mark_mask[token]
                elif pad.mark_class[token] == 0 and pad.mark_mask[token] & firm:
                    likely = True  # meets in a way that `weigh_mask` doesn't tell apart
                met_b += book.info[token]
                gains += max(0.0, pad.mark_gain[2 * token + side])
                kind = book.kinds[token]
                if kind == WORD:
                    words_b += 1
                elif BODY <= kind <= FILLER:
                    general_b += book.info[token]
            elif heads & letter_bit(book.first_letter[token]) and k + 1 < end:
                likely = likely or near_run(book, query, k, end)
        if not likely:
            which = (mask | solid << many if apart else mask) * PARTS
            if pad.by_mask[which] == UNSET:
                weigh_mask(query, counts, pad, weights, side, mask, solid if apart else mask, which)
            over_b = book.reading_counts[at] - words_b
            total_b = book.reading_total[reading]
            share_a, general_a = pad.by_mask[which + 1], pad.by_mask[which + 2]
            lacking = min(0.0, gains - pad.by_mask[which + 3])  # others add more than these do
            lower = low * (max(0.0, 0.6 - ratio(met_b, total_b)) - max(0.0, 0.6 - share_a))
            most = pad.by_mask[which] + min(0.0, lower) + lacking
            if over_b > 0:
                most += over_b * word if pad.by_mask[which + 4] == 0.0 else both
            general_b = max(0.0, book.reading_general[reading] - general_b)
            if general_b > general_a:
                most += over * (general_b - general_a) + min(0.0, over_both - over) * general_a
            likely = most >= least
            head = book.reading_tokens[first]
            starts = pad.marked[head] == stamp and pad.mark_mask[head] & 1 != 0
            if not likely and (starts or legal or book.kinds[head] == LEGAL):
                theirs = book.reading_tokens[first:end]
                cut = cut_at(query.rows, query.chars, query.tokens, book.rows, book.chars, theirs, side == 1)
                likely = cut != -2
        if likely:
            pad.out[kept] = reading
            kept += 1
    return kept
