"""Regimes: whom a country's own law binds, told by where the exporter is.

The United States is not here: its export law follows the item, and its sanctions follow the person.
"""

from __future__ import annotations

from stopship.rules.rule import Binds

_MEMBERS_OF_THE_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
# Parts of member states with ISO codes of their own, to which the law of the Union applies.
_PARTS_OF_MEMBERS = "AX GF GP MF MQ RE YT"
# With Crown Dependencies and overseas territories: orders in council or their own laws carry the list over.
_UNITED_KINGDOM = "GB GG IM JE AI BM FK GI GS IO KY MS PN SH TC VG"

TERRITORIES: dict[Binds, frozenset[str]] = {
    Binds.EU: frozenset(f"{_MEMBERS_OF_THE_UNION} {_PARTS_OF_MEMBERS}".split()),
    Binds.UK: frozenset(_UNITED_KINGDOM.split()),
    # Liechtenstein is in the Swiss customs territory and takes Swiss sanctions over.
    Binds.CH: frozenset({"CH", "LI"}),
    Binds.CA: frozenset({"CA"}),
    Binds.AU: frozenset({"AU", "CC", "CX", "NF"}),
    Binds.JP: frozenset({"JP"}),
}
"""ISO codes of the places whose exporters a regime binds."""

_BY_PROGRAM = {binds.value: binds for binds in TERRITORIES}


def of_program(program: str) -> Binds:
    """The regime that a list belongs to: `eu.fsf` -> EU.

    Lists of the United States and the United Nations and lists of one's own concern anyone.
    """
    return _BY_PROGRAM.get(program.partition(".")[0], Binds.ANYONE)


def is_abroad(exporter: str, destination: str | None) -> bool:
    """Whether goods leave the exporter's country, or the Union for an exporter in it.

    An unknown destination counts as abroad.
    """
    if destination is None:
        return True
    union = TERRITORIES[Binds.EU]
    return exporter != destination and not (exporter in union and destination in union)
