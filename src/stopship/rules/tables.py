"""Dated tables: facts that the law prints by the hundred, beside the rules (`rulebook/tables`).

One file is one table as it stood from one day on: `tables/us/ear/country-chart/2026-07-23.tsv`. A later file of
the same folder ends the one before and never changes it. The first lines (`# key: value`) say where the facts
come from; then comes a line of column names and one row an entry, separated by tabs. Files are read when they
are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from stopship.errors import RulebookError
from stopship.model.values import parse_day

TABLES_FOLDER = "tables/"
HEADER = ("title", "source", "url", "issued", "in_force", "verified_on", "made_by")
_OPTIONAL = ("note",)


@dataclass(frozen=True)
class Table:
    """One table as it stood from `begins` on.

    Attributes:
        name: folder below `tables`, "us/ear/country-chart".
        begins: first day for which it is known to hold.
        ends: first day on which it no longer does; None: until a later one.
        verified_on: when it was last compared with a primary text; None: never.
        header: all of its `# key: value` lines.
        columns: names of the columns.
        rows: one tuple of texts an entry, as many as there are columns.
    """

    name: str
    begins: date
    ends: date | None
    verified_on: date | None
    header: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def records(self) -> Iterator[dict[str, str]]:
        """Each row by the names of its columns."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


@dataclass(frozen=True)
class Chosen:
    """A table for a day, parsed when it is asked for. `confirmed` is False where the day lies
    before the earliest one."""

    name: str
    begins: date
    day: date
    tables: Tables

    @cached_property
    def table(self) -> Table:
        return self.tables.version(self.name, self.begins)

    @property
    def confirmed(self) -> bool:
        return self.begins <= self.day


class Tables:
    """All tables of a rulebook, by name; none is parsed before it is asked for.

    Args:
        files: path below the rulebook ("tables/us/ear/ccl-entries/2026-07-23.tsv") -> content.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files: dict[str, dict[date, tuple[str, bytes]]] = {}
        self._read: dict[tuple[str, date], Table] = {}
        for path in sorted(files):
            name, _, file = path.removeprefix(TABLES_FOLDER).rpartition("/")
            try:
                begins = parse_day(file.removesuffix(".tsv"))
            except ValueError:
                raise RulebookError("a table is named for the day from which it holds", where=path) from None
            self._files.setdefault(name, {})[begins] = (path, files[path])

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def days(self, name: str) -> tuple[date, ...]:
        """From which days on versions of a table are held, the earliest first."""
        return tuple(sorted(self._files.get(name, ())))

    def all(self) -> Iterator[Table]:
        """Every version of every table.

        Raises:
            RulebookError: one is malformed.
        """
        return (self.version(name, day) for name in self.names for day in self.days(name))

    def on(self, name: str, day: date) -> Chosen:
        """The version that holds on a day: the last one that begins on it or before, else the earliest.

        Raises:
            RulebookError: there is no such table.
        """
        days = self.days(name)
        if not days:
            raise RulebookError("there is no such table", where=f"{TABLES_FOLDER}{name}")
        begun = [begins for begins in days if begins <= day]
        return Chosen(name, begun[-1] if begun else days[0], day, self)

    def version(self, name: str, begins: date) -> Table:
        """One version of a table, parsed once.

        Raises:
            RulebookError: it is malformed.
        """
        if (name, begins) not in self._read:
            path, content = self._files[name][begins]
            later = [day for day in self.days(name) if day > begins]
            table = read_table(content, path, name)
            if table.begins != begins:
                raise RulebookError(f"holds from {table.begins}, its name says {begins}", where=path)
            ends = min([end for end in (table.ends, *later) if end is not None], default=None)
            self._read[name, begins] = Table(
                name, begins, ends, table.verified_on, table.header, table.columns, table.rows
            )
        return self._read[name, begins]


def read_table(content: bytes, where: str, name: str) -> Table:
    """Read one file.

    Raises:
        RulebookError: a line of the header is missing or unknown, or a row has not as many cells as there are
            columns; names file and line.
    """
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise RulebookError("not UTF-8 text", where=where) from None
    header: dict[str, str] = {}
    number = 0
    while number < len(lines) and lines[number].startswith("#"):
        key, colon, value = lines[number][1:].partition(":")
        if not colon or key.strip() not in (*HEADER, *_OPTIONAL):
            known = ", ".join((*HEADER, *_OPTIONAL))
            raise RulebookError(
                "not a line of the header", where=f"{where}, line {number + 1}", hint=f"Known: {known}"
            )
        header[key.strip()] = value.strip()
        number += 1
    for key in HEADER:
        if key not in header:
            raise RulebookError(f"the header has no `{key}`", where=where)
    if number >= len(lines):
        raise RulebookError("there is no line of column names", where=where)
    columns = tuple(lines[number].split("\t"))
    rows = []
    for at, line in enumerate(lines[number + 1 :], start=number + 2):
        cells = tuple(line.split("\t"))
        if len(cells) != len(columns):
            raise RulebookError(f"{len(cells)} cells, {len(columns)} columns", where=f"{where}, line {at}")
        rows.append(cells)
    begins, ends = _interval(header["in_force"], where)
    verified = header["verified_on"]
    return Table(
        name, begins, ends, None if verified == "null" else _day(verified, where), header, columns, tuple(rows)
    )


def _interval(text: str, where: str) -> tuple[date, date | None]:
    begins, comma, ends = text.strip("[]").partition(",")
    if not comma:
        raise RulebookError("in_force: expected [from, to], with null for an open end", where=where)
    first, last = _day(begins, where), None if ends.strip() == "null" else _day(ends, where)
    if last is not None and last <= first:
        raise RulebookError("in_force: ends before it begins", where=where)
    return first, last


def _day(text: str, where: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise RulebookError(str(error), where=where) from None


def render_table(header: Mapping[str, str], columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """The text of a table file; white space inside of cells becomes single spaces."""
    lines = [f"# {key}: {header[key]}" for key in (*HEADER, *_OPTIONAL) if key in header]
    lines.append("\t".join(columns))
    lines += ["\t".join(" ".join(cell.split()) for cell in row) for row in rows]
    return "\n".join(lines) + "\n"
