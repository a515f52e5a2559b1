"""Fathers' names: Petrovich, Petrovna and how other languages write them.

`Sergejevitj` (Swedish), `Sergejewitsch` (German), `Siarheevich` (Belarusian) and `Serhiyovych` (Ukrainian) name
one father. What is one is told by the father's name and by whether a son or a daughter is meant.
"""

from __future__ import annotations

import re
from functools import lru_cache

from stopship.names.families import families_of
from stopship.names.traditions import respelled

_SON = re.compile(
    r"(?P<stem>[a-z]{3,}?|lv)(?:[iyj]{0,2})(?:[oea]|io|yo)[vwu][iy]"
    r"(?:ch|c|tch|tsch|tsh|tj|tsj|cz|cs|ts|ci|tz|h|sj|t|q)"
)
_DAUGHTER = re.compile(r"(?P<stem>[a-z]{3,}?|lv)(?:[iyj]{0,2})(?:(?:[oea]|io|yo)[vwu]|iv|yv)n[aey]")
# Of fathers whose names end in a: Ilyich, Kuzmich, Nikitichna.
_SON_OF_A = re.compile(r"(?P<stem>il|kuzm|nikit|fom|luk|savv|fok)[yji]?[iy](?:ch|c|tch|tsch|tj|tsj|cz|cs|ts)")
_DAUGHTER_OF_A = re.compile(
    r"(?P<stem>il|kuzm|nikit|fom|luk|savv|fok)[yji]?[iy](?:ni)?(?:ch|c|tch|tsch|tj|tsj|cz|cs|ts)na"
)
# With the letters that they may end in.
_PATTERNS = (
    (_SON, "m", "hcjzsitq"),
    (_DAUGHTER, "f", "aey"),
    (_SON_OF_A, "m", "hcjzs"),
    (_DAUGHTER_OF_A, "f", "a"),
)
_ENDINGS = (
    "",
    "y",
    "i",
    "iy",
    "ey",
    "ei",
    "ii",
    "a",
    "o",
    "ya",
    "el",
    "il",
    "j",
    "ij",
    "ej",
    "ai",
    "ay",
    "ya",
    "ia",
)
_OF_SURNAMES = ("ic", "yc", "cz", "tz", "cs", "ci", "ih", "yh", "it", "iq")
_WHOLE = {"lv": "lev", "il": "ilya", "kuzm": "kuzma", "nikit": "nikita", "fom": "foma", "luk": "luka"}


@lru_cache(maxsize=8_192)
def father(word: str) -> tuple[str, str]:
    """The beginning of a father's name in a plain word and `m` for a son's, `f` for a daughter's; ("", "") where
    the word has no such ending. A surname may end alike: Ivanovich, Milosevich."""
    for pattern, sex, last in _PATTERNS:
        if word[-1:] in last and (found := pattern.fullmatch(word)):
            return _WHOLE.get(found["stem"], found["stem"]), sex
    return "", ""


def is_father(word: str) -> bool:
    """Whether a plain word ends as fathers' names do in East Slavic names and surnames do nowhere else: Petrovich,
    Sergejewitsch, but Petrovic, Markowitz."""
    return father(word)[1] != "" and not word.endswith(_OF_SURNAMES)


def father_keys(word: str) -> tuple[str, ...]:
    """Keys that patronymics of one father share, however his name is spelled: of the families of the tables, or of
    the beginning of his name where they don't hold it."""
    stem, sex = father(word)
    if not stem:
        return ()
    stems = (stem, *respelled(stem))
    found = dict.fromkeys(
        f"p:{sex}:{key}"
        for one in stems
        for end in _ENDINGS
        for key in families_of(one + end)
        if key.startswith("f:")
    )
    return tuple(found)[:2]
