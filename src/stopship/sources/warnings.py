"""Doubts about single values, gathered over a file: each said once, with how often and where first."""

from __future__ import annotations

from collections.abc import Iterable


class Warnings:
    """Collects short sentences without values ("a date of birth can't be read")."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}

    def add(self, row: int, doubts: Iterable[str]) -> None:
        """Note what was doubtful in a row."""
        for doubt in doubts:
            self._rows.setdefault(doubt, []).append(row)

    def lines(self) -> tuple[str, ...]:
        """One line for each doubt: how many times, and in which row first."""
        return tuple(
            f"{doubt}: {len(rows)} time{'s' if len(rows) > 1 else ''}, first in row {rows[0]}"
            for doubt, rows in self._rows.items()
        )
