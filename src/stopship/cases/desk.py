"""The desk: what people do with one case. Each step is one transaction, with its row in the audit record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from stopship.cases.actor import Actor, Role
from stopship.cases.judged import Judging, judge, settle, still_as_judged, undo
from stopship.cases.policy import Policy
from stopship.cases.queue import next_unassigned
from stopship.cases.reopening import ANEW, urgency
from stopship.cases.states import Event, State, Verdict, check
from stopship.cases.suppressing import SuppressionWish, activate, propose_suppression, withdraw_all
from stopship.cases.view import CaseView, is_locked, read_case
from stopship.cases.wanted import Wanted
from stopship.errors import CaseChanged, CaseLocked, IllegalStep, NotFound, SettingsError, StepNotAllowed
from stopship.store import Database, audit, case_papers, cases, dispositions, suppressions
from stopship.store.cases import AlertRow, CaseRow

MOST_TEXT = 10_000
_PAST_LOCKS = (Event.ASSIGN, Event.NOTE, Event.ATTACH)


@dataclass(frozen=True, slots=True)
class Step:
    """A step under way: its transaction, the case as it was, its alerts."""

    connection: Connection
    case: CaseRow
    alerts: tuple[AlertRow, ...]
    actor: Actor
    now: datetime

    def finish(self, action: str, values: Mapping[str, Any], content: Mapping[str, Any]) -> None:
        """Change the case and write what was done.

        Raises:
            CaseChanged: somebody else was faster.
        """
        before = {name: _plain(getattr(self.case, name)) for name in values}
        if not cases.change(self.connection, self.case.id, self.case.version, {"changed": self.now, **values}):
            raise CaseChanged("somebody else changed it at the same time", where=f"case {self.case.id}")
        changed = {name: _plain(value) for name, value in values.items()}
        differing = {name: value for name, value in before.items() if value != changed[name]}
        audit.append(
            self.connection,
            actor=self.actor.id,
            action=action,
            subject=f"case:{self.case.id}",
            content={"before": differing, "after": {name: changed[name] for name in differing}, **content},
            now=self.now,
        )


class Desk:
    """Case work on one database, by one policy.

    Args:
        database: that of the home.
        policy: due dates, second eyes, locks.
        written: called after each transaction that was written.

    All steps take who acts and the moment. `version` is that of the case as the person saw it: the step is refused
    with `CaseChanged` if the case is another one by now. A step that is refused changes nothing.
    """

    def __init__(self, database: Database, policy: Policy, written: Callable[[], None] | None = None) -> None:
        self.database = database
        self.policy = policy
        self.written = written or (lambda: None)

    def show(self, case: int) -> CaseView:
        """A case with all that belongs to it.

        Raises:
            NotFound: there is none of this number.
        """
        with self.database.begin() as connection:
            return read_case(connection, case)

    def take(self, case: int, actor: Actor, *, now: datetime, version: int | None = None) -> CaseRow:
        """Assign a case to oneself. Others are told so until the lock expires."""
        with self.step(case, Event.TAKE, actor, now, version) as step:
            step.finish("case.taken", self._mine(actor, now), {})
        return self._again(case)

    def take_next(self, actor: Actor, *, now: datetime, wanted: Wanted | None = None) -> CaseRow | None:
        """Take the most urgent case that nobody has; None where there is none."""
        with self.writing() as connection:
            number = next_unassigned(connection, wanted or Wanted(), actor.role.covers(Role.SUPERVISOR), now)
            if number is None:
                return None
            step = self._begun(connection, number, Event.TAKE, actor, now, None)
            step.finish("case.taken", self._mine(actor, now), {})
        self.written()
        return self._again(number)

    def assign(self, case: int, to: str, actor: Actor, *, now: datetime, version: int | None = None) -> CaseRow:
        """Give a case to somebody; to oneself is `take`."""
        if to == actor.id:
            return self.take(case, actor, now=now, version=version)
        Actor(to)  # refuses what can't be anybody
        with self.step(case, Event.ASSIGN, actor, now, version) as step:
            step.finish("case.assigned", {"assignee": to, "locked_by": None, "locked_until": None}, {})
        return self._again(case)

    def release(self, case: int, actor: Actor, *, now: datetime, version: int | None = None) -> CaseRow:
        """Give a case back. An analyst gives back what is theirs, a supervisor anything."""
        with self.step(case, Event.RELEASE, actor, now, version) as step:
            holder = step.case.assignee
            if holder not in (None, actor.id) and not actor.role.covers(Role.SUPERVISOR):
                raise StepNotAllowed(f"it is assigned to {holder}, not to {actor.id}", where=f"case {case}")
            step.finish("case.released", {"assignee": None, "locked_by": None, "locked_until": None}, {})
        return self._again(case)

    def note(self, case: int, text: str, actor: Actor, *, now: datetime) -> int:
        """Write a note; its number."""
        said = checked_text(text, "the note")
        with self.step(case, Event.NOTE, actor, now, None) as step:
            values = {"case_id": case, "moment": now, "actor": actor.id, "text": said}
            number = case_papers.add_note(step.connection, values)
            step.finish("case.noted", {}, {"note": number, "text": said})
        return number

    def possible(
        self, case: int, actor: Actor, *, reason: str, comment: str = "", now: datetime, version: int | None = None
    ) -> CaseRow:
        """Say that a match is possible. The case stays, with the reason on record."""
        said = self._reason(reason, comment)
        with self.step(case, Event.POSSIBLE, actor, now, version) as step:
            judging = Judging(Verdict.POSSIBLE, reason, said)
            number = judge(step.connection, step.case.id, judging, (), actor, now, proposed=False)
            step.finish("case.possible", self._mine(actor, now), {"disposition": number, **judging.told()})
        return self._again(case)

    def escalate(
        self, case: int, actor: Actor, *, reason: str, comment: str, now: datetime, version: int | None = None
    ) -> CaseRow:
        """Hand a case to a supervisor, saying why."""
        said = self._reason(reason, comment, needed=True)
        with self.step(case, Event.ESCALATE, actor, now, version) as step:
            judging = Judging(Verdict.ESCALATED, reason, said)
            number = judge(step.connection, step.case.id, judging, (), actor, now, proposed=False)
            values = {"state": State.ESCALATED.value, "assignee": None, "locked_by": None, "locked_until": None}
            step.finish("case.escalated", values, {"disposition": number, **judging.told()})
        return self._again(case)

    def decide(
        self,
        case: int,
        verdict: Verdict,
        actor: Actor,
        *,
        reason: str,
        comment: str = "",
        now: datetime,
        version: int | None = None,
        alerts: tuple[int, ...] | None = None,
        others: Mapping[int, Verdict] | None = None,
        suppress: SuppressionWish | None = None,
    ) -> CaseRow:
        """Judge alerts of a case: true or false. `possible` and `escalated` may be given too.

        Args:
            verdict: of `alerts`, or of all that are open.
            reason: a code of the policy. comment: needed with the reason `other`.
            alerts: which; None: all that are open.
            others: alerts that have another verdict, in the same step.
            suppress: keep those judged false silent from now on; a second person may have to agree.

        Returns:
            The case as it is then: `proposed` where a second person must agree, `closed` where nothing is left.

        Raises:
            IllegalStep, StepNotAllowed, CaseLocked, CaseChanged, NotFound: see `stopship.errors`.
            SettingsError: the reason is none, the comment is missing, or `possible` and `escalated` are given to
                single alerts or with a suppression.
        """
        if verdict in (Verdict.POSSIBLE, Verdict.ESCALATED) and (alerts is not None or others or suppress):
            raise SettingsError(
                f"{verdict.value} is said of the whole case, and keeps nothing silent",
                where=f"case {case}",
                hint="Leave out alerts, other verdicts and the suppression",
            )
        if verdict is Verdict.POSSIBLE:
            return self.possible(case, actor, reason=reason, comment=comment, now=now, version=version)
        if verdict is Verdict.ESCALATED:
            return self.escalate(case, actor, reason=reason, comment=comment, now=now, version=version)
        said = self._reason(reason, comment)
        with self.writing() as connection:
            step = self._begun(connection, case, Event.DECIDE, actor, now, version)
            judged = _verdicts(step, verdict, alerts, others or {})
            proposed = any(self.policy.asks_checker(given.value, alert.band) for alert, given in judged)
            if proposed:
                check(Event.PROPOSE, State(step.case.state), actor, where=f"case {case}")
                # Nobody could agree to it: what is open must be judged before, and can't be while it waits.
                _refuse_open(step, [alert.id for alert, _ in judged], "Give each of them a verdict")
            judging = Judging(verdict, reason, said)
            number = judge(connection, case, judging, judged, actor, now, proposed=proposed)
            if suppress is not None:
                false = [alert for alert, given in judged if given is Verdict.FALSE_MATCH]
                with_it = number if proposed else None
                propose_suppression(
                    connection, self.policy, step.case, false, suppress, judging, actor, now, disposition=with_it
                )
            values = settle(connection, step.case, now)
            content = {"disposition": number, **judging.told(judged)}
            step.finish("case.proposed" if proposed else "case.decided", values, content)
        self.written()
        return self._again(case)

    def approve(
        self, case: int, actor: Actor, *, comment: str = "", now: datetime, version: int | None = None
    ) -> CaseRow:
        """Agree to what somebody else proposed.

        Raises:
            IllegalStep: an alert is still open, or its entry is no longer what was judged.
        """
        with self.step(case, Event.APPROVE, actor, now, version) as step:
            waiting = self._waiting(step)
            _refuse_open(step, (), "Refuse the proposal, and judge all of them")
            still_as_judged(step.connection, waiting, step.alerts)
            said = checked_text(comment, "the comment", needed=False)
            values: dict[str, Any] = {"state": "effective", "checker": actor.id, "checked": now}
            dispositions.change(step.connection, waiting.id, values | {"check_comment": said})
            for number, verdict, _ in dispositions.judged(step.connection, waiting.id):
                cases.change_alert(step.connection, number, {"state": "decided", "verdict": verdict})
            activate(step.connection, waiting.id, actor, now, comment=said)
            content = {"disposition": waiting.id, "maker": waiting.maker, "comment": said}
            step.finish("case.approved", settle(step.connection, step.case, now), content)
        return self._again(case)

    def refuse(
        self, case: int, actor: Actor, *, comment: str, now: datetime, version: int | None = None
    ) -> CaseRow:
        """Disagree with what somebody else proposed, saying why. The case goes back to work."""
        said = checked_text(comment, "the comment")
        with self.step(case, Event.REFUSE, actor, now, version) as step:
            waiting = self._waiting(step)
            values = {"state": "refused", "checker": actor.id, "checked": now, "check_comment": said}
            dispositions.change(step.connection, waiting.id, values)
            undo(step.connection, waiting.id)
            withdraw_all(step.connection, waiting.id, "refused", actor, now)
            content = {"disposition": waiting.id, "maker": waiting.maker, "comment": said}
            step.finish("case.refused", {"state": State.OPEN.value}, content)
        return self._again(case)

    def withdraw(self, case: int, actor: Actor, *, now: datetime, version: int | None = None) -> CaseRow:
        """Take one's own proposal back."""
        with self.step(case, Event.WITHDRAW, actor, now, version) as step:
            waiting = dispositions.waiting(step.connection, case)
            assert waiting is not None, f"case {case} is proposed without a proposal"
            if waiting.maker != actor.id:
                raise StepNotAllowed(
                    f"{waiting.maker} proposed it and alone may take it back",
                    where=f"case {case}",
                    hint="Refuse it instead",
                    by=waiting.maker,
                )
            dispositions.change(step.connection, waiting.id, {"state": "withdrawn", "checked": now})
            undo(step.connection, waiting.id)
            withdraw_all(step.connection, waiting.id, "withdrawn", actor, now)
            step.finish("case.withdrawn", {"state": State.OPEN.value}, {"disposition": waiting.id})
        return self._again(case)

    def reopen(
        self, case: int, actor: Actor, *, comment: str, now: datetime, version: int | None = None
    ) -> CaseRow:
        """Open a closed case again, saying why: its alerts must be judged anew. What a suppression keeps silent
        stays so until the suppression is ended.

        Raises:
            IllegalStep: it isn't closed, or no alert of it could be judged.
        """
        said = checked_text(comment, "the comment")
        with self.step(case, Event.OPEN_AGAIN, actor, now, version) as step:
            silent = _kept_silent(step)
            judged = [alert for alert in step.alerts if alert.state == "decided" and alert.gone is None]
            again = [alert for alert in judged if alert.entity_id not in silent]
            if not again:
                raise IllegalStep(
                    "no hit of it can be judged: the lists hold the entries no longer, or a suppression does",
                    where=f"case {case}",
                    hint="End the suppression; its hits are then opened again",
                )
            news = []
            for alert in again:
                cases.change_alert(step.connection, alert.id, {"state": "open", "verdict": None})
                news.append({"entity": alert.entity_id, "entity_name": alert.entity_name, "was": alert.verdict})
            values = {**ANEW, **urgency(self.policy, again, now)}
            step.finish("case.reopened", values, {"matches": news, "comment": said})
        return self._again(case)

    # -- beneath -----------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that waits for other writers before it reads."""
        with self.database.write() as connection:
            audit.wait_for_turn(connection)
            yield connection

    @contextmanager
    def step(self, case: int, event: Event, actor: Actor, now: datetime, version: int | None) -> Iterator[Step]:
        """One step on one case, which may be done; all of it or nothing."""
        with self.writing() as connection:
            yield self._begun(connection, case, event, actor, now, version)
        self.written()

    def _begun(
        self, connection: Connection, case: int, event: Event, actor: Actor, now: datetime, version: int | None
    ) -> Step:
        held = cases.find(connection, case)
        where = f"case {case}"
        if held is None:
            raise NotFound(f"there is no case {case}")
        if version is not None and version != held.version:
            last = audit.last_about(connection, f"case:{case}")
            who = f": {last.actor}, {last.action} at {last.moment:%Y-%m-%d %H:%M} UTC" if last is not None else ""
            raise CaseChanged(
                f"it was changed since you read it{who} (version {held.version}, you had {version})",
                where=where,
                hint="Look at it again",
                by=last.actor if last is not None else None,
            )
        check(event, State(held.state), actor, where=where)
        if is_locked(held, now) and held.locked_by != actor.id and event not in _PAST_LOCKS:
            assert held.locked_until is not None
            raise CaseLocked(
                f"{held.locked_by} works on it until {held.locked_until:%Y-%m-%d %H:%M} UTC",
                where=where,
                hint="Wait, or let a supervisor assign it",
                by=held.locked_by,
            )
        return Step(connection, held, cases.alerts_of(connection, case), actor, now)

    def _mine(self, actor: Actor, now: datetime) -> dict[str, Any]:
        until = now + timedelta(minutes=self.policy.lock_minutes)
        return {"assignee": actor.id, "locked_by": actor.id, "locked_until": until}

    def _waiting(self, step: Step) -> dispositions.DispositionRow:
        """The proposal that waits for somebody else than this actor."""
        waiting = dispositions.waiting(step.connection, step.case.id)
        assert waiting is not None, f"case {step.case.id} is proposed without a proposal"
        if waiting.maker == step.actor.id:
            raise StepNotAllowed(
                f"{waiting.maker} proposed it; the second person must be somebody else",
                where=f"case {step.case.id}",
                by=waiting.maker,
            )
        return waiting

    def _reason(self, reason: str, comment: str, *, needed: bool = False) -> str:
        return checked_reason(self.policy, reason, comment, needed=needed)

    def _again(self, case: int) -> CaseRow:
        with self.database.begin() as connection:
            held = cases.find(connection, case)
        assert held is not None
        return held


def checked_reason(policy: Policy, reason: str, comment: str, *, needed: bool = False) -> str:
    """The comment of a reason that is known.

    Raises:
        SettingsError: the reason is none, or it needs a comment.
    """
    if reason not in policy.reasons:
        raise SettingsError(f"{reason[:80]!r} is no reason", hint=f"Known: {', '.join(policy.reasons)}")
    return checked_text(comment, "a comment", needed=needed or reason == "other")


def checked_text(text: str, what: str, *, needed: bool = True) -> str:
    """What a person wrote.

    Raises:
        SettingsError: it is empty and needed, or too long.
    """
    said = text.replace("\x00", "").strip()
    if needed and not said:
        raise SettingsError(f"{what} is empty", hint="Say why, for whoever reads it in two years")
    if len(said) > MOST_TEXT:
        raise SettingsError(f"{what} has {len(said):,} characters; at most {MOST_TEXT:,}")
    return said


def _kept_silent(step: Step) -> frozenset[str]:
    """The entities that a suppression keeps silent for the party of a case."""
    active = suppressions.chosen(step.connection, subject=step.case.subject_id, state="active")
    held = (one for row in active for one in suppressions.entities(step.connection, row.id))
    return frozenset(one.entity_id for one in held if one.void is None)


def _refuse_open(step: Step, judged: Sequence[int], hint: str) -> None:
    """Refuse what needs a verdict on every alert.

    Raises:
        IllegalStep: with those that have none.
    """
    left = [a.entity_name for a in step.alerts if a.state == "open" and a.id not in judged]
    if left:
        named = "; ".join(name[:80] for name in left[:5]) + (
            f"; and {len(left) - 5} more" if len(left) > 5 else ""
        )
        count = "1 hit is" if len(left) == 1 else f"{len(left)} hits are"
        raise IllegalStep(f"{count} still open: {named}", where=f"case {step.case.id}", hint=hint)


def _verdicts(
    step: Step, verdict: Verdict, alerts: tuple[int, ...] | None, others: Mapping[int, Verdict]
) -> list[tuple[AlertRow, Verdict]]:
    known = {alert.id: alert for alert in step.alerts}
    is_open = [alert.id for alert in step.alerts if alert.state == "open"]
    where = f"case {step.case.id}"
    wanted = dict.fromkeys(is_open if alerts is None else alerts, verdict) | dict(others)
    if not wanted:
        raise IllegalStep("no alert of it is open", where=where)
    for number, given in wanted.items():
        if number not in known:
            raise NotFound(f"alert {number} is none of this case", where=where)
        if number not in is_open:
            raise IllegalStep(f"alert {number} is not open: it is {known[number].state}", where=where)
        if given not in (Verdict.TRUE_MATCH, Verdict.FALSE_MATCH):
            raise IllegalStep(f"an alert is judged true or false, not {given.value}", where=where)
    return [(known[number], given) for number, given in wanted.items()]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
