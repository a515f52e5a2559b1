"""A screening is kept: its parties, and what a person must judge becomes a case, joins one, or opens one again.

A closed case is opened again only when there is something new to judge: a match that wasn't there, an entry whose
content is another one, a suppression that no longer holds. The same matches again leave it closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from stopship.cases.actor import Actor
from stopship.cases.judged import settle
from stopship.cases.matches import PartyMatches, SeenMatch, SeenScreening
from stopship.cases.policy import Policy
from stopship.cases.reopening import band_order, bring_back
from stopship.cases.states import Event, State, check
from stopship.cases.suppressed import Silence, silence
from stopship.store import audit, cases, screenings, subjects
from stopship.store.cases import AlertRow, CaseRow

SYSTEM = Actor.system("cases")


@dataclass(slots=True)
class Recorded:
    """What became of a screening: its number, and those of the cases that it opened, opened again, changed."""

    screening: int
    opened: list[int] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)  # cases that it left as they are

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "screening": self.screening,
            "opened": self.opened,
            "reopened": self.reopened,
            "changed": self.changed,
            "standing": self.standing,
        }


def record(
    connection: Connection, seen: SeenScreening, *, actor: Actor, policy: Policy, now: datetime
) -> Recorded:
    """Keep a screening and bring cases up to date, in the transaction of `connection` (see `Database.write`).

    Args:
        seen: what was found; a party that is there twice counts once, with the matches of both.
        actor: who screened.
        now: this moment, timezone-aware.
    """
    audit.wait_for_turn(connection)
    found = _by_party(seen.found)
    alerting = sum(len(one.matches) for one in found)
    number = screenings.add(
        connection,
        {
            "moment": now,
            "actor": actor.id,
            "kind": seen.kind,
            "outcome": seen.outcome,
            "reference": seen.reference,
            "parties": seen.parties,
            "alerts": alerting,
            "index_hash": seen.index,
            "engine": seen.engine,
            "lists": orjson.dumps(dict(seen.lists), option=orjson.OPT_SORT_KEYS).decode(),
        },
    )
    done = Recorded(number)
    counts: dict[int, int] = {}
    for one in found:
        party = one.party
        subject = subjects.seen(
            connection, party.key, name=party.name, party=party.party, party_hash=party.party_hash, now=now
        )
        counts[subject] = len(one.matches)
        _Subject(connection, policy, now, done, seen, subject, one).work()
    screenings.add_subjects(connection, number, counts)
    audit.append(
        connection,
        actor=actor.id,
        action="screening.recorded",
        subject=f"screening:{number}",
        content={
            "kind": seen.kind,
            "outcome": seen.outcome,
            "reference": seen.reference,
            "parties": seen.parties,
            "alerts": alerting,
            "index": seen.index,
            "engine": seen.engine,
            "lists": dict(seen.lists),
            "subjects": sorted(counts),
            "cases": {k: v for k, v in done.to_plain().items() if k != "screening" and v},
            **seen.details,
        },
        now=now,
    )
    return done


def _by_party(found: Sequence[PartyMatches]) -> list[PartyMatches]:
    """One record a party: who is purchaser and end user at once is one subject."""
    merged: dict[str, PartyMatches] = {}
    for one in found:
        before = merged.get(one.party.key)
        if before is None:
            merged[one.party.key] = one
            continue
        best = {match.entry.entity_id: match for match in before.matches}
        for match in one.matches:
            held = best.get(match.entry.entity_id)
            if held is None or match.score > held.score:
                best[match.entry.entity_id] = match
        told = ", ".join(dict.fromkeys(text for text in (before.reference, one.reference) if text))
        merged[one.party.key] = PartyMatches(
            one.party,
            tuple(best.values()),
            complete=before.complete and one.complete,
            gone=tuple(sorted({*before.gone, *one.gone} - best.keys())),
            reference=told,
        )
    return list(merged.values())


class _Subject:
    """One party of a screening."""

    def __init__(
        self,
        connection: Connection,
        policy: Policy,
        now: datetime,
        done: Recorded,
        seen: SeenScreening,
        subject: int,
        one: PartyMatches,
    ) -> None:
        self.connection = connection
        self.policy = policy
        self.now = now
        self.done = done
        self.seen = seen
        self.subject = subject
        self.one = one

    def work(self) -> None:
        case = cases.of_subject(self.connection, self.subject)
        told = silence(
            self.connection,
            self.subject,
            self.one.party.party_hash,
            {match.entry.entity_id: match.entry.hash for match in self.one.matches},
            now=self.now,
        )
        silent = told.silent
        if case is None:
            if any(match.entry.entity_id not in silent for match in self.one.matches):
                self._open(silent)
            return
        known = {alert.entity_id: alert for alert in cases.alerts_of(self.connection, case.id)}
        news: list[dict[str, Any]] = []
        for match in self.one.matches:
            alert = known.get(match.entry.entity_id)
            if alert is None:
                state = "suppressed" if match.entry.entity_id in silent else "open"
                self._add(case.id, match, state)
                if state == "open":
                    news.append(_told(match, "new match"))
            elif why := self._again(alert, match, told):
                news.append(_told(match, why))
        news += self._gone(known)
        if news:
            self._bring_back(case, news)
        elif settled := self._settled(case):
            self.done.changed.append(settled)
        elif self.one.matches:
            self.done.standing.append(case.id)

    def _open(self, silent: frozenset[str]) -> None:
        matches = self.one.matches
        loud = [match for match in matches if match.entry.entity_id not in silent]
        priority = min(self.policy.priority(match.band, match.entry.programs) for match in loud)
        number = cases.add(
            self.connection,
            {
                "subject_id": self.subject,
                "state": State.OPEN.value,
                "priority": int(priority),
                "band": min((match.band for match in loud), key=band_order),
                "score": max(match.score for match in loud),
                "opened": self.now,
                "changed": self.now,
                "due": self.policy.due(priority, self.now),
            },
        )
        for match in matches:
            self._add(number, match, "suppressed" if match.entry.entity_id in silent else "open")
        self.done.opened.append(number)
        self._audit(
            "case.opened",
            number,
            {
                "after": {"state": State.OPEN.value},
                "name": self.one.party.name,
                "matches": [_told(m) for m in loud],
            },
        )

    def _add(self, case: int, match: SeenMatch, state: str) -> None:
        cases.add_alert(
            self.connection,
            self._values(match) | {"case_id": case, "state": state, "first_seen": self.now},
            match.entry.programs,
        )

    def _values(self, match: SeenMatch) -> dict[str, Any]:
        entry = match.entry
        return {
            "entity_id": entry.entity_id,
            "entity_name": entry.name,
            "entity_hash": entry.hash,
            "entity": entry.printed,
            "programs": orjson.dumps(list(entry.programs)).decode(),
            "score": match.score,
            "band": match.band,
            "origin": self.seen.kind,
            "reference": self.one.reference or self.seen.reference,
            "hit": orjson.dumps(dict(match.hit), option=orjson.OPT_SORT_KEYS).decode(),
            "last_seen": self.now,
            "gone": None,
        }

    def _again(self, alert: AlertRow, match: SeenMatch, told: Silence) -> str | None:
        """A match that was known is there again. What is new to judge about it, or None."""
        values = self._values(match)
        anew = {"state": "open", "verdict": None}
        why = None
        if alert.entity_id in told.silent:
            if alert.state == "open":
                values["state"] = "suppressed"
        elif alert.entity_hash != match.entry.hash:
            why = "the listed entry changed"
            values |= anew
        elif alert.state == "suppressed" or (alert.entity_id in told.ended and alert.verdict == "false_match"):
            why = "its suppression no longer holds"
            values |= anew
        elif alert.gone is not None and alert.state != "open":
            why = "the match is back"
            values |= anew
        cases.change_alert(self.connection, alert.id, values, match.entry.programs)
        return why

    def _gone(self, known: Mapping[str, AlertRow]) -> list[dict[str, Any]]:
        """Matches that are no longer there. One that was judged true is judged again: who was barred may no longer
        be. One that was judged false needs nobody."""
        there = {match.entry.entity_id for match in self.one.matches}
        left = set(known) - there if self.one.complete else set(self.one.gone) & set(known)
        news = []
        for entity_id in sorted(left):
            alert = known[entity_id]
            if alert.gone is not None:
                continue
            values: dict[str, Any] = {"gone": self.now}
            if alert.verdict == "true_match":
                values |= {"state": "open", "verdict": None}
            cases.change_alert(self.connection, alert.id, values)
            if alert.verdict == "true_match" or alert.state in ("open", "proposed"):
                news.append({"entity": entity_id, "why": "the lists no longer match it"})
        return news

    def _bring_back(self, case: CaseRow, news: list[dict[str, Any]]) -> None:
        because = {"screening": self.done.screening}
        event = bring_back(self.connection, self.policy, case, news, now=self.now, because=because)
        if event is not None:
            (self.done.reopened if event is Event.REOPEN else self.done.changed).append(case.id)

    def _settled(self, case: CaseRow) -> int | None:
        """Close a case whose last open alert turned out to be suppressed; its number."""
        states = {alert.state for alert in cases.alerts_of(self.connection, case.id)}
        if case.state == State.CLOSED.value or states & {"open", "proposed"}:
            return None
        check(Event.SETTLE, State(case.state), SYSTEM, where=f"case {case.id}")
        values = settle(self.connection, case, self.now)
        cases.change(self.connection, case.id, case.version, {"changed": self.now, **values})
        after = {"state": values["state"], "disposition": values["disposition"]}
        self._audit("case.settled", case.id, {"before": {"state": case.state}, "after": after})
        return case.id

    def _audit(self, action: str, case: int, content: Mapping[str, Any]) -> None:
        audit.append(
            self.connection,
            actor=SYSTEM.id,
            action=action,
            subject=f"case:{case}",
            content={"screening": self.done.screening, **content},
            now=self.now,
        )


def _told(match: SeenMatch, why: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {
        "entity": match.entry.entity_id,
        "entity_name": match.entry.name,
        "programs": list(match.entry.programs),
        "score": match.score,
        "band": match.band,
        "entry": match.entry.hash,
    }
    return told | {"why": why} if why else told
