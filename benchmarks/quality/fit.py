"""Fits the scorer's table, `src/stopship/matching/data/signals.tsv`, and writes it anew.

    python -m benchmarks.quality.fit --positives 80 --negatives 1500 --rounds 3

Pairs of one party are listed names manipulated in every class of `stopship.validation`; pairs of two parties are
the best hits of real customers who are not listed, found with the table of the round before and kept from round to
round, so that the table learns from its own worst mistakes. Three of five parts of names (by a hash of the name)
make the sample; the fourth sets the common shift by which the default threshold lets 5 of 1,000 customers alert;
the last is for reports only and is not read here.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from benchmarks.quality.lists import data_folder, index_path
from benchmarks.quality.names import Customer, customers

from stopship.matching import DEFAULT_THRESHOLD, Index, kernels, table
from stopship.matching.candidates import BruteForce
from stopship.matching.compare.schemas import KEEP, compare_schemas, schema_by_name
from stopship.matching.lookup import Lookup
from stopship.matching.prepare import Prepared, PreparedName, prepare_name
from stopship.matching.score import comparable, known_of, least_logit, score_readings
from stopship.model.values import NameKind, Schema
from stopship.validation.fit import fit_log_odds
from stopship.validation.manipulate import MANIPULATIONS, manipulate, part_of

SAMPLE, SHIFT = (1, 2, 3), (4,)
ALERTS_PER_1000 = 5
_REACHED = 0.25  # a pair that shares less than this teaches nothing about what it shares
_AMBIGUOUS = 0.9  # the one word that says who is meant was left out: no table can know
_KEPT = 0.05  # hits under this score are no mistakes to learn from
_HITS = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names as the table sees them."""

    class_: str
    person: bool
    amounts: tuple[float, ...]


@dataclass(slots=True)
class Workplace:
    """The list, its index, and all pairs of two parties found so far."""

    index: Index
    lookup: Lookup
    readings: dict[int, list[int]]
    wrong: dict[tuple[str, int], Pair] = field(default_factory=dict)


def open_list(path: Path) -> Workplace:
    """The indexed list, with the readings of each entity."""
    index = Index.open(path)
    readings: dict[int, list[int]] = {}
    for reading, entity in enumerate(index.vectors["reading.entity"].tolist()):
        readings.setdefault(entity, []).append(reading)
    return Workplace(index, Lookup(index, BruteForce(index)), readings)


def right_pairs(place: Workplace, per_class: int, seed: int) -> Iterator[Pair]:
    """Manipulated names of the sample's parts with the best reading of the entity that they are of."""
    pool = [
        (number, name.text, entity.schema)
        for number, entity in enumerate(place.index.entities())
        for name in entity.names
        if entity.schema is not Schema.ADDRESS
        and name.kind is not NameKind.WEAK_ALIAS
        and part_of(name.text) in SAMPLE
    ]
    Random(seed).shuffle(pool)
    for class_ in MANIPULATIONS:
        taken = 0
        for number, text, schema in pool:
            made = manipulate(class_, text, schema, seed=seed)
            if made is None:
                continue
            taken += 1
            pair = best_pair(place, class_, made, schema, number)
            if pair is not None:
                yield pair
            if taken == per_class:
                break


def best_pair(place: Workplace, class_: str, text: str, schema: Schema, entity: int) -> Pair | None:
    """The best reading of an entity for a name, or None where the fit has nothing to learn from it."""
    try:
        name = prepare_name(text, schema, place.index.entities_with)
    except ValueError:
        return None
    found = [
        score_readings(ours, theirs, known_of(ours.role, theirs.role, person=ours.person and theirs.person))
        for theirs in map(place.index.reading, place.readings[entity])
        for ours in name.readings
        if comparable(ours.role, theirs.role)
    ]
    if not found or _same(place, name, entity):
        return None
    best = max(found, key=lambda scored: scored.score)
    if best.amounts[kernels.S_COVERAGE] < _REACHED or best.amounts[kernels.S_MISSING] > _AMBIGUOUS:
        return None
    return Pair(class_, bool(best.known & kernels.IS_PERSON), best.amounts)


def _same(place: Workplace, name: PreparedName, entity: int) -> bool:
    """Whether a name is one of the entity's, word for word: such names have a score of their own."""
    held = set(place.readings[entity])
    return any(r in held for key in name.analyzed.exact_keys for r in place.index.lookup("exact", key))


def worst_hits(place: Workplace, names: Sequence[Customer], least: float) -> Iterator[list[tuple[float, Any]]]:
    """For each customer the best hits of the list: (score, what was compared)."""
    for customer in names:
        try:
            name = prepare_name(customer.name, customer.schema, place.index.entities_with)
        except ValueError:
            yield []
            continue
        best: dict[int, tuple[float, Any]] = {}
        for at, reading, known, score in place.lookup.find(name, least=least):
            entity = place.index.origin(reading).entity
            ours = name.readings[at]
            worth = score * (KEEP if _other_kind(place, customer.schema, ours, entity) else 1.0)
            if entity not in best or worth > best[entity][0]:
                best[entity] = (worth, (ours, reading, known))
        yield sorted(best.values(), key=lambda hit: -hit[0])[:_HITS]


def _other_kind(place: Workplace, schema: Schema, ours: Prepared, entity: int) -> bool:
    kind = schema_by_name(schema, ours.tokens)
    return compare_schemas(kind, place.index.entity_number(entity).schema).contradicts


def learn(place: Workplace, right: Sequence[Pair], weights: Any, weight_of_wrong: float) -> Any:
    """The table that fits the right pairs and all wrong ones found so far; persons and others apart."""
    signs = [row.sign for row in table.signal_rows()]
    new = []
    for person in (False, True):
        ours = [pair for pair in right if pair.person == person]
        theirs = [pair for pair in place.wrong.values() if pair.person == person]
        per_class = {pair.class_: 0 for pair in ours}
        for pair in ours:
            per_class[pair.class_] += 1
        amounts = np.array([pair.amounts for pair in (*ours, *theirs)])
        same = np.array([1.0] * len(ours) + [0.0] * len(theirs))
        # Every class counts the same; one of few rows counts less.
        shares = [1 / len(per_class) / max(per_class[pair.class_], 20) for pair in ours]
        shares += [weight_of_wrong / len(theirs)] * len(theirs)
        before = weights[: kernels.SIGNALS] if not person else weights[kernels.SIGNALS :]
        found = fit_log_odds(amounts, same, np.array(shares), before, signs)
        found[kernels.S_SAYS] = 0.0
        new.append(found)
    return np.concatenate(new)


def shifted(place: Workplace, weights: Any, names: Sequence[Customer]) -> Any:
    """The same table with the base moved so that the default threshold lets the wished share alert."""
    scores = sorted((hits[0][0] if hits else 0.0 for hits in worst_hits(place, names, 0.05)), reverse=True)
    at = scores[int(len(scores) * ALERTS_PER_1000 / 1000)]
    move = least_logit(DEFAULT_THRESHOLD) - least_logit(at)
    moved = weights.copy()
    moved[kernels.S_BASE] += move
    moved[kernels.SIGNALS + kernels.S_BASE] += move
    return moved


def write(weights: Any, path: Path, note: str) -> None:
    """The table as a file, `note` in its first line."""
    lines = [f"# SOURCE: {note}", "# signal, sign, log-odds for organizations and others, for persons, meaning"]
    for at, row in enumerate(table.signal_rows()):
        one, other = weights[at] + 0.0, weights[kernels.SIGNALS + at] + 0.0
        lines.append(f"{row.signal}\t{row.sign}\t{one:.3f}\t{other:.3f}\t{row.meaning}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Fit and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--positives", type=int, default=80, help="manipulated names of each class")
    parser.add_argument("--negatives", type=int, default=1500, help="companies, and as many persons")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--weight", type=float, default=1.0, help="what all wrong pairs count against all right ones"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=table.PATH)
    asked = parser.parse_args()
    data = data_folder()
    place = open_list(index_path(data))
    weights = table.weight_array()
    sample = list(customers(data, asked.negatives, SAMPLE, asked.seed))
    for number in range(asked.rounds):
        with table.replaced(weights):
            place.lookup = Lookup(place.index, BruteForce(place.index))
            for customer, hits in zip(sample, worst_hits(place, sample, _KEPT), strict=True):
                for score, (ours, reading, known) in hits:
                    if score >= _KEPT and not known & kernels.IS_EXACT:
                        scored = score_readings(ours, place.index.reading(reading), known)
                        person = bool(known & kernels.IS_PERSON)
                        place.wrong[customer.name, reading] = Pair("", person, scored.amounts)
            right = list(right_pairs(place, asked.positives, asked.seed))
        weights = learn(place, right, weights, asked.weight)
        print(f"round {number + 1}: {len(right):,} pairs of one party, {len(place.wrong):,} of two")
    with table.replaced(weights):
        place.lookup = Lookup(place.index, BruteForce(place.index))
        weights = shifted(place, weights, list(customers(data, 2 * asked.negatives, SHIFT, asked.seed)))
    note = (
        f"fitted by benchmarks/quality/fit.py: {asked.positives} listed names a class of {len(MANIPULATIONS)}, "
        f"{len(sample):,} customers, {asked.rounds} rounds, seed {asked.seed}; "
        f"base set for {ALERTS_PER_1000} of 1,000"
    )
    write(weights, asked.out, note)


if __name__ == "__main__":
    main()
