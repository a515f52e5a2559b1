"""Screenings kept: the decision's file, its parties, and what a person must judge as cases."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import Connection

from stopship.app.auditing import note_if_due
from stopship.app.casework.screenings import Entries, of_decision, of_names
from stopship.app.casework.settings import read_policy
from stopship.app.workspace import Workspace
from stopship.cases import Actor, PartyMatches, Recorded, SeenScreening, record
from stopship.matching import Index
from stopship.ownership import OwnershipGraph
from stopship.screening import Decision, Settings
from stopship.screening.screener import ENGINE
from stopship.store import Database, audit

SETTINGS = "settings:decisions"


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision that was kept: where its JSON lies, and what became of its matches."""

    path: Path
    recorded: Recorded

    def told(self) -> str:
        """What a person should know of its cases, in words behind the path."""
        done = self.recorded
        words = ((done.opened, "opened"), (done.reopened, "opened again"), (done.changed, "changed"))
        told = [f"case {number} {word}" for numbers, word in words for number in numbers]
        told += [f"case {number} as before" for number in done.standing]
        return f"; {', '.join(told)}" if told else ""


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


def _note_settings(connection: Connection, settings: Settings, actor: Actor, now: datetime) -> None:
    """Write that the settings by which is decided are other ones than before: among them the rules that a person
    has pinned. They are a file that people edit; here it is seen."""
    audit.wait_for_turn(connection)
    last = audit.last_about(connection, SETTINGS)
    before = orjson.loads(last.content) if last is not None and last.content else None
    if before is None and settings == Settings():
        return
    if before is None or before["hash"] != settings.content_hash:
        content = {
            "hash": settings.content_hash,
            "before": before and before["after"],
            "after": settings.to_plain(),
        }
        audit.append(
            connection, actor=actor.id, action="settings.seen", subject=SETTINGS, content=content, now=now
        )


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
        _note_settings(connection, workspace.settings, actor, now)
        done = record(connection, seen, actor=actor, policy=read_policy(workspace.home), now=now)
    note_if_due(workspace.home, database, now)
    return done
