"""`stopship check`: one order in, one decision out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stopship.cli.options import AsOfOption, HomeOption, JsonOption, read_day, today, workspace
from stopship.errors import OrderError

NOT_CLEAR = 1


def check(
    context: typer.Context,
    order: Annotated[
        Path | None, typer.Argument(metavar="ORDER.yaml", help="The order, YAML or JSON.", show_default=False)
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
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Decide one order: may it go, and why. Exit code 0 only for `clear`, 1 for every other outcome."""
    from stopship.app.order_file import order_from_flags, read_order_file
    from stopship.app.workspace import allow_stale as with_reason
    from stopship.rules.outcome import Outcome

    flags = party or item or to or country or end_use
    if order is None and not party:
        raise OrderError("no order given", hint="Give a file, or --party ROLE=NAME with --item and --to")
    if order is not None and flags:
        raise OrderError("an order file and --party, --item, --to, --country or --end-use exclude each other")
    transaction = (
        read_order_file(order)
        if order is not None
        else order_from_flags(party or [], item or [], to=to, end_use=end_use, country=country)
    )
    day = read_day(as_of, "--as-of") or transaction.date or today()
    if allow_stale is not None and not allow_stale.strip():
        raise OrderError("--allow-stale needs a reason, which is recorded")
    space = workspace(context, home)
    decision = space.screener(day).screen(
        transaction, as_of=day, settings=with_reason(space.settings, allow_stale)
    )
    if json_:
        typer.echo(decision.to_json(indent=True).decode())
    else:
        from stopship.cli.pages import decision_page
        from stopship.cli.terminal import show

        show(decision_page(decision))
    raise typer.Exit(0 if decision.outcome is Outcome.CLEAR else NOT_CLEAR)
