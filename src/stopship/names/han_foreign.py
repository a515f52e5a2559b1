"""Foreign names in Han: `伊万诺夫·彼得` spells Ivanov Petr syllable by syllable, told by its consonants.

A dot between the words marks such names. Frequent names stand in a table. For the others: Mandarin has no r but in
尔 and writes l for it, v as w or f, and puts vowels between consonants; so each word keeps the few skeletons of
consonants that it may stand for, and with the usual characters of such names a few of its sounds with vowels.
Names that differ from one of the table only in characters of the same class (拉米雷斯, 拉米雷兹) are that one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_MOST_HEARD = 4
_TWICE = re.compile(r"(.)\1+")
_GLIDE = re.compile("i(?=[au])|(?<=a)i|(?<=u)i|a(?=u)")
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
    return {
        simplify(han): latin for spellings, latin in rows("han_foreign_names.tsv") for han in spellings.split("|")
    }


@cache
def _names_by_class() -> dict[str, str]:
    """Classes of sounds -> the one name of the table that has them."""
    found: dict[str, str] = {}
    for spellings, latin in rows("han_foreign_names.tsv"):
        for han in map(simplify, spellings.split("|")):
            key = _classes(syllables(han))
            found[key] = latin if found.get(key, latin) == latin else ""
    return found


_CLASSES = (
    (re.compile("^(?:[zc](?!h)|s(?!h))"), "s"), (re.compile("^(?:[zcs]h|[jqx])"), "x"), (re.compile("^h"), ""),
    (re.compile("^[yw]"), ""), (re.compile("^[lr]"), "l"), (re.compile("(?:[aeu]i|ie|ue|e)$"), "e"),
    (re.compile("(?:ao|ou|uo|iu)$"), "o"), (re.compile("(?:ia|ua)$"), "a"), (re.compile("[aeiou]+n(?=g?$)"), "en"),
    (re.compile("ng$"), "n"),
)  # fmt: skip


def _classes(spoken: Sequence[str]) -> str:
    found: list[str] = []
    for syllable in spoken:
        for pattern, sign in _CLASSES if syllable != "er" else ():
            syllable = pattern.sub(sign, syllable)
        found.append(syllable)
    return "-".join(found)


def _token(word: str) -> Token:
    if latin := _names().get(word):
        return Token(latin, Kind.WORD, latin)
    spoken = syllables(word)
    if len(word) >= _LONG and (latin := _names_by_class().get(_classes(spoken))):
        return Token(latin, Kind.WORD, latin)
    text = "".join(spoken)
    return Token(text, Kind.WORD, text, (*_skeletons(spoken), *_heard(word)), abjad=True)


@cache
def _sounds() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for sounds, characters in rows("han_foreign_sounds.tsv"):
        for char in characters:
            table.setdefault(char, tuple(sound.strip("-") for sound in sounds.split("|")))
    return table


def _as_latin(sounds: str) -> str:
    """Sounds as `sounds` reads Latin words: no glides, a last d is a t; and n before b is m."""
    return re.sub("d$", "t", re.sub("n(?=b)", "m", _TWICE.sub(r"\1", _GLIDE.sub("", sounds))))


def _heard(word: str) -> tuple[str, ...]:
    """Broad keys with vowels, as `sounds.broad_keys` makes them of Latin words: the usual sound of each character,
    then those with one other sound; () where a character is not usual in foreign names."""
    choices = [_sounds().get(char, ()) for char in word]
    if not all(choices):
        return ()
    usual = [choice[0] for choice in choices]
    made = ["".join(usual)]
    for at in reversed(range(len(choices))):
        made.extend("".join([*usual[:at], other, *usual[at + 1 :]]) for other in choices[at][1:])
    made.append("".join(choice[-1] for choice in choices))
    kept = dict.fromkeys(_as_latin(sounds) for sounds in made)
    return tuple(f"k:~{sounds}" for sounds in islice(kept, _MOST_HEARD) if len(sounds) > _LEAST)


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
