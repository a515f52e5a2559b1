"""What a year of work leaves beside the open cases: screenings that were kept, proposals for many cases, jobs,
keys, customers who are monitored, and what was said of cases that still wait.

Everything grows with the number of open alerts, so that a page that reads all of it shows.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from benchmarks.web.names import names
from sqlalchemy import Table, insert

from stopship.cases.matches import SeenMatch
from stopship.cases.parties import seen_party
from stopship.store import Database, dispositions, jobs, keys, matches, portfolios, runs, screenings, subjects

PORTION = 5_000
DAYS = 365
Rows = Iterator[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything there is.

    Attributes:
        closed: cases that were closed. possible: of the open ones, those of which "possible" was said last.
        screenings: kept by wish: decisions and names. clear: parties that were screened and have no case.
        waiting, settled: proposals for many cases, with `each` cases.
        users: people who have an account. keys: of programs. jobs: in all states.
        monitored: open matches of enrolled customers, in three portfolios.
    """

    closed: int
    possible: int
    screenings: int
    clear: int
    waiting: int
    settled: int
    each: int
    users: int
    keys: int
    jobs: int
    monitored: int


def sizes(open_alerts: int) -> Sizes:
    """How much there is behind so many open alerts."""
    return Sizes(
        closed=open_alerts * 6 // 10,
        possible=open_alerts // 30,
        screenings=open_alerts * 3 // 2,
        clear=open_alerts // 2,
        waiting=min(30, 1 + open_alerts // 400),
        settled=min(400, 1 + open_alerts // 200),
        each=min(500, open_alerts // 20),
        users=min(250, open_alerts // 200),
        keys=min(60, 2 + open_alerts // 500),
        jobs=open_alerts // 25,
        monitored=open_alerts // 2,
    )


class History:
    """Writes it. Numbers go on behind those of the cases.

    Args:
        database: where to.
        decision: the file of one that was kept, which the files of the others are links to; None: they have none.
        people: how records name those who act. now: the moment.
    """

    def __init__(
        self, database: Database, decision: Path | None, people: Sequence[str], now: datetime, size: Sizes
    ) -> None:
        self.database = database
        self.decision = decision
        self.people = people
        self.now = now
        self.size = size
        self.by_chance = random.Random(7)
        self.tables: list[Table] = []

    def write(self, cases: int, subject: int, disposition: int, found: Sequence[SeenMatch]) -> Rows:
        """Write all of it, and give the rows of the audit record that belong to it.

        Args:
            cases: numbers of cases go from 1 to this. subject, disposition: the last numbers that are taken.
            found: what the program finds: for customers who are monitored.
        """
        self._put(subjects.subjects, self._clear(subject))
        yield from self._screenings(subject + self.size.clear)
        self._put(dispositions.dispositions, self._possible(cases, disposition))
        yield from self._bulks(cases)
        self._put(jobs.jobs, self._jobs())
        self._put(keys.keys, self._keys())
        self._monitored(found)

    def _put(self, table: Table, rows: Rows) -> None:
        self.tables.append(table)
        while some := list(islice(rows, PORTION)):
            with self.database.write() as connection:
                connection.execute(insert(table), some)

    def _moment(self) -> datetime:
        """Some moment of the year, lately more often than long ago."""
        return self.now - timedelta(minutes=DAYS * 24 * 60 * self.by_chance.random() ** 1.5)

    def _clear(self, last: int) -> Rows:
        for number, (name, schema) in enumerate(islice(names(), last, last + self.size.clear), last + 1):
            party = seen_party(
                {"name": name, "schema": schema, "country": "DE"}, system="crm", system_id=str(number)
            )
            moment = self._moment()
            yield {
                "id": number,
                "key": party.key,
                "name": name,
                "folded": name.casefold(),
                "party": party.party,
                "party_hash": party.party_hash,
                "first_seen": moment,
                "last_seen": moment,
                "erased": None,
            }

    def _screenings(self, parties: int) -> Rows:
        chance, size = self.by_chance, self.size
        moments = sorted(self._moment() for _ in range(size.screenings))
        made: list[Mapping[str, Any]] = []
        looked: list[Mapping[str, Any]] = []
        told: list[Mapping[str, Any]] = []
        folders: set[Path] = set()
        for number, moment in enumerate(moments, 1):
            is_order = chance.random() < 0.7
            digest = hashlib.sha256(str(number).encode()).hexdigest()
            actor = chance.choice(self.people) if chance.random() < 0.6 else f"key:{1 + number % 5}"
            several = chance.choices((1, 2, 3, 6), (70, 20, 8, 2))[0]
            orders = ("clear", "review", "license_required", "prohibited")
            outcome = chance.choices(
                orders if is_order else ("no_hit", "hit"), (80, 14, 4, 2) if is_order else (9, 1)
            )
            made.append(
                {
                    "id": number,
                    "moment": moment,
                    "actor": actor,
                    "kind": "decision" if is_order else "names",
                    "outcome": outcome[0],
                    "reference": digest if is_order else "quick check",
                    "parties": several,
                    "alerts": 0,
                    "index_hash": "sha256:" + "0" * 64,
                    "engine": "benchmark",
                    "lists": "{}",
                }
            )
            for party in {chance.randrange(1, parties + 1) for _ in range(several)}:
                looked.append({"screening_id": number, "subject_id": party, "alerts": 0})
            day = moment.date().isoformat()
            content = {"kind": "decision", "as_of": day} if is_order else {"kind": "names"}
            told.append(_told(f"screening:{number}", "screening.recorded", actor, moment, content))
            if is_order and self.decision is not None:
                folder = self.decision.parent.parent / day
                if folder not in folders:
                    folder.mkdir(parents=True, exist_ok=True)
                    folders.add(folder)
                (folder / f"{digest}.json").symlink_to(self.decision)
        self._put(screenings.screenings, iter(made))
        self._put(screenings.screened, iter(looked))
        yield from told

    def _possible(self, cases: int, last: int) -> Rows:
        """Of open and of closed cases: what is said later overtakes it where it was said first."""
        for number, case in enumerate(self.by_chance.sample(range(4, cases + 1), self.size.possible), last + 1):
            yield {
                "id": number,
                "case_id": case,
                "state": "effective",
                "verdict": "possible",
                "reason": "needs_information",
                "comment": "The partner was asked for a passport.",
                "maker": self.people[0],
                "made": self.now - timedelta(days=3),
                "needs_checker": False,
                "checker": None,
                "checked": None,
            }

    def _bulks(self, cases: int) -> Rows:
        made: list[Mapping[str, Any]] = []
        held: list[Mapping[str, Any]] = []
        for number in range(1, self.size.settled + self.size.waiting + 1):
            waits = number > self.size.settled
            moment = self.now - timedelta(hours=(self.size.settled + self.size.waiting - number) * 12)
            chosen = sorted(self.by_chance.sample(range(1, cases + 1), max(1, self.size.each)))
            state = "proposed" if waits else ("effective", "effective", "refused", "withdrawn")[number % 4]
            agreed = state in ("effective", "refused")
            made.append(
                {
                    "id": number,
                    "state": state,
                    "verdict": "false_match",
                    "reason": "name_only",
                    "comment": "Only the name is alike; addresses and numbers are others.",
                    "chosen_by": orjson.dumps({"cases": chosen}).decode(),
                    "cases": len(chosen),
                    "maker": self.people[1],
                    "made": moment,
                    "checker": self.people[0] if agreed else None,
                    "checked": None if waits else moment + timedelta(hours=5),
                    "check_comment": "As proposed." if agreed else None,
                }
            )
            held += [{"bulk_id": number, "case_id": case, "version": 1} for case in chosen]
            yield _told(f"bulk:{number}", "bulk.proposed", self.people[1], moment, {"cases": chosen})
        self._put(dispositions.bulks, iter(made))
        self._put(dispositions.bulk_cases, iter(held))

    def _jobs(self) -> Rows:
        kinds = ("screen_names", "screen_orders", "rescreen", "backup", "refresh_lists")
        for number in range(1, self.size.jobs + 1):
            state = self.by_chance.choices(jobs.STATES, (2, 0, 90, 5, 3))[0]
            created = self.now - timedelta(hours=2 * (self.size.jobs - number))
            ended = state in jobs.ENDED
            yield {
                "kind": kinds[number % len(kinds)],
                "state": state,
                "priority": 5,
                "asked_by": self.people[number % len(self.people)],
                "fingerprint": "0" * 64,
                "options": orjson.dumps({"name": "customers.csv", "rows": 12_000}).decode(),
                "created": created,
                "not_before": created,
                "started": created if ended else None,
                "finished": created + timedelta(minutes=4) if ended else None,
                "done": 12_000 if ended else 0,
                "total": 12_000,
                "attempts": 1 if ended else 0,
                "crashes": 0,
                "cancel_asked": False,
                "result": orjson.dumps({"rows": 12_000, "hits": 31}).decode() if state == jobs.DONE else None,
                "error": "customers.csv: row 7 has no name" if state == jobs.FAILED else None,
            }

    def _keys(self) -> Rows:
        for number in range(1, self.size.keys + 1):
            yield {
                "public": f"bench{number:06}",
                "name": f"Program {number}",
                "secret_hash": hashlib.sha256(str(number).encode()).hexdigest(),
                "scopes": "match decide",
                "created": self.now - timedelta(days=DAYS),
                "created_by": self.people[0],
                "revoked": self.now - timedelta(days=9) if number % 5 == 0 else None,
            }

    def _monitored(self, found: Sequence[SeenMatch]) -> None:
        shared = {"source_sha256": "0" * 64, "enrolled": self.now, "rejected": 0, "files": "f", "state": "s"}
        three = [
            {"id": n, "name": f"part{n}", "source_name": f"part{n}.csv", "customers": 300_000, **shared}
            for n in (1, 2, 3)
        ]
        run = {
            "finished": self.now, "index_hash": "0", "engine": "0", "threshold": 0.8, "complete": True,
            "changed_entities": 0, "screened": 0, "new": 0, "changed": 0, "gone": 0,
        }  # fmt: skip
        self._put(portfolios.portfolios, iter(three))
        self._put(runs.runs, (run | {"portfolio_id": n} for n in (1, 2, 3) for _ in range(60)))
        numbers = range(1, self.size.monitored + 1)
        who = (
            {"id": n, "portfolio_id": 1 + n % 3, "customer": str(n), "name": f"C{n}", "fields": "{}"}
            for n in numbers
        )
        self._put(portfolios.customers, who)
        hits = [orjson.dumps(dict(one.hit)).decode() for one in found[:200]]
        self._put(matches.matches, (self._match(n, found[n % len(hits)], hits[n % len(hits)]) for n in numbers))

    def _match(self, number: int, match: SeenMatch, hit: str) -> Mapping[str, Any]:
        return {
            "customer_id": number,
            "entity_id": match.entry.entity_id,
            "source": match.entry.entity_id.partition(":")[0][:64],
            "score": match.score,
            "band": match.band,
            "alert": number % 3 > 0,
            "snapshot": "sha256:" + "0" * 64,
            "hit": hit,
            "first_seen": self.now,
            "last_seen": self.now,
            "closed": self.now if number % 10 == 0 else None,
        }


def _told(subject: str, action: str, actor: str, moment: datetime, content: Any) -> Mapping[str, Any]:
    return {"moment": moment, "actor": actor, "action": action, "subject": subject, "content": content}
