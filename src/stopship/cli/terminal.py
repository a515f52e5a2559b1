"""Writing to a terminal: lines that wrap at words, never inside a citation, an id or an address on the web."""

from __future__ import annotations

import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from stopship.matching import IndexedList

MAX_WIDTH = 100
STYLES = {
    "prohibited": "red",
    "license_required": "red",
    "indeterminate": "yellow",
    "review": "yellow",
    "conditions": "cyan",
    "clear": "green",
}


def width() -> int:
    """Columns to write in: the terminal's, at most 100; 100 where there is none."""
    return min(shutil.get_terminal_size((MAX_WIDTH, 24)).columns, MAX_WIDTH)


def wrap(text: str, indent: str = "", hang: str | None = None) -> list[str]:
    """Lines of a paragraph; long words (web addresses, ids) stay whole."""
    return textwrap.wrap(
        text,
        width=max(40, width()),
        initial_indent=indent,
        subsequent_indent=indent if hang is None else hang,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent.rstrip()]


def field(label: str, text: str, indent: int = 3, label_width: int = 12) -> list[str]:
    """`label  text` with the text's further lines below its first one."""
    start = " " * indent + label.ljust(label_width)
    return wrap(text, start, " " * (indent + label_width))


def show(lines: Iterator[str] | list[str]) -> None:
    """Print lines to stdout; colour only where stdout is a terminal."""
    typer.echo("\n".join(lines))


def tell_stale(lists: Sequence[IndexedList], today: date) -> None:
    """One line on stderr where an answer rests on lists beyond their age limit."""
    from stopship.screening.freshness import stale_line

    if line := stale_line(lists, today):
        typer.echo(f"stopship: {line}", err=True)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table whose columns are as wide as their widest cell; cells are never cut or wrapped."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]


def write_json(plain: Any) -> None:
    """Print a result as JSON, alone, on stdout."""
    import orjson

    typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())


def counted(number: int, one: str) -> str:
    """`1 case`, `1,200 cases`."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def list_lines_refused(refused: Sequence[str]) -> list[str]:
    """What is told of lines of a list that can't be used: the first five, and how many more."""
    lines = [f"List line not used: {reason}" for reason in refused[:5]]
    return [*lines, f"   and {len(refused) - 5:,} more lines of the list not used"] if len(refused) > 5 else lines


def heading(text: str, style: str | None = None) -> str:
    """A line that stands out on a terminal and is plain text elsewhere."""
    return typer.style(text, fg=STYLES.get(style or ""), bold=True) if sys.stdout.isatty() else text


@contextmanager
def progress(
    label: str, total: int | None = None, *, done: int = 0, unit: str = "rows"
) -> Iterator[Callable[[int], None] | None]:
    """A progress bar with rate and time left on stderr; None where stderr is not a terminal.

    `done` of the `total` were done before; what is yielded is called with how many are done.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.fields[rate]}"), console=console, transient=True) as bar:
        task = bar.add_task(label, total=total, completed=done, rate="")

        def update(done: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, rate=f"{speed:,.0f} {unit}/s" if speed else "")

        yield update


@contextmanager
def steps() -> Iterator[Callable[[str], None] | None]:
    """What is being done right now, on stderr, for work whose length isn't known; None where stderr is not a
    terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("working") as status:
        yield status.update


@contextmanager
def screening_progress(label: str) -> Iterator[Callable[[int, int, float | None], None] | None]:
    """A bar on stderr with rows, rate, hits and time left; None where stderr is not a terminal.

    What it gives is told the rows done, those with a hit, and the share of the work (0 to 1, None: not known).
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
    started = time.perf_counter()
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, told="")
        before: list[int] = []  # rows of an interrupted run say nothing about the rate of this one

        def update(rows: int, hits: int, share: float | None) -> None:
            if not before:
                before.append(rows)
            rate = (rows - before[0]) / max(time.perf_counter() - started, 1e-6)
            told = f"{rows:,} rows, {rate:,.0f} a second, {hits:,} with hits"
            bar.update(task, total=None if share is None else 1.0, completed=share or 0, told=told)

        yield update
