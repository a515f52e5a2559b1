"""A lock on a home: two updates at once would fetch the same files into the same places."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stopship.errors import StateError

NAME = "update.lock"


@contextmanager
def one_at_a_time(home: Path, *, name: str = NAME, wait: bool = False) -> Iterator[None]:
    """Hold a lock of a home. The system frees it when the process ends, however it ends.

    Args:
        home: the directory.
        name: of the lock's file in it.
        wait: until another process lets go of it.

    Raises:
        StateError: another process holds it, or the home can't be written.
    """
    path = home / name
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as bad:
        raise StateError(
            f"the home can't be written: {bad.strerror or bad}", where=str(path), hint="Give another --home"
        ) from None
    try:
        if not _locked(handle, wait=wait):
            raise StateError(
                "another update of these lists is running", where=str(home), hint="Wait until it has ended"
            )
        yield
    finally:
        os.close(handle)


def _locked(handle: int, *, wait: bool) -> bool:
    if os.name == "nt":
        import msvcrt

        # Not in the stubs of other systems.
        locking, mode = getattr(msvcrt, "locking"), getattr(msvcrt, "LK_LOCK" if wait else "LK_NBLCK")  # noqa: B009
        try:
            locking(handle, mode, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
