"""Names of organizations in Cyrillic, Greek, Arabic and Persian put in English by what their general words mean.

`АО "Научно-исследовательский институт полупроводниковых приборов"` is printed on lists by sound or by meaning. The
gloss is read beside the sound: general words, forms and places in English, the others as they stand. What a brand
in quotes or the one word of a name means is nobody's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import NamedTuple

from stopship.names import slavic, southern
from stopship.names.phrases import organization_book
from stopship.names.script import Script, script_of, scripts
from stopship.names.tables import rows

_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u200c\u200d"
_WORD = re.compile(rf"(?<![^\W_])[^\W\d_](?:[^\W\d_]|[{_MARKS}])*(?:'[^\W\d_]+)*")
# One word in quotes, or two with a hyphen.
_BRAND = re.compile(r'(?:(?<=[\s"(])|^)"\s?([^\W_]+(?:\s?-\s?[^\W_]+)?)(?:"|\Z)')
_BETWEEN_WORDS = re.compile(r"[^\W\d_]{2}[\s]\w\s[^\W\d_]{2}")  # "Физики И Химии"
_ENDS_OF_ORDINALS = "й|я|е|го|ой|ая|ый|ий|ое|ые|ма|ми|мо|та|ти|то|ва|ви|во|ра|ри|ро|ият|ата|ото|га|ша|η|ης|ος|ου|ο"
_ORDINAL = re.compile(rf"(?<![^\W_])(\d+)(?:-(?i:{_ENDS_OF_ORDINALS})|(?:{_ENDS_OF_ORDINALS}))(?![^\W_])")
_MOST = 4
_MOST_ALTERNATIVES = 3
_SOUTHERN = (Script.GREEK, Script.ARABIC)


class _Entry(NamedTuple):
    """A phrase of a table: the stems of each word, and the English for it."""

    words: tuple[frozenset[str], ...]
    abbreviation: str
    english: tuple[str, ...]


class _Language(NamedTuple):
    stems: Callable[[str], frozenset[str]]
    even: Callable[[str], str]
    by_word: dict[str, list[_Entry]]  # phrases by the whole first word
    by_stem: dict[str, list[_Entry]]  # and by its stems


# What says what kind of body it is and nothing about who.
_LEGAL = frozenset(
    (
        "llc", "jsc", "ojsc", "cjsc", "pjsc", "npjsc", "limited", "limited liability company",
        "joint stock company", "public joint stock company", "open joint stock company",
        "closed joint stock company", "private enterprise",
        "private joint stock company", "federal state unitary enterprise", "state unitary enterprise", "company",
        "republican unitary enterprise", "unitary enterprise", "federal state enterprise", "group", "holding",
        "joint venture", "individual entrepreneur", "state enterprise", "holding company", "group of companies",
        "management company", "autonomous non profit organization", "non profit organization", "trading house",
    )
)  # fmt: skip


class _Piece(NamedTuple):
    start: int
    end: int
    choices: tuple[str, ...]


@lru_cache(maxsize=4096)
def glosses(cleaned: str) -> tuple[str, ...]:
    """The English glosses of a cleaned name of an organization, at most four, the first meanings of its words
    first; empty where nothing in it is known."""
    if cleaned.isascii():
        return ()
    found = scripts(cleaned)
    if Script.CYRILLIC not in found and found.isdisjoint(_SOUTHERN):
        return ()
    cleaned = _ORDINAL.sub(r"\1", cleaned)
    spans = list(_WORD.finditer(cleaned))
    texts = [match[0] for match in spans]
    brands = _brands(cleaned)
    pieces: list[_Piece] = []
    at = 0
    while at < len(spans):
        length, choices = (
            (0, ()) if _is_initial(cleaned, spans[at]) else _meaning(texts, at, shout=not cleaned.islower())
        )
        if length <= 1 and (not choices or spans[at].start() in brands):
            length, choices = 1, _spelled_out(texts[at])
        if choices:
            pieces.append(_Piece(spans[at].start(), spans[at + length - 1].end(), choices))
        at += max(length, 1)
    pieces = _without_lone_word(pieces, spans, numbered=any(c.isdigit() for c in cleaned))
    if not pieces:
        return ()
    return tuple([meant for meant in dict.fromkeys(_written(cleaned, pieces)) if meant != cleaned][:_MOST])


def _is_initial(cleaned: str, span: re.Match[str]) -> bool:
    """Whether a letter of a script that knows capitals is a person's initial, and no "and" or "in"."""
    letter = span[0]
    if len(letter) > 1 or letter.lower() == letter.upper():
        return False
    if cleaned[span.end() : span.end() + 1] == ".":
        return True
    return letter.isupper() and not _BETWEEN_WORDS.match(cleaned, max(span.start() - 3, 0))


def _brands(cleaned: str) -> frozenset[int]:
    """Where the letters of brands in quotes stand."""
    if '"' not in cleaned:
        return frozenset()
    return frozenset(at for match in _BRAND.finditer(cleaned) for at in range(*match.span(1)))


def _without_lone_word(pieces: list[_Piece], spans: Sequence[re.Match[str]], *, numbered: bool) -> list[_Piece]:
    """The pieces without the only one that says who is meant: `ООО Победа` is no Victory LLC."""
    printed = {span[0] for span in spans}
    meant = [p for p in pieces if p.choices[0] not in printed]
    telling = [p for p in meant if p.choices[0] not in _LEGAL and p.choices[0] not in ("", "of", "and")]
    covered = sum(any(p.start <= span.start() < p.end for p in meant) for span in spans)
    if len(telling) == 1 and covered == len(spans) and not numbered:
        one = telling[0]
        if sum(one.start <= span.start() < one.end for span in spans) == 1:
            return [p for p in pieces if p is not one]
    return pieces


def _written(cleaned: str, pieces: Sequence[_Piece]) -> list[str]:
    """The name with the pieces in English: all first choices, all second ones, then mixed."""
    widths = [range(min(len(p.choices), _MOST_ALTERNATIVES)) for p in pieces]
    firsts = tuple(0 for _ in pieces)
    seconds = tuple(min(1, len(width) - 1) for width in widths)
    thirds = tuple(len(width) - 1 for width in widths)
    mixed = islice(product(*widths), 16)
    written: list[str] = []
    for numbers in dict.fromkeys((firsts, seconds, thirds, *mixed)):
        parts: list[str] = []
        last = 0
        for piece, number in zip(pieces, numbers, strict=True):
            parts += [cleaned[last : piece.start], f" {piece.choices[number]} "]
            last = piece.end
        written.append(" ".join("".join((*parts, cleaned[last:])).split()))
    return written


def _meaning(texts: Sequence[str], at: int, *, shout: bool) -> tuple[int, tuple[str, ...]]:
    """How many words from here on mean something together, and what; (0, ()) where nothing is known."""
    word = texts[at]
    script = script_of(word[0])
    if script is Script.CYRILLIC:
        if found := _phrase(_slavic(), texts, at, shout=shout):
            return found
        return (1, choices) if (choices := _made(word)) else (0, ())
    if script is Script.GREEK:
        article = southern.GREEK_ARTICLES.get(southern.even_greek(word))
        if article is not None:
            return 1, (article,)
        return _phrase(_greek(), texts, at, shout=shout) or (0, ())
    if script is Script.ARABIC:
        if at and southern.even_abjad(texts[at - 1]) == "عبد":
            return 0, ()  # servant of the Supreme: a name
        return _phrase(_abjad(), texts, at, shout=shout) or (0, ())
    return 0, ()


def _phrase(
    language: _Language, texts: Sequence[str], at: int, *, shout: bool
) -> tuple[int, tuple[str, ...]] | None:
    """The longest phrase that begins here; among equally long ones the one whose first word is as printed."""
    word = texts[at]
    best: tuple[int, tuple[str, ...]] | None = None
    candidates = [*language.by_word.get(language.even(word), ())]
    for stem in sorted(language.stems(word), key=lambda stem: -len(stem)):
        candidates += language.by_stem.get(stem, ())
    for entry in candidates:
        length = len(entry.words)
        if (best and length <= best[0]) or at + length > len(texts):
            continue
        if entry.abbreviation and shout and not word.isupper():
            continue
        if all(not entry.words[n].isdisjoint(language.stems(texts[at + n])) for n in range(1, length)):
            best = length, entry.english
    return best


def _spelled_out(word: str) -> tuple[str, ...]:
    """A name in Cyrillic letters and, where it is made of international parts, as Latin spells those."""
    if script_of(word[0]) is Script.CYRILLIC and (latin := slavic.international(word)):
        return word, latin
    return ()


def _made(word: str) -> tuple[str, ...]:
    """What a compound means by its parts, or an adjective by its place."""
    for meaning, rest in slavic.first_part(word):
        if found := _phrase(_slavic(), [rest], 0, shout=True):
            return tuple(f"{meaning} {english}" for english in found[1])
    place = slavic.place_of(word)
    if place is None:
        return ()
    latin, bare = place
    return (latin,) if latin else (word, bare)


def _language(
    table: str,
    columns: Sequence[int],
    stems: Callable[[str], frozenset[str]],
    dictionary: Callable[[str], frozenset[str]],
    even: Callable[[str], str],
) -> _Language:
    by_word: dict[str, list[_Entry]] = {}
    by_stem: dict[str, list[_Entry]] = {}
    for row in rows(table):
        english = _told_apart(row[0].split("|"))
        for spelling in (s for column in columns for s in row[column].split("|") if s):
            words = _WORD.findall(spelling)
            short = words[0] if len(words) == 1 and words[0].isupper() and words[0].lower() != words[0] else ""
            told = [frozenset((even(w),)) if w.isupper() and short else dictionary(w) for w in words]
            entry = _Entry(tuple(told), short, english)
            by_word.setdefault(even(words[0]), []).append(entry)
            if not short:
                for stem in told[0]:
                    by_stem.setdefault(stem, []).append(entry)
    return _Language(stems, even, by_word, by_stem)


def _told_apart(english: Sequence[str]) -> tuple[str, ...]:
    """The choices that are not one word to the tables of Latin words: `mechanics` and `mechanical` are."""
    book = organization_book()
    told: dict[tuple[str, ...], str] = {}
    for choice in english:
        words = choice.split()
        phrase = book.at(words, 0)
        known = phrase is not None and len(phrase.words) == len(words)
        told.setdefault((phrase.key,) if phrase and known else book.standard(words), choice)
    return tuple(told.values())


@cache
def _slavic() -> _Language:
    return _language("words_slavic.tsv", (1, 2, 3), slavic.stems, slavic.dictionary_stems, slavic.even)


@cache
def _greek() -> _Language:
    return _language(
        "words_southern.tsv",
        (1,),
        southern.greek_stems,
        southern.greek_dictionary_stems,
        southern.even_greek,
    )


@cache
def _abjad() -> _Language:
    return _language(
        "words_southern.tsv",
        (2, 3),
        southern.abjad_stems,
        southern.abjad_dictionary_stems,
        southern.even_abjad,
    )
