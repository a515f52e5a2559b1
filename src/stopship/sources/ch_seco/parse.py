"""Switzerland's sanctions list: bytes of SECO's XML to entities. The layout is unconfirmed (see source.yml)."""

from __future__ import annotations

from dataclasses import replace

from stopship.errors import ListFileError
from stopship.model import Entity
from stopship.sources.ch_seco.places import Places
from stopship.sources.ch_seco.programs import Programs
from stopship.sources.ch_seco.targets import is_delisted, target_entity
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.identity import merge_by_id
from stopship.sources.warnings import Warnings
from stopship.sources.xml_stream import XmlLayout, XmlList, attribute, day_stamped

_WHOLE = "whole-list"


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the XML form of the whole list, gzipped or not. Rows are targets in force, numbered as they come.

    Raises:
        ListFileError: it can't be read at all, or is a part of the list.
        SourceDrift: an element or attribute is new, or one that is always there is missing.
    """
    layout = _layout(info)
    opened = XmlList(data, filename, layout)
    kind = opened.attributes.get("list-type", "")
    if kind and kind != _WHOLE:
        raise ListFileError(
            f"this is a list of type {kind[:40]!r}, a part of the whole list",
            where=filename,
            hint=f"Hand in the whole list (list-type {_WHOLE!r})",
        )
    programs, places = _beside(XmlList(data, filename, replace(layout, open=True, needed=())))
    entities: list[Entity] = []
    rejects: list[Reject] = []
    warnings = Warnings()
    number = rows = delisted = 0
    for _, element in opened.entries():
        if element.tag != "target":
            continue
        number += 1
        if is_delisted(element):
            delisted += 1
            continue
        rows += 1
        entity, doubts = target_entity(element, programs, places, info)
        if entity is None:
            rejects.append(Reject.of(number, doubts[0], [attribute(element, "ssid")]))
            continue
        entities.append(entity)
        warnings.add(number, doubts)
    lines = warnings.lines()
    if delisted:
        lines += (f"de-listed targets that the publisher keeps as history and that are not loaded: {delisted:,}",)
    return ParsedList(
        source=info.id,
        entities=merge_by_id(entities),
        rows=rows,
        loaded=rows - len(rejects),
        rejects=tuple(rejects),
        published=day_stamped(opened.attributes.get("date", "")),
        warnings=lines,
        unread=tuple(info.unread),
    )


def _beside(opened: XmlList) -> tuple[Programs, Places]:
    """What stands beside the targets: programs before them, places behind them."""
    programs, places = Programs(), Places()
    for _, element in opened.entries():
        match element.tag:
            case "sanctions-program":
                programs.add(element)
            case "place":
                places.add(element)
    return programs, places


def _layout(info: SourceInfo) -> XmlLayout:
    return XmlLayout(
        title="the Swiss sanctions list",
        roots=frozenset(("swiss-sanctions-list",)),
        entries=frozenset(("sanctions-program", "target", "place")),
        known=frozenset(info.read),
        unread=frozenset(info.unread),
        needed=("target@ssid", "sanctions-program/program-name", "target/modification@modification-type"),
    )
