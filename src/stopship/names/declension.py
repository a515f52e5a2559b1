"""Forms of Slavic words by rule: `tsentralnyi` is also printed tsentralny, tsentralnaya, tsentralnogo."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHORTEST = 7  # letters of a form; shorter ones are too near to names (Gorny, Krasny)

# An adjective by one of its unmistakable endings: the stem, and what else it ends in. In -ovyi and -nyi the ending
# is hard, behind -sk soft; each ending is spelled as the common romanizations do.
_HARD = re.compile(r"(.{2,}(?:n|ov|ev))(?:yi|yy|aya|oe|oye|yye|ykh|ogo)\Z")
_HARD_ENDINGS = (
    "yi", "yy", "yj", "iy", "y", "aya", "aia", "aja", "oe", "oye", "oie", "oje", "oi", "oy", "oj", "ye", "yye",
    "yie", "ogo", "ykh",
)  # fmt: skip
_SOFT = re.compile(r"(.{3,}sk)(?:ii|iy|ij|aya|oe|oye|ogo|ikh)\Z")
_SOFT_ENDINGS = (
    "ii", "iy", "ij", "i", "y", "yi", "yy", "aya", "aia", "aja", "oe", "oye", "oie", "oje", "oi", "oy", "oj", "ie",
    "iye", "ogo", "ikh",
)  # fmt: skip
# Nouns in -enie, -tsiya and -stvo.
_NEUTER = re.compile(r"(.{3,}en)i(?:e|ye|ya|i)\Z")
_NEUTER_ENDINGS = ("ie", "iye", "ye", "ia", "iya", "iia", "ii", "iyu")
_FEMININE = re.compile(r"(.{2,}ts)(?:iya|ii)\Z")
_FEMININE_ENDINGS = ("iya", "ia", "iia", "ija", "ii", "iyi", "iyu", "iy", "yi")
_STVO = re.compile(r"(.{3,}stv)o\Z")
_RULES = (
    (_HARD, _HARD_ENDINGS),
    (_SOFT, _SOFT_ENDINGS),
    (_NEUTER, _NEUTER_ENDINGS),
    (_FEMININE, _FEMININE_ENDINGS),
    (_STVO, ("o", "a", "u", "om")),
)
_LAST = "aehijoy"  # letters that any of these endings may end in


def declined(word: str) -> Iterator[str]:
    """The other forms of a romanized Slavic word, as far as its ending tells that it is one."""
    if word[-1] not in _LAST:
        return
    for ending, others in _RULES:
        if found := ending.match(word):
            yield from (form for other in others if len(form := found[1] + other) >= _SHORTEST and form != word)
            return


def adjectives_of_place(name: str) -> Iterator[str]:
    """The adjective of a Russian town in -sk: Novosibirsk, Novosibirskii, Novosibirskaya."""
    if name.endswith("sk") and len(name) >= _SHORTEST - 1:
        yield from (name + ending for ending in _SOFT_ENDINGS)
    yield from declined(name)
