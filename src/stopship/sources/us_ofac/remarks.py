"""Remarks, where all that has no place of its own is packed with ";".

In the CSV set that is most of what is known of a party, in the XML layouts a rest of older entries.
"""

from __future__ import annotations

import re

from stopship.model import NameKind
from stopship.sources.printed import printed, split_packed
from stopship.sources.treasury import is_special_remark, split_label
from stopship.sources.us_ofac.entry import Alias, Entry

_ALTERNATIVE = re.compile(r"alt\.\s+", re.IGNORECASE)
_ALIAS = re.compile(r"(?P<kind>[afn])\.k\.a\.\s+(?P<name>.+)", re.IGNORECASE)
_FACT = re.compile(r"(?P<what>DOB|POB|nationality|citizen)\s+(?P<value>.+)", re.IGNORECASE)
_ISSUER = re.compile(r"Issuer Name\s+(?P<name>.+)")
_QUOTED = re.compile(r"['‘](.+)['’]\Z")


def read_remarks(text: str, entry: Entry) -> None:
    """Sort the remarks into an entry: dates and places of birth, countries, weak aliases, numbers behind labels.

    What is none of these stays a remark, as printed. Attributes of special categories ("Gender Male") are dropped.
    """
    whole = printed(text)
    whole = whole[:-1] if whole.endswith(".") else whole
    for segment in split_packed(whole):
        part = _ALTERNATIVE.sub("", segment, count=1) if _ALTERNATIVE.match(segment) else segment
        if not is_special_remark(part):
            _sort(part, segment, entry)


def _sort(part: str, segment: str, entry: Entry) -> None:
    if alias := _ALIAS.match(part):
        # Strong aliases have a place of their own; those in the remarks are what the XML calls weak.
        quoted = _QUOTED.match(alias["name"])
        entry.aliases.append(Alias(quoted[1] if quoted else alias["name"], NameKind.WEAK_ALIAS))
    elif fact := _FACT.match(part):
        value = fact["value"]
        match fact["what"].casefold():
            case "dob":
                entry.birth_dates.append(value)
            case "pob":
                entry.birth_places.append(value)
            case _:
                entry.countries.append(value)
    elif issuer := _ISSUER.match(part):
        entry.labelled.append(("Issuer Name", issuer["name"], ""))
    elif found := split_label(part):
        entry.add_labelled(*found)
    else:
        entry.remarks.append(segment)
