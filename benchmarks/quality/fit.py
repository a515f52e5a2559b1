"""Fits the scorer's table, `src/stopship/matching/data/signals.tsv`, and writes it anew.

    python -m benchmarks.quality.fit --positives 120 --negatives 3000 --rounds 2

Cases of one party are listed names manipulated in every class of `stopship.validation` with their own entry; cases
of two parties are real customers who are not listed, in their own script and in others, with the entries that come
nearest, found with the table of the round before and kept from round to round, so that the table learns from its
own worst mistakes. A logistic regression makes the sample likely; then the table is refined for recall at 1, 2 and
5 alerts of 1,000 (`validation.refine`). Three of five parts of names (by a hash of the name) make the sample; the
fourth sets the base, by which the default threshold lets 5 of 1,000 customers alert; the last is for reports only
and is not read here.
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
    all_false_hits,
    customers_in_scripts,
    right_cases,
    sample_of,
    wide,
)
from benchmarks.quality.lists import data_folder, index_path
from benchmarks.quality.names import customers

from stopship.matching import DEFAULT_THRESHOLD, table
from stopship.matching.kernels import columns as k
from stopship.matching.kernels.scores import graded, weigh_up
from stopship.validation.fit import bounds_of, fit_log_odds
from stopship.validation.manipulate import MANIPULATIONS
from stopship.validation.refine import refine, spread_of

SAMPLE, SHIFT = (1, 2, 3), (4,)
ALERTS_PER_1000 = 5
_KEPT = 0.05  # hits under this score are no mistakes to learn from
_FEW = 20  # a class of fewer cases counts less


def shares_of(right: Sequence[Right]) -> list[float]:
    """How much each right case counts: every class the same; one of few cases less."""
    per_class: dict[str, int] = {}
    for one in right:
        per_class[one.class_] = per_class.get(one.class_, 0) + 1
    return [1 / len(per_class) / max(per_class[one.class_], _FEW) for one in right]


def learn(
    right: Sequence[Right], wrong: Sequence[Mapping[int, Pair]], weights: Any, weight_of_wrong: float
) -> Any:
    """The table that makes the right cases and all false hits found so far most likely."""
    held = [hits for hits in wrong if hits]
    pairs: list[Pair] = []
    case: list[int] = []
    for number, found in enumerate([*(r.pairs for r in right), *(tuple(hits.values()) for hits in held)]):
        pairs += found
        case += [number] * len(found)
    shares = [*shares_of(right), *[weight_of_wrong / len(held)] * len(held)]
    same = np.array([1.0] * len(right) + [0.0] * len(held))
    return _silent(fit_log_odds(wide(pairs), np.array(case), same, np.array(shares), weights, _signs()))


def refined(
    right: Sequence[Right], wrong: Sequence[Mapping[int, Pair]], weights: Any, weight_of_wrong: float
) -> Any:
    """The table moved towards the best recall at few alerts, its log-odds as far apart as the sample says.
    Customers without a hit count too."""
    shares = np.array(shares_of(right))
    shares /= shares.sum()
    of_right, of_wrong = sample_of([r.pairs for r in right]), sample_of([tuple(h.values()) for h in wrong])
    found = refine(of_right, shares, of_wrong, weights, _signs())
    found = found * spread_of(of_right, shares, of_wrong, found, weight_of_wrong)
    return _silent(np.clip(found, *bounds_of(_signs())))


def _signs() -> list[str]:
    return [row.sign for row in table.signal_rows()] * 2


def _silent(weights: Any) -> Any:
    """How much names say grades the score and adds nothing to the log-odds."""
    weights[k.S_SAYS] = weights[k.SIGNALS + k.S_SAYS] = 0.0
    return weights


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
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    data = data_folder()
    path = index_path(data)
    place = Workplace.open(path)
    weights = table.weight_array()
    sample = list(customers_in_scripts(data, asked.negatives, SAMPLE, asked.seed))
    wrong: list[dict[int, Pair]] = [{} for _ in sample]
    for number in range(asked.rounds):
        for held, hits in zip(wrong, all_false_hits(path, sample, _KEPT, weights, asked.processes), strict=True):
            held.update(hits)
        with table.replaced(weights):
            right = list(right_cases(place, asked.positives, SAMPLE, asked.seed))
        hits_now = sum(len(held) for held in wrong)
        print(f"round {number + 1}: {len(right):,} cases of one party, {hits_now:,} false hits", flush=True)
        weights = refined(right, wrong, learn(right, wrong, weights, asked.weight), asked.weight)
        others = list(customers(data, asked.negatives, SHIFT, asked.seed))
        weights = shifted(list(all_false_hits(path, others, _KEPT, weights, asked.processes)), weights)
    note = (
        f"fitted by benchmarks/quality/fit.py: {asked.positives} listed names a class of {len(MANIPULATIONS)} "
        f"manipulations and as many in other scripts as people and publishers write them, "
        f"{len(sample):,} customers, weight {asked.weight:g}, {asked.rounds} rounds, refined, seed {asked.seed}; "
        f"base set for {ALERTS_PER_1000} of 1,000"
    )
    write(weights, asked.out, note)


if __name__ == "__main__":
    main()
