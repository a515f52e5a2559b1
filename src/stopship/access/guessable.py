"""Whether a long password is made of short, well-known pieces: `Password2026!`, `qwertyuiop123`, `erika.erika.1`.

Who guesses passwords puts such pieces together. Each known piece counts as one letter, the same piece again as
none, every other letter as itself; what is then shorter than `LEAST` is refused. The words are those that lists of
leaked passwords are full of, in a few languages, and the words around an account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

LEAST = 7
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopü",
    "yxcvbnm,.-",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p",
    "!@#$%^&*()",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
)
_LETTER_FOR = str.maketrans("@430157$!|", "aaeoistsil")
_YEAR = re.compile(r"(19|20)\d\d")
_PERIOD = re.compile(r"(.+?)\1+", re.DOTALL)


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether a password has too few letters of its own.

    Args:
        password: of any length.
        about: names around the account; words of three letters and more in them count as known.
    """
    text = password.casefold()
    if repeated := _PERIOD.fullmatch(text):
        text = repeated[1]
    near = {word for name in about for word in re.split(r"[\W_]+", name.casefold()) if len(word) >= 3}
    known = _common_words() | near | {"".join(sorted(near))} | {"".join(name.casefold().split()) for name in about}
    return _own_letters(text, known - {""}) < LEAST


def _own_letters(text: str, known: set[str] | frozenset[str]) -> int:
    plain = text.translate(_LETTER_FOR)
    longest = max(map(len, known), default=0)
    count, at, seen = 0, 0, set[str]()
    while at < len(text):
        length = max(_word_at(plain, at, longest, known), _word_at(text, at, longest, known), _row_at(text, at))
        piece = text[at : at + max(length, 1)]
        if length == 0 or piece not in seen:
            count += 1
        if length:
            seen.add(piece)
        at += max(length, 1)
    return count


def _word_at(text: str, at: int, longest: int, known: set[str] | frozenset[str]) -> int:
    for length in range(min(longest, len(text) - at), 2, -1):
        if text[at : at + length] in known:
            return length
    return 0


def _row_at(text: str, at: int) -> int:
    """How many letters from here are one letter repeated, a row of keys or of the alphabet, or a year."""
    if _YEAR.match(text, at):
        return 4
    best = 0
    same = at
    while same < len(text) and text[same] == text[at]:
        same += 1
    best = same - at
    for row in _rows():
        length = 2
        while at + length <= len(text) and text[at : at + length] in row:
            length += 1
        best = max(best, length - 1)
    return best if best >= 3 else 0


@cache
def _rows() -> tuple[str, ...]:
    return tuple(row for one in ROWS for row in (one, one[::-1]))


@cache
def _common_words() -> frozenset[str]:
    text = (resources.files("stopship.access") / "common_words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
