"""Australia's consolidated list: bytes of its XLSX to entities. The layout is unconfirmed (see source.yml)."""

from __future__ import annotations

import re

from stopship.sources.au_dfat.entries import entry_entity
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.warnings import Warnings
from stopship.sources.workbook import read_workbook

_REFERENCE = re.compile(r"(?P<number>\d{1,6})\s*(?P<letters>[A-Za-z]{0,3})\Z")
_SHOWN = ("Reference", "Name of Individual or Entity", "Committees")


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read the XLSX form. Rows are names: several describe one entry.

    Raises:
        ListFileError: it can't be read at all.
        SourceDrift: a column is new or missing.
    """
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    rejects: list[Reject] = []
    warnings = Warnings()
    rows = 0
    for number, cells in read_workbook(data, info.columns, filename, "the Australian consolidated list"):
        rows += 1
        reference = _REFERENCE.match(cells["Reference"].strip())
        if reference is None:
            rejects.append(Reject.of(number, "it has no reference number", [cells[name] for name in _SHOWN]))
        elif not any(letter.isalnum() for letter in cells["Name of Individual or Entity"]):
            rejects.append(Reject.of(number, "it has no name", [cells[name] for name in _SHOWN]))
        else:
            # The row with the plain number is the entry itself; letters are its further names.
            groups.setdefault(reference["number"], []).append((number, cells))
    entities = []
    for reference_number, members in groups.items():
        entity, doubts = entry_entity(reference_number, [cells for _, cells in members], info)
        warnings.add(members[0][0], doubts)
        entities.append(entity)
    return ParsedList(
        source=info.id,
        entities=tuple(sorted(entities, key=lambda entity: entity.id)),
        rows=rows,
        loaded=rows - len(rejects),
        rejects=tuple(rejects),
        warnings=warnings.lines(),
        unread=tuple(info.unread),
    )
