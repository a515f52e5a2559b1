"""No room on the disk, at whatever step of an update it shows: the last good list serves, and one line says so."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from tests.journeys.conftest import Cli
from tests.journeys.small_lists import FIRST, KNOWN, named, small_catalogue
from tests.journeys.test_lists import ROWS, csl
from tests.publisher import publishing, whole

from stopship.app.lists.refresh import refresh
from stopship.app.lists.settings import read_list_settings
from stopship.app.workspace import Workspace
from stopship.errors import StateError
from stopship.sources import catalogue as catalogue_module

resource = pytest.importorskip("resource", reason="this system has no limits for the size of files")

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]

LETTERS = random.Random(1)
# Remarks that don't pack well: the file as it comes, packed, and its index are of different sizes.
REMARKS = ["".join(LETTERS.choices("bcdfghklmnprstvz ", k=2_000)) for _ in range(40)]
SECOND = csl(*ROWS, *({**named(n), "remarks": text} for n, text in enumerate(REMARKS)))


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Until the end of the block no file may grow beyond a size; writing then fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def update(home: Path, size: int) -> str:
    """What an update says that can't write larger files; empty where it went well."""
    now = datetime.now(UTC)
    space, settings = Workspace(home, today=now.date()), read_list_settings(home)
    try:
        with largest_file(size):
            done = refresh(space, settings, ["us_csl"], now=now)
    except StateError as bad:
        return str(bad)
    return "; ".join(one.problem for one in done.failed)


def test_the_disk_is_full_at_any_step(
    cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = small_catalogue()
    monkeypatch.setattr(catalogue_module, "_catalogue", lambda: small)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    path = tmp_path / "consolidated.csv"
    path.write_bytes(FIRST)
    assert cli("lists", "import", "us_csl", path).code == 0

    def serving() -> tuple[str, str]:
        decision = cli("check", "--party", f"end_user={KNOWN}", "--item", "EAR99", "--to", "CN", "--json").json
        return decision["outcome"], decision["lists"][0]["snapshot"]

    before = serving()
    steps = []
    with publishing() as publisher:
        publisher.answers["/one.csv"] = whole(SECOND, etag='"2"')
        plain = {"addresses": {"us_csl": publisher.url("/one.csv")}, "wait_seconds": 0.01}
        (home / "settings.yaml").write_text(yaml.safe_dump({"lists": plain}), "utf-8")
        for size in (0, 200, 10_000, len(SECOND) - 1, len(SECOND) + 1, 2 * len(SECOND)):
            told = update(home, size)
            if not told:
                break
            assert "File too large" in told, (size, told)
            assert "can't be" in told, (size, told)
            assert "\n" not in told
            assert serving() == before, size
            steps.append(told.partition(" can't be")[0].rpartition(" ")[2])
        assert cli("lists", "update", "us_csl").code == 0
    assert serving()[1] != before[1]
    assert {"download", "index"} <= set(steps), steps
