"""The cases of Stopship's own sets: names as printed, names manipulated by class, and the sets that plug in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from benchmarks.quality.case import Case, order_of

from stopship.model.entity import Entity
from stopship.model.values import NameKind, Schema
from stopship.names.script import Script, scripts
from stopship.validation.manipulate import MANIPULATIONS, manipulate, part_of

SETS = Path(__file__).with_name("sets")


@dataclass(frozen=True, slots=True)
class SetCase:
    """A case and the set that it is of."""

    set: str
    case: Case


def script_of_name(text: str) -> str:
    """The script of a name for the tables; `Mixed` where there is more than one."""
    found = scripts(text) - {Script.COMMON}
    return next(iter(found)).value if len(found) == 1 else "Mixed" if found else Script.COMMON.value


def owners(entities: Iterable[Entity]) -> dict[str, tuple[str, ...]]:
    """Name in folded case -> ids of all entries that are listed under it."""
    held: dict[str, set[str]] = {}
    for entity in entities:
        for name in entity.names:
            held.setdefault(name.text.casefold(), set()).add(entity.id)
    return {name: tuple(sorted(ids)) for name, ids in held.items()}


def listed_names(entities: Sequence[Entity]) -> list[tuple[str, Schema]]:
    """Every printed name once, with the schema of the first entry under it, in a fixed chance order."""
    found: dict[str, Schema] = {}
    for entity in entities:
        for name in entity.names:
            if name.kind is not NameKind.WEAK_ALIAS:
                found.setdefault(name.text, entity.schema)
    return sorted(found.items(), key=lambda pair: order_of(pair[0]))


def verbatim(entities: Sequence[Entity], at_most: int | None) -> Iterator[SetCase]:
    """Names and aliases exactly as printed; `at_most` None takes them all."""
    known = owners(entities)
    for text, schema in listed_names(entities)[:at_most]:
        case = Case("verbatim", script_of_name(text), text, schema, known[text.casefold()])
        yield SetCase("verbatim", case)


def manipulated(entities: Sequence[Entity], per_class: int, part: str, seed: int) -> Iterator[SetCase]:
    """`per_class` names of each class: of the last fifth (`last`) or of the other four (`tune`).

    Each class draws in an order of its own, so that one odd name is not in all of them.
    """
    known = owners(entities)
    names = [n for n in listed_names(entities) if (part_of(n[0]) == 0) == (part == "last")]
    for class_ in MANIPULATIONS:
        made = 0
        for text, schema in sorted(names, key=lambda pair: order_of(f"{class_}\0{pair[0]}")):
            if made == per_class:
                break
            query = manipulate(class_, text, schema, seed=seed)
            if query is None:
                continue
            # A manipulated name that is itself listed (a shorter alias, say) is right for those entries too.
            ids = tuple(sorted({*known[text.casefold()], *known.get(query.casefold(), ())}))
            made += 1
            yield SetCase("manipulated", Case(class_, script_of_name(query), query, schema, ids))


def plugged_in(entities: Sequence[Entity], data: Path, at_most: int | None) -> Iterator[SetCase]:
    """The cases of every module in `sets`, by name of the module; of each class the first `at_most`."""
    for path in sorted(SETS.glob("[a-z]*.py")):
        module = import_module(f"benchmarks.quality.sets.{path.stem}")
        if not hasattr(module, "rows"):
            continue  # what sets share
        seen: dict[str, int] = {}
        for case in module.rows(entities, data):
            seen[case.class_] = seen.get(case.class_, 0) + 1
            if at_most is None or seen[case.class_] <= at_most:
                yield SetCase(module.name, case)
