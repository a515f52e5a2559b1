"""A case as a person works on it: its alerts side by side with the party, what was proposed, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stopship.matching import Match
from stopship.web.presenters.bars import Bars, bars
from stopship.web.presenters.comparison import View, of_match

Plain = Mapping[str, Any]
_ORDER = {"open": 0, "proposed": 1, "decided": 2, "suppressed": 3}
MOST_TOLD = 240


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `view` and `bars` are None where the lists in use no longer hold the entry; `evidence` is then
    what was found when it was raised."""

    id: int
    entity_id: str
    name: str
    programs: tuple[str, ...]
    score: float
    band: str
    state: str
    verdict: str
    gone: str
    view: View | None
    bars: Bars | None
    evidence: tuple[str, ...]
    says: tuple[str, ...]
    listings: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. `told` is what the record holds of it, in short."""

    seq: int
    moment: str
    actor: str
    action: str
    told: str
    hash: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that a page of a case shows. `waiting` is the proposal that somebody else must agree to."""

    case: Plain
    party: Plain
    alerts: tuple[Alert, ...]
    waiting: Plain | None
    dispositions: tuple[Plain, ...]
    suppressions: tuple[Plain, ...]
    notes: tuple[Plain, ...]
    timeline: tuple[Event, ...]
    locked_by_other: str

    @property
    def open_alerts(self) -> int:
        return sum(alert.state == "open" for alert in self.alerts)


def case_page(plain: Plain, matches: Mapping[str, Match], *, me: str) -> CasePage:
    """The page of a case.

    Args:
        plain: the case as JSON (`stopship cases show --json`).
        matches: of its party with the entries of its alerts, on the lists in use, by entity id.
        me: who looks at it, as records name them.
    """
    party = plain["party"] or {}
    alerts = sorted(plain["alerts"], key=lambda a: (_ORDER.get(a["state"], 9), -a["score"], a["entity_id"]))
    locked = plain["locked_by"]
    return CasePage(
        case=plain,
        party=party,
        alerts=tuple(_alert(alert, matches.get(alert["entity_id"]), party) for alert in alerts),
        waiting=next((one for one in plain["dispositions"] if one["state"] == "proposed"), None),
        dispositions=tuple(one for one in plain["dispositions"] if one["state"] != "proposed")[::-1],
        suppressions=tuple(plain["suppressions"]),
        notes=tuple(plain["notes"]),
        timeline=tuple(_event(row) for row in plain["timeline"])[::-1],
        locked_by_other=locked if locked and locked != me else "",
    )


def _alert(alert: Plain, match: Match | None, party: Plain) -> Alert:
    view = of_match(match, party) if match is not None else None
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
        gone=alert["gone"] or "",
        view=view,
        bars=bars(view.names) if view is not None else None,
        evidence=tuple(hit.get("evidence") or ()) if view is None else (),
        says=tuple(dict.fromkeys(finding["text"] for finding in hit.get("findings") or ())),
        listings=tuple(listing for entry in entries for listing in entry.get("listings") or ()),
    )


def _event(row: Plain) -> Event:
    content = row["content"]
    return Event(row["seq"], row["moment"], row["actor"], row["action"], _told(content), row["hash"])


def _told(content: Any) -> str:
    """What a row of the record holds, as one short line."""
    if not isinstance(content, Mapping):
        return ""
    parts = [f"{key}: {_short(value)}" for key, value in content.items() if value not in (None, "", [], {})]
    text = "; ".join(parts)
    return text if len(text) <= MOST_TOLD else f"{text[: MOST_TOLD - 1]}…"


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_short(inner)}" for key, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_short(inner) for inner in value)
    return str(value)
