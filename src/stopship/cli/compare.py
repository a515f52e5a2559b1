"""`stopship compare`: why two names do or do not match."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stopship.cli.comparison import comparison_page
from stopship.cli.options import JsonOption
from stopship.cli.terminal import progress, show
from stopship.errors import SettingsError


def compare(
    left: Annotated[str | None, typer.Argument(metavar="LEFT", show_default=False)] = None,
    right: Annotated[str | None, typer.Argument(metavar="RIGHT", show_default=False)] = None,
    schema: Annotated[
        str, typer.Option("--schema", help="What both are: Person, Company, LegalEntity …")
    ] = "LegalEntity",
    pairs: Annotated[
        Path | None, typer.Option("--pairs", metavar="IN.csv", help="Compare a file: id,left,right,schema.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.csv", help="Where to write, with --pairs.")
    ] = None,
    stats: Annotated[
        Path | None, typer.Option("--stats", metavar="FILE", help="Counts and times as JSON.")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Compare two names, or a file of pairs. Exit code 0 when the work was done, whatever it found."""
    if pairs is not None:
        if left is not None or out is None:
            raise SettingsError("--pairs needs --out and no names", where="compare")
        _compare_file(pairs, out, stats, json_)
        return
    if left is None or right is None:
        raise SettingsError("two names are needed", where="compare", hint='Write: stopship compare "LEFT" "RIGHT"')
    _compare_two(left, right, schema, json_)


def _compare_two(left: str, right: str, schema_text: str, json_: bool) -> None:
    import orjson

    from stopship.matching import DEFAULT_THRESHOLD, compare_names
    from stopship.model.order import read_schema
    from stopship.screening.screener import ENGINE

    for name in (left, right):
        if not any(character.isalnum() for character in name):
            raise SettingsError(f"{name!r} holds no letter and no digit", where="compare", hint="Give two names")
    schema, warning = read_schema(schema_text, "--schema")
    found = compare_names(left, right, schema)
    if json_:
        plain = {
            "left": left,
            "right": right,
            "schema": schema.value,
            "score": found.score,
            "band": found.band.value,
            "alert": found.alert,
            "threshold": DEFAULT_THRESHOLD,
            "evidence": [
                {
                    "kind": e.kind,
                    "relation": e.relation,
                    "left": e.ours,
                    "right": e.theirs,
                    "weight": e.weight,
                    "text": e.text,
                    "left_spans": e.ours_spans,
                    "right_spans": e.theirs_spans,
                }
                for e in found.evidence
            ],
            "engine": ENGINE,
        }
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        return
    lines = list(comparison_page(found, left, right, DEFAULT_THRESHOLD))
    show([warning, *lines] if warning else lines)


def _compare_file(pairs: Path, out: Path, stats: Path | None, json_: bool) -> None:
    import orjson

    from stopship.app.pairs import compare_file
    from stopship.app.tables import write_json

    if out.resolve() == pairs.resolve():
        raise SettingsError("the output would replace the input", where="--out", hint="Give another name")
    with progress(f"comparing {pairs.name}") as report:
        counts = compare_file(pairs, out, progress=report)
    if stats is not None:
        write_json(stats, counts)
    if json_:
        typer.echo(orjson.dumps(counts, option=orjson.OPT_INDENT_2).decode())
        return
    show(
        [
            f"{counts['rows']:,} pairs compared in {counts['seconds']:.1f} s: {counts['alerts']:,} would alert, "
            f"{counts['rejected']:,} rejected",
            f"Results: {out}",
        ]
    )
