"""All that belongs to a case, or to a kept decision by itself, gathered for whoever must show it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from stopship.app.casework.desk import CaseWork
from stopship.app.casework.prov import provenance
from stopship.app.example_data import notice_of
from stopship.app.workspace import Workspace
from stopship.cases.view import CaseView
from stopship.errors import NotFound, StateError
from stopship.store import audit, screenings
from stopship.store.audit import AuditRow
from stopship.store.screenings import Screening


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that belongs to a case, or to a decision.

    Attributes:
        subject: what it is about, as audit rows name it.
        raw, decisions: kept decisions by hash, as bytes and as JSON values.
        view: the case; None of a decision by itself.
        notice: what every form of it must say beside it; None of real data.
    """

    subject: str
    screenings: tuple[Screening, ...]
    raw: Mapping[str, bytes]
    decisions: Mapping[str, Mapping[str, Any]]
    rows: tuple[AuditRow, ...]
    view: CaseView | None = None
    notice: str | None = None

    def prov(self) -> dict[str, Any]:
        """Where everything comes from."""
        return provenance(self.screenings, self.decisions, self.rows, self.view, self.notice)

    def rules(self) -> list[dict[str, Any]]:
        """The rules that findings of the decisions name, each with its citations."""
        found: dict[str, dict[str, Any]] = {}
        for decision in self.decisions.values():
            for finding in decision["findings"]:
                empty: dict[str, Any] = {"rule": finding["rule"], "citations": [], "rulebooks": []}
                known = found.setdefault(finding["rule"], empty)
                known["citations"] += [one for one in finding["citations"] if one not in known["citations"]]
                if decision["rulebook"] not in known["rulebooks"]:
                    known["rulebooks"].append(decision["rulebook"])
        return [found[rule] for rule in sorted(found)]


def of_case(workspace: Workspace, work: CaseWork, number: int) -> Gathered:
    """A case.

    Raises:
        NotFound: there is none of this number. StateError: a kept decision was altered.
    """
    view = work.desk.show(number)
    about = [f"case:{number}", *(f"screening:{one.id}" for one in view.screenings)]
    about += [f"suppression:{row.id}" for row, _ in view.suppressions]
    about += [f"bulk:{one.bulk_id}" for one in view.dispositions if one.bulk_id is not None]
    return _gathered(workspace, work, about, view.screenings, view)


def of_decision(workspace: Workspace, work: CaseWork, digest: str) -> Gathered:
    """A kept decision with every time that it was kept.

    Args:
        digest: its hash, or the beginning of it.

    Raises:
        NotFound: none, or more than one, is meant. StateError: it was altered.
    """
    named = workspace.records.named(digest)
    if len(named) != 1:
        what = f"{len(named)} kept decisions begin" if named else "no kept decision begins"
        raise NotFound(f"{what} with {digest[:64]!r}", hint="Give six digits or more of its hash")
    with work.database.begin() as connection:
        held = screenings.of_reference(connection, "decision", named[0])
    about = [f"screening:{one.id}" for one in held]
    return _gathered(workspace, work, [f"decision:{named[0]}", *about], held, None)


def _gathered(
    workspace: Workspace,
    work: CaseWork,
    about: list[str],
    held: tuple[Screening, ...],
    view: CaseView | None,
) -> Gathered:
    """Gather it. A decision that was erased, or not kept in this home, is left out."""
    raw: dict[str, bytes] = {}
    for screening in held:
        path = workspace.records.path_of(screening.reference) if screening.kind == "decision" else None
        if path is not None:
            raw[screening.reference] = path.read_bytes()
    for digest, data in raw.items():
        if hashlib.sha256(data).hexdigest() != digest:
            raise StateError("a kept decision was altered", where=digest, hint="Restore it from a backup")
    with work.database.begin() as connection:
        rows = audit.about(connection, dict.fromkeys(about))
    decisions = {digest: orjson.loads(data) for digest, data in raw.items()}
    return Gathered(about[0], held, raw, decisions, rows, view, notice_of(workspace.home))
