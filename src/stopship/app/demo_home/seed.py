"""Fills an example home: what a month in an export-control office leaves behind, made by the steps that everybody
does, each at its moment. So the audit record holds and the evidence replays."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from stopship.access import Principal, Role
from stopship.app.auditing import verify
from stopship.app.casework.desk import case_work
from stopship.app.casework.following import follow
from stopship.app.casework.keeping import keep_decision
from stopship.app.decider import Decider
from stopship.app.demo_home.by_name import keep_names, screen_file
from stopship.app.demo_home.days import Days
from stopship.app.demo_home.lists import folder, take_in_first, take_in_later
from stopship.app.demo_home.people import make_people
from stopship.app.demo_home.place import mark
from stopship.app.demo_home.plans import BULK, Party, People, steps_of
from stopship.app.demo_home.upload import write_upload
from stopship.app.workspace import Workspace
from stopship.cases import Actor, Verdict
from stopship.errors import StateError
from stopship.model.order import read_order
from stopship.store import Database

FIRST, LATER = (26, 8.0), (3, 8.0)
"""When the lists came in, and when the watch list changed: working days ago, hour."""
SETTINGS = """\
# Example data. A case stays with the one who took it for a working day, so that you meet one.
cases:
  lock_minutes: 480
"""
_BULK_AT = (0, 12.5)
_NAMES_AT, _FILE_AT = (2, 10.2), (1, 9.6)
"""After the lists have changed: one of the names is an entry that came then."""
_AGAIN_AFTER = 9
_FRESH_DECIDER = 8
"""Orders after which names are compared anew by interpreted code: compiling it takes longer than all of them."""
Say = Callable[[str], None]


def seed(home: Path, *, now: datetime, say: Say = lambda _text: None) -> None:
    """Fill an empty home.

    Args:
        home: the folder; it is made where it isn't there.
        now: this moment, timezone-aware: all of it happened in the five weeks before.
        say: told what is done next.

    Raises:
        StateError: the home can't be written.
    """
    home.mkdir(parents=True, exist_ok=True)
    mark(home, now=now)
    (home / "settings.yaml").write_text(SETTINGS, "utf-8")
    write_upload(home)
    work = home / "making"
    work.mkdir()
    try:
        Seeding(home, work, now, say).run()
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Seeding:
    """One run: the story's steps in the order of their moments."""

    def __init__(self, home: Path, work: Path, now: datetime, say: Say) -> None:
        self.home = home
        self.work = work
        self.days = Days(now)
        self.say = say
        self.cases: dict[int, int] = {}
        self.decided = 0

    def run(self) -> None:
        """Do all steps, then check the record."""
        self.say("making the example lists")
        began = self.days.at(*FIRST)
        # The database first: so the record begins with the lists that come in.
        with closing(Workspace(self.home, today=began.date()).database()) as self.database:
            self.people = People.of(make_people(self.database, now=self.days.at(FIRST[0], FIRST[1] - 0.5)))
            take_in_first(self.home, self.work, now=began)
            self._open(began)
            self.say("working on the example cases")
            for moment, _number, step in sorted(self._story(), key=lambda one: one[:2]):
                step(moment)
            checked = verify(self.home, self.database, now=self.days.now)
        if not checked.sound:
            raise StateError("the audit record of the example data is not sound", where=str(self.home))

    def _story(self) -> Iterator[tuple[datetime, int, Callable[[datetime], object]]]:
        parties = list(_parties())
        number = 0
        for party, order in parties:
            number += 1
            yield self.days.at(party.days, party.hour), number, self._screened(party, order)
            if party.plan == "clear":
                continue
            for moment, do in steps_of(party, self.people, self.days):
                number += 1
                yield moment, number, self._on_case(party, do)
            if party.plan == "silent":
                number += 1
                yield self.days.at(party.days - _AGAIN_AFTER, 10), number, self._screened(party, order)
        yield self.days.at(*LATER), 0, self._lists_change
        yield self.days.at(*_NAMES_AT), number + 1, self._by_name(keep_names)
        yield self.days.at(*_FILE_AT), number + 1, self._by_name(screen_file)
        yield self.days.at(*_BULK_AT), number + 1, self._bulk([p.number for p, _ in parties if p.plan == BULK])

    def _screened(self, party: Party, order: dict[str, Any]) -> Callable[[datetime], object]:
        def step(moment: datetime) -> None:
            if self.decided % _FRESH_DECIDER == 0:
                self.decider = Decider(self.workspace)
            self.decided += 1
            day = self.days.day(moment)
            decision = self.decider.decide(read_order(order), as_of=day)
            kept = keep_decision(
                self.workspace,
                decision,
                self.decider.place(day).index,
                None,
                settings=self.decider.settings,
                actor=party.maker(self.people),
                now=moment,
                database=self.database,
            )
            for case in (*kept.recorded.opened, *kept.recorded.standing):
                self.cases.setdefault(party.number, case)

        return step

    def _on_case(self, party: Party, do: Callable[..., object]) -> Callable[[datetime], object]:
        return lambda moment: do(
            case_work(self.workspace, self.database, now=moment), self.cases[party.number], moment
        )

    def _lists_change(self, moment: datetime) -> None:
        take_in_later(self.home, self.work, now=moment)
        self._open(moment)
        follow(self.workspace, now=moment)

    def _by_name(self, screen: Callable[..., object]) -> Callable[[datetime], object]:
        mina = Principal("user", self.people.mina.id.removeprefix("user:"), "Mina Muster", Role.ANALYST)
        return lambda moment: screen(self.home, self.database, mina, now=moment)

    def _bulk(self, numbers: list[int]) -> Callable[[datetime], object]:
        def step(moment: datetime) -> None:
            desk = case_work(self.workspace, self.database, now=moment).bulk
            erika: Actor = self.people.erika
            chosen = [self.cases[number] for number in numbers]
            count = len(desk.preview(chosen, erika, now=moment).chosen)
            desk.propose(
                chosen,
                Verdict.FALSE_MATCH,
                erika,
                count=count,
                reason="known_partner",
                comment="Four tool makers of one example fair in Busan; all were identified by their register.",
                now=moment,
            )

        return step

    def _open(self, moment: datetime) -> None:
        self.workspace = Workspace(self.home, today=self.days.day(moment))
        self.decider = Decider(self.workspace)

    database: Database
    people: People
    workspace: Workspace
    decider: Decider


def _parties() -> Iterator[tuple[Party, dict[str, Any]]]:
    """The example parties, each with the order that it came up in."""
    with (folder() / "parties.csv").open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), 1):
            party = Party(number, int(row["days"]), float(row["hour"]), row["plan"], row["reason"], row["comment"])
            who = {"role": "end_user", "name": row["name"], "schema": row["schema"], "country": row["country"]}
            if row["address"]:
                who["address"] = row["address"]
            if row["born"]:
                who["birth_date"] = row["born"]
            order = {"destination": row["destination"], "items": [{"eccn": row["eccn"]}], "parties": [who]}
            yield party, order
