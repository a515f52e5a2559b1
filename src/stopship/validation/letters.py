"""Manipulations of letters: case, punctuation, diacritics, typing errors, look-alikes, sound, cuts."""

from __future__ import annotations

import re
import unicodedata
from random import Random

from stopship.model.values import Schema

_ACCENTS = dict(zip("aeiounczsyAEIOUNCZSY", "áéíóúñçžšýÁÉÍÓÚÑÇŽŠÝ", strict=True))
# Latin letters and the Cyrillic and Greek ones that look the same.
_LOOKALIKES = {
    **dict(zip("aceopxyisjABCEHKMOPTXI", "асеорхуіѕјАВСЕНКМОРТХІ", strict=True)),
    "v": "ν",
    "N": "Ν",
    "Z": "Ζ",
}
# Spellings that sound alike; each is tried where its left side stands.
_SOUNDS = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("c", "k"), ("k", "c"), ("y", "i"), ("i", "y"), ("v", "w"), ("w", "v"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("sh", "sch"), ("kh", "h"), ("gh", "g"), ("th", "t"), ("dh", "d"),
    ("x", "ks"), ("q", "k"), ("z", "s"), ("j", "dj"), ("tz", "ts"), ("ll", "l"), ("ss", "s"), ("mm", "m"),
    ("nn", "n"), ("tt", "t"), ("l", "ll"), ("s", "ss"), ("m", "mm"), ("n", "nn"), ("ei", "ai"), ("ey", "ei"),
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[^\W\d_]{4,}")
PAYMENT_LENGTH = 35  # a name line of a SWIFT MT103 field 50K or 59 holds 35 characters


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in split if not unicodedata.combining(c)))


def case(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """Upper, lower or title case."""
    return rng.choice((name.upper(), name.lower(), name.title(), name.swapcase()))


def punctuation_removed(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """Without any punctuation."""
    return " ".join(re.sub(r"[^\w\s]", "", name).split())


def punctuation_spaced(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """With a space for every punctuation mark."""
    return " ".join(re.sub(r"[^\w\s]", " ", name).split())


def diacritics_added(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """One to three plain letters get an accent."""
    places = [i for i, c in enumerate(name) if c in _ACCENTS]
    chosen = set(rng.sample(places, min(len(places), rng.randint(1, 3))))
    return "".join(_ACCENTS[c] if i in chosen else c for i, c in enumerate(name)) if chosen else None


def diacritics_removed(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """Without accents."""
    return _bare(name)


def _edit(rng: Random, name: str, kind: str) -> str | None:
    words = [m for m in _WORD.finditer(name) if m.group().isascii()]
    if not words:
        return None
    start, end = rng.choice(words).span()
    at = rng.randrange(start, end)
    letter = rng.choice(_LETTERS.replace(name[at].lower(), ""))
    letter = letter.upper() if name[at].isupper() else letter
    if kind == "deleted":
        return name[:at] + name[at + 1 :]
    if kind == "inserted":
        return name[:at] + letter + name[at:]
    if kind == "replaced":
        return name[:at] + letter + name[at + 1 :]
    pairs = [i for i in range(start, end - 1) if name[i].lower() != name[i + 1].lower()]
    if not pairs:
        return None
    at = rng.choice(pairs)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def deleted(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """One letter of a word of four or more is missing."""
    return _edit(rng, name, "deleted")


def inserted(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """One letter too many in a word of four or more."""
    return _edit(rng, name, "inserted")


def replaced(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """One letter of a word of four or more is another."""
    return _edit(rng, name, "replaced")


def transposed(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """Two neighbouring letters of a word of four or more change places."""
    return _edit(rng, name, "transposed")


def two_edits(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """Two of the four edits, in the same word or in two."""
    kinds = ("deleted", "inserted", "replaced", "transposed")
    once = _edit(rng, name, rng.choice(kinds))
    return _edit(rng, once, rng.choice(kinds)) if once else None


def homoglyph(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """One to three letters are the look-alikes of another script."""
    places = [i for i, c in enumerate(name) if c in _LOOKALIKES]
    chosen = set(rng.sample(places, min(len(places), rng.randint(1, 3))))
    return "".join(_LOOKALIKES[c] if i in chosen else c for i, c in enumerate(name)) if chosen else None


def full_width(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """ASCII in full-width forms."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)


def zero_width(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """One or two invisible characters inside words."""
    for _ in range(rng.randint(1, 2)):
        places = [i for i in range(1, len(name)) if name[i - 1].isalnum() and name[i].isalnum()]
        if not places:
            return None
        at = rng.choice(places)
        name = name[:at] + rng.choice("\u200b\u200d\u2060\ufeff\u00ad") + name[at:]
    return name


def phonetic(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """One spelling, in one place, becomes another of the same sound."""
    found: list[tuple[int, str, str]] = []
    for word in _WORD.finditer(name):
        low = word.group().lower()
        for old, new in _SOUNDS:
            found.extend(
                (word.start() + m.start(), old, new)
                for m in re.finditer(f"(?<!{old[0]}){old}(?![{old[-1]}h])", low)
                if not (len(new) > len(old) == 1 and (m.start() == 0 or m.end() == len(low)))
            )
    if not found:
        return None
    at, old, new = rng.choice(found)
    there = name[at : at + len(old)]
    new = new.upper() if there.isupper() and name.isupper() else new.capitalize() if there[0].isupper() else new
    return name[:at] + new + name[at + len(old) :]


def truncated(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """Cut at 35 characters as payment systems do, a shorter name at 60 to 80 % of its letters. The first word and
    six letters beyond it are left, so that it can still be told who is meant."""
    if len(name) < 10:
        return None
    least = len(name.split(maxsplit=1)[0]) + 7 if " " in name.strip() else 6
    if least >= len(name):
        return None
    if len(name) > PAYMENT_LENGTH and rng.random() < 0.5:
        return name[: max(least, PAYMENT_LENGTH)].rstrip()
    return name[: max(least, round(len(name) * rng.uniform(0.6, 0.8)))].rstrip()
