"""A kill at any moment leaves the last good snapshot in use: every step to the disk is made to be the last one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stopship.model import Entity, Name, NameKind, Schema
from stopship.snapshots import Archive, Snapshot, files

NOON = datetime(2026, 8, 2, 12, 0, tzinfo=UTC)


def entity(number: int) -> Entity:
    return Entity(id=f"us.sdn-{number}", schema=Schema.COMPANY, names=(Name("Ex Ample", NameKind.PRIMARY),))


ENTITIES = (entity(1), entity(2))


def add(archive: Archive, **given: Any) -> Snapshot:
    values: dict[str, Any] = {
        "raw": b"raw",
        "entities": ENTITIES,
        "rows": 3,
        "entries": 2,
        "rejects": [(3, "it has no name", "x")],
        "published": date(2026, 7, 31),
        "retrieved": NOON,
        "parser": "0.1+1",
    } | given
    return archive.keep(archive.prepare("us_csl", values.pop("raw"), values.pop("entities"), **values))


class Killed(BaseException):
    """What a kill looks like from inside: no handler may take it for an error."""


@pytest.fixture
def kill_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Let the n-th step that touches the disk fail, and every later one: the process is gone."""
    countdown = [10**9]

    def guard(original: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            countdown[0] -= 1
            if countdown[0] <= 0:
                raise Killed
            return original(*args, **kwargs)

        return step

    monkeypatch.setattr(os, "fsync", guard(os.fsync))
    for name in ("mkdir", "rename", "replace", "unlink"):
        monkeypatch.setattr(Path, name, guard(getattr(Path, name)))
    real_write = files.write

    def half_written(path: Path, content: bytes) -> None:
        if countdown[0] <= 2:
            path.write_bytes(content[: len(content) // 2])
        countdown[0] -= 1
        if countdown[0] <= 0:
            raise Killed
        real_write(path, content)

    monkeypatch.setattr(files, "write", half_written)
    monkeypatch.setattr(files, "remove", guard(files.remove))

    def arm(step: int) -> None:
        countdown[0] = step

    yield arm
    countdown[0] = 10**9


@pytest.mark.parametrize("second", ["new", "reparsed", "again"])
def test_a_kill_at_any_step_leaves_the_last_good_snapshot_in_use(
    tmp_path: Path, kill_at: Callable[[int], None], second: str
) -> None:
    given: dict[str, Any] = {
        "new": {"raw": b"new", "entities": [entity(9)], "published": date(2026, 8, 9)},
        "reparsed": {"entities": [entity(9)], "parser": "0.1+2", "rejects": ()},
        "again": {"retrieved": NOON + timedelta(days=9)},
    }[second]
    finished = False
    for step in range(1, 80):
        archive = Archive(tmp_path / f"{step}")
        kill_at(10**9)
        good = add(archive)
        kill_at(step)
        try:
            add(archive, **given)
            finished = True
        except Killed:
            pass
        kill_at(10**9)
        current = archive.current("us_csl")
        assert current is not None
        entities = tuple(archive.entities(current))
        assert entities in (ENTITIES, (entity(9),))
        assert current.sha256 == good.sha256 or entities == (entity(9),)
        assert archive.problems() == ()
        assert all(snapshot.entities == len(tuple(archive.entities(snapshot))) for snapshot in archive.all())
        after = add(archive, **given)
        assert archive.current("us_csl") == after and archive.problems() == ()
        if finished:
            break
    assert finished, "the kills never reached the end"
    assert step > 5


def test_a_kill_during_the_first_import_leaves_nothing_in_use(
    tmp_path: Path, kill_at: Callable[[int], None]
) -> None:
    for step in range(1, 25):
        archive = Archive(tmp_path / f"{step}")
        kill_at(step)
        try:
            add(archive)
        except Killed:
            kill_at(10**9)
            current = archive.current("us_csl")
            assert current is None or tuple(archive.entities(current)) == ENTITIES
        kill_at(10**9)
        assert tuple(archive.entities(add(archive))) == ENTITIES


_CHILD = """
import sys, time
from datetime import date
from pathlib import Path
from stopship.model import Entity, Name, NameKind, Schema
from stopship.snapshots import Archive
archive = Archive(Path(sys.argv[1]))
print("ready", flush=True)
for turn in range(10_000):
    names = (Name(f"Turn {turn}", NameKind.PRIMARY),)
    entities = [Entity(f"x-{n}", Schema.COMPANY, names) for n in range(200)]
    archive.keep(archive.prepare("us_csl", f"{turn}".encode(), entities, rows=200, entries=200, published=None,
                                 retrieved=date(2026, 8, 1), parser="1"))
"""


@pytest.mark.slow
def test_a_real_kill(tmp_path: Path) -> None:
    for turn in range(4):
        root = tmp_path / f"{turn}"
        child = subprocess.Popen([sys.executable, "-c", _CHILD, str(root)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.05 + 0.07 * turn)
        child.kill()
        child.wait()
        child.stdout.close()
        archive = Archive(root)
        assert archive.problems() == ()
        current = archive.current("us_csl")
        if current is not None:
            assert len(tuple(archive.entities(current))) == 200
