"""A case as a PDF to print and sign, made from HTML by WeasyPrint (the extra `pdf`)."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stopship.cases.view import screening_to_plain
from stopship.errors import SettingsError
from stopship.version import __version__

if TYPE_CHECKING:
    from stopship.app.casework.gathered import Gathered

STYLE = """
@page {
  size: A4; margin: 18mm 16mm;
  @bottom-left { content: string(case); font-size: 8pt }
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt }
}
body { font-family: "Noto Sans", "Noto Sans CJK SC", "Noto Sans Arabic", sans-serif; font-size: 9pt }
h1 { font-size: 15pt; string-set: case content() }
h2 { font-size: 11.5pt; margin: 14pt 0 4pt }
table { border-collapse: collapse; width: 100% }
td, th { border: 0.5pt solid #888; padding: 2pt 4pt; text-align: left; vertical-align: top }
th { font-weight: 600; background: #eee }
tr { break-inside: avoid }
.hash { font-family: monospace; font-size: 7pt; overflow-wrap: anywhere }
blockquote { margin: 2pt 0 2pt 8pt }
li { margin: 1pt 0 }
.notice { position: running(notice); font-weight: 600; font-size: 8.5pt; text-align: center;
  border: 1pt solid #000; padding: 2pt }
@page { @top-center { content: element(notice); width: 100% } }
"""


def evidence_pdf(gathered: Gathered, *, now: datetime) -> bytes:
    """The PDF of a case, or of a decision by itself.

    Raises:
        SettingsError: WeasyPrint, or a library of the system that it needs, is not installed.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as missing:
        raise SettingsError(
            f"PDF needs the extra `pdf` and its libraries: {' '.join(str(missing).split())[:200]}",
            hint="pip install 'stopship[pdf]', and on Debian: apt install libpangoft2-1.0-0 libharfbuzz-subset0",
        ) from None
    document = HTML(string=evidence_html(gathered, now=now), url_fetcher=_no_fetching)
    made: bytes = document.write_pdf()
    return made


def evidence_html(gathered: Gathered, *, now: datetime) -> str:
    """The same as HTML, complete in itself: it fetches nothing."""
    return "".join(_document(gathered, now))


def _document(gathered: Gathered, now: datetime) -> Iterator[str]:
    kind, _, name = gathered.subject.partition(":")
    title = f"{kind.title()} {name[:16]}"
    printed = f"{now:%Y-%m-%d %H:%M} UTC by stopship {__version__}"
    yield f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield f"<style>{STYLE}</style></head><body>"
    if gathered.notice is not None:
        # Above each page: one of them may be passed on alone.
        yield f'<p class="notice">{_text(gathered.notice)}</p>'
    if gathered.view is not None:
        yield from _case(title, gathered.view.to_plain(now=now), printed)
    else:
        yield f"<h1>{title}</h1>"
        yield _table((), [("Printed", printed)])
    yield "<h2>Screenings</h2>"
    for screening in gathered.screenings:
        one = screening_to_plain(screening)
        lists = ", ".join(f"{source} {snapshot[:19]}…" for source, snapshot in one["lists"].items())
        outcome = one["outcome"].replace("_", " ")
        what = f"{one['moment']}, by {one['actor']}, {one['kind']}: {outcome}. Lists: {lists}"
        yield f"<p>{_text(what)}</p>"
        decision = gathered.decisions.get(screening.reference)
        if decision is not None:
            yield from _decision(screening.reference, decision)
    yield "<h2>Audit record</h2>"
    told = [(str(r.seq), f"{r.moment:%Y-%m-%d %H:%M:%S}", r.actor, r.action, r.hash) for r in gathered.rows]
    yield _table(("Row", "When (UTC)", "Who", "What", "Hash"), told, hashes=4)
    yield "</body></html>"


def _case(title: str, plain: Mapping[str, Any], printed: str) -> Iterator[str]:
    yield f"<h1>{title}: {_text(plain['name'] or '(erased)')}</h1>"
    facts = {
        "State": plain["state"],
        "Disposition": (plain["disposition"] or "none yet").replace("_", " "),
        "Opened": plain["opened"],
        "Closed": plain["closed"] or "",
        "Printed": printed,
    }
    party = plain["party"] or {}
    facts |= {key.replace("_", " ").title(): value for key, value in party.items() if isinstance(value, str)}
    facts |= {one["type"]: one["value"] for one in party.get("identifiers", ())}
    yield _table((), [(key, value) for key, value in facts.items() if value])
    yield "<h2>What it may be</h2>"
    for alert in plain["alerts"]:
        yield from _alert(alert)
    yield "<h2>What was said</h2>"
    if not plain["dispositions"]:
        yield "<p>Nothing yet.</p>"
    yield _table(
        ("Verdict", "Reason", "Comment", "By", "Agreed to by", "State"),
        [
            (
                one["verdict"].replace("_", " "),
                one["reason"],
                one["comment"] or "",
                f"{one['maker']}, {one['made']}",
                f"{one['checker']}, {one['checked']}" if one["checker"] else "",
                one["state"],
            )
            for one in plain["dispositions"]
        ],
    )
    if plain["notes"]:
        yield "<h2>Notes</h2>"
        yield _table(("When", "Who", "What"), [(n["moment"], n["actor"], n["text"] or "") for n in plain["notes"]])


def _alert(alert: Mapping[str, Any]) -> Iterator[str]:
    verdict = (alert["verdict"] or alert["state"]).replace("_", " ")
    name = f"{alert['entity_name']} ({alert['entity_id']})"
    yield f"<p><strong>{_text(name)}</strong> [{_text(', '.join(alert['programs']))}]: "
    yield f"{_text(alert['band'])} {alert['score']:.2f}, <strong>{_text(verdict)}</strong></p><ul>"
    hit = alert["hit"] or {}
    for line in hit.get("evidence", ()):
        yield f"<li>{_text(line)}</li>"
    yield "</ul>"
    for entry in alert["entity"] or ():
        names = "; ".join(dict.fromkeys(one["text"] for one in entry["names"]))
        yield f"<blockquote>As printed: {_text(names)}"
        for listing in entry.get("listings", ()):
            cited = ", ".join(
                str(listing[key])
                for key in ("source", "program", "start", "citation", "remarks")
                if listing.get(key)
            )
            yield f"<br>{_text(cited)}"
        yield "</blockquote>"


def _decision(digest: str, decision: Mapping[str, Any]) -> Iterator[str]:
    outcome = decision["outcome"].replace("_", " ")
    yield f"<p>Decision as of {_text(decision['as_of'])}: <strong>{_text(outcome)}</strong>"
    yield f' <span class="hash">{_text(digest)}</span></p><ul>'
    order = decision["transaction"]
    for party in order["parties"]:
        yield f"<li>{_text(party.get('role', '').replace('_', ' '))}: {_text(party.get('name', ''))}</li>"
    for finding in decision["findings"]:
        cited = ", ".join(citation["text"] for citation in finding["citations"])
        what = f"{finding['outcome'].replace('_', ' ')} ({finding['scope']}): {finding['text']} [{cited}]"
        yield f"<li>{_text(what)}</li>"
    yield "</ul>"


def _table(heads: Sequence[str], lines: Sequence[Sequence[Any]], hashes: int | None = None) -> str:
    if not lines:
        return ""
    head = f"<tr>{''.join(f'<th>{_text(one)}</th>' for one in heads)}</tr>" if heads else ""
    body = "".join(
        f"<tr>{''.join(_cell(value, number == hashes) for number, value in enumerate(line))}</tr>"
        for line in lines
    )
    return f"<table>{head}{body}</table>"


def _cell(value: Any, is_hash: bool) -> str:
    return f'<td class="hash">{_text(value)}</td>' if is_hash else f"<td>{_text(value)}</td>"


def _text(value: Any) -> str:
    """Whatever comes from an order or a list is text, kept apart from the writing direction around it."""
    printable = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in str(value))
    return f'<bdi dir="auto">{html.escape(printable, quote=True)}</bdi>'


def _no_fetching(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"nothing is fetched for a PDF: {url[:80]}")
