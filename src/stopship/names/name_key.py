"""One comparable text a name, for looking the very same name up: normal form, with legal forms spelled one way.

`Acme Holding Limited` and `ACME HOLDING, LTD.` have one key. Unlike a match there is no likeness in it: another
word, another order or another legal form is another key."""

from __future__ import annotations

from functools import cache

from stopship.names.tables import alternatives, rows
from stopship.names.tokenize import normalize


@cache
def _forms() -> tuple[dict[tuple[str, ...], str], int]:
    """Spellings of legal forms as words -> form, and the most words that one has."""
    found: dict[tuple[str, ...], str] = {}
    for form, _class, _countries, spellings in rows("legal_forms.tsv"):
        for spelling in spellings.split("|"):
            for text in alternatives(spelling):
                found.setdefault(tuple(normalize(text).split()), form)
    return found, max(len(words) for words in found)


def name_key(text: str) -> str:
    """The key of a printed name; "" for a text without a letter or digit."""
    words = normalize(text).split()
    if not any(character.isalnum() for character in text):
        return ""
    forms, most = _forms()
    for size in range(min(most, len(words) - 1), 0, -1):
        form = forms.get(tuple(words[-size:]))
        if form:
            return " ".join((*words[:-size], f"={form}"))
    for size in range(min(most, len(words) - 1), 0, -1):
        form = forms.get(tuple(words[:size]))
        if form:
            return " ".join((*words[size:], f"={form}"))
    return " ".join(words)
