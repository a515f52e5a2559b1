"""How far two words are apart when one of them was spelled by ear or letter by letter in another script.

A weighted edit distance (Wagner and Fischer 1974) over sounds instead of letters: what converters and people
confuse (c as k, s or ch; b, p, v and f; ch, sh and j; r and l) costs little, vowels cost less, another consonant
costs a slip (`SLIP`); `ear.tsv` has the costs. Everything is plain Python over flat sequences of numbers, so that
the matcher's kernels can be compiled with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stopship.names.tables import rows

TABLE = "ear.tsv"
NOT_HEARD, LOOSELY, CLOSELY = 0, 1, 2
SLIP = 10  # what another consonant costs
FAR_LENGTHS = 8  # words whose lengths differ by more letters are not compared
FAR = 250  # more than any two words that are compared
MOST = 40  # sounds of a word that are compared; longer ones are cut
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Sounds: the letters by their place in the alphabet, then what two or three letters spell.
_MORE = ("SH", "CH", "KH", "GH", "TH", "ZH", "TS", "DH", "SOFT_C", "SOFT_G", "LL")
SOUNDS = (*_LETTERS, *_MORE)
COUNT = len(SOUNDS)
SH, CH, KH, GH, TH, ZH, TS, DH, SOFT_C, SOFT_G, LL = range(26, 37)
A, B, C, D, E, F, G, H, I_, J, K, L, M, N, O_, P, Q, R, S, T, U, V, W, X, Y, Z = range(26)
# How scripts spell: every letter, syllables, no short vowels, or as Greek does (b as mp, ch as h).
LETTERS, SYLLABLES, CONSONANTS, GREEK = range(4)
KINDS = {"letters": LETTERS, "syllables": SYLLABLES, "consonants": CONSONANTS, "greek": GREEK}
# What leaving out a sound costs; another consonant costs a slip.
_LEFT_OUT = {"h": 3, "y": 2, "w": 3, "GH": 5, "r": 8, "g": 8, "d": 9, "t": 9, "v": 7, "j": 7}
_VOWEL = 4
_BESIDE = 2  # a vowel beside another one, where no syllable is written for each
_SPARSE = 1  # a vowel where short ones are not written, or one of two where each is written
_LONG = 3  # a vowel that such a script does write
_FINAL_E = 1
_MUTE_AT_END = 6  # a consonant that French leaves unspoken
_MUTE_R = 3  # r behind a vowel, as in English


def _matrix() -> Any:
    """The costs of taking one sound for another, in tenths of a slip, by kind of script and both sounds."""
    cost = np.full((len(KINDS), COUNT, COUNT), SLIP, np.int64)
    names = {name: number for number, name in enumerate(SOUNDS)}
    for kind, one, others in rows(TABLE):
        for number in KINDS.values() if kind == "all" else (KINDS[kind],):
            for other in others.split():
                name = other.rstrip("0123456789")
                a, b = names[one], names[name]
                cost[number, a, b] = cost[number, b, a] = int(other[len(name) :])
    for square in cost:
        np.fill_diagonal(square, 0)
    return cost.reshape(-1)


def _omissions() -> Any:
    cost = np.full(COUNT, SLIP, np.int64)
    for name, amount in _LEFT_OUT.items():
        cost[SOUNDS.index(name)] = amount
    return cost


# How far apart two words may be, by how many consonants the one with more has, that sound alike closely and
# loosely, for each kind of script. Chosen on pairs of name words and their spellings in Arabic, Hebrew, kana,
# Hangul and Cyrillic, on misses of the tuning part of the benchmark, and on alerts of strangers in these scripts.
# From three consonants on about one pair of strangers in a thousand is taken for one name, of shorter words more.
CLOSE = (
    (0, 1, 2, 3, 5, 7, 8, 9),
    (0, 1, 2, 4, 6, 8, 9, 9),
    (0, 0, 1, 2, 4, 5, 7, 8),
    (0, 1, 2, 3, 5, 7, 8, 9),
)
LOOSE = (
    (0, 1, 3, 5, 8, 10, 11, 12),
    (0, 1, 3, 5, 8, 10, 12, 13),
    (0, 1, 2, 5, 8, 10, 12, 13),
    (0, 1, 3, 5, 8, 10, 11, 12),
)
_MOST_APART = 7

TAKEN = _matrix()
LEFT_OUT = _omissions()
TAKEN_LIST: list[int] = TAKEN.tolist()  # faster for the interpreter


def is_vowel(sound: int) -> bool:
    """Whether a sound is a, e, i, o or u."""
    return sound in (A, E, I_, O_, U)


def sounds_into(chars: Any, start: int, length: int, into: Any) -> int:
    """Write the sounds of a word of lower-case letters to `into` (room for `MOST`), double ones once; how many."""
    found, at, last = 0, 0, -1
    while at < length and found < MOST:
        letter = chars[start + at] - 97
        after = chars[start + at + 1] - 97 if at + 1 < length else -1
        sound, taken = letter, 1
        if letter < 0 or letter > 25:
            return 0
        if after == H:
            taken = 2
            if letter == S:
                sound = SH
            elif letter == C:
                sound = CH
            elif letter == K:
                sound = KH
            elif letter == G:
                sound = GH
            elif letter == T:
                sound = TH
            elif letter == Z:
                sound = ZH
            elif letter == D:
                sound = DH
            elif letter == P:
                sound = F
            elif letter in (B, R) or letter == J:
                pass
            else:
                taken = 1
        elif letter == S and after == C and at + 2 < length and chars[start + at + 2] - 97 == H:
            sound, taken = SH, 3
        elif letter == T and after == C and at + 2 < length and chars[start + at + 2] - 97 == H:
            sound, taken = CH, 3
        elif letter == T and (after in (S, Z)):
            sound, taken = TS, 2
            if at + 2 < length and chars[start + at + 2] - 97 == H:
                sound, taken = CH, 3
        elif letter == L and after == L:
            sound, taken = LL, 2
        elif letter == C:
            if after in (K, Q):
                sound, taken = K, 2
            elif after == Z:
                sound, taken = CH, 2
            elif after in (E, I_, Y):
                sound = SOFT_C
            else:
                sound = K
        elif letter == G and (after in (E, I_, Y)):
            sound = SOFT_G
        elif letter == Y and not is_vowel(after):
            sound = I_
        elif letter == Q and after == U:
            sound, taken = K, 2
        at += taken
        if sound != last:
            into[found] = sound
            found += 1
        last = sound
    return found


def spelled_by_two(one: int, first: int, second: int, kind: int) -> bool:
    """Whether a sound may be written as two others: x as k and s, ch as t and sh, sh as s and h."""
    if kind == GREEK and (
        (one == D and first == N and (second in (T, D)))
        or (one == B and first == M and (second in (P, B)))
        or (one == G and first == N and (second in (K, G)))
    ):
        return True
    if second == KH:
        return (one == TH and first == T) or (one == GH and first == G) or (one == SH and first == S)
    if second == H:
        return (
            (one == SH and first == S) or (one == KH and (first in (K, Q))) or (one == GH and first == G)
            or (one == TH and first == T) or (one == ZH and first == Z) or (one == DH and first == D)
            or (one == CH and (first in (C, K, S)))
        )  # fmt: skip
    if second == Z and first == D and (one in (J, SOFT_G)):
        return True
    if second in (S, Z):
        return (one == X and (first in (K, G))) or ((one in (TS, CH, SOFT_C)) and (first in (T, D)))
    if second in (SH, CH):
        return (one in (CH, SOFT_C, SH)) and (first in (T, S))
    if second in (ZH, J, SOFT_G):
        return (one in (J, SOFT_G)) and first == D
    return False


def apart(a: Any, count_a: int, b: Any, count_b: int, kind: int, most: int, row: Any, taken: Any) -> int:
    """How far a word that was spelled by ear is apart from a Latin one, in tenths of a slip; `FAR` where it is
    more than `most`.

    Args:
        a, count_a, b, count_b: the sounds of the spelled word and of the Latin one, as `sounds_into` makes them.
        kind: how the script of the first spells (`KINDS`).
        row: room for `3 * (MOST + 1)` numbers.
        taken: `TAKEN`, or the same as a list.
    """
    if count_a == 0 or count_b == 0:
        return FAR
    width = MOST + 1
    row[0], least_before = 0, 0
    for j in range(count_b):
        row[j + 1] = row[j] + omitted(b, j, count_b, kind, True)
    for i in range(count_a):
        here = ((i + 1) % 3) * width
        up = (i % 3) * width
        higher = ((i + 2) % 3) * width
        gone = omitted(a, i, count_a, kind, False)
        row[here] = row[up] + gone
        least = row[here]
        for j in range(count_b):
            swap = taken[(kind * COUNT + a[i]) * COUNT + b[j]]
            if i == 0 and j == 0 and 2 < swap < SLIP and not is_vowel(a[i]):
                swap += 1  # slips are rarer at the head
            best = row[up + j] + swap
            other = row[up + j + 1] + gone
            if other < best:
                best = other
            other = row[here + j] + omitted(b, j, count_b, kind, True)
            if other < best:
                best = other
            if i > 0 and row[higher + j] < best and spelled_by_two(b[j], a[i - 1], a[i], kind):
                best = row[higher + j]
            if j > 0 and row[up + j - 1] < best and spelled_by_two(a[i], b[j - 1], b[j], kind):
                best = row[up + j - 1]
            row[here + j + 1] = best
            if best < least:
                least = best
        if least > most and least_before > most:  # two sounds may be taken at once
            return FAR
        least_before = least
    total = row[(count_a % 3) * width + count_b]
    return total if total <= most else FAR


def omitted(sounds: Any, at: int, count: int, kind: int, latin: bool) -> int:
    """What leaving out one sound of a word costs."""
    sound = sounds[at]
    after = sounds[at + 1] if at + 1 < count else -1
    before = sounds[at - 1] if at > 0 else -1
    if is_vowel(sound):
        if sound == E and after < 0:
            return _FINAL_E
        if kind == CONSONANTS and (at > 0 or is_vowel(after) or after in (W, Y)):
            return _SPARSE if latin or sound == A else _LONG
        if is_vowel(after) or (at > 0 and is_vowel(before)) or after in (W, Y):
            return _SPARSE if kind == SYLLABLES else _BESIDE
        return _VOWEL
    if (sound == H and at > 0 and not is_vowel(before)) or (sound == SOFT_C and before == S):
        return 1
    if sound == R and at > 0 and is_vowel(before) and not is_vowel(after):
        return _MUTE_R
    if after < 0 and (sound in (S, T, D, X, Z, P)):
        return _MUTE_AT_END
    return int(LEFT_OUT[sound])


def without_filling(sounds: Any, count: int) -> int:
    """Take the `a` out that was put between consonants where an abjad writes nothing else; how many sounds are
    left."""
    for at in range(count):
        if (sounds[at] == A) != (at % 2 == 1) or (is_vowel(sounds[at]) and sounds[at] != A):
            return count
    for at in range(0, count, 2):
        sounds[at // 2] = sounds[at]
    return (count + 1) // 2


def consonants(sounds: Any, count: int) -> int:
    """How many sounds are neither vowels nor y or w, nor h but at the head."""
    found = 0
    for at in range(count):
        sound = sounds[at]
        if not is_vowel(sound) and (sound != H or at == 0) and sound != Y and sound != W:
            found += 1
    return found


def nasals(chars: Any, start: int, length: int) -> int:
    """How many times a word has m or n, double ones once: what hardly any script confuses with anything else."""
    found, last = 0, -1
    for at in range(length):
        letter = chars[start + at]
        if (letter == 109 or letter == 110) and letter != last:
            found += 1
        last = letter
    return found


def heard_as(a: Any, count_a: int, b: Any, count_b: int, kind: int, row: Any, taken: Any) -> int:
    """Whether two words sound alike: `CLOSELY`, `LOOSELY` or `NOT_HEARD`; arguments as of `apart`."""
    more, less = consonants(a, count_a), consonants(b, count_b)
    if more < less:
        more, less = less, more
    if more - less > 3 or more == 0:
        return NOT_HEARD
    at = min(more, _MOST_APART)
    loose = LOOSE[kind][at]
    distance = apart(a, count_a, b, count_b, kind, loose, row, taken)
    if distance > loose:
        return NOT_HEARD
    return CLOSELY if distance <= CLOSE[kind][at] else LOOSELY
