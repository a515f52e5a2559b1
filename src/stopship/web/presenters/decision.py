"""A decision as a person reads it: the outcome, then, hit by hit and strictest first, why.

The input is the decision's JSON (`docs/reference/decision.md`), so that a kept decision is shown as it was kept.
The matches, which the JSON doesn't hold, are given beside it while the decision is fresh; with them each hit has
its names side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from stopship.matching import Match
from stopship.model.values import Direction
from stopship.rules.facts import FactKind
from stopship.rules.outcome import Outcome, governing
from stopship.web.presenters.bars import Bars, bars
from stopship.web.presenters.comparison import View, of_match
from stopship.web.presenters.ownership import Picture, picture

Plain = Mapping[str, Any]
EFFECTIVE = ("in_force", "unconfirmed")
EFFECTS = ("counts", "elsewhere", "none")


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """The outcome in one scope, and whether the order is governed by it."""

    scope: str
    outcome: str
    governs: bool


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


@dataclass(frozen=True, slots=True)
class Ask:
    """A fact that would change the answer, with how it is answered: yes_no, choice, or another type as text.
    `missing`: the outcome depends on it; else it is a question of a catch-all rule."""

    fact: str
    text: str
    kind: str
    choices: tuple[str, ...]
    missing: bool
    rules: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """One list that was consulted."""

    source: str
    dated: str
    dated_by: str
    age_days: int
    stale: bool
    basis: str
    entries: int
    snapshot: str


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Everything that a page of a decision shows."""

    outcome: str
    as_of: str
    scopes: tuple[ScopeLine, ...]
    order: Plain
    hits: tuple[Hit, ...]
    asks: tuple[Ask, ...]
    assumptions: tuple[str, ...]
    lists: tuple[Consulted, ...]
    rulebook: str
    index: str
    engine: str
    settings: str
    sources: tuple[str, ...] = field(default=())

    @property
    def missing(self) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if ask.missing)

    @property
    def questions(self) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if not ask.missing)

    @property
    def stale(self) -> tuple[Consulted, ...]:
        return tuple(one for one in self.lists if one.stale)

    def shown(self, sources: Iterable[str]) -> tuple[Hit, ...]:
        """The hits on some lists (all where none is named); what rests on no list is always shown."""
        wanted = set(sources)
        return tuple(h for h in self.hits if not wanted or not h.sources or wanted.intersection(h.sources))


def decision_page(
    plain: Plain,
    matches: Sequence[Match | None] = (),
    *,
    fact_kind: Callable[[str], FactKind | None] = lambda _key: None,
    threshold: float | None = None,
) -> DecisionPage:
    """The page of a decision.

    Args:
        plain: its JSON.
        matches: the match of each finding, in their order; empty where they aren't at hand.
        fact_kind: what is known of a fact.
        threshold: the score from which a match alerts, where a person has set one.
    """
    order = plain["transaction"]
    scopes = _governing(order)
    held = list(matches) or [None] * len(plain["findings"])
    groups: dict[tuple[Any, ...], list[tuple[Plain, Match | None]]] = {}
    for finding, match in zip(plain["findings"], held, strict=True):
        about = (finding["item"],) if finding["entity_id"] is None and finding["party"] is None else ()
        key = (finding["party"], finding["owner"], finding["entity_id"], about)
        groups.setdefault(key, []).append((finding, match))
    hits = sorted((_hit(group, order, scopes, threshold) for group in groups.values()), key=_strictness)
    return DecisionPage(
        outcome=plain["outcome"],
        as_of=plain["as_of"],
        scopes=tuple(ScopeLine(s, o, s in scopes) for s, o in plain["outcomes_by_scope"].items()),
        order=order,
        hits=tuple(hits),
        asks=tuple(_asks(plain, fact_kind)),
        assumptions=tuple(plain["assumptions"]),
        lists=tuple(_consulted(state) for state in plain["lists"]),
        rulebook=plain["rulebook"],
        index=plain["index"],
        engine=plain["engine"],
        settings=plain["settings"],
        sources=tuple(sorted({source for hit in hits for source in hit.sources})),
    )


def reasons_of(findings: Sequence[Plain]) -> tuple[Reason, ...]:
    """The rules behind some findings, strictest first. Whether they count for an order isn't known here, so that
    all of them do that are in force."""
    scopes = tuple(dict.fromkeys(finding["scope"] for finding in findings))
    return tuple(sorted(_reasons(findings, scopes), key=_by_strictness))


def _by_strictness(reason: Reason) -> tuple[int, int, str]:
    return EFFECTS.index(reason.effect), Outcome(reason.outcome).rank, reason.rule


def _governing(order: Plain) -> tuple[str, ...]:
    direction = str(order.get("direction") or Direction.EXPORT.value).lower()
    return tuple(scope.value for scope in governing(Direction(direction)))


def _strictness(hit: Hit) -> tuple[int, int, float, int, str]:
    return EFFECTS.index(hit.effect), Outcome(hit.outcome).rank, -(hit.score or 0), hit.party or 0, hit.entity_id


def _effect(finding: Plain, scopes: Sequence[str]) -> str:
    if finding["status"] not in EFFECTIVE or finding["match"] == "judged_false":
        return "none"
    return "counts" if finding["scope"] in scopes else "elsewhere"


def _hit(
    group: Sequence[tuple[Plain, Match | None]], order: Plain, scopes: Sequence[str], threshold: float | None
) -> Hit:
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


def _asks(plain: Plain, fact_kind: Callable[[str], FactKind | None]) -> Iterable[Ask]:
    answers = plain["transaction"].get("facts") or {}
    missing: dict[str, list[str]] = {}
    for finding in plain["findings"]:
        for fact in finding["missing_facts"]:
            missing.setdefault(fact, []).append(finding["rule"])
    asked: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for question in plain["questions"]:
        if question["fact"] not in missing:
            asked.setdefault(question["fact"], []).append(question["rule"])
            texts[question["fact"]] = question["text"]
    for is_missing, facts in ((True, missing), (False, asked)):
        for fact, rules in facts.items():
            kind = fact_kind(fact)
            yield Ask(
                fact,
                texts.get(fact) or (kind.text if kind else fact),
                kind.type.value if kind else "text",
                kind.choices if kind else (),
                is_missing,
                tuple(dict.fromkeys(rules)),
                str(answers.get(fact) or ""),
            )


def _consulted(state: Plain) -> Consulted:
    return Consulted(
        source=state["source"],
        dated=state["published"] or state["retrieved"] or "",
        dated_by="published" if state["published"] else "retrieved",
        age_days=state["age_days"],
        stale=state["stale"],
        basis=state["basis"],
        entries=state["entries"],
        snapshot=state["snapshot"],
    )
