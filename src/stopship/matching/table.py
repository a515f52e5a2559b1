"""The table of the scorer: what each signal adds to the log-odds that two names are of one party.

`data/signals.tsv` can be read aloud, one line a signal; it is fitted (its first lines say on what, and with what
command) and superseded as a whole, never edited: see `weights.SCORER_VERSION`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

PATH = Path(__file__).parent / "data" / "signals.tsv"


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal. `sign` is "+", "-" or "0" (either), or the most that the fit may give it (`-5`), or the
    least and the most (`-1.2..0`): what can't differ in
    one party counts against it however rarely a sample shows it. Weights are log-odds for one unit:
    ten bits, or one occurrence."""

    signal: str
    sign: str
    organization: float
    person: float
    meaning: str


@cache
def signal_rows() -> tuple[SignalRow, ...]:
    """The rows of the table in the order of the kernels' constants."""
    text = PATH.read_text("utf-8")
    cells = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(SignalRow(name, sign, float(one), float(two), told) for name, sign, one, two, told in cells)


_other: list[Any] = []  # the table that a fit tries out


def weight_array() -> Any:
    """The weights for organizations, then those for persons, as one array of float64."""
    return _other[-1] if _other else _own()


def weight_list() -> list[float]:
    """The same as a list, for the interpreted kernels."""
    found: list[float] = _other[-1].tolist() if _other else _own_list()
    return found


@cache
def _own() -> Any:
    rows = signal_rows()
    return np.array([r.organization for r in rows] + [r.person for r in rows], np.float64)


@cache
def _own_list() -> list[float]:
    found: list[float] = _own().tolist()
    return found


@contextmanager
def replaced(weights: Any) -> Iterator[None]:
    """Score with another table for a while: for fits and experiments only, by one thread."""
    _other.append(weights)
    try:
        yield
    finally:
        _other.pop()
