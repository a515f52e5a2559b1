"""How far a reading can reach, token by token: the last look before names are compared."""

from __future__ import annotations

from typing import Any

from stopship.matching.kernels.bounds import SOLID, SPELLED, most_of_names, table_of
from stopship.matching.kernels.columns import (
    BODY,
    FILLER,
    FLAGS,
    KIND,
    LEGAL,
    LENGTH,
    LETTERS,
    LONGEST,
    NUMBER,
    S_CUT,
    START,
    WIDTH,
    WORD,
)
from stopship.matching.kernels.names import cut_at
from stopship.matching.kernels.reach import holds, ratio
from stopship.matching.kernels.records import RUN_FUZZY
from stopship.matching.kernels.signals import cut_letters
from stopship.matching.kernels.spellings import letters_of
from stopship.matching.kernels.words import osa


def meets_run(book: Any, query: Any, pad: Any, first: int, end: int, mask: int) -> bool:
    """Whether a word of the query that nothing meets yet is two or three neighbours of a reading joined, with a
    slip behind the first letter (`Alharamain`, `Al Haramein`)."""
    for i in range(len(query.tokens)):
        row = query.tokens[i] * WIDTH
        length, start = query.rows[row + LENGTH], query.rows[row + START]
        if mask & (1 << i) or length < RUN_FUZZY - 1 or not query.rows[row + FLAGS] & LETTERS:
            continue
        ours = letters_of(query.chars, start, length)
        for k in range(first, end - 1):
            if book.first_letter[book.reading_tokens[k]] != query.chars[start]:
                continue
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
