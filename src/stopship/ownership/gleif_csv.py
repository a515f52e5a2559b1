"""Reader of GLEIF's golden copy as CSV: the RR file, and the LEI2 file for names.

The LEI2 file has three million rows of over three hundred columns, so Arrow reads it, and of it only the columns
that are named here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stopship.errors import OwnershipFileError
from stopship.ownership.contract import BadRow, Bytes, Record, Report
from stopship.ownership.gleif import LegalEntity, Relationship, holder_of, stake_of
from stopship.ownership.gleif_xml import Wanted

_PERIODS = 5
_START, _END = "Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"
_RELATION = {
    "start": _START,
    "start_type": "Relationship.StartNode.NodeIDType",
    "end": _END,
    "end_type": "Relationship.EndNode.NodeIDType",
    "kind": "Relationship.RelationshipType",
    "status": "Relationship.RelationshipStatus",
    "registration": "Registration.RegistrationStatus",
}
_NAMES = (
    "Entity.LegalName",
    *(f"Entity.OtherEntityNames.OtherEntityName.{n}" for n in range(1, 6)),
    *(f"Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.{n}" for n in range(1, 6)),
)
_COUNTRIES = ("Entity.LegalAddress.Country", "Entity.HeadquartersAddress.Country")
_OTHERS = (
    "Entity.EntityCategory",
    "Entity.LegalJurisdiction",
    "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
)
_BLOCK = 8 << 20


def is_relationships(header: Sequence[str]) -> bool:
    """Whether a header is that of the RR file."""
    return _START in header and _END in header


def is_entities(header: Sequence[str]) -> bool:
    """Whether a header is that of the LEI2 file."""
    return "LEI" in header and "Entity.LegalName" in header


def read_gleif_csv(
    stream: Bytes, header: Sequence[str], where: str, report: Report, wanted: Wanted | None = None
) -> Iterator[Record]:
    """Stakes of the RR file, or holders of the LEI2 file.

    Args:
        stream: the whole file, the header too.
        header: its first line as cells.

    Raises:
        OwnershipFileError: another file, a missing column, not UTF-8.
    """
    relations = is_relationships(header)
    if not relations and not is_entities(header):
        raise OwnershipFileError(
            "this is not GLEIF's RR or LEI2 file", where=where, hint="Hand in the golden copy as CSV or XML"
        )
    needed = (*_RELATION.values(),) if relations else ("LEI", "Entity.LegalName", "Entity.LegalAddress.Country")
    missing = [name for name in needed if name not in header]
    if missing:
        raise OwnershipFileError(f"the column {missing[0]!r} is missing", where=where)
    columns = [name for name in _columns(relations) if name in header]
    for row, cells in _rows(stream, header, columns, where, report):
        try:
            found: Record | None
            if relations:
                found = stake_of(_relationship(cells), report)
            else:
                if wanted is not None and not wanted(cells["LEI"].strip()):
                    report.pass_over("legal entities without a relationship")
                    continue
                found = holder_of(_legal_entity(cells))
        except BadRow as bad:
            report.reject(row, str(bad), " | ".join(cell for cell in cells.values() if cell))
            continue
        if found is not None:
            report.loaded += 1
            yield found


def _columns(relations: bool) -> list[str]:
    if relations:
        periods = [
            f"Relationship.Period.{n}.{what}"
            for n in range(1, _PERIODS + 1)
            for what in ("startDate", "endDate", "periodType")
        ]
        return [*_RELATION.values(), *periods]
    return ["LEI", *_NAMES, *_COUNTRIES, *_OTHERS]


def _relationship(cells: Mapping[str, str]) -> Relationship:
    periods = []
    for number in range(1, _PERIODS + 1):
        at = f"Relationship.Period.{number}."
        start, end = cells.get(f"{at}startDate", ""), cells.get(f"{at}endDate", "")
        if start or end:
            periods.append((cells.get(f"{at}periodType", ""), start, end))
    read = {field: cells[column].strip() for field, column in _RELATION.items()}
    return Relationship(
        start=read["start"],
        start_type=read["start_type"],
        end=read["end"],
        end_type=read["end_type"],
        kind=read["kind"],
        status=read["status"],
        registration=read["registration"],
        periods=periods,
    )


def _legal_entity(cells: Mapping[str, str]) -> LegalEntity:
    return LegalEntity(
        lei=cells["LEI"],
        names=[cells.get(name, "") for name in _NAMES],
        category=cells.get(_OTHERS[0], ""),
        jurisdiction=cells.get(_OTHERS[1], ""),
        countries=[cells.get(name, "") for name in _COUNTRIES],
        register_number=cells.get(_OTHERS[2], ""),
    )


def _rows(
    stream: Bytes, header: Sequence[str], columns: Sequence[str], where: str, report: Report
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows as dicts with their numbers; the header is row 1. A row of another length is rejected."""
    import pyarrow as pa
    from pyarrow import csv

    # Arrow tells the rows that it refuses by their number, the header counted, before it gives the block.
    bad: dict[int, tuple[int, str]] = {}

    def refuse(row: Any) -> str:
        bad[row.number] = (row.actual_columns, row.text)
        return "skip"

    number = 2
    try:
        reader = csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=csv.ReadOptions(block_size=_BLOCK, use_threads=False),
            parse_options=csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
            convert_options=csv.ConvertOptions(
                include_columns=list(columns),
                column_types={name: pa.string() for name in columns},
                strings_can_be_null=False,
                check_utf8=True,
            ),
        )
        for batch in reader:
            values = [column.to_pylist() for column in batch.columns]
            for cells in zip(*values, strict=True):
                number = _refused(bad, number, len(header), report)
                report.row()
                yield number, dict(zip(columns, cells, strict=True))
                number += 1
        _refused(bad, number, len(header), report)
    except pa.ArrowInvalid as error:
        raise OwnershipFileError(f"not such a CSV: {str(error).splitlines()[0]}", where=where) from None


def _refused(bad: dict[int, tuple[int, str]], number: int, wanted: int, report: Report) -> int:
    """Reject rows of the wrong length that come next; the number of the row after them."""
    while number in bad:
        actual, text = bad.pop(number)
        report.row()
        report.reject(number, f"{actual} cells instead of {wanted}", text)
        number += 1
    return number
