"""Names of organizations: legal forms, places, bodies and trade words found among the words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from stopship.names.abbreviations import abbreviated_phrase, firsts, may_be_short
from stopship.names.legal_forms import stands_in_front
from stopship.names.phrases import GENERAL_KINDS, Kind, Phrase, organization_book
from stopship.names.repair import repair
from stopship.names.token import Token, of_phrase, simple
from stopship.names.tokenize import Word

# A form of one to three letters ("AG", "SA", "AO") is only one at the beginning or the end of a name.
_SHORT_FORM = 3
# At the end only, or in front of more of a form.
_PARTS_OF_FORMS = frozenset(["fz", "proprietary", "pvt", "pty", "pte", "sdn"])
_ALWAYS = ("co", "inc", "ltd", "llc", "ooo", "jsc", "plc")


def tag_organization(plain: Sequence[Word]) -> tuple[Token, ...]:
    """Tagged tokens of the words of an organization's name, slips in fixed phrases mended."""
    book = organization_book()
    texts = repair([word.text for word in plain])
    standard = book.standard(texts)
    any_short = any(map(may_be_short, texts))
    tokens: list[Token] = []
    printed: list[tuple[str, ...]] = []
    at = 0
    while at < len(texts):
        phrase = book.at(texts, at)
        if phrase and phrase.kind is Kind.LEGAL and not _form_may_stand(phrase, texts, at):
            phrase = None
        length = len(phrase.words) if phrase else 1
        if at + length < len(texts) and (phrase is None or phrase.kind in GENERAL_KINDS):
            longer = _longer_phrase(texts, standard, at, any_short)
            phrase, length = longer if longer and longer[1] > length else (phrase, length)
        printed.append(tuple(texts[at : at + length]))
        if phrase is None:
            tokens.append(simple(texts[at], roman=True))
            at += 1
            continue
        if phrase.key == "particle:number" and not (at + 1 < len(texts) and texts[at + 1][0].isdigit()):
            tokens.append(Token(texts[at], Kind.WORD, texts[at]))  # "No" is a name unless a number follows
        else:
            tokens.append(of_phrase("".join(phrase.words), phrase.kind, phrase.key))
        at += length
    return _once(_whole_forms(tokens, printed))


def _longer_phrase(
    texts: Sequence[str], standard: Sequence[str], at: int, any_short: bool
) -> tuple[Phrase, int] | None:
    """A general phrase of several words that begins here with other spellings of its words, and how many words it
    takes: `Ship Mgmt`, `Scientific-Res. Inst.`; `any_short` says whether any word may be an abbreviation."""
    book = organization_book()
    if not book.standard_phrases_from(standard[at]) and not (any_short and firsts(texts[at])):
        return None  # neither begins a phrase
    found = book.at_standard(standard, at)
    if found is None and any_short:
        found = abbreviated_phrase(texts, standard, at)
    return (found, len(book.standard(found.words))) if found else None


def _form_may_stand(form: Phrase, texts: Sequence[str], at: int) -> bool:
    words = form.words
    if len(texts) == len(words):
        return False  # nothing but the form: then it is the name
    if len(words) > 1 or len(words[0]) > _SHORT_FORM or words[0] in _ALWAYS:
        return True
    book = organization_book()
    if at == 0:
        return stands_in_front(form.key)
    rest = at + 1
    while rest < len(texts):  # only other forms may follow
        following = book.at(texts, rest)
        if not following or following.kind is not Kind.LEGAL:
            return False
        rest += len(following.words)
    return True


def _whole_forms(tokens: Sequence[Token], printed: Sequence[tuple[str, ...]]) -> Sequence[Token]:
    """`CITYLINK CO. International LTD.` has the form Co. Ltd., `AFOX Corporation Dubai Limited` Corporation
    Limited and `TELEC (Pvt) Technology Ltd.` Pvt. Ltd., although a word stands in it.

    `printed` are the words of each token."""
    forms = [at for at, token in enumerate(tokens) if token.kind is Kind.LEGAL or token.text in _PARTS_OF_FORMS]
    if len(forms) < 2:
        return tokens
    book = organization_book()
    kept = list(tokens)
    dropped: set[int] = set()
    for first, second in pairwise(forms):
        if first in dropped or second - first < 2:
            continue
        words = (*printed[first], *printed[second])
        whole = book.at(words, 0)
        if whole and whole.kind is Kind.LEGAL and whole.words == words:
            kept[second] = Token("".join(words), Kind.LEGAL, whole.key)
            dropped.add(first)
    return [token for at, token in enumerate(kept) if at not in dropped]


def _once(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """A place said twice ("Xinjiang Uyghur Autonomous Region (XUAR)") is one place."""
    seen: set[str] = set()
    kept: list[Token] = []
    for token in tokens:
        if token.kind is Kind.PLACE:
            if token.key in seen:
                continue
            seen.add(token.key)
        kept.append(token)
    return tuple(kept)


def with_form_keys(texts: Sequence[str]) -> list[str]:
    """Words with only the legal forms recognized, for the exact comparison: these by their keys."""
    return [word or form for word, form in _forms(tuple(texts))]


def without_forms(texts: Sequence[str]) -> list[str]:
    """The words that belong to no legal form."""
    return [word for word, _ in _forms(tuple(texts)) if word]


@lru_cache(maxsize=64)  # the same words are asked for more than once while one name is read
def _forms(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Words and legal forms in order, as (word, "") and ("", key of the form)."""
    book = organization_book()
    if book.legal_beginnings.isdisjoint(texts):
        return tuple([(text, "") for text in texts])
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(texts):
        phrase = book.at(texts, at) if texts[at] in book.legal_beginnings else None
        if phrase and phrase.kind is Kind.LEGAL and _form_may_stand(phrase, texts, at):
            found.append(("", phrase.key))
            at += len(phrase.words)
        else:
            found.append((texts[at], ""))
            at += 1
    return tuple(found)
