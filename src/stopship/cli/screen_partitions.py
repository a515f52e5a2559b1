"""`stopship screen --engine`: partitions of Parquet in and out, on this machine or a cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from stopship.cli.options import actor, now
from stopship.cli.terminal import counted, list_lines_refused, screening_progress, show, tell_stale, wrap

if TYPE_CHECKING:
    from stopship.app.indexes import IndexPlace
    from stopship.app.workspace import Workspace
    from stopship.bulk import ScreenOptions


def screen_on_engine(
    source: str,
    out: str,
    place: IndexPlace,
    options: ScreenOptions,
    space: Workspace,
    *,
    refused: Sequence[str],
    stats: Path | None,
    json: bool,
    **how: Any,
) -> int:
    """Do it and print what became of the rows: how many have a hit. `refused` are
    lines of the list that can't be used; `how` goes to `screen_partitions`."""
    import orjson

    from stopship.app.cluster import screen_partitions
    from stopship.app.tables import write_json
    from stopship.screening.freshness import list_ages

    def say(text: str) -> None:
        typer.echo(f"stopship: {text}", err=True)

    # Engines tell the deaths of their workers on stdout, where only the result may stand.
    with redirect_stdout(sys.stderr), screening_progress(f"screening on {how['engine']}") as told:
        done = screen_partitions(source, out, place, options, say=_above(told, say), told=told, **how)
    lists = place.index.lists
    names = (
        "rows",
        "hit",
        "no_hit",
        "rejected",
        "alerts",
        "reject_reasons",
        "dropped_columns",
        "seconds",
        "ran_on",
    )
    plain = {name: done[name] for name in (*names, "parts_kept", "rows_kept")}
    plain |= {"list_lines_rejected": len(refused), "files_passed_over": done["input"]["passed_over"]}
    plain |= {"parts": len(done["parts"]), "index": done["terms"]["index"], "engine": done["terms"]["engine"]}
    tell_stale(lists, space.today)
    space.note(actor=actor(None, space).id, action="file.screened", subject="screen", content=plain, now=now())
    plain |= {"lists": list_ages(lists, space.today)}
    if stats is not None:
        write_json(stats, plain)
    if json:
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        show(_lines(plain, refused, out, starter=any(listed.kind == "starter" for listed in lists)))
    return int(done["hit"])


def _above(told: Any, say: Callable[[str], None]) -> Callable[[str], None]:
    """On a terminal the bar says it all."""
    return (lambda _text: None) if told else say


def _lines(plain: dict[str, Any], refused: Sequence[str], out: str, *, starter: bool) -> list[str]:
    before = f", {plain['rows_kept']:,} of them before" if plain["rows_kept"] else ""
    lines = [
        f"{plain['rows']:,} rows screened in {plain['seconds']:.1f} s{before}: {plain['hit']:,} with hits, "
        f"{plain['no_hit']:,} without, {plain['rejected']:,} rejected"
    ]
    lines += [f"   rejected: {reason} ({n:,} rows)" for reason, n in plain["reject_reasons"].items()]
    if plain["dropped_columns"]:
        dropped = ", ".join(plain["dropped_columns"])
        lines += wrap(f"Columns never read, because they hold special-category data: {dropped}")
    lines += list_lines_refused(refused)
    if plain["files_passed_over"]:
        lines.append(f"Not read, because of their names: {counted(plain['files_passed_over'], 'other file')}")
    if starter:
        lines.append("Starter list only (28 entities): not for real screening. Import a list first.")
    lines.append(f"Results: {counted(plain['parts'], 'part')} in {out}, counts and hashes in _manifest.json")
    return lines
