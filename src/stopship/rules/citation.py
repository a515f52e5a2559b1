"""Citations: where a reader finds the text that a finding rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FEDERAL_REGISTER = re.compile(r"\b(\d{1,3})\s*F\.?\s?R\.?\s*(\d{1,6})\b")


@dataclass(frozen=True, slots=True)
class Citation:
    """A text that may be looked up: how lawyers cite it, and its address."""

    text: str
    url: str


def federal_register(volume: str, page: str) -> Citation:
    """A page of the Federal Register: `84 FR 54002`."""
    return Citation(f"{volume} FR {page}", f"https://www.federalregister.gov/citation/{volume}-FR-{page}")


def printed_citations(text: str, url: str) -> Iterator[Citation]:
    """What a listing prints as its citation, e.g. "84 FR 54002; 85 FR 44159".

    Args:
        text: the cell as printed.
        url: the list's own page, used where the text names no page of the Federal Register.
    """
    found = [federal_register(m[1], m[2]) for m in _FEDERAL_REGISTER.finditer(text)]
    if found:
        yield from dict.fromkeys(found)
    elif text.strip() and url:
        yield Citation(text.strip(), url)
