"""A case as a person works on it: its alerts side by side with the party, what was proposed, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stopship.matching import Match
from stopship.web.presenters.bars import Bars, bars
from stopship.web.presenters.comparison import View, of_match
from stopship.web.presenters.decision import DecisionPage
from stopship.web.presenters.hit import Hit, Reason, reasons_of
from stopship.web.presenters.timeline import Event, Matched, timeline

Plain = Mapping[str, Any]
_ORDER = {"open": 0, "proposed": 1, "decided": 2, "suppressed": 3}

FOR_VERDICT: Mapping[str, tuple[str, ...]] = {
    "false_match": (
        "name_only", "other_birth_date", "other_country", "other_identifier", "other_kind", "other_address",
        "known_partner", "entry_gone",
    ),
    "true_match": ("same_identifier", "same_details", "confirmed_by_partner", "confirmed_by_authority"),
}  # fmt: skip
"""Reasons that speak for one verdict; all others may be given with any."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `view` and `bars` are None where the lists in use no longer hold the entry; `evidence` is then
    what was found when it was raised. `reasons` are the rules that rest on it, where an order raised it."""

    id: int
    entity_id: str
    name: str
    programs: tuple[str, ...]
    score: float
    band: str
    state: str
    verdict: str
    gone: str
    first_seen: str
    view: View | None
    bars: Bars | None
    evidence: tuple[str, ...]
    reasons: tuple[Reason, ...]
    listings: tuple[Plain, ...]

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that a page of a case shows. `waiting` is the proposal that somebody else must agree to,
    `proposed` the verdicts that it gives; `silenceable` are alerts judged false that aren't kept silent."""

    case: Plain
    party: Plain
    alerts: tuple[Alert, ...]
    waiting: Plain | None
    proposed: tuple[Matched, ...]
    dispositions: tuple[Plain, ...]
    suppressions: tuple[Plain, ...]
    notes: tuple[Plain, ...]
    files: tuple[Plain, ...]
    timeline: tuple[Event, ...]
    locked_by_other: str
    silenceable: tuple[Alert, ...]

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        return tuple(alert for alert in self.alerts if alert.is_open)

    @property
    def programs(self) -> tuple[str, ...]:
        """The programs of what may be kept silent."""
        some = self.open_alerts or self.silenceable
        return tuple(dict.fromkeys(program for alert in some for program in alert.programs))


@dataclass(frozen=True, slots=True)
class Order:
    """The order that a case came from. `others` are its findings that rest on none of the case's alerts: on items,
    the destination, other parties."""

    page: DecisionPage
    others: tuple[Hit, ...]
    digest: str


def case_page(
    plain: Plain,
    matches: Mapping[str, Match],
    *,
    me: str,
    people: Mapping[str, str],
    wrong: Mapping[int, str] | None = None,
    in_full: range | None = None,
) -> CasePage:
    """The page of a case.

    Args:
        plain: the case as JSON (`stopship cases show --json`).
        matches: of its party with the entries of its alerts, on the lists in use, by entity id.
        me: who looks at it, as records name them.
        people: what to call those who act.
        wrong: what a check of the record found, by row.
        in_full: which alerts, counted from 0, are compared in full; None: all.
    """
    party = plain["party"] or {}
    alerts = sorted(plain["alerts"], key=lambda a: (_ORDER.get(a["state"], 9), -a["score"], a["entity_id"]))
    locked = plain["locked_by"]
    shown = tuple(
        _alert(alert, matches.get(alert["entity_id"]), party, compared=in_full is None or at in in_full)
        for at, alert in enumerate(alerts)
    )
    silent = {
        entity["entity_id"]
        for one in plain["suppressions"]
        if one["state"] in ("active", "proposed")
        for entity in one["entities"]
    }
    waiting = next((one for one in plain["dispositions"] if one["state"] == "proposed"), None)
    events = timeline(plain, people, wrong)
    return CasePage(
        case=plain,
        party=party,
        alerts=shown,
        waiting=waiting,
        proposed=next((e.matched for e in events if waiting and e.disposition == waiting["id"]), ()),
        dispositions=tuple(one for one in plain["dispositions"] if one["state"] != "proposed")[::-1],
        suppressions=tuple(plain["suppressions"])[::-1],
        notes=tuple(plain["notes"]),
        files=tuple(plain["files"]),
        timeline=events,
        locked_by_other=locked if locked and locked != me else "",
        silenceable=tuple(a for a in shown if a.verdict == "false_match" and a.entity_id not in silent),
    )


def order_behind(page: DecisionPage, plain: Plain, digest: str) -> Order:
    """The order that a case came from, without what its alerts show already.

    Args:
        page: of the kept decision.
        plain: the case as JSON.
        digest: the hash under which the decision is kept.
    """
    entities = {alert["entity_id"] for alert in plain["alerts"]}
    name = (plain["party"] or {}).get("name")
    others = (hit for hit in page.hits if not (hit.entity_id in entities and (hit.owner or hit.ours == name)))
    return Order(page, tuple(others), digest)


def reasons_by_verdict(codes: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Reason codes in groups: for a false match, for a true one, for any."""
    groups = [(verdict, tuple(c for c in some if c in codes)) for verdict, some in FOR_VERDICT.items()]
    taken = {code for _, some in groups for code in some}
    return (*groups, ("any", tuple(code for code in codes if code not in taken)))


def _alert(alert: Plain, match: Match | None, party: Plain, *, compared: bool) -> Alert:
    view = of_match(match, party) if match is not None and compared else None
    hit = alert["hit"] or {}
    entries = alert["entity"] or ()  # one for each list that prints it
    return Alert(
        id=alert["id"],
        entity_id=alert["entity_id"],
        name=alert["entity_name"],
        programs=tuple(alert["programs"]),
        score=alert["score"],
        band=alert["band"],
        state=alert["state"],
        verdict=alert["verdict"] or "",
        gone=(alert["gone"] or "")[:10],
        first_seen=alert["first_seen"][:10],
        view=view,
        bars=bars(view.names) if view is not None else None,
        evidence=tuple(hit.get("evidence") or ()) if view is None and compared else (),
        reasons=reasons_of(hit.get("findings") or ()) if compared else (),
        listings=tuple(listing for entry in entries for listing in entry.get("listings") or ())
        if compared
        else (),
    )
