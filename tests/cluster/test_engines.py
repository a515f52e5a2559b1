"""One suite for every engine: the same rows, whatever dies on the way."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cluster.conftest import FIRST_FILE, LAST, PART_ROWS, ROWS, Command

pytestmark = pytest.mark.cluster

SMALL = FIRST_FILE // 16  # rows of a part where a process is ended: many parts
WORKERS = {"local": "forkserver", "dask": "spawn_main", "ray": "ray::", "spark": "pyspark.daemon"}
"""What stands in the command line of the processes that do tasks."""


def read(out: Path) -> pa.Table:
    manifest = json.loads((out / "_manifest.json").read_bytes())
    parts = [part["part"] for part in manifest["parts"]]
    assert sorted(parts) == sorted(path.name for path in out.glob("*.parquet")), "a part more or less than it says"
    for part in manifest["parts"]:
        assert hashlib.sha256((out / part["part"]).read_bytes()).hexdigest() == part["sha256"]
    found = pa.concat_tables(pq.read_table(out / part) for part in parts)
    assert len(found) == manifest["rows"]
    assert not list(out.rglob("*.tmp"))
    return found


def plain(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([field.with_metadata(None) for field in table.schema])).replace_schema_metadata()


def test_all_rows_are_the_same_row_for_row(
    engine: str, command: Command, source: Path, folder: Path, wanted: pa.Table
) -> None:
    out = folder / f"out-{engine}"
    said = command(source, "--engine", engine, "--out", out, "--part-rows", PART_ROWS, "--processes", 2)
    assert said["rows"] == ROWS == said["hit"] + said["no_hit"] + said["rejected"]
    assert said["hit"] > ROWS // 200
    assert said["rejected"] > ROWS // 300
    assert said["dropped_columns"] == ["religion"]
    found = read(out)
    assert found.schema.remove_metadata().equals(plain(wanted).schema)
    assert plain(found).equals(plain(wanted))


def test_a_process_that_is_killed_in_the_middle_changes_nothing(
    engine: str, command: Command, source: Path, folder: Path, wanted: pa.Table
) -> None:
    out, rows = folder / f"killed-{engine}", FIRST_FILE
    given = (source / "a.parquet", "--engine", engine, "--out", out, "--part-rows", SMALL, "--processes", 2)
    process = command.begin(*given, "--json")
    try:
        end = time.monotonic() + LAST
        while len(list(out.glob("part-*"))) < 2:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end, "no part was made"
            time.sleep(0.02)
        os.kill(busiest(process.pid, WORKERS[engine]), signal.SIGKILL)
        assert not (out / "_manifest.json").exists(), "all was done before: take more rows"
        said, err = process.communicate(timeout=LAST)
    finally:
        process.kill()
    if engine == "local":  # nobody else takes the work over: one line, and the same command goes on
        assert process.returncode == 2
        assert err.strip().splitlines()[-1].startswith("stopship: a worker process was ended by signal 9")
        again = command(*given)
        assert again["parts_kept"] >= 2
    else:
        assert process.returncode == 0, err
        assert json.loads(said)["rows"] == rows
    assert plain(read(out)).equals(plain(wanted.slice(0, rows)))


def busiest(root: int, mark: str) -> int:
    """Of the processes below this one whose command line has the mark the one that has worked most."""
    parents, lines, worked = {}, {}, {}
    for entry in Path("/proc").iterdir():
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()
            lines[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parents[int(entry.name)], worked[int(entry.name)] = int(state[1]), int(state[11])
        except (OSError, ValueError):
            continue
    below, size = {root}, 0
    while len(below) > size:
        size = len(below)
        below |= {child for child, parent in parents.items() if parent in below}
    found = [p for p in below if mark in lines.get(p, "") and p != root]
    # A server that forks workers looks like them, and is their parent.
    leaves = [p for p in found if not any(parents.get(other) == p for other in found)]
    assert leaves, f"no process with {mark!r} among {sorted(lines.get(p, '')[:80] for p in below)}"
    return max(leaves, key=lambda p: worked[p])


def test_frames_of_users_indexes_that_travel_and_workers_that_differ(
    engine: str, environment: dict[str, str], source: Path, folder: Path, index: Path, wanted: pa.Table
) -> None:
    """The engine's own frames get the rows of the contract; the index is brought once to the machine; a worker
    with another index or another version is refused. One process does all three, because clusters start slowly."""
    if engine == "local":
        pytest.skip("frames on one machine have tests of their own (tests/unit/app/test_frames.py)")
    script, rows = Path(__file__).with_name("pipeline.py"), ROWS // 20
    table = pq.read_table(source / "a.parquet").slice(0, rows)
    at = folder / f"pipeline-{engine}"
    at.mkdir()
    pq.write_table(table, at / "in.parquet", row_group_size=rows // 4)
    cache = at / "cache"
    done = subprocess.run(
        [sys.executable, script, engine, index, at],
        env={**environment, "STOPSHIP_INDEX_CACHE": str(cache)},
        capture_output=True,
        text=True,
        timeout=LAST,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    found = pq.read_table(at / "frame.parquet").sort_by([("since", "ascending"), ("id", "ascending")])
    right = plain(wanted.slice(0, rows)).sort_by([("since", "ascending"), ("id", "ascending")])
    assert found.schema.names == [name for name in right.schema.names if name != "row"]
    for name in ("id", "name", "status", "reason", "warnings", "hits", "hits_total", "alerts", "index", "engine"):
        assert found.column(name).to_pylist() == right.column(name).to_pylist(), name
    assert "the work was begun with" in said["another index"]
    if engine == "dask":
        assert "normalizer names-0, the work was begun with" in said["another version"]
    assert len([path for path in cache.iterdir() if path.is_dir()]) == 1, "the index is there once"
