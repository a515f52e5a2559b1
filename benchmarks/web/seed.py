"""A database of case work as it looks after a bad week: many open alerts, and a history behind them.

Rows are written through the tables of the store, in bulk: what the program itself does one case at a time would
take hours. What each alert holds was found by the program, though: listed names are decided as orders on the lists
of the home, and their matches, with evidence and findings, stand in the alerts. The audit record is made by the
hashes of the store, and its head moves row by row, as the database's own guard asks.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from benchmarks.web.history import DAYS, History, sizes
from benchmarks.web.names import LONGEST, names
from sqlalchemy import Table, insert, update

from stopship.app.casework.screenings import Entries, of_decision
from stopship.app.decider import Decider
from stopship.cases.matches import SeenMatch
from stopship.cases.parties import seen_party
from stopship.cases.policy import BANDS, Policy
from stopship.matching import Index
from stopship.model.order import read_order
from stopship.store import Database, audit, case_papers, cases, dispositions, screenings, subjects, suppressions
from stopship.store.cases import programs_text

MANY = 40
"""Alerts of the case that has many."""
PORTION = 2_000
ROWS_A_TRANSACTION = 500
"""Of the audit record: its head is one row, and each version of it stays until the transaction ends."""
_SHARES = (("open", 0.80), ("escalated", 0.03), ("proposed", 0.04), ("closed", 0.13))
_SILENT = (
    *(("active", 0.60), ("expired", 0.15), ("void", 0.08), ("ended", 0.06)),
    *(("proposed", 0.05), ("refused", 0.04), ("withdrawn", 0.02)),
)
COUNTRIES = ("DE", "CN", "RU", "AE", "TR", "KR", "IN", None)


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was written: how many cases, alerts and alerts that are open, and cases to look at: with one alert,
    with many, with the longest name, and one that was closed with a suppression. `bulk`: the last proposal
    for many cases, `lately`: a day two weeks ago."""

    cases: int
    alerts: int
    open_alerts: int
    audit_rows: int
    one: int
    many: int
    longest: int
    closed: int
    bulk: int
    lately: date


def found_matches(decider: Decider, index: Index, *, most: int) -> list[tuple[str, str, tuple[SeenMatch, ...]]]:
    """Listed names, spread over all lists, with what the program finds for each: (name, schema, matches)."""
    entries, found = Entries(index), []
    step = max(1, len(index) // most)
    for number in range(0, len(index), step):
        entity = index.entity_number(number)
        if not any(character.isalnum() for character in entity.caption):
            continue
        party = {"role": "purchaser", "name": entity.caption, "schema": entity.schema.value}
        decision = decider.decide(read_order({"parties": [party]}))
        for one in of_decision(decision, entries, "0" * 64).found:
            if one.matches:
                found.append((entity.caption, entity.schema.value, one.matches))
    return found


def seed(
    database: Database,
    found: Sequence[tuple[str, str, tuple[SeenMatch, ...]]],
    *,
    open_alerts: int,
    people: Sequence[str],
    now: datetime,
    wide: int = 0,
    decision: Path | None = None,
) -> Seeded:
    """Write the cases, and the year before.

    Args:
        found: what alerts hold, of `found_matches`.
        open_alerts: how many alerts wait for a person, at least.
        people: who has cases and judges them, by how records name them; two or more.
        now: the moment; cases came up in the eight weeks before.
        wide: how many cases have the longest name and many alerts, and wait longest.
        decision: the file of one that was kept: all others are links to it.
    """
    made = _Made(found, people, now, wide)
    writer = _Writer(database, now)
    size = sizes(open_alerts)
    while made.open_alerts < open_alerts:
        writer.add(made.case())
    for _ in range(size.closed):
        writer.add(made.case(is_old=True))
    writer.flush()
    entries = {(match.entry.entity_id, match.entry.name) for match in made.singles}
    with database.write() as connection:
        connection.execute(insert(cases.alert_names), [{"entity_id": e, "name": n} for e, n in sorted(entries)])
    history = History(database, decision, people, now, size)
    writer.audited += history.write(made.number, made.number, made.disposition, made.singles)
    writer.end(history.tables)
    return Seeded(
        cases=made.number,
        alerts=made.alert,
        open_alerts=made.open_alerts,
        audit_rows=writer.seq,
        one=made.one,
        many=made.many,
        longest=made.longest,
        closed=made.closed,
        bulk=size.settled + size.waiting,
        lately=(now - timedelta(days=14)).date(),
    )


class _Made:
    """Makes one case after the other, as rows by table."""

    def __init__(
        self,
        found: Sequence[tuple[str, str, tuple[SeenMatch, ...]]],
        people: Sequence[str],
        now: datetime,
        wide: int,
    ) -> None:
        self.by_chance = random.Random(20261126)
        self.found = found
        self.people = people
        self.now = now
        self.wide = wide
        self.policy = Policy()
        self.names = names()
        self.singles = [match for _name, _schema, matches in found for match in matches]
        self.richest = max(range(len(found)), key=lambda at: len(found[at][2]))
        self.number = self.alert = self.open_alerts = self.disposition = 0
        self.one = self.many = self.longest = self.closed = 0

    def case(self, *, is_old: bool = False) -> list[tuple[Table, Mapping[str, Any]]]:
        """The rows of the next case. The first has many alerts, the second one, the third the longest name.
        `is_old`: one that was closed, of the last year."""
        self.number += 1
        chance = self.by_chance
        state = "closed" if is_old else self._state()
        name, schema = next(self.names)
        if self.number == 1:
            name, schema, matches = self.found[self.richest]
            held = self._many(matches)
            self.many = self.number
        elif self.number == 2:
            name, schema, matches = min(self.found, key=lambda one: len(one[2]))
            held = list(matches[:1])
            self.one = self.number
        else:
            wanted = chance.choices((1, 2, 3, 5, 12), (82, 11, 4, 2, 1))[0]
            held = chance.sample(self.singles, min(wanted, len(self.singles)))
            held = list({match.entry.entity_id: match for match in held}.values())
        if 3 < self.number <= 3 + self.wide:
            name, held, state = f"{LONGEST} {self.number}", self._many(()), "open"
        if self.number == 3:
            name = LONGEST
            self.longest = self.number
        if self.number <= 3:
            state = "open"
        return self._rows(state, name, schema, held, days=DAYS if is_old else 56)

    def _many(self, first: Sequence[SeenMatch]) -> list[SeenMatch]:
        return list({match.entry.entity_id: match for match in (*first, *self.singles)}.values())[:MANY]

    def _state(self) -> str:
        return self.by_chance.choices([s for s, _ in _SHARES], [w for _, w in _SHARES])[0]

    def _rows(
        self, state: str, name: str, schema: str, held: Sequence[SeenMatch], days: int
    ) -> list[tuple[Table, Mapping[str, Any]]]:
        chance, number = self.by_chance, self.number
        party = seen_party(
            {
                "name": name,
                "schema": schema,
                "country": chance.choice(COUNTRIES),
                "address": f"Industriestraße {number % 300}, Gewerbepark Nord, {10_000 + number % 80_000}",
                "identifiers": [{"type": "tax", "value": f"{number * 7919 % 10**11:011}"}],
            },
            system="erp",
            system_id=str(number),
        )
        opened = self.now - timedelta(minutes=chance.randrange(days * 24 * 60))
        priority = min(self.policy.priority(match.band, match.entry.programs) for match in held)
        # Work goes on: most of what is open came up lately, and due dates lie on both sides of today.
        if state != "closed" and chance.random() < 0.7:
            opened = self.now - timedelta(minutes=chance.randrange(9 * 24 * 60))
        if 3 < number <= 3 + self.wide:
            opened = self.now - timedelta(days=60)
        # What was closed was closed within a week or two, what is open was touched at some time.
        rest = self.now - opened
        changed = opened + (min(rest, timedelta(days=14)) if state == "closed" else rest) * chance.random()
        verdict = chance.choices(("false_match", "true_match"), (97, 3))[0] if state == "closed" else None
        person = chance.choice(self.people)
        other = chance.choice([one for one in self.people if one != person])
        rows: list[tuple[Table, Mapping[str, Any]]] = [
            (
                subjects.subjects,
                {
                    "id": number,
                    "key": party.key,
                    "name": name,
                    "folded": name.casefold(),
                    "party": party.party,
                    "party_hash": party.party_hash,
                    "first_seen": opened,
                    "last_seen": changed,
                    "erased": None,
                },
            ),
            (
                cases.cases,
                {
                    "id": number,
                    "subject_id": number,
                    "state": state,
                    "disposition": verdict,
                    "priority": int(priority),
                    "band": min((match.band for match in held), key=BANDS.index),
                    "score": max(match.score for match in held),
                    "opened": opened,
                    "changed": changed,
                    "due": self.policy.due(priority, opened),
                    "closed": changed if state == "closed" else None,
                    "assignee": person if state != "open" or chance.random() < 0.35 else None,
                    "locked_by": person if number % 400 == 5 else None,
                    "locked_until": self.now + timedelta(minutes=30) if number % 400 == 5 else None,
                    "version": 1,
                    "programs": programs_text(p for match in held for p in match.entry.programs),
                },
            ),
        ]
        numbers = [row for match in held for row in self._alert(match, state, verdict, opened)]
        rows += numbers
        content = {"after": {"state": "open"}, "name": name}
        rows.append(_told(number, "case.opened", "system:cases", opened, content))
        if state in ("proposed", "closed"):
            rows += self._disposition(state, verdict or "false_match", person, other, changed, held)
        if number % 7 == 0:
            note = {"case_id": number, "moment": changed, "actor": person, "text": f"Asked {name} for a passport."}
            rows.append((case_papers.notes, note))
            rows.append(_told(number, "case.noted", person, changed, {"note": number}))
        return rows

    def _alert(
        self, match: SeenMatch, state: str, verdict: str | None, opened: datetime
    ) -> Iterator[tuple[Table, Mapping[str, Any]]]:
        self.alert += 1
        word = {"closed": "decided", "proposed": "proposed"}.get(state, "open")
        self.open_alerts += word == "open"
        entry = match.entry
        yield (
            cases.alerts,
            {
                "id": self.alert,
                "case_id": self.number,
                "entity_id": entry.entity_id,
                "entity_name": entry.name,
                "entity_hash": entry.hash,
                "entity": entry.printed,
                "programs": orjson.dumps(list(entry.programs)).decode(),
                "score": match.score,
                "band": match.band,
                "origin": ("monitoring", "decision", "names", "file")[self.number % 4],
                "reference": "customers",
                "hit": orjson.dumps(dict(match.hit), option=orjson.OPT_SORT_KEYS).decode(),
                "state": word,
                "verdict": verdict,
                "first_seen": opened,
                "last_seen": opened,
                "gone": None,
            },
        )
        for program in entry.programs:
            yield cases.alert_programs, {"alert_id": self.alert, "program": program}

    def _disposition(
        self, state: str, verdict: str, maker: str, checker: str, moment: datetime, held: Sequence[SeenMatch]
    ) -> list[tuple[Table, Mapping[str, Any]]]:
        self.disposition += 1
        done = state == "closed"
        row = {
            "id": self.disposition,
            "case_id": self.number,
            "state": "effective" if done else "proposed",
            "verdict": verdict,
            "reason": "other_birth_date" if verdict == "false_match" else "same_details",
            "comment": "The passport shows another date of birth.",
            "maker": maker,
            "made": moment,
            "needs_checker": True,
            "checker": checker if done else None,
            "checked": moment if done else None,
        }
        judged = [
            {
                "disposition_id": self.disposition,
                "alert_id": self.alert - len(held) + 1 + at,
                "verdict": verdict,
                "entity_hash": match.entry.hash,
            }
            for at, match in enumerate(held)
        ]
        rows: list[tuple[Table, Mapping[str, Any]]] = [(dispositions.dispositions, row)]
        rows += [(dispositions.disposition_alerts, one) for one in judged]
        rows.append(_told(self.number, "case.proposed", maker, moment, {"verdict": verdict}))
        if not done:
            return rows
        rows.append(_told(self.number, "case.approved", checker, moment, {"after": {"state": "closed"}}))
        if verdict == "false_match" and self.disposition % 3 == 0:
            rows += self._suppression(maker, checker, moment, held)
        return rows

    def _suppression(
        self, maker: str, checker: str, moment: datetime, held: Sequence[SeenMatch]
    ) -> list[tuple[Table, Mapping[str, Any]]]:
        number = self.disposition
        state = self.by_chance.choices([s for s, _ in _SILENT], [w for _, w in _SILENT])[0]
        agreed = state not in ("proposed", "withdrawn")
        over = state not in ("proposed", "active")
        if state == "active":
            self.closed = self.number
        until = moment + timedelta(days=180)
        if state == "active" and until <= self.now:
            until = self.now + timedelta(days=self.by_chance.randrange(1, 180))
        row = {
            "id": number,
            "subject_id": self.number,
            "party_hash": "0" * 64,
            "scope": "pair",
            "program": None,
            "state": state,
            "reason": "other_birth_date",
            "comment": "The passport shows another date of birth.",
            "until": until.date(),
            "maker": maker,
            "made": moment,
            "needs_checker": True,
            "checker": checker if agreed else None,
            "checked": moment if agreed else None,
            "check_comment": "The passport was seen." if agreed else None,
            "ended": moment + (self.now - moment) * self.by_chance.random() if over else None,
            "ended_why": "its day has come" if state == "expired" else None,
            "disposition_id": number,
        }
        entities = [
            {
                "suppression_id": number,
                "entity_id": match.entry.entity_id,
                "entity_name": match.entry.name,
                "entity_hash": match.entry.hash,
            }
            for match in held
        ]
        return [
            (suppressions.suppressions, row),
            *((suppressions.suppressed_entities, one) for one in entities),
            _told(
                self.number,
                f"suppression.{state}",
                checker,
                moment,
                {"entities": len(entities)},
            ),
        ]


def _told(case: int, action: str, actor: str, moment: datetime, content: Any) -> tuple[Table, Mapping[str, Any]]:
    return audit.log, {
        "moment": moment,
        "actor": actor,
        "action": action,
        "subject": f"case:{case}",
        "content": content,
    }


class _Writer:
    """Gathers rows and writes them, table by table, each after those that it refers to."""

    ORDER = (
        subjects.subjects,
        cases.cases,
        cases.alerts,
        cases.alert_programs,
        dispositions.dispositions,
        dispositions.disposition_alerts,
        suppressions.suppressions,
        suppressions.suppressed_entities,
        case_papers.notes,
    )

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now
        self.held: dict[str, list[Mapping[str, Any]]] = {}
        self.audited: list[Mapping[str, Any]] = []
        self.cases = 0
        self.seq = 0

    def add(self, rows: Sequence[tuple[Table, Mapping[str, Any]]]) -> None:
        for table, row in rows:
            if table is audit.log:
                self.audited.append(row)
                continue
            known = {name: value for name, value in row.items() if name in table.c}
            self.held.setdefault(table.name, []).append(known)
        self.cases += 1
        if self.cases % PORTION == 0:
            self.flush()

    def flush(self) -> None:
        with self.database.write() as connection:
            for table in self.ORDER:
                if rows := self.held.pop(table.name, None):
                    connection.execute(insert(table), rows)

    def end(self, further: Sequence[Table]) -> None:
        """What is left; `further` tables were written by others."""
        self._reckon(further)
        self._screenings()
        self._audit()
        self._reckon((screenings.screenings,))

    def _screenings(self) -> None:
        """One screening a night, each of a part of the customers."""
        nights = 56
        with self.database.write() as connection:
            for night in range(nights):
                values = {
                    "moment": self.now - timedelta(days=nights - night),
                    "actor": "system:monitor",
                    "kind": "monitoring",
                    "outcome": "hit",
                    "reference": "customers",
                    "parties": self.cases,
                    "alerts": self.cases // nights,
                    "index_hash": "sha256:" + "0" * 64,
                    "engine": "benchmark",
                    "lists": "{}",
                }
                number = screenings.add(connection, values)
                mine = range(1 + night, self.cases + 1, nights)
                screenings.add_subjects(connection, number, dict.fromkeys(mine, 1))

    def _audit(self) -> None:
        """The rows in order of time, each with the hash of the one before."""
        with self.database.begin() as connection:
            head = audit.head(connection)
        self.seq, last = head.seq, head.hash
        rows = iter(sorted(self.audited, key=lambda row: row["moment"]))
        while some := list(islice(rows, ROWS_A_TRANSACTION)):
            written, moved = [], []
            for row in some:
                text = orjson.dumps(row["content"], option=orjson.OPT_SORT_KEYS).decode()
                salt = secrets.token_hex(16)
                digest = audit.content_digest(salt, text)
                self.seq += 1
                value = audit.row_digest(
                    self.seq, row["moment"], row["actor"], row["action"], row["subject"], digest, last
                )
                kept = {"seq": self.seq, "content": text, "salt": salt, "content_hash": digest}
                written.append({**row, **kept, "previous": last, "hash": value})
                moved.append({"to": self.seq, "as_hash": value})
                last = value
            with self.database.write() as connection:
                connection.execute(insert(audit.log), written)
                for one in moved:
                    connection.execute(
                        update(audit.heads).where(audit.heads.c.id == 1).values(seq=one["to"], hash=one["as_hash"])
                    )

    def _reckon(self, further: Sequence[Table]) -> None:
        """On PostgreSQL: numbers go on behind those written here, and what its own housekeeping does in time."""
        engine = self.database.engine
        if engine.dialect.name != "postgresql":
            return
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in (*self.ORDER, *further):
                if "id" in table.c:
                    connection.exec_driver_sql(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                        f"(SELECT coalesce(max(id), 1) FROM {table.name}))"
                    )
            connection.exec_driver_sql("VACUUM ANALYZE")
