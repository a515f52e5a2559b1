"""Folders that partitions are read from and written to: on a path that all processes see, or in an object store.

URLs (`s3://`, `gs://`, `abfs://`, `hdfs://`, `file://` …) go through fsspec, which the extras of the cluster
engines bring; paths need nothing.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from stopship.errors import SettingsError, StateError

_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "memory"})
"""Stores in which an object appears whole, when the writing of it has ended."""
_NOT_OF_STORES = frozenset({"builtins", "stopship", "pyarrow"})
_BLOCK = 1 << 20


def is_url(at: str) -> bool:
    """Whether this is an address of a store, not a path."""
    return "://" in at


class Place:
    """A folder, by path or URL. Other processes get it by pickle and open the store themselves."""

    def __init__(self, at: str) -> None:
        self.at = at.rstrip("/") or at if is_url(at) else str(Path.cwd() / at)
        self._opened: tuple[Any, str] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"at": self.at, "_opened": None}

    def where(self, name: str = "") -> str:
        """What messages call it."""
        return f"{self.at}/{name}" if name else self.at

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A file of it, to read from anywhere in it."""
        if self._local:
            with Path(self.at, name).open("rb") as file:
                yield file
        else:
            with _asked(self.where(name)):
                store, root = self._store()
                with store.open(f"{root}/{name}", "rb") as file:
                    yield file

    def read(self, name: str) -> bytes | None:
        """All of a small file; None where there is none."""
        try:
            with _asked(self.where(name)):
                if self._local:
                    return Path(self.at, name).read_bytes()
                store, root = self._store()
                data: bytes = store.cat_file(f"{root}/{name}")
                return data
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, whole or not at all, instead of what is there.

        Each call writes under a name of its own, then renames; two that write the same file at the same time
        leave one of the two.
        """
        attempt = f"{uuid.uuid4().hex}.tmp"
        if self._local:
            path = Path(self.at, name)
            temporary = path.with_name(f"_{path.name}.{attempt}")
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with temporary.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            return
        with _asked(self.where(name)):
            store, root = self._store()
            path_there = f"{root}/{name}"
            folder, _, last = path_there.rpartition("/")
            store.makedirs(folder, exist_ok=True)
            if _protocols(store) & _WHOLE:
                store.pipe_file(path_there, data)
                return
            store.pipe_file(f"{folder}/_{last}.{attempt}", data)
            store.mv(f"{folder}/_{last}.{attempt}", path_there)

    def sizes(self, under: str = "") -> dict[str, int]:
        """The files that lie directly in a folder of it, with their bytes; none where it isn't there."""
        try:
            with _asked(self.where(under)):
                if self._local:
                    return _sizes(Path(self.at, under))
                store, root = self._store()
                store.invalidate_cache()
                found = store.ls(f"{root}/{under}" if under else root, detail=True)
        except FileNotFoundError:
            return {}
        return {str(one["name"]).rpartition("/")[2]: int(one["size"]) for one in found if one["type"] == "file"}

    def parquet(self) -> list[str]:
        """The Parquet files at any depth, sorted, as readers of datasets see them: without `_` and `.` names."""
        with _asked(self.at):
            if self._local:
                found = walk(Path(self.at)) if Path(self.at).is_dir() else []
            else:
                store, root = self._store()
                there = store.find(root) if store.exists(root) else []
                found = [str(path).removeprefix(f"{root}/") for path in there]
        return sorted(name for name in found if is_parquet(name) and not is_hidden(name))

    def remove(self, name: str) -> None:
        """Take a file away; nothing happens where there is none."""
        with _asked(self.where(name)):
            if self._local:
                Path(self.at, name).unlink(missing_ok=True)
                return
            store, root = self._store()
            if store.exists(f"{root}/{name}"):
                store.rm_file(f"{root}/{name}")

    def stamp(self, name: str) -> tuple[int, str] | None:
        """Bytes of a file, and what the store says of when or how it changed; None where there is none."""
        try:
            with _asked(self.where(name)):
                if self._local:
                    found = Path(self.at, name).stat()
                    return found.st_size, str(found.st_mtime_ns)
                store, root = self._store()
                store.invalidate_cache()
                info = store.info(f"{root}/{name}")
        except FileNotFoundError:
            return None
        mark = next((info[key] for key in ("ETag", "etag", "md5Hash", "mtime", "LastModified") if key in info), "")
        return int(info["size"]), str(mark)

    def digest(self, name: str) -> tuple[int, str] | None:
        """Bytes of a file and their SHA-256 in hexadecimal digits; None where there is none."""
        found = hashlib.sha256()
        size = 0
        try:
            with _asked(self.where(name)), self.open(name) as file:
                while data := file.read(_BLOCK):
                    found.update(data)
                    size += len(data)
        except FileNotFoundError:
            return None
        return size, found.hexdigest()

    def asked(self) -> AbstractContextManager[None]:
        """In it what the disk or the store refuses becomes one line."""
        return _asked(self.at)

    @property
    def _local(self) -> bool:
        return not is_url(self.at)

    def _store(self) -> tuple[Any, str]:
        if self._opened is None:
            self._opened = open_store(self.at)
        return self._opened


def _sizes(folder: Path) -> dict[str, int]:
    found = {}
    for path in folder.iterdir() if folder.exists() else ():  # of a file this is an error, as it should be
        with suppress(FileNotFoundError):  # a task has renamed it meanwhile
            if path.is_file():
                found[path.name] = path.stat().st_size
    return found


def walk(folder: Path) -> list[str]:
    """All files below a folder, by their names in it. Links to folders are followed, each folder once on its way;
    a link to nowhere is among the files, so that it is missed by whoever reads it.

    Raises:
        OSError: a folder can't be read.
    """

    def refuse(bad: OSError) -> None:
        raise bad

    found, above = list[str](), {os.path.realpath(folder)}
    for at, folders, files in os.walk(folder, followlinks=True, onerror=refuse):
        new = {one: os.path.realpath(Path(at, one)) for one in folders}
        folders[:] = [one for one in folders if new[one] not in above]
        above.update(new.values())
        found += [os.path.relpath(Path(at, one), folder).replace(os.sep, "/") for one in files]
    return found


def is_parquet(name: str) -> bool:
    """Whether a file is one by its name."""
    return name.lower().endswith((".parquet", ".pq"))


def is_hidden(name: str) -> bool:
    """Whether readers of datasets pass over a file, because it or a folder of it begins with `_` or `.`."""
    return any(part.startswith(("_", ".")) for part in name.split("/"))


@contextmanager
def _asked(where: str) -> Iterator[None]:
    """What a disk or a store refuses becomes one line. Each store has errors of its own, of which many are no
    `OSError`; those of Python, Arrow and ours aren't the store's. A file that isn't there is told as ever."""
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as bad:
        if not is_url(where):
            if not isinstance(bad, OSError):
                raise
            raise StateError(f"can't be used: {bad.strerror or bad}", where=where, hint="Check the path") from None
        if not isinstance(bad, OSError) and type(bad).__module__.partition(".")[0] in _NOT_OF_STORES:
            raise
        said = (str(bad).splitlines() or [type(bad).__name__])[0][:200]
        hint = "Check the address, the network, and what the environment says to be let in"
        raise StateError(f"the store can't be used: {said}", where=where, hint=hint) from bad


def open_store(url: str) -> tuple[Any, str]:
    """The store of a URL, as fsspec opens it, and the path in it.

    Raises:
        SettingsError: fsspec, or its part for this store, is not installed; there is no such store.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        hint = "Install fsspec and its part for the store, e.g. pip install fsspec s3fs"
        raise SettingsError("addresses of stores are read with fsspec", where=url, hint=hint) from None
    try:
        store, root = url_to_fs(url)
    except (ImportError, ValueError, OSError) as bad:
        said = (str(bad).splitlines() or [type(bad).__name__])[0]
        raise SettingsError(said, where=url, hint="Give a path, or install it") from None
    return store, str(root).rstrip("/")


def _protocols(store: Any) -> set[str]:
    return {store.protocol} if isinstance(store.protocol, str) else set(store.protocol)
