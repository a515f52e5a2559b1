"""The texts of the interface: one catalogue of messages for each language, and how a message is filled in.

A catalogue is the folder `messages/<language>`: one file for each part of the workbench, an object of key -> text.
`{name}` in a text is filled in; a text that depends on a count has two keys, `….one` and `….other`. A test holds
that every key that is used is in all catalogues, in one file of each, and that none is unused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import orjson

LANGUAGES = ("en", "de")
DEFAULT = LANGUAGES[0]
OWN = "custom."
"""What programs of lists of one's own begin with."""


@dataclass(frozen=True, slots=True)
class Messages:
    """The texts of one language. `language` is its BCP 47 tag, what `lang` of a page says."""

    language: str
    texts: Mapping[str, str]

    def text(self, key: str, **values: Any) -> str:
        """The text of a key, filled in.

        Raises:
            KeyError: there is no such text, or it names a value that isn't given: a fault of ours.
        """
        return self.texts[key].format_map(values) if values else self.texts[key]

    def count(self, key: str, n: int, **values: Any) -> str:
        """The text of a key for a number of things, which it may name as `{n}`."""
        return self.text(f"{key}.{'one' if n == 1 else 'other'}", n=f"{n:,}", **values)

    def known(self, prefix: str, value: str) -> str:
        """The text of a value of an open vocabulary, else the value itself with its underscores as spaces;
        a program of a list of one's own by the words that its owner gave it."""
        text = self.texts.get(prefix + value)
        if text:
            return text
        own = value.removeprefix(OWN) if prefix == "program." else value
        words = own.replace("_", " ")
        return words if own == value else words[:1].upper() + words[1:]


@cache
def messages(language: str) -> Messages:
    """The catalogue of a language; of the default one where there is none of it."""
    language = language if language in LANGUAGES else DEFAULT
    folder = resources.files("stopship.web") / "messages" / language
    texts: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        texts |= orjson.loads(file.read_bytes())
    return Messages(language, texts)


def preferred(header: str, known: Sequence[str] = LANGUAGES) -> str:
    """The language that a reader asks for by `Accept-Language` (RFC 9110, 12.5.4), else the default."""
    wanted: list[tuple[float, int, str]] = []
    for number, part in enumerate(header.split(",")[:20]):
        tag, _, rest = part.strip().partition(";")
        try:
            quality = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if quality > 0:
            wanted.append((-quality, number, tag.strip().lower().partition("-")[0]))
    return next((tag for _quality, _number, tag in sorted(wanted) if tag in known), DEFAULT)
