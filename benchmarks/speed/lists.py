"""The lists of the benchmark: the full CSL, and lists of any number of names that are made from it.

A made list of N names (aliases count) holds entities of the CSL, by chance, up to N / 2 names or the whole list,
and made-up entities (see `made`) for the rest. What is in a smaller list is in a larger one. Lists are JSON lines
in the flat layout of `stopship screen --list`; they and their indexes are kept in `.bench-cache` by what they are
made of.

The corpora are split by a hash of the name: words of listed names come from three fifths, customers are the other
two. Else the rare words of every customer would be listed, and a large part of them would alert rightly.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from benchmarks.quality.case import order_of
from benchmarks.quality.lists import LIST, file_hash
from benchmarks.speed import made
from benchmarks.speed.made import NameMaker, Pattern, name_key, organization_words, person_words

from stopship.model.entity import Entity, Name
from stopship.model.listing import Listing
from stopship.model.values import NameKind, Schema, country_names
from stopship.sources.catalogue import parse
from stopship.validation import letters, manipulate, words
from stopship.validation.manipulate import part_of

CUSTOMERS = (0, 1)  # fifths of the corpora, see `part_of`
CSL = "25k"  # its entities, in thousands: what the whole list is called
SEED = 20261125
COMPANIES = Path("corpora", "companies.csv.gz")
PERSONS = Path("corpora", "persons.csv.gz")
_MADE_BY = (made, manipulate, letters, words)


@dataclass(frozen=True, slots=True)
class NameList:
    """A list on disk: `size` as asked for, JSON lines at `path`, and a hash of what its index holds."""

    size: str
    path: Path
    digest: str

    def records(self) -> Iterator[dict[str, Any]]:
        """The entities as `id, name, aliases, schema, countries, source`."""
        with self.path.open("rb") as file:
            for line in file:
                yield orjson.loads(line)

    def names(self) -> Iterator[tuple[str, str, Schema]]:
        """Every name as (id of its entity, text, schema)."""
        for record in self.records():
            for text in (record["name"], *record["aliases"]):
                yield record["id"], text, Schema(record["schema"])


def count_of(size: str) -> int:
    """The number of names that a size says: 50k, 1M, 800.

    Raises:
        ValueError: it says none.
    """
    times = {"k": 1_000, "M": 1_000_000}.get(size[-1:], 1)
    count = int(size.rstrip("kM")) * times
    if count < 1:
        raise ValueError(f"{size!r} is no number of names")
    return count


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a gzipped CSV file."""
    with gzip.open(path, "rb") as raw:
        yield from csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))


def csl_entities(data: Path) -> tuple[Entity, ...]:
    """The entities of the full CSL as the product reads them."""
    return parse("us_csl", gzip.decompress((data / LIST).read_bytes()), "consolidated.csv").entities


def written(size: str, data: Path, cache: Path) -> NameList:
    """The list of this size; made where `cache` has none of these files, this code and this seed."""
    inputs = [file_hash(data / path) for path in (LIST, COMPANIES, PERSONS)]
    code = [file_hash(Path(str(module.__file__))) for module in _MADE_BY] + [file_hash(Path(__file__))]
    made_from = hashlib.sha256(" ".join((*inputs, *code, str(SEED), size)).encode()).hexdigest()
    path = cache / f"list-{size}-{made_from[:16]}.jsonl"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        listed = csl_entities(data)
        records = map(_listed, listed) if size == CSL else _records(count_of(size), listed, data)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.writelines(orjson.dumps(record) + b"\n" for record in records)
        part.replace(path)
    # The index of the CSL holds more of it than these lines.
    content = hashlib.sha256(f"{file_hash(path)} {inputs[0] if size == CSL else ''}".encode()).hexdigest()
    return NameList(size, path, content[:16])


def entities_of(listed: NameList, data: Path) -> Iterator[Entity]:
    """What goes into the index: of the CSL with everything that it prints, of a made list what `--list` reads."""
    if listed.size == CSL:
        yield from csl_entities(data)
        return
    for record in listed.records():
        kinds = [NameKind.PRIMARY, *(NameKind.ALIAS for _ in record["aliases"])]
        texts = (record["name"], *record["aliases"])
        yield Entity(
            id=record["id"],
            schema=Schema(record["schema"]),
            names=tuple(Name(text, kind) for text, kind in zip(texts, kinds, strict=True)),
            countries=tuple(record["countries"]),
            listings=(
                Listing(source=record["source"], program=f"custom.{record['source']}", name=record["name"]),
            ),
        )


def _listed(entity: Entity) -> dict[str, Any]:
    texts = list(dict.fromkeys(" ".join(name.text.split()) for name in entity.names))
    return _record(entity.id, texts, entity.schema, entity.countries, "us_csl")


def _record(
    number: str, names: list[str], schema: Schema, countries: Iterable[str], source: str
) -> dict[str, Any]:
    return {
        "id": number,
        "name": names[0],
        "aliases": names[1:],
        "schema": schema.value,
        "countries": list(countries),
        "source": source,
    }


def _records(count: int, listed: tuple[Entity, ...], data: Path) -> Iterator[dict[str, Any]]:
    """Records with exactly `count` names; the last entity has as many as fit."""
    left = count
    for entity in sorted(listed, key=lambda e: order_of(e.id)):
        record = _listed(entity)
        names = 1 + len(record["aliases"])
        if count - left + names > count // 2:
            break
        left -= names
        yield record
    for number, entity in enumerate(_maker(listed, data).entities(), start=1):
        names = list(entity.names[:left])
        left -= len(names)
        yield _record(f"made-{number:07d}", names, entity.schema, entity.countries, "made")
        if not left:
            return


def _maker(listed: tuple[Entity, ...], data: Path) -> NameMaker:
    listed_companies: list[Pattern] = []
    listed_persons: list[Pattern] = []
    for entity in listed:
        for name in entity.names:
            if entity.schema is Schema.PERSON:
                # "FAMILY, Given" in part; where there is no comma the last word is taken for the family name.
                family = name.text.partition(",")[0] + "," if "," in name.text else name.text.split()[-1]
                pattern = Pattern(
                    person_words(name.text, family, "listed person"), entity.schema, entity.countries
                )
                listed_persons.append(pattern)
            else:
                pattern = Pattern(organization_words(name.text, "listed"), entity.schema, entity.countries)
                listed_companies.append(pattern)
    companies, persons = _patterns(data, of_customers=False)
    return NameMaker(
        (companies, listed_companies),
        (persons, listed_persons),
        persons_share=sum(e.schema is Schema.PERSON for e in listed) / len(listed),
        names_each=[len(entity.names) for entity in listed],
        taken=_taken(listed, data),
        seed=SEED,
    )


def made_customers(data: Path) -> Iterator[tuple[str, Schema]]:
    """Names without end that are neither in the corpora nor on the CSL, from the words of customers alone."""
    companies, persons = _patterns(data, of_customers=True)
    taken = _taken(csl_entities(data), data)
    maker = NameMaker((companies,), (persons,), persons_share=0.5, names_each=(1,), taken=taken, seed=SEED + 1)
    return ((entity.names[0], entity.schema) for entity in maker.entities())


def corpus(path: Path, *, of_customers: bool) -> Iterator[dict[str, str]]:
    """The rows of a corpus that are customers, or those whose words may be listed."""
    return (row for row in rows_of(path) if (part_of(row["name"]) in CUSTOMERS) == of_customers)


def _patterns(data: Path, *, of_customers: bool) -> tuple[list[Pattern], list[Pattern]]:
    """The companies and persons of the corpora, of one part of them."""
    codes = {name: code for code, name in country_names().items()}
    companies = [
        Pattern(
            organization_words(row["name"], "company"),
            Schema.COMPANY,
            (codes[row["country"]],) if row.get("country") in codes else (),
        )
        for row in corpus(data / COMPANIES, of_customers=of_customers)
    ]
    persons = [
        Pattern(person_words(row["name"], row["family"], row["culture"]), Schema.PERSON, ())
        for row in corpus(data / PERSONS, of_customers=of_customers)
    ]
    return companies, persons


def _taken(listed: Iterable[Entity], data: Path) -> set[str]:
    """The keys of all customers' and all really listed names."""
    customers = (row["name"] for path in (COMPANIES, PERSONS) for row in rows_of(data / path))
    return {name_key(name) for name in customers} | {name_key(n.text) for entity in listed for n in entity.names}


def composition(listed: NameList) -> dict[str, Any]:
    """What is in a list: entities, names, real ones among them, distinct words, bytes of text."""
    entities = names = real = text = 0
    found: set[str] = set()
    for record in listed.records():
        entities += 1
        for name in (record["name"], *record["aliases"]):
            names += 1
            real += record["source"] != "made"
            text += len(name.encode())
            found.update(name_key(name).split())
    return {"entities": entities, "names": names, "real": real, "words": len(found), "text_bytes": text}
