"""`stopship items`: entries of the Commerce Control List to read for an item, and what is known of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stopship.cli.options import AsOfOption, JsonOption, read_day, today
from stopship.cli.terminal import show
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from datetime import date

    from stopship.rules import Law, Rulebook

app = typer.Typer(
    help="The Commerce Control List: find entries to read, show one.", no_args_is_help=True, rich_markup_mode=None
)

MOST_LETTERS = 2000


@app.command("find")
def find_(
    text: Annotated[str, typer.Argument(metavar="TEXT", help='What the item is, e.g. "thermal camera 640x512".')],
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many entries at most.")] = 5,
    as_of: AsOfOption = None,
    json_: JsonOption = False,
) -> None:
    """Suggest entries of the Commerce Control List to read for an item that is described in free words, with the
    words that matched. Suggestions, never a classification."""
    import orjson

    from stopship.cli.item_pages import found_page, found_plain

    where = "items find"
    if not text.strip():
        raise SettingsError(
            "there is no description", where=where, hint='Write what the item is: "thermal camera"'
        )
    if len(text) > MOST_LETTERS:
        raise SettingsError(
            f"{len(text):,} letters, more than {MOST_LETTERS:,}",
            where=where,
            hint="Describe one item in a few words",
        )
    law, day = _rulebook().law, read_day(as_of, "--as-of") or today()
    found = law.item_search(day).find(text, limit=limit)
    if json_:
        plain = found_plain(found, law.on(day), day)
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        show(list(found_page(found, law.on(day), day)))


@app.command("show")
def show_(
    eccn: Annotated[
        str, typer.Argument(metavar="ECCN", help="An entry, with or without paragraph, e.g. 5A001.f.1.")
    ],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="CC", help="Destination, ISO 3166 two letters.", show_default=False),
    ] = None,
    as_of: AsOfOption = None,
    json_: JsonOption = False,
) -> None:
    """What the tables hold of an entry: heading, reasons for control, paragraphs, license exceptions as printed;
    with --to also what the Country Chart says."""
    import orjson

    from stopship.cli.item_sheet_pages import sheet_page, sheet_plain
    from stopship.rules.item_sheet import destination_rules, item_sheet

    day = read_day(as_of, "--as-of") or today()
    asked, country = _eccn(eccn), _destination(to)
    book = _rulebook()
    sheet = item_sheet(book.law.on(day), asked, country)
    if sheet is None:
        raise _no_entry(book.law, asked, day)
    rules = destination_rules(book, asked, country, day) if country else ()
    if json_:
        typer.echo(orjson.dumps(sheet_plain(sheet, rules, day), option=orjson.OPT_INDENT_2).decode())
    else:
        show(list(sheet_page(sheet, rules, day)))


def _rulebook() -> Rulebook:
    from stopship.rules import Rulebook

    return Rulebook.load()


def _eccn(text: str) -> str:
    from stopship.model.values import parse_eccn

    try:
        asked = parse_eccn(text)
    except ValueError as error:
        hint = f'stopship items find "{text}" looks for words' if any(c.isalpha() for c in text) else None
        raise SettingsError(str(error), where="items show", hint=hint) from None
    if asked == "EAR99":
        raise SettingsError(
            "EAR99 is no entry of the Commerce Control List, but what no entry describes",
            where="items show",
            hint="A person decides that, after reading the entries that could describe the item (15 CFR 734.3(c))",
        )
    return asked


def _destination(text: str | None) -> str | None:
    from stopship.model.values import parse_country

    if text is None:
        return None
    try:
        country = parse_country(text)
    except ValueError as error:
        raise SettingsError(str(error), where="--to") from None
    if country == "US":
        raise SettingsError("the Country Chart is about destinations outside of the United States", where="--to")
    return country


def _no_entry(law: Law, eccn: str, day: date) -> SettingsError:
    import difflib

    ccl = law.ccl(day)
    head = eccn.partition(".")[0]
    near = difflib.get_close_matches(head, [entry.eccn for entry in ccl], n=3)
    hint = f"Near it: {', '.join(near)}. It may be newer, or missing in the table: read the eCFR" if near else None
    return SettingsError(
        f"the table of the Commerce Control List of {ccl.issued} has no entry {head}",
        where="items show",
        hint=hint,
    )
