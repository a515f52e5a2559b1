"""Matches and comparisons as HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stopship.matching.evidence import Comparison, Evidence, Match
from stopship.matching.shown import as_html, grid, link, more, printed, table, text
from stopship.model.listing import Listing

RELATIONS = {"match": ("=", "agrees"), "mismatch": ("≠", "differs"), "unknown": ("–", "only in one")}
LEGEND = "<small><mark>marked</mark>: agrees · <u>underlined</u>: differs</small>"


def marked(name: str, evidence: Iterable[Evidence], *, ours: bool) -> str:
    """A name as printed, in which the words that agree are marked and those that differ are underlined."""
    spans = sorted((*span, e.relation) for e in evidence for span in (e.ours_spans if ours else e.theirs_spans))
    parts: list[str] = []
    at = 0
    for start, end, relation in spans:
        if not at <= start < end <= len(name):
            continue  # of a word that is in two lines of the evidence
        tag = {"match": "mark", "mismatch": "u"}.get(relation)
        word = text(name[start:end])
        parts += [text(name[at:start]), f"<{tag}>{word}</{tag}>" if tag else word]
        at = end
    return f'<bdi dir="auto">{"".join(parts)}{text(name[at:])}</bdi>'


def evidence_html(
    evidence: Sequence[Evidence], ours: str, theirs: str, heads: tuple[str, str] = ("given", "listed")
) -> str:
    """The evidence line by line: how it stands, the words of both sides, its share of the whole, and why.

    `ours` and `theirs` are the names in which the spans count, empty where they aren't known.
    """
    rows = []
    for line in evidence:
        sign, words = RELATIONS.get(line.relation, ("", line.relation))
        share = f"{line.weight:+.0%}" if round(line.weight, 2) else ""
        mine, other = _words(ours, line.ours_spans, line.ours), _words(theirs, line.theirs_spans, line.theirs)
        rows.append((f"{text(sign)} {text(words)}", mine, other, text(share), printed(line.text)))
    return grid(("", *heads, "share", "why"), rows)


def _words(name: str, spans: Iterable[tuple[int, int]], read: str) -> str:
    """The words of one side as printed; in brackets as they were read where it isn't known where they stand."""
    words = " ".join(name[start:end] for start, end in spans)
    if words:
        return printed(words)
    return printed(f"({read})" if name else read) if read else ""


@as_html.register
def comparison_html(found: Comparison) -> str:
    """Two names side by side, and what the score is made of."""
    verdict = "would alert" if found.alert else "would not alert"
    return (
        table(
            [
                ("left", marked(found.left, found.evidence, ours=True)),
                ("right", marked(found.right, found.evidence, ours=False)),
                ("score", f"<strong>{found.score:.2f}</strong>, {text(found.band.value)}: {verdict}"),
            ]
        )
        + LEGEND
        + evidence_html(found.evidence, found.left, found.right, ("left", "right"))
    )


@as_html.register
def match_html(match: Match) -> str:
    """A match: the name given, the name listed, the score, what it is listed for, and the evidence."""
    entity = match.entity
    about = ", ".join([entity.schema.value, *entity.countries])
    return (
        table(
            [
                ("given", marked(match.given, match.evidence, ours=True) if match.given else ""),
                ("listed", listed_html(match)),
                ("score", score_html(match)),
                ("entity", f"<code>{text(entity.id)}</code> {text(about)}"),
                ("listings", "<br>".join(listing_html(listing) for listing in entity.listings)),
            ]
        )
        + (LEGEND if match.given else "")
        + match_evidence_html(match)
    )


def matches_html(given: str, matches: Sequence[Match]) -> str:
    """All that was found for a name, best first; the evidence of each to unfold."""
    if not matches:
        return f"<p>{printed(given)}: no match in the lists consulted</p>"
    rows = []
    for match in matches:
        programs = ", ".join(dict.fromkeys(listing.program for listing in match.entity.listings))
        stands = "alerts" if match.alert else "below the threshold"
        why = more("evidence", match_evidence_html(match))
        rows.append(
            (f"{match.score:.2f}", text(match.band.value), stands, listed_html(match), text(programs), why)
        )
    count = f"{len(matches)} {'match' if len(matches) == 1 else 'matches'}"
    heads = ("score", "band", "", "listed", "program", "why")
    return f"<p>{printed(given)}: {count}</p>{grid(heads, rows)}{LEGEND}"


def match_evidence_html(match: Match) -> str:
    """The evidence of a match, with the words of both names as printed."""
    return evidence_html(match.evidence, match.given, match.name.text if match.name else "")


def listed_html(match: Match) -> str:
    """The listed name as printed, with whose it is where the entity goes by another."""
    entity = match.entity
    if match.name is None:
        return f"{text(match.kind.value.replace('_', ' '))} of {printed(entity.caption)}"
    name = marked(match.name.text, match.evidence, ours=False)
    if match.name.text == entity.caption:
        return name
    return f"{name} ({text(match.name.kind.value.replace('_', ' '))} of {printed(entity.caption)})"


def score_html(match: Match) -> str:
    """Score and band, and what follows from them."""
    stands = "below the alert threshold"
    if match.alert:
        stands = "confirmed" if match.confirmed else "possible: a person must judge it"
    return f"<strong>{match.score:.2f}</strong>, {text(match.band.value)}: {stands}"


def listing_html(listing: Listing) -> str:
    """What an entity is listed for, as the source prints it."""
    since = f", since {listing.start.isoformat()}" if listing.start else ""
    until = f", printed end {listing.end.isoformat()}" if listing.end else ""
    cited = ""
    if listing.citation or listing.url:
        cited = f": {link(listing.citation or listing.url, listing.url)}"
    return f"<strong>{text(listing.program)}</strong> ({text(listing.source)}){since}{until}{cited}"
