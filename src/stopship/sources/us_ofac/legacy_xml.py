"""SDN.XML and consolidated.xml: one `sdnEntry` a party.

The layout is the publisher's `sdnList` schema; its namespace changed in May 2024 and is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from stopship.errors import ListFileError
from stopship.model import NameKind
from stopship.sources.contract import SourceInfo
from stopship.sources.drift import layout_changed, quoted
from stopship.sources.us_ofac.entry import Alias, Entry
from stopship.sources.us_ofac.remarks import read_remarks
from stopship.sources.xml_stream import Element, XmlLayout, XmlList, text, texts

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
        self.where = where
        self.opened = XmlList(data, where, _layout(info))
        self.published: date | None = None

    @property
    def warnings(self) -> list[str]:
        """What is not known and was not read."""
        return self.opened.odd_lines()

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Entries with their numbers in the file, from 1.

        Raises:
            ListFileError: not this layout, cut short, or another number of entries than its header says.
            SourceDrift: an element is new, or one that every list has is on no entry.
        """
        count, announced = 0, None
        seen: set[str] = set()
        for _, record in self.opened.entries():
            if record.tag == _HEADER:
                announced = self._header(record)
                continue
            count += 1
            if len(seen) < len(_CORE):
                seen.update(path for path in _CORE if record.findtext(path))
            yield count, _entry(record)
        if count and (missing := [path for path in _CORE if path not in seen]):
            raise layout_changed(f"no entry has {quoted(missing)}", self.where)
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
        printed, number = text(record, "Publish_Date"), text(record, "Record_Count").replace(",", "")
        try:
            self.published = datetime.strptime(printed, "%m/%d/%Y").date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            raise ListFileError(
                f"the Publish_Date {printed[:40]!r} is not a day like 03/28/2025", where=self.where
            ) from None
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise ListFileError(f"the Record_Count {number[:40]!r} is not a number", where=self.where)
        return int(number)


def _layout(info: SourceInfo) -> XmlLayout:
    # An attribute that is new changes what an entry says less than an element does: it is named, not refused.
    return XmlLayout(
        title=f"the {info.title}",
        roots=frozenset((ROOT,)),
        entries=frozenset((_HEADER, _ENTRY)),
        known=info.layout(LAYOUT),
        counts_attributes=True,
    )


def _entry(record: Element) -> Entry:
    entry = Entry(number=text(record, "uid"), kind=text(record, "sdnType"), name=_name(record))
    entry.tags = list(texts(record, "programList/program"))
    entry.title = text(record, "title")
    for aka in record.iterfind("akaList/aka"):
        if name := _name(aka):
            entry.aliases.append(Alias(name, _kind(text(aka, "type"), text(aka, "category"))))
    for address in record.iterfind("addressList/address"):
        entry.add_address([text(address, part) for part in _ADDRESS], text(address, "country"))
    for path in ("nationalityList/nationality/country", "citizenshipList/citizenship/country"):
        entry.countries += texts(record, path)
    entry.birth_dates = list(texts(record, "dateOfBirthList/dateOfBirthItem/dateOfBirth"))
    entry.birth_places = list(texts(record, "placeOfBirthList/placeOfBirthItem/placeOfBirth"))
    for number in record.iterfind("idList/id"):
        entry.add_labelled(*(text(number, part) for part in ("idType", "idNumber", "idCountry")))
    vessel = record.find("vesselInfo")
    if vessel is not None:
        entry.vessel = {key: told for part, key in _VESSEL.items() if (told := text(vessel, part))}
    if remarks := text(record, "remarks"):
        read_remarks(remarks, entry)
    return entry


def _name(element: Element) -> str:
    last, first = text(element, "lastName"), text(element, "firstName")
    return f"{last}, {first}" if last and first else last or first


def _kind(kind: str, category: str) -> NameKind:
    """ "weak" counts before "f.k.a.": it says how much a hit on the name is worth."""
    if category.casefold() == "weak":
        return NameKind.WEAK_ALIAS
    return NameKind.FORMER if kind.casefold().startswith("f.k.a") else NameKind.ALIAS
