"""The parts of a person's name: initials, titles, particles, and names that are written in several words."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from stopship.names.given_names import with_parts
from stopship.names.honorifics import title_or_particle
from stopship.names.patronymics import father, is_father
from stopship.names.phrases import Kind, person_book
from stopship.names.sounds import sounds_of
from stopship.names.token import Token, of_phrase, simple, with_part
from stopship.names.tokenize import Word
from stopship.names.traditions import is_of_belarus, of_belarus


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# "Servant of" and the article: with the name behind them one name, Abd al-Rahman as Abdurrahman.
_SERVANT = _set("abd abdul abdel abdal abdol abdoul abdur abdus abdu abdil abdool abdun")
_ARTICLE = _set("al el ul ol ar ur er as us es ash ush esh an un en ad ud ed az uz ez at ut et")
_FAITH = _set("din deen dine eddin eddine uddin addin aldin eldin eldeen aldeen uddeen eddeen")
_GOD = _set("allah ullah ollah alla ulla")
FATHER_OF = _set("abu abou abi aboo umm oum um")  # Abu Hatem: father of Hatem, one name
_MAC = _set("mc mac")
_SON = _set("bin ibn ben bint binte binti ould uld walad weld wald")
_SON_BEHIND = _set("oglu ogly oglou ugli uly kyzy qizi gizi kizi zadeh")
_JOINED = _SERVANT | _FAITH | _GOD | FATHER_OF | _MAC
_SHORTEST_NAME = 3
# Two consonants behind or before a name are initials (PRIGOZHIN YV). A last y sounds (Ly, Vy); these are names,
# short forms and titles.
_BLOCK = re.compile(r"[b-df-hj-np-tv-z][b-df-hj-np-tv-xz]\Z")
_NO_BLOCK = _set("mc ng md sk sh kh bt bn hj st jr sr dr mr ms mt ph th sq zh ch ts")


def tag_person(plain: Sequence[Word], surname: int = 0) -> tuple[Token, ...]:
    """Tagged tokens of the name of a person. Names of several words that are written joined as often are one
    token: abd and the name behind it, X al-Din, X Allah, and Abu X. `surname` says how many words stand before a
    comma: nothing is joined across it ("ABDUL, Salim")."""
    before = _joined(_apart(plain, 0, surname))
    behind = _apart(plain, surname, len(plain))
    if len(before) == len(behind) == 1 and behind[0] in FATHER_OF:  # "LUQMAN, Abu"
        before, behind = [behind[0] + before[0]], []
    if not before and len(behind) == 2 and behind[1] in FATHER_OF:  # the same with the surname first
        behind.reverse()
    texts = [*before, *_joined(behind)]
    tokens: list[Token] = []
    at = 0
    while at < len(texts):
        if len(texts[at]) == 1 and texts[at].isalpha():
            tokens.append(Token(texts[at], Kind.INITIAL, texts[at]))
            at += 1
            continue
        phrase = title_or_particle(texts, at, len(before))
        if phrase is None:
            token = simple(texts[at], roman=False)
            if _is_patronymic(texts, at):
                token = with_part(token, "patronymic")
            tokens.append(token)
            at += 1
            continue
        tokens.append(of_phrase("".join(phrase.words), phrase.kind, phrase.key, phrase.kind.value))
        at += len(phrase.words)
    if tokens and all(t.kind in (Kind.TITLE, Kind.PARTICLE) for t in tokens):
        return tuple(simple(t.text, roman=False) for t in tokens)
    if is_of_belarus(texts):
        tokens = [_as_in_russian(t) if t.kind is Kind.WORD and t.part != "patronymic" else t for t in tokens]
    return tuple(tokens) if before else with_parts(tokens)


def _as_in_russian(token: Token) -> Token:
    keys = [key for one in of_belarus(token.text) for key in sounds_of(one) if not key.startswith(("k:", "n:"))]
    return replace(token, sounds=tuple(dict.fromkeys((*token.sounds, *keys))))


def _apart(plain: Sequence[Word], start: int, stop: int) -> list[str]:
    """The words from `start` to `stop` with initials one by one."""
    texts: list[str] = []
    for at in range(start, stop):
        word = plain[at]
        if (word.letters and len(word.text) <= 4) or _is_block(plain, at):
            texts.extend(word.text)
        else:
            texts.append(word.text)
    return texts


def _is_block(plain: Sequence[Word], at: int) -> bool:
    """Whether two letters at an end of a name are initials written without dots."""
    text = plain[at].text
    if len(text) != 2 or at not in (0, len(plain) - 1) or text in _NO_BLOCK or not _BLOCK.match(text):
        return False
    return any(len(word.text) > 2 for word in plain) and person_book().at([text], 0) is None


def with_surname(tokens: Sequence[Token], before_comma: Collection[str]) -> tuple[Token, ...]:
    """The tokens of "SURNAME, Given" with their parts: what stands before the comma is the surname."""
    return tuple(
        with_part(t, "surname" if t.text in before_comma else "given")
        if t.kind is Kind.WORD and t.part in ("", "given", "surname")
        else t
        for t in tokens
    )


def holds_joined_name(plain: Sequence[Word]) -> bool:
    """Whether a name holds words that a person's name would join (Abd al-Rahman, Salah al-Din)."""
    texts = [word.text for word in plain]
    return len(_joined(texts)) < len(texts)


def _is_patronymic(texts: Sequence[str], at: int) -> bool:
    if at > 1 and texts[at - 1] in _SON:
        return True
    if at + 1 < len(texts) and texts[at + 1] in _SON_BEHIND:
        return True
    # A surname may end as a patronymic does (Ivanovich): then it stands first or alone.
    if at == 0 or len(texts[at]) < 6:
        return False
    return is_father(texts[at]) or (at + 1 < len(texts) and father(texts[at])[1] != "")


def _joined(texts: list[str]) -> list[str]:
    if _JOINED.isdisjoint(texts):
        return texts
    return _with_father_of(_with_servant(texts))


def _with_father_of(texts: list[str]) -> list[str]:
    """Abu, Umm and Mc with the name behind them; an Abu at the end stands alone."""
    joined: list[str] = []
    at = 0
    while at < len(texts):
        behind = at + 1
        if texts[at] in FATHER_OF and behind + 1 < len(texts) and texts[behind] in _ARTICLE:
            behind += 1
        if texts[at] in FATHER_OF | _MAC and behind < len(texts) and len(texts[behind]) >= _SHORTEST_NAME:
            joined.append("".join(texts[at : behind + 1]))
            at = behind + 1
            continue
        joined.append(texts[at])
        at += 1
    return joined


def _with_servant(texts: list[str]) -> list[str]:
    joined: list[str] = []
    at = 0
    while at < len(texts):
        text = texts[at]
        if text in _SERVANT:
            behind = at + 1
            if behind + 1 < len(texts) and texts[behind] in _ARTICLE:
                behind += 1
            if behind < len(texts) and len(texts[behind]) >= _SHORTEST_NAME:
                joined.append("".join(texts[at : behind + 1]))
                at = behind + 1
                continue
        elif text in _FAITH or text in _GOD:
            article = len(joined) > 1 and joined[-1] in _ARTICLE
            stem = -2 if article else -1
            if len(joined) >= -stem and len(joined[stem]) >= _SHORTEST_NAME:
                joined[stem:] = ["".join(joined[stem:]) + text]
                at += 1
                continue
        joined.append(text)
        at += 1
    return joined
