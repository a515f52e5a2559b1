"""SDN.XML and consolidated.xml: one `sdnEntry` a party.

The layout is the publisher's `sdnList` schema; its namespace changed in May 2024 and is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from stopship.errors import ListFileError
from stopship.model import NameKind
from stopship.sources.contract import SourceInfo
from stopship.sources.streamed_xml import Known, drift, read_records, text_of, unknown_parts
from stopship.sources.us_ofac.entry import Alias, Entry
from stopship.sources.us_ofac.remarks import read_remarks

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

ROOT = "sdnList"
LAYOUT = "xml"
_HEADER, _ENTRY = "publshInformation", "sdnEntry"
_CORE = ("uid", "lastName", "sdnType", "programList/program")
_ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode")
_VESSEL = {
    "callSign": "call_sign",
    "vesselType": "vessel_type",
    "vesselFlag": "flag",
    "vesselOwner": "owner",
    "tonnage": "tonnage",
    "grossRegisteredTonnage": "gross_registered_tonnage",
}


class LegacyXml:
    """The entries of one file, one at a time; `published` is known once they were read.

    Args:
        data: the unpacked file.
        where: its name, for messages.
        info: the catalogue line, for the columns that are known.
    """

    def __init__(self, data: bytes, where: str, info: SourceInfo) -> None:
        self.data = data
        self.where = where
        self.known = Known.of(info.layout(LAYOUT))
        self.wanted = f"the XML form of the {info.title}"
        self.published: date | None = None

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Entries with their numbers in the file, from 1.

        Raises:
            ListFileError: not this layout, cut short, or another number of entries than its header says.
            SourceDrift: an element is new, or one that every list has is on no entry.
        """
        count, announced = 0, None
        seen: set[str] = set()
        records = read_records(self.data, self.where, roots=(ROOT,), records=(_HEADER, _ENTRY), wanted=self.wanted)
        for record in records:
            if unknown := [part for part in unknown_parts(record, self.known) if "/@" not in part]:
                raise drift(unknown, f"{self.where}, entry {count + 1:,}" if record.tag == _ENTRY else self.where)
            if record.tag == _HEADER:
                announced = self._header(record)
                continue
            count += 1
            if len(seen) < len(_CORE):
                seen.update(path for path in _CORE if record.findtext(path))
            yield count, _entry(record)
        if count and (missing := [path for path in _CORE if path not in seen]):
            raise drift(missing, self.where, "no entry has")
        if announced is None:
            raise ListFileError(
                "the file does not say how many entries it has (Record_Count)",
                where=self.where,
                hint="Download it again; a list that was cut or edited can't be told from a whole one without it",
            )
        if announced != count:
            raise ListFileError(
                f"the file says that it has {announced:,} entries (Record_Count), but holds {count:,}",
                where=self.where,
                hint="Download it again",
            )

    def _header(self, record: Element) -> int:
        printed, number = text_of(record, "Publish_Date"), text_of(record, "Record_Count").replace(",", "")
        try:
            self.published = datetime.strptime(printed, "%m/%d/%Y").date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            raise ListFileError(
                f"the Publish_Date {printed[:40]!r} is not a day like 03/28/2025", where=self.where
            ) from None
        if not number.isdigit():
            raise ListFileError(f"the Record_Count {number[:40]!r} is not a number", where=self.where)
        return int(number)


def _entry(record: Element) -> Entry:
    entry = Entry(number=text_of(record, "uid"), kind=text_of(record, "sdnType"), name=_name(record))
    entry.tags = [tag for item in record.iterfind("programList/program") if (tag := _text(item))]
    entry.title = text_of(record, "title")
    for aka in record.iterfind("akaList/aka"):
        if name := _name(aka):
            entry.aliases.append(Alias(name, _kind(text_of(aka, "type"), text_of(aka, "category"))))
    for address in record.iterfind("addressList/address"):
        entry.add_address([text_of(address, part) for part in _ADDRESS], text_of(address, "country"))
    for path in ("nationalityList/nationality/country", "citizenshipList/citizenship/country"):
        entry.countries += [text for item in record.iterfind(path) if (text := _text(item))]
    born = record.iterfind("dateOfBirthList/dateOfBirthItem/dateOfBirth")
    entry.birth_dates = [text for item in born if (text := _text(item))]
    places = record.iterfind("placeOfBirthList/placeOfBirthItem/placeOfBirth")
    entry.birth_places = [text for item in places if (text := _text(item))]
    for number in record.iterfind("idList/id"):
        entry.add_labelled(*(text_of(number, part) for part in ("idType", "idNumber", "idCountry")))
    vessel = record.find("vesselInfo")
    if vessel is not None:
        entry.vessel = {key: text for part, key in _VESSEL.items() if (text := text_of(vessel, part))}
    if remarks := text_of(record, "remarks"):
        read_remarks(remarks, entry)
    return entry


def _name(element: Element) -> str:
    last, first = text_of(element, "lastName"), text_of(element, "firstName")
    return f"{last}, {first}" if last and first else last or first


def _kind(kind: str, category: str) -> NameKind:
    """ "weak" counts before "f.k.a.": it says how much a hit on the name is worth."""
    if category.casefold() == "weak":
        return NameKind.WEAK_ALIAS
    return NameKind.FORMER if kind.casefold().startswith("f.k.a") else NameKind.ALIAS


def _text(element: Element) -> str:
    return " ".join((element.text or "").split())
