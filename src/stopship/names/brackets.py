"""What stands in brackets: names without it, and acronyms in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from stopship.names.normalize import clean
from stopship.names.phrases import Kind
from stopship.names.token import Token
from stopship.names.tokenize import Word, words

BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


def bracket_readings(
    cleaned: str, tag: Callable[[Sequence[Word]], tuple[Token, ...]], *, acronyms: bool
) -> list[tuple[str, tuple[Token, ...]]]:
    """Roles and tokens of the readings that brackets give: `short` without them, `acronym` (where asked for) of
    them alone. Empty for a name without brackets, and where a place in them tells two companies apart."""
    if "(" not in cleaned and "[" not in cleaned:
        return []
    inner = [text for a, b in BRACKETS.findall(cleaned) if (text := (a or b).strip())]
    if not inner:
        return []
    found: list[tuple[str, tuple[Token, ...]]] = []
    outside = BRACKETS.sub(" ", cleaned).strip(" ,;.-")
    if any(c.isalnum() for c in outside):
        tokens = tag(words(clean(outside)))
        known = {token.key for token in tokens}
        within = tag(words(clean(" ".join(inner))))
        if any(token.kind is Kind.PLACE and token.key not in known for token in within):
            return []  # Huawei Device (Dongguan) without its place is another company
        found.append(("short", tokens))
    if acronyms:
        for text in inner:
            if len(text) >= 3 and text.isalnum() and text.isupper() and _is_acronym(text, outside):
                tokens = tag(words(clean(text)))
                if any(token.kind is Kind.WORD for token in tokens):
                    found.append(("acronym", tokens))
    return found


def _is_acronym(short: str, long: str) -> bool:
    """Whether the letters of `short` begin words of `long` in order, one word for each letter but the first
    two."""
    letters = iter(word[0].lower() for word in re.findall(r"[^\W_]+", long))
    return sum(1 for letter in short.lower() if letter in letters) >= max(2, len(short) - 1)
