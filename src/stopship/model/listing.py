"""Listings: the fact that an entity is on a program, as the source prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of one program. Texts are as printed, never corrected: a decision quotes them.

    `program` is one of `stopship.model.values.Program`, or `custom.` and a word. `tags` are the publisher's own
    program names ("SDGT", "RUSSIA-EO14024"). `start` and `end` are days; a source that prints none leaves them
    empty. `standard_order` is of Denied Persons rows. `directives` are numbers of OFAC's sectoral directives.
    """

    source: str
    program: str
    name: str
    start: date | None = None
    end: date | None = None
    citation: str = ""
    license_requirement: str = ""
    license_policy: str = ""
    tags: tuple[str, ...] = ()
    standard_order: bool | None = None
    directives: tuple[str, ...] = ()
    remarks: str = ""
    url: str = ""
    caveat: str = ""
