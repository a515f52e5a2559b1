"""How an index comes to the machines of a cluster: a folder that all see, a URL that each machine copies once,
or a packed copy that the engine brings.

Each machine has a cache: a folder per index, named by its content, made under a lock, held against its hash and
put in place whole. What lies there is never changed.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stopship.bulk.places import Place, is_url
from stopship.bulk.terms import Terms
from stopship.errors import IndexFileError, StateError, WorkerRefused
from stopship.matching.storage import HEADER, header_of

CACHE = "STOPSHIP_INDEX_CACHE"
"""Names the folder of the cache in the environment of the workers; without it one in the system's temporary
files."""


def pack(directory: Path, terms: Terms) -> bytes:
    """An index as one block of bytes (a ZIP archive, not compressed), for `unpack`.

    Raises:
        WorkerRefused: the folder has another index than the terms say. IndexFileError: it is missing or damaged.
    """
    terms.verify(directory)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in _files((directory / HEADER).read_bytes(), str(directory)):
            archive.write(directory / name, name)
    return target.getvalue()


def unpack(packed: bytes | memoryview, terms: Terms) -> Path:
    """Put a packed index into the cache of this machine, if it isn't there: the folder."""

    def fill(folder: Path) -> None:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for name in _files(archive.read(HEADER), "the index that the engine brought"):
                (folder / name).write_bytes(archive.read(name))

    return _cached(terms, fill)


def locate(at: str | None, terms: Terms) -> Path:
    """The folder of the index on this machine.

    Args:
        at: a path that this machine sees; a URL, which is copied once into the cache; None: the engine has put it
            into the cache.

    Raises:
        IndexFileError: it isn't there, or damaged. WorkerRefused: it is another one.
    """
    if at is None:
        return _cached(terms, None)
    if not is_url(at):
        return Path(at)
    place = Place(at)

    def fill(folder: Path) -> None:
        raw = place.read(HEADER)
        if raw is None:
            raise IndexFileError("there is no index here", where=at, hint="Put the folder of the index there")
        names = _files(raw, at)
        (folder / HEADER).write_bytes(raw)
        with place.open(names[1]) as source, (folder / names[1]).open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)

    return _cached(terms, fill)


def _files(header: bytes, where: str) -> tuple[str, str]:
    """The names of the files of an index; the header comes first."""
    data = str(header_of(header, where)["data"])
    if Path(data).name != data:
        raise IndexFileError("the index header names a file elsewhere", where=where)
    return HEADER, data


def cache_folder() -> Path:
    """The cache of this machine, for this user alone.

    Raises:
        StateError: the folder belongs to somebody else, or can't be made.
    """
    owner = os.getuid() if hasattr(os, "getuid") else None
    given = os.environ.get(CACHE)
    folder = Path(given) if given else Path(tempfile.gettempdir()) / f"stopship-indexes-{owner}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat().st_uid
    except OSError as bad:
        raise StateError(
            f"can't be written: {bad.strerror or bad}", where=str(folder), hint=f"Set {CACHE}"
        ) from None
    if given is None and owner is not None and found != owner:
        raise StateError("this folder belongs to another user", where=str(folder), hint=f"Set {CACHE}")
    return folder


def _cached(terms: Terms, fill: Callable[[Path], None] | None) -> Path:
    cache = cache_folder()
    target = cache / terms.key
    if _is_good(target, terms):
        return target
    if fill is None:
        raise IndexFileError("the engine has not brought the index", where=str(target))
    with _locked(cache / f"{terms.key}.lock"):
        if _is_good(target, terms):  # another process was faster
            return target
        temporary = cache / f".{terms.key}.{uuid.uuid4().hex}"
        temporary.mkdir()
        try:
            fill(temporary)
            terms.verify(temporary)
            if target.exists():  # damaged: whoever has it mapped keeps what is mapped
                target.rename(cache / f".{terms.key}.{uuid.uuid4().hex}.damaged")
            temporary.rename(target)
        except OSError as bad:
            raise StateError(
                f"can't be written: {bad.strerror or bad}", where=str(cache), hint="Free space"
            ) from None
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
            for old in cache.glob(f".{terms.key}.*.damaged"):
                shutil.rmtree(old, ignore_errors=True)
    return target


def _is_good(folder: Path, terms: Terms) -> bool:
    if not (folder / HEADER).is_file():
        return False
    try:
        terms.verify(folder)
    except WorkerRefused:
        terms.check_versions()  # of this process: no copy would mend that
        return False
    except (IndexFileError, OSError):
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process of this machine at a time; the lock goes with the process that has it."""
    with path.open("wb") as file:
        try:
            import fcntl
        except ImportError:  # Windows: two may copy at the same time, and one of the two copies stays
            yield
            return
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
