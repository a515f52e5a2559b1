"""`stopship lists diff`, `pin`, `bundle` and `import-bundle`: what is done with snapshots that are here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stopship.cli.options import AsOption, HomeOption, JsonOption, actor, now, workspace
from stopship.cli.terminal import show, steps, wrap
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.app.lists.changes import ListDifference
    from stopship.snapshots import FieldChange

SOME_REFUSED = 1

SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="Which list, e.g. us_csl.")]


def diff(
    context: typer.Context,
    source: SourceArgument,
    earlier: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DATE|HASH", help="The earlier one; else the one before.", show_default=False
        ),
    ] = None,
    later: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE|HASH", help="The later one; else the newest.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="Entities printed of each kind.")] = 50,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """What changed between two snapshots of a list: entities added, removed and changed, field by field."""
    import orjson

    from stopship.app.lists.changes import list_difference

    found = list_difference(workspace(context, home), source, earlier=earlier, later=later)
    if json_:
        typer.echo(orjson.dumps(found.to_plain(), option=orjson.OPT_INDENT_2).decode())
        return
    show(list(_difference(found, limit)))


def _difference(found: ListDifference, limit: int) -> Iterator[str]:
    delta, counts = found.delta, found.delta.counts()
    yield from wrap(
        f"{found.after.source}: from {found.before.dated} ({found.before.sha256[:12]}) to {found.after.dated} "
        f"({found.after.sha256[:12]}): {counts['added']:,} added, {counts['removed']:,} removed, "
        f"{counts['changed']:,} changed, {counts['unchanged']:,} unchanged",
        "",
        "   ",
    )
    for sign, word, entities in (("+", "added", delta.added), ("-", "removed", delta.removed)):
        for entity in entities[:limit]:
            programs = ", ".join(dict.fromkeys(listing.program for listing in entity.listings))
            yield from wrap(f"{sign} {entity.id}  {entity.caption} [{programs}]", "", "     ")
        yield from _more(len(entities), limit, word)
    for change in delta.changed[:limit]:
        yield from wrap(f"~ {change.id}  {change.after.caption}", "", "     ")
        for field in change.fields:
            for sign, label, value in _lines_of(field):
                yield from wrap(f"{sign} {label}: {_told(value)}", "     ", "          ")
    yield from _more(len(delta.changed), limit, "changed")


def _lines_of(field: FieldChange) -> Iterator[tuple[str, str, Any]]:
    """What is gone and what is new of a field; of one listing that took the place of another, only the parts that
    differ."""
    if (
        len(field.gone) == len(field.new) == 1
        and isinstance(field.gone[0], dict)
        and isinstance(field.new[0], dict)
    ):
        gone, new = field.gone[0], field.new[0]
        for part in dict.fromkeys((*gone, *new)):
            for sign, value in (("-", gone), ("+", new)):
                if gone.get(part) != new.get(part) and part in value:
                    yield sign, f"{field.field}, {part}", value[part]
        return
    for sign, values in (("-", field.gone), ("+", field.new)):
        for value in values:
            yield sign, field.field, value


def _more(count: int, limit: int, word: str) -> Iterator[str]:
    if count > limit:
        yield f"  and {count - limit:,} more {word} (--limit {count}, or --json)"


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_told(one)}" for key, one in value.items())
    return ", ".join(map(_told, value)) if isinstance(value, list) else str(value)


def pin(
    context: typer.Context,
    source: SourceArgument,
    snapshot: Annotated[
        str | None,
        typer.Argument(metavar="[SNAPSHOT]", help="Its day, or the beginning of its hash.", show_default=False),
    ] = None,
    unpin: Annotated[
        bool, typer.Option("--unpin", help="Let decisions use the snapshot of their date again.")
    ] = False,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Let every decision use one snapshot of a list, whatever comes in later. Decisions, status and doctor say
    so."""
    import orjson

    from stopship.app.lists.changes import find_snapshot, known_source

    if (snapshot is None) == (not unpin):
        raise SettingsError("which snapshot?", where="lists pin", hint="Give a snapshot or --unpin, and not both")
    space = workspace(context, home)
    known_source(source)
    if snapshot is None:
        space.note(
            actor=actor(as_, space).id, action="list.unpinned", subject=f"list:{source}", content={}, now=now()
        )
        space.archive.unpin(source)
        plain: dict[str, Any] = {"source": source, "pinned": None}
        line = f"{source}: decisions use the snapshot of their date"
    else:
        chosen = find_snapshot(space, source, snapshot, "lists pin")
        told = {"snapshot": chosen.id, "dated": chosen.dated.isoformat()}
        space.note(
            actor=actor(as_, space).id, action="list.pinned", subject=f"list:{source}", content=told, now=now()
        )
        space.archive.pin(chosen)
        plain = {"source": source, "pinned": chosen.id, "dated": chosen.dated.isoformat()}
        line = f"{source}: pinned to the snapshot of {chosen.dated}, {chosen.id}"
    with steps() as step:
        if step is not None:
            step("preparing names for the search")
        space.index(space.today)  # the next order then waits for nothing
    if json_:
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        return
    show([line])


def bundle(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT.zip", help="Where to write it; a new file.")],
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE...]", help="Which lists; else all.", show_default=False)
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write the lists in use to one file, for a machine without network."""
    import hashlib

    import orjson

    from stopship.app.lists.bundle import write_bundle

    held = write_bundle(workspace(context, home), out, sources or (), now=now())
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    if json_:
        lists = [{"source": s.source, "snapshot": s.id, "dated": s.dated.isoformat()} for s in held]
        typer.echo(orjson.dumps({"sha256": digest, "lists": lists}, option=orjson.OPT_INDENT_2).decode())
        return
    lines = [f"{s.source}: {s.entries:,} entries, dated {s.dated}" for s in held]
    show([*lines, f"{len(held)} lists in {out}, sha256 {digest}"])


def import_bundle(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `lists bundle` wrote on another machine.")],
    accept: Annotated[
        bool, typer.Option("--accept", help="Take lists that are not as expected: out of bounds, shrunken …")
    ] = False,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Take in the lists of a bundle, each read and checked anew. Exit code 1 if one was refused."""
    import orjson

    from stopship.app.lists.bundle import import_bundle as take

    results = take(workspace(context, home), file, now=now(), accept=accept)
    refused = [one for one in results if one.problem]
    for one in refused:
        typer.echo(f"stopship: {one.problem}. What was in use of {one.source} stays in use", err=True)
    if json_:
        plain = {"lists": [one.to_plain() for one in results]}
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        lines = [
            f"{one.source}: " + ("REFUSED" if one.problem else f"{one.entries:,} entries, dated {one.dated}")
            for one in results
        ]
        show([*lines, f"{len(results) - len(refused)} of {len(results)} lists taken in"])
    raise typer.Exit(SOME_REFUSED if refused else 0)
