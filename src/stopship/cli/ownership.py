"""`stopship ownership`: who owns whom, from registers and files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import AsOfOption, HomeOption, JsonOption, now, read_day, workspace
from stopship.cli.terminal import show, steps, wrap
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.ownership import OwnershipGraph

app = typer.Typer(
    help="Who owns whom, from registers and files: import, status, show, forget.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

MOST_REASONS = 8
MOST_FOUND = 20
MOST_ABOVE = 2_000


@app.command("import")
def import_(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Files that belong together, e.g. GLEIF's RR and LEI2 files; also .gz, .zst, .zip.",
        ),
    ],
    format_: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="bods, gleif or ftm, where the content doesn't tell."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="What to call these data; else as their format. Replaces it."),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take them although they have over a fifth fewer stakes than before.")
    ] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Read ownership data and use them in every decision from now on."""
    import orjson

    from stopship.app.ownership.store import file_plain

    space = workspace(context, home)
    with steps() as step:
        done = space.ownership.import_files(files, name=name, format_=format_, now=now(), accept=accept, step=step)
    graph, found = done.graph, done.data_set
    plain = [file_plain(read) for read in done.files]
    if json_:
        shown = {
            "name": found.name,
            "snapshot": found.id,
            "holders": graph.holders,
            "stakes": graph.stakes,
            "without_name": graph.nameless,
            "files": plain,
            "replaced": done.replaced.id if done.replaced else None,
        }
        typer.echo(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())
        return
    lines = [f"{found.name}: {graph.holders:,} holders, {graph.stakes:,} stakes"]
    for read in plain:
        lines += _about_file(read)
    if graph.nameless:
        lines += wrap(
            f"note: {graph.nameless:,} holders have no name and can't be screened by it", "   ", "      "
        )
        if any(read["format"] == "gleif" for read in plain):
            lines += wrap(
                "GLEIF's LEI2 file has the names: import it in one call with the RR file", "   ", "      "
            )
    before = done.replaced
    if before is not None:
        same = before.sha256 == found.sha256
        lines.append("   the same as what was in use" if same else f"   replaces {before.id}, which is kept")
    lines.append(f"   snapshot {found.id}")
    show(lines)


def _about_file(read: dict[str, Any]) -> Iterator[str]:
    passed = sum(read["passed_over"].values())
    yield from wrap(
        f"{read['file']} ({read['format']}): {read['rows']:,} rows = {read['loaded']:,} loaded + "
        f"{read['rejected']:,} rejected + {passed:,} passed over",
        "   ",
        "      ",
    )
    for reason, count in list(read["reject_reasons"].items())[:MOST_REASONS]:
        first = next((r["row"] for r in read["rejects"] if r["reason"] == reason), None)
        at = f", first at row {first}" if first is not None else ""
        yield from wrap(f"rejected: {reason} ({count:,} rows{at})", "      ", "         ")
    if len(read["reject_reasons"]) > MOST_REASONS:
        yield f"      and {len(read['reject_reasons']) - MOST_REASONS:,} more kinds of reasons (--json lists all)"
    for what, count in read["passed_over"].items():
        yield from wrap(f"passed over: {what} ({count:,})", "      ", "         ")
    for note, count in read["notes"].items():
        yield from wrap(f"note: {note} ({count:,})", "      ", "         ")


@app.command("status")
def status(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """Which ownership data are in use, from which files, and the hash that decisions name."""
    import orjson

    store = workspace(context, home).ownership
    graph = store.graph()
    used = store.all()
    if json_:
        plain = {
            "graph": graph.content_hash if graph else None,
            "holders": graph.holders if graph else 0,
            "stakes": graph.stakes if graph else 0,
            "data": [{"snapshot": found.id, **found.meta} for found in used],
        }
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        return
    if graph is None:
        show(wrap("no ownership data: decisions know the owners that an order names, and no others"))
        return
    lines = []
    for found in used:
        meta = found.meta
        lines.append(f"{found.name}: {meta['holders']:,} holders, {meta['stakes']:,} stakes")
        lines.append(f"   imported {meta['imported']}, from {', '.join(f['file'] for f in meta['files'])}")
        rejected = sum(f["rejected"] for f in meta["files"])
        lines.append(f"   {rejected:,} rows rejected, snapshot {found.id}")
    lines.append(f"in use: {graph.holders:,} holders, {graph.stakes:,} stakes, graph {graph.content_hash}")
    show(lines)


@app.command("show")
def show_(
    context: typer.Context,
    who: Annotated[
        str, typer.Argument(metavar="NAME-OR-ID", help="A name, an LEI, or an id as decisions print it.")
    ],
    as_of: AsOfOption = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CC", help="Only holders of that country, for a name.")
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Who stands above a company, with stakes, dates and sources."""
    import orjson

    from stopship.ownership.above import above, tree_lines

    space = workspace(context, home)
    graph = space.ownership.graph()
    if graph is None:
        raise SettingsError("there are no ownership data", hint="Import some: stopship ownership import FILE")
    day = read_day(as_of, "--as-of") or space.today
    numbers = _find(graph, who, country)
    if not numbers:
        raise SettingsError(
            f"{who!r} is in no ownership data", where="ownership show", hint="Names must be the same word for word"
        )
    found = [above(graph, number, as_of=day, most=MOST_ABOVE) for number in numbers[:MOST_FOUND]]
    if json_:
        plain = {
            "as_of": day.isoformat(),
            "graph": graph.content_hash,
            "found": [one.to_plain() for one in found],
            "more": max(0, len(numbers) - MOST_FOUND),
        }
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        return
    lines: list[str] = []
    for one in found:
        lines += [line for depth, text in tree_lines(one) for line in _indented(depth, text)]
        if len(one.holders) == 1:
            lines.append(f"   no owner is stated for {day.isoformat()}")
        if not one.complete:
            lines.append(f"   more than {MOST_ABOVE:,} holders stand above it: not all are shown")
        lines.append("")
    if len(numbers) > MOST_FOUND:
        lines.append(f"and {len(numbers) - MOST_FOUND:,} more of that name: give --country or an id")
    lines.append(f"as of {day.isoformat()}, graph {graph.content_hash}")
    show(lines)


def _indented(depth: int, text: str) -> list[str]:
    return wrap(text, "   " * depth, "   " * depth + "      ")


def _find(graph: OwnershipGraph, who: str, country: str | None) -> list[int]:
    from stopship.ownership.contract import lei_of

    by_id = graph.number_of(who)
    if by_id is None and (lei := lei_of(who)):
        by_id = graph.number_of(f"lei:{lei}")
    if by_id is not None:
        return [by_id]
    found = graph.by_name(who)
    return [n for n in found if country is None or country.upper() in graph.holder(n).countries]


@app.command("forget")
def forget(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which data, as `ownership status` names them.")],
    home: HomeOption = None,
) -> None:
    """Take ownership data out of use. Snapshots are kept, for decisions that name their hash."""
    found = workspace(context, home).ownership.forget(name)
    show([f"{found.name}: no longer in use (snapshot {found.id} is kept)"])
