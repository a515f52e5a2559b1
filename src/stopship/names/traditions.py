"""Words as other languages write them in Latin letters, spelled again as English lists do.

A Russian, Belarusian or Ukrainian name is written Tjurtjkov in Swedish, Tschurtschkow in German, Czurczkow in
Polish, Tchourtchkov in French. Letters tell the tradition (`tj` is Swedish, `cz` Polish); the word is spelled
again by its rules, and the spellings that come out are heard beside the printed one (`sounds.sounds_of`).
Belarusian names stand on lists in their Russian form too (Kavalenka, Kovalenko; Rachmanau, Rakhmanov), and
Arabic ones with their article joined (Eddaouahiri). The rules are facts of the spelling of each language, as
its style guides and encyclopedias transcribe Russian and Arabic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from stopship.names.families import families_of

_MOST = 8  # spellings of one word
_SHORTEST = 4
_HARD = "b-df-hj-np-tvz"  # consonants, for the inside of brackets

_Rules = tuple[tuple[str, str], ...]  # patterns and what takes their place; most names never need most of them
_compiled = cache(re.compile)


# Endings of East Slavic names in any spelling, by their last letter.
_EAST = {
    letter: re.compile(rf"(?:{endings})$")
    for letter, endings in {
        "v": "[oeay]v|slav|civ",
        "w": "[oeay]w",
        "a": "[oeay][vw]a|[stch]k(?:a[yji])?a|nka|ejka|[iyu]na|vna",
        "y": "[oeay][vw]y|[stch]k[iy]?y",
        "i": "[stch]k[iy]?i|dzi",
        "j": "[stch]k[iy]j|itj|[nrlvtjmdgz]ij|ej",
        "u": "[aeo]u",
        "o": "[stch]ko|nko|ejko",
        "k": "[iyu]k",
        "s": "[iye]ts",
        "h": "ich|sh|zh",
        "n": "[a-z]{3}[lnkhtgzm][iy]n",
        "c": "[eiy]c",
        "r": "mir",
        "e": "dze",
    }.items()
}
# j is the first sound of "you" in most of the languages that use Latin letters.
_GLIDE = (
    (r"[iy]j$", "iy"),
    (r"(?<=[aeiouy])j(?![ij])|(?<=[aeoy])j|^j(?=[aeou])", "y"),
    (rf"(?<=[{_HARD}])j(?=[aeou])", "y"),
    (rf"(?<=[{_HARD}])j(?=[{_HARD}])", ""),
)
_KANA = r"(?:(?:[kstnhmrgzdbp]y?|[wy])?[aiueo]|n(?![aiueoy]))+$"
# Letters that a word must hold, what tells a tradition, and its rules; a sign in capitals keeps a sound from the
# rules behind it. Where one of several things tells it, each has its letters before it. `_EASTERN` in front says
# that the word must end as East Slavic names do, too.
_EASTERN = "&"
_TRADITIONS: tuple[tuple[str, re.Pattern[str], bool, _Rules], ...] = tuple(
    (letters, re.compile(trigger.removeprefix(_EASTERN)), trigger.startswith(_EASTERN), rules)
    for *signs, rules in (
        (  # Swedish, Danish, Norwegian, Dutch
            "j",
            r"[tsz]j[a-ik-z]|[tsz]j$",
            (
                (r"stjtj|sjtsj|sjtj|stj(?=[aeiouyk])", "shch"), (r"tsj|tj", "ch"), (r"dzj", "dzh"), (r"sj", "sh"),
                (r"zj", "zh"), (r"oe", "u"), *_GLIDE,
            ),
        ),
        ("j", rf"[{_HARD}]j[aou]|[aeiouy]j(?:[b-df-hk-np-tvz]|$)|[iy]ja$", "j", _EASTERN, _GLIDE),
        # Czech, Slovak, Croatian, Serbian, Slovene, Latvian, Lithuanian without marks: c is two letters there
        ("c", _EASTERN + r"c(?![hz])", ((r"c(?![hz])", "ts"), *_GLIDE)),
        ("c", _EASTERN + r"c(?![hz])", ((r"sc(?=[aeiouy])", "shch"), (r"c(?![hz])", "CH"), *_GLIDE)),
        (  # Polish
            "cz", r"cz", "sz", r"sz", "w", r".[oe]w(?:ski|icz|a)?$",
            (
                (r"szcz", "shCH"), (r"cz", "CH"), (r"sz", "sh"), (r"rz", "zh"), (r"ch", "kh"), (r"c", "ts"),
                (r"CH", "ch"),
                (r"w", "v"), (r"(?<=[bdfgklmnprstvz])ie", "e"), *_GLIDE,
            ),
        ),
        (  # German
            "sch", r"sch.*[oe]w(?:ski|a)?$|schtsch", "z", r".z.*[oe]w(?:ski|a)?$",
            (
                (r"schtsch", "shCH"), (r"dsch", "dzh"), (r"tsch", "CH"), (r"sch(?=[aeiouy])", "zh"),
                (r"sch", "sh"),
                (r"ch", "kh"), (r"(?<![tc])z(?!h)", "ts"), (r"CH", "ch"), (r"w", "v"), (r"ss", "s"), *_GLIDE,
            ),
        ),
        (  # Hungarian
            "s",
            r"cs|zs|szk|^sz[aeiou]|^vlagyi",
            (
                (r"scs", "shCH"), (r"dzs", "dzh"), (r"cs", "CH"), (r"zs", "zh"), (r"sz", "Z"),
                (r"s(?!h)", "sh"), (r"Z", "s"),
                (r"gy", "d"), (r"ty", "t"), (r"c(?!h)", "ts"), (r"CH", "ch"), *_GLIDE,
            ),
        ),
        (  # French
            "gu", r"[a-mo-z]gu[eiy]", "ine", r"[aeiouy][nvghj]ine$", "chtch", r"chtch",
            (
                (r"chtch", "shCH"), (r"tch", "CH"), (r"dj", "J"), (r"ch", "sh"), (r"CH", "ch"), (r"j", "zh"),
                (r"J", "j"),
                (r"gu(?=[eiy])", "g"), (r"(?<=[a-z]{3})ine$", "in"),
            ),
        ),
        ("ch", _EASTERN, ((r"ch(?!uk|ik|enk|ko)", "kh"), *_GLIDE)),
        (  # North Africa: Bouchra, Zarkaoui, Anouar
            "ch", r"ou.*ch|ch.*(?:ou|e$)", "ou", r"[a-z]ou[aei]",
            ((r"ch", "sh"), (r"(?<=[a-z])ou(?=[aei])", "w"), (r"ou", "u")),
        ),
        ("ab", r"^ab(?:ou?a|oo|oue|u[ae]|ou)l", ((r"^ab(?:ou?a|oo|oue|u[ae]|ou)l", "abul"),)),  # father of
        (  # Uzbek, and Kazakh in Latin letters
            "jon", r"[a-z]{3}jon$", "boy", r"boy(?:eva?)?$",
            ((r"q", "k"), (r"x", "kh"), (r"jon$", "jan"), (r"boy", "bay"), (r"^([kb])o", r"\1a")),
        ),
        (  # Japanese by the system of its schools: Tutumi, Syouiti
            "tu", "^(?=.*tu)" + _KANA, "y", r"^(?=.*[stz]y[aou])" + _KANA,
            "si", "^(?=.*(?:si.*ti|ti.*si))" + _KANA,
            (
                (r"si", "shi"), (r"ti", "chi"), (r"tu", "tsu"), (r"zi", "ji"), (r"hu", "fu"),
                (r"sy(?=[aou])", "sh"), (r"ty(?=[aou])", "ch"), (r"zy(?=[aou])", "j"),
            ),
        ),
        ("h", r"^h[rl]", ((r"^h", "g"),)),  # Ukrainian and Belarusian
        # An Arabic word ends in two consonants or has a vowel between them: Badr, Bader.
        ("", r"^[a-z]{2,4}[bdfhkqstzj][rlm]$", ((r"([rlm])$", r"i\1"),)),
    )
    for letters, trigger in zip(signs[::2], signs[1::2], strict=True)
)  # fmt: skip
_YO = re.compile(rf"(?<=[{_HARD}])(?:io|yo|jo)(?=[{_HARD}])|(?<=[szc]h)o(?=v)")
_HARD_G = re.compile(r"(?<![ksctzpg])h(?=[aeiouylr])")
_HARDENED = ((rf"(?<=[{_HARD}])[iyj]u", "u"), (rf"(?<=[{_HARD}])[iyj]a(?=[{_HARD}])", "a"))
_BELARUSIAN = re.compile(
    rf"dz[eiyj]|^au[{_HARD}]|^a[rstvkln]?[{_HARD}].*(?:ka|ou|au)$|[oae]u(?:na|$|sk|ts|ka$|ch)"
    rf"|av[iy]?ch?$|.av(?:a|y)?$|(?:e[inyj]|o[yj]|sh|ch|dz|[a-z]{3}an)ka$|^h|h[alr]|(?<=[{_HARD}])[iyj]a"
)
_AS_RUSSIAN = (
    (r"dz(?=[eiyjk])", "d"), (r"[iyj]ou$|(?<=ts)au$|(?<=[szc]h)ou$", "ev"), (r"[oa]u(?=$|na$|sk|ts)", "ov"),
    (r"eu(?=$|na$|sk|ts)", "ev"),
    (r"au(?=[b-df-hj-np-tvz])", "av"), (r"(?<=..)av(?=[ay]?$)", "ov"), (r"(?<=[a-z]{4}k)a$", "o"),
    (r"ts(?=[ei](?!v)[a-z])", "t"),
    (rf"(?<=[{_HARD}])[iyj]a(?=[{_HARD}])", "e"),
)  # fmt: skip
_OF_BELARUS = re.compile(
    r"^(?:al[iy]?j?aks[ae]|uladz|s[iyj]+arh|m[iy][kc]h?ala[ijy]|[jy]auh|iauh|dzm[iy]t|v[iy]ktar|h?enadz|[iy]har|leanid"
    r"|dz[iyj]an|v[iyj]a[ct]j?h?[ea]slau|kanstan|tats[it]|s[vw][ij]atlan|aleh$|vadzim)"
    r"|avitj$|avich$|avi[ct]$|[ae]una$"
)
_UNSTRESSED = re.compile(rf"(?:(?<=[{_HARD}])|^)a(?=[{_HARD}])")
# The article joined to a name, before letters that it sounds like and before others.
_SUN = re.compile(
    r"[ae](?:([dszrtn])(?=\1)|l(?=[dszrtn]h?[aeiou])|c?(?=ch[aeou])|[dtsz](?=[dtsz]h[aeiou]))([a-z]{4,})"
)
_MOON = re.compile(r"[ae]l()([bfghjkmqwxy][a-z]{3,})")
_OF_A_PLACE = re.compile(r"[aiou][bdfghjklmnqrstwz]{1,2}i$|[aou][ouw]i$")  # Zawahiri, Masri, Sahraoui


def _apply(word: str, rules: _Rules) -> str:
    for pattern, plain in rules:
        word = _compiled(pattern).sub(plain, word)
    return word


@lru_cache(maxsize=8_192)
def respelled(word: str) -> tuple[str, ...]:
    """Other spellings of a plain word (lower-case ASCII): those of English lists for a word that another language
    writes, at most eight; () for most words."""
    if len(word) < _SHORTEST:
        return ()
    eastern = _is_eastern(word)
    found = dict.fromkeys(
        [
            _apply(word, rules)
            for letters, trigger, of_east, rules in _TRADITIONS
            if letters in word and (eastern or not of_east) and trigger.search(word)
        ]
    )
    found[word] = None
    for one in list(found):
        if eastern if one == word else _is_eastern(one):
            found.update(dict.fromkeys(_eastern(one)))
    article = (_SUN.fullmatch(word) or _MOON.fullmatch(word)) if word[0] in "ae" else None
    if article and (_OF_A_PLACE.search(article[2]) or any(key[0] == "f" for key in families_of(article[2]))):
        found[article[2]] = None
    del found[word]
    return tuple(found)[:_MOST]


def _is_eastern(word: str) -> bool:
    ending = _EAST.get(word[-1])
    return ending is not None and ending.search(word) is not None


def _eastern(word: str) -> Iterator[str]:
    """A Belarusian or Ukrainian name as in Russian, yo as e, soft consonants as hard ones: Fiodarau, Fedorov."""
    plain = _YO.sub("e", word)
    yield plain
    yield _apply(plain, _HARDENED)
    if _BELARUSIAN.search(word):
        yield from _as_russian(plain)


def of_belarus(word: str) -> tuple[str, ...]:
    """How a word beside Belarusian names may be spelled in Russian (Damarnatski, Domarnatsky), though it has no
    Belarusian ending itself."""
    spellings = (word, *respelled(word))
    return tuple(dict.fromkeys(one for spelling in spellings[:3] for one in _as_russian(spelling)))[:_MOST]


def is_of_belarus(words: Iterable[str]) -> bool:
    """Whether one of the words of a person's name is Belarusian: given names and fathers' names that only Belarus
    spells so."""
    return any(map(_of_belarus, words))


@lru_cache(maxsize=8_192)
def _of_belarus(word: str) -> bool:
    return _OF_BELARUS.search(word) is not None


def _as_russian(plain: str) -> Iterator[str]:
    russian = _apply(plain, _AS_RUSSIAN)
    yield russian
    at = [match.start() for match in _UNSTRESSED.finditer(russian)][:3]
    for changed in ((at[:1],) if len(at) == 1 else (at, at[:1], at[1:])) if at else ():
        yield "".join("o" if n in changed else c for n, c in enumerate(russian))
    yield _HARD_G.sub("g", russian)
