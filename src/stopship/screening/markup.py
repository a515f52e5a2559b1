"""A decision as HTML, for notebooks: the outcome, each reason with what matched and where to read it, lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stopship.matching.markup import LEGEND, listed_html, marked, match_evidence_html, score_html
from stopship.matching.shown import as_html, link, more, printed, table, text
from stopship.rules.outcome import Outcome
from stopship.rules.ownership_shown import Evidence
from stopship.screening.decision import DecidedFinding, Decision
from stopship.screening.freshness import ListState
from stopship.screening.owners_tree import owners_tree
from stopship.screening.reading import OUTCOME_WORDS, WHAT_NEXT, by_reason, counting_findings, governing_scopes


@as_html.register
def decision_html(decision: Decision) -> str:
    """The decision as a compliance officer reads it, strictest reason first."""
    return "".join(_parts(decision))


def _parts(decision: Decision) -> Iterator[str]:
    yield f"<p><strong>{text(OUTCOME_WORDS[decision.outcome])}</strong><br>"
    yield f"as of {decision.as_of.isoformat()}. {text(WHAT_NEXT[decision.outcome])}</p>"
    yield _order(decision)
    counting = counting_findings(decision)
    scopes = governing_scopes(decision)
    elsewhere = [f for f in decision.findings if f.finding.effective and f.finding.scope not in scopes]
    silent = [f for f in decision.findings if not f.finding.effective]
    reasons = list(_reasons(counting))
    if reasons:
        yield f"<ol>{''.join(f'<li>{reason}</li>' for reason in reasons)}</ol>"
    if any(f.match is not None and f.match.given for f in counting):
        yield LEGEND
    for title, findings in (
        ("Also found, in scopes that do not govern this order", elsewhere),
        ("Reported without effect", silent),
    ):
        if findings:
            found = "".join(f"<li>{reason}</li>" for reason in _reasons(findings))
            yield more(f"{title} ({len(by_reason(findings))})", f"<ul>{found}</ul>")
    if decision.questions:
        asked = {question.fact: question.text for question in decision.questions}
        listed = "".join(f"<li>{printed(words)} <code>{text(fact)}</code></li>" for fact, words in asked.items())
        yield more(f"Questions that could change the answer ({len(asked)})", f"<ul>{listed}</ul>")
    if decision.assumptions:
        taken = "".join(f"<li>{printed(line)}</li>" for line in decision.assumptions)
        yield more(f"Taken as given ({len(decision.assumptions)})", f"<ul>{taken}</ul>")
    yield more(_age(decision.lists), _consulted(decision))


def _order(decision: Decision) -> str:
    order = decision.transaction
    rows: list[tuple[str, str]] = []
    for number, party in enumerate(order.get("parties") or []):
        place = ", ".join(str(party[k]) for k in ("address", "country") if party.get(k))
        who = f"{text(_words(str(party.get('role', ''))))}: {printed(party.get('name') or '(no name)')}"
        rows.append((f"party {number}", f"{who} {printed(f'({place})')}" if place else who))
    for number, item in enumerate(order.get("items") or []):
        code = item.get("eccn") or item.get("usml") or "classification not stated"
        rows.append((f"item {number}", f"{printed(item.get('description') or 'item')} [{text(code)}]"))
    rows.append(("to", text(str(order.get("destination") or "").upper())))
    rows.append(("end use", printed(order["end_use"]) if order.get("end_use") else ""))
    return table(rows)


def _reasons(findings: Sequence[DecidedFinding]) -> Iterator[str]:
    for alike in by_reason(findings):
        yield _reason(alike)


def _reason(alike: Sequence[DecidedFinding]) -> str:
    finding, match = alike[0].finding, alike[0].match
    head = f"<strong>{text(_words(finding.outcome.value))}</strong>"
    head += f" ({text(', '.join(other.finding.scope.value for other in alike))})"
    if finding.status != "in_force":
        head += f", {text(finding.status)}"
    if finding.match == "possible" and finding.if_confirmed:
        head += f"; if confirmed: {text(_words(finding.if_confirmed.value))}"
    rows: list[tuple[str, str]] = []
    if match is not None:
        who = f"party {finding.party}" if not finding.owner else f"owner {finding.owner} of party {finding.party}"
        rows.append((who, marked(match.given, match.evidence, ours=True) if match.given else ""))
        rows.append(("listed", listed_html(match)))
        judged = f"; {text(_words(finding.match))}" if finding.match == "judged_false" else ""
        rows.append(("score", score_html(match) + judged))
    if finding.item is not None:
        rows.append(("item", text(finding.item)))
    rows.append(("as printed", "<br>".join(printed(line) for line in finding.evidence)))
    listing = finding.listing
    if listing is not None:
        since = f", since {listing.start.isoformat()}" if listing.start else ""
        until = f", printed end {listing.end.isoformat()}" if listing.end else ""
        where = f"[{text(listing.program)}; <code>{text(finding.entity_id)}</code>]"
        rows.append(("listed as", f"{printed(listing.name)} {where}{since}{until}"))
        if finding.review_policy or finding.outcome in (Outcome.LICENSE_REQUIRED, Outcome.INDETERMINATE):
            for label, words in (("requirement", listing.license_requirement), ("policy", listing.license_policy)):
                rows.append((label, f"“{printed(words)}”" if words else ""))
        rows.append(("caveat", printed(listing.caveat) if listing.caveat else ""))
    rows.append(("review", text(_words(finding.review_policy.value)) if finding.review_policy else ""))
    rows.append(("owned by", _owners(finding.ownership) if finding.ownership is not None else ""))
    rows.append(("license", printed(finding.license) if finding.license else ""))
    rows.append(("missing", ", ".join(f"<code>{text(fact)}</code>" for fact in finding.missing_facts)))
    rows.append(("read", "; ".join(link(c.text, c.url) for c in finding.citations)))
    rows.append(("rule", f"<code>{text(finding.rule)}</code>"))
    why = more("evidence", match_evidence_html(match)) if match is not None and match.evidence else ""
    return f"{head}<br>{printed(finding.text)}{table(rows)}{why}"


def _owners(evidence: Evidence) -> str:
    return "<br>".join("&emsp;" * depth + printed(line) for depth, line in owners_tree(evidence))


def _age(lists: Sequence[ListState]) -> str:
    stale = sum(state.stale for state in lists)
    return f"Lists consulted ({len(lists)}{f', {stale} STALE' if stale else ''})"


def _consulted(decision: Decision) -> str:
    rows = []
    for state in decision.lists:
        listed = state.listed
        dated = f"published {listed.published}" if listed.published else f"retrieved {listed.retrieved}"
        stale = f", STALE (limit {listed.limit_days} days)" if state.stale else ""
        rows.append(
            (listed.source, text(f"{listed.entries:,} entries, {dated}, {state.age_days} days old{stale}"))
        )
    rows += [
        ("rulebook", text(decision.rulebook)),
        ("index", text(decision.index)),
        ("engine", text(decision.engine)),
    ]
    return table(rows)


def _words(code: str) -> str:
    return code.replace("_", " ")
