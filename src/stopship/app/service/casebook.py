"""What a page of one case shows beside the case: its neighbours in the queue, the order that raised it, what was
said of the same entries elsewhere, whether its rows of the audit record hold, and all of it as a file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from stopship.access.vocabulary import Role
from stopship.app.auditing import last_noted
from stopship.app.casework.desk import case_work
from stopship.app.people import person_id
from stopship.app.service.edition import Edition
from stopship.cases import Actor, Wanted, queue
from stopship.cases.view import CaseView, is_locked
from stopship.errors import NotFound, SettingsError
from stopship.store import Database, audit_check, cases, dispositions, users
from stopship.store.audit_check import Fault
from stopship.store.dispositions import DispositionRow

FORMS: Mapping[str, str] = {"pdf": "application/pdf", "zip": "application/zip", "json": "application/json"}
"""Evidence that can be had, with its media type: to print, to replay, as PROV-JSON."""
MOST_EARLIER = 10


@dataclass(frozen=True, slots=True)
class Behind:
    """A kept decision that a case came from: its hash, its day, its JSON."""

    digest: str
    as_of: str
    plain: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was said of a listed entry in another case."""

    entity_id: str
    verdict: str
    said: DispositionRow
    name: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Whether the rows about a case hold. `noted` and `noted_at`: the last head that lies outside of the database,
    None where none does."""

    rows: int
    faults: tuple[Fault, ...]
    noted: int | None
    noted_at: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a case that somebody has just left. `undo`: they proposed it and may take it back."""

    number: int
    version: int
    state: str
    verdict: str
    name: str
    undo: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a case is right now, in short: for a page that waits until another person's lock ends."""

    version: int
    locked_by: str | None


class Casebook:
    """What stands around the cases of one database.

    Args:
        edition: gives the lists in use.
        database: where cases are.
        now: tells the moment, timezone-aware.
    """

    def __init__(self, edition: Callable[[], Edition], database: Database, *, now: Callable[[], datetime]) -> None:
        self._edition = edition
        self._database = database
        self._now = now

    def beside(self, number: int, wanted: Wanted, *, sort: str) -> tuple[int | None, int | None]:
        """The cases before and behind one, in a view of the queue."""
        with self._database.begin() as connection:
            return queue.beside(connection, wanted, number, now=self._now(), sort=sort)

    def behind(self, view: CaseView) -> Behind | None:
        """The last order of a case that was decided and kept; None where it came from names alone, or the decision
        isn't in this home any more."""
        records = self._edition().workspace.records
        for screening in view.screenings:
            path = records.path_of(screening.reference) if screening.kind == "decision" else None
            if path is not None:
                return Behind(screening.reference, path.parent.name, orjson.loads(path.read_bytes()))
        return None

    def earlier(self, number: int) -> tuple[Earlier, ...]:
        """What was said of the same entries in other cases, the newest first.

        Raises:
            NotFound: there is no such case.
        """
        with self._database.begin() as connection:
            if cases.find(connection, number) is None:
                raise NotFound(f"there is no case {number}")
            entities = [alert.entity_id for alert in cases.alerts_of(connection, number)]
            found = dispositions.of_entities(connection, entities, but=number, most=MOST_EARLIER)
            held = cases.some(connection, sorted({said.case_id for said, _, _ in found}))
        return tuple(
            Earlier(entity, verdict, said, held[said.case_id].name if said.case_id in held else "")
            for said, entity, verdict in found
        )

    def chain(self, view: CaseView) -> Chain:
        """Check the rows about a case, and say what is noted outside of the database."""
        with self._database.begin() as connection:
            faults = audit_check.check_some(connection, view.timeline)
        noted = last_noted(self._edition().workspace.home)
        return Chain(len(view.timeline), faults, noted[0] if noted else None, noted[1] if noted else "")

    def done(self, number: int, me: str) -> Done | None:
        """What became of a case that a person has just worked on; None where there is none."""
        with self._database.begin() as connection:
            case = cases.find(connection, number)
            if case is None:
                return None
            waiting = dispositions.waiting(connection, number)
        verdict = (waiting.verdict if waiting is not None else case.disposition) or ""
        undo = waiting is not None and waiting.maker == me
        return Done(number, case.version, case.state, verdict, case.name, undo)

    def pulse(self, number: int) -> Pulse:
        """How a case is right now.

        Raises:
            NotFound: there is none.
        """
        with self._database.begin() as connection:
            case = cases.find(connection, number)
        if case is None:
            raise NotFound(f"there is no case {number}")
        return Pulse(case.version, case.locked_by if is_locked(case, self._now()) else None)

    def assignees(self) -> dict[str, str]:
        """Who may be given a case, by how records name them: the name to show."""
        with self._database.begin() as connection:
            everyone = users.all_of(connection)
        able = [one for one in everyone if one.disabled is None and one.role != Role.VIEWER]
        return {person_id(one): one.full_name or one.name for one in able}

    def write(self, about: int | str, form: str, actor: Actor) -> Path:
        """Write a case, or a kept decision, as evidence to a file of its own folder, which the caller removes with
        `forget`. That it was taken out is a row of the audit record.

        Args:
            about: the number of a case, or the hash of a decision.
            form: of `FORMS`.

        Raises:
            SettingsError: another form, or PDF can't be made here. NotFound, StateError: see `write_evidence`.
        """
        if form not in FORMS:
            raise SettingsError(f"{form[:20]!r} is no form of evidence", hint=f"Known: {', '.join(FORMS)}")
        from stopship.app.casework.evidence import write_evidence

        workspace, now = self._edition().workspace, self._now()
        work = case_work(workspace, self._database, now=now)
        what = f"case-{about}" if isinstance(about, int) else f"decision-{about[:12]}"
        folder = Path(tempfile.mkdtemp(prefix="stopship-evidence-"))
        out = folder / f"{what}-{now:%Y-%m-%d}{'-prov' if form == 'json' else ''}.{form}"
        try:
            write_evidence(workspace, work, about, out, actor, now=now)
        except BaseException:
            forget(out)
            raise
        return out


def forget(path: Path) -> None:
    """Remove a file that `Casebook.write` has written, with its folder."""
    shutil.rmtree(path.parent, ignore_errors=True)
