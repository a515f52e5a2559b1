"""Kana to Latin letters: Hepburn, and the foreign word that katakana may stand for."""

from __future__ import annotations

import re

_ROWS = {
    "アイウエオ": "a i u e o", "カキクケコ": "ka ki ku ke ko", "サシスセソ": "sa shi su se so",
    "タチツテト": "ta chi tsu te to", "ナニヌネノ": "na ni nu ne no", "ハヒフヘホ": "ha hi fu he ho",
    "マミムメモ": "ma mi mu me mo", "ヤユヨ": "ya yu yo", "ラリルレロ": "ra ri ru re ro",
    "ワヰヱヲン": "wa i e o n", "ガギグゲゴ": "ga gi gu ge go", "ザジズゼゾ": "za ji zu ze zo",
    "ダヂヅデド": "da ji zu de do", "バビブベボ": "ba bi bu be bo", "パピプペポ": "pa pi pu pe po",
    "ヴヷヸヹヺ": "vu va vi ve vo", "ヵヶヮ": "ka ke wa", "ァィゥェォ": "a i u e o", "ャュョ": "ya yu yo",
}  # fmt: skip
_KANA = {k: v for kana, latin in _ROWS.items() for k, v in zip(kana, latin.split(), strict=True)}
_SMALL = "ァィゥェォャュョ"
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_RUN = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]+")


def romanize_kana(text: str) -> str:
    """A text with its kana in Latin letters by Hepburn, long vowels unmarked."""
    return _RUN.sub(lambda match: _read(match[0]), text)


def foreign_word(latin: str) -> str:
    """What a word in Hepburn stands for if it is foreign: without the vowels that only part consonants.
    `sumisu` gives `smis`, `arekusanda` gives `areksanda`."""
    latin = re.sub(r"(?<=v[iu])t?chi$", "ch", latin)  # -ovich
    word = re.sub(
        r"(?<=[bcfgkmpszrv])u(?=[^aeiouyn]|n[aeiou]|$)|(?<=ts)u(?=[^aeiou]|$)|(?<=sh)u(?=[^aeiou]|$)", "", latin
    )
    word = re.sub(r"(?<=[td])o(?=[bcdfghjkmnprstvz]|$)", "", word)
    return word if len(word) > 1 else latin  # Su, Fu


def _read(run: str) -> str:
    found: list[str] = []
    doubled = False
    for char in run.translate(_HIRAGANA):
        if char == "ッ":
            doubled = True
            continue
        if char == "ー":
            continue
        latin = _KANA.get(char, "")
        if char in _SMALL and found and found[-1][-1:] in ("i", "u", "e", "o"):
            last = found.pop()
            before = "w" if last == "u" else last[:-1]  # ウィ
            # After sh, ch and j the y of ya, yu, yo is part of them.
            latin = before + (latin[1:] if latin[0] == "y" and before in ("sh", "ch", "j") else latin)
        if doubled and latin:
            latin = ("t" if latin.startswith("ch") else latin[0]) + latin
            doubled = False
        found.append(latin)
    return re.sub(r"ou(?=$|[^aeiou])", "o", "".join(found).replace("oo", "o").replace("uu", "u"))
