"""Chinese in Cyrillic letters by the system of Palladius, back to pinyin: `Чжан Цзяньго` is Zhang Jianguo.

Facts: Palladius Kafarov's transcription, as Russian encyclopaedias use it: a final n is soft, a final ng is n; j,
q and x are the soft pairs of z, c and s.
"""

from __future__ import annotations

import re
from functools import cache

from stopship.names.pinyin import SYLLABLES

_INITIALS = {
    "zh": "чж", "ch": "ч", "sh": "ш", "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н",
    "l": "л", "g": "г", "k": "к", "h": "х", "j": "цз", "q": "ц", "x": "с", "r": "ж", "z": "цз", "c": "ц", "s": "с",
    "": "",
}  # fmt: skip
_FINALS = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань", "en": "энь",
    "ang": "ан", "eng": "эн", "ong": "ун", "i": "и", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю", "ian": "янь",
    "in": "инь", "iang": "ян", "ing": "ин", "iong": "юн", "u": "у", "ua": "уа", "uo": "о", "uai": "уай",
    "ui": "уй", "uan": "уань", "un": "унь", "uang": "уан", "v": "юй", "ve": "юэ", "ue": "юэ", "er": "эр",
}  # fmt: skip
# Written with y or w in pinyin, because they have no other beginning.
_ALONE = {
    "ya": "я", "ye": "е", "yao": "яо", "you": "ю", "yan": "янь", "yin": "инь", "yang": "ян", "ying": "ин",
    "yong": "юн", "yi": "и", "yu": "юй", "yue": "юэ", "yuan": "юань", "yun": "юнь", "wa": "ва", "wo": "во",
    "wai": "вай", "wei": "вэй", "wan": "вань", "wen": "вэнь", "wang": "ван", "weng": "вэн", "wu": "у", "er": "эр",
}  # fmt: skip
_SOFT = {"u": "юй", "ue": "юэ", "uan": "юань", "un": "юнь"}  # behind j, q and x
_HISSED = {"zi": "цзы", "ci": "цы", "si": "сы", "hui": "хуэй", "lo": "ло", "ruo": "жо"}
_ALSO = {"хой": "hui", "фын": "feng", "чжун": "zhong", "цзюй": "ju", "шэн": "sheng", "се": "xie", "сяо": "xiao"}
_PARTS = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcs]?)(.+)")
_LONGEST = 6


@cache
def _syllables() -> dict[str, str]:
    found: dict[str, str] = {}
    for syllable in sorted(SYLLABLES):
        cyrillic = _ALONE.get(syllable) or _HISSED.get(syllable)
        match = _PARTS.fullmatch(syllable)
        if not cyrillic and match and match[1] in _INITIALS:
            final = _SOFT.get(match[2]) if match[1] in ("j", "q", "x") else None
            final = final or _FINALS.get(match[2])
            cyrillic = _INITIALS[match[1]] + final if final else None
        if cyrillic:
            found.setdefault(cyrillic, syllable)
    return found | _ALSO


def pinyin_of(word: str) -> str | None:
    """The pinyin of one Cyrillic word in small letters, joined; None where its letters are not Chinese. A hard
    sign parts two syllables: `гунъань` is gong an, no gu nan."""
    if "ъ" in word:
        parts = [pinyin_of(part) for part in word.split("ъ")]
        return "".join(part for part in parts if part) if all(parts) else None
    table = _syllables()
    reached: dict[int, str] = {0: ""}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end):
            # Longer syllables first: a soft sign or й belongs to what stands before it.
            if start in reached and (syllable := table.get(word[start:end])):
                reached[end] = reached[start] + syllable
                break
    return reached.get(len(word)) or None


def pinyin_reading(cleaned: str) -> str | None:
    """A name of Cyrillic words of which each is Chinese, in pinyin; None for other names."""
    words = re.findall(r"[^\W\d_]+", cleaned.casefold())
    if not words or not all("а" <= letter <= "я" for word in words for letter in word):
        return None
    found = [pinyin_of(word) for word in words]
    return " ".join(word for word in found if word) if all(found) else None
