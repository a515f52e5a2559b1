"""`stopship replay`: a decision, made again from what it recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from stopship.cli.options import HomeOption, JsonOption, workspace
from stopship.cli.terminal import show, wrap

if TYPE_CHECKING:
    from stopship.app.differences import Difference
    from stopship.app.replay import Replayer

DIFFERENT = 1
MOST_SHOWN = 40


def replay(
    context: typer.Context,
    decision: Annotated[
        Path,
        typer.Argument(
            metavar="DECISION.json",
            help="What check --json printed or --out wrote; a .jsonl of many, or a .zip of `cases export`.",
        ),
    ],
    rulebook: Annotated[
        Path | None,
        typer.Option("--rulebook", metavar="FOLDER", help="Decide by this rulebook instead of the recorded one."),
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Decide again from the recorded inputs and compare byte for byte. Exit code 1 if anything differs."""
    from stopship.app.replay import Replayer, load_rulebook, read_decisions

    space = workspace(context, home)
    law = load_rulebook(rulebook) if rulebook else None
    if decision.suffix.lower() == ".zip":
        from stopship.app.casework.replaying import opened_evidence

        with opened_evidence(decision, space) as (inside, recorded_there):
            _replay(Replayer(inside, law), recorded_there, one=False, json_=json_)
    one = decision.suffix.lower() == ".json"
    _replay(Replayer(space, law), read_decisions(decision), one=one, json_=json_)


def _replay(
    replayer: Replayer,
    decisions: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
    *,
    one: bool,
    json_: bool,
) -> NoReturn:
    """Decide again, print what differs and exit."""
    import orjson

    many: list[dict[str, Any]] = []
    lines: list[str] = []
    count = different = 0
    for head, recorded in decisions:
        again = replayer.replay(recorded)
        count += 1
        different += not again.same
        many.append({**head, **again.to_plain()})
        if not again.same or again.notes:
            lines += _lines(head, again.notes, again.differences)
    if json_:
        plain = many[0] if one else {"decisions": count, "different": different, "replays": many}
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        same = count - different
        words = "byte for byte the same" if one and same else f"{same:,} of {count:,} byte for byte the same"
        show([*lines, words if not (one and different) else "not the same"])
    raise typer.Exit(DIFFERENT if different else 0)


def _lines(head: Any, notes: tuple[str, ...], differences: tuple[Difference, ...]) -> Iterator[str]:
    if head:
        yield " ".join(f"{key} {value}" for key, value in head.items())
    for note in notes:
        yield from wrap(f"note: {note}", "", "   ")
    for difference in differences[:MOST_SHOWN]:
        yield from wrap(_told(difference), "   ", "      ")
    if len(differences) > MOST_SHOWN:
        yield f"   and {len(differences) - MOST_SHOWN:,} more (--json shows all)"


def _told(difference: Difference) -> str:
    if difference.kind == "changed":
        return f"{difference.where}: {_short(difference.before)} -> {_short(difference.after)}"
    value = difference.before if difference.kind == "gone" else difference.after
    shown = value.get("text") or value.get("snapshot") or "" if isinstance(value, dict) else value
    outcome = f"{value['outcome']}: " if isinstance(value, dict) and "outcome" in value else ""
    return f"{difference.kind}: {difference.where}: {outcome}{_short(shown)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 300 else f"{text[:297]}..."
