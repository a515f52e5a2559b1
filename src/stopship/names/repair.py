"""Mends slips in fixed phrases: `Limtied Liability Company`, `Compa ny`, `COMPANYLTD`, `Pubilc Security Bureau`.

Only words that neither any table nor names at large know are touched, only one letter of a phrase (two of a legal
form of several words), and only for the tags: what "the same tokens" means is decided by the words as they are
written.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from stopship.names.abbreviations import long_form
from stopship.names.background import is_usual
from stopship.names.phrases import Kind, Phrase, general_phrases, organization_book
from stopship.names.pinyin import is_pinyin

# Words of legal forms that are long enough to be recognized alone, split, or grown together with a neighbour.
_FORMS = (
    "company", "limited", "corporation", "incorporated", "liability", "obshchestvo", "obschestvo", "aktsionernoe",
    "partnership", "otvetstvennostyu", "sirketi", "aktiengesellschaft",
)  # fmt: skip
_ENDS = ("company", "limited", "corporation", "incorporated", "aktiengesellschaft", "partnership", "sirketi")
_INSIDE = ("joint", "stock", "ltd", "jsc", "gmbh", "llc")  # may stand beside such a word in a compound
_SHORTEST_REST = 3
_SHORTEST_WORD = 5
_SHORTEST_CUT = 5  # letters of a cut word that can still be told
_SHORTEST_TWICE = 7  # letters of a word of a form that may have two slips
_MOST_SLIPS = 2  # in one legal form
_SHORTEST_GENERAL = 8  # shorter ones are too near to names
_SHORTEST_TWO_SLIPS = 11  # letters of a misspelt general word that may have two slips
_HALF = 4
# Forms that are written in one with each other; each is a spelling of `legal_forms.tsv` in two words.
_GROWN = {"ptyltd": ("pty", "ltd"), "pteltd": ("pte", "ltd"), "pvtltd": ("pvt", "ltd"), "sdnbhd": ("sdn", "bhd")}
# The words that a name may break off in behind the beginning of a form: "Co., Lt" is "Co., Ltd".
_AFTER_OPEN = {
    "co": ("ltd", "limited"), "company": ("ltd", "limited"), "pty": ("ltd", "limited"), "pte": ("ltd", "limited"),
    "pvt": ("ltd", "limited"), "private": ("limited",), "sdn": ("bhd", "berhad"), "liability": ("company",),
    "stock": ("company",), "ltd": ("sti", "sirketi"), "limited": ("liability", "sirketi"), "joint": ("stock",),
}  # fmt: skip
_SHORTEST_BROKEN = 5  # letters of a broken-off form that stands behind no other form


@cache
def _known(word: str) -> bool:
    return is_usual(word) or word in organization_book().words


def repair(words: Sequence[str]) -> list[str]:
    """The words of a name of an organization with slips in fixed phrases mended; usually the words as they are."""
    words = _whole_end(words)
    if all(_known(word) for word in words):
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
            mended[at] = _meant(mended[at])
            if at == len(mended) - 1 and not _known(mended[at]):
                mended[at] = _completed(mended[at])
        at += 1
    return _spelled_out(mended)


def _spelled_out(words: list[str]) -> list[str]:
    """Abbreviations of general words written out, unless nothing else is left that no table knows: then the
    abbreviation may well be the name."""
    strange = [at for at, word in enumerate(words) if not _known(word)]
    whole = {at: long for at in strange if (long := long_form(words[at]))}
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
    if len(last) >= _SHORTEST_BROKEN and not _known(last):
        broken = [form for form in _ENDS if form.startswith(last)]
        if len(broken) == 1:
            return [*words[:-1], *broken]
    return words


@cache
def _meant(word: str) -> str:
    """The word of a form, or the long general word, that this is one letter away from; else the word itself.

    A slip in a general word must not make a distinctive one of it: `Municpality` says as little as `Municipality`.
    """
    if is_pinyin(word):  # Tongfang is no slip for Dongfang
        return word
    form = next((form for form in _FORMS if _one_slip(word, form)), None)
    if form or len(word) < _SHORTEST_GENERAL - 1:
        return form or word
    alike = (*_by_half().get("^" + word[:_HALF], ()), *_by_half().get(word[-_HALF:] + "$", ()))
    most = 1 if len(word) < _SHORTEST_TWO_SLIPS else 2
    found = process.extractOne(word, alike, scorer=OSA.distance, score_cutoff=most) if alike else None
    return found[0] if found else word


@cache
def _completed(word: str) -> str:
    """The general word that a cut last word begins, where all that begin so mean the same: `Technolo` is
    `technology`. Else the word itself."""
    if len(word) < _SHORTEST_CUT:
        return word
    alike = _by_beginning().get(word[:_SHORTEST_CUT], ())
    meant = {phrase.key: phrase.words[0] for phrase in alike if phrase.words[0].startswith(word)}
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
    the two as it was."""
    found: dict[str, set[str]] = {}
    for phrase in general_phrases():
        word = phrase.words[0]
        if len(word) >= _SHORTEST_GENERAL:
            found.setdefault("^" + word[:_HALF], set()).add(word)
            found.setdefault(word[-_HALF:] + "$", set()).add(word)
    return {half: tuple(sorted(words)) for half, words in found.items()}


def _rejoin(words: list[str]) -> list[str]:
    """`compa`, `ny` -> `company`."""
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
    for at, word in enumerate(words):
        if word in _GROWN:
            split.extend(_GROWN[word])
            continue
        following = words[at + 1] if at + 1 < len(words) else ""
        split.extend((word,) if _known(word) else _parts(word, following))
    return split


def _parts(word: str, following: str) -> tuple[str, ...]:
    for form in (*_FORMS, *(("joint",) if following == "stock" else ())):
        if word.endswith(form) and _may_be_rest(word[: -len(form)]):
            return word[: -len(form)], form
        if word.startswith(form) and _may_be_rest(word[len(form) :]):
            return form, word[len(form) :]
    return (word,)


def _may_be_rest(rest: str) -> bool:
    return len(rest) >= _SHORTEST_REST or rest in _INSIDE or rest in ("co",)


def _near(words: Sequence[str], at: int) -> Phrase | None:
    """The phrase that begins here but for one slip in one unknown word."""
    if _known(words[at]):
        following = words[at + 1] if at + 1 < len(words) else ""
        if all(_known(word) for word in words[at + 1 : at + 5]) or not following:
            return None
        options = organization_book().phrases_from(words[at])
    elif len(words[at]) >= _SHORTEST_WORD - 1 and at + 1 < len(words):
        options = organization_book().phrases_with_second(words[at + 1])
    else:
        return None
    for phrase in options:
        length = len(phrase.words)
        if length < 2 or at + length > len(words):
            continue
        wrong = [i for i in range(length) if words[at + i] != phrase.words[i]]
        if not wrong or len(wrong) == length or any(_known(words[at + i]) for i in wrong):
            continue
        slips = [_slips(words[at + i], phrase.words[i]) for i in wrong]
        if all(slips) and sum(slips) <= (_MOST_SLIPS if phrase.kind is Kind.LEGAL else 1):
            return phrase
    return None


def _slips(word: str, meant: str) -> int:
    """How many letters (one or two) lie between a word and what it may be meant for; 0 for none and for more."""
    if _one_slip(word, meant):
        return 1
    if len(meant) < _SHORTEST_TWICE:
        return 0
    return int(OSA.distance(word, meant, score_cutoff=2)) % 3


def _one_slip(word: str, meant: str) -> bool:
    return (
        len(meant) >= _SHORTEST_WORD
        and abs(len(word) - len(meant)) <= 1
        and OSA.distance(word, meant, score_cutoff=1) == 1
    )
