"""What a listing prints as the measures against its party: a freeze, a travel ban, a bar of ships.

The lists of the United Kingdom, Australia and Switzerland print measures, as tags. Those of the United Nations,
the European Union and Canada print none: what follows from them is the same for every entry.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from stopship.model import Listing
from stopship.model.values import Program


class Measure(StrEnum):
    """`unknown` is what a listing has that prints no measure, or one that isn't in the tables here."""

    ASSET_FREEZE = "asset_freeze"
    TRAVEL_BAN = "travel_ban"
    ARMS_EMBARGO = "arms_embargo"
    TRANSPORT = "transport"
    CORRESPONDENT_BANKING = "correspondent_banking"
    CAPITAL_MARKET = "capital_market"
    BUSINESS = "business"
    TRUST_SERVICES = "trust_services"
    DIRECTOR_DISQUALIFICATION = "director_disqualification"
    UNKNOWN = "unknown"


# As the UK Sanctions List of August 2026 prints them, folded.
_UK = {
    "asset freeze": Measure.ASSET_FREEZE,
    "travel ban": Measure.TRAVEL_BAN,
    "arms embargo": Measure.ARMS_EMBARGO,
    "targeted arms embargo": Measure.ARMS_EMBARGO,
    "director disqualification sanction": Measure.DIRECTOR_DISQUALIFICATION,
    "trust services sanctions": Measure.TRUST_SERVICES,
    "shipping sanctions": Measure.TRANSPORT,
    "shipping & trade sanctions": Measure.TRANSPORT,
    "transport sanctions": Measure.TRANSPORT,
    "prohibition of port entry": Measure.TRANSPORT,
    "de-flag": Measure.TRANSPORT,
    "chartering of ships": Measure.TRANSPORT,
    "crew servicing of ships and aircraft": Measure.TRANSPORT,
    "technical assistance related to aircraft": Measure.TRANSPORT,
    "correspondent banking sanctions and processing payments": Measure.CORRESPONDENT_BANKING,
    "prohibition on correspondent banking and clearing": Measure.CORRESPONDENT_BANKING,
    "prohibition on correspondent banking and sterling clearing": Measure.CORRESPONDENT_BANKING,
    "prohibition on correspondent banking relationships and processing payments": Measure.CORRESPONDENT_BANKING,
    "closure of representative offices": Measure.BUSINESS,
    "internet services sanctions": Measure.BUSINESS,
    "prevention of business arrangements": Measure.BUSINESS,
}
# The four columns of the Australian list; its other tag is the committee.
_AU = {
    "targeted financial sanction": Measure.ASSET_FREEZE,
    "travel ban": Measure.TRAVEL_BAN,
    "arms embargo": Measure.ARMS_EMBARGO,
    "maritime restriction": Measure.TRANSPORT,
}
# What stands behind the articles in a Swiss set of sanctions, "article 12 -- Financial sanctions".
_CH = {
    "financial sanctions": Measure.ASSET_FREEZE,
    "freezing of assets": Measure.ASSET_FREEZE,
    "asset freeze": Measure.ASSET_FREEZE,
    "ban on entry and transit": Measure.TRAVEL_BAN,
    "entry and transit ban": Measure.TRAVEL_BAN,
    "prohibition on entry and transit": Measure.TRAVEL_BAN,
    "travel ban": Measure.TRAVEL_BAN,
    "travel restrictions": Measure.TRAVEL_BAN,
    "arms embargo": Measure.ARMS_EMBARGO,
    "restrictions on the money and capital market": Measure.CAPITAL_MARKET,
}
_SEE = re.compile(r":?\s*\(?see [\"“”']?other information[\"“”']?\)?\Z")
_SET = re.compile(r"(article|articles|art|annex)\b")
_ARTICLES = re.compile(
    r"\b(?:articles?|art|paragraphs?|paras?|letters?|let|annex(?:es)?)\b\.?|\b\d+[a-z]{0,12}\b|\b[a-z]\b|\band\b|[\W_]+"
)


def measures_of(listing: Listing) -> frozenset[Measure]:
    """The measures that a listing prints, never none.

    With a measure that isn't known `unknown` is among them, so that a rule about a freeze can hold of it as well.
    """
    return _measures(listing.program, listing.tags)


@lru_cache(maxsize=4096)
def _measures(program: str, tags: tuple[str, ...]) -> frozenset[Measure]:
    folded = [" ".join(tag.casefold().split()) for tag in tags]
    found: set[Measure] = set()
    if program == Program.UK_SL:
        found = {_UK.get(_SEE.sub("", tag).strip(), Measure.UNKNOWN) for tag in folded}
    elif program == Program.AU_DFAT:
        found = {_AU[tag] for tag in folded if tag in _AU}
    elif program == Program.CH_SECO:
        for tag in folded:
            found |= _swiss(tag)
    return frozenset(found or {Measure.UNKNOWN})


def _swiss(tag: str) -> set[Measure]:
    phrases = {phrase: measure for phrase, measure in _CH.items() if phrase in tag}
    if not phrases and not _SET.match(tag):
        return set()  # the name of the program
    rest = tag
    for phrase in phrases:
        rest = rest.replace(phrase, " ")
    unread = not phrases or bool(_ARTICLES.sub("", rest))
    return {*phrases.values(), *({Measure.UNKNOWN} if unread else ())}
