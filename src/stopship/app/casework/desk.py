"""The desk of a home: its database, its policy, its files, and the head of the audit record noted on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from stopship.app.auditing import note_if_due
from stopship.app.casework.settings import read_policy
from stopship.app.workspace import Workspace
from stopship.cases import BulkDesk, Desk, Policy, SuppressionDesk
from stopship.cases.papers import Papers
from stopship.store import Database


@dataclass(frozen=True, slots=True)
class CaseWork:
    """All that people do with cases in one home."""

    database: Database
    policy: Policy
    desk: Desk
    bulk: BulkDesk
    suppressions: SuppressionDesk
    papers: Papers


def case_work(workspace: Workspace, database: Database, *, now: datetime) -> CaseWork:
    """Case work on a database that is open; whoever opened it closes it.

    Args:
        workspace: the home, for settings, files and the noted heads.
        now: this moment, timezone-aware.
    """
    policy = read_policy(workspace.home)
    desk = Desk(database, policy, partial(note_if_due, workspace.home, database, now))
    papers = Papers(desk, workspace.home / "cases" / "files")
    return CaseWork(database, policy, desk, BulkDesk(desk), SuppressionDesk(desk), papers)


@contextmanager
def opened_case_work(workspace: Workspace, *, now: datetime) -> Iterator[CaseWork]:
    """Case work on the database of a home, which is made where there is none."""
    with closing(workspace.database()) as database:
        yield case_work(workspace, database, now=now)
