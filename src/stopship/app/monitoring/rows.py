"""The rows of a portfolio: which a change may touch, and what screening some of them finds."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from stopship.app.indexes import IndexPlace
from stopship.bulk import ScreenOptions
from stopship.bulk.local import BATCH_ROWS, map_batches
from stopship.bulk.monitored import LOOKED_UP, CustomerWork, TouchWork, learn, said
from stopship.bulk.parts import Parts
from stopship.matching import Index
from stopship.matching.kept_names import KeptNames, joined
from stopship.matching.links import is_link, links_of
from stopship.matching.prepare import text_number
from stopship.monitor import Change, generation_of
from stopship.monitor.files import CUSTOMERS, GENERATION, KEY, NAMES, WORDS, PortfolioFiles
from stopship.monitor.generation import versions
from stopship.store import Database, matches
from stopship.store.portfolios import Portfolio

Progress = Callable[[int, int, float | None], None]
"""Is told rows done, rows with hits or touched, and how much of the work that is."""
_PART_INDEX = "changed.index"


@dataclass(slots=True)
class Found:
    """What a screening of some rows says: their hits by row, the names of those that were looked up, and how many
    can't be used."""

    rows: Any
    hits: dict[int, list[dict[str, Any]]]
    names: KeptNames
    rejected: int


def learn_words(folder: Path, index: Index, progress: Progress | None) -> None:
    """Read the words of the customers in a folder, and note by which lists they were weighed."""
    place = PortfolioFiles(folder.parent)
    total = sum(len(batch) for batch in place.batches(folder.name))

    def told() -> Iterator[pa.RecordBatch]:
        done = 0
        for batch in place.batches(folder.name):
            yield without_key(batch)
            done += len(batch)
            if progress:
                progress(done, 0, done / total)

    words = learn(told(), index, total)
    (folder / WORDS).mkdir()
    words.write(folder / WORDS)
    generation_of(index).write(folder / GENERATION)


def learned_again(files: PortfolioFiles, known: Portfolio, index: Index, progress: Progress | None) -> str:
    """The customers in a new folder, their words read by this version of the program."""
    folder = f"customers-{known.source_sha256[:16]}-{short(index.content_hash)}-{short(_digest(versions()))}"
    if not (files.root / folder).is_dir():
        making = files.begin(folder)
        shutil.copyfile(files.root / known.files / CUSTOMERS, making / CUSTOMERS)
        learn_words(making, index, progress)
        files.finish(making, folder)
    return folder


def sizes(files: PortfolioFiles, folder: str) -> tuple[int, int]:
    """How many batches and rows there are."""
    lengths = [len(batch) for batch in files.batches(folder)]
    return len(lengths), sum(lengths)


def without_key(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.drop_columns([KEY])


def touched_rows(
    files: PortfolioFiles,
    folder: str,
    place: IndexPlace,
    options: ScreenOptions,
    change: Change,
    state: str,
    forget: Iterable[str],
    parts: Parts,
    processes: int | None,
    progress: Progress | None,
) -> Any:
    """The rows that a change of entities or words may touch."""
    if change.nothing:
        return np.zeros(0, np.int64)
    part_path = None
    entities = change.touched(place.index)
    if entities:
        part_path = parts.directory / _PART_INDEX
        Index.build([(place.index.lists[0], entities)], whole=place.index).write(part_path)
    work = TouchWork(
        place.directory(), place.index.content_hash, part_path, options, files.root / folder / WORDS,
        tuple(forget), files.root / state / NAMES, change.words,
    )  # fmt: skip
    looked_up = files.names(state).row

    def missing() -> Iterator[tuple[pa.RecordBatch, int]]:
        at = 0
        for number, batch in enumerate(files.batches(folder)):
            if number not in parts.done:
                first, end = np.searchsorted(looked_up, [at, at + len(batch)])
                kept = np.full(len(batch), -1, np.int64)
                kept[looked_up[first:end] - at] = np.arange(first, end)
                yield without_key(batch).append_column(LOOKED_UP, pa.array(kept)), number
            at += len(batch)

    count = touched = 0
    size, total = sizes(files, folder)
    for number, data in map_batches(work, missing(), processes=processes):
        parts.add(number, data, {})
        count, touched = count + 1, touched + len(data) // 8
        if progress:
            progress(min(total, count * BATCH_ROWS), touched, count / size)
    found: list[Any] = []
    at = 0
    for number, batch in enumerate(files.batches(folder)):
        data = parts.data(number)
        found.append(np.frombuffer(data, "<i8") + at)
        at += len(batch)
    return np.concatenate(found)


def rows_with_words(names: KeptNames, words: Iterable[str]) -> Any:
    """The rows that were looked up and hold one of these words."""
    return names.with_words(np.array([text_number(word) for word in words], np.int64))


def names_after(found: Found, before: KeptNames) -> KeptNames:
    """The names of the rows that were looked up when they were last screened."""
    return joined([before.take(np.flatnonzero(~np.isin(before.row, found.rows))), found.names])


def rows_with_matches(
    database: Database, files: PortfolioFiles, folder: str, known: Portfolio, change: Change, index: Index
) -> Any:
    """The rows of customers with an open match on an entity that is no longer there as it was, or that is now
    linked with other entries."""
    touched = {*change.entities, *change.weighed}
    with database.begin() as connection:
        held = list(matches.open_matches(connection, known.id))
    customers: set[str] = set()
    for match in held:
        numbers = [n for n in index.lookup("id", match.entity_id) if index.entity_number(n).id == match.entity_id]
        if not touched.isdisjoint(numbers) or _is_other(index, numbers, orjson.loads(match.hit)):
            customers.add(match.customer)
    return _rows_of(files, folder, customers)


def _is_other(index: Index, numbers: Sequence[int], hit: dict[str, Any]) -> bool:
    """Whether an entity is gone from a list that had it, or is linked with other entries than its hit says."""
    entities = [index.entity_number(number) for number in numbers]
    if not {listing["source"] for listing in hit["listings"]} <= {
        listing.source for entity in entities for listing in entity.listings
    }:
        return True
    ours = next(
        (one for one in entities if (one.listings[0].source if one.listings else None) == hit["source"]), None
    )
    if ours is None:
        return True
    links = [link.evidence.text for link in links_of(index, ours)] if hit["alert"] else []
    return links != [text for text in hit["evidence"] if is_link(text)]


def _rows_of(files: PortfolioFiles, folder: str, customers: set[str]) -> Any:
    if not customers:
        return np.zeros(0, np.int64)

    wanted = pa.array(sorted(customers), pa.string())
    found: list[Any] = []
    at = 0
    for batch in files.batches(folder):
        found.append(np.flatnonzero(pc.is_in(batch.column(KEY), wanted).to_numpy(zero_copy_only=False)) + at)
        at += len(batch)
    return np.concatenate(found)


def screen_rows(
    files: PortfolioFiles,
    folder: str,
    place: IndexPlace,
    options: ScreenOptions,
    rows: Any,
    forget: Iterable[str],
    parts: Parts,
    first_part: int,
    processes: int | None,
    progress: Progress | None,
) -> Found:
    """Screen some rows against all lists; parts of it are numbered from `first_part`."""
    words = files.root / folder / WORDS
    work = CustomerWork(place.directory(), place.index.content_hash, options, words, tuple(forget))

    def missing() -> Iterator[tuple[pa.RecordBatch, int]]:
        for number, batch in enumerate(_chosen(files, folder, rows), start=first_part):
            if number not in parts.done:
                yield without_key(batch), number

    done = hits = 0
    for number, data in map_batches(work, missing(), processes=processes):
        parts.add(number, data, {})
        done += BATCH_ROWS
        hits += len(said(data)[0]["hits"])
        if progress:
            progress(min(done, len(rows)), hits, min(1.0, done / max(1, len(rows))))
    all_hits: dict[int, list[dict[str, Any]]] = {}
    looked_up: list[KeptNames] = []
    rejected = 0
    for number in range(-(-len(rows) // BATCH_ROWS)):
        plain, names = said(parts.data(first_part + number))
        at = number * BATCH_ROWS
        looked_up.append(replace(names, row=rows[at + names.row]))
        rejected += len(plain["rejected"])
        all_hits.update((int(rows[at + row]), hits_of) for row, hits_of in plain["hits"])
    return Found(rows, all_hits, joined(looked_up), rejected)


def _chosen(files: PortfolioFiles, folder: str, rows: Any) -> Iterator[pa.RecordBatch]:
    """Some rows, in batches of the usual size."""
    pieces: list[pa.RecordBatch] = []
    count = at = 0
    for batch in files.batches(folder):
        first, end = np.searchsorted(rows, [at, at + len(batch)])
        if end > first:
            whole = end - first == len(batch)
            pieces.append(batch if whole else batch.take(pa.array(rows[first:end] - at)))
            count += end - first
        at += len(batch)
        while count >= BATCH_ROWS:
            joined = pa.Table.from_batches(pieces).combine_chunks().to_batches()[0]
            yield joined.slice(0, BATCH_ROWS)
            pieces, count = [joined.slice(BATCH_ROWS)], count - BATCH_ROWS
    if count:
        yield pa.Table.from_batches(pieces).combine_chunks().to_batches()[0]


def short(content_hash: str) -> str:
    return content_hash.removeprefix("sha256:")[:12]


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
