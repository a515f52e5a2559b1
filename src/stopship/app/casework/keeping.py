"""Screenings kept: the decision's file, its parties, and what a person must judge as cases."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from stopship.app.auditing import note_if_due
from stopship.app.casework.screenings import Entries, of_decision, of_names
from stopship.app.casework.settings import read_policy
from stopship.app.workspace import Workspace
from stopship.cases import Actor, PartyMatches, Recorded, SeenScreening, record
from stopship.matching import Index
from stopship.ownership import OwnershipGraph
from stopship.screening import Decision, Settings
from stopship.screening.screener import ENGINE
from stopship.store import Database


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision that was kept: where its JSON lies, and what became of its matches."""

    path: Path
    recorded: Recorded


def keep_decision(
    workspace: Workspace,
    decision: Decision,
    index: Index,
    graph: OwnershipGraph | None,
    *,
    settings: Settings,
    actor: Actor,
    now: datetime,
    database: Database | None = None,
) -> Kept:
    """Keep a decision with what it rests on, and open cases for matches that a person must judge.

    Args:
        index, graph, settings: those that it was made with.
        database: one that is open; None opens that of the home.

    Raises:
        StateError: the home or the database can't be written. The decision's file may then be there without its
            row: keeping it again mends that.
    """
    path = workspace.records.keep(decision, rulebook=workspace.rulebook, settings=settings, now=now)
    seen = of_decision(decision, Entries(index), path.stem, graph)
    if database is None:
        with closing(workspace.database()) as opened:
            return Kept(path, _record(workspace, opened, seen, actor, now))
    return Kept(path, _record(workspace, database, seen, actor, now))


def keep_names(
    workspace: Workspace,
    database: Database,
    index: Index,
    found: Iterable[PartyMatches],
    *,
    reference: str,
    actor: Actor,
    now: datetime,
    kind: str = "names",
) -> Recorded:
    """Keep a screening of names, also of those without a hit: see `screenings.of_hits`.

    Args:
        reference: what people call it: a file's name, a request's id.
    """
    kept = tuple(found)
    seen = of_names(kept, index, ENGINE, kind=kind, reference=reference, parties=len(kept))
    return _record(workspace, database, seen, actor, now)


def _record(
    workspace: Workspace, database: Database, seen: SeenScreening, actor: Actor, now: datetime
) -> Recorded:
    with database.write() as connection:
        done = record(connection, seen, actor=actor, policy=read_policy(workspace.home), now=now)
    note_if_due(workspace.home, database, now)
    return done
