"""Names of vessels and aircraft: the kind of ship says nothing about which; a registration mark is one word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from stopship.names.organization import tag_organization
from stopship.names.phrases import Kind
from stopship.names.places import level
from stopship.names.token import Token, simple
from stopship.names.tokenize import Word

# Motor vessel, motor tanker, steam ship, fishing vessel, motor yacht and the like, before the name.
_PREFIXES = frozenset(
    [
        *("mv", "mt", "ms", "ss", "fv", "my", "sv", "mts", "msv", "lng", "lpg", "fso", "fpso", "tb", "tug", "rv"),
        *("mfv", "nb", "gts", "mvs", "mtv", "vlcc", "vessel", "ship", "tanker", "motor", "oil", "cargo", "crude"),
        *("boat", "yacht", "aircraft", "airplane", "aeroplane", "plane", "helicopter"),
    ]
)
_CARRIERS = frozenset(["lpg", "lng"])  # LPG/C, LNG/C
# Numbers that somebody wrote into the name, each with the words before it. `identifiers.of_name` reads them.
_IMO = re.compile(r"imo(\d{7})")
_NUMBER_OF = {"imo": r"\d{7}", "mmsi": r"\d{9}", "msn": r"\w{3,7}", "callsign": r"[a-z0-9]{4,7}"}
_BETWEEN = frozenset(["no", "number", "nr", "code"])
# Roman numbers at the end of a name; a lone X is a letter.
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "", "xi", "xii", "xiii", "xiv", "xv")
_ROMAN = {word: str(number) for number, word in enumerate(_NUMERALS, 1) if word}
_SPELLED = {word: str(n) for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven"], 1)}
_COMPANY_WORDS = frozenset(["shipping", "marine", "maritime", "navigation", "lines", "tankers", "shipmanagement"])
_LEAST_LETTERS = 4  # of what is left of a name when its place is told apart
# Nationality marks of aircraft (ICAO Annex 7) and what follows them.
_MARKS = (
    "ra|rf|ew|ur|up|uk|un|ex|ey|ez|4k|4l|ek|er|ep|yi|yk|od|jy|su|st|5a|7t|cn|ts|9k|a4o|a6|a7|a9c|hz|7o|ap|vt|s2|4r|ya|"
    "yv|cu|hk|xa|xb|xc|lv|pp|pt|pr|ps|cp|ob|hc|hp|tg|ys|hi|hl|ja|9m|9v|pk|rp|hs|xv|xu|xy|vp|vq|ec|cs|oo|ph|lx|hb|oe|ok|"
    "om|sp|ha|yr|lz|sx|tc|5b|4x|se|oy|ln|oh|tf|ei|es|yl|ly|yu|z3|s5|9a|9h|t7|zs|5n|9g|5y|5h|9q|tn|tl|et|5v|tj|6v|zk|vh|"
    "t8|v8|3c|tt|d2|c9|9j|c5|d6|5x|9u|9xr|3x|s9|5u|6o|j2|p4|3a"
)
_REGISTRATION = re.compile(
    rf"(?:{_MARKS})(?:[a-z]{{3}}|\d{{3,5}}[a-z]{{0,2}})|n\d{{1,5}}[a-z]{{0,2}}|b\d{{4}}|b\d{{3}}[a-z]|p\d{{3}}|[dfgim][a-z]{{4}}|"
    r"c[fgi][a-z]{3}|yv[a-z0-9]{3,5}"
)
_LOOSE = re.compile(r"[dfgimc][a-z]{4}")  # D-ABCD, G-ABCD
_LONGEST_MARK = 3
_TAKEN = Token("", Kind.TITLE, "")  # a word that belongs to the token before it


def tag_thing(plain: Sequence[Word], *, aircraft: bool = False) -> tuple[Token, ...]:
    """Tagged tokens of the name of a vessel or aircraft.

    Prefixes ("M/V") and numbers that are told to be identifiers (IMO, MMSI, call sign) are tagged like titles;
    other numbers ("OCEAN STAR 5", "OCEAN STAR V", "Ocean Star Five") stay part of the name. A company's words and
    a place behind the name are tagged as such. Of an aircraft, a registration mark is one number however it is
    divided.
    """
    texts = [word.text for word in plain]
    tokens: list[Token | None] = [None] * len(texts)
    _prefixes(plain, tokens)
    _numbers_told(texts, tokens)
    if aircraft and _registration(texts, tokens):
        return tuple(token for token in tokens if token and token is not _TAKEN)
    last = max((at for at, token in enumerate(tokens) if token is None), default=-1)
    last = _tail(plain, texts, tokens, last)
    for at, text in enumerate(texts):
        if tokens[at] is None:
            number = (_ROMAN | _SPELLED).get(text) if at == last and at else None
            # The digits are the text: II and III are no spellings of one another.
            tokens[at] = Token(number, Kind.NUMBER, f"#{number}") if number else simple(text, roman=False)
    return tuple(token for token in tokens if token and token is not _TAKEN)


def is_imo(digits: str) -> bool:
    """Whether seven digits are an IMO number: the first six times 7, 6, 5, 4, 3 and 2 add up to the last (IMO
    resolution A.1117(30))."""
    if len(digits) != 7 or not digits.isdigit():
        return False
    total = sum(int(digit) * factor for digit, factor in zip(digits, range(7, 1, -1), strict=False))
    return total % 10 == int(digits[-1])


def registration(words: Sequence[str]) -> str:
    """The registration mark among plain words, in one piece; "" where there is none.

    >>> registration(["ep", "mna"])
    'epmna'
    """
    apart = [a + b for a, b in pairwise(words) if len(a) <= _LONGEST_MARK]
    with_digits = [word for word in words if any(c.isdigit() for c in word)]
    # Five letters in a row may be any word (space, Mahan): a mark only as a last resort, or alone.
    letters = list(words) if len(words) == 1 else [word for word in words if not _LOOSE.fullmatch(word)]
    for piece in (*apart, *with_digits, *letters):
        if _REGISTRATION.fullmatch(piece):
            return piece
    return ""


def _prefixes(plain: Sequence[Word], tokens: list[Token | None]) -> None:
    texts = [word.text for word in plain]
    for at in range(len(texts) - 1):
        if at and texts[at] == "c" and texts[at - 1] in _CARRIERS and len(texts) > 2:
            pass
        elif texts[at] not in _PREFIXES:
            return
        tokens[at] = Token(texts[at], Kind.TITLE, "title:vessel")


def _numbers_told(texts: Sequence[str], tokens: list[Token | None]) -> None:
    """Tag IMO 9337200, IMO9337200, 9337200 by its check digit, MMSI, MSN and call signs."""
    at = 1
    while at < len(texts):
        words = [at]
        name = texts[at]
        if name == "call" and texts[at + 1 : at + 2] == ["sign"]:
            name, words = "callsign", [at, at + 1]
        value = words[-1] + 1
        while value < len(texts) and texts[value] in _BETWEEN:
            words.append(value)
            value += 1
        pattern = _NUMBER_OF.get(name)
        if _IMO.fullmatch(name) or is_imo(name):
            words = [at]
        elif pattern and value < len(texts) and re.fullmatch(pattern, texts[value]):
            words.append(value)
        else:
            at += 1
            continue
        for word in words:
            tokens[word] = Token(texts[word], Kind.TITLE, f"title:{texts[word]}")
        at = words[-1] + 1


def _registration(texts: Sequence[str], tokens: list[Token | None]) -> bool:
    """Tag a registration mark as one number, and type and operator beside it as titles: the mark alone says which
    aircraft it is. False without one."""
    free = [at for at, token in enumerate(tokens) if token is None]
    mark = registration([texts[at] for at in free])
    if not mark:
        return False
    begin = next(at for at in free if mark.startswith(texts[at]) and _spells(texts, at, mark))
    many = 1 if texts[begin] == mark else 2
    tokens[begin : begin + many] = [Token(mark, Kind.NUMBER, f"#{mark}"), _TAKEN][:many]
    for at in free:
        if tokens[at] is None:
            tokens[at] = Token(texts[at], Kind.TITLE, "title:aircraft")
    return True


def _spells(texts: Sequence[str], at: int, mark: str) -> bool:
    return mark in (texts[at], "".join(texts[at : at + 2]))


def _tail(plain: Sequence[Word], texts: Sequence[str], tokens: list[Token | None], last: int) -> int:
    """Tag a company's words and a place behind the name; the number of the last word that is left."""
    for token in reversed(tag_organization(plain[: last + 1])):
        begin = end = last + 1
        while begin > 0 and len("".join(texts[begin:end])) < len(token.text):
            begin -= 1
        if begin < 1 or "".join(texts[begin:end]) != token.text or any(tokens[begin:end]):
            break
        known = token.kind is Kind.LEGAL or (token.kind is Kind.SECTOR and token.text in _COMPANY_WORDS)
        place = token.kind is Kind.PLACE and level(token.key) in ("country", "city")
        before = [text for text, held in zip(texts[:begin], tokens[:begin], strict=True) if held is None]
        if not (known or place) or sum(len(text) for text in before if text.isalpha()) < _LEAST_LETTERS:
            break
        tokens[begin] = token
        last = begin - 1
        tokens[begin + 1 : end] = [_TAKEN] * (end - begin - 1)
        if place:
            break
    return last
