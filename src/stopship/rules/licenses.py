"""Held licenses: a license that the exporter has turns `license_required` into `conditions`, once a person has
confirmed that it covers the order (`docs/reference/order.md`).

Nothing else is touched: what is prohibited stays so, and so does what isn't decided or not judged yet. A license
is a permission by one authority, so that it answers the findings of one regime; where several regimes require one,
`covers` must say whose it is. What can't be compared doesn't count, and the decision says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from stopship.model.transaction import License
from stopship.model.values import Role, parse_country, parse_eccn
from stopship.rules.finding import Finding, Question
from stopship.rules.items import eccn_within
from stopship.rules.outcome import Outcome
from stopship.rules.rule import authority
from stopship.rules.situation import CONSIGNEES, OrderItem, Situation

LICENSE_RULE = "stopship.licenses.held"
"""Whose question it is whether a license covers the order: it stands in no rule of the rulebook."""
NOT_CHECKED = "its quantity, value, conditions and consignees beyond what it lists are not checked here"

_NUMBERED = re.compile(r"(item|party)\s+(\d+)")
_REGIME = re.compile(r"regime\s+([a-z0-9.-]+)|([a-z]{2,}(?:\.[a-z0-9-]+)+|eu|un|uk)")
"""`us.ear`, `eu`; with the word `regime` before it what may be a country too: `regime ch`."""


@dataclass(frozen=True, slots=True)
class _Covers:
    """What the `covers` of a license names, by kind; an empty kind doesn't narrow it."""

    eccns: tuple[str, ...] = ()
    items: frozenset[int] = frozenset()
    parties: frozenset[int] = frozenset()
    destinations: frozenset[str] = frozenset()
    regimes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def apply_licenses(
    findings: Sequence[Finding], situation: Situation
) -> tuple[list[Finding], list[Question], list[str]]:
    """What held licenses change.

    Args:
        findings: of one order, after all rules.
        situation: the order.

    Returns:
        The findings, in their order, those that a confirmed license answers as `conditions`; the question for each
        license that would answer one and isn't confirmed; and what became of each license, in a line.
    """
    found = list(findings)
    questions: list[Question] = []
    lines: list[str] = []
    for number, license in enumerate(situation.order.licenses):
        held = _Held(number, license, found, situation)
        found = held.findings
        questions += held.questions
        lines.append(f"license {license.number}: {held.line}")
    return found, questions, lines


class _Held:
    """One license against the findings that others before it have not answered."""

    def __init__(self, number: int, license: License, findings: list[Finding], situation: Situation) -> None:
        self.license = license
        self.situation = situation
        self.key = f"license.{number}.covers_order"
        self.findings = findings
        self.questions: list[Question] = []
        self.line = self._decide()

    def _decide(self) -> str:
        wanting = [f for f in self.findings if f.effective and f.outcome is Outcome.LICENSE_REQUIRED]
        if not wanting:
            return "not needed for what was found, not counted"
        expires = self.license.expires
        if expires is not None and expires < self.situation.as_of:
            return f"not counted, it expired on {expires.isoformat()}"
        covers = _read_covers(self.license, self.situation)
        if covers.unknown:
            names = ", ".join(repr(text) for text in covers.unknown)
            return f"not counted, its covers names {names}, which is no item, party, destination or regime here"
        if not covers.regimes and len(regimes := sorted({authority(f.rule) for f in wanting})) > 1:
            return (
                f"not counted, licenses are required under {', '.join(regimes)}; name in its covers the one that "
                "it is of"
            )
        answered = {f: self._why_not(f, covers) for f in wanting}
        held = [f for f, why_not in answered.items() if why_not is None]
        left = sorted({why for why in answered.values() if why is not None})
        if not held:
            return f"not counted, {'; '.join(left)}"
        return self._ask(held, left)

    def _ask(self, held: list[Finding], left: list[str]) -> str:
        value, _key, _note = self.situation.answer("license.N.covers_order", key=self.key)
        rest = f"; not for the rest: {'; '.join(left)}" if left else ""
        if value is None:
            about = sorted({_about(f, self.situation) for f in held})
            text = f"{self.situation.question(self.key)} {self.license.number}: {'; '.join(about)}"
            self.questions = [Question(LICENSE_RULE, self.key, text)]
            return f"not counted until a person confirms that it covers the order ({self.key}){rest}"
        if value is False:
            return f"not counted, it doesn't cover the order, as the order states ({self.key})"
        answers = set(held)
        self.findings = [self._answered(f) if f in answers else f for f in self.findings]
        return f"counted, as a person confirmed ({self.key}); {NOT_CHECKED}{rest}"

    def _answered(self, finding: Finding) -> Finding:
        until = self.license.expires
        through = f", valid through {until.isoformat()}" if until else ", of which no expiry is stated"
        lead = (
            f"Recorded authorization: license {self.license.number}{through}, confirmed to cover this order; "
            f"{NOT_CHECKED}. Without it a license is required. "
        )
        return replace(
            finding, outcome=Outcome.CONDITIONS, license=self.license.number, text=f"{lead}{finding.text}"
        )

    def _why_not(self, finding: Finding, covers: _Covers) -> str | None:
        """Why the license doesn't reach a finding by what it covers; None where it does."""
        if covers.regimes and not any(_under(finding.rule, regime) for regime in covers.regimes):
            return f"it covers {', '.join(covers.regimes)}, a license is required by {finding.rule}"
        if covers.destinations and self.situation.destination not in covers.destinations:
            place = self.situation.destination or "an unstated destination"
            return f"it covers {', '.join(sorted(covers.destinations))}, the order goes to {place}"
        if covers.eccns or covers.items:
            items = [i for i in self.situation.items if finding.item is None or i.number == finding.item]
            missed = [i for i in items if not _covers_item(i, covers)]
            if missed:
                return f"it doesn't cover {missed[0].label}"
        if covers.parties:
            parties = [finding.party] if finding.party is not None else _end_users(self.situation)
            beyond = [p for p in parties if p not in covers.parties]
            if beyond:
                return f"it doesn't cover party {beyond[0]}"
        return None


def _covers_item(item: OrderItem, covers: _Covers) -> bool:
    """By its number in the order, or by an ECCN that it is within for certain."""
    return item.number in covers.items or any(eccn_within(eccn, item.eccn) for eccn in covers.eccns)


def _end_users(situation: Situation) -> list[int]:
    """Whom a finding on an item or a destination is about: where the order ends up."""
    numbered = list(enumerate(situation.order.parties))
    at_the_end = [n for n, p in numbered if p.role in (Role.END_USER, Role.ULTIMATE_CONSIGNEE)]
    return at_the_end or [n for n, p in numbered if p.role in CONSIGNEES] or [n for n, _party in numbered]


def _read_covers(license: License, situation: Situation) -> _Covers:
    """Each entry is an ECCN, `item 0`, `party 0`, a country, a regime or rule (`us.ear`, `eu`, `regime ch`), or
    words of the name of a party or of the description of an item."""
    eccns, regimes, unknown = [], [], []
    items: set[int] = set()
    parties: set[int] = set()
    destinations: set[str] = set()
    for text in license.covers:
        numbered = _NUMBERED.fullmatch(text.strip().lower())
        named = _named(text, situation)
        if numbered:
            held = situation.order.items if numbered[1] == "item" else situation.order.parties
            if int(numbered[2]) >= len(held):
                unknown.append(text)
            (items if numbered[1] == "item" else parties).add(int(numbered[2]))
        elif regime := _REGIME.fullmatch(text.strip()):
            regimes.append(regime[1] or regime[2])
        elif eccn := _parsed(parse_eccn, text):
            eccns.append(eccn)
        elif country := _parsed(parse_country, text):
            destinations.add(country)
        elif named != (set(), set()):
            parties |= named[0]
            items |= named[1]
        else:
            unknown.append(text)
    return _Covers(
        tuple(eccns),
        frozenset(items),
        frozenset(parties),
        frozenset(destinations),
        tuple(regimes),
        tuple(unknown),
    )


def _named(text: str, situation: Situation) -> tuple[set[int], set[int]]:
    """Parties and items whose name or description holds the words of a text, in their order."""
    wanted = _words(text)
    if not wanted.strip():
        return set(), set()
    order = situation.order
    parties = {n for n, p in enumerate(order.parties) if wanted in _words(p.name)}
    return parties, {n for n, i in enumerate(order.items) if wanted in _words(i.description)}


def _words(text: str) -> str:
    words = re.findall(r"\w+", text.casefold())
    return f" {' '.join(words)} "


def _parsed(parse: Callable[[str], str], text: str) -> str | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _under(rule: str, regime: str) -> bool:
    return rule == regime or rule.startswith(f"{regime}.")


def _about(finding: Finding, situation: Situation) -> str:
    return " ".join(_about_words(finding, situation))


def _about_words(finding: Finding, situation: Situation) -> Iterator[str]:
    yield finding.rule
    if finding.item is not None:
        yield f"for {situation.items[finding.item].label}"
    if finding.party is not None:
        party = situation.order.parties[finding.party]
        yield f"to {party.name or party.address or f'party {finding.party}'}"
