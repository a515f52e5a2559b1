"""New versions of the dated tables from the official XML, and how they differ from those that are held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from stopship.errors import RulebookError
from stopship.rules.country_chart import CountryChart
from stopship.rules.ecfr import Read
from stopship.rules.law import CHART
from stopship.rules.law_facts import Stamp, ccl_tables, chart_tables, exception_tables, group_tables
from stopship.rules.tables import Table, Tables, read_table

MOST_LOST = 0.2
"""A table that loses a larger share of its rows is refused unless a person says that it is right."""

_URL = "https://www.ecfr.gov/api/versioner/v1/full/{day}/title-15.xml?part={part}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One table, as it would be written, beside the latest one that is held.

    Attributes:
        path: below the rulebook; `text` its content.
        added, removed, changed: rows, by what stands in their first columns.
    """

    name: str
    path: str
    text: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    before: int

    @property
    def same(self) -> bool:
        return not (self.added or self.removed or self.changed)


def new_tables(
    reads: Sequence[Read], issued: date, made_by: str, verified_on: date | None = None
) -> dict[str, str]:
    """Path -> text of every table that the files hold.

    Args:
        reads: the files, read.
        issued: the day of the publication, from which the tables hold.
        verified_on: the day on which a person compared them with the text.
    """

    def stamp(part: str, what: str) -> Stamp:
        url = _URL.format(day=issued.isoformat(), part=part)
        return Stamp(f"15 CFR Part {part}, {what}", url, issued, made_by, verified_on)

    tables: dict[str, str] = {}
    for read in reads:
        if read.entries is not None:
            tables |= ccl_tables(read.entries, stamp("774", "Supplement No. 1 (Commerce Control List)"))
        if read.chart is not None:
            tables |= chart_tables(read.chart, read.footnotes, stamp("738", "Supplement No. 1 (Country Chart)"))
        if read.groups is not None:
            tables |= group_tables(read.groups, stamp("740", "Supplement No. 1 (Country Groups)"))
        if read.exceptions is not None:
            tables |= exception_tables(read.exceptions, stamp("740", "License Exceptions"))
    return tables


def differences(
    held: Tables, texts: dict[str, str], issued: date, *, allow_shrink: bool = False
) -> list[Difference]:
    """How new tables differ from the latest ones that are held, those that are the same left out.

    Raises:
        RulebookError: a table holds from a later day already, or loses more of its rows than `MOST_LOST`.
    """
    found = []
    for path, text in texts.items():
        name = path.removeprefix("tables/").rpartition("/")[0]
        latest = held.version(name, held.days(name)[-1]) if held.days(name) else None
        if latest is not None and latest.begins > issued:
            raise RulebookError(
                f"a version of {latest.begins} is held, which is later than {issued}",
                where=path,
                hint="Tables are written in the order of their days",
            )
        difference = _difference(name, path, text, latest)
        if latest is not None and latest.begins == issued and not difference.same:
            raise RulebookError("there already is another version for the same day", where=path)
        lost = len(difference.removed) / max(1, difference.before)
        if lost > MOST_LOST and not allow_shrink:
            raise RulebookError(
                f"{len(difference.removed)} of {difference.before} rows are gone",
                where=path,
                hint="If that is right, say --allow-shrink",
            )
        if not difference.same:
            found.append(difference)
    return found


def _difference(name: str, path: str, text: str, latest: Table | None) -> Difference:
    new = read_table(text.encode(), path, name)
    before = _keyed(latest) if latest is not None else {}
    after = _keyed(new)
    return Difference(
        name=name,
        path=path,
        text=text,
        added=tuple(key for key in after if key not in before),
        removed=tuple(key for key in before if key not in after),
        changed=tuple(key for key in after if key in before and before[key] != after[key]),
        before=len(before),
    )


_KEYS = {
    "us/ear/ccl-requirements": 5,
    "us/ear/ccl-exceptions": 2,
    "us/ear/ccl-text": 4,
    "us/ear/license-exceptions": 2,
}
"""How many first columns tell the rows of a table apart; the others' first column does."""


def _keyed(table: Table) -> dict[str, tuple[str, ...]]:
    """Rows by what tells them apart; of two alike the second gets a number."""
    keyed: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        key = " | ".join(cell for cell in row[: _KEYS.get(table.name, 1)] if cell)
        number = 1
        while key in keyed:
            number += 1
            key = f"{key.removesuffix(f' ({number - 1})')} ({number})"
        keyed[key] = row
    return keyed


def problems(held: Tables, texts: dict[str, str], reads: Iterable[Read]) -> Iterator[str]:
    """What a person must look at: what was not read, and readings of footnotes that lost the text they rest on."""
    for read in reads:
        yield from read.unread
    new = {}
    for path, text in texts.items():
        name = path.removeprefix("tables/").rpartition("/")[0]
        new[name] = read_table(text.encode(), path, name)
    if any(name in new for name in CHART) and all(name in new or held.days(name) for name in CHART):
        chart = [new[name] if name in new else held.version(name, held.days(name)[-1]) for name in CHART]
        yield from CountryChart(*chart).problems()
    requirements = new.get("us/ear/ccl-requirements")
    for row in requirements.records() if requirements else ():
        if row["reach"] == "?*" and row["chart"]:
            yield f"{row['eccn']}: not understood, open for every destination: {row['chart']}"
