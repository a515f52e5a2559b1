"""`stopship rules`: the rulebook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stopship.cli.options import JsonOption, read_day
from stopship.cli.terminal import field, heading, show, wrap
from stopship.errors import SettingsError

if TYPE_CHECKING:
    from stopship.app.law_tables import Refreshed
    from stopship.rules import Rulebook
    from stopship.rules.coverage import Coverage, Share
    from stopship.rules.rule import Rule, Version

app = typer.Typer(
    help="The rulebook: show, lint, coverage, test, refresh its tables.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FAILED = 1
BookOption = Annotated[
    Path | None,
    typer.Option("--rulebook", metavar="FOLDER", help="A rulebook folder instead of the packaged one."),
]


def _load(folder: Path | None) -> Rulebook:
    from stopship.rules import Rulebook

    if folder is not None and not folder.is_dir():
        raise SettingsError("there is no such folder", where=str(folder))
    return Rulebook.load(folder)


@app.command("show")
def show_(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help="A rule id; none lists all.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="YYYY-MM-DD", help="Only what was in force on this day.", show_default=False
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="YYYY-MM-DD", help="What began or ended after this day, up to --as-of."),
    ] = None,
    rulebook: BookOption = None,
    json_: JsonOption = False,
) -> None:
    """All rules, or one with its versions, citations and examples; as they stood on a day, or what changed."""
    import difflib

    import orjson

    book = _load(rulebook)
    day, earlier = read_day(as_of, "--as-of"), read_day(since, "--since")
    if earlier is not None:
        _show_changes(book, rule, earlier, day, json_)
        return
    if day is not None:
        from stopship.rules.changes import on_day

        whole, book = book, on_day(book, day)
        if rule in whole.by_id and rule not in book.by_id:
            raise SettingsError(f"{rule} was not in force on {day}", where="rules show", hint="Leave --as-of away")
    if rule is None:
        if json_:
            plain = {"version": book.version, "rules": book.overview()}
            typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        else:
            show(list(_overview(book)))
        return
    found = book.by_id.get(rule)
    if found is None:
        near = difflib.get_close_matches(rule, book.by_id, n=1)
        hint = f"Did you mean {near[0]}?" if near else "stopship rules show lists them"
        raise SettingsError(f"there is no rule {rule!r}", where="rules show", hint=hint)
    if json_:
        from stopship.rules.shown import rule_to_plain

        typer.echo(orjson.dumps(rule_to_plain(found), option=orjson.OPT_INDENT_2).decode())
    else:
        show(list(_page(found)))


def _show_changes(book: Rulebook, rule: str | None, since: date, until: date | None, json_: bool) -> None:
    import orjson

    from stopship.rules.changes import changes

    found = [c for c in changes(book, since=since, until=until or date.max) if rule in (None, c.rule)]
    if json_:
        typer.echo(orjson.dumps([c.to_plain() for c in found], option=orjson.OPT_INDENT_2).decode())
        return
    lines = [line for change in found for line in wrap(str(change), "", "   ")]
    ends = f" to {until}" if until else ""
    show([*lines, f"{len(found)} changes after {since}{ends}"])


@app.command("lint")
def lint_(rulebook: BookOption = None, json_: JsonOption = False) -> None:
    """Look for missing citations, gaps and overlaps in force, failing examples. Exit code 1 if there are any."""
    import orjson

    from stopship.rules import lint

    book = _load(rulebook)
    problems = lint(book)
    if json_:
        plain = {"version": book.version, "problems": [str(problem) for problem in problems]}
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        lines = [line for problem in problems for line in wrap(str(problem), "", "   ")]
        lines.append(f"{len(book.rules)} rules, {len(problems)} problems")
        show(lines)
    raise typer.Exit(FAILED if problems else 0)


@app.command("coverage")
def coverage_(rulebook: BookOption = None, json_: JsonOption = False) -> None:
    """What the rulebook covers, by regime and program, how much of it was verified, and what it doesn't cover."""
    import orjson

    from stopship.rules.coverage import coverage

    found = coverage(_load(rulebook))
    if json_:
        typer.echo(orjson.dumps(found.to_plain(), option=orjson.OPT_INDENT_2).decode())
    else:
        show(list(_coverage_page(found)))


@app.command("test")
def test_(rulebook: BookOption = None, json_: JsonOption = False) -> None:
    """Execute every example of every rule. Exit code 1 if one fails."""
    import orjson

    from stopship.rules import run_examples

    book = _load(rulebook)
    results = run_examples(book)
    failed = [result for result in results if not result.passed]
    if json_:
        plain = {
            "version": book.version,
            "examples": len(results),
            "failed": [{"rule": r.rule, "example": r.example, "why": r.problem} for r in failed],
        }
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        lines = [line for r in failed for line in wrap(f"{r.rule}: {r.example}: {r.problem}", "", "   ")]
        lines.append(f"{len(book.rules)} rules, {len(results)} examples, {len(failed)} failed")
        show(lines)
    raise typer.Exit(FAILED if failed else 0)


@app.command("refresh")
def refresh_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="XML of Parts 738, 740, 774 (eCFR).")],
    issued: Annotated[str, typer.Option("--issued", metavar="DATE", help="The day of the publication.")],
    verified: Annotated[
        str | None,
        typer.Option("--verified", metavar="DATE", help="The day on which you compared the tables with the text."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write new versions into --rulebook.")] = False,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Take tables that lose more than a fifth of their rows.")
    ] = False,
    rulebook: BookOption = None,
    json_: JsonOption = False,
) -> None:
    """Compare the dated tables with files of the official XML; with --write, add them as new versions."""
    import orjson

    from stopship.app.law_tables import refresh_tables

    found = refresh_tables(
        files,
        rulebook,
        issued=_day(issued, "--issued"),
        verified_on=_day(verified, "--verified") if verified else None,
        allow_shrink=allow_shrink,
        write=write,
    )
    if json_:
        tables = [
            {"table": d.name, "path": d.path, "added": d.added, "removed": d.removed, "changed": d.changed}
            for d in found.differences
        ]
        plain = {"tables": tables, "problems": found.problems, "written": [str(path) for path in found.written]}
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        show(list(_refreshed(found)))


def _day(text: str, option: str) -> date:
    from stopship.model.values import parse_day

    try:
        return parse_day(text)
    except ValueError as error:
        raise SettingsError(str(error), where=option) from None


MOST_ROWS = 20
"""As many rows of a kind are shown; --json shows all."""


def _refreshed(found: Refreshed) -> Iterator[str]:
    for difference in found.differences:
        yield heading(difference.name)
        kinds = (("added", difference.added), ("removed", difference.removed), ("changed", difference.changed))
        for word, rows in kinds:
            for row in rows[:MOST_ROWS]:
                yield from wrap(f"{word} {row}", "   ", "      ")
            if len(rows) > MOST_ROWS:
                yield f"   and {len(rows) - MOST_ROWS} more {word} (--json shows all)"
    for problem in found.problems:
        yield from wrap(f"Look at: {problem}", "", "   ")
    yield f"{len(found.differences)} tables differ, {len(found.written)} written"


def _coverage_page(found: Coverage) -> Iterator[str]:
    yield heading("Rules by regime")
    yield from (_share_line(share) for share in (*found.regimes, found.whole))
    yield ""
    yield heading("Rules by program of the lists")
    yield from (_share_line(share) for share in found.programs if share.rules)
    for name in found.unruled:
        yield f"   {name:<16}no rule of its own: every listing under it is a review"
    yield ""
    yield heading("Not covered")
    for gap in found.gaps:
        if gap.bars:
            effect = f"an order where it matters is not clear before {gap.fact} is answered"
        else:
            effect = "said by decisions where it could matter" if gap.where else "said here only"
        yield from wrap(f"{gap.regime}: {gap.topic}. {gap.says} [{effect}]", "   ", "      ")
    yield ""
    yield f"rulebook {found.version}"


def _share_line(share: Share) -> str:
    percent = f"{share.verified_share:.0%}" if share.verified_share is not None else "-"
    since = f"since {share.first}" if share.first else "since before our record"
    return (
        f"   {share.name:<16}{len(share.rules):>4} rules {share.versions:>4} versions {percent:>5} verified "
        f"{share.examples:>4} examples  {since}"
    )


def _overview(book: Rulebook) -> Iterator[str]:
    for regime, rows in book.overview().items():
        yield heading(regime)
        for row in rows:
            status = "" if row["status"] == "in_force" else f" [{row['status']}]"
            yield f"   {row['id']}  {row['title']}: {row['outcome']} ({row['scopes']}){status}"
    yield ""
    yield f"{len(book.rules)} rules, rulebook {book.version}"


def _page(rule: Rule) -> Iterator[str]:
    yield heading(f"{rule.title}  {rule.id}")
    for version in rule.versions:
        yield ""
        yield f"In force {_interval(version)}, {version.status.value}"
        yield from field("Outcome", f"{version.outcome.value} ({', '.join(version.scopes)})")
        yield from field("Says", version.text)
        yield from field("Published", str(version.published or "unknown"))
        yield from field("Verified", str(version.verified_on or "unconfirmed: not seen in a primary text"))
        for entry in version.catalogue:
            yield from wrap(f"- {entry}", "   ", "     ")
        for citation in version.cite:
            yield f"   {'Read':<12}{citation.text}  {citation.url}"
    yield ""
    yield f"{len(rule.examples)} examples"
    for example in rule.examples:
        expected = "fires" if example.fires else "does not fire"
        yield from wrap(f"- {example.name} (as of {example.as_of}): {expected}", "   ", "     ")


def _interval(version: Version) -> str:
    begins = f"from {version.begins}" if version.begins else "since before our record"
    return f"{begins} to {version.ends} (exclusive)" if version.ends else f"{begins}, open"
