"""SDN_ADVANCED.XML and CONS_ADVANCED.XML, the layout of the Advanced Sanctions Data Model.

After OFAC's schema (ADVANCED_XML.xsd, namespace of May 2024) and its notes on the advanced files. No real file was
at hand: the layout is unconfirmed, as the sheets say. A party's facts are scattered: places and documents come
before the parties, relations and listings after them, all joined by numbers that `References` explains.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from stopship.errors import ListFileError
from stopship.model import Program
from stopship.sources.contract import Reject, SourceInfo
from stopship.sources.drift import layout_changed, quoted
from stopship.sources.us_ofac.advanced_dates import read_day
from stopship.sources.us_ofac.advanced_party import Place, read_place, read_profile
from stopship.sources.us_ofac.entry import Entry, ListedAs
from stopship.sources.us_ofac.programs import SDN_SOURCE, NotListed, program_of_list, programs_of
from stopship.sources.us_ofac.references import References
from stopship.sources.us_ofac.remarks import read_remarks
from stopship.sources.xml_stream import Element, XmlLayout, XmlList, text

ROOT = "Sanctions"
LAYOUT = "advanced"
_RECORDS = (
    "DateOfIssue",
    "ReferenceValueSets",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
    "SanctionsEntryLink",
)
_CONTAINERS = (
    "Locations",
    "IDRegDocuments",
    "DistinctParties",
    "ProfileRelationships",
    "SanctionsEntries",
    "SanctionsEntryLinks",
)


@dataclass(frozen=True, slots=True)
class _Listing:
    """One `SanctionsEntry` of a profile."""

    list_name: str
    start: date | None
    citation: str
    tags: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class AdvancedXml:
    """The entries of one file; `published`, `rejects` and `warnings` are known once they were read.

    Args:
        data: the unpacked file.
        where: its name, for messages.
        info: the catalogue line, for the elements and attributes that are known.
    """

    data: bytes
    where: str
    info: SourceInfo
    published: date | None = None
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Entries with the number of their `DistinctParty`, from 1.

        Raises:
            ListFileError: not this layout, cut short, or without parties.
            SourceDrift: an element is new, or a value set is missing.
        """
        opened = XmlList(self.data, self.where, _layout(self.info))
        references: References | None = None
        places: dict[str, Place] = {}
        documents: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        parties: dict[str, tuple[int, Entry]] = {}
        links: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
        listings: dict[str, list[_Listing]] = defaultdict(list)
        count = 0
        for _, record in opened.entries():
            tag = record.tag
            if tag == "DateOfIssue":
                self.published = read_day(record)
                continue
            if tag == "ReferenceValueSets":
                references = References.read(record)
                if missing := references.missing():
                    raise layout_changed(f"missing value set {quoted(missing)}", self.where)
                continue
            if references is None:
                raise layout_changed("there is no 'ReferenceValueSets' before the first record", self.where)
            match tag:
                case "Location":
                    places[record.get("ID") or ""] = read_place(record, references)
                case "IDRegDocument":
                    documents[record.get("IdentityID") or ""].append(_document(record, references))
                case "DistinctParty":
                    count += 1
                    self._party(count, record, references, places, documents, parties)
                case "ProfileRelationship":
                    links[record.get("From-ProfileID") or ""].append(_link(record, references))
                case "SanctionsEntry":
                    listings[record.get("ProfileID") or ""].append(_listing(record, references))
        if not count:
            raise ListFileError("the file holds no party", where=self.where, hint="Download it again")
        self.warnings += opened.odd_lines()
        self._lost(listings, parties)
        for number, (row, entry) in parties.items():
            entry.remarks += _linked(links.get(number, ()), parties)
            reason = self._listed(entry, listings.get(number, ()))
            if reason:
                self.rejects.append(Reject.of(row, reason, [entry.number, entry.name]))
                continue
            yield row, entry

    def _party(
        self,
        row: int,
        record: Element,
        references: References,
        places: dict[str, Place],
        documents: dict[str, list[tuple[str, str, str]]],
        parties: dict[str, tuple[int, Entry]],
    ) -> None:
        profiles = record.findall("Profile")
        if len(profiles) != 1:
            reason = f"the party has {len(profiles)} profiles where one belongs"
            self.rejects.append(Reject.of(row, reason, [record.get("FixedRef") or ""]))
            return
        entry = read_profile(profiles[0], references, places, documents)
        if comment := text(record, "Comment"):
            read_remarks(comment, entry)
        key = profiles[0].get("ID") or ""
        if key in parties:
            self.rejects.append(Reject.of(row, "its number stands on an earlier entry too", [key, entry.name]))
            return
        entry.number = record.get("FixedRef") or key
        parties[key] = (row, entry)

    def _listed(self, entry: Entry, listings: list[_Listing] | tuple[()]) -> str:
        """Fill in the lists of an entry; else the reason why there are none."""
        if not listings:
            return "there is no SanctionsEntry for it"
        wants_sdn = self.info.id == SDN_SOURCE
        reason = ""
        for listing in listings:
            try:
                program = program_of_list(listing.list_name)
                programs = (program,) if program else programs_of(listing.tags, entry.labelled)
            except NotListed as error:
                reason = str(error)
                continue
            if wants_sdn and program is None:
                reason = f"it is on the list {listing.list_name[:60]!r}, which is not the SDN list"
                continue
            for each in programs:
                if (each is Program.US_SDN) is wants_sdn:
                    entry.listed.append(ListedAs(each, listing.start, listing.citation, listing.remarks))
                    entry.tags += listing.tags
                else:
                    reason = f"it is on the list {listing.list_name[:60]!r}, which is another source's"
        entry.listed = _joined(entry.listed)
        return "" if entry.listed else reason

    def _lost(self, listings: dict[str, list[_Listing]], parties: dict[str, tuple[int, Entry]]) -> None:
        lost = [number for number in listings if number not in parties]
        for number in lost:
            reason = "there is no DistinctParty for this SanctionsEntry"
            self.rejects.append(Reject.of(0, reason, [number]))


def _layout(info: SourceInfo) -> XmlLayout:
    # An attribute that is new changes what a record says less than an element does: it is named, not refused.
    # The sets of values are read by `References`, which says what it misses.
    return XmlLayout(
        title=f"the {info.title}",
        roots=frozenset((ROOT,)),
        entries=frozenset(_RECORDS),
        containers=frozenset(_CONTAINERS),
        known=frozenset(path.replace("/@", "@") for path in info.layout(LAYOUT)),
        unread=frozenset(("ReferenceValueSets",)),
        counts_attributes=True,
    )


def _document(record: Element, references: References) -> tuple[str, str, str]:
    return (
        references.text("IDRegDocType", record.get("IDRegDocTypeID")),
        text(record, "IDRegistrationNo"),
        references.text("Country", record.get("IssuedBy-CountryID")),
    )


def _link(record: Element, references: References) -> tuple[str, str, bool]:
    kind = references.text("RelationType", record.get("RelationTypeID")) or "Linked To"
    return record.get("To-ProfileID") or "", kind, record.get("Former") == "true"


def _linked(
    links: list[tuple[str, str, bool]] | tuple[()], parties: dict[str, tuple[int, Entry]]
) -> Iterator[str]:
    for number, kind, former in links:
        name = parties[number][1].name if number in parties else f"entry {number}"
        yield f"{kind.rstrip(' :')}: {name}{' (former)' if former else ''}"


def _listing(record: Element, references: References) -> _Listing:
    days = [day for item in record.iterfind("EntryEvent/Date") if (day := read_day(item))]
    bases = [
        references.legal_bases.get(item.get("LegalBasisID") or "", "") for item in record.iterfind("EntryEvent")
    ]
    tags, remarks = [], []
    for measure in record.iterfind("SanctionsMeasure"):
        kind = references.text("SanctionsType", measure.get("SanctionsTypeID"))
        comment = text(measure, "Comment")
        if kind.casefold() == "program":
            tags += [comment] if comment else []
        elif comment:
            remarks.append(f"{kind}: {comment}" if kind else comment)
    limits = text(record, "LimitationsToListing")
    return _Listing(
        list_name=references.text("List", record.get("ListID")),
        start=min(days, default=None),
        citation="; ".join(dict.fromkeys(base for base in bases if base and base.casefold() != "unknown")),
        tags=tuple(tags),
        remarks=tuple([*remarks, limits] if limits else remarks),
    )


def _joined(listed: list[ListedAs]) -> list[ListedAs]:
    """One listing a program: the earliest start, all citations and remarks."""
    found: dict[Program, ListedAs] = {}
    for item in listed:
        known = found.get(item.program)
        if known is None:
            found[item.program] = item
            continue
        starts = [day for day in (known.start, item.start) if day]
        citations = dict.fromkeys(text for text in (known.citation, item.citation) if text)
        found[item.program] = ListedAs(
            item.program,
            min(starts, default=None),
            "; ".join(citations),
            tuple(dict.fromkeys((*known.remarks, *item.remarks))),
        )
    return list(found.values())
