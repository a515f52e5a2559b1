"""Fits the scorer's table, `src/stopship/matching/data/signals.tsv`, and writes it anew.

    python -m benchmarks.quality.fit --positives 120 --negatives 3000 --rounds 2

Cases of one party are listed names manipulated in every class of `stopship.validation` with their own entry; cases
of two parties are real customers who are not listed, in their own script and in others, with the entries that come
nearest, found with the table of the round before and kept from round to round, so that the table learns from its
own worst mistakes. Three of five parts of names (by a hash of the name) make the sample; the fourth sets the base,
by which the default threshold lets 5 of 1,000 customers alert; the last is for reports only and is not read here.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.quality.fit_sample import (
    Pair,
    Right,
    Workplace,
    customers_in_scripts,
    false_hits,
    right_cases,
    wide,
)
from benchmarks.quality.lists import data_folder, index_path
from benchmarks.quality.names import customers
from benchmarks.quality.sets.native_spellings import SPELLED

from stopship.matching import DEFAULT_THRESHOLD, table
from stopship.matching.kernels import columns as k
from stopship.matching.kernels import graded, weigh_up
from stopship.validation.fit import fit_log_odds
from stopship.validation.manipulate import MANIPULATIONS

SAMPLE, SHIFT = (1, 2, 3), (4,)
ALERTS_PER_1000 = 5
_KEPT = 0.02  # hits under this score are no mistakes to learn from
_FEW = 20  # a class of fewer cases counts less


def learn(
    right: Sequence[Right], wrong: Sequence[Mapping[int, Pair]], weights: Any, weight_of_wrong: float
) -> Any:
    """The table that fits the right cases and all false hits found so far."""
    pairs: list[Pair] = []
    case: list[int] = []
    for number, held in enumerate([*(r.pairs for r in right), *(tuple(hits.values()) for hits in wrong)]):
        pairs += held
        case += [number] * len(held)
    per_class: dict[str, int] = {}
    for one in right:
        per_class[one.class_] = per_class.get(one.class_, 0) + 1
    # Every class counts the same; one of few cases counts less.
    shares = [1 / len(per_class) / max(per_class[one.class_], _FEW) for one in right]
    shares += [weight_of_wrong / len(wrong)] * len(wrong)
    same = np.array([1.0] * len(right) + [0.0] * len(wrong))
    signs = [row.sign for row in table.signal_rows()] * 2
    found = fit_log_odds(wide(pairs), np.array(case), same, np.array(shares), weights, signs)
    found[k.S_SAYS] = found[k.SIGNALS + k.S_SAYS] = 0.0
    return found


def shifted(hits: Sequence[Mapping[int, Pair]], weights: Any) -> Any:
    """The table with its base moved so that the default threshold lets the wished share of customers alert."""
    low, high = -10.0, 10.0
    for _ in range(24):
        middle = (low + high) / 2
        moved = _moved(weights, middle)
        alerts = sum(any(_score(pair, moved) >= DEFAULT_THRESHOLD for pair in held.values()) for held in hits)
        low, high = (low, middle) if alerts > len(hits) * ALERTS_PER_1000 / 1000 else (middle, high)
    return _moved(weights, low)


def _moved(weights: Any, move: float) -> Any:
    moved = weights.copy()
    moved[[k.S_BASE, k.SIGNALS + k.S_BASE]] += move
    return moved


def _score(pair: Pair, weights: Any) -> float:
    logit = weigh_up(pair.amounts, weights, k.SIGNALS if pair.person else 0)
    return graded(logit, pair.amounts, pair.known)


def write(weights: Any, path: Path, note: str) -> None:
    """The table as a file, `note` in its first line."""
    columns = "signal, bounds of the fit, log-odds for organizations and others, for persons, meaning"
    lines = [f"# SOURCE: {note}", f"# {columns}"]
    for at, row in enumerate(table.signal_rows()):
        one, other = weights[at] + 0.0, weights[k.SIGNALS + at] + 0.0
        lines.append(f"{row.signal}\t{row.sign}\t{one:.3f}\t{other:.3f}\t{row.meaning}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Fit and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--positives", type=int, default=120, help="manipulated names of each class")
    parser.add_argument("--negatives", type=int, default=3000, help="companies, and as many persons")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--weight", type=float, default=16.0, help="what all customers count against all right cases"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=table.PATH)
    asked = parser.parse_args()
    data = data_folder()
    place = Workplace.open(index_path(data))
    weights = table.weight_array()
    sample = list(customers_in_scripts(data, asked.negatives, SAMPLE, asked.seed))
    wrong: list[dict[int, Pair]] = [{} for _ in sample]
    for number in range(asked.rounds):
        with table.replaced(weights):
            place.renew()
            for held, hits in zip(wrong, false_hits(place, sample, _KEPT), strict=True):
                held.update(hits)
            right = list(right_cases(place, asked.positives, SAMPLE, asked.seed))
        weights = learn(right, [held for held in wrong if held], weights, asked.weight)
        hits_now = sum(len(held) for held in wrong)
        print(f"round {number + 1}: {len(right):,} cases of one party, {hits_now:,} false hits", flush=True)
        with table.replaced(weights):
            place.renew()
            others = list(customers(data, asked.negatives, SHIFT, asked.seed))
            weights = shifted(list(false_hits(place, others, _KEPT)), weights)
    note = (
        f"fitted by benchmarks/quality/fit.py: {asked.positives} listed names a class of {len(MANIPULATIONS)} "
        f"manipulations and of {len(SPELLED)} scripts as people write them, "
        f"{len(sample):,} customers, weight {asked.weight:g}, {asked.rounds} rounds, seed {asked.seed}; "
        f"base set for {ALERTS_PER_1000} of 1,000"
    )
    write(weights, asked.out, note)


if __name__ == "__main__":
    main()
