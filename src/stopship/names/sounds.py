"""Spelling families: which words of Latin letters are spellings of one name.

A name that comes from another script is written in Latin letters after many traditions: Gaddafi, Qadhafi, Kadhafi;
Yevgeny, Evgenii, Jewgeni; Rachid, Rashid. Letters that every tradition reads alike give one sound; letters that
traditions read differently (`ch`, `gh`, `e`, `j`) give each of their sounds, so that a word has a few keys. Words
that share a key are spellings of one name. Vowels keep three classes apart (a, i, o/u): Hamad is not Hamid, while
Hamed may be either. What no rule can say (Mehmet, Lee and Yi) stands in tables: see `families`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product, zip_longest

from stopship.names.families import families_of
from stopship.names.patronymics import father, father_keys
from stopship.names.traditions import respelled

_MOST_KEYS = 8
_MOST_BONES = 4
_MOST_BROAD = 2
_MOST_RESPELLED = 10  # keys of the other spellings of a word
_MOST_ABJAD_BONES = 8
_FULL = 4  # words this long get all readings; shorter ones one reading that only evens out doubled letters
_OPEN_E = 5  # from this length on an e may stand for a or i
_SKELETON = 3  # a skeleton of fewer signs proves nothing

_TWICE = re.compile(r"(.)\1+")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1+")
# Whole-word spellings, tried only where the word holds the letters: beginnings, endings (by last letter), insides.
_BEGINNINGS = {"kn": "n", "gn": "n", "wr": "r"}
_ENDINGS: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    letter: tuple((re.compile(pattern + "$"), plain) for pattern, plain in endings)
    for letter, endings in {
        "v": ((r"(?<=..)(?:iy|y|i)?ov", "ov"), (r"(?<=..)(?:iy|y|i)?[eo]?ev", "ev")),
        "w": ((r"(?<=..)(?:iy|y|i)?ow", "ov"), (r"(?<=..)(?:iy|y|i)?[eo]?ew", "ev"), (r"aw", "au")),
        "h": ((r"(?<=[a-z])[ae]h", "a"), (r"oh", "o"), (r"uh", "u"), (r"ih", "i")),
        "e": ((r"zade", "zada"), (r"(?<=[a-z]{3})(?:[aeiou]l|[aeou]d|[eu])?d(?:ee|i|ea|e)ne", "udin")),
        "n": ((r"(?<=[a-z]{3})(?:[aeiou]l|[aeou]d|[eu])d(?:ee|i|ea|e)n", "udin"),),
        "a": ((r"aja", "aya"),),
        "c": ((r"ic", "ich"),),
    }.items()
}
_INSIDES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("ght", re.compile(r"(?<=[aeiou])ght"), "t"),
    (
        "j",
        re.compile(r"(?<=[aeiouy])j(?=[^aeiouy])|(?<=[eiouy])j$|(?<=[ltbmpv])j(?=[aeou])|(?<=n)j(?=[ae]$)"),
        "y",
    ),
    ("w", re.compile(r"aw(?=[fdzq]|[st][aeiou]|r[aeou][zs])"), "A"),
    ("w", re.compile(r"(?<=[ao])w(?=[^aeiouyw])"), "u"),
    ("ch", re.compile(r"ch(?=[rl])"), "k"),
    ("c", re.compile(r"c(?=[eiy])"), "Q"),
    ("g", re.compile(r"g(?=[eiy])"), "G"),
)
_GOD = re.compile(r"abd[aeiou]?lah?$")  # Abdullah is one name
_SERVANT = re.compile(r"abd(?:[aeiou](?:l(?!l?a?h?$))?|l)?(?=[a-z]{4})")
_FATHER_OF = re.compile(r"(?:a[bp][ou]{1,2}|abi)(?:[ae]l)?(?=[a-z]{3})")
_GRAPHEME = re.compile(
    r"^je(?=[^aeiouy])|CH|tsch|dsch|shch|tch|tsh|dzh|sch|kh|gh|ch|sh|zh|dh|th|ph|bh|rh|jh|ts|tz|cz|dj|dz|tj|sj|sz"
    r"|ck|cq|qu(?=[aeio])|[aeiouy]+|."
)
_SOUNDS: dict[str, tuple[str, ...]] = {
    "tsch": ("C",), "dsch": ("j",), "shch": ("SC",), "tch": ("C",), "CH": ("C",), "tsh": ("C",), "dzh": ("j",),
    "sch": ("S",),
    "kh": ("h",), "gh": ("g", "k"), "ch": ("C", "S", "h"), "sh": ("S",), "zh": ("j",), "dh": ("d", "z"),
    "th": ("t", "s"), "ph": ("f",), "bh": ("b",), "rh": ("r",), "jh": ("j",), "ts": ("c",), "tz": ("c",),
    "cz": ("C",), "dj": ("j",), "dz": ("z",), "tj": ("C",), "sj": ("S",), "sz": ("S", "s"), "ck": ("k",),
    "cq": ("k",), "qu": ("k",), "q": ("k", "g"), "c": ("k",), "Q": ("s", "C"), "G": ("g", "j"), "w": ("v",),
    "x": ("ks", "h"), "z": ("z", "s"),
    "a": ("a",), "i": ("i",), "y": ("i",), "o": ("u",), "u": ("u",), "e": ("a", "i"), "ee": ("i",), "oo": ("u",),
    "ou": ("u",), "uo": ("u",), "oe": ("u",), "ue": ("u",), "eo": ("u", "U"), "eu": ("u", "W"), "ae": ("a", "Y"),
    "aye": ("a", "Y"), "aie": ("a", "Y"), "eye": ("i", "Y"), "eie": ("i", "Y"), "ea": ("i", "I"), "ie": ("i",),
    "ye": ("i",), "iye": ("i",), "iy": ("i",), "yi": ("i",), "ia": ("I",), "ya": ("I",), "iya": ("I",),
    "io": ("U",), "yo": ("U", "i"), "iyo": ("U",), "iu": ("U",), "yu": ("U",), "you": ("U",), "iou": ("U",),
    "yeo": ("U", "u"), "au": ("W",), "A": ("W", "u"), "ao": ("W",), "aou": ("W",), "ei": ("Y", "i"), "oui": ("O",),
    "aa": ("a",),
}  # fmt: skip
_AT_START: dict[str, tuple[str, ...]] = {
    "z": ("z",), "c": ("k",), "Q": ("s", "C"), "x": ("S", "h"),
    "j": ("j", "y"), "je": ("ji", "i", "ja"), "G": ("g", "j"),
    "e": ("i",), "ye": ("i",), "ie": ("i",), "ee": ("i",), "ya": ("ya",), "ia": ("ya",), "yu": ("yu",),
    "iu": ("yu",), "yo": ("yu",), "io": ("yu",),
    "you": ("yu",), "iou": ("yu",), "yi": ("i",), "ae": ("a",), "ai": ("Y",), "eu": ("yu",),
}  # fmt: skip
_AT_END: dict[str, tuple[str, ...]] = {
    "z": ("s",), "d": ("t",), "th": ("t", "s"), "dh": ("t", "z"), "ch": ("C", "h"), "tz": ("c", "s"), "G": ("g",),
    "h": ("",),
    "e": ("", "i"), "ee": ("i",), "ey": ("Y", "i"), "ei": ("Y", "i"), "ie": ("i",), "eo": ("U",), "ea": ("I",),
    "yo": ("U",), "ae": ("Y",), "ye": ("i",), "ue": ("u",), "oe": ("u",),
}  # fmt: skip
_CLASSES = str.maketrans("eiyou", "aiiuu")
# Endings of Ukrainian and Belarusian names, in which h stands for what Russian writes with g.
_UKRAINIAN = re.compile(r"(?:[oeyi]vi?[cy]*h|[oeyi]vna|enk[oa]|chuk|skyi|skyy|iuk|yuk|iy|ii|yy|yi|ych)$")
_SKELETON_OF = str.maketrans(
    {"a": "", "i": "", "u": "", "e": "", "I": "", "U": "", "Y": "y", "O": "y", "W": "f", "v": "f"}
    | {"g": "k", "p": "b", "C": "S", "c": "s"}
)
_BROAD = str.maketrans(
    {"l": "r", "f": "b", "p": "b", "v": "b", "S": "s", "C": "s", "c": "s", "z": "s", "j": "s", "h": "", "y": ""}
    | {"I": "a", "U": "u", "Y": "a", "W": "u", "O": "u"}
)
_ABJAD_SIGNS: dict[str, tuple[str, ...]] = {
    "a": ("",), "e": ("",), "i": ("", "y"), "y": ("y", ""), "u": ("", "v"), "o": ("", "v"),
    "w": ("v", ""), "v": ("v", ""), "b": ("b", "v"), "f": ("f", "p"), "p": ("p", "f"), "j": ("j", "g"),
    "z": ("z",),
}  # fmt: skip
_GLIDES = frozenset("aeiouyw")


@lru_cache(maxsize=16_384)
def sounds_of(text: str, *, abjad: bool = False) -> tuple[str, ...]:
    """The spelling-family keys of one plain word (lower-case ASCII), the general key first; () where it has none.

    Keys that begin with `k:` are consonant skeletons: they count only where one of the two words was written in
    another script; those with `k:~` hold vowels and are for scripts that write them. Keys that begin with `f:` are
    families of a table, with `n:` given names that it is short for.
    `abjad`: the word was romanized from letters without short vowels; then it has no keys with vowels.
    """
    named = families_of(text)
    if len(text) < _SKELETON or not text.isalpha():
        return named
    word = _DOUBLED.sub(_first, text)
    if abjad:
        return (*named, *_bones("", _abjad_readings(word), most=_MOST_ABJAD_BONES))
    if len(text) < _FULL:
        return (word.replace("y", "i"), *named)
    spellings = respelled(text)
    prefix, readings = _heard(text, word)
    names = dict.fromkeys((*named, *(key for one in spellings for key in families_of(one.lower()))))
    if son := _FATHER_OF.match(text):  # Abu Lugmaan is Abu Luqman
        names.update((f"f:abu+{key[2:]}", None) for key in families_of(text[son.end() :]) if key[0] == "f")
    if prefix:  # Abdurrochman is Abdulrahman as Rochman is Rahman
        names.update(
            (f"f:{prefix}{key[2:]}", None) for key in families_of(_SERVANT.sub("", word)) if key[0] == "f"
        )
    named = (*names, *_fathers_keys(text))
    keys = dict.fromkeys(_spoken(prefix, readings))
    broad = broad_keys(keys)
    # The likeliest sounds of each other spelling first, then the rest, as far as there is room.
    others = [_spoken(*_heard(one, _DOUBLED.sub(_first, one))) for one in spellings]
    for key in islice((k for row in zip_longest(*others) for k in row if k), _MOST_RESPELLED):
        keys[key] = None
    return (*keys, *named, *_bones(prefix, readings), *broad)


def _fathers_keys(text: str) -> tuple[str, ...]:
    """Keys of a father's name with an ending: of the families of the tables, else of how its beginning sounds."""
    if found := father_keys(text):
        return found
    stem, sex = father(text)
    if len(stem) < _FULL:
        return ()
    return tuple(
        f"p:{sex}:{key}" for one in (stem, *respelled(stem))[:2] for key in islice(_spoken(*_heard(one, one)), 2)
    )


def _heard(text: str, word: str) -> tuple[str, list[tuple[str, ...]]]:
    """What a word begins with that has no sounds of its own, and the sounds of the graphemes of the rest. `word`
    is the text without doubled letters."""
    prefix = ""
    if (
        word.startswith("abd") and not _GOD.match(word) and (servant := _SERVANT.match(word))
    ):  # servant of: Abdul-, Abdel-, Abdur-, Abdi-
        prefix, word = "abd+", word[servant.end() :]
    if text.endswith("ff"):  # Popoff, Gurdjieff
        word = word[:-1] + "v"
    return prefix, _readings(_GRAPHEME.findall(_plain(word)), wide=len(text) >= _OPEN_E)


def _single(text: str) -> str:
    """A text with each run of one letter once. (A function is quicker than a template that names a group.)"""
    return _TWICE.sub(_first, text)


def _first(match: re.Match[str]) -> str:
    return match[1]


def _spoken(prefix: str, readings: list[tuple[str, ...]]) -> Iterator[str]:
    return (prefix + _single("".join(choice)) for choice in product(*readings))


def _plain(word: str) -> str:
    if word[:2] in _BEGINNINGS and len(word) > 2 and word[2] in "aeiouy":
        word = _BEGINNINGS[word[:2]] + word[2:]
    elif word.startswith("mc"):
        word = "mak" + word[2:]
    for pattern, plain in _ENDINGS.get(word[-1], ()):
        word = pattern.sub(plain, word)
    for letters, pattern, plain in _INSIDES:
        if letters in word:
            word = pattern.sub(plain, word)
    return word


def _readings(graphemes: list[str], *, wide: bool) -> list[tuple[str, ...]]:
    """The sounds of each grapheme, together at most `_MOST_KEYS` combinations."""
    last = len(graphemes) - 1
    wide = wide and graphemes.count("e") <= 3
    ukrainian = "h" in graphemes and _UKRAINIAN.search("".join(graphemes)) is not None
    readings: list[tuple[str, ...]] = []
    options = 1
    for at, grapheme in enumerate(graphemes):
        if at == 0 and not (grapheme == "h" and ukrainian):
            sounds = _AT_START.get(grapheme) or _SOUNDS.get(grapheme)
        elif at == last:
            sounds = _AT_END.get(grapheme) or _SOUNDS.get(grapheme)
        elif grapheme == "e" and not wide:
            sounds = ("i",)
        elif grapheme == "h" and ukrainian and at < last:
            sounds = ("g", "h")
        else:
            sounds = _SOUNDS.get(grapheme)
        if sounds is None:
            sounds = (_run(grapheme),) if grapheme[0] in "aeiouy" else (grapheme,)
        if len(sounds) > 1:
            if options * len(sounds) > _MOST_KEYS:
                sounds = sounds[:1]
            options *= len(sounds)
        readings.append(sounds)
    return readings


def _abjad_readings(word: str) -> list[tuple[str, ...]]:
    """The same of a word without short vowels: a, i and u may be nothing, long vowels or glides."""
    start: tuple[str, ...] = ()
    if word[0] in "aeiou":
        start, word = ("a",), word[1:]
    elif word[0] in "wvy" and word[1] not in "aeiouwy":  # a letter of Arabic and Hebrew that o, u and i begin with
        start, word = ("y" if word[0] == "y" else "v", "A"), word[1:]
    graphemes = [g for p in _GRAPHEME.findall(word) for g in (p if p[0] in "aeiouy" else (p,))]
    readings: list[tuple[str, ...]] = []
    for at, grapheme in enumerate(graphemes):
        sounds = _ABJAD_SIGNS.get(grapheme) or _SOUNDS.get(grapheme, (grapheme,))
        if at == len(graphemes) - 1:
            sounds = ("",) if grapheme in "aeiouyh" else _AT_END.get(grapheme, sounds)
        readings.append(sounds)
    options = len(start) or 1
    # What a consonant may be comes first where there is no room for all: a glide is more often a vowel.
    for at in sorted(range(len(readings)), key=lambda n: (graphemes[n] in _GLIDES, n)):
        if options * len(readings[at]) > _MOST_ABJAD_BONES:
            readings[at] = readings[at][:1]
        options *= len(readings[at])
    return [start, *readings] if start else readings


def _bones(prefix: str, readings: list[tuple[str, ...]], *, most: int = _MOST_BONES) -> tuple[str, ...]:
    """Consonant skeletons: one sign for each class of consonants that abjads don't keep apart."""
    parts = list(map(_bone, readings))
    if readings and readings[0][0][:1] in ("a", "i", "u", "Y", "O", "W"):
        parts[0] = ("A",)
    if prefix:
        parts.insert(0, ("Abt",))
    bones = dict.fromkeys([_single("".join(choice)) for choice in islice(product(*parts), most)])
    return tuple([f"k:{bone}" for bone in bones if len(bone) >= _SKELETON])


def broad_keys(keys: Iterable[str], most: int = _MOST_BROAD) -> tuple[str, ...]:
    """Keys with one sign for all consonants that kana, Hangul and Thai don't keep apart: r and l; b, p, f, v and
    w; s, z, sh, ch and j; no h and no y. The vowels stay: these scripts write them."""
    broad: dict[str, None] = {}
    for key in keys:
        broad[_single(key.translate(_BROAD))] = None
        if len(broad) == most:
            break
    return tuple([f"k:~{key}" for key in broad if len(key) > _SKELETON])


@lru_cache(maxsize=4096)
def _bone(sounds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sound.translate(_SKELETON_OF) for sound in sounds))


@lru_cache(maxsize=4096)
def _run(run: str) -> str:
    """A run of vowels that is in no table, by classes: any vowels with y or i behind them are a diphthong."""
    classes = _single(run.translate(_CLASSES))
    return {"ai": "Y", "aia": "Ya", "ui": "O", "uia": "Oa", "aiu": "Yu", "ia": "I", "iu": "U", "au": "W"}.get(
        classes, classes
    )
