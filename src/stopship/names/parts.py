"""Names inside names: `X formerly Y`, `X t/a Y`, `X c/o Y`, `X, a subsidiary of Y`, `Branch of X`.

What is joined so are names of their own: each part may be on a list while the whole is on none.
"""

from __future__ import annotations

import re

# Words that join two names of one party, or of two parties that belong together, as patterns, each with what every
# match of it holds (in small letters). Short ones are only taken with their strokes or dots, or in one piece where
# no name is written so.
_NAMED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("known as",), r"(?:(?:also|formerly|previously|now|better|otherwise|commonly)\s+)?known\s+as"),
    (("formerly",), r"formerly(?:\s+(?:called|named))?"),
    (("previously",), r"previously(?:\s+(?:called|named))?"),
    (("k.", "k/"), r"[afnp][./]\s?k[./]\s?a\b\.?"),
    (("aka", "fka", "nka"), r"[afn]ka\b"),
    (("trading as",), r"trading\s+as"),
    (("operating as",), r"operating\s+as"),
    (("doing business",), r"doing\s+business\s+(?:as|under)"),
    (("b.", "b/"), r"d[./]\s?b[./]\s?a\b\.?"),
    (("dba",), r"dba\b"),
    (("t/a",), r"t/a\b"),
    (("t.a.",), r"t\.a\."),
    (("o/a",), r"o/a\b"),
    (("alias",), r"alias\b"),
    (("nee",), r"n[ée]e\b"),
    (("renamed",), r"renamed(?:\s+(?:to|as|from))?"),
    (("successor",), r"successor\s+(?:to|of)"),
)
_OTHERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("c/o",), r"c/o\b"),
    (("care of",), r"(?:in\s+)?care\s+of"),
    (("on behalf of",), r"(?:for\s+and\s+)?on\s+behalf\s+of"),
    (("o/b/o",), r"o/b/o\b"),
    (("attn",), r"(?:for\s+the\s+)?attn\b"),
    (("attention",), r"attention\s*:"),
    (
        ("subsidiary of", "affiliate of", "division of", "associate of"),
        r"(?:an?\s+)?(?:wholly[\s-]owned\s+|fully[\s-]owned\s+)?(?:subsidiary|affiliate|division|associate)\s+of",
    ),
    (
        ("branch of", "office of"),
        r"(?:(?:a|the)\s+)?(?:\w+\s+)?(?:branch|representative\s+office|rep\.?\s+office)\s+of",
    ),
    (("part of the", "member of the"), r"(?:a\s+)?(?:part|member)\s+of\s+the"),
    (("owned by",), r"owned\s+by"),
    (("controlled by",), r"controlled\s+by"),
    (("represented by",), r"represented\s+by"),
)
_JOINTS = (*_NAMED, *_OTHERS)
_JOINT = re.compile(rf"(?<!\w)(?:{'|'.join(pattern for _, pattern in _JOINTS)})[.:]?(?!\w)", re.IGNORECASE)
_HELD = re.compile("|".join(re.escape(letters) for held, _ in _JOINTS for letters in held))
# Only in brackets: "(ex Foo)", "(now Foo)".
_IN_BRACKETS = re.compile(r"[(\[]\s*(?:ex|now|then|later|was)[\s-]+", re.IGNORECASE)
_EX = re.compile(r"[\s,;(]+ex(?:[.\s-]+name)?[.:\s-]+(?=\w)", re.IGNORECASE)
_EDGES = " ,;:.-–—/()[]{}\"'«»“”"
_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)|(?:[\s,]+(?:an?|the))\Z", re.IGNORECASE)
_LEAST_LETTERS = 3


def inner_names(cleaned: str, *, ex: bool = False) -> tuple[str, ...]:
    """The names that a cleaned name consists of, in order; empty where it is one name only. `ex` takes a bare "ex"
    for such a joint, as ships are called: NEPTUNE ex GLAUCUS."""
    divided = cleaned
    if _may_be_joined(cleaned):
        divided = _JOINT.sub("\x00", divided)
    if "(" in cleaned or "[" in cleaned:
        divided = _IN_BRACKETS.sub("\x00", divided)
    if ex:
        divided = _EX.sub("\x00", divided)
    if "\x00" not in divided:
        return ()
    parts: list[str] = []
    for part in divided.split("\x00"):
        text = _ARTICLE.sub("", _balanced(part)).strip(" ,;:-/")
        if sum(c.isalnum() for c in text) >= _LEAST_LETTERS:
            parts.append(text)
    return tuple(dict.fromkeys(parts))


def _may_be_joined(cleaned: str) -> bool:
    """Whether a cleaned text may hold a joint. Outside of ASCII several letters are alike in capitals: no
    telling."""
    return not cleaned.isascii() or _HELD.search(cleaned.lower()) is not None


def _balanced(part: str) -> str:
    """A part without a bracket whose other half is in another part."""
    for opening, closing in ("()", "[]"):
        if part.count(opening) != part.count(closing):
            part = part.replace(opening, " ").replace(closing, " ")
    return part.strip(_EDGES) if not part.rstrip().endswith((".", ")")) else part.lstrip(_EDGES).rstrip(" ,;:-/")
