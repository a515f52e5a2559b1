"""What is asked: customers, who are not listed, and variants of listed names; apart, and mixed.

Customers are companies and persons of the corpora, in turn, in a fixed chance order: the part whose words no list
is made of. Variants are names of the list manipulated in one way (`stopship.validation.manipulate`), as many of
each class. No query is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, zip_longest
from pathlib import Path
from random import Random

from benchmarks.quality.case import order_of
from benchmarks.speed.lists import COMPANIES, PERSONS, NameList, corpus, made_customers, rows_of

from stopship.model.values import Schema
from stopship.validation.manipulate import MANIPULATIONS, manipulate

COMPANY, PERSON, OTHER_SCRIPT = "company", "person", "other script"
_OTHER_SCRIPTS = ("corpora/cjk_companies_zh.csv.gz", "corpora/cjk_persons_ja.csv.gz")
# Of a mixture this share of rows are variants of listed names. A customer base has one in a hundred at most.
MIXTURES = (0.0, 0.01, 0.1, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: `class_` is `company`, `person` or `other script` for customers, else the manipulation; `right` the
    entities that are listed under the name (none for customers)."""

    text: str
    schema: Schema
    class_: str
    right: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The class, with the manipulations put together: those into other scripts apart."""
        if not self.right:
            return self.class_
        return "variant, other script" if self.class_.startswith("script_") else "variant"


def customers(data: Path, count: int, *, skip: int = 0) -> list[Asked]:
    """So many customers, companies and persons in turn, then persons alone; made-up ones when the corpora run out.

    `skip` leaves out as many of the first, so that a warm-up asks other ones.
    """
    found = list(_real_customers(data))
    if missing := max(0, count + skip - len(found)):
        made = islice(made_customers(data), missing)
        found += [Asked(text, schema, PERSON if schema is Schema.PERSON else COMPANY) for text, schema in made]
    return found[skip : skip + count]


@cache
def _real_customers(data: Path) -> tuple[Asked, ...]:
    drawn = [
        _in_chance_order((row["name"] for row in corpus(data / path, of_customers=True)), schema, class_)
        for path, schema, class_ in ((COMPANIES, Schema.COMPANY, COMPANY), (PERSONS, Schema.PERSON, PERSON))
    ]
    return tuple(asked for asked in chain.from_iterable(zip_longest(*drawn)) if asked is not None)


def other_scripts(data: Path, count: int) -> list[Asked]:
    """Chinese companies and Japanese persons, where the corpora are there."""
    files = [data / name for name in _OTHER_SCRIPTS if (data / name).is_file()]
    schemas = (Schema.COMPANY, Schema.PERSON)
    found = [
        _in_chance_order((row["name"] for row in rows_of(path)), schema, OTHER_SCRIPT)[: count // 2]
        for path, schema in zip(files, schemas, strict=False)
    ]
    return [asked for asked in chain.from_iterable(zip_longest(*found)) if asked is not None]


def _in_chance_order(names: Iterable[str], schema: Schema, class_: str) -> list[Asked]:
    return [Asked(name, schema, class_) for name in sorted({n for n in names if n.strip()}, key=order_of)]


def variants(listed: NameList, count: int, *, seed: int = 0) -> list[Asked]:
    """So many variants of names of the list, the classes in turn; classes that apply to few names give fewer."""
    names = list(listed.names())
    owners: dict[str, list[str]] = {}
    for number, text, _schema in names:
        owners.setdefault(text.casefold(), []).append(number)
    each = -(-count // len(MANIPULATIONS))
    drawn: list[list[Asked]] = []
    known: set[str] = set()
    for class_ in MANIPULATIONS:
        rng = Random(f"{seed} {class_}")
        found: list[Asked] = []
        # Some classes apply to few names (legal forms, initials): give up after a while.
        for at in rng.sample(range(len(names)), min(len(names), 20 * each + 200)):
            _number, text, schema = names[at]
            query = manipulate(class_, text, schema, seed=seed)
            if query is None or query in known:
                continue
            known.add(query)
            # A variant that is itself listed (a shorter alias, say) is right for those entities too.
            right = {*owners[text.casefold()], *owners.get(query.casefold(), ())}
            found.append(Asked(query, schema, class_, tuple(sorted(right))))
            if len(found) == each:
                break
        drawn.append(found)
    turns = chain.from_iterable(zip_longest(*drawn))
    return [asked for asked in turns if asked is not None][:count]


def mixture(clean: Sequence[Asked], listed: Sequence[Asked], share: float, count: int) -> list[Asked]:
    """`count` queries (fewer where there are not enough), of which `share` are variants, in a chance order."""
    if share >= 1:
        return list(listed[:count])
    count = min(count, int(len(clean) / (1 - share)), int(len(listed) / share) if share else count)
    of_listed = round(count * share)
    mixed = [*clean[: count - of_listed], *listed[:of_listed]]
    Random(f"{share} {count}").shuffle(mixed)
    return mixed
