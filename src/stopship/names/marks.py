"""Letters with marks that say how they sound: Tšuro, Çelik, Wałęsa, Săvescu.

The plain word drops the marks, because names are typed without them as often; how they sound is told to the word's
spelling families beside that. What each letter sounds like is a fact of the orthographies that use it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from stopship.names.phrases import Kind
from stopship.names.sounds import sounds_of
from stopship.names.token import Token
from stopship.names.tokenize import plain_words

_SOUNDS = {
    "š": "sh", "č": "tch", "ž": "zh", "ć": "tch", "ş": "sh", "ș": "sh", "ś": "sh", "ŝ": "sh", "ç": "tch",
    "ţ": "ts",
    "ț": "ts", "ż": "zh", "ğ": "gh", "ġ": "gh", "ǧ": "j", "ḫ": "kh", "ẖ": "kh", "ḵ": "kh", "ḏ": "dh", "ṯ": "th",
    "đ": "dj", "ě": "ye", "ë": "yo", "ľ": "ly", "ň": "ny", "ñ": "ny", "ź": "z", "å": "o", "ä": "e", "æ": "e",
    "ø": "o",
    "ö": "o", "ą": "on", "ę": "en", "ŭ": "u", "ў": "u", "ĉ": "tch", "ĝ": "j", "ĵ": "zh", "ĥ": "kh", "ȟ": "kh",
    "ǆ": "j", "ß": "ss",
}  # fmt: skip
_LETTERS = str.maketrans(_SOUNDS)
_ESTONIAN = re.compile("t[šş]")
_TURKISH = re.compile("[şğıç]")
_MARKED = re.compile(r"[^\W\d_]+")
_AS_S = str.maketrans({"ç": "s"})  # French and Portuguese


def marked_spellings(cleaned: str) -> dict[str, tuple[str, ...]]:
    """For each plain word of a cleaned text that has such letters, how it would be spelled in plain letters."""
    text = unicodedata.normalize("NFC", cleaned).lower()
    turkish = _TURKISH.search(text) is not None
    found: dict[str, tuple[str, ...]] = {}
    for word in _MARKED.findall(text):
        if word.isascii() and not (turkish and "c" in word):
            continue
        told = _ESTONIAN.sub("tch", word)
        if turkish:
            told = told.replace("c", "j").replace("ı", "i")
        spelled = [told.translate(_LETTERS)]
        if "ç" in word:
            spelled.append(word.translate(_AS_S))
        if word.endswith("ová"):  # Czech: a woman's surname, of Bondal or Fesenko
            man = spelled[0][: -len("ová")]
            spelled += [man + "o", man] if man.endswith("enk") else [man, f"{man}ova"]
        plain = plain_words(word)
        heard = [plain_words(one) for one in spelled]
        if len(plain) == 1:
            found[plain[0]] = tuple(one[0] for one in heard if len(one) == 1 and one != plain)
    return {word: spellings for word, spellings in found.items() if spellings}


def with_marks(tokens: Sequence[Token], marked: Mapping[str, Sequence[str]]) -> tuple[Token, ...]:
    """Tokens with the sounds of their marked letters before those of the plain word."""
    return tuple(_heard(t, marked[t.text]) if t.text in marked and t.kind is Kind.WORD else t for t in tokens)


def _heard(token: Token, spellings: Sequence[str]) -> Token:
    sounds = dict.fromkeys(key for one in spellings for key in sounds_of(one))
    return replace(token, sounds=(*sounds, *(key for key in token.sounds if key not in sounds)))
