"""How far two words are apart when one of them was spelled by ear or letter by letter in another script.

A weighted edit distance (Wagner and Fischer 1974) over sounds instead of letters: what converters and people confuse
(c as k, s or ch; b, p, v and f; ch, sh and j; r and l) costs little, vowels cost less, another consonant costs a slip
(`SLIP`). Everything is plain Python over flat sequences of numbers, so that the matcher's kernels can be compiled
with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NOT_HEARD, LOOSELY, CLOSELY = 0, 1, 2
SLIP = 10  # what another consonant costs
FAR = 250  # more than any two words that are compared
MOST = 40  # sounds of a word that are compared; longer ones are cut
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Sounds: the letters by their place in the alphabet, then what two or three letters spell.
_MORE = ("SH", "CH", "KH", "GH", "TH", "ZH", "TS", "DH", "SOFT_C", "SOFT_G", "LL")
SOUNDS = (*_LETTERS, *_MORE)
COUNT = len(SOUNDS)
SH, CH, KH, GH, TH, ZH, TS, DH, SOFT_C, SOFT_G, LL = range(26, 37)
A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z = range(26)
# Costs of taking one sound for another, in tenths of a slip; a line names a sound and those it is taken for.
_TAKEN = """
a: e2 o3 i4 u4
e: i2 o4 u4 y3
i: u4 o4 y0 j2
o: u1 w2
u: w1 v2 y3
b: p2 v2 f4 w4
p: f2 v4
f: v2 h3 w4
v: w1
w: g5
m: n4
t: d3 TH1 TS4 CH4 DH4
d: TH3 DH1 z5 r6 j4 SOFT_G6
s: z2 SH3 TH2 SOFT_C0 TS2 CH4 x3 c2 ZH4
z: ZH2 TS2 j3 SH4 DH2 TH3 SOFT_C2 x2 d5 SOFT_G4
SH: CH3 ZH3 SOFT_C2 j4 KH4 x2 TS4 SOFT_G4
CH: TS2 SOFT_C1 k3 j3 KH2 h3 ZH3 SOFT_G3 x3 q2 c2
KH: k2 h1 g3 q3 GH3 x1 SOFT_C4 c3
k: q0 c0 g3 SOFT_C2 SOFT_G5 x4 h5 GH4
g: SOFT_G0 j2 GH1 q3 c3 h4 ZH4
q: c0 g3 h5
h: GH4 x2 j3 SOFT_G4
j: ZH1 SOFT_G0 y2 TS4 TH6
ZH: SOFT_G1 y5
TS: SOFT_C1
TH: DH1 f4
l: r3 LL0
r: LL3
y: LL1
i: LL4
"""
# What leaving out a sound costs; another consonant costs a slip.
_LEFT_OUT = {"h": 3, "y": 2, "w": 3, "GH": 5, "r": 8, "g": 8, "d": 9, "t": 9, "v": 7, "j": 7}
_VOWEL = 4
_BESIDE = 2  # a vowel beside another one
_SPARSE = 1  # a vowel where short ones are not written
_FINAL_E = 1
_MUTE_AT_END = 6  # a consonant that French leaves unspoken
_MUTE_R = 3  # r behind a vowel, as in English


def _matrix() -> Any:
    cost = np.full((COUNT, COUNT), SLIP, np.int64)
    names = {name: number for number, name in enumerate(SOUNDS)}
    for line in _TAKEN.split("\n"):
        one, _, others = line.partition(":")
        for other in others.split():
            name = other.rstrip("0123456789")
            cost[names[one], names[name]] = cost[names[name], names[one]] = int(other[len(name) :])
    np.fill_diagonal(cost, 0)
    return cost.reshape(-1)


def _omissions() -> Any:
    cost = np.full(COUNT, SLIP, np.int64)
    for name, amount in _LEFT_OUT.items():
        cost[SOUNDS.index(name)] = amount
    return cost


# How far apart two words may be, by how many consonants the one with more has, that sound alike closely and loosely,
# for scripts that write vowels and for those that don't. Set on pairs of name words and their spellings in Arabic,
# Hebrew, kana, Hangul and Cyrillic, so that one pair of strangers in a thousand is taken for one name.
CLOSE = (0, 1, 3, 5, 8, 10, 11, 11)
LOOSE = (0, 2, 6, 9, 12, 14, 15, 16)
CLOSE_SPARSE = (0, 1, 2, 4, 7, 9, 10, 10)
LOOSE_SPARSE = (0, 2, 4, 7, 11, 13, 15, 16)
_MOST_APART = 7

TAKEN = _matrix()
LEFT_OUT = _omissions()


def is_vowel(sound: int) -> bool:
    """Whether a sound is a, e, i, o or u."""
    return sound == A or sound == E or sound == I or sound == O or sound == U


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
            elif letter == B or letter == R:
                pass
            elif letter == J:
                pass
            else:
                taken = 1
        elif letter == S and after == C and at + 2 < length and chars[start + at + 2] - 97 == H:
            sound, taken = SH, 3
        elif letter == T and after == C and at + 2 < length and chars[start + at + 2] - 97 == H:
            sound, taken = CH, 3
        elif letter == T and (after == S or after == Z):
            sound, taken = TS, 2
            if at + 2 < length and chars[start + at + 2] - 97 == H:
                sound, taken = CH, 3
        elif letter == L and after == L:
            sound, taken = LL, 2
        elif letter == C:
            if after == K or after == Q:
                sound, taken = K, 2
            elif after == Z:
                sound, taken = CH, 2
            elif after == E or after == I or after == Y:
                sound = SOFT_C
            else:
                sound = K
        elif letter == G and (after == E or after == I or after == Y):
            sound = SOFT_G
        elif letter == Y and not is_vowel(after):
            sound = I
        elif letter == Q and after == U:
            sound, taken = K, 2
        at += taken
        if sound != last:
            into[found] = sound
            found += 1
        last = sound
    return found


def spelled_by_two(one: int, first: int, second: int) -> bool:
    """Whether a sound may be written as two others: x as k and s, ch as t and sh, sh as s and h."""
    if second == H:
        return (
            (one == SH and first == S) or (one == KH and (first == K or first == Q)) or (one == GH and first == G)
            or (one == TH and first == T) or (one == ZH and first == Z) or (one == DH and first == D)
            or (one == CH and (first == C or first == K or first == S))
        )  # fmt: skip
    if second == Z and first == D and (one == J or one == SOFT_G):
        return True
    if second == S or second == Z:
        return (one == X and (first == K or first == G)) or (
            (one == TS or one == CH or one == SOFT_C) and (first == T or first == D)
        )
    if second == SH or second == CH:
        return (one == CH or one == SOFT_C or one == SH) and (first == T or first == S)
    if second == ZH or second == J or second == SOFT_G:
        return (one == J or one == SOFT_G) and first == D
    return False


def apart(a: Any, count_a: int, b: Any, count_b: int, sparse: bool, most: int, row: Any) -> int:
    """How far two words are apart, in tenths of a slip; `FAR` where it is more than `most`. Symmetric.

    Args:
        a, count_a, b, count_b: the sounds of the words, as `sounds_into` makes them.
        sparse: one of them was written without short vowels.
        row: room for `3 * (MOST + 1)` numbers.
    """
    if count_a == 0 or count_b == 0:
        return FAR
    width = MOST + 1
    row[0] = 0
    for j in range(count_b):
        row[j + 1] = row[j] + omitted(b, j, count_b, sparse)
    for i in range(count_a):
        here = ((i + 1) % 3) * width
        up = (i % 3) * width
        higher = ((i + 2) % 3) * width
        gone = omitted(a, i, count_a, sparse)
        row[here] = row[up] + gone
        least = row[here]
        for j in range(count_b):
            swap = TAKEN[a[i] * COUNT + b[j]]
            if sparse and is_vowel(a[i]) and is_vowel(b[j]) and swap > 1:
                swap = 1
            best = row[up + j] + swap
            other = row[up + j + 1] + gone
            if other < best:
                best = other
            other = row[here + j] + omitted(b, j, count_b, sparse)
            if other < best:
                best = other
            if i > 0 and row[higher + j] < best and spelled_by_two(b[j], a[i - 1], a[i]):
                best = row[higher + j]
            if j > 0 and row[up + j - 1] < best and spelled_by_two(a[i], b[j - 1], b[j]):
                best = row[up + j - 1]
            row[here + j + 1] = best
            if best < least:
                least = best
        if least > most:
            return FAR
    total = row[(count_a % 3) * width + count_b]
    return total if total <= most else FAR


def omitted(sounds: Any, at: int, count: int, sparse: bool) -> int:
    """What leaving out one sound of a word costs."""
    sound = sounds[at]
    after = sounds[at + 1] if at + 1 < count else -1
    before = sounds[at - 1] if at > 0 else -1
    if is_vowel(sound):
        if sound == E and after < 0:
            return _FINAL_E
        if sparse and (at > 0 or is_vowel(after) or after == W or after == Y):
            return _SPARSE
        if is_vowel(after) or (at > 0 and is_vowel(before)) or after == W or after == Y:
            return _BESIDE
        return _VOWEL
    if sound == H and at > 0 and not is_vowel(before):
        return 1
    if sound == R and at > 0 and is_vowel(before) and not is_vowel(after):
        return _MUTE_R
    if after < 0 and (sound == S or sound == T or sound == D or sound == X or sound == Z or sound == P):
        return _MUTE_AT_END
    return LEFT_OUT[sound]


def consonants(sounds: Any, count: int) -> int:
    """How many sounds are neither vowels nor h, y or w."""
    found = 0
    for at in range(count):
        sound = sounds[at]
        if not is_vowel(sound) and sound != H and sound != Y and sound != W:
            found += 1
    return found


def heard_as(a: Any, count_a: int, b: Any, count_b: int, sparse: bool, row: Any) -> int:
    """Whether two words sound alike: `CLOSELY`, `LOOSELY` or `NOT_HEARD`. Symmetric; arguments as of `apart`."""
    more, less = consonants(a, count_a), consonants(b, count_b)
    if more < less:
        more, less = less, more
    if more - less > 3 or more == 0:
        return NOT_HEARD
    at = min(more, _MOST_APART)
    loose = LOOSE_SPARSE[at] if sparse else LOOSE[at]
    distance = apart(a, count_a, b, count_b, sparse, loose, row)
    if distance > loose:
        return NOT_HEARD
    return CLOSELY if distance <= (CLOSE_SPARSE[at] if sparse else CLOSE[at]) else LOOSELY
