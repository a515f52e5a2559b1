"""Case work as a server does it: on the lists in use and the database that is open, for whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import orjson

from stopship.access import Principal
from stopship.app.casework.desk import CaseWork, case_work
from stopship.app.casework.keeping import Kept, keep_decision
from stopship.app.people import names_of_people
from stopship.app.service.edition import Edition
from stopship.cases import Actor, Role
from stopship.cases.view import CaseView
from stopship.matching import Match, Query
from stopship.model.order import read_order
from stopship.screening import Decision
from stopship.store import Database


class Working:
    """Cases of one database, worked on with the lists that are in use.

    Args:
        edition: gives the lists in use.
        database: where cases are.
        now: tells the moment, timezone-aware.
    """

    def __init__(self, edition: Callable[[], Edition], database: Database, *, now: Callable[[], datetime]) -> None:
        self._edition = edition
        self._database = database
        self.now = now

    def work(self) -> CaseWork:
        """What people do with cases, as of this moment."""
        return case_work(self._edition().workspace, self._database, now=self.now())

    def matches(self, view: CaseView) -> dict[str, Match]:
        """The matches of a case's party with the entries of its alerts, on the lists in use, by entity id. Those
        that the lists no longer hold are not among them. A look-up: for the thread that does them."""
        if view.subject.party is None:
            return {}
        fields = orjson.loads(view.subject.party)
        (party,) = read_order({"parties": [{"role": "other", **fields}]}).parties
        query = Query(
            name=party.name,
            schema=party.schema,
            countries=(party.country,) if party.country else (),
            addresses=(party.address,) if party.address else (),
            identifiers=party.identifiers,
            birth_dates=(party.birth_date,) if party.birth_date else (),
            registration_dates=(party.registration_date,) if party.registration_date else (),
        )
        wanted = {alert.entity_id for alert in view.alerts}
        found: dict[str, Match] = {}
        for match in self._edition().matcher.match(query):
            if match.entity.id in wanted:
                found.setdefault(match.entity.id, match)
        return found

    def people(self) -> dict[str, str]:
        """What to call those who act, by how records name them."""
        return names_of_people(self._database)

    def keep(self, decision: Decision, by: Principal) -> Kept:
        """Keep a decision as evidence, and open cases for matches that a person must judge.

        Raises:
            StateError: the home or the database can't be written.
        """
        edition = self._edition()
        index = edition.decider.place(decision.as_of).index
        graph = edition.decider.stakes()
        return keep_decision(
            edition.workspace,
            decision,
            index,
            graph,
            settings=edition.decider.settings,
            actor=actor_of(by),
            now=self.now(),
            database=self._database,
        )


def actor_of(by: Principal) -> Actor:
    """Who acts, as case work knows it. One without a role records; what they may do is asked before."""
    return Actor(by.actor, Role(by.role.value) if by.role is not None else Role.ANALYST)
