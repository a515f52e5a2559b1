"""`stopship screen`: a file of names in, hits out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stopship.cli.options import HomeOption, JsonOption, workspace
from stopship.cli.terminal import progress, show, wrap
from stopship.errors import SettingsError

HIT = 1


def screen(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="IN", help="CSV with a column `name`; others are kept.")],
    out: Annotated[Path, typer.Option("--out", metavar="OUT", help="Where to write: .jsonl or .csv.")],
    list_: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="Screen against this list (JSON lines) without importing it."),
    ] = None,
    min_score: Annotated[
        str | None, typer.Option("--min-score", metavar="S", help="Also return hits down to this score, 0 to 1.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="Hits returned a row, best first.")
    ] = 10,
    stats: Annotated[
        Path | None, typer.Option("--stats", metavar="FILE", help="Write counts and times as JSON.")
    ] = None,
    fail_on_hit: Annotated[bool, typer.Option("--fail-on-hit", help="Exit with 1 if anything alerts.")] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Screen a file of names against the lists. Exit code 0 when the work was done, whatever it found."""
    import orjson

    from stopship.app.own_list import read_own_list
    from stopship.app.partners import screen_file
    from stopship.app.settings import parse_score
    from stopship.app.tables import result_format, write_json

    result_format(out)
    if out.resolve() == source.resolve():
        raise SettingsError("the output would replace the input", where="--out", hint="Give another name")
    floor = parse_score(min_score, "--min-score") if min_score is not None else None
    threshold = None
    refused: list[str] = []
    if list_ is not None:
        index, refused = read_own_list(list_)
    else:
        space = workspace(context, home)
        threshold = space.settings.threshold
        index = space.index(space.today)
    with progress(f"screening {source.name}") as report:
        counts = screen_file(
            source, out, index, min_score=floor, limit=limit, threshold=threshold, progress=report
        )
    plain = counts.to_plain() | {"list_lines_rejected": len(refused)}
    if stats is not None:
        write_json(stats, plain)
    if json_:
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        lines = [
            f"{counts.rows:,} rows screened in {counts.seconds:.1f} s: {counts.hit:,} with hits, "
            f"{counts.no_hit:,} without, {counts.rejected:,} rejected"
        ]
        lines += [f"   rejected: {reason} ({n:,} rows)" for reason, n in sorted(counts.reasons.items())]
        if counts.dropped:
            lines += wrap(
                f"Columns never read, because they hold special-category data: {', '.join(counts.dropped)}"
            )
        lines += [f"List line not used: {reason}" for reason in refused[:5]]
        if len(refused) > 5:
            lines.append(f"   and {len(refused) - 5:,} more lines of the list not used")
        if any(listed.kind == "starter" for listed in index.lists):
            lines.append("Starter list only (28 entities): not for real screening. Import a list first.")
        lines.append(f"Results: {out}")
        show(lines)
    raise typer.Exit(HIT if fail_on_hit and counts.hit else 0)
