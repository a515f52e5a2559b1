"""`stopship benchmark`: reports of the accuracy benchmark."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stopship.cli.terminal import show
from stopship.errors import SettingsError

app = typer.Typer(help="Reports of the accuracy benchmark.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """Reports of the accuracy benchmark."""


@app.command("report")
def report(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS_DIR", help="What `make bench-quality` wrote.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", metavar="REPORT.md", help="Where to write the report.")],
) -> None:
    """Write the model-validation report of a benchmark run, with its calibration curve as an SVG beside it."""
    from stopship.validation.report import write_report

    try:
        picture = write_report(results, out)
    except (OSError, ValueError, KeyError, TypeError) as error:
        text = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else str(error)
        raise SettingsError(
            f"no report can be made: {text}", where=str(results), hint="Run make bench-quality first"
        ) from None
    show([f"Report: {out}", f"Picture: {picture}"])
