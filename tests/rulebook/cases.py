"""The executed matrix: transactions decided by hand from the law, read from `matrix/*.yml` and run.

Each case says what the law answers and which paragraph decides, and was written down before it was run. The fields
are described in `docs/explanation/how-the-law-is-checked.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from stopship.errors import OrderError
from stopship.matching import Index, IndexedList
from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, Schema
from stopship.model.order import read_order
from stopship.model.transaction import Exporter
from stopship.model.values import Direction, PartialDate, parse_day
from stopship.rules import Rulebook, combine
from stopship.rules.examples import evaluate_example
from stopship.rules.finding import Finding
from stopship.rules.outcome import Outcome, Scope, governing
from stopship.rules.plain import read_yaml
from stopship.rules.rule import Example, Per, Rule
from stopship.screening import Screener, Settings

MATRIX = Path(__file__).parent / "matrix"
ROWS = MATRIX / "rows.yml"
PARTS = ("A", "B", "C", "D")
DEFAULT_DAY = "2026-03-01"

FILE_FIELDS = {"theme", "rows", "cases"}
CASE_FIELDS = {
    "id",
    "question",
    "as_of",
    "order",
    "listed",
    "lists",
    "pinned",
    "expect",
    "decides",
    "because",
    "waits_for",
    "false_clear_until",
}
EXPECT_FIELDS = {
    "outcome",
    "scopes",
    "policy",
    "status",
    "cites",
    "also_cites",
    "not_cites",
    "missing",
    "missing_any",
    "asks",
    "says",
    "assumes",
    "match",
    "if_confirmed",
    "error",
}


@dataclass(frozen=True, slots=True)
class MatrixCase:
    """One transaction with what the law says of it.

    `waits_for` names the part of the work that will make it pass; such a case may fail, and nothing else may.
    That a restricted order comes out clear is allowed only where the case says so (`false_clear`).
    """

    file: str
    id: str
    question: str
    as_of: date
    order: Mapping[str, Any]
    listed: Mapping[str, Any]
    lists: tuple[Mapping[str, Any], ...]
    pinned: tuple[tuple[str, str], ...]
    expect: Mapping[str, Any]
    decides: str
    because: str
    waits_for: str | None
    false_clear: bool

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the law allows as answer; more than one where it leaves the form of the answer to the program."""
        return tuple(Outcome(text) for text in _several(self.expect.get("outcome")))

    def says(self) -> str:
        """The head of every failure: the question, the paragraph and why."""
        return f"{self.file}, {self.id}: {self.question}\n  decides: {self.decides}\n  because: {self.because}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the program says, in the same terms."""

    outcome: Outcome
    scopes: Mapping[Scope, Outcome]
    findings: tuple[Finding, ...]
    asked: tuple[str, ...]
    assumptions: tuple[str, ...]
    direction: Direction

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """Findings that take effect in a governing scope with the outcome of the whole."""
        scopes = governing(self.direction)
        return tuple(f for f in self.findings if f.effective and f.scope in scopes and f.outcome is self.outcome)


@cache
def read_matrix() -> tuple[MatrixCase, ...]:
    """Every case of every file, in the order of the files' names."""
    rows = ROWS.read_text("utf-8")
    paths = sorted(path for path in MATRIX.glob("*.yml") if path != ROWS)
    return tuple(case for path in paths for case in _read_file(path, rows))


def read_rows() -> Mapping[str, Mapping[str, Any]]:
    """The printed rows that cases name, by the word under which they stand in `rows.yml`."""
    rows: Mapping[str, Mapping[str, Any]] = read_yaml(ROWS.read_text("utf-8"), ROWS.name)["rows"]
    return rows


def _read_file(path: Path, rows: str) -> Iterator[MatrixCase]:
    """The rows stand in front, so that their anchors are known; lines of YAML errors count them too."""
    plain = read_yaml(rows + path.read_text("utf-8"), path.name)
    _known(plain, FILE_FIELDS, path.name)
    for value in plain["cases"]:
        where = f"{path.name}, {value.get('id')}"
        _known(value, CASE_FIELDS, where)
        _known(value["expect"], EXPECT_FIELDS, where)
        yield MatrixCase(
            file=path.name,
            id=value["id"],
            question=value["question"],
            as_of=parse_day(value.get("as_of") or DEFAULT_DAY),
            order=value["order"],
            listed=value.get("listed") or {},
            lists=tuple(value.get("lists") or ()),
            pinned=tuple((value.get("pinned") or {}).items()),
            expect=value["expect"],
            decides=value["decides"],
            because=value["because"],
            waits_for=value.get("waits_for") or value.get("false_clear_until"),
            false_clear="false_clear_until" in value,
        )


def _known(fields: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = set(fields) - known
    assert not unknown, f"{where}: unknown fields {sorted(unknown)}"


def _several(value: Any) -> list[str]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


# -- running -----------------------------------------------------------------------------------------------------


def answer(book: Rulebook, case: MatrixCase) -> Answer:
    """Ask the rules, or, for a case that brings lists, the whole screener."""
    return _screened(book, case) if case.lists else _evaluated(book, case)


def _evaluated(book: Rulebook, case: MatrixCase) -> Answer:
    rule = Rule(f"matrix.{case.id}", case.question, Per.ORDER, (), (), case.file)
    example = Example(case.id, case.as_of, case.order, case.listed, {}, case.pinned)
    found = evaluate_example(book, rule, example)
    direction = read_order(case.order).direction
    outcome, scopes = combine(found.findings, direction)
    asked = tuple(q.fact for q in found.questions)
    return Answer(outcome, scopes, found.findings, asked, found.assumptions, direction)


def _screened(book: Rulebook, case: MatrixCase) -> Answer:
    entities = tuple(_entity(number, plain) for number, plain in enumerate(case.lists))
    listed = IndexedList("made", "sha256:" + "1" * 64, case.as_of, None, len(entities), 7, "official")
    transaction = read_order(case.order)
    settings = Settings(exporter=Exporter(), pinned=case.pinned)
    decision = Screener(Index.build([(listed, entities)]), book).screen(
        transaction, as_of=case.as_of, settings=settings
    )
    findings = tuple(d.finding for d in decision.findings)
    asked = tuple(q.fact for q in decision.questions)
    scopes = decision.outcomes_by_scope
    return Answer(decision.outcome, scopes, findings, asked, decision.assumptions, transaction.direction)


def _entity(number: int, plain: Mapping[str, Any]) -> Entity:
    known = {"schema", "name", "aliases", "weak", "countries", "addresses", "identifiers", "born", "listing"}
    _known(plain, known, f"lists[{number}]")
    row = dict(plain["listing"])
    names = [Name(plain["name"], NameKind.PRIMARY)]
    names += [Name(text, NameKind.ALIAS) for text in plain.get("aliases") or ()]
    names += [Name(text, NameKind.WEAK_ALIAS) for text in plain.get("weak") or ()]
    listing = Listing(
        "made",
        row["program"],
        plain["name"],
        start=parse_day(row["start"]) if row.get("start") else None,
        license_requirement=row.get("license_requirement", ""),
        license_policy=row.get("license_policy", ""),
        tags=tuple(row.get("tags") or ()),
        standard_order=True if row["program"] == "us.dpl" else None,
    )
    countries = tuple(plain.get("countries") or ())
    place = countries[0] if countries else None
    return Entity(
        f"{row['program']}-{number}",
        Schema(plain.get("schema", "Company")),
        tuple(names),
        (listing,),
        countries=countries,
        addresses=tuple(Address(text, place) for text in plain.get("addresses") or ()),
        identifiers=tuple(Identifier(i["type"], i["value"]) for i in plain.get("identifiers") or ()),
        birth_dates=tuple(PartialDate.parse(text) for text in plain.get("born") or ()),
    )


# -- comparing ---------------------------------------------------------------------------------------------------


def problems(book: Rulebook, case: MatrixCase) -> list[str]:
    """What is not as the law says, one line each; empty if all is."""
    wanted_error = case.expect.get("error")
    try:
        got = answer(book, case)
    except OrderError as error:
        if wanted_error and wanted_error in str(error):
            return []
        return [f"expected no refusal, got {error}"]
    if wanted_error:
        return [f"expected a refusal with {wanted_error!r}, got {got.outcome}"]
    return [*_outcomes(case, got), *_findings(case.expect, got), *_rest(case.expect, got)]


def _outcomes(case: MatrixCase, got: Answer) -> Iterator[str]:
    if case.outcomes and got.outcome not in case.outcomes:
        expected = " or ".join(case.outcomes)
        yield f"expected {expected}, got {got.outcome}: {_shown(got)}"
    for name, allowed in (case.expect.get("scopes") or {}).items():
        found = got.scopes[Scope(name)]
        if found not in _several(allowed):
            yield f"expected {' or '.join(_several(allowed))} in scope {name}, got {found}: {_shown(got)}"


def _findings(expect: Mapping[str, Any], got: Answer) -> Iterator[str]:
    """`policy`, `status`, `cites`, `match` and `if_confirmed` must meet in one of the deciding findings."""
    wanted = {k: expect[k] for k in ("policy", "status", "cites", "match", "if_confirmed") if k in expect}
    deciding = got.deciding
    if wanted and not any(all(_has(f, k, v) for k, v in wanted.items()) for f in deciding):
        yield f"expected a deciding finding with {wanted}, got {_shown(got)}"
    for text in _several(expect.get("also_cites")):
        if not any(f.effective and _has(f, "cites", text) for f in got.findings):
            yield f"expected a finding that cites {text}, got {_shown(got)}"
    for text in _several(expect.get("not_cites")):
        citing = [f.rule for f in got.findings if f.effective and _has(f, "cites", text)]
        if citing:
            yield f"expected no finding that cites {text}, got {citing}"


def _has(finding: Finding, key: str, wanted: Any) -> bool:
    if key == "cites":
        return any(wanted in citation.text for citation in finding.citations)
    value = finding.review_policy if key == "policy" else getattr(finding, key)
    return str(value) in _several(wanted)


def _rest(expect: Mapping[str, Any], got: Answer) -> Iterator[str]:
    missing = {fact for f in got.findings if f.effective for fact in f.missing_facts}
    for fact in _several(expect.get("missing")):
        if fact not in missing:
            yield f"expected the missing fact {fact}, got {sorted(missing)}"
    any_of = _several(expect.get("missing_any"))
    if any_of and not missing & set(any_of):
        yield f"expected one of the missing facts {any_of}, got {sorted(missing)}"
    for fact in _several(expect.get("asks")):
        if fact not in got.asked:
            yield f"expected the question {fact}, got {list(got.asked)}"
    for text in _several(expect.get("says")):
        if not any(text in f.text for f in got.findings):
            yield f"expected a finding that says {text!r}, got {_shown(got)}"
    for text in _several(expect.get("assumes")):
        if not any(text in line for line in got.assumptions):
            yield f"expected an assumption with {text!r}, got {list(got.assumptions)}"


def _shown(got: Answer) -> str:
    return "; ".join(dict.fromkeys(_line(f) for f in got.findings)) or "no finding"


def _line(f: Finding) -> str:
    parts: Iterable[Any] = (f.rule, f.scope, f.outcome, f.status, f.review_policy, f.match, *f.missing_facts)
    return " ".join(str(part) for part in parts if part is not None)
