"""The Security Council's Consolidated List: bytes of its XML to entities."""

from __future__ import annotations

from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.identity import RowEntity, assemble
from stopship.sources.un_sc.entries import entry_entity
from stopship.sources.warnings import Warnings
from stopship.sources.xml_stream import XmlLayout, XmlList, day_stamped, text


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the XML form, gzipped or not. Rows are entries: individuals and entities, numbered as they come.

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
        name = text(element, "FIRST_NAME")
        if not any(letter.isalnum() for letter in name):
            shown = [text(element, part) for part in ("REFERENCE_NUMBER", "FIRST_NAME", "UN_LIST_TYPE")]
            rejects.append(Reject.of(number, "it has no name", shown))
            continue
        entity, doubts = entry_entity(element, element.tag == "INDIVIDUAL", info)
        rows.append(entity)
        warnings.add(number, doubts)
    return ParsedList(
        source=info.id,
        entities=assemble(rows),
        rows=number,
        loaded=len(rows),
        rejects=tuple(rejects),
        published=day_stamped(opened.attributes.get("dateGenerated", "")),
        warnings=warnings.lines(),
        unread=tuple(info.unread),
    )


def _layout(info: SourceInfo) -> XmlLayout:
    return XmlLayout(
        title="the Consolidated List of the Security Council",
        roots=frozenset(("CONSOLIDATED_LIST",)),
        entries=frozenset(("INDIVIDUAL", "ENTITY")),
        containers=frozenset(("INDIVIDUALS", "ENTITIES")),
        known=frozenset(info.read),
        unread=frozenset(info.unread),
        needed=(
            "INDIVIDUAL/REFERENCE_NUMBER",
            "INDIVIDUAL/FIRST_NAME",
            "ENTITY/REFERENCE_NUMBER",
            "ENTITY/FIRST_NAME",
        ),
    )
