"""Which of OFAC's lists an entry is on.

The SDN list is a file of its own. The non-SDN file holds five lists and, except in the advanced layout, doesn't
say which: the tags do, and for the menu-based list what the entry prints about its directive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stopship.model import Program
from stopship.sources.treasury import Labelled

SDN_SOURCE = "us_ofac_sdn"

_BY_TAG = {
    "UKRAINE-EO13662": Program.US_SSI,
    "CMIC-EO13959": Program.US_CMIC,
    "NS-PLC": Program.US_PLC,
    "561-RELATED": Program.US_CAP,
    "561LIST": Program.US_CAP,
    "CAPTA": Program.US_CAP,
}
_ONLY_NON_SDN = ("NS-PLC", "CMIC-EO13959", "561-RELATED")
_RETIRED_TAGS = ("FSE-IR", "FSE-SY", "FSE-WMD", "FSE")
_RETIRED = "it is on the Foreign Sanctions Evaders list, which has no program here and which is retired"
# Labels that only entries of the menu-based list print, beside or instead of those of other lists.
_MENU = (
    "executive order 14024 directive information",
    "executive order 14014 directive information",
    "executive order 14059 information",
    "caatsa section 235 information",
)
_BY_LIST_NAME = (
    ("sectoral", Program.US_SSI),
    ("palestinian legislative", Program.US_PLC),
    ("capta", Program.US_CAP),
    ("correspondent account", Program.US_CAP),
    ("menu-based", Program.US_MBS),
    ("menu based", Program.US_MBS),
    ("chinese military", Program.US_CMIC),
)


class NotListed(ValueError):
    """An entry is on none of the lists that this source carries; the text says why."""


def is_foreign_to_sdn(tags: Iterable[str]) -> bool:
    """Whether an entry's tags are all of the non-SDN lists."""
    folded = [tag.upper() for tag in tags]
    return bool(folded) and all(tag in _ONLY_NON_SDN for tag in folded)


def programs_of(tags: Sequence[str], labelled: Iterable[Labelled]) -> tuple[Program, ...]:
    """The lists of an entry of the non-SDN file.

    An entry may be on several (banks on the sectoral and the menu-based list); its tags also name programs under
    which it is blocked on the SDN list, which is not this file's matter.

    Raises:
        NotListed: its tags are of a retired list, or there are none.
    """
    if not tags:
        raise NotListed("it names no program")
    folded = [" ".join(tag.upper().split()) for tag in tags]
    found = [program for tag, program in _BY_TAG.items() if tag in folded]
    menu = any(label.casefold().startswith(_MENU) and _says_more(value) for label, value, _ in labelled)
    if menu or not (found or any(tag in _RETIRED_TAGS for tag in folded)):
        found.append(Program.US_MBS)
    if not found:
        raise NotListed(_RETIRED)
    return tuple(dict.fromkeys(found))


def program_of_list(name: str) -> Program | None:
    """The program of a list as the advanced layout names it; None where only the tags tell.

    Raises:
        NotListed: it is a retired list.
    """
    folded = name.casefold()
    if folded.startswith(("sdn", "specially designated")):
        return Program.US_SDN
    if "evaders" in folded:
        raise NotListed(_RETIRED)
    return next((program for word, program in _BY_LIST_NAME if word in folded), None)


def _says_more(value: str) -> bool:
    """Whether a directive is named. The pointer to the web page also stands on entries that left the list."""
    return bool(value) and not value.casefold().startswith("for more information")
