"""A designation as both forms of the list give it: groups of columns, whatever rows they came in."""

from __future__ import annotations

from dataclasses import dataclass, field

NAME_COLUMNS = ("Name 6", "Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name type", "Alias strength")
SCRIPT_COLUMNS = ("Name non-latin script", "Non-latin script type", "Non-latin script language")
ADDRESS_COLUMNS = (
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "Address Line 4",
    "Address Line 5",
    "Address Line 6",
    "Address Postal Code",
    "Address Country",
)
LISTING_COLUMNS = (
    "Regime Name",
    "Date Designated",
    "Sanctions Imposed",
    "Designation source",
    "Other Information",
    "UK Statement of Reasons",
    "Last Updated",
)
BIRTH_COLUMNS = ("Town of birth", "Country of birth")
GROUPS = (NAME_COLUMNS, SCRIPT_COLUMNS, ADDRESS_COLUMNS, LISTING_COLUMNS, BIRTH_COLUMNS)

Group = tuple[str, ...]
"""The cells of one group, in the order of its columns."""


@dataclass(slots=True)
class Designation:
    """Each group and each single column once, in the order met. `rows` are the numbers of its rows."""

    rows: list[int] = field(default_factory=list)
    groups: dict[tuple[str, ...], dict[Group, None]] = field(default_factory=dict)
    values: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, number: int, cells: dict[str, str]) -> None:
        """Take in one row, or one element of the XML form: columns that are missing are empty."""
        if number not in self.rows:
            self.rows.append(number)
        grouped: set[str] = set()
        for columns in GROUPS:
            group = tuple(cells.get(column, "") for column in columns)
            grouped.update(columns)
            if any(group):
                self.groups.setdefault(columns, {})[group] = None
        for column, cell in cells.items():
            if cell and column not in grouped:
                self.values.setdefault(column, {})[cell] = None

    def of(self, columns: tuple[str, ...]) -> list[Group]:
        """The groups of these columns, sorted: rows may come in any order."""
        return sorted(self.groups.get(columns, ()))

    def all(self, column: str) -> list[str]:
        """The values of a single column, sorted."""
        return sorted(self.values.get(column, ()))

    def one(self, column: str) -> str:
        """The value of a column that a designation has one of; the first where it has several."""
        return next(iter(self.all(column)), "")
