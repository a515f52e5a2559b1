"""Items: how an ECCN compares with one that the law names, and whether an item is subject to the EAR.

Whether something holds may depend on what the order leaves out, so the answers have three values:
True, False, and None for "the order doesn't say enough".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from stopship.model.transaction import Exporter, Item, Transaction
from stopship.model.values import Direction

EAR99 = "EAR99"

_LOW_DE_MINIMIS = frozenset({"E:1", "E:2"})
_LOW_WITHOUT_TABLES = frozenset({"CU", "IR", "KP", "SY"})


class ItemClass(StrEnum):
    """Where an item stands under the EAR's classification."""

    CCL = "ccl"
    EAR99 = "ear99"
    UNKNOWN = "unknown"


def item_class(eccn: str | None) -> ItemClass:
    """On the Commerce Control List, EAR99, or not stated."""
    if eccn is None:
        return ItemClass.UNKNOWN
    return ItemClass.EAR99 if eccn == EAR99 else ItemClass.CCL


@lru_cache(maxsize=65_536)
def eccn_within(named: str, eccn: str | None) -> bool | None:
    """Whether an item of class `eccn` falls under the ECCN or paragraph that a text names.

    `1A004.c` covers 1A004.c and 1A004.c.1. An item stated as 1A004 alone may or may not be in paragraph c: None.
    An item without an ECCN may be anything: None.
    """
    if eccn is None:
        return None
    wanted, stated = named.split("."), eccn.split(".")
    shared = min(len(wanted), len(stated))
    if wanted[:shared] != stated[:shared]:
        return False
    return True if len(stated) >= len(wanted) else None


def eccn_within_any(named: Iterable[str], eccn: str | None) -> bool | None:
    """`eccn_within` for several: True if any covers it, None if any may."""
    found: bool | None = False
    for name in named:
        within = eccn_within(name, eccn)
        if within:
            return True
        if within is None:
            found = None
    return found


class Jurisdiction(StrEnum):
    """Whether an item is subject to the EAR (15 CFR 734.3), and how one knows."""

    STATED = "stated"
    ASSUMED = "assumed"
    US_ORIGIN = "us_origin"
    FROM_US = "from_us"
    CONTENT = "content"
    NOT_STATED_SO = "not_stated_so"
    NOT_ITAR = "not_itar"
    NOT_DE_MINIMIS = "not_de_minimis"
    NO_DE_MINIMIS_LEVEL = "no_de_minimis_level"
    DIRECT_PRODUCT = "direct_product"
    OPEN = "open"


_SUBJECT = {
    Jurisdiction.STATED: True,
    Jurisdiction.ASSUMED: True,
    Jurisdiction.US_ORIGIN: True,
    Jurisdiction.FROM_US: True,
    Jurisdiction.CONTENT: True,
    Jurisdiction.NO_DE_MINIMIS_LEVEL: True,
    Jurisdiction.DIRECT_PRODUCT: True,
    Jurisdiction.NOT_STATED_SO: False,
    Jurisdiction.NOT_ITAR: False,
    Jurisdiction.NOT_DE_MINIMIS: False,
    Jurisdiction.OPEN: None,
}


def is_subject(jurisdiction: Jurisdiction) -> bool | None:
    """True, False, or None where the order leaves it open."""
    return _SUBJECT[jurisdiction]


def jurisdiction(
    item: Item,
    *,
    stated: bool | None,
    transaction: Transaction,
    exporter: Exporter,
    destination: str | None,
    groups: frozenset[str] | None = None,
    no_level: bool | None = None,
    direct_product: bool | None = None,
) -> Jurisdiction:
    """Whether an item is subject to the EAR, from what the order says.

    Items in or from the United States and items of US origin are, wherever they are (734.3(a)(1), (2)). An item
    made elsewhere is where its controlled US content exceeds 25 percent, or 10 percent for a destination in
    Country Group E:1 or E:2 (734.4(c), (d)); without a stated percentage that stays open. Whatever its share, it
    is where it has content of the kinds of 734.4(a), or as a foreign direct product (734.9).

    Args:
        stated: the answer of the fact `item.N.subject_to_ear`, which overrides everything.
        groups: Country Groups of the destination, None without tables.
        no_level: the answer of the fact `item.N.no_de_minimis_level`.
        direct_product: whether the order states that one of the rules of 734.9 reaches the item.
    """
    if stated is not None:
        return Jurisdiction.STATED if stated else Jurisdiction.NOT_STATED_SO
    if item.usml is not None and item.eccn is None:
        return Jurisdiction.NOT_ITAR
    if item.origin is None:
        return Jurisdiction.ASSUMED
    if item.origin == "US":
        return Jurisdiction.US_ORIGIN
    if transaction.direction is Direction.EXPORT and exporter.country == "US":
        return Jurisdiction.FROM_US
    if direct_product:
        return Jurisdiction.DIRECT_PRODUCT
    if no_level:
        return Jurisdiction.NO_DE_MINIMIS_LEVEL
    if item.us_content_percent is None:
        return Jurisdiction.OPEN
    limit = de_minimis_percent(destination, groups)
    return Jurisdiction.CONTENT if item.us_content_percent > limit else Jurisdiction.NOT_DE_MINIMIS


def de_minimis_percent(destination: str | None, groups: frozenset[str] | None = None) -> float:
    """The share of controlled US content above which a foreign-made item is subject to the EAR, in percent.

    Args:
        groups: Country Groups of the destination; None where there are no tables to read them from.
    """
    low = destination in _LOW_WITHOUT_TABLES if groups is None else bool(groups & _LOW_DE_MINIMIS)
    return 10.0 if low else 25.0


SERIES = {"600": re.compile(r"[0-9][A-E]6[0-9]{2}\b"), "9x515": re.compile(r"9[A-E]515\b")}
"""Families of ECCNs that the regulations name as such (15 CFR 772.1)."""


def at_only_series(eccn: str | None) -> bool:
    """Whether an ECCN is of the x99x series, most of which is controlled for anti-terrorism only."""
    return eccn is not None and re.match(r"[0-9][A-E]99[0-9]", eccn) is not None


def in_series(eccn: str | None, series: Iterable[str]) -> bool:
    """Whether an ECCN belongs to one of the families ("600", "9x515")."""
    return eccn is not None and any(SERIES[name].match(eccn) for name in series)
