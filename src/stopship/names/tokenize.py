"""A cleaned text to plain words: lower-case ASCII, dotted abbreviations and loose letters joined.

`S.A.`, `S A` and `SA` give the word `sa`; `38th` gives `38`; `ToyokumoInc.` gives `toyokumo` and `inc`. Which
words were joined from letters is kept, because initials of persons and dots of acronyms look the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from stopship.names.normalize import clean
from stopship.names.transliterate import romanize, unvowelled

_GLUED_FORM = re.compile(
    r"(?<=[a-z0-9])(Inc|Ltd|LLC|Corp|GmbH|PLC|Limited|Corporation|Co\.,?\s?Ltd|S\.A|B\.V|N\.V|LLP)(?=[\s.,)]|$)"
)
_BEFORE_GLUED = re.compile("[a-z0-9][A-Z]")  # what every glued form begins with
_AMPERSAND = re.compile(r"\s*&\s*|(?<=\w)\s*\+\s*(?=\w)")
_ORDINAL = re.compile(r"(?<![a-z0-9])(\d+)-?(?:st|nd|rd|th)(?![a-z0-9])")
_DIGIT = re.compile("[0-9]")
_PIECE = re.compile(r"[a-z0-9]+")
_CHUNK = re.compile(r"[^\s,;:()\[\]{}<>\"|]+")
_CYRILLIC_INITIAL = re.compile("(?<!\\w)([\u0400-\u042f])(?=\\.|\\s|$)")
_SINGLE_LETTERS = re.compile(r"(?:[a-z][./]){1,}[a-z]?\.?\Z")
_LEADING_LETTERS = re.compile(r"((?:[a-z]\.){1,3})(?=[a-z]{2,})")


@dataclass(frozen=True, slots=True)
class Word:
    """One plain word. `letters` says that it was joined from single letters ("y.v." -> "yv"), `abjad` that it was
    written without short vowels that the tables know."""

    text: str
    letters: bool = False
    abjad: bool = False


def words(text: str) -> list[Word]:
    """The words of a cleaned text in order; never empty for a text with at least one printable character."""
    printed = text
    if not text.isascii():
        text = _CYRILLIC_INITIAL.sub(lambda match: romanize(match[1])[:1], text)
    if _BEFORE_GLUED.search(text):
        text = _GLUED_FORM.sub(r" \1", text)
    text = romanize(text).replace("'", "").lower()
    if "&" in text or "+" in text:
        text = _AMPERSAND.sub(" and ", text)
    if _DIGIT.search(text):
        text = _ORDINAL.sub(r"\1", text)
    found: list[Word] = []
    for chunk in _CHUNK.findall(text):
        found.extend(_words_of(chunk))
    if not found and printed.strip():  # nothing but punctuation or signs: their code points are the name
        return [Word("u" + "x".join(f"{ord(c):x}" for c in printed if not c.isspace()))]
    bare = unvowelled(printed)
    return _join_letters([Word(w.text, w.letters, w.text in bare) for w in found] if bare else found)


@lru_cache(maxsize=8_192)
def _words_of(chunk: str) -> tuple[Word, ...]:
    """The words of what stands between spaces and the like."""
    if _SINGLE_LETTERS.match(chunk):
        return (Word("".join(_PIECE.findall(chunk)), letters=True),)
    if "." in chunk:
        chunk = _LEADING_LETTERS.sub(lambda match: match[1].replace(".", "") + ". ", chunk)
    found: list[Word] = []
    for piece in _PIECE.findall(chunk):
        initials = not found and "." in chunk and len(piece) <= 3 and chunk.startswith(piece + ". ")
        found.append(Word(piece, letters=(len(piece) == 1 and piece.isalpha()) or initials))
    return tuple(found)


def _join_letters(found: list[Word]) -> list[Word]:
    """Join runs of loose letters: `s`, `a` -> `sa`; words that came with dots are runs of their own."""
    if 1 not in [len(word.text) for word in found]:
        return found
    joined: list[Word] = []
    run: list[str] = []
    for word in [*found, Word("")]:
        if len(word.text) == 1 and word.text.isalpha():
            run.append(word.text)
            continue
        if run:
            joined.append(Word("".join(run), letters=True))
            run = []
        if word.text:
            joined.append(word)
    return joined


_ALREADY_PLAIN = re.compile(r"[a-z]{2,}(?: [a-z]{2,})*\Z")


def plain_words(text: str) -> tuple[str, ...]:
    """The words of any text, as texts."""
    if text.isascii() and _ALREADY_PLAIN.match(lower := text.lower()) and "inc" not in lower:
        return tuple(lower.split(" "))
    return tuple(word.text for word in words(clean(text)))


def normalize(text: str) -> str:
    """A name as lower-case ASCII words with single spaces. Idempotent."""
    return " ".join(plain_words(text))
