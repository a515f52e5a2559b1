"""The files of a portfolio: its customers as they were enrolled, and what the last screening knew.

::

    <home>/monitor/<name>/<files>/customers.arrow   the rows, in the columns of the batch contract
    <home>/monitor/<name>/<files>/words/            the words of their names (`matching.sieve.KeptWords`)
    <home>/monitor/<name>/<files>/generation.json   the lists that those words were weighed by
    <home>/monitor/<name>/<state>/generation.json   the lists of the last screening
    <home>/monitor/<name>/<state>/looked_up.npy     which rows it looked up in full
    <home>/monitor/<name>/<state>/row_words.npy     the words of these: pairs of row and number of a word

A million customers are read whole and in order at each run, never one by one: a column of an Arrow file is mapped
in no time, where a database would make a million rows of it. The database says which folders hold; a folder is
finished under another name and renamed, so that a kill leaves the old or the new.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stopship.errors import PortfolioError, SettingsError
from stopship.monitor.generation import Generation

CUSTOMERS, WORDS, GENERATION, LOOKED_UP = "customers.arrow", "words", "generation.json", "looked_up.npy"
ROW_WORDS = "row_words.npy"
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

    def looked_up(self, state: str) -> Any:
        """Which rows the last screening looked up (booleans).

        Raises:
            PortfolioError: it is missing or damaged.
        """
        path = self.root / state / LOOKED_UP
        try:
            return np.unpackbits(np.load(path), bitorder="little").astype(np.bool_)
        except (OSError, ValueError) as bad:
            raise _missing(path, bad) from None

    def row_words(self, state: str) -> Any:
        """The words of the rows that were looked up (n pairs of row and word).

        Raises:
            PortfolioError: they are missing or damaged.
        """
        path = self.root / state / ROW_WORDS
        try:
            pairs = np.load(path)
            if pairs.ndim != 2 or pairs.shape[1] != 2:
                raise ValueError
            return pairs
        except (OSError, ValueError) as bad:
            raise _missing(path, bad) from None

    def write_state(self, state: str, generation: Generation, looked_up: Any, row_words: Any) -> None:
        """Keep what a screening knew, in a folder of its own."""
        folder = self.begin(state)
        generation.write(folder / GENERATION)
        np.save(folder / ROW_WORDS, row_words)
        np.save(folder / LOOKED_UP, np.packbits(looked_up, bitorder="little"))
        self.finish(folder, state)

    def begin(self, name: str) -> Path:
        """An empty folder to fill, which isn't there under its name yet."""
        folder = self.root / f".{name}.part"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def finish(self, folder: Path, name: str) -> None:
        """Give a filled folder its name."""
        place = self.root / name
        if place.exists():
            shutil.rmtree(place)
        folder.rename(place)

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
