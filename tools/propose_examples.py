"""Propose examples for statements of a rule that no example holds in place (see `mutate_rulebook.py`).

    python tools/propose_examples.py RULE ...            prints examples for these rules, or for all
    python tools/propose_examples.py --write RULE ...    puts them into the rules' files, after the first example

An example of the rule is varied in the one thing that survived a change, and what the rulebook says of it today is
what it expects. So a proposal is a question, not an answer: hold each against the text of the law before it stays.
"""

from __future__ import annotations

import copy
import importlib.util
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from stopship.errors import StopshipError
from stopship.rules import Rulebook, combine
from stopship.rules.examples import evaluate_prepared, prepare, problem_of
from stopship.rules.rule import Example, Rule

ROOT = Path(__file__).resolve().parent.parent
DAY = timedelta(days=1)
VALUE = "v"
ABROAD = {"country": "DE", "us_person": "no"}
FOREIGN = {"origin": "DE", "us_content_percent": "0"}
OTHER_PROGRAMS = ("us.uvl", "us.isn", "custom.other")
HOW_FOUND = {"address_row": "address", "address_of_named": "address"}


def mutation() -> ModuleType:
    """The tool beside this one."""
    spec = importlib.util.spec_from_file_location("mutate_rulebook", ROOT / "tools" / "mutate_rulebook.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutate_rulebook"] = module
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Variant:
    """An example of a rule with one thing changed. `path` leads to where the value stands, if there is one."""

    kind: str
    value: str
    plain: dict[str, Any]
    path: tuple[str | int, ...] = ()


@dataclass
class Proposal:
    """One example, or one for each value."""

    rule: Rule
    kind: str
    plain: dict[str, Any]
    expect: dict[str, Any]
    path: tuple[str | int, ...]
    values: list[str] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


# -- variants ----------------------------------------------------------------------------------------------------


def variants(rule: Rule, number: int, what: str) -> Iterator[Variant]:
    """Examples of a rule, those that fire first, varied so that the change `what` of a version may show."""
    version = rule.versions[number]
    dropped = re.match(r"when\.(\S+?) without ([^,[]*)", what)
    for example in sorted(rule.examples, key=lambda e: not e.fires):
        plain = {
            "name": example.name,
            "as_of": _day_within(example.as_of, version.begins, version.ends),
            "order": copy.deepcopy(dict(example.order)),
            "listed": copy.deepcopy(dict(example.listed)),
            "pinned": dict(example.pinned),
        }
        if what.startswith(("begins", "ends")):
            edge = version.begins if what.startswith("begins") else version.ends
            for day in (edge, edge - DAY) if edge else ():
                yield _set(Variant("day", day.isoformat(), plain), ("as_of",))
        if dropped:
            yield from _with_value(plain, dropped[1], dropped[2].strip(), only="the only one" in what)
        if "binds" in what:
            abroad = copy.deepcopy(plain)
            abroad["order"]["exporter"] = ABROAD
            abroad["order"]["items"] = [{**item, **FOREIGN} for item in abroad["order"].get("items", [])]
            yield Variant("a seller whom it doesn't bind", "", abroad)
        yield Variant("all that follows", "", plain)
        yield from _with_other_items(plain)


def _day_within(day: date, begins: date | None, ends: date | None) -> date:
    if begins is not None and day < begins:
        return begins
    return ends - DAY if ends is not None and day >= ends else day


def _with_value(plain: dict[str, Any], condition: str, value: str, *, only: bool) -> Iterator[Variant]:
    order = plain["order"]
    if condition == "directions":
        yield _set(Variant("direction", value, plain), ("order", "direction"))
    elif condition in ("destinations", "not_destinations"):
        yield _set(Variant("destination", value, plain), ("order", "destination"))
    elif condition == "party_countries":
        for number, _party in enumerate(order.get("parties", [])):
            yield _set(Variant("country", value, plain), ("order", "parties", number, "country"))
    elif condition.startswith("item.") or "eccn_yes" in condition or "hts_yes" in condition:
        key, shown = ("hts", f"{value}0000"[:6]) if "hts" in condition else ("eccn", value)
        for number, _item in enumerate(order.get("items", [])):
            yield _set(Variant(key, shown, plain), ("order", "items", number, key))
    for party, listed in plain["listed"].items():
        if not isinstance(listed, Mapping):
            continue
        if condition == "roles" and ":" not in party:
            yield _set(Variant("role", value, plain), ("order", "parties", int(party), "role"))
        elif condition == "programs" and only:
            for other in OTHER_PROGRAMS:
                yield _set(Variant("program", other, plain), ("listed", party, "program"))
        elif condition == "programs":
            yield _set(Variant("program", value, plain), ("listed", party, "program"))
        elif condition in ("tags", "listing.directives", "listing.cites", "listing.name_has"):
            key = {"listing.cites": "citation", "listing.name_has": "name"}.get(
                condition, condition.split(".")[-1]
            )
            yield _set(Variant(key, value, plain), ("listed", party, key))
        elif condition == "how":
            other = copy.deepcopy(plain)
            other["listed"][party].pop("schema", None)
            if value == "address_row":
                other["listed"][party]["schema"] = "Address"
            yield _set(Variant("found by", HOW_FOUND.get(value, value), other), ("listed", party, "how"))


def _with_other_items(plain: dict[str, Any]) -> Iterator[Variant]:
    for number, _item in enumerate(plain["order"].get("items", [])):
        for eccn in ("EAR99", "6A993", "3A001"):
            yield _set(Variant("eccn", eccn, plain), ("order", "items", number, "eccn"))
        unclassified = copy.deepcopy(plain)
        unclassified["order"]["items"][number].pop("eccn", None)
        yield Variant("an item that isn't classified", "", unclassified)
    for key, words in (("items", "no item stated"), ("facts", "no fact stated")):
        less = copy.deepcopy(plain)
        if less["order"].pop(key, None):
            yield Variant(words, "", less)


def _set(variant: Variant, path: tuple[str | int, ...]) -> Variant:
    """The variant with its value at a path."""
    plain = copy.deepcopy(variant.plain)
    value: Any = date.fromisoformat(variant.value) if path == ("as_of",) else variant.value
    _put(plain, path, value)
    return Variant(variant.kind, variant.value, plain, path)


def _put(plain: Any, path: tuple[str | int, ...], value: Any) -> None:
    for step in path[:-1]:
        plain = plain[step]
    plain[path[-1]] = value


# -- what is expected of them ------------------------------------------------------------------------------------


def example_of(plain: Mapping[str, Any], expect: Mapping[str, Any]) -> Example:
    """An example from its plain values."""
    return Example(
        plain["name"], plain["as_of"], plain["order"], plain["listed"], expect, tuple(plain["pinned"].items())
    )


def expectations(book: Rulebook, rule: Rule, plain: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the rulebook says of an order today, the least that can be expected first."""
    prepared = prepare(rule, example_of(plain, {}))
    evaluation = evaluate_prepared(book, prepared)
    whole = combine(evaluation.findings, prepared.order.direction)[0].value
    mine = [finding for finding in evaluation.findings if finding.rule == rule.id]
    if not mine:
        asked = [question.fact for question in evaluation.questions if question.rule == rule.id]
        none = {"fires": "no", **({"question": asked[0]} if asked else {})}
        return [none, {**none, "order_outcome": whole}]
    found: list[dict[str, Any]] = []
    for finding in mine:
        said: dict[str, Any] = {"outcome": finding.outcome.value}
        scopes = sorted({other.scope.value for other in mine})
        said |= {"scope": scopes[0]} if len(scopes) == 1 else {"scopes": scopes}
        if finding.status != "in_force":
            said["status"] = finding.status.value
        if finding.review_policy:
            said["review_policy"] = finding.review_policy.value
        found.append(said)
        if finding.missing_facts:
            found.append({**said, "missing_facts": sorted(finding.missing_facts)})
    status = {"status": mine[0].status.value}
    return [*found, {**found[0], **status}, {**found[0], "order_outcome": whole}]


def propose(book: Rulebook, only: list[str]) -> tuple[list[Proposal], list[str]]:
    """Proposals for what survives, and what none was found for."""
    tool = mutation()
    jury = tool.Jury(book)
    found: dict[str, Proposal] = {}
    left: list[str] = []
    for mutant in tool.mutants(book):
        rule = book.by_id.get(mutant.rule)
        if rule is None or (only and mutant.rule not in only) or jury.kills(mutant):
            continue
        changed = tool.with_rule(book, mutant.changed)
        if any(_notices(changed, p.rule, e) for p in found.values() if p.rule is rule for e in p.examples):
            continue
        for variant in variants(rule, mutant.version, mutant.what):
            if _add(found, book, changed, rule, variant):
                break
        else:
            left.append(f"{mutant.rule}: {mutant.what}")
    return list(found.values()), left


def _add(found: dict[str, Proposal], book: Rulebook, changed: Rulebook, rule: Rule, variant: Variant) -> bool:
    """Take a variant if the change shows in it."""
    try:
        expected = expectations(book, rule, variant.plain)
    except (StopshipError, KeyError, IndexError, TypeError):
        return False
    for expect in expected:
        example = example_of(variant.plain, expect)
        if _notices(book, rule, example) or not _notices(changed, rule, example):
            continue
        blank = copy.deepcopy(variant.plain)
        if variant.path:
            _put(blank, variant.path, f"${VALUE}")
        key = json.dumps([rule.id, variant.kind, blank, expect], default=str, sort_keys=True)
        proposal = found.setdefault(key, Proposal(rule, variant.kind, blank, expect, variant.path))
        proposal.values.append(variant.value)
        proposal.examples.append(example)
        return True
    return False


def _notices(book: Rulebook, rule: Rule, example: Example) -> bool:
    try:
        return bool(problem_of(book, prepare(rule, example)))
    except StopshipError:
        return True


# -- as YAML -----------------------------------------------------------------------------------------------------


def as_yaml(proposal: Proposal) -> list[str]:
    """The lines of one example."""
    plain, each = proposal.plain, proposal.path and len(proposal.values) > 1
    if proposal.path and not each:
        value: Any = proposal.values[0]
        _put(plain, proposal.path, value)
    fires = proposal.expect.get("fires") != "no"
    name = str(plain["name"]).split(": ")[0]
    if each:
        words = f"{name}, {'each' if fires else 'not by any'} {proposal.kind}"
    else:
        words = f"{name}, {proposal.kind}{f' {proposal.values[0]}' if proposal.path else ''}"
    lines = [f"  - name: {_flow(words)}"]
    if each:
        lines += _wrapped("    each: ", [f"{{{VALUE}: {_flow(value)}}}" for value in proposal.values])
    lines.append(f"    as_of: {plain['as_of']}")
    lines.append("    order:")
    lines += [f"      {key}: {_flow(value)}" for key, value in plain["order"].items()]
    for key in ("listed", "pinned"):
        if plain[key]:
            lines.append(f"    {key}: {_flow(plain[key])}")
    return [*lines, f"    expect: {_flow(proposal.expect)}"]


def _wrapped(head: str, values: list[str]) -> Iterator[str]:
    line = f"{head}["
    for number, value in enumerate(values):
        piece = value + ("]" if number == len(values) - 1 else ",")
        if len(line) + len(piece) > 115:
            yield line.rstrip()
            line = "      "
        line += f"{piece} "
    yield line.rstrip()


_PLAIN = re.compile(r"[A-Za-z0-9$][A-Za-z0-9 ._/$-]*")


def _flow(value: Any) -> str:
    """A value in YAML's flow style, in quotes only where it must be."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(entry) for entry in value) + "]"
    if value is None:
        return "null"
    text = str(value)
    if _PLAIN.fullmatch(text) and text == text.strip() and text not in ("null", "~") and not text.isdigit():
        return text
    return text if re.fullmatch(r"[1-9]\d*", text) else json.dumps(text, ensure_ascii=False)


def write(proposals: list[Proposal], folder: Path) -> None:
    """Put proposals into the files of their rules, after the first example."""
    for path in dict.fromkeys(proposal.rule.path for proposal in proposals):
        lines = (folder / path).read_text("utf-8").splitlines()
        begins = lines.index("examples:")
        heads = [n for n, line in enumerate(lines) if n > begins and line.startswith("  - ")]
        at = heads[1] if len(heads) > 1 else len(lines)
        made = [line for p in proposals if p.rule.path == path for line in as_yaml(p)]
        (folder / path).write_text("\n".join([*lines[:at], *made, *lines[at:]]) + "\n", "utf-8")


def main() -> int:
    arguments = [word for word in sys.argv[1:] if word != "--write"]
    book = Rulebook.load()
    unknown = [word for word in arguments if word not in book.by_id]
    if unknown:
        print(f"no rule {unknown[0]!r}: stopship rules show lists the ids", file=sys.stderr)
        return 2
    proposals, left = propose(book, arguments)
    for proposal in proposals:
        print(f"# {proposal.rule.id}")
        print("\n".join(as_yaml(proposal)))
    for line in left:
        print(f"no example found for {line}", file=sys.stderr)
    if "--write" in sys.argv:
        write(proposals, ROOT / "src" / "stopship" / "rulebook")
    return 0


if __name__ == "__main__":
    sys.exit(main())
