"""Words read by themselves, without the name around them: for looking through many names quickly.

What a word is depends on its neighbours (a legal form stands at an end, phrases have several words): here it is
what it may be most harmlessly, so that nothing counts against a name that wouldn't in the whole name.
"""

from __future__ import annotations

from functools import cache, lru_cache

from stopship.names.abbreviations import has_other_meanings, other_meanings
from stopship.names.acronyms import is_small_word, may_be_acronym, spelled_out
from stopship.names.normalize import clean
from stopship.names.organization import tag_organization
from stopship.names.person import tag_person
from stopship.names.phrases import Kind, organization_book, person_book
from stopship.names.pinyin_names import chinese_readings
from stopship.names.repair import FORMS, repair, stands_alone
from stopship.names.token import Token, of_phrase
from stopship.names.tokenize import Word, words
from stopship.names.wade_giles import pinyin_persons

# A neighbour that is no word of anything.
_OTHER = Word("qzxqzx")
_NUMBERED = ("imo", "mmsi", "msn")  # a number of a vessel or aircraft may stand beside them
_SHORTEST_PIECE = 3  # letters of a piece of a broken word
_SHORTEST_SLIP = 5  # letters of a word with a slip
_SHORT_FORMS = ("llc", "ltd", "inc", "gmbh", "corp")
_BROKEN_KINDS = (Kind.LEGAL, Kind.SECTOR, Kind.BODY, Kind.FILLER)
_DIVIDES = frozenset([
    "formerly", "previously", "alias", "aka", "fka", "nka", "dba", "nee", "renamed", "successor", "subsidiary",
    "affiliate", "division", "branch", "attn", "care", "behalf",
])  # fmt: skip


def single_word(text: str, *, loose: bool, person: bool) -> tuple[Token, ...]:
    """The tokens of one plain word; `loose`: it was joined from single letters."""
    behind, before = _either_way(Word(text, letters=loose), person=person)
    for tokens in (behind, before):
        if any(t.kind in (Kind.LEGAL, Kind.TITLE, Kind.PARTICLE) for t in tokens):
            return tokens
    return behind


@lru_cache(maxsize=8_192)
def is_title_in_front(text: str) -> bool:
    """Whether a word is a title or particle only where it stands before a name (`Amir`), and else a name."""
    behind, before = _either_way(Word(text), person=True)
    return [token.kind for token in behind] != [token.kind for token in before]


def _either_way(word: Word, *, person: bool) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """The tokens of a word behind another one, and in front of it."""
    tag = tag_person if person else tag_organization
    behind = _without_other(tag([_OTHER, word]))
    if (person_book() if person else organization_book()).at([word.text], 0) is None:
        return behind, behind  # in no table: the same in front
    return behind, _without_other(tag([word, _OTHER]))


def _without_other(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(t for t in tokens if t.text != _OTHER.text)


def standard_word(text: str) -> str:
    """What a word stands for in general phrases."""
    return organization_book().standard([text])[0]


@cache
def phrases_of_several_words() -> tuple[tuple[bool, tuple[str, ...], Token], ...]:
    """The phrases of several words that names of organizations hold: whether their words stand for all that
    have the same meaning (`standard_word`), the words, and what the phrase is."""
    book = organization_book()
    exact = [(False, p.words, of_phrase("".join(p.words), p.kind, p.key)) for p in book.several_words()]
    plain = [
        (True, words, of_phrase("".join(p.words), p.kind, p.key))
        for words, p in book.standard_phrases()
        if len(words) > 1
    ]
    return (*exact, *plain)


def is_small(text: str) -> bool:
    """Whether a word gives no letter to the initials of a name: small words and legal forms."""
    phrase = organization_book().at([text], 0)
    return is_small_word(text) or (phrase is not None and phrase.kind is Kind.LEGAL)


def divides_names(text: str) -> bool:
    """Whether a word may stand between two names (`formerly`)."""
    return text in _DIVIDES


def may_mean_more(text: str) -> bool:
    """Whether a word gives the name that it stands in further readings (ambiguous abbreviations, acronyms), or
    may be a broken piece of a phrase that only the whole name mends."""
    return text in _NUMBERED or has_other_meanings(text) or may_be_acronym(text) or _may_be_broken(text)


def _may_be_broken(text: str) -> bool:
    """Whether a word that nothing knows is the end of a word of a phrase, or one slip away from one."""
    if len(text) < _SHORTEST_PIECE or stands_alone(text):
        return False
    if text in _ends_of_words() or text.startswith(FORMS) or text.endswith((*FORMS, *_SHORT_FORMS)):
        return True
    return len(text) >= _SHORTEST_SLIP and not _without_a_letter(text).isdisjoint(_words_of_phrases())


@cache
def _phrase_words() -> frozenset[str]:
    book = organization_book()
    words = {word for phrase in book.several_words() for word in phrase.words}
    words |= {word for word in book.words if (phrase := book.at([word], 0)) and phrase.kind in _BROKEN_KINDS}
    return frozenset(word for word in words if len(word) > _SHORTEST_PIECE)


@cache
def _ends_of_words() -> frozenset[str]:
    return frozenset(word[at:] for word in _phrase_words() for at in range(1, len(word) - _SHORTEST_PIECE + 1))


@cache
def _words_of_phrases() -> frozenset[str]:
    return frozenset(left for word in _phrase_words() for left in _without_a_letter(word))


def _without_a_letter(word: str) -> frozenset[str]:
    """A word, and what is left of it without each of its letters."""
    return frozenset([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))])


def more_readings(text: str, *, person: bool) -> bool:
    """Whether a whole name has readings beside that of its words one by one."""
    cleaned = clean(text)
    if person:
        return bool(pinyin_persons(cleaned)) or any(is_title_in_front(word.text) for word in words(cleaned))
    texts = [word.text for word in words(cleaned)]
    return bool(
        any(text in _NUMBERED for text in texts)
        or spelled_out(cleaned, texts)
        or other_meanings(texts)
        or chinese_readings(texts)
        or list(repair(texts)) != texts
    )
