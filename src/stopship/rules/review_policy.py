"""Reading the review policy that an Entity List or MEU row prints, and resolving it for one item.

A policy may say different things of different items. Its text is read into branches, tried in the order in which
they are printed, and a default. What isn't understood is kept in `unread`; such a policy is quoted (`as_stated`),
never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from stopship.rules.items import ItemClass, eccn_within_any
from stopship.rules.outcome import ReviewPolicy
from stopship.rules.requirement import normalize, read_pieces, sections
from stopship.rules.situation import OrderItem, Situation


@dataclass(frozen=True, slots=True)
class Branch:
    """One clause: an item that meets every condition which is set is reviewed under `policy`.

    `outside` turns the ECCN condition around: for items *not* described in `eccns`.
    """

    policy: ReviewPolicy
    eccns: tuple[str, ...] = ()
    outside: bool = False
    item_class: ItemClass | None = None
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedPolicy:
    """One review policy text, read.

    Attributes:
        branches: clauses for some items.
        default: for all others, None where the text has none.
        references: sections it points to ("744.2(d)").
        unread: what was not understood; empty if all was.
    """

    branches: tuple[Branch, ...] = ()
    default: ReviewPolicy | None = None
    references: tuple[str, ...] = ()
    unread: str = ""

    @property
    def complete(self) -> bool:
        """Whether every word was understood."""
        return not self.unread and bool(self.branches or self.default or self.references)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the policy is for one item; `missing` are facts that would decide it, `notes` assumptions used."""

    policy: ReviewPolicy
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Draft:
    branches: list[Branch] = field(default_factory=list)
    default: ReviewPolicy | None = None
    references: list[str] = field(default_factory=list)


_POLICIES = {
    "presumption of denial": ReviewPolicy.PRESUMPTION_OF_DENIAL,
    "presumption for denial": ReviewPolicy.PRESUMPTION_OF_DENIAL,
    "policy of denial": ReviewPolicy.POLICY_OF_DENIAL,
    "presumption of approval": ReviewPolicy.PRESUMPTION_OF_APPROVAL,
    "case-by-case": ReviewPolicy.CASE_BY_CASE,
}
CASE = ReviewPolicy.CASE_BY_CASE


@lru_cache(maxsize=4096)
def parse_policy(text: str) -> PrintedPolicy:
    """Read one policy as printed. Never raises: what isn't understood is `unread`."""
    draft = _Draft()
    unread = read_pieces(re.sub(r"\bcas[ae]-by[- ]case\b", "case-by-case", normalize(text)), _PIECES, draft)
    return PrintedPolicy(tuple(draft.branches), draft.default, tuple(dict.fromkeys(draft.references)), unread)


def paragraphs(text: str) -> tuple[str, ...]:
    """ECCNs of a printed list; a paragraph alone continues the ECCN before it, "to" is a range.

    "3b001.a.4, .c, .k to .m; 3b993" -> 3B001.a.4, 3B001.c, 3B001.k, 3B001.l, 3B001.m, 3B993.
    """
    found: list[str] = []
    head = ""
    upto = False
    for token in re.findall(r"[0-9][a-e][0-9]{3}(?:\.[a-z0-9]+)*|\.?\b[a-z](?:\.[a-z0-9]+)*\b(?!\w)|\bto\b", text):
        if token == "to":
            upto = True
        elif token[0].isdigit():
            head = token[:5].upper()
            found.append(head + token[5:])
        elif head:
            paragraph = token.lstrip(".")
            if upto and len(paragraph) == 1:
                begin = found[-1].rsplit(".", 1)[-1]
                found += [f"{head}.{chr(c)}" for c in range(ord(begin) + 1, ord(paragraph) + 1)]
            else:
                found.append(f"{head}.{paragraph}")
            upto = False
    return tuple(dict.fromkeys(found))


# -- pieces: each consumes the start of what is left -----------------------------------------------------------


def _default(draft: _Draft, match: re.Match[str]) -> None:
    """A second default is a contradiction that the text doesn't explain: the stricter, first one stays."""
    policy = _POLICIES[match["policy"]]
    draft.default = policy if draft.default is None else min(draft.default, policy, key=_STRICT.index)


_STRICT = list(ReviewPolicy)


def _apart(draft: _Draft, match: re.Match[str]) -> None:
    draft.default = _POLICIES[match["policy"]]
    draft.branches.append(Branch(CASE, item_class=ItemClass.EAR99, fact="item.N.food"))
    draft.branches.append(Branch(CASE, item_class=ItemClass.EAR99, fact="item.N.medicine"))
    if match["iss"]:
        draft.branches.append(Branch(CASE, fact="item.N.iss"))


def _listed(draft: _Draft, match: re.Match[str]) -> None:
    draft.branches.append(Branch(CASE, eccns=paragraphs(match["eccns"])))
    if match["note"]:
        draft.branches.append(Branch(CASE, item_class=ItemClass.EAR99, fact="item.N.note_1a995"))


def _except_described(draft: _Draft, match: re.Match[str]) -> None:
    draft.default = _POLICIES[match["policy"]]
    draft.branches.append(Branch(CASE, eccns=paragraphs(match["eccns"]), outside=True))


def _class(item_class: ItemClass) -> Callable[[_Draft, re.Match[str]], None]:
    def take(draft: _Draft, match: re.Match[str]) -> None:
        draft.branches.append(Branch(_POLICIES[match["policy"]], item_class=item_class))

    return take


def _fact(key: str) -> Callable[[_Draft, re.Match[str]], None]:
    def take(draft: _Draft, _match: re.Match[str]) -> None:
        draft.branches.append(Branch(CASE, fact=key))

    return take


def _references(draft: _Draft, match: re.Match[str]) -> None:
    draft.references += sections(match[0])


def _nothing(_draft: _Draft, _match: re.Match[str]) -> None:
    return None


_DENIAL = r"(?P<policy>presumption of denial|presumption for denial|policy of denial)"
_CASE = r"(?P<policy>case-by-case)(?: review| basis)?"
_ISS = r"for u\.s\. government supported use in the international space station(?: \(iss\))?"
_SECTION = r"7[34]\d\.\d+(?:[a-z]\b|(?:\s?\([a-z0-9]+\))*)"

_PIECES: list[tuple[re.Pattern[str], Callable[[_Draft, re.Match[str]], None]]] = [
    (re.compile(pattern), take)
    for pattern, take in [
        (r"[\s.,;]+|and\b", _nothing),
        (rf"see(?:[\s,.)]|§|and\b|of the ear\b|of this part\b|{_SECTION})+", _references),
        (
            r"the license application procedure and license review policy for entities specified in supplement "
            rf"no\. 2 to part 744 is specified in (?:§|\s|and\b|{_SECTION}|\([a-z]\))+",
            lambda draft, _match: draft.references.append("744.21(e)"),
        ),
        (
            rf"{_DENIAL} for all items subject to the ear apart from food and medicine designated as ear99"
            rf"(?P<iss> and (?:for items )?{_ISS})?,? which will be reviewed on a case-by-case basis",
            _apart,
        ),
        (
            rf"{_CASE} for eccns (?P<eccns>[0-9a-e., ]+(?:and )?[0-9a-e]+)"
            r"(?P<note>,? and for ear99 items described in the note to eccn 1a995)?",
            _listed,
        ),
        (
            rf"{_DENIAL} except case-by-case for items not described in eccn (?P<eccns>[0-9a-z.,; ]+)",
            _except_described,
        ),
        (rf"{_DENIAL} for all items to include items described in eccn [0-9a-z.,; ]+?\.(?= case|$)", _default),
        (
            rf"{_CASE} for items necessary to detect, identify and treat infectious disease",
            _fact("item.N.infectious_disease"),
        ),
        (
            rf"{_CASE} for telecommunications infrastructure items described in category 5 part 1 or category 5 "
            r"part 2 and consumer communications devices identified in § ?740\.19",
            _fact("item.N.telecommunications"),
        ),
        (rf"{_CASE} for items {_ISS}", _fact("item.N.iss")),
        (rf"{_CASE} for u\.s\. government supported space programs", _fact("item.N.us_space_program")),
        (
            rf"{_CASE} for licenses for the safety of civil aviation of aircraft",
            _fact("item.N.civil_aviation_safety"),
        ),
        (
            rf"{_CASE} for items designed for production of 200mm wafers destined to a 200mm wafer production "
            r"facility",
            _fact("item.N.wafer_200mm"),
        ),
        (rf"{_CASE} for (?:all )?items (?:listed )?on the ccl", _class(ItemClass.CCL)),
        (r"(?P<policy>presumption of approval) for ear99(?: items)?", _class(ItemClass.EAR99)),
        (rf"{_DENIAL}(?: for all (?:other )?items subject to the ear)?(?! (?:for|except)\b)", _default),
        (rf"{_CASE}(?! for\b)", _default),
    ]
]


# -- resolving ---------------------------------------------------------------------------------------------------


def by_reference(references: tuple[str, ...], destination: str | None) -> ReviewPolicy | None:
    """The policy that a section lays down where a row only points to it; None where this engine doesn't know it.

    746.8(b): policy of denial. 744.21(e): policy of denial for Russia and Belarus, else presumption of denial.
    """
    if any(section == "746.8" or section.startswith("746.8(b)") for section in references):
        return ReviewPolicy.POLICY_OF_DENIAL
    if "744.21(e)" in references:
        russian = destination in ("RU", "BY")
        return ReviewPolicy.POLICY_OF_DENIAL if russian else ReviewPolicy.PRESUMPTION_OF_DENIAL
    return None


def resolve(
    policy: PrintedPolicy, item: OrderItem, situation: Situation, *, not_yet: frozenset[str] = frozenset()
) -> Resolved:
    """The review policy for one item.

    A branch that depends on what the item *is* applies if its fact says so, else the strict default does. A branch
    that depends on an ECCN or paragraph which the order doesn't state leaves the policy open: it is quoted and
    the fact is named.

    Args:
        not_yet: facts of branches that did not exist yet on the day of the decision.
    """
    if not policy.complete:
        return Resolved(ReviewPolicy.AS_STATED)
    default = policy.default or by_reference(policy.references, situation.destination) or ReviewPolicy.AS_STATED
    missing: dict[str, None] = {}
    open_policies: set[ReviewPolicy] = set()
    notes: list[str] = []
    for branch in policy.branches:
        if branch.fact in not_yet:
            continue
        holds, wants, note = _holds(branch, item, situation)
        if holds is True:
            default = branch.policy
            notes += [note] if note else []
            break
        if holds is None:
            missing |= dict.fromkeys(wants)
            open_policies.add(branch.policy)
    if open_policies - {default}:
        return Resolved(ReviewPolicy.AS_STATED, tuple(missing), tuple(notes))
    return Resolved(default, (), tuple(notes))


def _holds(
    branch: Branch, item: OrderItem, situation: Situation
) -> tuple[bool | None, tuple[str, ...], str | None]:
    answers: list[bool | None] = []
    note = None
    if branch.fact:
        value, _key, note = situation.answer(branch.fact, item)
        if value is not True:
            return False, (), note
    if branch.eccns:
        within = eccn_within_any(branch.eccns, item.eccn)
        answers.append(within if within is None else within is not branch.outside)
    if branch.item_class:
        answers.append(None if item.item_class is ItemClass.UNKNOWN else item.item_class is branch.item_class)
    if False in answers:
        return False, (), None
    return (None, (f"{item.key}.eccn",), note) if None in answers else (True, (), note)
