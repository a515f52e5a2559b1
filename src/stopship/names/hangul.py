"""Hangul to Latin letters: Revised Romanization, the older spelling that North Korea keeps, and usual surnames."""

from __future__ import annotations

import re

_FIRST = tuple("g kk n d tt r m b pp s ss - j jj ch k t p h".split())  # noqa: SIM905
_FIRST_OLD = tuple("k kk n t tt r m p pp s ss - ch jj ch k t p h".split())  # noqa: SIM905
_MIDDLE = tuple("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split())  # noqa: SIM905
_MIDDLE_OLD = tuple("a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i".split())  # noqa: SIM905
_LAST = tuple("- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split())  # noqa: SIM905
_SYLLABLE = re.compile("[\uac00-\ud7a3]+")
_FOREIGN = 4  # a word of so many syllables is a foreign word written by sound

_FOREIGN_SOUNDS = (("sy", "sh"), ("ae", "a"), ("eo", "e"))

# Usual Latin spellings of the frequent surnames (facts), the commonest first.
SURNAMES: dict[str, tuple[str, ...]] = {
    "김": ("kim",), "이": ("lee", "ri", "yi"), "리": ("ri", "lee"), "박": ("park", "pak"),
    "최": ("choi", "choe"), "정": ("jung", "jong", "chung"), "강": ("kang",), "조": ("cho", "jo"),
    "윤": ("yoon", "yun"), "장": ("jang", "chang"), "임": ("lim", "im"), "림": ("rim", "lim"),
    "한": ("han",), "오": ("oh", "o"), "서": ("seo", "so"), "신": ("shin", "sin"), "권": ("kwon",),
    "황": ("hwang",), "안": ("ahn", "an"), "송": ("song",), "류": ("ryu", "yu"), "유": ("yoo", "yu"),
    "전": ("jeon", "jon", "chon"), "홍": ("hong",), "고": ("ko",), "문": ("moon", "mun"), "양": ("yang",),
    "손": ("son",), "배": ("bae", "pae"), "백": ("baek", "paek"), "허": ("heo", "ho"), "남": ("nam",),
    "심": ("shim", "sim"), "노": ("noh", "no"), "로": ("ro", "roh"), "하": ("ha",), "곽": ("kwak",),
    "성": ("sung", "song"), "차": ("cha",), "주": ("joo", "ju"), "우": ("woo", "u"), "구": ("koo", "ku"),
    "민": ("min",), "나": ("na",), "라": ("ra",), "진": ("jin", "chin"), "지": ("ji",), "엄": ("eom", "om"),
    "채": ("chae",), "원": ("won",), "천": ("cheon", "chon"), "방": ("bang", "pang"), "공": ("kong",),
    "현": ("hyun", "hyon"), "변": ("byun", "pyon"), "연": ("yeon", "yon"), "여": ("yeo", "yo"),
    "려": ("ryo",), "추": ("choo", "chu"), "도": ("do", "to"), "소": ("so",), "석": ("seok", "sok"),
    "선": ("sun", "son"), "설": ("seol", "sol"), "마": ("ma",), "길": ("gil", "kil"), "표": ("pyo",),
    "명": ("myung", "myong"), "기": ("ki",), "반": ("ban", "pan"), "왕": ("wang",), "금": ("keum", "kum"),
    "옥": ("ok",), "육": ("yook", "yuk"), "태": ("tae",), "남궁": ("namgung",), "황보": ("hwangbo",),
    "선우": ("sunwoo",), "독고": ("dokgo",),
}  # fmt: skip


def _parts(char: str) -> tuple[int, int, int]:
    code = ord(char) - 0xAC00
    return code // 588, code % 588 // 28, code % 28


def spell(word: str, *, old: bool = False) -> list[str]:
    """The syllables of a Hangul word one by one, in Revised Romanization or (`old`) as North Korea spells them."""
    first, middle = (_FIRST_OLD, _MIDDLE_OLD) if old else (_FIRST, _MIDDLE)
    return [
        (first[a] + middle[b] + _LAST[c]).replace("-", "")
        for a, b, c in (_parts(char) for char in word if _SYLLABLE.match(char))
    ]


def foreign_word(latin: str) -> str:
    """What a word in Revised Romanization stands for if it is foreign: without the vowel that only parts
    consonants, and with plain vowels. `aelleon` gives `allen`, `seumiseu` gives `smis`."""
    word = re.sub(r"eu(?=[^aeiou]|$)", "", latin)
    word = re.sub(r"(?<=v[iu])t?chi$|(?<=bi)chi$", "ch", word)  # -ovich
    for hangul, foreign in _FOREIGN_SOUNDS:
        word = word.replace(hangul, foreign)
    return word if len(word) > 1 else latin


def romanize_hangul(text: str) -> str:
    """A text with its Hangul in Latin letters. A long word is foreign: its `eu`, which only parts consonants,
    goes."""

    def one(match: re.Match[str]) -> str:
        together = "".join(spell(match[0]))
        together = together.replace("lr", "ll")
        return re.sub(r"eu(?=[^aeiou]|$)", "", together) if len(match[0]) >= _FOREIGN else together

    return _SYLLABLE.sub(one, text)


def read_person(text: str) -> list[str]:
    """Readings of a Korean person's name: surname in its usual spellings, given name in both romanizations, its
    syllables apart and together. Empty where the text is no such name."""
    bare = text.replace(" ", "")
    if not _SYLLABLE.fullmatch(bare) or not 2 <= len(bare) <= _FOREIGN:
        return []
    length = 2 if bare[:2] in SURNAMES and len(bare) > 2 else 1
    surname, given = bare[:length], bare[length:]
    if surname not in SURNAMES:
        return []
    found: list[str] = []
    usual = SURNAMES[surname]
    for old in (False, True):
        syllables = spell(given, old=old)
        spelled = usual[1:] or usual if old else usual
        found.extend(f"{s} {' '.join(syllables)}" for s in spelled)
        found.append(f"{spelled[0]} {''.join(syllables)}")
    voiced = [re.sub("^k", "g", re.sub("^p", "b", re.sub("^t", "d", s))) for s in spell(given, old=True)]
    voiced = [s.replace("ch", "j", 1) if _is_jieut(c) else s for s, c in zip(voiced, given, strict=True)]
    found.append(f"{usual[-1]} {' '.join(voiced)}")
    return list(dict.fromkeys(found))


def _is_jieut(char: str) -> bool:
    return _FIRST[_parts(char)[0]] == "j"
