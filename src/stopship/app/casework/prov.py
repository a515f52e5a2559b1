"""A case, or a decision, as PROV-JSON, the W3C's form for where things come from (https://www.w3.org/submissions/prov-json/).

Entities are snapshots of lists, rulebooks, settings, decisions, the case and its dispositions; activities are
screenings and steps of people; agents are people, systems and the program. What a person did carries the number
and hash of its audit row, so that both records can be held against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from stopship.cases.view import CaseView
from stopship.store.audit import AuditRow
from stopship.store.screenings import Screening

PREFIX = {
    "stopship": "urn:stopship:",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class _Document:
    """The parts of a PROV-JSON document; each record has its own name, relations are numbered. Entities and
    activities carry the notice, where there is one: the form has no place for what is true of all of it."""

    def __init__(self, notice: str | None) -> None:
        self.parts: dict[str, dict[str, Any]] = {}
        self.notice = notice

    def add(self, kind: str, name: str, **fields: Any) -> str:
        if kind != "agent":
            fields["stopship__notice"] = self.notice
        known = self.parts.setdefault(kind, {}).setdefault(name, {})
        known |= {key.replace("__", ":"): value for key, value in fields.items() if value is not None}
        return name

    def relate(self, kind: str, **ends: Any) -> None:
        of_kind = self.parts.setdefault(kind, {})
        relation = {f"prov:{key}": value for key, value in ends.items() if value is not None}
        if relation not in of_kind.values():
            of_kind[f"_:{kind}{len(of_kind) + 1}"] = relation

    def plain(self) -> dict[str, Any]:
        return {"prefix": PREFIX, **self.parts}


def provenance(
    screenings: Sequence[Screening],
    decisions: Mapping[str, Mapping[str, Any]],
    rows: Sequence[AuditRow],
    view: CaseView | None = None,
    notice: str | None = None,
) -> dict[str, Any]:
    """Screenings, and the case that came of them, as a PROV-JSON document.

    Args:
        screenings: those that it is about.
        decisions: the kept decisions among them, by hash.
        rows: the audit rows about all of it.
        view: the case; None for a decision by itself.
        notice: what must be said of all of it, as `stopship:notice` of each entity and activity.
    """
    document = _Document(notice)
    case = _case(document, view) if view is not None else None
    for screening in screenings:
        activity = _screening(document, screening)
        if case is not None:
            document.relate("wasInfluencedBy", influencee=case, influencer=activity)
        if screening.kind == "decision" and screening.reference in decisions:
            _decision(document, screening.reference, decisions[screening.reference], activity)
    for row in rows:
        activity = document.add(
            "activity",
            f"stopship:audit/{row.seq}",
            prov__startTime=_time(row.moment),
            prov__endTime=_time(row.moment),
            prov__type=_typed(f"stopship:{row.action}"),
            stopship__hash=row.hash,
            stopship__subject=row.subject,
        )
        document.relate("wasAssociatedWith", activity=activity, agent=_agent(document, row.actor))
        if view is not None and case is not None and row.subject == f"case:{view.case.id}":
            document.relate("wasInfluencedBy", influencee=case, influencer=activity)
    return document.plain()


def _case(document: _Document, view: CaseView) -> str:
    case = document.add(
        "entity",
        f"stopship:case/{view.case.id}",
        prov__type=_typed("stopship:Case"),
        stopship__state=view.case.state,
        stopship__disposition=view.case.disposition,
    )
    for one in view.dispositions:
        name = document.add(
            "entity",
            f"stopship:disposition/{one.id}",
            prov__type=_typed("stopship:Disposition"),
            stopship__verdict=one.verdict,
            stopship__reason=one.reason,
            stopship__state=one.state,
        )
        document.relate("wasDerivedFrom", generatedEntity=name, usedEntity=case)
        document.relate("wasAttributedTo", entity=name, agent=_agent(document, one.maker))
        if one.checker and one.state == "effective":
            document.relate("wasAttributedTo", entity=name, agent=_agent(document, one.checker))
    return case


def _screening(document: _Document, screening: Screening) -> str:
    activity = document.add(
        "activity",
        f"stopship:screening/{screening.id}",
        prov__startTime=_time(screening.moment),
        prov__endTime=_time(screening.moment),
        prov__type=_typed("stopship:Screening"),
        stopship__kind=screening.kind,
        stopship__outcome=screening.outcome,
    )
    engine = _agent(document, screening.engine, software=True)
    for agent in (_agent(document, screening.actor), engine):
        document.relate("wasAssociatedWith", activity=activity, agent=agent)
    for source, snapshot in orjson.loads(screening.lists).items():
        name, kind = f"stopship:snapshot/{snapshot}", _typed("stopship:Snapshot")
        used = document.add("entity", name, prov__type=kind, stopship__source=source)
        document.relate("used", activity=activity, entity=used)
    return activity


def _decision(document: _Document, digest: str, decision: Mapping[str, Any], activity: str) -> None:
    name = document.add(
        "entity",
        f"stopship:decision/{digest}",
        prov__type=_typed("stopship:Decision"),
        stopship__outcome=decision["outcome"],
        stopship__as_of=decision["as_of"],
    )
    document.relate("wasGeneratedBy", entity=name, activity=activity)
    for kind in ("rulebook", "settings", "index", "ownership"):
        if decision.get(kind):
            used = document.add(
                "entity", f"stopship:{kind}/{decision[kind]}", prov__type=_typed(f"stopship:{kind.title()}")
            )
            document.relate("used", activity=activity, entity=used)
            document.relate("wasDerivedFrom", generatedEntity=name, usedEntity=used)
    for listed in decision["lists"]:
        used = document.add(
            "entity",
            f"stopship:snapshot/{listed['snapshot']}",
            prov__type=_typed("stopship:Snapshot"),
            stopship__source=listed["source"],
            stopship__published=listed["published"],
        )
        document.relate("wasDerivedFrom", generatedEntity=name, usedEntity=used)


def _agent(document: _Document, actor: str, *, software: bool = False) -> str:
    program = software or actor.startswith("system:")
    kind = (
        "prov:SoftwareAgent" if program else "prov:Person" if actor.startswith(("user:", "cli:")) else "prov:Agent"
    )
    return document.add("agent", f"stopship:agent/{actor}".replace(" ", "_"), prov__type=_typed(kind))


def _typed(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _time(moment: Any) -> str:
    return str(moment.isoformat()).replace("+00:00", "Z")
