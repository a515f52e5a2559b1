"""What a decision says of one match of one party, of one item, or of the order as a whole: the rules that fire,
the strictest first, with their listings, and the names side by side where the match is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from stopship.matching import Match
from stopship.rules.outcome import Outcome
from stopship.web.presenters.bars import Bars, bars
from stopship.web.presenters.comparison import View, of_match
from stopship.web.presenters.ownership import Picture, picture

Plain = Mapping[str, Any]
EFFECTIVE = ("in_force", "unconfirmed")
EFFECTS = ("counts", "elsewhere", "none")


@dataclass(frozen=True, slots=True)
class ListingText:
    """A listing as printed; what the list doesn't print is empty."""

    name: str
    program: str
    start: str
    end: str
    license_requirement: str
    license_policy: str
    citation: str
    remarks: str
    caveat: str
    url: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that fires, in all the scopes in which it says the same. `effect`: counts, elsewhere (in scopes
    that don't govern the order), none (reported without effect)."""

    rule: str
    outcome: str
    scopes: tuple[str, ...]
    text: str
    status: str
    match: str
    if_confirmed: str
    review_policy: str
    effect: str
    citations: tuple[Plain, ...]
    printed: tuple[str, ...]
    missing: tuple[str, ...]
    license: str
    listing: ListingText | None
    ownership: Picture | None


@dataclass(frozen=True, slots=True)
class Hit:
    """All that rests on one match of one party (or of its owner), or on one item, or on the order as a whole.

    `outcome` is the strictest of what counts here. `view` and `bars` are None where the match isn't at hand.
    """

    party: int | None
    role: str
    ours: str
    owner: str
    item: int | None
    item_text: str
    entity_id: str
    name: str
    programs: tuple[str, ...]
    sources: tuple[str, ...]
    score: float | None
    band: str
    match: str
    outcome: str
    effect: str
    reasons: tuple[Reason, ...]
    evidence: tuple[str, ...]
    view: View | None = None
    bars: Bars | None = None


def reasons_of(findings: Sequence[Plain]) -> tuple[Reason, ...]:
    """The rules behind some findings, strictest first. Whether they count for an order isn't known here, so that
    all of them do that are in force."""
    scopes = tuple(dict.fromkeys(finding["scope"] for finding in findings))
    return tuple(sorted(_reasons(findings, scopes), key=_by_strictness))


def _by_strictness(reason: Reason) -> tuple[int, int, str]:
    return EFFECTS.index(reason.effect), Outcome(reason.outcome).rank, reason.rule


def strictness(hit: Hit) -> tuple[int, int, float, int, str]:
    """The order of hits: what counts first, then the strictest, then the best score."""
    return EFFECTS.index(hit.effect), Outcome(hit.outcome).rank, -(hit.score or 0), hit.party or 0, hit.entity_id


def _effect(finding: Plain, scopes: Sequence[str]) -> str:
    if finding["status"] not in EFFECTIVE or finding["match"] == "judged_false":
        return "none"
    return "counts" if finding["scope"] in scopes else "elsewhere"


def hit_of(
    group: Sequence[tuple[Plain, Match | None]], order: Plain, scopes: Sequence[str], threshold: float | None
) -> Hit:
    """The hit that some findings are about, with the match of each where it is at hand.

    Args:
        group: findings on the same match, item or order, one at least.
        order: the decision's order.
        scopes: those that govern it.
        threshold: the score from which a match alerts, where a person has set one.
    """
    reasons = sorted(_reasons([finding for finding, _match in group], scopes), key=_by_strictness)
    first = group[0][0]
    match = next((m for _finding, m in group if m is not None), None)
    parties = order.get("parties") or []
    number = first["party"]
    party = parties[number] if number is not None and number < len(parties) else {}
    items = order.get("items") or []
    item = items[first["item"]] if first["item"] is not None and first["item"] < len(items) else None
    subject = _owner(party, first["owner"]) if first["owner"] else party
    view = of_match(match, subject, threshold=threshold) if match is not None else None
    listings = [finding["listing"] for finding, _match in group if finding["listing"]]
    evidence: dict[str, None] = {}
    for finding, found in group:
        if found is None and finding["entity_id"] is not None:
            evidence.update(dict.fromkeys(finding["evidence"]))
    return Hit(
        party=number,
        role=str(party.get("role") or ""),
        ours=str(party.get("name") or party.get("address") or ""),
        owner=first["owner"] or "",
        item=first["item"] if first["entity_id"] is None else None,
        item_text=_item_text(item) if item else "",
        entity_id=first["entity_id"] or "",
        name=match.entity.caption if match else (listings[0]["name"] if listings else ""),
        programs=tuple(dict.fromkeys(f["program"] for f, _m in group if f["program"])),
        sources=tuple(dict.fromkeys(str(x.get("source")) for x in listings if x.get("source"))),
        score=first["score"],
        band=first["band"] or "",
        match=first["match"] or "",
        outcome=reasons[0].outcome,
        effect=reasons[0].effect,
        reasons=tuple(reasons),
        evidence=tuple(evidence),
        view=view,
        bars=bars(view.names) if view is not None else None,
    )


def _owner(party: Plain, path: str) -> Plain:
    """The owner at a path ("0.1") of the order; nothing is at hand of one from ownership data."""
    at = party
    for step in path.split("."):
        owners = at.get("owners") or []
        if not step.isdecimal() or int(step) >= len(owners):
            return {}
        at = owners[int(step)]
    return at


def _item_text(item: Plain) -> str:
    code = item.get("eccn") or item.get("usml")
    words = str(item.get("description") or "")
    return f"{words} [{code}]".strip() if code else words


def _reasons(findings: Sequence[Plain], scopes: Sequence[str]) -> Iterable[Reason]:
    groups: dict[tuple[Any, ...], list[Plain]] = {}
    for f in findings:
        key = (f["rule"], f["outcome"], f["status"], f["match"], f["item"], f["text"], _effect(f, scopes))
        groups.setdefault(key, []).append(f)
    for key, alike in groups.items():
        f = alike[0]
        yield Reason(
            rule=f["rule"],
            outcome=f["outcome"],
            scopes=tuple(other["scope"] for other in alike),
            text=f["text"],
            status=f["status"],
            match=f["match"] or "",
            if_confirmed=f["if_confirmed"] or "",
            review_policy=f["review_policy"] or "",
            effect=key[-1],
            citations=tuple(f["citations"]),
            printed=tuple(f["evidence"]) if f["entity_id"] is None else (),
            missing=tuple(f["missing_facts"]),
            license=f["license"] or "",
            listing=_listing(f["listing"]) if f["listing"] else None,
            ownership=picture(f["ownership"]) if f["ownership"] else None,
        )


def _listing(plain: Plain) -> ListingText:
    return ListingText(**{field.name: str(plain.get(field.name) or "") for field in fields(ListingText)})
