"""General words of other scripts put in Latin by what they mean: companies, bodies and legal forms.

`شركة الفجر للتجارة المحدودة` becomes `company الفجر trading limited` before the rest is read by sound, so
that a word is tagged by the tables of Latin words. Arabic and Hebrew write article, "and" and "for" on the
word; Hangul and Thai write words together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stopship.names.abjad import even
from stopship.names.normalize import clean, strip_marks
from stopship.names.script import Script, script_of, scripts
from stopship.names.tables import rows

_WORD = re.compile("[^\\s,;:()\\[\\]{}<>|]+|[()]")
_ABJADS = (Script.ARABIC, Script.HEBREW)
_JOINING = {Script.HANGUL: 2, Script.THAI: 3}  # the fewest characters that a name beside a word has
_THAI_MARKS = "ะาำิีึืฺุู็่้๊๋์ํั"
_THAI_LEADING = "เแโใไ"
_ARTICLES = ("ال", "لل", "بال")
_HEBREW_PREFIXES = "הולב"
_SHORTEST = 3


def by_meaning(cleaned: str) -> str:
    """A cleaned name of an organization with its general words in Latin; as it is where it holds none, and where
    nothing else would be left of it."""
    if cleaned.isascii() or scripts(cleaned) <= {Script.LATIN, Script.HAN}:
        return cleaned
    found = list(_WORD.finditer(cleaned))
    texts = [match[0] for match in found]
    pieces: list[str] = []
    at = last = 0
    while at < len(found):
        length, latin = _phrase_at(texts, at)
        if not length:
            at += 1
            continue
        pieces += [cleaned[last : found[at].start()], f" {latin} "]
        at += length
        last = found[at - 1].end()
    changed = " ".join("".join((*pieces, cleaned[last:])).split())
    return changed if any(c.isalpha() and not c.isascii() for c in changed) or _says_who(changed) else cleaned


def _says_who(changed: str) -> bool:
    """Whether a name of nothing but general words has more than one."""
    return len(changed.split()) > 1


def _phrase_at(texts: list[str], at: int) -> tuple[int, str]:
    """The number of words of the longest phrase that begins here and its Latin; (0, "") where none does."""
    for before, first in _forms(texts[at]):
        longest = min(_table()[1].get(first, 0), len(texts) - at)
        for length in range(longest, 0, -1):
            for rest in _rests(texts[at + 1 : at + length]):
                latin = _table()[0].get((first, *rest))
                if latin:
                    return length, before + latin
    return 1 if (apart := _apart(texts[at])) else 0, apart


def _rests(texts: list[str]) -> Iterator[tuple[str, ...]]:
    yield tuple(_even(text) for text in texts)
    yield tuple(list(_forms(text))[-1][1] for text in texts)


def _forms(text: str) -> Iterator[tuple[str, str]]:
    """A word as tables hold it, then without article, "for" and "and"; with the Latin for what was taken off."""
    plain = _even(text)
    yield "", plain
    script = script_of(text[0])
    if script is Script.ARABIC:
        for before, word in (("", plain), ("and ", plain[1:] if plain.startswith("و") else "")):
            for article in ("", *_ARTICLES, "ل"):
                rest = word.removeprefix(article)
                if (article or before) and len(rest) >= _SHORTEST and word.startswith(article):
                    yield before, rest
    elif script is Script.HEBREW and len(plain) > _SHORTEST and plain[0] in _HEBREW_PREFIXES:
        yield "and " if plain[0] == "ו" else "", plain[1:]


def _apart(word: str) -> str:
    """A word of Hangul or Thai with the general words at its ends in Latin; "" where it has none."""
    least = _JOINING.get(script_of(word[0]))
    if least is None:
        return ""
    table, _ = _table()
    before: list[str] = []
    behind: list[str] = []
    rest = word
    found = True
    while found:
        found = False
        for size in range(len(rest) - least, 1, -1):
            head, tail = rest[:-size], rest[-size:]
            if (latin := table.get((tail,))) and head[-1] not in _THAI_LEADING and tail[0] not in _THAI_MARKS:
                behind.insert(0, latin)
                rest, found = head, True
                break
            head, tail = rest[:size], rest[size:]
            if (latin := table.get((head,))) and head[-1] not in _THAI_LEADING and tail[0] not in _THAI_MARKS:
                before.append(latin)
                rest, found = tail, True
                break
    return " ".join((*before, rest, *behind)) if before or behind else ""


def _even(word: str) -> str:
    """One form of a word: of Arabic and Hebrew without vowel marks, of Greek without accents, lower case."""
    script = script_of(word[0])
    if script in _ABJADS:
        return even(word)
    return strip_marks(word).casefold() if script is Script.GREEK else word.casefold()


@cache
def _table() -> tuple[dict[tuple[str, ...], str], dict[str, int]]:
    """The phrases by their words, and the number of words of the longest that begins with each."""
    table: dict[tuple[str, ...], str] = {}
    longest: dict[str, int] = {}
    for latin, spellings in rows("words_native.tsv"):
        for spelling in spellings.split("|"):
            key = tuple(_even(word) for word in _WORD.findall(clean(spelling)))
            table.setdefault(key, latin)
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return table, longest
