"""A spelling-independent form of romanized personal names: `Yevgeniy` and `Evgeny`, `Mohammed` and `Muhamad`.

Rules were written from how Cyrillic and Arabic names are romanized by different publishers (BGN/PCGN, ISO 9, ICAO
Doc 9303, French and English usage). It only ever makes two words equal that differ by such habits.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), result)
    for pattern, result in (
        (r"shch|sch|sh", "S"),
        (r"tch|ch|cz", "C"),
        (r"zh|dj|dzh|j(?=[aeou])", "J"),
        (r"kh|gh(?!$)|h", "h"),
        (r"ph", "f"),
        (r"th|dh|t", "t"),
        (r"ts|tz", "c"),
        (r"ck|q|c(?=[aoukl])", "k"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"iy|yi|yy|ij|ii|ey$|ei$|ie$|y$|ee", "i"),
        (r"(?<=[^aeiou])[iyj](?=[aeou])|^[yi](?=[aeou])|(?<=[aeou])[yij](?=[aeou])", ""),
        (r"ou|oo|au|aw|o", "u"),
        (r"ai|ay|ei|ey|e", "a"),
        (r"[yj]", "i"),
        (r"(.)\1+", r"\1"),
        (r"(?<=.{3})h$", ""),
    )
)


@lru_cache(maxsize=65536)
def sound(text: str) -> str:
    """The form of one plain word; words shorter than four letters and words with digits stay as they are."""
    if len(text) < 4 or not text.isalpha():
        return text
    for pattern, result in _RULES:
        text = pattern.sub(result, text)
    return text
