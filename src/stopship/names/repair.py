"""Mends slips in fixed phrases: `Limtied Liability Company`, `Compa ny`, `COMPANYLTD`, `Pubilc Security Bureau`.

Only words that neither any table nor names at large know are touched, only one letter of a phrase (two of a legal
form of several words), and only for the tags: what "the same tokens" means is decided by the words as they are
written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from string import ascii_lowercase

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stopship.names.abbreviations import long_form
from stopship.names.background import is_usual, per_100_000
from stopship.names.phrases import Kind, Phrase, general_phrases, organization_book, place_phrases
from stopship.names.pinyin import is_pinyin

_GLUED_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)([a-z]{3,})\Z")  # 30thship

# Words of legal forms that are long enough to be recognized alone, split, or grown together with a neighbour.
_FORMS = (
    "company", "limited", "corporation", "incorporated", "liability", "obshchestvo", "obschestvo", "aktsionernoe",
    "partnership", "otvetstvennostyu", "sirketi", "aktiengesellschaft",
)  # fmt: skip
_ENDS = ("company", "limited", "corporation", "incorporated", "aktiengesellschaft", "partnership", "sirketi")
_RESTS = frozenset(form[at:] for form in _FORMS for at in range(1, len(form)))  # what one breaks off before
_INSIDE = ("joint", "stock", "ltd", "jsc", "gmbh", "llc")  # may stand beside such a word in a compound
_SHORTEST_REST = 3
_SHORTEST_WORD = 5
_SHORTEST_IN_PHRASE = (
    4  # letters of a word with a slip whose neighbours are right: `Hogn Kong`, `Oepn Joint Stock`
)
_SHORTEST_SWAPPED = 6  # letters of a place of one word with two letters swapped
_SHORTEST_PLACE = 9  # the same with any slip; Yamburg is not Hamburg
_SHORTEST_CUT = 5  # letters of a cut word that can still be told
_MOST_CUT = 3  # letters that a word may lack that names at large don't use; Trakt is no cut traktor
_SHORTEST_TWICE = 7  # letters of a word of a form that may have two slips
_MOST_SLIPS = 2  # in one legal form
_LETTERS_A_SLIP = 12
_SHORTEST_GENERAL = 8  # shorter ones are too near to names
_MANY = 20  # of 100,000 names at large
_SHORTEST_TWO_SLIPS = 12  # letters of a misspelt general word that may have two slips
_HALF, _THIRD = 4, 3
# Forms that are written in one with each other; each is a spelling of `legal_forms.tsv` in two words.
_GROWN = {"ptyltd": ("pty", "ltd"), "pteltd": ("pte", "ltd"), "pvtltd": ("pvt", "ltd"), "sdnbhd": ("sdn", "bhd")}
# The words that a name may break off in behind the beginning of a form: "Co., Lt" is "Co., Ltd".
_AFTER_OPEN = {
    "co": ("ltd", "limited"), "company": ("ltd", "limited"), "pty": ("ltd", "limited"), "pte": ("ltd", "limited"),
    "pvt": ("ltd", "limited"), "private": ("limited",), "sdn": ("bhd", "berhad"), "liability": ("company",),
    "stock": ("company",), "ltd": ("sti", "sirketi"), "limited": ("liability", "sirketi"), "joint": ("stock",),
}  # fmt: skip
# Forms that nobody is called, so that a slip in one is no name either.
_SHORT_FORMS = ("ojsc", "cjsc", "pjsc", "gmbh", "dmcc", "fgup", "fsue", "fzco", "eood", "ltda")
_SPOKEN_FORMS = ("corp",)  # swapped it is a word (crop)
# Words of their own that are near to general ones.
_OWN = frozenset(["lazurnaya", "spetstekhnika", "ptero", "kasperskogo", "electrosila", "elektrosila"])
_SHORTEST_BROKEN = 5  # letters of a broken-off form that stands behind no other form


@lru_cache(maxsize=8_192)
def _known(word: str) -> bool:
    return is_usual(word) or word in organization_book().words


@lru_cache(maxsize=8_192)
def _stands_alone(word: str) -> bool:
    """Whether a word is known without the other words of a phrase: `liabiliti` is only known in a Malay form."""
    return is_usual(word) or organization_book().at([word], 0) is not None


def repair(words: Sequence[str]) -> list[str]:
    """The words of a name of an organization with slips in fixed phrases mended; usually the words as they are."""
    words = _short_form(_whole_end(words))
    if all(map(_stands_alone, words)):
        return list(words)
    mended = list(_whole_end(_unglue(_rejoin(list(words)))))
    at = 0
    while at < len(mended):
        phrase = _near(mended, at)
        if phrase:
            mended[at : at + len(phrase.words)] = phrase.words
            at += len(phrase.words)
            continue
        if not _known(mended[at]) and len(mended) > 1:
            if at == len(mended) - 1 and not _only_forms(mended[:-1]):
                mended[at] = _completed(mended[at])
            if not _known(mended[at]):
                mended[at] = _meant(mended[at])
        at += 1
    return _spelled_out(mended)


def _spelled_out(words: list[str]) -> list[str]:
    """Abbreviations of general words written out, unless nothing else is left that no table knows: then the
    abbreviation may well be the name."""
    strange = [at for at, word in enumerate(words) if not _known(word)]
    whole = {at: long for at in strange if (long := long_form(words[at]))}
    if not whole:
        return words
    if len(whole) == len(strange) and not any(
        is_usual(word) and word not in organization_book().words for word in words
    ):
        return words
    return [whole.get(at, word) for at, word in enumerate(words)]


def _whole_end(words: Sequence[str]) -> Sequence[str]:
    """A form that breaks off at the end of a name made whole: `Co., Lt`, `Foobar Corpo`, `Joint Stock Compa`."""
    last = words[-1]
    if len(words) < 2 or organization_book().at([last], 0):
        return words
    behind = next((form for form in _AFTER_OPEN.get(words[-2], ()) if form.startswith(last)), None)
    if behind:
        return [*words[:-1], behind]
    if not _known(last):
        if whole := _broken_phrase(words[-2], last):
            return [*words[:-1], whole]
        if form := _form_twice_wrong(last):
            return [*words[:-1], form]
    if len(last) >= _SHORTEST_BROKEN and not _known(last):
        broken = [form for form in _ENDS if form.startswith(last)]
        if len(broken) == 1:
            return [*words[:-1], *broken]
    return words


@lru_cache(maxsize=2_048)
def _broken_phrase(before: str, last: str) -> str:
    """The second word of the one phrase of two words that breaks off so: `Hong Kon`, `Middle Ea`; else ""."""
    if len(last) < 2 and is_usual(before):
        return ""
    whole = {
        phrase.key: phrase.words[1]
        for phrase in organization_book().phrases_from(before)
        if len(phrase.words) == 2 and phrase.words[1].startswith(last)
    }
    return next(iter(whole.values())) if len(whole) == 1 else ""


@lru_cache(maxsize=4_096)
def _form_twice_wrong(word: str) -> str:
    """The form that a last word with two slips is meant for (`Compxcany`, `Coprortion`); else ""."""
    for form in _ENDS:
        if word[0] == form[0] and word[-1] == form[-1] and OSA.distance(word, form, score_cutoff=2) == 2:
            return form
    return ""


def _short_form(words: Sequence[str]) -> Sequence[str]:
    """A slip in a short form at the end or the beginning: `Foobar CSJC`, `FUGP Foobar`, `Foobar Cuorp. Ltd.`"""
    if len(words) < 2 or _short_slips().keys().isdisjoint(words):
        return words
    last = len(words) - 1
    while last > 0 and _is_form(words[last]):
        last -= 1
    for at in (last, 0):
        form = _short_slips().get(words[at])
        if form and not _known(words[at]):
            return [*words[:at], form, *words[at + 1 :]]
    return words


def _is_form(word: str) -> bool:
    phrase = organization_book().at([word], 0)
    return phrase is not None and phrase.kind is Kind.LEGAL


@cache
def _short_slips() -> dict[str, str]:
    """Short forms with two letters swapped or with one too many, where that is no other form; not with another
    letter: CASC is no slip for CJSC."""
    found: dict[str, set[str]] = {}
    for form in (*_SHORT_FORMS, *_SPOKEN_FORMS):
        for at in range(len(form) if form in _SHORT_FORMS else 0):
            found.setdefault(form[:at] + form[at : at + 2][::-1] + form[at + 2 :], set()).add(form)
        for at in range(len(form) + 1):
            for letter in ascii_lowercase:
                found.setdefault(form[:at] + letter + form[at:], set()).add(form)
    for form in _SHORT_FORMS[:4]:
        found.setdefault(form[:-1], set()).add(form)  # OJS, CJS, GMB
    return {slip: next(iter(forms)) for slip, forms in found.items() if len(forms) == 1}


@lru_cache(maxsize=16_384)
def _meant(word: str) -> str:
    """The word of a form, or the long general word, that this is one letter away from; else the word itself.

    A slip in a general word must not make a distinctive one of it: `Municpality` says as little as `Municipality`.
    """
    if word in _OWN or is_pinyin(word):  # Tongfang is no slip for Dongfang
        return word
    form = next((form for form in _FORMS if _one_slip(word, form)), None) or _place_meant(word)
    if form or len(word) < _SHORTEST_GENERAL - 1:
        return form or _swapped(word) or word
    most = 1 if len(word) < _SHORTEST_TWO_SLIPS else 2
    left = _HALF if most == 1 else _THIRD
    alike = (*_by_half().get("^" + word[:left], ()), *_by_half().get(word[-left:] + "$", ()))
    found = process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=most) if alike else None
    return found[0] if found and _is_likely(word, found[0], int(found[1])) else word


def _swapped(word: str) -> str:
    """The general word in use of five or six letters in which two are swapped: `Buraeu`, `Gruop`; else ""."""
    if len(word) < _SHORTEST_WORD:
        return ""
    alike = _by_letters().get("".join(sorted(word)), ())
    meant = {p.key: p.words[0] for p in alike if OSA.distance(word, p.words[0], score_cutoff=1) == 1}
    return next(iter(meant.values())) if len(meant) == 1 else ""


@cache
def _by_letters() -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in general_phrases():
        word = phrase.words[0]
        if _SHORTEST_WORD <= len(word) < _SHORTEST_GENERAL and is_usual(word):
            found.setdefault("".join(sorted(word)), []).append(phrase)
    return found


def _is_likely(word: str, meant: str, slips: int) -> bool:
    """Whether a word is sooner a slip for a general word than a name of its own: a short one (Barings, Cartier)
    only of a word that many names have."""
    if slips > 1:
        return word[0] == meant[0] and word[-1] == meant[-1]
    if len(word) > _SHORTEST_GENERAL or per_100_000(meant) >= _MANY:
        return True
    return len(word) == _SHORTEST_GENERAL and word[:2] == meant[:2] and word[-1] == meant[-1]


def _only_forms(words: Sequence[str]) -> bool:
    at = 0
    while at < len(words):
        phrase = organization_book().at(words, at)
        if phrase is None or phrase.kind is not Kind.LEGAL:
            return False
        at += len(phrase.words)
    return True


@lru_cache(maxsize=4_096)
def _completed(word: str) -> str:
    """The general word that a cut last word begins, where all that begin so mean the same: `Technolo` is
    `technology`. Else the word itself."""
    if len(word) < _SHORTEST_CUT:
        return word
    alike = _by_beginning().get(word[:_SHORTEST_CUT], ())
    meant = {
        phrase.key: phrase.words[0]
        for phrase in alike
        if phrase.words[0].startswith(word)
        and (is_usual(phrase.words[0]) or 0 < len(phrase.words[0]) - len(word) <= _MOST_CUT < len(word) // 2)
    }
    return next(iter(meant.values())) if len(meant) == 1 else word


@cache
def _by_beginning() -> dict[str, list[Phrase]]:
    """The general words by their first letters."""
    found: dict[str, list[Phrase]] = {}
    for phrase in general_phrases():
        found.setdefault(phrase.words[0][:_SHORTEST_CUT], []).append(phrase)
    return found


@cache
def _by_half() -> dict[str, tuple[str, ...]]:
    """The long general words by their first letters and by their last (`^tech`, `logy$`): one slip leaves one of
    the two as it was, and two slips mostly leave three letters of a very long word."""
    found: dict[str, set[str]] = {}
    for phrase in general_phrases():
        word = phrase.words[0]
        if len(word) >= _SHORTEST_GENERAL:
            found.setdefault("^" + word[:_HALF], set()).add(word)
            found.setdefault(word[-_HALF:] + "$", set()).add(word)
        if len(word) >= _SHORTEST_TWO_SLIPS - 1:
            found.setdefault("^" + word[:_THIRD], set()).add(word)
            found.setdefault(word[-_THIRD:] + "$", set()).add(word)
    return {half: tuple(sorted(words)) for half, words in found.items()}


def _place_meant(word: str) -> str:
    """The place that a word is a slip for, where there is one only: `Moscwo`, `Netherlnads`; else ""."""
    if len(word) < _SHORTEST_SWAPPED:
        return ""
    by_letters = _places_by_letters().get("".join(sorted(word)), ())
    meant = [place for place in by_letters if OSA.distance(word, place, score_cutoff=1) == 1]
    if not meant and len(word) >= _SHORTEST_PLACE - 1 and not _OF_A_PLACE.search(word):
        alike = (*_places_by_half().get(word[:_HALF], ()), *_places_by_half().get(word[-_HALF:] + "$", ()))
        meant = [place for place in alike if word[0] == place[0] and _one_slip(word, place, _SHORTEST_PLACE)]
    return meant[0] if len(set(meant)) == 1 else ""


# Krasnodarskii is no slip for Krasnoyarskii: adjectives of places are nearer to each other than the places.
_OF_A_PLACE = re.compile(r"sk(?:[iy]{1,2}|aya|o[ey]e?|ogo)\Z")


@cache
def _places() -> tuple[str, ...]:
    return tuple(p.words[0] for p in place_phrases() if len(p.words) == 1 and len(p.words[0]) >= _SHORTEST_SWAPPED)


@cache
def _places_by_letters() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place in _places():
        found.setdefault("".join(sorted(place)), []).append(place)
    return found


@cache
def _places_by_half() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place in _places():
        if len(place) >= _SHORTEST_PLACE:
            found.setdefault(place[:_HALF], []).append(place)
            found.setdefault(place[-_HALF:] + "$", []).append(place)
    return found


def _rejoin(words: list[str]) -> list[str]:
    """`compa`, `ny` -> `company`."""
    if _RESTS.isdisjoint(words):
        return words
    joined: list[str] = []
    at = 0
    while at < len(words):
        pair = "".join(words[at : at + 2])
        if at + 1 < len(words) and pair in _FORMS and not (_known(words[at]) and _known(words[at + 1])):
            joined.append(pair)
            at += 2
        else:
            joined.append(words[at])
            at += 1
    return joined


def _unglue(words: list[str]) -> list[str]:
    """`companyltd` -> `company`, `ltd`; `systemjoint` (before `stock`) -> `system`, `joint`."""
    split: list[str] = []
    for word, following in zip(words, (*words[1:], ""), strict=True):
        split.extend(_parts(word, following == "stock"))
    return split


@lru_cache(maxsize=16_384)
def _parts(word: str, before_stock: bool) -> tuple[str, ...]:
    if word in _GROWN:
        return _GROWN[word]
    if number := _GLUED_ORDINAL.match(word):
        return number[1], number[2]
    if _known(word):
        return (word,)
    for form in (*_FORMS, *(("joint",) if before_stock else ())):
        if word.endswith(form) and _may_be_rest(word[: -len(form)]):
            return word[: -len(form)], form
        if word.startswith(form) and _may_be_rest(word[len(form) :]):
            return form, word[len(form) :]
    return (word,)


def _may_be_rest(rest: str) -> bool:
    return len(rest) >= _SHORTEST_REST or rest in _INSIDE or rest in ("co",)


def _near(words: Sequence[str], at: int) -> Phrase | None:
    """The phrase that begins here but for one slip in one unknown word."""
    book = organization_book()
    if _known(words[at]):
        options = book.phrases_from(words[at])
        if not options or all(map(_stands_alone, words[at + 1 : at + 5])):
            return None
    elif len(words[at]) >= _SHORTEST_IN_PHRASE - 1 and at + 1 < len(words):
        options = book.phrases_with_second(words[at + 1])
    else:
        return None
    if not options:
        return None
    exact = book.at(words, at)
    least_words = max(2, len(exact.words) + 1) if exact else 2
    for phrase in options:
        length = len(phrase.words)
        if length < least_words or at + length > len(words):
            continue
        if abs(len(phrase.words[0]) - len(words[at])) > _MOST_SLIPS:
            continue  # more than slips in one word
        wrong: list[int] = []
        for i, meant in enumerate(phrase.words):
            if words[at + i] != meant:
                if _stands_alone(words[at + i]):
                    break
                wrong.append(i)
        else:
            if not wrong or len(wrong) == length:
                continue
            twice = _SHORTEST_WORD if phrase.kind is Kind.LEGAL and length > 2 else _SHORTEST_TWICE
            once = _SHORTEST_WORD if phrase.kind is Kind.LEGAL and length == 2 else _SHORTEST_IN_PHRASE
            slips = [_slips(words[at + i], phrase.words[i], once, twice) for i in wrong]
            if all(slips) and sum(slips) <= _most_slips(phrase):
                return phrase
    return None


def _most_slips(phrase: Phrase) -> int:
    """One; two in a form, and three in one as long as `Obshchestvo s ogranichennoi otvetstvennostyu`."""
    if phrase.kind is not Kind.LEGAL:
        return 1
    return max(_MOST_SLIPS, sum(map(len, phrase.words)) // _LETTERS_A_SLIP)


def _slips(word: str, meant: str, once: int, twice: int) -> int:
    """How many letters (one or two) lie between a word and what it may be meant for; 0 for none and for more."""
    if _one_slip(word, meant, once):
        return 1
    if len(meant) < twice or (len(meant) < _SHORTEST_TWICE and word[0] != meant[0]):
        return 0
    return int(OSA.distance(word, meant, score_cutoff=2)) % 3


def _one_slip(word: str, meant: str, least: int = _SHORTEST_WORD) -> bool:
    return (
        len(meant) >= least and abs(len(word) - len(meant)) <= 1 and OSA.distance(word, meant, score_cutoff=1) == 1
    )
