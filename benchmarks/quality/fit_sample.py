"""What the fit learns from: manipulated listed names with their own entry, and customers with their false hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from benchmarks.quality.lists import data_folder
from benchmarks.quality.names import Customer, customers
from benchmarks.quality.sets import native_publishers, native_spellings

from stopship.matching import Index, table
from stopship.matching.candidates import BruteForce
from stopship.matching.compare.schemas import KEEP, compare_schemas, schema_by_name
from stopship.matching.kernels import columns as k
from stopship.matching.lookup import Lookup
from stopship.matching.prepare import Prepared, PreparedName, prepare_name
from stopship.matching.score import comparable, known_of, score_readings
from stopship.model.values import NameKind, Schema
from stopship.validation.manipulate import MANIPULATIONS, manipulate, part_of
from stopship.validation.refine import NEVER, Sample

AS_WRITTEN = (native_spellings, native_publishers)
_SLIPS = ("deleted", "inserted", "replaced", "transposed")
_WITH_A_SLIP = ("place_added", "word_added", "legal_form_other", "legal_form_dropped", "initials")
_REACHED = 0.25  # a pair that shares less than this teaches nothing about what it shares
_AMBIGUOUS = 0.9  # the one word that says who is meant was left out: no table can know
_BEST = 4  # readings of the right entry
_HITS = 12  # entries that a customer is compared with
_CHUNK = 500  # customers that a process takes at a time
_IN_SCRIPTS = 24  # one customer of so many is written in each of the other scripts


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names as the table sees them; `score` counts a contradiction of kind in."""

    score: float
    known: int
    amounts: tuple[float, ...]

    @property
    def person(self) -> bool:
        """Which of the two tables weighs it."""
        return bool(self.known & k.IS_PERSON)


@dataclass(frozen=True, slots=True)
class Right:
    """A manipulated name of a class, with the best readings of the entry that it is of."""

    class_: str
    pairs: tuple[Pair, ...]


@dataclass(slots=True)
class Workplace:
    """The list, its index, and the readings of each entity."""

    index: Index
    lookup: Lookup
    readings: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> Workplace:
        """Open the indexed list."""
        index = Index.open(path)
        place = cls(index, Lookup(index, BruteForce(index)))
        for reading, entity in enumerate(index.vectors["reading.entity"].tolist()):
            place.readings.setdefault(entity, []).append(reading)
        return place

    def renew(self) -> None:
        """Look up by the table of now: what is worth comparing depends on it."""
        self.lookup = Lookup(self.index, BruteForce(self.index))


def customers_in_scripts(data: Path, count: int, parts: tuple[int, ...], seed: int) -> Iterator[Customer]:
    """Customers as printed, and others in the letters of each other script."""
    yield from customers(data, count, parts, seed)
    others = list(customers(data, count, parts, seed + 1))
    Random(seed).shuffle(others)
    left = iter(others)
    for class_ in (c for c in MANIPULATIONS if c.startswith("script_")):
        made = 0
        while made < count // _IN_SCRIPTS and (customer := next(left, None)):
            text = manipulate(class_, customer.name, customer.schema, seed=seed)
            if text:
                made += 1
                yield Customer(text, customer.schema)


def _listed(place: Workplace, parts: tuple[int, ...]) -> list[tuple[int, str, Schema]]:
    """The printed names of some parts: number of the entity, name, what it is the name of."""
    return [
        (number, name.text, entity.schema)
        for number, entity in enumerate(place.index.entities())
        for name in entity.names
        if entity.schema is not Schema.ADDRESS
        and name.kind is not NameKind.WEAK_ALIAS
        and part_of(name.text) in parts
    ]


def right_cases(place: Workplace, per_class: int, parts: tuple[int, ...], seed: int) -> Iterator[Right]:
    """Manipulated names of some parts, `per_class` of each class."""
    pool = _listed(place, parts)
    for class_ in MANIPULATIONS:
        # An order of its own for each class: otherwise the same few names would make them all.
        Random(f"{seed} {class_}").shuffle(pool)
        taken = 0
        for number, text, schema in pool:
            made = manipulate(class_, text, schema, seed=seed)
            if made is None:
                continue
            taken += 1
            pairs = _best_pairs(place, made, schema, number)
            if pairs:
                yield Right(class_, pairs)
            if taken == per_class:
                break
    yield from _changed_twice(place, per_class, parts, seed)
    yield from _as_people_write(place, per_class, parts)


def _changed_twice(place: Workplace, per_class: int, parts: tuple[int, ...], seed: int) -> Iterator[Right]:
    """Names with a slip that were changed in another way too (Hikvison USA Inc): a class for each other way."""
    pool = _listed(place, parts)
    for other in _WITH_A_SLIP:
        Random(f"{seed} twice {other}").shuffle(pool)
        taken = 0
        for number, text, schema in pool:
            once = manipulate(other, text, schema, seed=seed)
            made = manipulate(_SLIPS[number % len(_SLIPS)], once, schema, seed=seed) if once else None
            if made is None:
                continue
            taken += 1
            if pairs := _best_pairs(place, made, schema, number):
                yield Right(f"{other} with a slip", pairs)
            if taken == per_class:
                break


def _as_people_write(place: Workplace, per_class: int, parts: tuple[int, ...]) -> Iterator[Right]:
    """Names in other scripts as people and publishers write them: what no rule of a manipulation makes."""
    entities = list(place.index.entities())
    numbers = {entity.id: number for number, entity in enumerate(entities)}
    taken: dict[str, int] = {}
    for case in chain.from_iterable(each.rows(entities, data_folder()) for each in AS_WRITTEN):
        if part_of(case.query) in parts and taken.get(case.class_, 0) < per_class:
            taken[case.class_] = taken.get(case.class_, 0) + 1
            held = [_best_pairs(place, case.query, case.schema, numbers[id_]) for id_ in case.expected_ids]
            if best := max(held, key=lambda pairs: max((p.score for p in pairs), default=0.0)):
                yield Right(case.class_, best)


def _best_pairs(place: Workplace, text: str, schema: Schema, entity: int) -> tuple[Pair, ...]:
    """The best readings of an entity for a name; none where the fit has nothing to learn from it."""
    try:
        name = prepare_name(text, schema, place.index.entities_with)
    except ValueError:
        return ()
    if _same(place, name, entity):
        return ()
    found = [
        score_readings(ours, theirs, known_of(ours, theirs))
        for theirs in map(place.index.reading, place.readings[entity])
        for ours in name.readings
        if comparable(ours.role, theirs.role)
    ]
    found.sort(key=lambda scored: -scored.score)
    return tuple(
        Pair(scored.score, scored.known, scored.amounts)
        for scored in found[:_BEST]
        if scored.amounts[k.S_COVERAGE] >= _REACHED and scored.amounts[k.S_MISSING] <= _AMBIGUOUS
    )


def _same(place: Workplace, name: PreparedName, entity: int) -> bool:
    """Whether a name is one of the entity's, word for word or joined: such names have a score of their own."""
    held = set(place.readings[entity])
    analyzed = name.analyzed
    same = [r for key in analyzed.exact_keys for r in place.index.lookup("exact", key)]
    same += place.index.lookup("joined", analyzed.joined) if analyzed.joined else []
    return not held.isdisjoint(same)


def false_hits(place: Workplace, names: Sequence[Customer], least: float) -> Iterator[dict[int, Pair]]:
    """For each customer its best hits by entity, the number of the reading as key; names that are the same are
    left out."""
    for customer in names:
        try:
            name = prepare_name(customer.name, customer.schema, place.index.entities_with)
        except ValueError:
            yield {}
            continue
        best: dict[int, tuple[float, int, int, int]] = {}
        for at, reading, known, score in place.lookup.find(name, least=least):
            entity = place.index.origin(reading).entity
            worth = score * (KEEP if _other_kind(place, customer.schema, name.readings[at], entity) else 1.0)
            if not known & k.IS_EXACT and (entity not in best or worth > best[entity][0]):
                best[entity] = (worth, at, reading, known)
        found = {}
        for worth, at, reading, known in sorted(best.values(), key=lambda hit: -hit[0])[:_HITS]:
            scored = score_readings(name.readings[at], place.index.reading(reading), known)
            found[reading] = Pair(worth, known, scored.amounts)
        yield found


def all_false_hits(
    index: Path, names: Sequence[Customer], least: float, weights: Any, processes: int
) -> Iterator[dict[int, Pair]]:
    """`false_hits` with another table, shared among processes; in the order of the names."""
    parts = [names[at : at + _CHUNK] for at in range(0, len(names), _CHUNK)]
    with ProcessPoolExecutor(processes, initializer=_open, initargs=(index, least, weights)) as pool:
        for found in pool.map(_hits_of, parts):
            yield from found


_here: list[tuple[Workplace, float, Any]] = []  # one in each process


def _open(index: Path, least: float, weights: Any) -> None:
    _here[:] = [(Workplace.open(index), least, weights)]


def _hits_of(names: Sequence[Customer]) -> list[dict[int, Pair]]:
    place, least, weights = _here[0]
    with table.replaced(weights):
        place.renew()
        return list(false_hits(place, names, least))


def _other_kind(place: Workplace, schema: Schema, ours: Prepared, entity: int) -> bool:
    kind = schema_by_name(schema, ours.tokens)
    return compare_schemas(kind, place.index.entity_number(entity).schema).contradicts


def sample_of(cases: Sequence[Sequence[Pair]]) -> Sample:
    """Cases with their pairs, as `validation.refine` takes them."""
    pairs = [pair for held in cases for pair in held]
    says = np.minimum(1.0, np.array([pair.amounts[k.S_SAYS] for pair in pairs]) / k.SAYS_ALL)
    part = np.array([k.PART if pair.known & k.IS_PART else 1.0 for pair in pairs])
    differs = [
        pair.amounts[k.S_NUMBER_DIFFERENT] + pair.amounts[k.S_PLACE_DIFFERENT] + pair.amounts[k.S_GENDER]
        for pair in pairs
    ]
    return Sample(
        wide(pairs).astype(np.float32),
        np.array([number for number, held in enumerate(cases) for _ in held], np.int64),
        k.HIGHEST * (1 - k.GRADED + k.GRADED * says) * part,
        np.where(np.array(differs) > 0, k.CAP, np.inf),
        np.full(len(cases), NEVER),
    )


def wide(pairs: Sequence[Pair]) -> Any:
    """The amounts of pairs as rows for both tables: those of organizations first."""
    rows = np.zeros((len(pairs), 2 * k.SIGNALS))
    for row, pair in zip(rows, pairs, strict=True):
        start = k.SIGNALS if pair.person else 0
        row[start : start + k.SIGNALS] = pair.amounts
    return rows
