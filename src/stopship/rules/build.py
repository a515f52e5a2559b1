"""Making findings: from a version that holds to what a person reads, with text, citations and policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stopship.rules.case import Case
from stopship.rules.ccl import ControlKind
from stopship.rules.citation import Citation, printed_citations
from stopship.rules.controls import Determination
from stopship.rules.finding import POSSIBLE, Finding
from stopship.rules.outcome import Outcome, ReviewPolicy, Status
from stopship.rules.ownership_shown import Evidence
from stopship.rules.requirement import FOOTNOTES, ItemScope, parse_requirement
from stopship.rules.review_policy import Resolved, parse_policy, resolve
from stopship.rules.rule import TEXT_FIELDS, Rule, Version
from stopship.rules.verdict import Truth, Verdict

ENTITY_LIST = "us.el"


@dataclass(frozen=True, slots=True)
class Extra:
    """What ownership adds to a finding."""

    owner: str = ""
    arithmetic: str = ""
    evidence: Evidence | None = None


def build(
    rule: Rule, version: Version, case: Case, verdict: Verdict, *, status: Status, extra: Extra | None = None
) -> list[Finding]:
    """One finding in each scope of the version.

    Args:
        verdict: of the conditions: yes, or missing facts.
        status: of the version on this day, after pinning and after asking whom it binds.
        extra: owner and arithmetic, for rules of ownership.
    """
    outcome = version.outcome
    if verdict.truth is Truth.MISSING and outcome.rank < Outcome.INDETERMINATE.rank:
        outcome = Outcome.INDETERMINATE
    resolved = _policy(version, case)
    missing = dict.fromkeys((*verdict.missing, *_own_missing(version, case), *resolved.missing))
    for note in resolved.notes:
        case.situation.note(note)
    match = case.subject.match if case.subject else None
    finding = Finding(
        rule=rule.id,
        outcome=outcome,
        scope=version.scopes[0],
        text=_text(version, case, verdict, status=status, extra=extra or Extra()),
        citations=_citations(version, case),
        review_policy=resolved.policy,
        status=status,
        match=match,
        item=case.item.number if case.item else None,
        missing_facts=tuple(missing),
        subject=case.subject,
        evidence=_evidence(version, case),
        ownership=extra.evidence if extra else None,
    )
    if match == POSSIBLE:
        finding = as_possible(finding)
    return [finding, *(replace(finding, scope=scope) for scope in version.scopes[1:])]


def as_possible(finding: Finding) -> Finding:
    """A person must judge the match first; what would follow stands in `if_confirmed`."""
    return replace(
        finding,
        outcome=Outcome.REVIEW,
        match=POSSIBLE,
        if_confirmed=finding.outcome,
        text=f"Possible match, a person must judge it first. If it is confirmed: {finding.text}",
    )


def _own_missing(version: Version, case: Case) -> tuple[str, ...]:
    key = case.item.key if case.item else "item.N"
    return tuple(fact.replace("item.N", key) for fact in version.missing_facts)


@dataclass(frozen=True, slots=True)
class _Policy:
    policy: ReviewPolicy | None
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _policy(version: Version, case: Case) -> _Policy:
    if not version.as_listed or case.subject is None or case.item is None:
        return _Policy(version.review_policy)
    listing = case.subject.listing
    in_requirement = parse_requirement(listing.license_requirement).policy
    printed = parse_policy(f"{listing.license_policy} {in_requirement}".strip())
    not_yet = frozenset(fact for fact, begins in version.policy_from if case.situation.as_of < begins)
    found: Resolved = resolve(printed, case.item, case.situation, not_yet=not_yet)
    return _Policy(found.policy, found.missing, found.notes)


def _citations(version: Version, case: Case) -> tuple[Citation, ...]:
    printed: tuple[Citation, ...] = ()
    if case.subject is not None:
        printed = tuple(printed_citations(case.subject.listing.citation, case.subject.listing.url))
    return tuple(dict.fromkeys((*printed, *version.cite)))


def _evidence(version: Version, case: Case) -> tuple[str, ...]:
    """Rows of the Commerce Control List that decide, as printed."""
    found = _determination(version, case)
    if found is None or case.item is None:
        return ()
    return tuple(f"{case.item.eccn}: {row}" for row in found.evidence)


def _determination(version: Version, case: Case) -> Determination | None:
    test, item = version.when.controls, case.item
    return case.situation.determination(item, test) if test is not None and item is not None else None


def _controls_text(version: Version, case: Case) -> str:
    if version.when.controls is None or case.item is None:
        return ""
    if case.item.eccn is None:
        return "its ECCN decides, and the order doesn't state it"
    stated = case.situation.stated(f"{case.item.key}.country_chart")
    if stated == "required" and ControlKind.CHART in version.when.controls.kinds:
        return "a person who read the entry and the Country Chart states that they require a license"
    found = _determination(version, case)
    if found is not None and stated == "not_required":
        return f"{found.text} (The order states otherwise; an answer takes away nothing that the tables hold)"
    return found.text if found is not None else "a person must read the entry and the Country Chart"


def _text(version: Version, case: Case, verdict: Verdict, *, status: Status, extra: Extra) -> str:
    lead = "Depends on what the order doesn't state: " if verdict.truth is Truth.MISSING else ""
    sentences = [lead + _fill(version, case, extra)]
    if case.subject is not None:
        sentences += _about_listing(version, case)
    if extra.evidence is not None:
        sentences += extra.evidence.remarks
    if verdict.truth is Truth.MISSING:
        questions = [case.situation.question(key) for key in verdict.missing]
        asked = zip(questions, verdict.missing, strict=True)
        sentences.append("Not decided yet: " + " ".join(f"{question} ({key})" for question, key in asked))
    if status is Status.UNCONFIRMED:
        sentences.append("Unconfirmed: this has not been compared with a primary text for the date.")
    elif status is Status.SUSPENDED:
        until = f" until {version.ends.isoformat()}" if version.ends else ""
        sentences.append(f"Suspended{until}: reported, without effect.")
    elif status is Status.INFORMATION:
        sentences.append("Information only, without effect on this order.")
    return " ".join(sentence.strip() for sentence in sentences if sentence.strip())


def _fill(version: Version, case: Case, extra: Extra) -> str:
    situation, subject = case.situation, case.subject
    values = dict.fromkeys(TEXT_FIELDS, "")
    values["destination"] = situation.destination or "an unstated destination"
    values["exporter"] = situation.exporter.country
    values["countries"] = ", ".join(sorted(situation.countries_of_everyone()))
    values["item"] = case.item.label if case.item else "the items"
    values["controls"] = _controls_text(version, case)
    values["owner"], values["arithmetic"] = extra.owner, extra.arithmetic
    if subject is not None:
        listing = subject.listing
        party = situation.order.parties[subject.party]
        values["party"] = party.name or party.address or f"party {subject.party}"
        values["role"] = subject.role.value.replace("_", " ")
        values["entity"] = listing.name or subject.entity_name
        values["requirement"] = listing.license_requirement
        values["policy"] = listing.license_policy
        values["tags"] = ", ".join(listing.tags)
        values["directives"] = ", ".join(listing.directives)
        values["program"] = listing.program
        values["start"] = listing.start.isoformat() if listing.start else ""
        values["end"] = listing.end.isoformat() if listing.end else ""
    filled = version.text.format_map(values)
    # A name like "Co., Ltd." brings its own full stop.
    ending = [name for name in (values["entity"], values["party"], values["owner"]) if name.endswith(".")]
    for name in ending:
        filled = filled.replace(f"{name}.", name)
    return filled


def _about_listing(version: Version, case: Case) -> Iterator[str]:
    assert case.subject is not None
    listing = case.subject.listing
    if version.as_listed:
        if listing.program == ENTITY_LIST:
            yield from _about_row(listing.license_requirement)
        if not parse_policy(listing.license_policy).complete:
            yield "Its review policy could not be read; it is quoted as printed."
    if listing.start is None:
        yield "No start date printed; taken as in force."


def _about_row(printed: str) -> Iterator[str]:
    """What else an Entity List row says: direct-product footnotes, exceptions, what it leaves out."""
    requirement = parse_requirement(printed)
    known = [note for note in requirement.footnotes if note in FOOTNOTES]
    if known:
        where = ", ".join(f"footnote {note} ({FOOTNOTES[note]})" for note in known)
        yield (
            f"{where[0].upper()}{where[1:]}: foreign-made items that are the direct product of US technology, "
            "software or plant may be subject to the EAR too."
        )
    for note in requirement.footnotes:
        if note not in FOOTNOTES:
            mark = "section 734.9(e) without its digit" if note == "?" else f'the footnote mark "{note}"'
            yield (
                f"The row prints {mark}, which this rulebook doesn't know: which foreign-made items are subject "
                "to the EAR is open."
            )
    if requirement.exclusion:
        yield f'The row leaves out some items: "{requirement.exclusion}".'
    if requirement.exception:
        yield f'The row says: "{requirement.exception}".'
    elif requirement.items is not ItemScope.UNREAD:
        yield "No license exception is available unless 740.2(a)(5) or the entry says so."
    if requirement.worldwide:
        yield "The row reaches the entity wherever it is located."
    if not requirement.complete and printed:
        quoted = requirement.unread or printed
        yield f'Part of the requirement could not be read and is taken at its strictest: "{quoted}".'
