"""Write the generated parts of the docs: the reference of commands, lists and rules, and the printed examples.

    python tools/generate_docs.py           writes them
    python tools/generate_docs.py --check   names those that are out of date and exits with 1

Generated whole: `docs/reference/cli.md`, `docs/reference/sources.md`, `docs/reference/rules.md`,
`docs/reference/score.md`, `docs/reference/law-coverage.md`, `docs/reference/permissions.md`,
`docs/reference/case-states.md`, `docs/reference/api.md`. In hand-written
pages a block between `<!-- output: COMMAND -->` and `<!-- end -->` holds what that command prints; with
`<!-- output: COMMAND; from "A" until "B" -->` only from the first line that has A until before the next one that
has B. `<!-- output: the Python above -->` holds what the page's Python blocks print since the last such block; all
of them run in one go. Commands and Python run in an empty home, 100 columns wide, with the example files at
`examples/`, so that a page shows the same on every machine; hashes are cut short, because they change with every
comma of the rulebook, and times are cut out. `<!-- file: PATH -->` holds that file, whose path is seen from the
page: so a page shows what the tests run.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from stopship.sources.contract import SourceInfo

ROOT = Path(__file__).resolve().parent.parent
PAGES_WITH_OUTPUT = ("README.md", "docs/tutorial.md", "docs/how-to", "docs/explanation")
BLOCK = re.compile(
    r'(?P<head><!-- output: (?P<command>[^;\n]+?)(?:; from "(?P<first>[^"\n]+)" until "(?P<last>[^"\n]+)")? -->\n)'
    r".*?(?P<tail><!-- end -->)",
    re.DOTALL,
)
FILE = re.compile(r"(?P<head><!-- file: (?P<path>[^\n]+?) -->\n).*?(?P<tail><!-- end -->)", re.DOTALL)
LANGUAGES = {".py": "python", ".sql": "sql", ".yml": "yaml"}
PYTHON = "the Python above"
MARK = "\u2042"  # an asterism, which no page prints
MADE = "<!-- Made by tools/generate_docs.py; edit the code that it describes. -->\n"


def generated() -> dict[Path, str]:
    """Path -> what it should hold, for every page with a generated part."""
    pages = {
        ROOT / "docs/reference/cli.md": cli_reference(),
        ROOT / "docs/reference/sources.md": sources_reference(),
        ROOT / "docs/reference/rules.md": rules_reference(),
        ROOT / "docs/reference/score.md": score_reference(),
        ROOT / "docs/reference/october-2019.md": october_2019_reference(),
        ROOT / "docs/reference/law-coverage.md": law_coverage(),
        ROOT / "docs/reference/api.md": api_reference(),
        ROOT / "docs/reference/permissions.md": permissions_reference(),
        ROOT / "docs/reference/case-states.md": case_states(),
    }
    for path in pages_with_output():
        text = with_files(path)
        pages[path] = BLOCK.sub(partial(_fill, page=text), text)
    return pages


def with_files(page: Path) -> str:
    """A page with the files that it shows as they are now."""
    return FILE.sub(partial(_show, folder=page.parent), page.read_text("utf-8"))


def pages_with_output() -> list[Path]:
    """Hand-written pages that hold at least one block of an output or a file."""
    found: list[Path] = []
    for name in PAGES_WITH_OUTPUT:
        path = ROOT / name
        found += sorted(path.glob("*.md")) if path.is_dir() else [path]
    texts = {path: path.read_text("utf-8") for path in found if path.is_file()}
    return [path for path, text in texts.items() if BLOCK.search(text) or FILE.search(text)]


def cli_reference() -> str:
    """Every command with its arguments and options."""
    from stopship.cli.commands import app

    lines = [
        "# Commands",
        "",
        MADE,
        "Exit codes: `check` gives 0 only for `clear` and 1 for every other outcome. Everywhere, 2 means wrong",
        "input or set-up (one line says what and how to mend it) and 3 a fault of ours. With `--json` stdout",
        "holds the JSON alone.",
        "",
    ]
    for path, command in sorted(_commands(typer.main.get_command(app), ("stopship",))):
        lines += _command_lines(path, command)
    return "\n".join(lines).rstrip() + "\n"


def command_names() -> list[str]:
    """Every command as one types it, e.g. `stopship lists import`."""
    from stopship.cli.commands import app

    return sorted(" ".join(path) for path, _ in _commands(typer.main.get_command(app), ("stopship",)))


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in children.items():
        yield from _commands(child, (*path, name))


def _command_lines(path: tuple[str, ...], command: Any) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    words = [p.metavar or p.name.upper() for p in arguments]
    usage = [word if p.required else f"[{word}]" for p, word in zip(arguments, words, strict=True)]
    usage += [f"{o.opts[0]} {_value(o)}" for o in options if o.required]
    yield f"## {' '.join(path)}"
    yield ""
    yield f"`{' '.join([*path, *usage, '[OPTIONS]'])}`"
    yield ""
    yield " ".join((command.help or "").split())
    yield ""
    if arguments or options:
        yield "| argument or option | what it is |"
        yield "|---|---|"
    for parameter, word in zip(arguments, words, strict=True):
        yield f"| `{word}` | {_cell(getattr(parameter, 'help', None))} |"
    for option in options:
        shown = f"{', '.join(option.opts)} {_value(option)}".rstrip()
        default = "" if option.default in (None, False) else f" Default: {option.default}."
        yield f"| `{shown}` | {_cell(option.help)}{default} |"
    yield ""


def _value(option: Any) -> str:
    """What is typed after an option; nothing after a switch."""
    return "" if option.is_flag else option.metavar or option.name.strip("_").upper()


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def case_states() -> str:
    """The states of a case and the steps between them, from the table that the code asks."""
    from stopship.cases.policy import REASONS
    from stopship.cases.states import MEANING, STEPS

    lines = ["# States of a case", "", MADE]
    lines += ["A case is always in one of these states.", "", "| state | means |", "|---|---|"]
    lines += [f"| `{state.value}` | {text} |" for state, text in MEANING.items()]
    lines += [
        "",
        "What can be done with it, where, and by whom. A role may do all that those before it may: viewer,",
        "analyst, supervisor, admin. `system` is the program itself, which judges nothing. A step that isn't in",
        "the table is refused in one line that says why.",
        "",
        "| step | in | then | needs | what it does |",
        "|---|---|---|---|---|",
    ]
    for step in STEPS:
        states = ", ".join(f"`{state.value}`" for state in step.states)
        then = " or ".join(f"`{state.value}`" for state in step.to) or "the same"
        lines.append(f"| `{step.event.value}` | {states} | {then} | {step.role.value} | {step.text} |")
    lines += ["", "## Reason codes", "", "Every disposition and every suppression has one.", ""]
    lines += ["| code | means |", "|---|---|", *(f"| `{code}` | {text} |" for code, text in REASONS.items())]
    return "\n".join(lines) + "\n"


def api_reference() -> str:
    """Every address of the service, from its OpenAPI description."""
    from stopship.access.permissions import SCOPES
    from stopship.access.vocabulary import PERSONAL_SCOPES
    from stopship.api.application import description
    from stopship.api.openapi import PROBLEMS
    from stopship.api.permissions import NEEDED, ON_THIS_MACHINE, PUBLIC

    plain = description()
    lines = ["# REST", "", MADE]
    lines += ["`GET /openapi.json` of a running server has all of this for programs, with every schema.", ""]
    lines += [*plain["info"]["description"].strip().splitlines(), ""]
    rows = (f"| {status} | {text} |" for status, text in PROBLEMS.items())
    lines += ["| refusal | means |", "|---|---|", *rows, ""]
    for path, methods in sorted(plain["paths"].items()):
        for method, operation in methods.items():
            needed = NEEDED[method.upper(), path]
            scopes = " or ".join(f"`{scope}`" for scope in SCOPES if needed in SCOPES[scope])
            personal = needed != PUBLIC and {s for s in SCOPES if needed in SCOPES[s]} <= PERSONAL_SCOPES
            whose = f" of a person, {_least_role(needed)}," if personal else ""
            who = "Needs no key." if needed == PUBLIC else f"Needs a key{whose} with scope {scopes}."
            if (method.upper(), path) in ON_THIS_MACHINE:
                who += " From the server's own machine it needs none."
            says = operation.get("description", "").partition("Needs the permission")[0]
            lines += [
                f"## {method.upper()} {path}",
                "",
                f"{operation['summary']}. {' '.join(says.split())} {who}",
                "",
            ]
            lines += _api_fields(operation, plain["components"]["schemas"])
            found = operation["responses"]
            given = "; ".join(f"{status}: {one['description']}" for status, one in found.items() if status < "400")
            refusals = ", ".join(status for status in found if status >= "400")
            lines += [f"Answers {given}. Refusals: {refusals}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def _least_role(action: str) -> str:
    """The least role that may do an action."""
    from stopship.access.permissions import ROLES

    least = next(role for role, may in ROLES.items() if action in may)
    return least.value if least is list(ROLES)[-1] else f"{least.value} or above"


def _api_fields(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    """Parameters and the fields of the body, as a table."""
    rows = [
        (one["name"], one["in"], one.get("required", False), one["schema"], one.get("description", ""))
        for one in operation.get("parameters", ())
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = schemas[content["schema"]["$ref"].rpartition("/")[2]] if "$ref" in content["schema"] else {}
        rows += [
            (name, "body", name in body.get("required", ()), schema, schema.get("description", ""))
            for name, schema in body.get("properties", {}).items()
        ]
    if rows:
        yield "| field | in | what it is |"
        yield "|---|---|---|"
    for name, where, required, schema, text in rows:
        default = schema.get("default")
        shown = "" if default in (None, [], {}, "") else f" Default: `{default}`."
        yield f"| `{name}`{' (needed)' if required else ''} | {where} | {_cell(text)}{shown} |"
    if rows:
        yield ""


def sources_reference() -> str:
    """Every list that this version reads."""
    from stopship.sources.catalogue import catalogue

    lines = ["# Lists that this version reads", "", MADE]
    for source_id, info in sorted(catalogue().items()):
        limit = "none" if info.limit_days is None else f"{info.limit_days} days"
        lines += [
            f"## {source_id}",
            "",
            f"{info.title}. Publisher: {info.publisher}.",
            "",
            f"- address: {info.url or 'as its mapping says'}",
            *_fetched(info),
            f"- terms: {info.terms}",
            f"- published: {info.cadence}",
            f"- age limit: {limit}",
            f"- rows expected: {info.min_rows:,} to {info.max_rows:,}",
        ]
        if info.files:
            lines.append(f"- also as a set of files: {', '.join(f'`{name}`' for name in info.files)}")
        lines.append("")
        if info.notes:
            lines += [f"- {' '.join(note.split())}" for note in info.notes]
            lines.append("")
        if info.unread:
            lines += ["Columns that are not read, and why:", ""]
            lines += [f"- {columns}: {reason}" for reason, columns in _by_reason(info.unread)]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _fetched(info: SourceInfo) -> list[str]:
    """How `lists update` gets it, and what must be in it."""
    lines = []
    if info.fetch:
        shape = " (a page, read as it is)" if info.fetched_as_page else ""
        day = "; the day is looked up first" if info.latest_day else ""
        lines.append(f"- fetched from: {info.fetch}{shape}{day}")
    elif info.by_hand:
        lines.append(f"- to be got by hand: {info.by_hand}")
    if info.canaries:
        lines.append(f"- refused without: {', '.join(info.canaries)}")
    return lines


def _by_reason(unread: Mapping[str, str]) -> list[tuple[str, str]]:
    """Reason and the columns that it holds for, in the order of the sheet."""
    found: dict[str, list[str]] = {}
    for column, reason in unread.items():
        found.setdefault(reason, []).append(f"`{column}`")
    return [(reason, ", ".join(columns)) for reason, columns in found.items()]


def rules_reference() -> str:
    """Every rule of the rulebook, with its versions and citations."""
    from stopship.rules import Rulebook

    lines = ["# Rules", "", MADE, "What the fields mean is in [the format of rules](rulebook.md).", ""]
    for rule in Rulebook.load().rules:
        lines += [f"## {rule.id}", "", f"{rule.title.rstrip('.')}. Examples that run: {len(rule.examples)}.", ""]
        for version in rule.versions:
            begins, ends = (day.isoformat() if day else "open" for day in (version.begins, version.ends))
            verified = f"compared {version.verified_on.isoformat()}" if version.verified_on else "not compared yet"
            scopes = ", ".join(version.scopes)
            cited = "; ".join(f"[{c.text}]({c.url})" if c.url else c.text for c in version.cite)
            says = f"`{version.outcome}` ({scopes}), {version.status}, {verified}"
            lines.append(f"- {begins} to {ends}: {says}. {cited}".rstrip())
            lines += [f"  - {entry}" for entry in version.catalogue]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


OCTOBER_2019_DAY = date(2026, 3, 1)
OCTOBER_2019_ITEMS = {
    "6A993": "camera (6A993)",
    "EAR99": "server (EAR99)",
    "2A983": "explosives detector (2A983)",
    "5D992": "encryption library (5D992)",
}


def october_2019_reference() -> str:
    """The 28 entities of 84 FR 54002 with four items each, as the bundled starter list and the rulebook answer."""
    from stopship.app.indexes import starter_index, starter_list
    from stopship.model.order import read_order
    from stopship.rules import Rulebook
    from stopship.rules.requirement import parse_requirement
    from stopship.screening import Screener

    screener = Screener(starter_index(), Rulebook.load())
    notice = "[84 FR 54002](https://www.federalregister.gov/citation/84-FR-54002)"
    section = "[15 CFR 744.11](https://www.ecfr.gov/current/title-15/section-744.11)"
    lines = [
        "# The 28 entities of October 2019\n",
        MADE,
        "On 9 October 2019 the US Commerce Department added 28 Chinese entities to the Entity List",
        f"({notice}): the police of",
        "Xinjiang and companies that equipped it. This is what Stopship answers for a sale of four items to each",
        f"of them as end user in China, as of {OCTOBER_2019_DAY.isoformat()}, from the bundled starter list",
        "(state of July 2026). The policy is the one that the entity's own row prints for the item",
        f"({section}). On 8 October 2019 none of them was",
        "listed. Footnote 4 (15 CFR 734.9(e)(2)) reaches some items that are made abroad, too. This page is not",
        "advice: read the row.\n",
        f"| entity | footnote | {' | '.join(OCTOBER_2019_ITEMS.values())} |",
        "|---|---|" + "---|" * len(OCTOBER_2019_ITEMS),
    ]
    for entity in sorted(starter_list().entities, key=lambda entity: entity.caption.casefold()):
        footnotes = ", ".join(parse_requirement(entity.listings[0].license_requirement).footnotes)
        party = {"role": "end_user", "name": entity.caption, "country": "CN"}
        items = [{"eccn": eccn} for eccn in OCTOBER_2019_ITEMS]
        order = read_order({"destination": "CN", "parties": [party], "items": items})
        decision = screener.screen(order, as_of=OCTOBER_2019_DAY)
        mine = [d.finding for d in decision.findings if d.finding.rule == "us.ear.744.entity-list"]
        cells = [
            _row_answer([f for f in mine if f.item == n and f.entity_id == entity.id]) for n in range(len(items))
        ]
        lines.append(f"| {_cell(entity.caption)} | {footnotes} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _row_answer(findings: list[Any]) -> str:
    """What the row of one entity says of one item: `license required, presumption of denial`."""
    told = {f"{f.outcome}, {f.review_policy}".replace("_", " ") for f in findings if f.match == "confirmed"}
    if len(told) != 1:
        raise ValueError(f"expected one answer of the row, found {sorted(told) or 'none'}")
    return told.pop()


def law_coverage() -> str:
    """What the rulebook covers, and what it doesn't."""
    from stopship.rules import Rulebook
    from stopship.rules.coverage import coverage

    found = coverage(Rulebook.load())
    head = "| {} | rules | versions | compared with a primary text | examples | bears on | since | last change |"
    line = "|---|---:|---:|---:|---:|---|---|---|"
    lines = [
        "# What the law in the rulebook covers",
        "",
        MADE,
        "`stopship rules coverage` prints the same. A version that was never compared with a primary text is",
        "`unconfirmed`, and every finding of it says so.",
        "",
        "## By regime",
        "",
        head.format("regime"),
        line,
        *(_share_row(share) for share in (*found.regimes, found.whole)),
        "",
        "## By program of the lists",
        "",
        "A rule may speak of several programs. A program without a rule of its own makes every match a `review`.",
        "",
        head.format("program"),
        line,
        *(_share_row(share) for share in found.programs),
        "",
        "## Not covered",
        "",
        "Where a decision says it, it is an assumption. Where it bars a `clear`, the order is `indeterminate`",
        "until it answers the fact. None of this was compared with a primary text.",
        "",
        "| regime | what | a decision says | effect | read |",
        "|---|---|---|---|---|",
    ]
    for gap in found.gaps:
        effect = (
            f"bars `clear`: `{gap.fact}`" if gap.bars else "said where it could matter" if gap.where else "none"
        )
        cited = "; ".join(f"[{c.text}]({c.url})" for c in gap.cite)
        lines.append(f"| {gap.regime} | {_cell(gap.topic)} | {_cell(gap.says)} | {effect} | {cited} |")
    return "\n".join(lines) + "\n"


def _share_row(share: Any) -> str:
    if not share.rules:
        return f"| `{share.name}` | 0 | | | | | | |"
    since = share.first.isoformat() if share.first else "before our record"
    last = share.last.isoformat() if share.last else ""
    compared = f"{share.verified} ({share.verified_share:.0%})"
    return (
        f"| `{share.name}` | {len(share.rules)} | {share.versions} | {compared} | {share.examples} | "
        f"{', '.join(share.scopes)} | {since} | {last} |"
    )


def score_reference() -> str:
    """The page of the scorer's table, from `matching/data/signals.tsv`."""
    from stopship.matching import DEFAULT_THRESHOLD
    from stopship.matching.table import PATH, signal_rows
    from stopship.matching.weights import SCORER_VERSION

    source = PATH.read_text("utf-8").splitlines()[0].removeprefix("# SOURCE: ")
    lines = [
        "# The score, signal by signal\n",
        MADE,
        f"The table of `{SCORER_VERSION}`, {source}.",
        "The amounts of all signals times their weights add up to the log-odds that two names are of one party:",
        "positive speaks for it, negative against. Amounts are in units of ten bits, or occurrences.",
        f"The default threshold is {DEFAULT_THRESHOLD:.2f}.",
        "How it works: [how names are compared](../explanation/matching.md).\n",
        "| signal | organizations and others | persons | what it is |",
        "|---|---:|---:|---|",
    ]
    lines += [f"| {r.signal} | {r.organization:+.2f} | {r.person:+.2f} | {r.meaning} |" for r in signal_rows()]
    return "\n".join(lines) + "\n"


def permissions_reference() -> str:
    """Who may do what: the table of roles and the table of scopes."""
    from stopship.access.permissions import MEANINGS, ROLES, SCOPES

    lines = [
        "# Permissions\n",
        MADE,
        "What a person or a program may do through REST and in the browser. What is not in these tables is",
        "refused to everybody. How to make users and keys: [users and keys](../how-to/users-and-keys.md).\n",
        "## Roles of people\n",
        f"| action | what it is | {' | '.join(ROLES)} |",
        "|---|---|" + ":-:|" * len(ROLES),
    ]
    for action, meaning in MEANINGS.items():
        lines.append(f"| `{action}` | {meaning} | {_ticks(action in may for may in ROLES.values())} |")
    lines += [
        "",
        "## Scopes of keys\n",
        "A program's key may do what any of its scopes lets it do. A verdict on a case is a person's: the scope",
        "`judge` is only for a key that belongs to a person, who acts with it. Such a key may do what its scopes",
        "and the person's role both allow.\n",
        f"| action | what it is | {' | '.join(SCOPES)} |",
        "|---|---|" + ":-:|" * len(SCOPES),
    ]
    for action, meaning in MEANINGS.items():
        if any(action in may for may in SCOPES.values()):
            lines.append(f"| `{action}` | {meaning} | {_ticks(action in may for may in SCOPES.values())} |")
    return "\n".join(lines) + "\n"


def _ticks(allowed: Iterable[bool]) -> str:
    return " | ".join("yes" if one else "" for one in allowed)


def _show(block: re.Match[str], *, folder: Path) -> str:
    path = folder / block["path"]
    return f"{block['head']}```{LANGUAGES[path.suffix]}\n{path.read_text('utf-8').rstrip()}\n```\n{block['tail']}"


def _fill(block: re.Match[str], *, page: str) -> str:
    if block["command"] == PYTHON:
        lines = _python_above(page, block.start()).splitlines()
    else:
        lines = _run(block["command"]).splitlines()
    if block["first"]:
        lines = _excerpt(lines, block["first"], block["last"])
    return f"{block['head']}```text\n" + "\n".join(lines).rstrip() + f"\n```\n{block['tail']}"


def _excerpt(lines: list[str], first: str, last: str) -> list[str]:
    begins = next((i for i, line in enumerate(lines) if first in line), None)
    if begins is None:
        raise ValueError(f"no line of the output has {first!r}")
    ends = next((i for i, line in enumerate(lines[begins + 1 :], begins + 1) if last in line), None)
    if ends is None:
        raise ValueError(f"no line after {first!r} has {last!r}")
    return lines[begins:ends]


def _python_above(page: str, until: int) -> str:
    """What the Python blocks print that stand between the output block before and a place of the page."""
    blocks = [(m.start(), m[1]) for m in re.finditer(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)]
    others = [m.end() for m in BLOCK.finditer(page) if m["command"] == PYTHON and m.end() <= until]
    printed = _run_python(tuple(code for _start, code in blocks)).split(MARK)
    return "".join(
        text for (start, _), text in zip(blocks, printed, strict=True) if max(others, default=0) <= start < until
    )


@cache
def _run_python(blocks: tuple[str, ...]) -> str:
    """What blocks of Python print, run one after the other, with a mark between them."""
    return _run_words([sys.executable, "-c", f"print({MARK!r}, end='')\n".join(blocks)], "Python")


@cache
def _run(command: str) -> str:
    """What a command line prints."""
    words = shlex.split(command)
    if words[0] != "stopship":
        raise ValueError(f"only stopship commands are shown in the docs, not {command!r}")
    return _run_words([sys.executable, "-m", "stopship", *words[1:]], command)


def _run_words(words: list[str], shown: str) -> str:
    """What a program prints, on stdout and stderr, run where `examples/` holds the example files."""
    examples = Path(str(resources.files("stopship") / "examples"))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(examples, Path(folder) / "examples")
        environment = os.environ | {
            "COLUMNS": "100",
            "STOPSHIP_HOME": str(Path(folder) / "home"),
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUTF8": "1",
        }
        done = subprocess.run(
            words,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{shown}: exit {done.returncode}: {done.stdout}")
        text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", done.stdout)
        text = re.sub(r"\bin [0-9.]+ s\b", "in … s", text)
        return "\n".join(line.rstrip() for line in text.splitlines())


def main() -> int:
    """Write what is out of date, or with `--check` only name it."""
    stale = {
        path: text for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text
    }
    for path, text in stale.items():
        name = path.relative_to(ROOT)
        if "--check" in sys.argv[1:]:
            print(f"out of date: {name}. Run: make docs")
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"written: {name}")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
