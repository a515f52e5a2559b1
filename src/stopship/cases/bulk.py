"""One verdict on many cases: previewed, proposed by one, agreed to by another, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from stopship.cases.actor import Actor, Role
from stopship.cases.desk import Desk, checked_reason, checked_text
from stopship.cases.judged import Judging, judge, settle
from stopship.cases.queue import versions
from stopship.cases.states import Event, State, Verdict, check
from stopship.cases.view import is_locked
from stopship.cases.wanted import Wanted
from stopship.errors import (
    CaseChanged,
    CaseError,
    CaseLocked,
    IllegalStep,
    NotFound,
    SettingsError,
    StepNotAllowed,
)
from stopship.store import audit, cases, dispositions
from stopship.store.cases import CaseRow
from stopship.store.dispositions import BulkRow


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bulk disposition would be about: its cases with their versions, and those that stand in its way."""

    chosen: tuple[tuple[int, int], ...]
    alerts: int
    refused: tuple[tuple[int, str], ...]

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "cases": [number for number, _ in self.chosen],
            "count": len(self.chosen),
            "alerts": self.alerts,
            "refused": [{"case": number, "why": why} for number, why in self.refused],
        }


@dataclass(frozen=True, slots=True)
class BulkCase:
    """One case of a bulk disposition; `changed`: it isn't as it was when that was proposed."""

    number: int
    changed: bool


class BulkDesk:
    """Bulk dispositions on the desk's database, by its policy."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def preview(self, chosen: Wanted | Sequence[int], actor: Actor, *, now: datetime) -> Preview:
        """What would be judged, without doing anything.

        Args:
            chosen: a filter (of it only what can be judged is taken), or numbers of cases.

        Raises:
            NotFound: a number is no case. SettingsError: more than the policy's limit, or none.
        """
        with self._desk.database.begin() as connection:
            return self._preview(connection, chosen, actor, now)

    def propose(
        self,
        chosen: Wanted | Sequence[int],
        verdict: Verdict,
        actor: Actor,
        *,
        count: int,
        reason: str,
        comment: str,
        now: datetime,
    ) -> BulkRow:
        """Propose one verdict for all open alerts of many cases.

        Args:
            chosen: as of `preview`.
            count: how many cases the person saw in the preview.

        Raises:
            CaseChanged: they are not so many any more.
            IllegalStep: one of them can't be judged; nothing is proposed then.
            SettingsError: the reason is none, the comment is empty, too many cases.
        """
        said = checked_reason(self._desk.policy, reason, comment, needed=True)
        if verdict not in (Verdict.TRUE_MATCH, Verdict.FALSE_MATCH):
            raise SettingsError("many cases at once are judged true or false", where="verdict")
        with self._desk.writing() as connection:
            found = self._preview(connection, chosen, actor, now)
            if found.refused:
                number, why = found.refused[0]
                raise IllegalStep(
                    f"{len(found.refused)} of these cases can't be judged, the first is case {number}: {why}",
                    where="bulk",
                )
            if len(found.chosen) != count:
                raise CaseChanged(
                    f"{len(found.chosen)} cases are meant, you saw {count}",
                    where="bulk",
                    hint="Look at them again",
                )
            by = chosen.to_plain() if isinstance(chosen, Wanted) else {"cases": sorted(set(chosen))}
            values = {
                "state": "proposed",
                "verdict": verdict.value,
                "reason": reason,
                "comment": said,
                "chosen_by": orjson.dumps(by).decode(),
                "cases": count,
                "maker": actor.id,
                "made": now,
            }
            number = dispositions.add_bulk(connection, values, found.chosen)
            told: dict[str, Any] = {"verdict": verdict.value, "reason": reason, "comment": said, "chosen_by": by}
            told["cases"] = [case for case, _ in found.chosen]
            self._audit(connection, number, "bulk.proposed", actor, now, told)
        self._desk.written()
        return self.show(number)

    def approve(self, number: int, actor: Actor, *, comment: str = "", now: datetime) -> BulkRow:
        """Agree to what somebody else proposed: all cases are judged, or none is.

        Raises:
            CaseChanged: a case is no longer as it was when it was proposed.
            CaseLocked, IllegalStep, StepNotAllowed, NotFound: see `stopship.errors`.
        """
        said = checked_text(comment, "the comment", needed=False)
        with self._desk.writing() as connection:
            row = self._waiting(connection, number, actor)
            maker = Actor(row.maker, Role.SUPERVISOR)
            judging = Judging(Verdict(row.verdict), row.reason, row.comment, bulk=number)
            held = dispositions.cases_of_bulk(connection, number)
            found = [self._unchanged(connection, case, version, number) for case, version in held]
            for case in found:
                check(Event.DECIDE, State(case.state), actor, where=f"case {case.id}")
                self._refuse_locked(case, row.maker, actor, now)
            values = {"state": "effective", "checker": actor.id, "checked": now, "check_comment": said}
            dispositions.change_bulk(connection, number, values)
            for case in found:
                self._judge(connection, case, judging, maker, actor, now)
            told = {"maker": row.maker, "comment": said, "cases": [case.id for case in found]}
            self._audit(connection, number, "bulk.approved", actor, now, told)
        self._desk.written()
        return self.show(number)

    def refuse(self, number: int, actor: Actor, *, comment: str, now: datetime) -> BulkRow:
        """Disagree with what somebody else proposed, saying why; the cases stay as they are."""
        said = checked_text(comment, "the comment")
        with self._desk.writing() as connection:
            row = self._waiting(connection, number, actor)
            values = {"state": "refused", "checker": actor.id, "checked": now, "check_comment": said}
            dispositions.change_bulk(connection, number, values)
            self._audit(connection, number, "bulk.refused", actor, now, {"maker": row.maker, "comment": said})
        self._desk.written()
        return self.show(number)

    def withdraw(self, number: int, actor: Actor, *, now: datetime) -> BulkRow:
        """Take one's own proposal back."""
        with self._desk.writing() as connection:
            row = self._found(connection, number)
            if row.state != "proposed":
                raise IllegalStep(f"it doesn't wait for anybody: it is {row.state}", where=f"bulk {number}")
            if row.maker != actor.id:
                raise StepNotAllowed(f"{row.maker} proposed it and alone may take it back", where=f"bulk {number}")
            dispositions.change_bulk(connection, number, {"state": "withdrawn", "checked": now})
            self._audit(connection, number, "bulk.withdrawn", actor, now, {})
        self._desk.written()
        return self.show(number)

    def show(self, number: int) -> BulkRow:
        """The bulk disposition of this number.

        Raises:
            NotFound: there is none.
        """
        with self._desk.database.begin() as connection:
            return self._found(connection, number)

    def waiting(self) -> tuple[BulkRow, ...]:
        """Those that wait for a second person."""
        with self._desk.database.begin() as connection:
            return dispositions.all_bulks(connection, "proposed")

    def lately(self, most: int) -> tuple[BulkRow, ...]:
        """Those that wait for nobody any more, the newest first."""
        with self._desk.database.begin() as connection:
            return dispositions.settled_bulks(connection, most)

    def how_many_wait(self) -> int:
        """How many wait for a second person."""
        with self._desk.database.begin() as connection:
            return dispositions.count_bulks(connection, "proposed")

    def cases_of(self, number: int) -> tuple[BulkCase, ...]:
        """The cases of a bulk disposition, in order, and of each whether it was changed since it was proposed."""
        return self.cases_of_some([number])[number]

    def cases_of_some(self, numbers: Sequence[int]) -> dict[int, tuple[BulkCase, ...]]:
        """As `cases_of`, for several, by their numbers."""
        with self._desk.database.begin() as connection:
            held = dispositions.cases_as_proposed(connection, numbers)
        return {n: tuple(BulkCase(case, not same) for case, same in rows) for n, rows in held.items()}

    # -- beneath -----------------------------------------------------------------------------------------------

    def _preview(
        self, connection: Connection, chosen: Wanted | Sequence[int], actor: Actor, now: datetime
    ) -> Preview:
        most = self._desk.policy.bulk_limit
        if isinstance(chosen, Wanted):
            numbers = [number for number, _ in versions(connection, chosen, now=now, most=most + 1)]
        else:
            numbers = sorted(set(chosen))
        if len(numbers) > most:
            raise SettingsError(
                f"more than {most} cases are meant", where="bulk", hint="Narrow the filter, or raise bulk_limit"
            )
        if not numbers:
            raise SettingsError("no case is meant", where="bulk")
        taken: list[tuple[int, int]] = []
        refused: list[tuple[int, str]] = []
        alerts = 0
        held, opened = cases.some(connection, numbers), cases.open_alerts(connection, numbers)
        for number in numbers:
            case = held.get(number)
            if case is None:
                raise NotFound(f"there is no case {number}", where="bulk")
            is_open = opened.get(number, 0)
            try:
                check(Event.DECIDE, State(case.state), actor, where="")
                self._refuse_locked(case, actor.id, actor, now)
                if not is_open:
                    raise IllegalStep("no alert of it is open")
            except CaseError as bad:
                refused.append((number, bad.message))
                continue
            taken.append((number, case.version))
            alerts += is_open
        return Preview(tuple(taken), alerts, tuple(refused))

    def _judge(
        self, connection: Connection, case: CaseRow, judging: Judging, maker: Actor, checker: Actor, now: datetime
    ) -> None:
        judged = [(a, judging.verdict) for a in cases.alerts_of(connection, case.id) if a.state == "open"]
        number = judge(connection, case.id, judging, judged, maker, now, proposed=False, checker=checker)
        values = settle(connection, case, now)
        cases.change(connection, case.id, case.version, {"changed": now, **values})
        content = {
            "before": {"state": case.state, "disposition": case.disposition},
            "after": {"state": values["state"], "disposition": values.get("disposition")},
            "disposition": number,
            "maker": maker.id,
            **judging.told(judged),
        }
        audit.append(
            connection,
            actor=checker.id,
            action="case.decided_in_bulk",
            subject=f"case:{case.id}",
            content=content,
            now=now,
        )

    def _unchanged(self, connection: Connection, number: int, version: int, bulk: int) -> CaseRow:
        case = cases.find(connection, number)
        if case is None or case.version != version:
            last = audit.last_about(connection, f"case:{number}")
            raise CaseChanged(
                f"case {number} was changed since it was proposed; nothing was decided",
                where=f"bulk {bulk}",
                hint="Refuse it, and propose it again",
                by=last.actor if last is not None else None,
            )
        return case

    def _refuse_locked(self, case: CaseRow, maker: str, actor: Actor, now: datetime) -> None:
        if is_locked(case, now) and case.locked_by not in (maker, actor.id):
            raise CaseLocked(f"{case.locked_by} works on it right now", where=f"case {case.id}", by=case.locked_by)

    def _found(self, connection: Connection, number: int) -> BulkRow:
        row = dispositions.find_bulk(connection, number)
        if row is None:
            raise NotFound(f"there is no bulk disposition {number}")
        return row

    def _waiting(self, connection: Connection, number: int, actor: Actor) -> BulkRow:
        row = self._found(connection, number)
        where = f"bulk {number}"
        if not actor.role.covers(Role.SUPERVISOR):
            raise StepNotAllowed(f"{actor.id} is {actor.role.value}; this needs supervisor or above", where=where)
        if row.state != "proposed":
            raise IllegalStep(f"it doesn't wait for anybody: it is {row.state}", where=where)
        if row.maker == actor.id:
            raise StepNotAllowed(
                f"{row.maker} proposed it; the second person must be somebody else", where=where, by=row.maker
            )
        return row

    def _audit(
        self,
        connection: Connection,
        number: int,
        action: str,
        actor: Actor,
        now: datetime,
        content: dict[str, Any],
    ) -> None:
        subject = f"bulk:{number}"
        audit.append(connection, actor=actor.id, action=action, subject=subject, content=content, now=now)
