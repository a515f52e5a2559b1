"""Damaged files for every reader of official lists: none may crash, hang, or lose rows.

    python -m benchmarks.lists.fuzz --minutes 10
    python -m benchmarks.lists.fuzz --inputs 5000 --source un_sc --keep DIR

An input is a whole small file with one to four changes (`benchmarks.lists.mutations`). Its reader may refuse it
with a `ListFileError`, or read it; then every row is loaded or rejected, every entity has a name and a listing and
can be written and read again. Anything else is a fault, and so is an input that takes 5 seconds. Exit code 1 if
there was a fault; with `--keep` its bytes are written to a folder.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from benchmarks.lists.mutations import fingerprint, mutated
from benchmarks.lists.seeds import Seed, seeds

from stopship.errors import ListFileError, SourceDrift
from stopship.model.serialize import entity_from_plain, entity_to_plain
from stopship.sources.catalogue import parse

MOST_SECONDS = 5.0
MOST_MESSAGE = 700


class Fault(Exception):
    """What no reader may do; the message says what."""


@dataclass(slots=True)
class Tally:
    """What became of the inputs of one source. `slowest` in seconds."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    faults: dict[str, str] = field(default_factory=dict)


def try_one(seed: Seed, number: int) -> str:
    """Hand one input to its reader: "read", "drift" or "refused".

    Raises:
        Fault: the reader crashed, took too long, or gave what it may not give.
    """
    return try_bytes(seed.source, mutated(seed, number), seed.name.rpartition("/")[2])


def try_bytes(source: str, data: bytes, name: str) -> str:
    """As `try_one`, of these bytes."""
    try:
        with _limit():
            parsed = parse(source, data, name)
    except ListFileError as error:
        message = str(error)
        if "\n" in message or len(message) > MOST_MESSAGE:
            what = "has several lines" if "\n" in message else "is too long"
            raise Fault(f"its message {what}: {message[len(name) : len(name) + 40]!r}") from None
        return "drift" if isinstance(error, SourceDrift) else "refused"
    except Fault:
        raise
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        raise Fault(f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {error}") from error
    if parsed.rows != parsed.loaded + len(parsed.rejects):
        raise Fault(f"{parsed.rows} rows, {parsed.loaded} loaded, {len(parsed.rejects)} rejects")
    ids = [entity.id for entity in parsed.entities]
    if len(set(ids)) != len(ids):
        raise Fault("two entities have one id")
    for entity in parsed.entities:
        if not entity.names or not entity.listings or not entity.id:
            raise Fault("an entity has no name, no listing or no id")
        if not all(name.text.strip() for name in entity.names):
            raise Fault("a name has no text")
        try:
            again = entity_from_plain(orjson.loads(orjson.dumps(entity_to_plain(entity))))
        except Exception as error:
            raise Fault(f"an entity can't be written and read again: {type(error).__name__} {error}") from error
        if again != entity:
            raise Fault("an entity is another one when read again")
    try:
        orjson.dumps([(r.row, r.reason, r.text) for r in parsed.rejects] + list(parsed.warnings))
    except Exception as error:
        raise Fault(f"rejects or warnings can't be written: {error}") from error
    return "read"


@contextmanager
def _limit() -> Iterator[None]:
    """Stops a reader after `MOST_SECONDS` of the processor's time, where the system has alarms."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def late(_number: int, _frame: object) -> None:
        raise Fault(f"it took more than {MOST_SECONDS:g} seconds")

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def run(chosen: list[Seed], *, minutes: float, inputs: int, first: int, keep: Path | None) -> dict[str, Tally]:
    """All seeds in turn, a batch of numbers each, until the time is over or each had its inputs."""
    tallies: dict[str, Tally] = {seed.source: Tally() for seed in chosen}
    until = time.monotonic() + minutes * 60
    number, batch = first, 20
    while number - first < inputs and time.monotonic() < until:
        for seed in chosen:
            tally = tallies[seed.source]
            for each in range(number, min(number + batch, first + inputs)):
                start = time.perf_counter()
                try:
                    tally.outcomes[try_one(seed, each)] += 1
                except Fault as fault:
                    tally.outcomes["fault"] += 1
                    _note(seed, each, fault, tally, keep)
                tally.slowest = max(tally.slowest, time.perf_counter() - start)
        number += batch
    return tallies


def _note(seed: Seed, number: int, fault: Fault, tally: Tally, keep: Path | None) -> None:
    key = str(fault)[:160]
    if key in tally.faults:
        return
    tally.faults[key] = f"{seed.name}, number {number}"
    print(f"FAULT {seed.source} {seed.name} {number}: {key}", file=sys.stderr, flush=True)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        data = mutated(seed, number)
        (keep / f"{seed.source}-{number}-{fingerprint(data)}").write_bytes(data)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--inputs", type=int, default=10**9, help="of each file")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--source", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--keep", type=Path, help="a folder for inputs that are faults")
    given = parser.parse_args()
    chosen = [seed for seed in seeds() if not given.source or seed.source in given.source]
    tallies = run(chosen, minutes=given.minutes, inputs=given.inputs, first=given.first, keep=given.keep)
    total: Counter[str] = Counter()
    print(f"{'source':18} {'inputs':>8} {'read':>8} {'refused':>8} {'drift':>8} {'faults':>7} {'slowest':>8}")
    for source, tally in sorted(tallies.items()):
        total += tally.outcomes
        print(_line(source, tally.outcomes, f"{tally.slowest:7.2f}s"))
    print(_line("all", total, ""))
    return 1 if total["fault"] else 0


def _line(name: str, counts: Counter[str], end: str) -> str:
    figures = (sum(counts.values()), counts["read"], counts["refused"], counts["drift"])
    return f"{name:18} " + " ".join(f"{n:8,}" for n in figures) + f" {counts['fault']:7,} {end}"


if __name__ == "__main__":
    raise SystemExit(main())
