"""Foreign names in Han: `伊万诺夫·彼得` spells Ivanov Petr syllable by syllable, told by its consonants.

A dot between the words marks such names. Frequent names stand in a table. For the others: Mandarin has no r but in
尔 and writes l for it, v as w or f, and puts vowels between consonants; so each word keeps the few skeletons of
consonants that it may stand for.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice, product

from stopship.names.han_terms import simplify, syllables
from stopship.names.phrases import Kind
from stopship.names.tables import rows
from stopship.names.token import Token

_DOT = re.compile("[·•‧・･．.]| +")
_FOREIGN = re.compile("[\u3400-\u9fff]{1,12}(?:[·•‧・･．.][\u3400-\u9fff]{1,12})+")
_SPACED = re.compile("[\u3400-\u9fff]{2,12}(?: +[\u3400-\u9fff]{2,12})+")
_LONG = 3  # characters of a word that no Chinese name has
_MOST = 8
_LEAST = 3
_INITIAL = re.compile("zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?")
# What the beginning of a syllable may stand for, in the signs of the skeletons of `sounds`.
_SIGNS: dict[str, tuple[str, ...]] = {
    "b": ("b",), "p": ("b",), "m": ("m",), "f": ("f",), "d": ("d", "t"), "t": ("t",), "n": ("n",), "l": ("l", "r"),
    "g": ("k",), "k": ("k",), "h": ("h",), "j": ("j", "k"), "q": ("S", "k"), "x": ("s", "h"), "r": ("r", "j"),
    "zh": ("j",), "ch": ("S",), "sh": ("S",), "z": ("s", "z"), "c": ("s",), "s": ("s",), "y": ("",),
    "w": ("f", ""), "": ("",),
}  # fmt: skip


def foreign_tokens(text: str, *, spaced: bool = False) -> tuple[Token, ...]:
    """The words of a foreign name in Han, as printed, with the skeletons of consonants that they may stand for; ()
    where the text is no such name. `spaced`: a gap may stand for the dot, beside a word of three characters."""
    printed = text.strip()
    words = _DOT.split(printed)
    gapped = spaced and _SPACED.fullmatch(printed) and any(len(word) >= _LONG for word in words)
    if not (gapped or _FOREIGN.fullmatch(printed)):
        return ()
    return tuple(_token(simplify(word)) for word in words)


@cache
def _names() -> dict[str, str]:
    return {han: latin for spellings, latin in rows("han_foreign_names.tsv") for han in spellings.split("|")}


def _token(word: str) -> Token:
    if latin := _names().get(word):
        return Token(latin, Kind.WORD, latin)
    spoken = syllables(word)
    text = "".join(spoken)
    return Token(text, Kind.WORD, text, _skeletons(spoken), abjad=True)


def _skeletons(spoken: list[str]) -> tuple[str, ...]:
    signs: list[tuple[str, ...]] = []
    for at, syllable in enumerate(spoken):
        if syllable == "er" and at:
            signs.append(("r", "l"))
            continue
        match = _INITIAL.match(syllable)
        initial = match[0] if match else ""
        signs.append(("A",) if at == 0 and initial in ("", "y") else _SIGNS[initial])
        rest = syllable[len(initial) :]
        following = spoken[at + 1][:1] if at + 1 < len(spoken) else ""
        if rest.endswith("n") and following != "n":
            signs.append(("n", "m") if following in ("b", "p", "") and at + 1 < len(spoken) else ("n",))
        elif rest.endswith("ng"):
            signs.append(("nk", "n"))
    # The first choice of every sign, then others: those of the last signs change first.
    made = ("".join(choice) for choice in islice(product(*signs), 4 * _MOST))
    kept = dict.fromkeys(re.sub(r"(.)\1+", r"\1", bones) for bones in made)
    return tuple(f"k:{bones}" for bones in islice(kept, _MOST) if len(bones) >= _LEAST)
