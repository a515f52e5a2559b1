"""Parties erased by policy: from the database, the kept decisions, and the files of cases."""

from __future__ import annotations

from datetime import datetime, timedelta

from stopship.app.casework.desk import CaseWork
from stopship.app.workspace import Workspace
from stopship.cases import Actor
from stopship.cases.erasure import Erasable, erasable, erase, erased_decisions
from stopship.errors import SettingsError


def limit_of(work: CaseWork, now: datetime) -> datetime:
    """The moment before which parties are erased, by `retention_days` of the settings.

    Raises:
        SettingsError: nothing is set.
    """
    days = work.policy.retention_days
    if days is None:
        raise SettingsError(
            "how long are parties kept?",
            where="cases erase",
            hint="Give --before YYYY-MM-DD, or cases: retention_days in settings.yaml",
        )
    return now - timedelta(days=days)


def erase_parties(
    workspace: Workspace, work: CaseWork, before: datetime, actor: Actor, *, now: datetime, dry_run: bool = False
) -> Erasable:
    """Erase parties that were last screened before a moment, or say what would be erased.

    The database goes first; files that a kill has left go with the next call: the database says which are to go.

    Raises:
        SettingsError: the moment lies in the future. StepNotAllowed: see `cases.erasure.erase`.
    """
    if before > now:
        raise SettingsError(f"{before:%Y-%m-%d} lies in the future", where="--before")
    if dry_run:
        return erasable(work.desk, before)
    done = erase(work.desk, before, actor, now=now)
    with work.database.begin() as connection:
        for digest in erased_decisions(connection):
            workspace.records.remove(digest)
    work.papers.sweep()
    return done
