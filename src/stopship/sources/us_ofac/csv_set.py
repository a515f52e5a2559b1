"""The CSV set: sdn.csv with add.csv, alt.csv and sdn_comments.csv, or cons_prim.csv with its three.

Without headers, "-0-" for an empty cell, a Ctrl-Z at the end of each file. The columns are those of the
publisher's data specification (dat_spec.txt). A remark of more than 1,000 characters is cut there and goes on in
the comments.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stopship.errors import ListFileError
from stopship.model import NameKind
from stopship.sources.archives import require_members
from stopship.sources.containers import decode
from stopship.sources.contract import Reject, SourceInfo
from stopship.sources.drift import layout_changed
from stopship.sources.printed import printed
from stopship.sources.us_ofac.entry import Alias, Entry
from stopship.sources.us_ofac.remarks import read_remarks

LAYOUT = "csv"
PRIMARY = ("ent_num", "name", "type", "program", "title", "call_sign", "vess_type", "tonnage", "grt", "vess_flag",
           "vess_owner", "remarks")  # fmt: skip
ADDRESSES = ("ent_num", "add_num", "address", "city_state_postal", "country", "add_remarks")
ALIASES = ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks")
COMMENTS = ("ent_num", "comments")
_END = "\x1a"
_FULL_REMARK = 1000
MAX_CELL = 1_000_000


@dataclass(slots=True)
class CsvSet:
    """The entries of one set.

    Args:
        members: the files by name, in lower case, unpacked.
        where: the set's name, for messages.
        info: the catalogue line; `info.files` are the primary, address, alias and comment file.

    `rejects` are rows that no entry could take, `warnings` what should be looked at.
    """

    members: Mapping[str, bytes]
    where: str
    info: SourceInfo
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Entries with their row in the primary file.

        Raises:
            ListFileError: a file is missing, cut short, empty or no such file.
        """
        require_members(self.members, self.info.files, self.where, f"the CSV form of the {self.info.title}")
        primary, addresses, aliases, comments = self.info.files
        found: dict[str, tuple[int, Entry]] = {}
        remarks: dict[str, str] = {}
        for row, cells in self._rows(primary, PRIMARY):
            number = cells["ent_num"]
            if not number.isdigit() or number in found:
                problem = "its number stands on an earlier row too" if number in found else "it has no number"
                self.rejects.append(Reject.of(row, f"{primary}: {problem}", cells.values()))
                continue
            found[number] = (row, _entry(cells))
            remarks[number] = cells["remarks"]
        if not found:
            raise ListFileError(f"no row of {primary} can be read", where=self.where, hint="Download it again")
        for row, cells in self._rows(addresses, ADDRESSES):
            if entry := self._taker(found, addresses, row, cells):
                entry.add_address([cells["address"], cells["city_state_postal"]], cells["country"])
        for row, cells in self._rows(aliases, ALIASES):
            if (entry := self._taker(found, aliases, row, cells)) and cells["alt_name"]:
                kind = NameKind.FORMER if cells["alt_type"].casefold() == "fka" else NameKind.ALIAS
                entry.aliases.append(Alias(cells["alt_name"], kind))
        for row, cells in self._rows(comments, COMMENTS, raw="comments"):
            if self._taker(found, comments, row, cells):
                remarks[cells["ent_num"]] += cells["comments"]
        short = [n for n, text in remarks.items() if len(text) == _FULL_REMARK and not text.endswith(".")]
        if short:
            self.warnings.append(
                f"the remarks of {len(short):,} entries are cut after 1,000 characters and don't go on in "
                f"{comments}: {', '.join(short[:5])}"
            )
        for number, (row, entry) in found.items():
            read_remarks(remarks[number], entry)
            yield row, entry

    def _taker(
        self, found: Mapping[str, tuple[int, Entry]], name: str, row: int, cells: Mapping[str, str]
    ) -> Entry | None:
        number = cells["ent_num"]
        if number in found:
            return found[number][1]
        reason = f"{name}: there is no entry with its number in {self.info.files[0]}"
        self.rejects.append(Reject.of(row, reason, cells.values()))
        return None

    def _rows(self, name: str, columns: tuple[str, ...], raw: str = "") -> Iterator[tuple[int, dict[str, str]]]:
        where = f"{self.where}, {name}"
        text = decode(self.members[name], where, f"{name} of the CSV form")
        body, end, behind = text.rstrip("\r\n ").partition(_END)
        if behind.strip():
            raise ListFileError(f"there is something behind the end mark of {name}", where=where)
        if not end:
            self.warnings.append(f"{name} has no end mark (Ctrl-Z), perhaps it is cut short")
        before = csv.field_size_limit(2**31 - 1)
        try:
            yield from self._read(name, body, columns, raw, complete=bool(end))
        finally:
            csv.field_size_limit(before)

    def _read(
        self, name: str, body: str, columns: tuple[str, ...], raw: str, *, complete: bool
    ) -> Iterator[tuple[int, dict[str, str]]]:
        where = f"{self.where}, {name}"
        reader = csv.reader(io.StringIO(body, newline=""), strict=True)
        lines: list[list[str]] = []
        row = 0
        widths: dict[int, int] = {}
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise _cut(where, row + 1, "inside a quoted cell") from None
                row += 1
                self.rejects.append(Reject(row, f"{name}: not well-formed CSV: {error}", ""))
                continue
            if not cells or cells == [""]:
                continue
            row += 1
            if max(map(len, cells)) > MAX_CELL:
                raise ListFileError(
                    f"a cell in row {row:,} has more than {MAX_CELL:,} characters",
                    where=where,
                    hint="Look for a missing quotation mark, or download it again",
                )
            widths[len(cells)] = widths.get(len(cells), 0) + 1
            if len(cells) == len(columns):
                yield (
                    row,
                    {
                        column: ("" if cell.strip() == "-0-" else cell if column == raw else printed(cell))
                        for column, cell in zip(columns, cells, strict=True)
                    },
                )
                lines.clear()
            else:
                lines = [cells]
                reason = f"{name}: {len(cells)} cells where {len(columns)} belong"
                self.rejects.append(Reject.of(row, reason, cells))
        if lines and len(lines[0]) < len(columns) and not complete:
            raise _cut(where, row, f"after {len(lines[0])} cells of {len(columns)}")
        if widths and widths.get(len(columns), 0) * 2 < row:
            usual = max(widths, key=lambda width: widths[width])
            raise layout_changed(
                f"rows have {usual} cells where {len(columns)} belong",
                where,
                hint=f"{name} has {len(columns)} columns, no header; hand in the right file or update Stopship",
            )


def _entry(cells: Mapping[str, str]) -> Entry:
    entry = Entry(number=cells["ent_num"], kind=cells["type"] or "Entity", name=cells["name"])
    entry.tags = [tag for part in cells["program"].split("] [") if (tag := part.strip(" []"))]
    entry.title = cells["title"]
    vessel = {
        "call_sign": cells["call_sign"],
        "vessel_type": cells["vess_type"],
        "tonnage": cells["tonnage"],
        "gross_registered_tonnage": cells["grt"],
        "flag": cells["vess_flag"],
        "owner": cells["vess_owner"],
    }
    entry.vessel = {key: text for key, text in vessel.items() if text}
    return entry


def _cut(where: str, row: int, how: str) -> ListFileError:
    return ListFileError(
        f"the file is cut short: it ends in row {row:,} {how}", where=where, hint="Download it again"
    )
