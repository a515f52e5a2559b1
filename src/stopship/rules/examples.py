"""Executing the examples that stand in the rule files: a rule without a working example isn't a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stopship.errors import RulebookError, StopshipError
from stopship.model.listing import Listing
from stopship.model.order import parse_yes_no, read_order
from stopship.model.stake import UNKNOWN, Interest
from stopship.model.structure import Link, Node, Structure, structure_of_order
from stopship.model.transaction import Exporter, Transaction
from stopship.model.values import Direction, Role, Schema, Share, parse_day
from stopship.rules.evaluate import evaluate
from stopship.rules.finding import Evaluation, Finding, Subject, combine
from stopship.rules.plain import Fields, choice
from stopship.rules.rule import Example, Rule
from stopship.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example came out; `problem` is empty where it did as expected."""

    rule: str
    example: str
    problem: str

    @property
    def passed(self) -> bool:
        return not self.problem


def run_examples(rulebook: Rulebook) -> list[ExampleResult]:
    """Execute every example of every rule against the whole rulebook, in the order of the rules' ids."""
    return [run_example(rulebook, rule, example) for rule in rulebook.rules for example in rule.examples]


def run_example(rulebook: Rulebook, rule: Rule, example: Example) -> ExampleResult:
    """Execute one example."""
    try:
        problem = problem_of(rulebook, prepare(rule, example))
    except StopshipError as error:
        problem = str(error)
    return ExampleResult(rule.id, example.name, problem)


@dataclass(frozen=True, slots=True)
class PreparedExample:
    """An example with its order and matches read, so that it can be held against many rulebooks."""

    rule: Rule
    example: Example
    order: Transaction
    subjects: tuple[Subject, ...]


def prepare(rule: Rule, example: Example) -> PreparedExample:
    """Read what an example states.

    Raises:
        OrderError, RulebookError: the order or a listing can't be read.
    """
    order = read_order(example.order, where=f"{rule.path}, {example.name}")
    subjects = tuple(_subjects(example, [p.role for p in order.parties], rule.path))
    return PreparedExample(rule, example, order, subjects)


def problem_of(rulebook: Rulebook, prepared: PreparedExample) -> str:
    """What a rulebook says of an example that isn't as expected; empty where all is."""
    try:
        evaluation = evaluate_prepared(rulebook, prepared)
    except StopshipError as error:
        return str(error)
    return _compare(prepared.rule, prepared.example, evaluation, prepared.order.direction)


def evaluate_prepared(rulebook: Rulebook, prepared: PreparedExample) -> Evaluation:
    """What the whole rulebook says of a prepared example's order."""
    return evaluate(
        rulebook,
        prepared.order,
        prepared.subjects,
        as_of=prepared.example.as_of,
        exporter=prepared.order.exporter or Exporter(),
        pinned=dict(prepared.example.pinned),
        structure=_structure(prepared.example, prepared.order, prepared.rule.path),
    )


def evaluate_example(rulebook: Rulebook, rule: Rule, example: Example) -> Evaluation:
    """What the whole rulebook says of an example's order."""
    return evaluate_prepared(rulebook, prepare(rule, example))


def _structure(example: Example, order: Transaction, where: str) -> Structure:
    """What the order states, and the example's stakes from outside: `owner` is a name, `of` a party ("0"), an
    owner in the order ("0:0.1") or the name of an owner before it."""
    found = structure_of_order(order)
    if not example.ownership:
        return found
    nodes, links = list(found.nodes), list(found.links)
    place = {
        ":".join(str(x) for x in at if x is not None): n for n, node in enumerate(nodes) for at in node.places
    }
    above: dict[int, dict[int, None]] = {number: {} for number in range(len(order.parties))}
    for number, plain in enumerate(example.ownership):
        fields = Fields(plain, f"{where}, {example.name}, ownership[{number}]")
        owner, of = fields.text("owner"), fields.text("of")
        if of not in place:
            raise fields.error("of", f"{of!r} is no party, owner of the order or owner before it")
        if owner not in place:
            place[owner] = len(nodes)
            nodes.append(Node(owner, owner))
        links.append(
            Link(
                owner=place[owner],
                held=place[of],
                share=fields.one("share", Share.parse) or UNKNOWN,
                fact=f"stake.{owner}.of.{nodes[place[of]].id}.share",
                interest=fields.one("interest", choice(Interest)) or Interest.SHARES,
                basis=fields.text("basis", default="example"),
                sure=fields.flag("sure") is not False,
            )
        )
        fields.done()
        for party, outside in above.items():
            held = nodes[place[of]]
            if place[of] in outside or any(at[0] == party for at in held.places):
                outside[place[owner]] = None
    outside_of = {party: tuple(outside) for party, outside in above.items()}
    return Structure(tuple(nodes), tuple(links), outside=outside_of)


def _subjects(example: Example, roles: Sequence[Role], where: str) -> Iterator[Subject]:
    for key, value in example.listed.items():
        number, _, owner = key.partition(":")
        if not number.isdigit() or int(number) >= len(roles):
            raise RulebookError(f"{key!r} is no party of the order", where=f"{where}, listed")
        for entry in value if isinstance(value, list) else [value]:
            fields = Fields(entry, f"{where}, {example.name}, listed {key}")
            role = Role.OWNER if owner else roles[int(number)]
            yield _subject(fields, int(number), owner or None, role)


def _subject(fields: Fields, party: int, owner: str | None, role: Role) -> Subject:
    listing = Listing(
        source=fields.text("source", default="example"),
        program=fields.text("program"),
        name=fields.text("name"),
        start=fields.one("start", parse_day),
        end=fields.one("end", parse_day),
        citation=fields.text("citation", default=" ").strip(),
        license_requirement=fields.text("license_requirement", default=" ").strip(),
        license_policy=fields.text("license_policy", default=" ").strip(),
        tags=fields.texts("tags"),
        standard_order=fields.one("standard_order", parse_yes_no),
        directives=fields.texts("directives"),
        remarks=fields.text("remarks", default=" ").strip(),
    )
    subject = Subject(
        party=party,
        owner=owner,
        role=role,
        entity_id=fields.text("entity_id", default=f"example-{listing.program}-{listing.name}"),
        entity_name=listing.name,
        entity_schema=fields.one("schema", choice(Schema)) or Schema.LEGAL_ENTITY,
        listing=listing,
        match=fields.text("match", default="confirmed"),
        how=fields.text("how", default="name"),
    )
    fields.done()
    return subject


_FINDING_FIELDS = ("outcome", "scope", "review_policy", "status", "match", "if_confirmed", "item", "missing_facts")
_OTHER_FIELDS = ("fires", "scopes", "question", "text_has", "order_outcome", "assumes")


def _compare(rule: Rule, example: Example, evaluation: Evaluation, direction: Direction) -> str:
    """What is not as expected, empty if all is."""
    expect = example.expect
    for key in expect:
        if key not in (*_FINDING_FIELDS, *_OTHER_FIELDS):
            return f"unknown field {key!r} in expect"
    mine = [f for f in evaluation.findings if f.rule == rule.id]
    for problem in (
        _about_firing(example, mine),
        _about_question(rule, expect, evaluation),
        _about_whole(example, evaluation, direction),
    ):
        if problem:
            return problem
    scopes = sorted({finding.scope.value for finding in mine})
    if "scopes" in expect and scopes != sorted(expect["scopes"]):
        return f"expected findings in the scopes {expect['scopes']}, found {scopes}"
    wanted = {key: expect[key] for key in (*_FINDING_FIELDS, "text_has") if key in expect}
    if not wanted or any(all(_has(f, k, v) for k, v in wanted.items()) for f in mine):
        return ""
    found = "; ".join(str({key: _shown(f, key) for key in wanted if key != "text_has"}) for f in mine)
    return f"expected a finding with {wanted}, found {found or 'none'}"


def _about_firing(example: Example, mine: list[Finding]) -> str:
    if not example.fires and mine:
        return f"expected no finding, found {len(mine)}: {mine[0].outcome}: {mine[0].text}"
    if example.fires and not mine and "question" not in example.expect:
        return "expected a finding, found none"
    scopes = sorted({finding.scope.value for finding in mine})
    if "scopes" in example.expect and scopes != sorted(example.expect["scopes"]):
        return f"expected findings in {sorted(example.expect['scopes'])}, found them in {scopes}"
    return ""


def _about_question(rule: Rule, expect: Mapping[str, Any], evaluation: Evaluation) -> str:
    wanted = expect.get("question")
    asked = [q.fact for q in evaluation.questions if q.rule == rule.id]
    return f"expected the question {wanted}, found {asked}" if wanted and wanted not in asked else ""


def _about_whole(example: Example, evaluation: Evaluation, direction: Direction) -> str:
    outcome, _ = combine(evaluation.findings, direction)
    wanted = example.expect.get("order_outcome")
    if wanted and outcome != wanted:
        return f"expected the order's outcome {wanted}, found {outcome}"
    assumed = example.expect.get("assumes")
    if assumed and not any(assumed in line for line in evaluation.assumptions):
        return f"expected an assumption with {assumed!r}, found {list(evaluation.assumptions)}"
    return ""


def _has(finding: Finding, key: str, wanted: Any) -> bool:
    if key == "text_has":
        return str(wanted) in finding.text
    return bool(_shown(finding, key) == (sorted(wanted) if isinstance(wanted, list) else wanted))


def _shown(finding: Finding, key: str) -> Any:
    value = getattr(finding, key)
    if key == "missing_facts":
        return sorted(value)
    return None if value is None else str(value)
