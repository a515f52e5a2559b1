"""Decisions and screenings of names that were kept: found again, with who kept them and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from stopship.app.casework.screenings import party_of
from stopship.app.people import names_of_people
from stopship.app.service.edition import Edition
from stopship.errors import InputError
from stopship.model.order import read_order
from stopship.store import Database, audit, kept, keys
from stopship.store.kept import Looked, ScreenedParty
from stopship.store.screenings import Screening

PAGE = 50
FEWEST_DIGITS = 8
"""From so many hexadecimal digits on a text may be the beginning of a decision's hash."""


@dataclass(frozen=True, slots=True)
class KeptScreening:
    """One screening that was kept. `day` and `digest` lead to the decision; `day` is None where there is none
    (names were screened) or where it was removed."""

    screening: Screening
    parties: tuple[ScreenedParty, ...]
    day: str | None
    digest: str
    by: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """Some of what was kept, the newest first. `behind` asks for the page that follows, None on the last one;
    `cut`: so many parties have such a name that only those screened last were looked for."""

    rows: tuple[KeptScreening, ...]
    behind: int | None
    cut: bool


class KeptEvidence:
    """What was kept in one home.

    Args:
        edition: gives the lists in use, and with them the home.
        database: where screenings are noted.
    """

    def __init__(self, edition: Callable[[], Edition], database: Database) -> None:
        self._edition = edition
        self._database = database

    def people(self) -> dict[str, str]:
        """What to call those who keep: persons and keys, by how records name them."""
        with self._database.begin() as connection:
            named = {f"key:{key.id}": key.name for key in keys.all_of(connection)}
        return names_of_people(self._database) | named

    def find(self, looked: Looked, party: str = "", *, behind: int | None = None) -> KeptPage:
        """One page of what fits.

        Args:
            looked: what else is looked for.
            party: words of a party's name, or the beginning of a decision's hash.
            behind: of the page before.
        """
        people = self.people()
        cut = False
        with self._database.begin() as connection:
            if party.split():
                subjects, cut = kept.named(connection, party)
                looked = replace(looked, subjects=subjects, digits=_digits(party))
            found = kept.page(connection, looked, behind=behind, most=PAGE + 1)
            shown = found[:PAGE]
            parties = kept.parties(connection, [one.id for one in shown])
            days = self._days(audit.about(connection, [f"screening:{one.id}" for one in shown]))
        rows = tuple(
            KeptScreening(
                one,
                parties.get(one.id, ()),
                self._day(one, days.get(one.id)) if one.kind == "decision" else None,
                one.reference,
                people.get(one.actor, one.actor),
            )
            for one in shown
        )
        return KeptPage(rows, shown[-1].id if len(found) > PAGE else None, cut)

    def kept_of(self, digest: str, decision: Mapping[str, Any]) -> tuple[KeptScreening, ...]:
        """Each time that a decision was kept, in order.

        Args:
            digest: its hash, 64 digits. decision: its JSON.
        """
        try:
            names = [party_of(who).key for _n, _owner, who in read_order(dict(decision["transaction"])).everyone()]
        except InputError:  # of another version; it is found all the same
            names = []
        people = self.people()
        with self._database.begin() as connection:
            found = kept.of_decision(connection, digest, names)
            parties = kept.parties(connection, [one.id for one in found])
        return tuple(
            KeptScreening(one, parties.get(one.id, ()), None, digest, people.get(one.actor, one.actor))
            for one in found
        )

    def _days(self, rows: tuple[audit.AuditRow, ...]) -> dict[int, str]:
        """The days that decisions are about: the audit record has them."""
        found = {}
        for row in rows:
            day = orjson.loads(row.content).get("as_of") if row.content else None
            if day:
                found[int(row.subject.removeprefix("screening:"))] = str(day)
        return found

    def _day(self, one: Screening, day: str | None) -> str | None:
        """The day below which a decision lies; None where it was removed."""
        records = self._edition().workspace.records
        if day is None:
            path = records.path_of(one.reference)
            return path.parent.name if path is not None else None
        return day if (records.root / day / f"{one.reference}.json").is_file() else None


def _digits(text: str) -> str:
    digits = text.strip().lower().removeprefix("sha256:")
    return digits if len(digits) >= FEWEST_DIGITS and not set(digits) - set("0123456789abcdef") else ""


def day_of(text: str, where: str) -> date | None:
    """A day as a form has it; None where it is empty.

    Raises:
        InputError: it is none.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{text[:20]!r} is no day", where=where, hint="Write it as 2026-11-26") from None
