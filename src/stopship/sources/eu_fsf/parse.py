"""The EU's consolidated list of financial sanctions: bytes of its XML (FSF 1.1) to entities."""

from __future__ import annotations

from stopship.model import Entity
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.eu_fsf.entries import entry_entity
from stopship.sources.identity import merge_by_id
from stopship.sources.warnings import Warnings
from stopship.sources.xml_stream import XmlLayout, XmlList, attribute, day_stamped


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the XML form, gzipped or not. Rows are entries (`sanctionEntity`), numbered as they come.

    Raises:
        ListFileError: it can't be read at all.
        SourceDrift: an element or attribute is new, or one that is always there is missing.
    """
    opened = XmlList(data, filename, _layout(info))
    entities: list[Entity] = []
    rejects: list[Reject] = []
    warnings = Warnings()
    number = 0
    for number, element in opened.entries():
        entity, doubts = entry_entity(element, info)
        if entity is None:
            shown = [attribute(element, name) for name in ("euReferenceNumber", "logicalId", "designationDetails")]
            rejects.append(Reject.of(number, doubts[0], shown))
            continue
        entities.append(entity)
        warnings.add(number, doubts)
    return ParsedList(
        source=info.id,
        entities=merge_by_id(entities),
        rows=number,
        loaded=number - len(rejects),
        rejects=tuple(rejects),
        published=day_stamped(opened.attributes.get("generationDate", "")),
        warnings=warnings.lines(),
        unread=tuple(info.unread),
    )


def _layout(info: SourceInfo) -> XmlLayout:
    return XmlLayout(
        title="the EU list of financial sanctions",
        roots=frozenset(("export",)),
        entries=frozenset(("sanctionEntity",)),
        known=frozenset(info.read),
        unread=frozenset(info.unread),
        needed=(
            "sanctionEntity@euReferenceNumber",
            "sanctionEntity/nameAlias@wholeName",
            "sanctionEntity/nameAlias@strong",
            "sanctionEntity/regulation@numberTitle",
            "sanctionEntity/regulation@programme",
            "sanctionEntity/subjectType@code",
        ),
    )
