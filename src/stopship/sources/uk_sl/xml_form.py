"""The XML form of the list. Its layout is unconfirmed: see the notes in source.yml.

Values are told by the name of the element that holds them, whatever the elements around it are called. So a group
that is called otherwise than expected is read all the same, while a value of an unknown name is refused.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime

from stopship.sources.contract import Reject, SourceInfo
from stopship.sources.drift import layout_changed
from stopship.sources.uk_sl.designation import LISTING_COLUMNS, Designation
from stopship.sources.xml_stream import Element, XmlLayout, XmlList, text, text_of

# Name of an element -> column of the CSV form.
_COLUMNS = {
    "LastUpdated": "Last Updated",
    "UniqueID": "Unique ID",
    "OFSIGroupID": "OFSI Group ID",
    "UNReferenceNumber": "UN Reference Number",
    "Name1": "Name 1",
    "Name2": "Name 2",
    "Name3": "Name 3",
    "Name4": "Name 4",
    "Name5": "Name 5",
    "Name6": "Name 6",
    "NameType": "Name type",
    "AliasStrength": "Alias strength",
    "Title": "Title",
    "NameNonLatinScript": "Name non-latin script",
    "NonLatinScriptType": "Non-latin script type",
    "NonLatinScriptLanguage": "Non-latin script language",
    "RegimeName": "Regime Name",
    "IndividualEntityShip": "Designation Type",
    "DesignationSource": "Designation source",
    "SanctionsImposed": "Sanctions Imposed",
    "OtherInformation": "Other Information",
    "UKStatementofReasons": "UK Statement of Reasons",
    "AddressLine1": "Address Line 1",
    "AddressLine2": "Address Line 2",
    "AddressLine3": "Address Line 3",
    "AddressLine4": "Address Line 4",
    "AddressLine5": "Address Line 5",
    "AddressLine6": "Address Line 6",
    "AddressPostalCode": "Address Postal Code",
    "AddressCountry": "Address Country",
    "PhoneNumber": "Phone number",
    "Website": "Website",
    "EmailAddress": "Email address",
    "DateDesignated": "Date Designated",
    "DOB": "D.O.B",
    "Nationality": "Nationality(/ies)",
    "NationalIdentifierNumber": "National Identifier number",
    "NationalIdentifierAdditionalInformation": "National Identifier additional information",
    "PassportNumber": "Passport number",
    "PassportAdditionalInformation": "Passport additional information",
    "Position": "Position",
    "TownOfBirth": "Town of birth",
    "CountryOfBirth": "Country of birth",
    "TypeOfEntity": "Type of entity",
    "Subsidiary": "Subsidiaries",
    "ParentCompany": "Parent company",
    "BusinessRegistrationNumber": "Business registration number (s)",
    "IMONumber": "IMO number",
    "CurrentOwnerOperator": "Current owner/operator (s)",
    "PreviousOwnerOperator": "Previous owner/operator (s)",
    "CurrentBelievedFlagOfShip": "Current believed flag of ship",
    "PreviousFlag": "Previous flags",
    "TypeOfShip": "Type of ship",
    "TonnageOfShip": "Tonnage of ship",
    "LengthOfShip": "Length of ship",
    "YearBuilt": "Year Built",
    "HullIdentificationNumber": "Hull identification number (HIN)",
}
# Not read: a special category, and the measures of SanctionsImposed once more, as true and false.
_UNREAD = ("Gender", "SanctionsImposedIndicators")
# Elements that hold one name, one address and the like: their values belong together.
_TOGETHER = ("Name", "NonLatinName", "Address", "Location")
_ENTRY = "Designation"


def is_xml(data: bytes) -> bool:
    """Whether the bytes are the XML form rather than the CSV."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def xml_designations(
    data: bytes, where: str, info: SourceInfo, rejects: list[Reject]
) -> tuple[dict[str, Designation], int, date | None]:
    """Designations by their Unique ID, the number of entries, and the day of the file.

    Raises:
        ListFileError, SourceDrift: as `stopship.sources.xml_stream.XmlList`.
    """
    found: dict[str, Designation] = {}
    number = 0
    for number, element in XmlList(data, where, _layout()).entries():
        unique_id = text(element, "UniqueID")
        if not unique_id:
            rejects.append(Reject.of(number, "it has no UniqueID", [text_of(one) for one in element.iter()][:20]))
            continue
        designation = found.setdefault(unique_id, Designation())
        listing: dict[str, str] = {}  # these stand side by side, not in an element of their own
        for cells in _cells(element, where, number, info):
            if set(cells) <= set(LISTING_COLUMNS):
                listing |= cells
            else:
                designation.add(number, cells)
        designation.add(number, listing)
    return found, number, _day_of_file(data)


def _cells(element: Element, where: str, number: int, info: SourceInfo) -> list[dict[str, str]]:
    """The values below an element: those of one name, address or birthplace together, the others one by one."""
    found: list[dict[str, str]] = []
    for below in element:
        if not isinstance(below.tag, str) or below.tag in _UNREAD:
            continue
        name = below.tag
        if any(isinstance(inner.tag, str) for inner in below):
            inner_cells = _cells(below, where, number, info)
            if name in _TOGETHER:
                together: dict[str, str] = {}
                for cells in inner_cells:
                    together |= cells
                inner_cells = [together] if together else []
            found.extend(inner_cells)
        elif name in _COLUMNS:
            if filled := text_of(below):
                found.append({_COLUMNS[name]: filled})
        elif text_of(below):
            raise layout_changed(
                f"new element {name[:60]!r} in entry {number:,}",
                where,
                hint=f"Update Stopship, report the change, or hand in the CSV form from {info.url}",
            )
    return found


def _layout() -> XmlLayout:
    return XmlLayout(
        title="the UK Sanctions List",
        roots=frozenset(("Designations",)),
        entries=frozenset((_ENTRY,)),
        containers=frozenset(("DateGenerated",)),
        needed=("Designation/UniqueID", "Designation/RegimeName", "Designation/IndividualEntityShip"),
        open=True,
    )


def _day_of_file(data: bytes) -> date | None:
    head = io.BytesIO(data).read(4096).decode("utf-8", "replace")
    match = re.search(r"<DateGenerated>\s*(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})", head)
    if not match:
        return None
    form = "%d/%m/%Y" if "/" in match[1] else "%Y-%m-%d"
    try:
        return datetime.strptime(match[1], form).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
