"""Canada's autonomous sanctions: bytes of the publisher's XML to entities."""

from __future__ import annotations

from stopship.sources.ca_sema.records import record_entity
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.identity import RowEntity, assemble
from stopship.sources.warnings import Warnings
from stopship.sources.xml_stream import XmlLayout, XmlList, text_of


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the XML form, gzipped or not. Rows are records, numbered as they come.

    Raises:
        ListFileError: it can't be read at all.
        SourceDrift: an element is new, or one that is always there is missing.
    """
    opened = XmlList(data, filename, _layout(info))
    rows: list[RowEntity] = []
    rejects: list[Reject] = []
    warnings = Warnings()
    number = 0
    for number, element in opened.entries():
        entity, doubts = record_entity(element, info)
        if entity is None:
            rejects.append(Reject.of(number, "it has no name", [text_of(one) for one in element]))
            continue
        rows.append(entity)
        warnings.add(number, doubts)
    return ParsedList(
        source=info.id,
        entities=assemble(rows),
        rows=number,
        loaded=len(rows),
        rejects=tuple(rejects),
        warnings=warnings.lines(),
        unread=tuple(info.unread),
    )


def _layout(info: SourceInfo) -> XmlLayout:
    return XmlLayout(
        title="the Canadian list of autonomous sanctions",
        roots=frozenset(("data-set",)),
        entries=frozenset(("record",)),
        known=frozenset(info.read),
        unread=frozenset(info.unread),
        needed=("record/Country", "record/LastName", "record/EntityOrShip", "record/DateOfListing", "record/Item"),
    )
