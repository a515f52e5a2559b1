"""What is on this machine and in what state: for `lists status` and `doctor`."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from contextlib import closing, nullcontext
from importlib import metadata
from typing import TYPE_CHECKING, Any

from stopship.app.indexes import STARTER, starter_index
from stopship.app.lists.choice import by_hand
from stopship.app.settings import database_url
from stopship.app.workspace import DATABASE, Workspace, list_states
from stopship.errors import StopshipError
from stopship.matching import IndexedList
from stopship.screening.freshness import ListState
from stopship.sources.catalogue import source_info
from stopship.version import __version__

if TYPE_CHECKING:
    from stopship.store import Database

STARTER_NOTE = (
    "Not for real screening: the 28 entities of 84 FR 54002. Fetch the official lists: stopship lists update; or, "
    "without network, download the Consolidated Screening List and run: "
    "stopship lists import us_csl consolidated.csv"
)


def list_status(workspace: Workspace) -> list[dict[str, Any]]:
    """One dict a list in use, by source id; the starter list while no other is there."""
    found = []
    for snapshot, listed in list_states(workspace):
        newest = workspace.archive.current(snapshot.source)
        state = _state(workspace, listed, rejected=snapshot.rejects, title=snapshot.title)
        if newest is not None and newest.sha256 != snapshot.sha256:
            state["newest"] = newest.dated.isoformat()
        found.append(state)
    if not found:
        found = [_state(workspace, listed, rejected=0) for listed in starter_index().lists]
    return found


def _state(workspace: Workspace, listed: IndexedList, *, rejected: int, title: str = "") -> dict[str, Any]:
    state = ListState(listed, workspace.today)
    info = source_info(listed.source)
    return {
        "source": listed.source,
        "title": title or info.title,
        "publisher": info.publisher,
        "url": info.url,
        "snapshot": listed.snapshot,
        "published": listed.published.isoformat() if listed.published else None,
        "retrieved": listed.retrieved.isoformat() if listed.retrieved else None,
        "retrieved_days": max(0, (workspace.today - listed.retrieved).days) if listed.retrieved else None,
        "age_days": state.age_days,
        "limit_days": listed.limit_days,
        "stale": state.stale,
        "entries": listed.entries,
        "rejected": rejected,
        "pinned": listed.pinned,
        "newest": None,
        "note": STARTER_NOTE if listed.source == STARTER else "",
    }


def examine(workspace: Workspace, opened: Database | None = None) -> dict[str, Any]:
    """Everything that `stopship doctor` reports: versions, home, lists, index, rulebook, what to do next.

    Args:
        opened: the home's database, where it is open already; else it is opened for this, where there is one.
    """
    problems: list[str] = []
    todo: list[str] = []
    lists: list[dict[str, Any]] = []
    index: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    ownership: dict[str, Any] | None = None
    try:
        lists = list_status(workspace)
        of_today = workspace.index(workspace.today)
        index = {"hash": of_today.content_hash, "lists": [listed.source for listed in of_today.lists]}
    except StopshipError as error:
        problems.append(str(error))
    try:
        book = workspace.rulebook
        rules = {"version": book.version, "rules": len(book.rules)}
    except StopshipError as error:
        problems.append(str(error))
    try:
        graph = workspace.ownership.graph()
        if graph is not None:
            ownership = {"graph": graph.content_hash, "data": workspace.ownership.names()}
    except StopshipError as error:
        problems.append(str(error))
    try:
        _ = workspace.settings
    except StopshipError as error:
        problems.append(str(error))
    database: dict[str, Any] | None = None
    try:
        database = _database(workspace, opened)
    except StopshipError as error:
        problems.append(str(error))
    if database is not None and not database["up_to_date"]:
        todo.append("the lists have changed since enrolled customers were screened: stopship rescreen")
    if any(state["source"] == STARTER for state in lists):
        todo.append(STARTER_NOTE)
    for state in lists:
        if state["stale"] and state["source"] != STARTER:
            todo.append(mend_stale(state))
        if state["pinned"]:
            todo.append(
                f"{state['source']} is pinned to the snapshot of {state['published'] or state['retrieved']}: when "
                f"that is no longer wanted, run: stopship lists pin {state['source']} --unpin"
            )
    return {
        "stopship": __version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.release()}",
        "executable": sys.executable,
        "libraries": {
            name: _version(name)
            for name in (
                "rapidfuzz",
                "pypinyin",
                "anyascii",
                "orjson",
                "PyYAML",
                "lxml",
                "rustworkx",
                "httpx2",
                "stamina",
            )
        },
        "home": str(workspace.home),
        "home_exists": workspace.home.exists(),
        "lists": lists,
        "index": index,
        "rulebook": rules,
        "ownership": ownership,
        "decisions": workspace.records.count(),
        "database": database,
        "problems": problems,
        "next": todo,
    }


def _database(workspace: Workspace, opened: Database | None) -> dict[str, Any] | None:
    """The database, where there is one, and whether its portfolios were screened against the lists of today."""
    path = workspace.home / DATABASE
    elsewhere = database_url(workspace.home)
    if elsewhere is None and not path.exists():
        return None
    from stopship.app.monitoring import rescreen as monitoring

    with nullcontext(opened) if opened is not None else closing(workspace.database()) as database:
        revision = database.revision()
        states = monitoring.up_to_date(workspace, database, workspace.index(workspace.today))
    return {
        "file": str(path) if elsewhere is None else None,
        "revision": revision,
        "portfolios": list(states),
        "up_to_date": all(states.values()),
    }


def stale_states(workspace: Workspace) -> list[dict[str, Any]]:
    """As `list_status`, of the lists in use that are beyond their age limit; the starter list is left out."""
    return [state for state in list_status(workspace) if state["stale"] and state["source"] != STARTER]


def mend_stale(state: Mapping[str, Any]) -> str:
    """What to do about a list that is beyond its age limit."""
    source, limit = state["source"], state["limit_days"]
    says = f"{source} is {state['age_days']} days old (limit {limit}), so no order is clear on it"
    if not source_info(source).fetch:
        return f"{says}. {by_hand(source)}"
    if state["published"] and state["retrieved_days"] <= limit:
        return (
            f"{says}: the publisher's file of {state['retrieved']} is dated {state['published']}. Where "
            "nothing newer is published, check --allow-stale REASON says so in the decision"
        )
    return f"{says}; run: stopship lists update {source}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"
