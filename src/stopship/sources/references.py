"""Numbers that link the lists of several publishers: the Security Council's reference of an entry."""

from __future__ import annotations

import re

from stopship.model import Identifier

UN_REFERENCE = "un_reference"

_REFERENCE = re.compile(r"\b([A-Z]{2}[ie])[.\s]?(\d{1,3})\b")


def un_references(text: str) -> tuple[Identifier, ...]:
    """The permanent reference numbers of the Security Council in a text ("QDi.43", "KPe 012") as identifiers.

    The number is written with three digits, as the Council does, so that lists that print it otherwise agree.
    """
    found = (f"{committee}.{int(number):03}" for committee, number in _REFERENCE.findall(text))
    return tuple(Identifier(UN_REFERENCE, reference) for reference in dict.fromkeys(found))
