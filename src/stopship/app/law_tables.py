"""Refreshing the dated tables of a rulebook from files of the official XML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stopship.errors import RulebookError
from stopship.rules import Rulebook
from stopship.rules.ecfr import read_ecfr
from stopship.rules.refresh import Difference, differences, new_tables, problems


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What differs, what a person must look at, and which files were written."""

    differences: tuple[Difference, ...]
    problems: tuple[str, ...]
    written: tuple[Path, ...]


def refresh_tables(
    files: list[Path],
    rulebook: Path | None,
    *,
    issued: date,
    verified_on: date | None = None,
    allow_shrink: bool = False,
    write: bool = False,
) -> Refreshed:
    """Compare tables made from files with those of a rulebook, and write those that differ as new versions.

    Args:
        files: XML of Parts 738, 740 and 774, any number of them.
        rulebook: its folder; None compares with the packaged one, which is never written.
        issued: the day of the publication, from which the new versions hold.
        verified_on: the day on which a person compared them with the text.
        allow_shrink: takes tables that lose many rows.
        write: whether to write; files that are there already are never changed.

    Raises:
        RulebookError: a file can't be read or doesn't have the known form; a later version is held already.
    """
    reads = [read_ecfr(_content(path), path.name) for path in files]
    texts = new_tables(
        reads, issued, f"stopship rules refresh, from {', '.join(path.name for path in files)}", verified_on
    )
    held = Rulebook.load(rulebook).law.tables
    found = differences(held, texts, issued, allow_shrink=allow_shrink)
    written = []
    if write:
        if rulebook is None:
            raise RulebookError(
                "the packaged rulebook is not written", where="rules refresh", hint="Name a --rulebook"
            )
        for difference in found:
            written.append(_write(rulebook / difference.path, difference.text))
    return Refreshed(tuple(found), tuple(problems(held, texts, reads)), tuple(written))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RulebookError(f"can't be read: {error.strerror}", where=str(path)) from None


def _write(path: Path, text: str) -> Path:
    """Write a file that must not be there yet; another process that was quicker is an error, not overwritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise RulebookError(f"can't be written: {error.strerror}", where=str(path)) from None
    return path
