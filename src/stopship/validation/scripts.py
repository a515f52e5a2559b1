"""Manipulations of script: a Latin name by rule in Cyrillic, Greek, Arabic, Hebrew, Devanagari, kana or Hangul.

Spelling by rule, not by any dictionary: what a keyboard or a converter makes of a name. Own tables, so that the
transliteration of `names` is not measured with itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Inverse of BGN/PCGN romanization of Russian.
_CYRILLIC = {
    "shch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "yo": "ё", "ye": "е",
    "ph": "ф", "ck": "к", "iy": "ий", "x": "кс", "j": "дж",
    **dict(zip("abcdefghiklmnopqrstuvwyz", "абкдефгхиклмнопкрстуввйз", strict=True)),
}  # fmt: skip
_GREEK = {
    "th": "θ", "ph": "φ", "ch": "χ", "kh": "χ", "ps": "ψ", "ou": "ου", "sh": "σ", "b": "μπ", "d": "ντ", "g": "γκ",
    "h": "χ", "j": "τζ", "q": "κ", "c": "κ", "w": "ου", "y": "ι",
    **dict(zip("aefiklmnoprstuvxz", "αεφικλμνοπρστυβξζ", strict=True)),
}  # fmt: skip
_ARABIC = {
    "sh": "ش", "kh": "خ", "gh": "غ", "th": "ث", "dh": "ذ", "ch": "تش", "ph": "ف", "ou": "و", "oo": "و", "ee": "ي",
    "aa": "ا", "p": "ب", "v": "ف", "x": "كس", "c": "ك", "g": "ج", "e": "", "o": "و", "a": "ا", "i": "ي", "u": "و",
    **dict(zip("bdfhjklmnqrstwyz", "بدفهجكلمنقرستويز", strict=True)),
}  # fmt: skip
# Uyghur in Arabic letters writes every vowel; one that begins a word or follows a vowel stands on hamza.
_UYGHUR = {
    "sh": "ش", "ch": "چ", "gh": "غ", "kh": "خ", "zh": "ژ", "ng": "ڭ", "ph": "ف", "th": "ت", "x": "كس", "c": "ك",
    **dict(zip("aeioubpdfghjklmnqrstvwyz", "اەىوۇبپدفگھجكلمنقرستۋۋيز", strict=True)),
}  # fmt: skip
_HEBREW = {
    "sh": "ש", "kh": "ח", "ch": "צ'", "ts": "צ", "tz": "צ", "th": "ת", "ph": "פ", "ou": "ו", "oo": "ו", "ee": "י",
    "a": "א", "e": "", "i": "י", "o": "ו", "u": "ו", "v": "ו", "w": "ו", "x": "קס", "c": "ק", "j": "ג'", "f": "פ",
    **dict(zip("bdghklmnpqrstyz", "בדגהקלמנפקרסטיז", strict=True)),
}  # fmt: skip
_DEVA_CONSONANTS = {
    "kh": "ख", "gh": "घ", "ch": "च", "jh": "झ", "th": "थ", "dh": "ध", "ph": "फ", "bh": "भ", "sh": "श", "c": "क",
    "f": "फ", "q": "क", "w": "व", "x": "क्स", "z": "ज",
    **dict(zip("bdghjklmnprstvy", "बदगहजकलमनपरसतवय", strict=True)),
}  # fmt: skip
_DEVA_VOWELS = {
    "aa": ("आ", "ा"), "ee": ("ई", "ी"), "oo": ("ऊ", "ू"), "ai": ("ऐ", "ै"), "au": ("औ", "ौ"), "a": ("अ", ""),
    "e": ("ए", "े"), "i": ("इ", "ि"), "o": ("ओ", "ो"), "u": ("उ", "ु"),
}  # fmt: skip
_KANA = {
    row: cells.split()
    for row, cells in {
        "": "ア イ ウ エ オ", "k": "カ キ ク ケ コ", "s": "サ シ ス セ ソ", "t": "タ ティ トゥ テ ト",
        "n": "ナ ニ ヌ ネ ノ", "h": "ハ ヒ フ ヘ ホ", "m": "マ ミ ム メ モ", "y": "ヤ イ ユ イェ ヨ",
        "r": "ラ リ ル レ ロ", "w": "ワ ウィ ウ ウェ ウォ", "g": "ガ ギ グ ゲ ゴ", "z": "ザ ジ ズ ゼ ゾ",
        "d": "ダ ディ ドゥ デ ド", "b": "バ ビ ブ ベ ボ", "p": "パ ピ プ ペ ポ", "v": "ヴァ ヴィ ヴ ヴェ ヴォ",
        "f": "ファ フィ フ フェ フォ", "sh": "シャ シ シュ シェ ショ", "ch": "チャ チ チュ チェ チョ",
        "j": "ジャ ジ ジュ ジェ ジョ",
    }.items()
}  # fmt: skip
_KANA_SAME = {"l": "r", "c": "k", "q": "k", "ph": "f", "th": "s", "kh": "h", "gh": "g", "dh": "d", "zh": "j"}
_LEADS = {"": 11, "k": 15, "g": 0, "n": 2, "t": 16, "d": 3, "r": 5, "l": 5, "m": 6, "p": 17, "b": 7, "s": 9,
          "sh": 9, "j": 12, "z": 12, "ch": 14, "h": 18, "f": 17, "ph": 17, "v": 7, "c": 15, "q": 15, "kh": 18,
          "gh": 0, "th": 9, "dh": 3, "zh": 12, "w": 11, "y": 11, "x": 9}  # fmt: skip
_MEDIALS = {"a": 0, "e": 5, "i": 20, "o": 8, "u": 13}
_Y_MEDIALS = {"a": 2, "e": 7, "i": 20, "o": 12, "u": 17}
_W_MEDIALS = {"a": 9, "e": 15, "i": 16, "o": 14, "u": 13}
_FINALS = {"n": 4, "m": 16, "ng": 21, "l": 8, "k": 1, "p": 17, "b": 17}


def plain(name: str) -> str | None:
    """The name in lower-case ASCII letters, digits and spaces; None where other letters remain."""
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    text = " ".join(re.sub(r"[^\w\s]", " ", text).replace("_", " ").split())
    return text if text.isascii() and re.search(r"[a-z]{2}", text) else None


def spoken(text: str) -> str:
    """A plain name as it is said, for scripts that are written by ear: a soft c is s, a double letter is one, y
    between consonants is i."""
    text = re.sub("c(?=[eiy])", "s", text).replace("ck", "k")
    text = re.sub(r"([b-df-hj-np-tvwxz])\1", r"\1", text)
    return re.sub("(?<=[a-z])y(?![aeiou])", "i", text)


def by_table(text: str, table: Mapping[str, str]) -> str:
    """Longest key first."""
    keys = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    return re.sub(keys, lambda m: table[m.group()], text)


def cyrillic(text: str) -> str:
    """Latin to Cyrillic."""
    return by_table(text, _CYRILLIC).title()


def greek(text: str) -> str:
    """Latin to Greek, with final sigma."""
    return re.sub(r"σ\b", "ς", by_table(text, _GREEK)).title()


def arabic(text: str) -> str:
    """Consonants and every vowel but e, as if long; a vowel that begins a word stands on alif."""
    return by_table(re.sub(r"\b(?=[eiou])", "ا", re.sub(r"\be(?=[^aeiouy])", "i", spoken(text))), _ARABIC)


def uyghur(text: str) -> str:
    """Latin to Uyghur in Arabic letters."""
    return re.sub(r"(?<![^\W\d_])(?=[اەىوۇ])|(?<=[اەىوۇ])(?=[اەىوۇ])", "ئ", by_table(text, _UYGHUR))


_FINAL_HEBREW = dict(zip("כמנפצ", "ךםןףץ", strict=True))


def hebrew(text: str) -> str:
    """Consonants and vowel letters, with final forms."""
    text = by_table(re.sub(r"\b(?=[iou])", "א", re.sub(r"\be", "a", spoken(text))), _HEBREW)
    return re.sub(r"[כמנפצ]\b", lambda m: _FINAL_HEBREW[m.group()], text)


def devanagari(text: str) -> str:
    """Consonants and vowel signs, virama inside clusters."""
    onset = "|".join(sorted(_DEVA_CONSONANTS, key=len, reverse=True))
    vowel = "|".join(sorted(_DEVA_VOWELS, key=len, reverse=True))
    out, bare = "", False
    for m in re.finditer(f"(?P<c>{onset})|(?P<v>{vowel})|.", spoken(text)):
        if m["c"]:
            out += ("्" if bare else "") + _DEVA_CONSONANTS[m["c"]]
            bare = True
        elif m["v"]:
            out += _DEVA_VOWELS[m["v"]][1 if bare else 0]
            bare = False
        else:
            out += m.group()
            bare = False
    return out


def kana(text: str) -> str:
    """Consonant and vowel to a kana, a lone n to ン, another lone consonant with u (t and d with o)."""
    out = ""
    text = spoken(text)
    for m in re.finditer(
        r"(?P<c>sh|ch|ph|th|kh|gh|dh|zh|[bcdfghjklmnpqrstvwyz](?![h])|h|x)?(?P<v>[aeiou])?", text
    ):
        consonant, vowel = m["c"] or "", m["v"] or ""
        if consonant == "x":
            out, consonant = out + "ク", "s"
        row = _KANA_SAME.get(consonant, consonant)
        if vowel:
            out += _KANA[row]["aiueo".index(vowel)]
        elif row in ("n", "m"):
            out += "ン" if row == "n" else "ム"
        elif row:
            out += _KANA[row]["aiueo".index({"t": "o", "d": "o", "ch": "i", "y": "i"}.get(row, "u"))]
        elif m.start() < len(text):
            out += {" ": "・"}.get(text[m.start()], text[m.start()] if text[m.start()].isdigit() else "")
    return out


def hangul(text: str) -> str:
    """Syllable by syllable; a consonant that nothing follows is a final or gets the vowel eu."""
    out = ""
    at = 0
    text = spoken(text)
    while at < len(text):
        m = re.compile(r"(sh|ch|ph|th|kh|gh|dh|zh|[bcdfghjklmnpqrstvxz])?([yw])?([aeiou])?").match(text, at)
        if m is None or m.end() == at:
            out += text[at] if text[at] == " " or text[at].isdigit() else ""
            at += 1
            continue
        onset, glide, vowel = m.group(1) or "", m.group(2), m.group(3)
        at = m.end()
        medials = {"y": _Y_MEDIALS, "w": _W_MEDIALS}.get(glide or "", _MEDIALS)
        medial = medials[vowel] if vowel else 20 if glide else 18
        final = re.compile(r"ng(?![aeiouyw])|[nmlkpb](?![aeiouywh])").match(text, at) if vowel else None
        at = final.end() if final else at
        out += chr(0xAC00 + (_LEADS[onset] * 21 + medial) * 28 + (_FINALS[final.group()] if final else 0))
    return out
