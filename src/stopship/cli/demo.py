"""`stopship demo`: the main job on the examples that the package carries, in the terminal or as a workbench."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stopship.cli.options import today
from stopship.cli.terminal import heading, show, wrap
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.app.demo import Demo, DemoOrder

MOST_CITATIONS = 2


def demo(
    context: typer.Context,
    serve: Annotated[
        bool, typer.Option("--serve", help="Open the workbench with example cases and two logins.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="PORT",
            min=0,
            max=65535,
            help="With --serve: where to listen; 8000, or a free one.",
            show_default=False,
        ),
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home", help="With --serve: the folder of the example data; never a real home.", show_default=False
        ),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="With --serve: make the example data anew.")] = False,
) -> None:
    """Screen the example orders and partners against the bundled starter list, and exit 0. With --serve: open a
    workbench full of example cases on 127.0.0.1, in a folder of its own."""
    if serve:
        from stopship.cli.demo_serve import serve_demo

        # Only what is said here: STOPSHIP_HOME is a real home.
        raise typer.Exit(serve_demo(home or context.find_root().params.get("home"), port, fresh=fresh))
    if fresh or port is not None or home is not None:
        raise SettingsError("--port, --home and --fresh are for the workbench", hint="Add --serve")

    from stopship.app.demo import run_demo

    show(list(_lines(run_demo(today()))))


def _lines(found: Demo) -> Iterator[str]:
    from stopship.screening.reading import listed_as

    entries = sum(listed.entries for listed in found.index.lists)
    yield heading("Stopship demonstration: example orders, decided")
    yield from wrap(
        f"Against the bundled starter list: {entries} entities that the US Commerce Department listed on "
        "2019-10-09 (84 FR 54002). Invented names say so. Not for real screening."
    )
    yield ""
    for order in found.orders:
        yield from _order(order)
    hits = [p for p in found.partners if p.matches]
    yield heading(
        f"{len(found.partners)} example business partners: {len(hits)} to be judged, the rest without a hit"
    )
    yield ""
    for partner in hits:
        match = partner.matches[0]
        verdict = "confirmed" if match.confirmed else "possible"
        theirs, also = listed_as(match)
        yield f"   {partner.id}  {partner.name or partner.address}"
        if match.name is None:
            note = f"at a listed address ({match.band.value}): {theirs}{also}"
        else:
            note = f"{verdict} ({match.band.value}, {match.score:.2f}): {theirs}{also}"
        if len(partner.matches) > 1:
            note += f"; {len(partner.matches) - 1} more"
        yield from wrap(note, "         ", "         ")
    yield ""
    yield heading("What to do next")
    yield from wrap("1. Get the real lists from their publishers (or one of them: lists update us_csl):", "   ")
    yield "      stopship lists update"
    yield from wrap("2. Decide an order of your own:", "   ")
    yield '      stopship check --party "end_user=Hikvision" --item 6A993 --to CN'
    yield from wrap("3. Screen a file of names (CSV with a column name):", "   ")
    yield "      stopship screen partners.csv --out hits.jsonl"
    yield from wrap("4. Open a workbench full of example cases in a browser, on this machine alone:", "   ")
    yield "      stopship demo --serve"
    yield from wrap(f"The examples are in {found.partners_path.parent}", "   ")


def _order(order: DemoOrder) -> Iterator[str]:
    from stopship.screening.reading import OUTCOME_WORDS, by_reason, counting_findings

    decision = order.decision
    yield from wrap(f"{order.title}", "", "   ")
    yield heading(f"   → {OUTCOME_WORDS[decision.outcome]} (as of {decision.as_of})", decision.outcome.value)
    for alike in by_reason(counting_findings(decision)):
        finding = alike[0].finding
        yield from wrap(f"- {finding.text}", "     ", "       ")
        if finding.listing and finding.listing.license_policy:
            yield from wrap(f"policy as printed: “{finding.listing.license_policy}”", "       ", "       ")
        if finding.review_policy:
            yield f"       for this item: {finding.review_policy.value.replace('_', ' ')}"
        for citation in finding.citations[:MOST_CITATIONS]:
            yield f"       {citation.text}  {citation.url}".rstrip()
    yield ""
