"""Names of vessels and aircraft: what kind of ship it is says nothing about which."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.names.phrases import Kind
from stopship.names.token import Token, simple
from stopship.names.tokenize import Word

# Motor vessel, motor tanker, steam ship, fishing vessel, motor yacht and the like, before the name.
_PREFIXES = frozenset(
    [
        "mv",
        "mt",
        "ms",
        "ss",
        "fv",
        "my",
        "sv",
        "mts",
        "msv",
        "lng",
        "lpg",
        "fso",
        "fpso",
        "tb",
        "tug",
        "rv",
        "mfv",
        "nb",
        "gts",
    ]
)
_IMO_DIGITS = 7
_CARRIERS = frozenset(["lpg", "lng"])  # LPG/C, LNG/C
# Roman numbers at the end of a name; a lone X is a letter.
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "", "xi", "xii", "xiii", "xiv", "xv")
_ROMAN = {word: str(number) for number, word in enumerate(_NUMERALS, 1) if word}


def tag_thing(plain: Sequence[Word]) -> tuple[Token, ...]:
    """Tagged tokens of the name of a vessel or aircraft: prefixes ("M/V") and an IMO number in the name are tagged
    like titles, other numbers ("OCEAN STAR 5", "OCEAN STAR V") stay part of the name."""
    texts = [word.text for word in plain]
    tokens: list[Token] = []
    for at, text in enumerate(texts):
        before = texts[at - 1] if at else ""
        numbered = at + 1 < len(texts) and texts[at + 1].isdigit() and len(texts[at + 1]) == _IMO_DIGITS
        prefix = at == 0 and len(texts) > 1 and plain[0].text in _PREFIXES
        carrier = at == 1 and text == "c" and texts[0] in _CARRIERS and len(texts) > 2
        if (
            prefix
            or carrier
            or (at and text == "imo" and numbered)
            or (at > 1 and before == "imo" and len(text) == _IMO_DIGITS)
        ):
            tokens.append(Token(text, Kind.TITLE, "title:vessel" if prefix or carrier else f"title:{text}"))
        elif at and at == len(texts) - 1 and text in _ROMAN:
            tokens.append(Token(text, Kind.NUMBER, f"#{_ROMAN[text]}"))
        else:
            tokens.append(simple(text, roman=False))
    return tuple(tokens)
