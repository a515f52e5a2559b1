"""The files of a portfolio: its customers as they were enrolled, and what the last screening knew.

::

    <home>/monitor/<name>/<files>/customers.arrow   the rows, in the columns of the batch contract
    <home>/monitor/<name>/<files>/words/            the words of their names (`matching.sieve.KeptWords`)
    <home>/monitor/<name>/<files>/generation.json   the lists that those words were weighed by
    <home>/monitor/<name>/<state>/generation.json   the lists of the last screening
    <home>/monitor/<name>/<state>/names/            the names that it looked up (`matching.kept_names`)
    <home>/monitor/<name>/<state>/events.json       what it found, until that is told

A million customers are read whole and in order at each run, never one by one: a column of an Arrow file is mapped
in no time, where a database would make a million rows of it. The database says which folders hold; a folder is
finished under another name and renamed, so that a kill leaves the old or the new.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
import pyarrow as pa

from stopship.errors import PortfolioError, SettingsError
from stopship.matching.kept_names import KeptNames
from stopship.monitor.generation import Generation
from stopship.monitor.results import Event
from stopship.snapshots.files import move_folder, replace_file

CUSTOMERS, WORDS, GENERATION, NAMES = "customers.arrow", "words", "generation.json", "names"
EVENTS = "events.json"
KEY = "_stopship_customer"
"""The column of `customers.arrow` that says which customer a row is of."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_AGAIN = "Enroll the customers again: stopship monitor enroll"


def check_name(name: str, where: str) -> str:
    """A name that a portfolio may have.

    Raises:
        SettingsError: it may not.
    """
    if not _NAME.match(name):
        raise SettingsError(f"{name!r} can't name a portfolio", where=where, hint="Use a-z, 0-9, _ and -")
    return name


class PortfolioFiles:
    """The folder of one portfolio."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def batches(self, files: str) -> Iterator[pa.RecordBatch]:
        """The customers, mapped.

        Raises:
            PortfolioError: they are missing or damaged.
        """
        path = self.root / files / CUSTOMERS
        try:
            with pa.memory_map(str(path)) as mapped, pa.ipc.open_file(mapped) as reader:
                for number in range(reader.num_record_batches):
                    yield reader.get_batch(number)
        except (OSError, pa.ArrowInvalid) as bad:
            raise _missing(path, bad) from None

    def generation(self, folder: str) -> Generation:
        """The lists that a folder's content was made with."""
        return Generation.read(self.root / folder / GENERATION)

    def names(self, state: str) -> KeptNames:
        """The names that the last screening looked up.

        Raises:
            PortfolioError: they are missing or damaged.
        """
        path = self.root / state / NAMES
        try:
            return KeptNames.read(path)
        except (OSError, ValueError, EOFError) as bad:
            raise _missing(path, bad) from None

    def write_state(self, state: str, generation: Generation, names: KeptNames) -> None:
        """Keep what a screening knew, in a folder of its own."""
        folder = self.begin(state)
        generation.write(folder / GENERATION)
        (folder / NAMES).mkdir()
        names.write(folder / NAMES)
        self.finish(folder, state)

    def keep_events(self, state: str, events: Sequence[Event]) -> None:
        """Keep what a run found until `told` is called: it may end before anybody has heard of it."""
        replace_file(self.root / state / EVENTS, orjson.dumps([event.to_plain() for event in events]))

    def untold(self, state: str) -> list[Event]:
        """What the run that left this state found, where it ended before that was told."""
        path = self.root / state / EVENTS
        if not path.exists():
            return []
        try:
            return [Event.from_plain(plain) for plain in orjson.loads(path.read_bytes())]
        except (OSError, ValueError, KeyError, TypeError) as bad:
            raise _missing(path, bad) from None

    def told(self, state: str) -> None:
        """What the run that left this state found has been told."""
        (self.root / state / EVENTS).unlink(missing_ok=True)

    def begin(self, name: str) -> Path:
        """An empty folder to fill, which isn't there under its name yet."""
        folder = self.root / f".{name}.part"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def finish(self, folder: Path, name: str) -> None:
        """Give a filled folder its name, when all of it is on the disk."""
        place = self.root / name
        if place.exists():
            shutil.rmtree(place)
        for path in folder.rglob("*"):
            if path.is_file():
                with path.open("rb+") as file:
                    os.fsync(file.fileno())
        move_folder(folder, place)

    def holds_more_than(self, *names: str) -> bool:
        """Whether there are other folders than these."""
        return any(entry.name not in names and entry.is_dir() for entry in self.root.iterdir())

    def keep_only(self, *names: str) -> None:
        """Remove every folder but these: what runs before left behind."""
        for entry in self.root.iterdir():
            if entry.name not in names and entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)

    def remove(self) -> None:
        """Erase all of it.

        Raises:
            PortfolioError: something can't be erased.
        """
        if self.root.exists():
            try:
                shutil.rmtree(self.root)
            except OSError as bad:
                raise PortfolioError(f"can't be erased: {bad.strerror or bad}", where=str(self.root)) from None


def _missing(path: Path, bad: Exception) -> PortfolioError:
    reason = getattr(bad, "strerror", None) or "it is damaged"
    return PortfolioError(f"can't be read: {reason}", where=str(path), hint=_AGAIN)
