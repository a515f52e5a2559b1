"""How the known Chinese phrases and places sound: the phrases of `han.tsv`, `brands.tsv` and `places.tsv` by their
pinyin, and the long ones by Wade-Giles, with the places where their syllables meet."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from stopship.names.han_terms import Term, is_han, simplify, terms
from stopship.names.pinyin import SYLLABLES, is_pinyin, syllables_of, to_wade_giles
from stopship.names.tables import rows
from stopship.names.tokenize import plain_words

_MOST_WORDS = 4
_LONG_BRAND = 3
_LONG_IN_WADE = 3
_RANK = {"brand": 0, "legal": 1, "body": 2, "drop": 3, "word": 4, "name": 5}
_SHORT_BRAND = 6
# 陕西 and 山西 have the same sound without tones; the double a only tells them apart where somebody wrote it.
_SAME_SOUND = {"shaanxi": ("shan", "xi")}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A phrase by its sound. `words`: its English renderings, those of phrases of the same sound behind;
    `edges`: where its syllables meet, in letters from its beginning."""

    kind: str
    han: str
    words: tuple[str, ...]
    edges: frozenset[int]

    @property
    def size(self) -> int:
        """The number of syllables."""
        return len(self.edges) + 1

    def syllables_in(self, text: str) -> tuple[str, ...]:
        """Its syllables in the letters that it was found in."""
        at = (0, *sorted(self.edges), len(text))
        return tuple(text[a:b] for a, b in itertools.pairwise(at))


class Sounds:
    """Phrases by their joined sound, and what helps to look for them."""

    def __init__(self, table: dict[str, tuple[Spoken, ...]], syllables: frozenset[str]) -> None:
        self.table = table
        self.syllables = syllables
        self.longest = max(len(sound) for sound in table)
        self.beginnings = frozenset(sound[:3] for sound in table)


@cache
def pinyin_sounds() -> Sounds:
    """Phrases and places by their pinyin."""
    return Sounds(_table(wade=False), SYLLABLES)


@cache
def wade_sounds() -> Sounds:
    """The same, and long phrases and legal forms in Wade-Giles without marks too."""
    table = _table(wade=True)
    return Sounds({**table, **pinyin_sounds().table}, SYLLABLES | frozenset(to_wade_giles(s) for s in SYLLABLES))


def _table(*, wade: bool) -> dict[str, tuple[Spoken, ...]]:
    found: dict[str, list[Spoken]] = {}
    for term in _by_rank():
        if wade and len(term.han) < _LONG_IN_WADE and term.kind != "legal":
            continue
        for split in _splits(term):
            for spoken in _spellings([to_wade_giles(s) for s in split] if wade else split):
                _add(found, spoken, term.kind, term.han, term.words)
    if not wade:
        for spoken, han, word in _places():
            _add(found, spoken, "place", han, (word,))
    return {sound: tuple(held) for sound, held in found.items()}


def _by_rank() -> list[Term]:
    """The phrases that may be heard, those first that a sound means before others: long brands, then phrases, then
    short brands."""
    found = [t for t in terms().values() if t.pinyin and len(t.han) > 1 and t.kind != "place"]

    def rank(term: Term) -> int:
        return _SHORT_BRAND if term.kind == "brand" and len(term.han) < _LONG_BRAND else _RANK[term.kind]

    return sorted((t for t in found if t.words or t.kind == "drop"), key=rank)


def _splits(term: Term) -> list[tuple[str, ...]]:
    """The ways to take its sound apart with a syllable for each character: Jinan is ji, nan and jin, an."""
    return [split for split in syllables_of(term.pinyin) if len(split) == len(term.han)]


def _spellings(split: Sequence[str]) -> list[Sequence[str]]:
    """The syllables, and with u where the dots of ü are lost: `lv se` is written `lu se` as often."""
    flat = [s.replace("v", "u") if s[:1] in "ln" else s for s in split]
    return [split] if flat == list(split) else [split, flat]


def _places() -> list[tuple[Sequence[str], str, str]]:
    found: list[tuple[Sequence[str], str, str]] = []
    for key, level, _parent, names in rows("places.tsv"):
        if level == "country" and key != "CN":
            continue
        spellings = names.split("|")
        sizes = {len(simplify(name)): simplify(name) for name in spellings if is_han(name[0])}
        latin = [name for name in spellings if not is_han(name[0])]
        for name in latin if sizes else ():
            joined = "".join(plain_words(name))
            if joined in _SAME_SOUND:
                found.append((_SAME_SOUND[joined], sizes[2], latin[0]))
            elif joined != "china" and is_pinyin(joined):
                for split in syllables_of(joined):
                    if len(split) in sizes and len(split) > 1:
                        found.append((split, sizes[len(split)], latin[0]))
    return found


def _add(
    found: dict[str, list[Spoken]], split: Sequence[str], kind: str, han: str, words: tuple[str, ...]
) -> None:
    """Phrases of one sound and one part are one: 电气 and 电器 are electric, or appliances."""
    held = found.setdefault("".join(split), [])
    ends = [sum(map(len, split[:n])) for n in range(1, len(split))]
    edges = frozenset(ends)
    alike = "word" if kind in ("word", "name") else kind
    for at, other in enumerate(held):
        if other.edges == edges and alike == ("word" if other.kind in ("word", "name") else other.kind):
            if kind == "name":
                words = words[1:]
            # The usual rendering of each first.
            merged = dict.fromkeys([*other.words[:1], *words[:1], *other.words, *words])
            held[at] = Spoken(other.kind, other.han, tuple(merged)[:_MOST_WORDS], edges)
            return
    held.append(Spoken(kind, han, words, edges))
