"""Whatever people do, in whatever order: nobody agrees to what they said themselves, nothing is decided without
its row in the audit record, a case is closed only when all its alerts are, and the record verifies."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.unit.cases.people import ANNA, BEN, ERP, EVE, NOW, SUE, TOM, keep, match, party, seen

from stopship.cases import Actor, BulkDesk, Desk, Policy, SuppressionDesk, SuppressionWish, Verdict
from stopship.errors import CaseError, StopshipError
from stopship.store import Database, audit, cases, dispositions, sqlite_url, suppressions
from stopship.store.audit_check import check

people = st.sampled_from([ANNA, SUE, TOM, BEN, EVE])
bands = st.sampled_from(["exact", "strong", "medium"])
verdicts = st.sampled_from(list(Verdict))
SURE = {"reason": "name_only", "comment": "because"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "stopship.db"
    database = Database(sqlite_url(path))
    database.forget_erased()
    database.close()
    return path


class Office(RuleBasedStateMachine):
    """Some parties, and people who do as they like with their cases."""

    empty: Path

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.mkdtemp()
        path = Path(self.folder) / "stopship.db"
        shutil.copy(self.empty, path)
        self.database = Database(sqlite_url(path))
        self.desk = Desk(self.database, Policy(bulk_limit=3))
        self.bulk, self.silence = BulkDesk(self.desk), SuppressionDesk(self.desk)
        self.now = NOW
        for who, band in enumerate(("medium", "strong")):
            keep(self.database, seen(match(1, band=band), match(2), who=party(f"Firma {who}")), now=NOW)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            shutil.rmtree(self.folder)

    def attempt(self, step: Callable[[], Any]) -> None:
        """A step that may be refused, and then must change nothing."""
        before = self.everything()
        try:
            step()
        except CaseError:
            assert self.everything() == before
        except StopshipError:
            assert self.everything() == before
        else:
            self.now += timedelta(minutes=40)  # locks have expired

    def everything(self) -> list[Any]:
        with self.database.begin() as connection:
            tables = (
                cases.cases,
                cases.alerts,
                dispositions.dispositions,
                dispositions.bulks,
                suppressions.suppressions,
            )
            return [connection.execute(table.select()).all() for table in tables] + [audit.head(connection)]

    # -- what happens -----------------------------------------------------------------------------------------

    @rule(who=st.integers(0, 2), entities=st.sets(st.integers(1, 3)), text=st.sampled_from("ab"), band=bands)
    def screened(self, who: int, entities: set[int], text: str, band: str) -> None:
        matches = [match(number, text=text, band=band) for number in sorted(entities)]
        keep(self.database, seen(*matches, who=party(f"Firma {who}"), complete=text == "a"), now=self.now)
        self.now += timedelta(minutes=3)

    @rule(case=st.integers(1, 2), who=people, verdict=verdicts, some=st.booleans(), silent=st.booleans())
    def judged(self, case: int, who: Actor, verdict: Verdict, some: bool, silent: bool) -> None:
        def step() -> None:
            if verdict in (Verdict.POSSIBLE, Verdict.ESCALATED) and some:
                self.desk.note(case, "looked at it", who, now=self.now)
                return
            alerts = tuple(a.id for a in self.desk.show(case).alerts[:1]) if some else None
            wish = SuppressionWish((self.now + timedelta(days=2)).date()) if silent else None
            self.desk.decide(case, verdict, who, alerts=alerts, suppress=wish, now=self.now, **SURE)

        self.attempt(step)

    @rule(case=st.integers(1, 2), who=people, what=st.sampled_from(["approve", "refuse"]))
    def seconded(self, case: int, who: Actor, what: str) -> None:
        self.attempt(lambda: getattr(self.desk, what)(case, who, comment="seen", now=self.now))

    @rule(case=st.integers(1, 2), who=st.sampled_from([SUE, TOM]), silent=st.booleans())
    def judged_and_seconded(self, case: int, who: Actor, silent: bool) -> None:
        self.judged(case, ANNA, Verdict.FALSE_MATCH, False, silent)
        self.seconded(case, who, "approve")
        for number in range(1, 5):
            self.silenced(number, who, "approve")

    @rule(case=st.integers(1, 2), who=people, what=st.sampled_from(["withdraw", "take", "release"]))
    def moved(self, case: int, who: Actor, what: str) -> None:
        self.attempt(lambda: getattr(self.desk, what)(case, who, now=self.now))

    @rule(number=st.integers(1, 4), who=people, what=st.sampled_from(["approve", "refuse", "end"]))
    def silenced(self, number: int, who: Actor, what: str) -> None:
        self.attempt(lambda: getattr(self.silence, what)(number, who, comment="seen", now=self.now))

    @rule(who=people, chosen=st.sets(st.integers(1, 3), min_size=1))
    def bulked(self, who: Actor, chosen: set[int]) -> None:
        self.attempt(
            lambda: self.bulk.propose(
                sorted(chosen), Verdict.FALSE_MATCH, who, count=len(chosen), now=self.now, **SURE
            )
        )

    @rule(number=st.integers(1, 3), who=people, what=st.sampled_from(["approve", "refuse"]))
    def bulk_seconded(self, number: int, who: Actor, what: str) -> None:
        self.attempt(lambda: getattr(self.bulk, what)(number, who, comment="seen", now=self.now))

    @rule(days=st.integers(0, 4))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.silence.sweep(now=self.now)

    # -- what always holds ------------------------------------------------------------------------------------

    @invariant()
    def four_eyes(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.begin() as connection:
            rows = connection.execute(dispositions.dispositions.select()).all()
            rows += connection.execute(suppressions.suppressions.select()).all()
        for row in rows:
            assert row.checker is None or row.checker != row.maker
            if row.state in ("effective", "active"):
                assert row.checker is not None or not row.needs_checker
            assert row.maker != ERP.id

    @invariant()
    def closed_only_by_rule(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.begin() as connection:
            for row in connection.execute(cases.cases.select()).all():
                alerts = cases.alerts_of(connection, row.id)
                states = {alert.state for alert in alerts}
                assert (row.state == "closed") == (not states & {"open", "proposed"}), (row.state, states)
                assert (row.state == "proposed") == ("proposed" in states), (row.state, states)
                assert (row.state == "proposed") == (dispositions.waiting(connection, row.id) is not None)
                for alert in alerts:
                    if alert.verdict is not None:
                        judged = dispositions.disposition_alerts
                        found = connection.execute(
                            judged.select().where(judged.c.alert_id == alert.id, judged.c.verdict == alert.verdict)
                        ).all()
                        assert any(one.entity_hash == alert.entity_hash for one in found)

    @invariant()
    def the_record_verifies_and_has_a_row_for_each_decision(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.begin() as connection:
            assert check(connection).sound
            told = [row.content or "" for row in audit.rows(connection)]
            for row in connection.execute(dispositions.dispositions.select()).all():
                assert any(f'"disposition":{row.id},' in content for content in told), row.id


@pytest.mark.slow
def test_whatever_people_do_the_rules_hold(empty: Path) -> None:
    Office.empty = empty
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
