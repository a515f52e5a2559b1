"""Words of an item's description, so that they meet the words of the Commerce Control List.

A word is compared by its stem: without plural and the commonest endings, in American spelling, without marks and
case. The stemmer is a short one of this program, after the idea of M. F. Porter, "An algorithm for suffix
stripping" (1980); what matters is that a description and the list go through the same steps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Attributes:
        printed: as it stands there, in small letters: "cameras".
        stem: what is compared: "camera".
        joined: whether it was made of a compound with a hyphen ("x-ray" -> "xray"), beside its parts.
    """

    printed: str
    stem: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number with its unit, or a format ("640x512"), as a description states it."""

    text: str


def word_kinds() -> dict[str, tuple[str, ...]]:
    """Kind -> words, from `item_words.tsv`."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (resources.files("stopship.rules") / "item_words.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, listed = line.partition("\t")
            found[kind] = (*found.get(kind, ()), *listed.split())
    return found


_KINDS = word_kinds()
_UNITS = _KINDS["unit"]
_COUNTED = _KINDS["counted_unit"]  # these say what an item is: they count as words too
_ONLY_APART = frozenset(_KINDS["unit_apart"])  # glued to a number they mean something else: 5G, 4K
_STOP = frozenset(word for kind in ("unit", "number", "empty", "formula", "offer") for word in _KINDS[kind])
_SAME = dict(zip(_KINDS["same"][::2], _KINDS["same"][1::2], strict=True))
_KEPT = frozenset(_KINDS["kept_s"])

_NUMBER = r"(?:(?<!\S)-|[<>≤≥±~]\s?)?\d+(?:[.,]\d+)*"
_COUNT = "|".join(_KINDS["number"])
_UNIT = "|".join(sorted(map(re.escape, (*_UNITS, *_COUNTED)), key=len, reverse=True))
_LONG = "|".join(
    sorted((re.escape(u) for u in (*_UNITS, *_COUNTED) if u not in _ONLY_APART), key=len, reverse=True)
)
_PARAMETER = re.compile(
    rf"(?<![\w.])(?:{_NUMBER}\s?[x×]\s?{_NUMBER}(?:\s?[x×]\s?{_NUMBER})?(?:\s?(?:{_LONG})\b)?"
    rf"|{_NUMBER}(?:\s?(?:-|–|to)\s?{_NUMBER})?(?:[\s-]?(?:{_LONG})|\s(?:{_UNIT}))\b(?:/\w+)?"
    rf"|{_NUMBER}\s?(?:%|°\s?[CFK]?)"
    rf"|(?:{_COUNT})[\s-](?:{'|'.join(_COUNTED)})\b)",
    re.IGNORECASE,
)
_GLUED = re.compile(rf"\d+(?:x\d+)*(?:{_LONG})?\Z|\d+x\d+\w*\Z")
_TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")

_ENDINGS = (
    # (ending, what takes its place, letters that must be left); the first that fits is taken
    ("izations", "iz", 3), ("ization", "iz", 3), ("izing", "iz", 3), ("izer", "iz", 3), ("ized", "iz", 3),
    ("ize", "iz", 3),
    ("ational", "at", 3), ("ations", "at", 3), ("ation", "at", 3), ("ators", "at", 3), ("ator", "at", 3),
    ("ating", "at", 3),
    ("ated", "at", 3), ("ative", "at", 3), ("ate", "at", 3),
    ("ctional", "ct", 2), ("ction", "ct", 2), ("ctive", "ct", 2), ("ctor", "ct", 2),
    ("ptional", "pt", 3), ("ption", "pt", 3), ("ptor", "pt", 3),
    ("sional", "s", 3), ("sion", "s", 3), ("sor", "s", 3), ("tion", "t", 4), ("tor", "t", 4),
    ("graphical", "graph", 0), ("graphic", "graph", 0), ("grapher", "graph", 0), ("graphy", "graph", 0),
    ("scopic", "scop", 2), ("scopy", "scop", 2), ("scope", "scop", 2),
    ("metrical", "met", 4), ("metric", "met", 4), ("metry", "met", 4), ("meter", "met", 4),
    ("ically", "ic", 3), ("ical", "ic", 3), ("ying", "y", 3), ("ied", "y", 2), ("ier", "y", 4),
    ("eed", "eed", 1), ("ing", "", 3), ("ed", "", 3), ("er", "", 4), ("ly", "", 4), ("ment", "", 5), ("e", "", 4),
)  # fmt: skip
_DASHES = {ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"} | {0x2019: "'", 0x00AD: None}
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLE = re.compile(r"([b-df-hj-np-tv-z])\1\Z")


def parameters(text: str) -> tuple[Parameter, ...]:
    """Numbers with units, and formats, of a description: a person compares them with the text of an entry."""
    found = (" ".join(match[0].split()) for match in _PARAMETER.finditer(text.translate(_DASHES)))
    return tuple(Parameter(each) for each in dict.fromkeys(found))


def words(text: str) -> tuple[Word, ...]:
    """The words of a text that say what an item is, in their order; without numbers, units, empty words."""
    return tuple(_words(fold(text)))


def fold(text: str) -> str:
    """Small letters without marks, one kind of dash."""
    folded = text.translate(_DASHES).casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


def _words(folded: str) -> Iterator[Word]:
    for match in _TOKEN.finditer(folded):
        parts = [part for part in re.split(r"[-']", match[0]) if part]
        for part in parts:
            if _counts(part):
                yield Word(part, stem(part))
        if len(parts) > 1 and not parts[0].isdecimal() and all(part not in _STOP for part in parts):
            whole = "".join(parts)
            yield Word(match[0], stem(whole), joined=True)


def _counts(word: str) -> bool:
    return len(word) > 1 and word not in _STOP and not word.isdecimal() and _GLUED.match(word) is None


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one word in small letters: `imagers` -> `imag`, `fibres` -> `fiber`."""
    word = _SAME.get(word, word)
    if len(word) < 4 or any(c.isdecimal() for c in word) or not word.isascii():
        return word
    word = singular(word)
    word = _american(_SAME.get(word, word))
    for ending, instead, left in _ENDINGS:
        rest = word[: len(word) - len(ending)]
        if word.endswith(ending) and len(rest) >= left and (_VOWEL.search(rest) or instead):
            word = rest + instead
            break
    word = _american(word)
    if word.endswith("y") and len(word) > 3:
        word = word[:-1] + "i"
    return _DOUBLE.sub(r"\1", word)


def singular(word: str) -> str:
    """A word in small letters without the ending of its plural."""
    if len(word) == 4 and word.endswith("us"):
        return word[:-1]  # CPUs, IMUs
    if word in _KEPT or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word[:-1] if _VOWEL.search(word[:-1]) else word


def _american(word: str) -> str:
    """Endings that British spelling writes otherwise: fibre, armour, polarise."""
    if len(word) < 5:
        return word
    word = re.sub(r"(?<=[bt])re\Z", "er", word)
    word = re.sub(r"our\Z", "or", word)
    return re.sub(r"(?<=[a-z]{2}[iy])s(?=(?:e|er|ed|ing|ation|ations)\Z)", "z", word)
