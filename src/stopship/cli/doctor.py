"""`stopship doctor`: what is installed, how old each list is, what to do next."""

from __future__ import annotations

import typer

from stopship.cli.options import HomeOption, JsonOption, workspace
from stopship.cli.terminal import field, show, wrap

NOT_WELL = 2


def doctor(context: typer.Context, json_: JsonOption = False, home: HomeOption = None) -> None:
    """What is installed, how old each list is, index and rulebook state, what to do next."""
    import orjson

    from stopship.app.status import examine

    found = examine(workspace(context, home))
    if json_:
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        raise typer.Exit(NOT_WELL if found["problems"] else 0)
    lines = field("stopship", f"{found['stopship']}, Python {found['python']}, {found['platform']}", 0)
    lines += field("home", f"{found['home']}{'' if found['home_exists'] else ' (not there yet)'}", 0)
    for state in found["lists"]:
        limit = f" (limit {state['limit_days']})" if state["limit_days"] is not None else ""
        marks = f"{limit}{', STALE' if state['stale'] else ''}{', PINNED' if state['pinned'] else ''}"
        lines += field(
            "list", f"{state['source']}: {state['entries']:,} entries, {state['age_days']} days old{marks}", 0
        )
    if found["index"]:
        lines += field("index", f"{found['index']['hash']}", 0)
    if found["rulebook"]:
        lines += field("rulebook", f"{found['rulebook']['rules']} rules, {found['rulebook']['version']}", 0)
    if found["ownership"]:
        lines += field("ownership", f"{', '.join(found['ownership']['data'])}, {found['ownership']['graph']}", 0)
    lines += field("decisions", f"{found['decisions']:,} kept", 0)
    if database := found["database"]:
        names = ", ".join(database["portfolios"]) or "no customers are enrolled"
        lines += field("database", f"at {database['revision']}: {names}", 0)
    else:
        lines += field("database", "none yet: it comes with the first enrolled customers", 0)
    for problem in found["problems"]:
        lines += field("PROBLEM", problem, 0)
    lines.append("")
    if found["next"]:
        lines.append("Next:")
        for step in found["next"]:
            lines += wrap(f"- {step}", "   ", "     ")
    elif not found["problems"]:
        lines.append("All well.")
    show(lines)
    raise typer.Exit(NOT_WELL if found["problems"] else 0)
