"""A decision as a person reads it: the outcome, then, hit by hit and strictest first, why.

The input is the decision's JSON (`docs/reference/decision.md`), so that a kept decision is shown as it was kept.
The matches, which the JSON doesn't hold, are given beside it while the decision is fresh; with them each hit has
its names side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from stopship.matching import Match
from stopship.model.values import Direction
from stopship.rules.facts import FactKind
from stopship.rules.outcome import governing
from stopship.web.presenters.hit import Hit, Plain, hit_of, strictness


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """The outcome in one scope, and whether the order is governed by it."""

    scope: str
    outcome: str
    governs: bool


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
    hits = sorted((hit_of(group, order, scopes, threshold) for group in groups.values()), key=strictness)
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


def _governing(order: Plain) -> tuple[str, ...]:
    direction = str(order.get("direction") or Direction.EXPORT.value).lower()
    return tuple(scope.value for scope in governing(Direction(direction)))


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
