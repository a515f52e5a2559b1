"""Which files are the input: those of a folder, of a pattern, or one."""

from __future__ import annotations

import os
from pathlib import Path

from stopship.bulk.places import Place, is_hidden, is_parquet, is_url, open_store, walk
from stopship.errors import SettingsError, StateError, TableError


def parquet_files(source: str) -> tuple[Place, list[str], int]:
    """The Parquet files of a folder (at any depth), a pattern (`*`, `**`, `?`) or one file: the folder that all
    lie in, their names in it, sorted, and how many others were passed over for their names (those that begin with
    `_` or `.`, which engines pass over, too, aren't counted). A path that exists as it is written is no pattern.

    Raises:
        TableError: there is none, or a name is not UTF-8. SettingsError: no pattern, or see `open_store`.
        StateError: a folder can't be read, or the store refuses.
    """
    at, names, all_wanted = _of_store(source) if is_url(source) else _of_disk(source)
    seen = [name for name in names if not is_hidden(name)]
    wanted = sorted(name for name in seen if all_wanted or is_parquet(name))
    if not wanted:
        raise TableError("there are no Parquet files here", where=source, hint="Check the path or the pattern")
    for name in wanted:
        if name != name.encode("utf-8", "replace").decode():
            raise TableError(f"the name of a file is not UTF-8: {name!a}", where=source, hint="Rename it")
    return Place(at), wanted, len(seen) - len(wanted)


def _of_disk(source: str) -> tuple[str, list[str], bool]:
    root = Place(source).at
    try:
        if Path(root).is_dir():
            return root, walk(Path(root)), False
        if Path(root).exists() or not _is_pattern(root):
            return str(Path(root).parent), [Path(root).name] if Path(root).exists() else [], True
        folder = _before_pattern(root)
        found = [str(path) for path in Path(folder).glob(os.path.relpath(root, folder)) if not path.is_dir()]
    except ValueError as bad:
        raise SettingsError(str(bad), where=source, hint="Write ** only between slashes") from None
    except OSError as bad:
        where = bad.filename or source
        raise StateError(
            f"can't be read: {bad.strerror or bad}", where=str(where), hint="Check the rights"
        ) from None
    return folder, [os.path.relpath(path, folder).replace(os.sep, "/") for path in found], True


def _of_store(source: str) -> tuple[str, list[str], bool]:
    place = Place(source)
    store, root = open_store(place.at)
    if not root.strip("/"):
        raise SettingsError("no folder is named", where=source, hint="Give the bucket and a folder")
    # The given text is cut, not the store's path: that has lost the host of some stores.
    with place.asked():
        if store.isfile(root):
            return place.at.rpartition("/")[0], [root.rpartition("/")[2]], True
        if not store.exists(root) and _is_pattern(root):
            folder = _before_pattern(root)
            found = [str(path).removeprefix(f"{folder}/") for path in store.glob(root)]
            return _before_pattern(place.at), found, True
        there = store.find(root) if store.exists(root) else []
    return place.at, [str(path).removeprefix(f"{root}/") for path in there], False


def _is_pattern(path: str) -> bool:
    return any(letter in path for letter in "*?[")


def _before_pattern(path: str) -> str:
    """The folder down to which a path has no pattern."""
    parts = path.split("/")
    first = next(n for n, part in enumerate(parts) if _is_pattern(part))
    return "/".join(parts[:first]) or "/"
