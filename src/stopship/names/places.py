"""Places: one key for all names of a place, and how two places relate."""

from __future__ import annotations

from functools import cache

from stopship.names.phrases import PhraseBook, place_phrases
from stopship.names.tables import rows
from stopship.names.tokenize import plain_words


@cache
def _parents() -> dict[str, str]:
    return {
        f"place:{key}": f"place:{parent}" if parent else "" for key, _level, parent, _names in rows("places.tsv")
    }


@cache
def _levels() -> dict[str, str]:
    return {f"place:{key}": level for key, level, _parent, _names in rows("places.tsv")}


@cache
def _book() -> PhraseBook:
    return PhraseBook(place_phrases())


def place_key(name: str) -> str | None:
    """The key of a place by any of its names in an alphabetic script, None where it isn't known.

    >>> place_key("Wulumuqi")
    'place:urumqi'
    """
    words = plain_words(name)
    phrase = _book().at(words, 0) if words else None
    return phrase.key if phrase and len(phrase.words) == len(words) else None


def level(key: str) -> str:
    """`country`, `region`, `prefecture`, `city`, `county` or `corps`; "" for an unknown key."""
    return _levels().get(key, "")


def within(key: str) -> list[str]:
    """A place and all that it lies in, smallest first, as far as the table says."""
    found: list[str] = []
    while key:
        found.append(key)
        key = _parents().get(key, "")
    return found


def lies_in(key: str, other: str) -> bool:
    """Whether a place is another one or lies in it, as far as the table says."""
    return other in within(key)


def country_of(key: str) -> str:
    """The ISO code of the country that a place is or lies in; "" where the table doesn't say."""
    while key and _levels().get(key) != "country":
        key = _parents().get(key, "")
    return key.removeprefix("place:")
