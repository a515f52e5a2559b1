"""`stopship check`: one order in, one decision out; or a file of many in, a file of decisions out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stopship.cli.options import AsOfOption, AsOption, HomeOption, JsonOption, actor, now, read_day, workspace
from stopship.cli.terminal import progress, show, wrap
from stopship.errors import OrderError

if TYPE_CHECKING:
    from stopship.app.orders.batch import OrderCounts
    from stopship.app.workspace import Workspace
    from stopship.screening import Settings

NOT_CLEAR = 1
MOST_REASONS = 8


def check(
    context: typer.Context,
    order: Annotated[
        Path | None,
        typer.Argument(
            metavar="ORDER.yaml",
            help="The order, YAML or JSON. With --out many: JSON, one a line, also as .gz or .zst; - for stdin.",
            show_default=False,
        ),
    ] = None,
    party: Annotated[
        list[str] | None,
        typer.Option("--party", metavar="ROLE=NAME", help='A party, e.g. "end_user=Hikvision"; repeatable.'),
    ] = None,
    item: Annotated[
        list[str] | None, typer.Option("--item", metavar="ECCN", help="An item, e.g. 6A993 or EAR99; repeatable.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="CC", help="Destination, ISO 3166 two letters.")
    ] = None,
    country: Annotated[str | None, typer.Option("--country", metavar="CC", help="Country of the parties.")] = None,
    end_use: Annotated[str | None, typer.Option("--end-use", help="What the items are for.")] = None,
    as_of: AsOfOption = None,
    allow_stale: Annotated[
        str | None,
        typer.Option("--allow-stale", metavar="REASON", help="Accept lists beyond their age limit; recorded."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="OUT",
            help="Where the decisions on many orders go, one a line (.jsonl), or the one on one order (.json).",
        ),
    ] = None,
    save: Annotated[
        bool,
        typer.Option("--save", help="Keep the decision on one order, and what replaying it takes, in the home."),
    ] = False,
    stats: Annotated[
        Path | None, typer.Option("--stats", metavar="FILE", help="With --out: write counts and times as JSON.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="With --out: go on where an earlier run was interrupted.")
    ] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes", metavar="N", min=1, help="With --out: how many; one a core, fewer for few orders."
        ),
    ] = None,
    as_: AsOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Decide one order, or with --out a file of many: may it go, and why. Exit code 0 only for `clear` (of every
    order), 1 for every other outcome."""
    from stopship.app.decider import Decider
    from stopship.app.orders.file import is_many_orders, order_from_flags, read_order_file
    from stopship.app.records import write_decision
    from stopship.app.workspace import allow_stale as with_reason
    from stopship.rules.outcome import Outcome

    if allow_stale is not None and not allow_stale.strip():
        raise OrderError("--allow-stale needs a reason, which is recorded")
    flags = party or item or to or country or end_use
    if order is None and not party:
        raise OrderError("no order given", hint="Give a file, or --party ROLE=NAME with --item and --to")
    if order is not None and flags:
        raise OrderError("an order file and --party, --item, --to, --country or --end-use exclude each other")
    if out is not None and not _is_one(out):
        if order is None:
            raise OrderError("--out is for files of many orders", hint="For one decision end the name in .json")
        if save:
            raise OrderError("--save is for one order", hint="--out keeps what replaying many orders takes")
        space = workspace(context, home)
        settings = with_reason(space.settings, allow_stale)
        day = read_day(as_of, "--as-of")
        _check_file(order, out, space, day, settings, stats, resume, processes, as_, json_)
        return
    if out is not None and order is not None and order.exists() and out.exists() and out.samefile(order):
        raise OrderError("the decision would replace the order", where=str(out), hint="Give another name")
    if out is not None and order is not None and is_many_orders(order):
        raise OrderError("many orders have many decisions", where=str(out), hint="End the name in .jsonl")
    if stats is not None or resume or processes is not None:
        raise OrderError("--stats, --resume and --processes are for files of many orders", hint="Give --out too")
    transaction = (
        read_order_file(order)
        if order is not None
        else order_from_flags(party or [], item or [], to=to, end_use=end_use, country=country)
    )
    day = read_day(as_of, "--as-of")
    space = workspace(context, home)
    settings = with_reason(space.settings, allow_stale)
    who = actor(as_, space)
    decider = Decider(space, as_of=day, settings=settings)
    decision = decider.decide(transaction)
    if save or out is not None:
        from stopship.app.casework.keeping import keep_decision

        index = decider.place(decision.as_of).index
        kept = keep_decision(space, decision, index, decider.stakes(), settings=settings, actor=who, now=now())
        if out is not None:
            write_decision(out, decision)
        typer.echo(f"stopship: kept: {kept.path}{kept.told()}", err=True)
    if json_:
        typer.echo(decision.to_json(indent=True).decode())
    else:
        from stopship.cli.pages import decision_page

        show(decision_page(decision))
    raise typer.Exit(0 if decision.outcome is Outcome.CLEAR else NOT_CLEAR)


def _is_one(out: Path) -> bool:
    """Whether an output is for the decision on one order, by its name."""
    return out.suffix.lower() == ".json"


def _check_file(
    orders: Path,
    out: Path,
    space: Workspace,
    as_of: date | None,
    settings: Settings,
    stats: Path | None,
    resume: bool,
    processes: int | None,
    as_: str | None,
    json_: bool,
) -> None:
    import orjson

    from stopship.app.orders.batch import OrderBatch
    from stopship.app.orders.file import is_many_orders, is_pipe
    from stopship.app.tables import write_json

    who = actor(as_, space)
    if not (is_many_orders(orders) or is_pipe(orders)):
        raise OrderError(
            "--out is for files of many orders",
            where=str(orders),
            hint="End its name in .jsonl, with one order a line; for one decision end the output's name in .json",
        )
    with OrderBatch(
        orders, out, space, as_of=as_of, settings=settings, resume=resume, processes=processes
    ) as batch:
        label = "deciding orders" if str(orders) == "-" else f"deciding {orders.name}"
        with progress(label, batch.total, done=batch.done, unit="orders") as report:
            counts = batch.run(report)
    space.note(
        actor=who.id,
        action="orders.decided",
        subject="check",
        content={"begun_with": counts.begun_with, **counts.tally.to_plain()},
        now=now(),
    )
    if counts.anew:
        typer.echo("stopship: there was nothing to resume: began anew", err=True)
    if stats is not None:
        write_json(stats, counts.to_plain())
    if json_:
        typer.echo(orjson.dumps(counts.to_plain(), option=orjson.OPT_INDENT_2).decode())
    else:
        show(_counted(counts, out))
    raise typer.Exit(0 if counts.tally.all_clear else NOT_CLEAR)


def _counted(counts: OrderCounts, out: Path) -> Iterator[str]:
    """What became of the orders, as lines of text."""
    tally = counts.tally
    yield f"{counts.orders:,} orders: {out}"
    for outcome, number in tally.to_plain()["outcomes"].items():
        if number:
            yield f"   {number:>9,}  {outcome.replace('_', ' ')}"
    if tally.rejected:
        yield f"   {tally.rejected:>9,}  rejected, not decided:"
        for reason, number in tally.reasons.most_common(MOST_REASONS):
            yield from wrap(f"{reason} ({number:,})", " " * 14, " " * 16)
        if len(tally.reasons) > MOST_REASONS:
            yield f"{' ' * 14}and {len(tally.reasons) - MOST_REASONS:,} more kinds of reasons (--stats lists all)"
    before = f", {counts.resumed:,} orders by the run before" if counts.resumed else ""
    yield f"{counts.seconds:.1f} s, {counts.per_second or 0:,.0f} orders a second{before}"
