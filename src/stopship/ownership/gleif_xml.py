"""Reader of GLEIF's XML: relationship records (RR CDF 2.1) and LEI records (LEI CDF 3.1), record by record.

The file is read as a stream. Entities aren't resolved, nothing is loaded from elsewhere, and a document type
declaration is refused: no official file has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from stopship.errors import OwnershipFileError
from stopship.ownership.contract import BadRow, Bytes, Record, Report
from stopship.ownership.gleif import LegalEntity, Relationship, holder_of, stake_of

if TYPE_CHECKING:
    from lxml import etree

Wanted = Callable[[str], bool]
"""Whether the record of an LEI is needed; of three million, few have a relationship."""

_AGAIN = "Fetch the file again"


def read_gleif_xml(stream: Bytes, where: str, report: Report, wanted: Wanted | None = None) -> Iterator[Record]:
    """Stakes of a file of relationship records, or holders of one of LEI records.

    Raises:
        OwnershipFileError: not XML, cut short, with a document type declaration, or another kind of file.
    """
    from lxml import etree

    root = ""
    events = etree.iterparse(
        _Guarded(stream, where),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        for event, element in events:
            name = _local(element)
            if not root:
                root = name
                _check_root(element, name, where)
            elif event == "end" and name in ("RelationshipRecord", "LEIRecord"):
                yield from _record(element, name, report, wanted)
                _forget(element)
    except etree.XMLSyntaxError as bad:
        line = f" at line {bad.lineno}" if bad.lineno else ""
        raise OwnershipFileError(f"not XML, or cut short{line}: {bad.msg}", where=where, hint=_AGAIN) from None
    if not root:
        raise OwnershipFileError("the file is empty", where=where, hint=_AGAIN)


class _Guarded:
    """The stream, refusing a document type declaration before the parser sees it."""

    def __init__(self, stream: Bytes, where: str) -> None:
        self._stream = stream
        self._where = where
        self._tail = b""
        self._seen = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if self._seen < 1 << 20:  # a declaration stands before the first element
            if b"<!DOCTYPE" in (self._tail + data).replace(b"\x00", b"").upper():
                raise OwnershipFileError(
                    "the file has a document type declaration (DTD), which no official file has", where=self._where
                )
            self._tail = data[-32:]
            self._seen += len(data)
        return data


def _check_root(element: etree._Element, name: str, where: str) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise OwnershipFileError(
            "the file has a document type declaration (DTD), which no official file has", where=where
        )
    if name == "ReportingExceptionData":
        raise OwnershipFileError(
            "these are reporting exceptions, which name no owner", where=where, hint="Hand in the RR file"
        )
    if name not in ("RelationshipData", "LEIData"):
        raise OwnershipFileError(
            f"the XML begins with {name[:40]!r}", where=where, hint="Hand in GLEIF's RR file or its LEI2 file"
        )


def _record(element: etree._Element, name: str, report: Report, wanted: Wanted | None) -> Iterator[Record]:
    row = report.row()
    try:
        found: Record | None
        if name == "RelationshipRecord":
            found = stake_of(_relationship(element), report)
        else:
            entity = _legal_entity(element)
            if wanted is not None and not wanted(entity.lei.strip()):
                report.pass_over("legal entities without a relationship")
                return
            found = holder_of(entity)
    except BadRow as bad:
        report.reject(row, str(bad), " ".join(element.itertext()))
        return
    if found is not None:
        report.loaded += 1
        yield found


def _relationship(record: etree._Element) -> Relationship:
    relation = record.find("{*}Relationship")
    if relation is None:
        raise BadRow("no Relationship")
    periods = [
        (_text(p, "PeriodType"), _text(p, "StartDate"), _text(p, "EndDate"))
        for p in relation.iterfind("{*}RelationshipPeriods/{*}RelationshipPeriod")
    ]
    return Relationship(
        start=_text(relation, "StartNode", "NodeID"),
        start_type=_text(relation, "StartNode", "NodeIDType"),
        end=_text(relation, "EndNode", "NodeID"),
        end_type=_text(relation, "EndNode", "NodeIDType"),
        kind=_text(relation, "RelationshipType"),
        status=_text(relation, "RelationshipStatus"),
        registration=_text(record, "Registration", "RegistrationStatus"),
        periods=periods,
        deleted=record.find("{*}Extension/{*}Deletion") is not None,
    )


def _legal_entity(record: etree._Element) -> LegalEntity:
    names = [_text(record, "Entity", "LegalName")]
    for path in (
        "{*}Entity/{*}OtherEntityNames/{*}OtherEntityName",
        "{*}Entity/{*}TransliteratedOtherEntityNames/{*}TransliteratedOtherEntityName",
    ):
        names += [(e.text or "").strip() for e in record.iterfind(path)]
    return LegalEntity(
        lei=_text(record, "LEI"),
        names=names,
        category=_text(record, "Entity", "EntityCategory"),
        jurisdiction=_text(record, "Entity", "LegalJurisdiction"),
        countries=(
            _text(record, "Entity", "LegalAddress", "Country"),
            _text(record, "Entity", "HeadquartersAddress", "Country"),
        ),
        register_number=_text(record, "Entity", "RegistrationAuthority", "RegistrationAuthorityEntityID"),
    )


def _text(element: etree._Element, *path: str) -> str:
    return (element.findtext("/".join(f"{{*}}{name}" for name in path)) or "").strip()


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _forget(element: etree._Element) -> None:
    """Free a record that was read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
