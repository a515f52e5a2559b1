"""`stopship screen`: a file of names in, hits out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stopship.cli.options import HomeOption, JsonOption, actor, now, workspace
from stopship.cli.terminal import list_lines_refused, screening_progress, show, tell_stale, wrap
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.app.part_work import Counts
    from stopship.matching import Index

HIT, INTERRUPTED = 1, 2
STDIN = Path("-")
FORMATS = ("csv", "jsonl", "xlsx", "parquet")


def screen(
    context: typer.Context,
    given: Annotated[
        str,
        typer.Argument(
            metavar="IN",
            help="CSV, JSON lines, XLSX or Parquet with a column `name`, also .gz or .zst; others are kept. "
            "`-` is standard input. With --engine a folder, a pattern or a file of Parquet, also by URL.",
        ),
    ],
    written: Annotated[
        str,
        typer.Option(
            "--out",
            metavar="OUT",
            help="Where to write: .jsonl, .csv (also .gz), .xlsx or .parquet. With --engine a folder or a URL.",
        ),
    ],
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
    format_: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="Of IN: csv, jsonl, xlsx or parquet, if not by its name."),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", metavar="NAME", help="Of IN, e.g. cp1252; else UTF-8 or guessed, and said."),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="WHAT=HEADING",
            help="Which column is what, e.g. name=Company; then headings that aren't named are kept, not read.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Take up an interrupted run with the same arguments.")
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option("--processes", metavar="N", min=1, help="Processes that work; one a core if not given."),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine",
            metavar="ENGINE",
            help="Parquet in parts, in and out, on local, dask, ray or spark; the same command again goes on.",
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option("--address", metavar="URL", help="Of the engine's cluster; this machine if not given."),
    ] = None,
    index_at: Annotated[
        str | None,
        typer.Option(
            "--index-at",
            metavar="PLACE",
            help="Where the engine's workers find the index (path or URL); it is brought to them if not given.",
        ),
    ] = None,
    part_rows: Annotated[
        int | None,
        typer.Option(
            "--part-rows", metavar="N", min=1, help="Rows of a part of the output; 100,000 if not given."
        ),
    ] = None,
    stats: Annotated[
        Path | None, typer.Option("--stats", metavar="FILE", help="Write counts and times as JSON.")
    ] = None,
    fail_on_hit: Annotated[bool, typer.Option("--fail-on-hit", help="Exit with 1 if anything alerts.")] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Screen a file of names against the lists. Exit code 0 when the work was done, whatever it found."""
    import orjson

    from stopship.app.own_list import open_own_list
    from stopship.app.partners import Interrupted, screen_file
    from stopship.app.settings import parse_score
    from stopship.app.tables import write_json
    from stopship.app.writing import result_form
    from stopship.bulk import ScreenOptions
    from stopship.screening.freshness import list_ages

    source, out = Path(given), Path(written)
    if engine is None:
        _check_file_options(address, index_at, part_rows)
        result_form(out)
        _check(source, out, format_, resume)
    else:
        _check_engine_options(given, written, format_, encoding)
        for name, value in (("--column", column), ("--processes", processes if address else None)):
            if value:
                raise SettingsError(
                    "this is not for work on an engine" if name == "--column" else "the cluster has its own",
                    where=name,
                    hint="Name the column 'name' in the Parquet" if name == "--column" else "Leave it out",
                )
    floor = parse_score(min_score, "--min-score") if min_score is not None else None
    space = workspace(context, home)
    refused: list[str] = []
    threshold = None
    if list_ is not None:
        place, refused = open_own_list(list_, space.home)
    else:
        threshold = space.settings.threshold
        place = space.index_place(space.today)
    options = ScreenOptions(floor, limit, threshold)
    if engine is not None:
        from stopship.cli.screen_partitions import screen_on_engine

        hits = screen_on_engine(
            given,
            written,
            place,
            options,
            space,
            refused=refused,
            stats=stats,
            json=json_,
            engine=engine,
            address=address,
            processes=processes,
            index_at=index_at,
            part_rows=part_rows,
        )
        raise typer.Exit(HIT if fail_on_hit and hits else 0)
    try:
        with screening_progress("screening" if source == STDIN else f"screening {source.name}") as report:
            counts = screen_file(
                source,
                out,
                place,
                options,
                form=format_,
                encoding=encoding,
                columns=_columns(column),
                processes=processes,
                resume=resume,
                progress=report,
            )
    except Interrupted as stopped:
        typer.echo(
            f"stopship: interrupted; {stopped.rows:,} rows are kept in {stopped.directory}. Go on with --resume",
            err=True,
        )
        raise typer.Exit(INTERRUPTED) from None
    lists = place.index.lists
    plain = counts.to_plain() | {
        "list_lines_rejected": len(refused),
        "lists": list_ages(lists, space.today),
    }
    tell_stale(lists, space.today)
    space.note(
        actor=actor(None, space).id,
        action="file.screened",
        subject="screen",
        content={"index": place.index.content_hash, **plain},
        now=now(),
    )
    if stats is not None:
        write_json(stats, plain)
    if json_:
        for note in counts.notes:
            typer.echo(f"stopship: {note}", err=True)
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        show(_lines(counts, refused, place.index, out))
    raise typer.Exit(HIT if fail_on_hit and counts.hit else 0)


def _check_file_options(address: str | None, index_at: str | None, part_rows: int | None) -> None:
    for name, value in (("--address", address), ("--index-at", index_at), ("--part-rows", part_rows)):
        if value is not None:
            raise SettingsError("this is for work on an engine", where=name, hint="Give --engine, too")


def _check_engine_options(given: str, written: str, format_: str | None, encoding: str | None) -> None:
    if format_ not in (None, "parquet"):
        raise SettingsError("an engine reads Parquet", where="--format", hint="Write it as Parquet first")
    if encoding is not None:
        raise SettingsError("PARQUET has no encoding to choose", where="--encoding")
    for name, value in (("IN", given), ("--out", written)):
        if not value.strip():
            raise SettingsError("this is empty", where=name, hint="Give a folder; is a variable not set?")
    if given == str(STDIN):
        raise SettingsError(
            "standard input can't be cut into parts", where="--engine", hint="Give a folder or a file"
        )


def _check(source: Path, out: Path, format_: str | None, resume: bool) -> None:
    if format_ is not None and format_ not in FORMATS:
        raise SettingsError(
            f"{format_!r} is not a format", where="--format", hint=f"Known formats: {', '.join(FORMATS)}"
        )
    if source == STDIN:
        if resume:
            raise SettingsError("standard input can't be read again", where="--resume", hint="Give a file")
    elif out.resolve() == source.resolve():
        raise SettingsError("the output would replace the input", where="--out", hint="Give another name")


def _columns(given: list[str] | None) -> dict[str, str] | None:
    """What is read -> the heading of its column."""
    if not given:
        return None
    found: dict[str, str] = {}
    for one in given:
        what, equals, heading = one.partition("=")
        if not equals or not heading.strip() or what.strip() in found:
            raise SettingsError(
                f"{one!r} is not WHAT=HEADING, each once", where="--column", hint="Write name=Company"
            )
        found[what.strip()] = heading.strip()
    return found


def _lines(counts: Counts, refused: list[str], index: Index, out: Path) -> list[str]:
    before = f", {counts.resumed_rows:,} of them before" if counts.resumed_rows else ""
    lines = [
        f"{counts.rows:,} rows screened in {counts.seconds:.1f} s{before}: {counts.hit:,} with hits, "
        f"{counts.no_hit:,} without, {counts.rejected:,} rejected"
    ]
    lines += [f"   rejected: {reason} ({n:,} rows)" for reason, n in sorted(counts.reasons.items())]
    for note in counts.notes:
        lines += wrap(note)
    if counts.dropped:
        lines += wrap(f"Columns never read, because they hold special-category data: {', '.join(counts.dropped)}")
    lines += list_lines_refused(refused)
    if any(listed.kind == "starter" for listed in index.lists):
        lines.append("Starter list only (28 entities): not for real screening. Import a list first.")
    lines.append(f"Results: {out}")
    return lines
