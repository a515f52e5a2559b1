"""Names inside names: `X formerly Y`, `X t/a Y`, `X c/o Y`, `X, a subsidiary of Y`, `Branch of X`.

What is joined so are names of their own: each part may be on a list while the whole is on none.
"""

from __future__ import annotations

import re

# Words that join two names of one party, or of two parties that belong together. Short ones are only taken with
# their strokes or dots, or in one piece where no name is written so.
_NAMED = (
    r"(?:(?:also|formerly|previously|now|better|otherwise|commonly)\s+)?known\s+as|formerly(?:\s+(?:called|named))?|"
    r"previously(?:\s+(?:called|named))?|[afnp][./]\s?k[./]\s?a\b\.?|[afn]ka\b|trading\s+as|operating\s+as|"
    r"doing\s+business\s+(?:as|under)|d[./]\s?b[./]\s?a\b\.?|dba\b|t/a\b|t\.a\.|o/a\b|alias\b|n[ée]e\b|"
    r"renamed(?:\s+(?:to|as|from))?|successor\s+(?:to|of)"
)
_OTHERS = (
    r"c/o\b|(?:in\s+)?care\s+of|(?:for\s+and\s+)?on\s+behalf\s+of|o/b/o\b|(?:for\s+the\s+)?attn\b|attention\s*:|"
    r"(?:an?\s+)?(?:wholly[\s-]owned\s+|fully[\s-]owned\s+)?(?:subsidiary|affiliate|division|associate)\s+of|"
    r"(?:(?:a|the)\s+)?(?:\w+\s+)?(?:branch|representative\s+office|rep\.?\s+office)\s+of|(?:a\s+)?(?:part|member)\s+of\s+the|"
    r"owned\s+by|controlled\s+by|represented\s+by"
)
_JOINT = re.compile(rf"(?<!\w)(?:{_NAMED}|{_OTHERS})[.:]?(?!\w)", re.IGNORECASE)
# Only in brackets: "(ex Foo)", "(now Foo)".
_IN_BRACKETS = re.compile(r"[(\[]\s*(?:ex|now|then|later|was)[\s-]+", re.IGNORECASE)
_EX = re.compile(r"[\s,;(]+ex(?:[.\s-]+name)?[.:\s-]+(?=\w)", re.IGNORECASE)
_EDGES = " ,;:.-–—/()[]{}\"'«»“”"
_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)|(?:[\s,]+(?:an?|the))\Z", re.IGNORECASE)
_LEAST_LETTERS = 3


def inner_names(cleaned: str, *, ex: bool = False) -> tuple[str, ...]:
    """The names that a cleaned name consists of, in order; empty where it is one name only. `ex` takes a bare "ex"
    for such a joint, as ships are called: NEPTUNE ex GLAUCUS."""
    divided = _IN_BRACKETS.sub("\x00", _JOINT.sub("\x00", cleaned))
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


def _balanced(part: str) -> str:
    """A part without a bracket whose other half is in another part."""
    for opening, closing in ("()", "[]"):
        if part.count(opening) != part.count(closing):
            part = part.replace(opening, " ").replace(closing, " ")
    return part.strip(_EDGES) if not part.rstrip().endswith((".", ")")) else part.lstrip(_EDGES).rstrip(" ,;:-/")
