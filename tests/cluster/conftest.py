"""What the contract of the engines needs: rows, a list, and the command as a process of its own.

`make test` passes over this folder: its tests start clusters, and run in an environment that has the engines
(`make test-cluster`).
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ASKED = "STOPSHIP_TEST_CLUSTER"
collect_ignore_glob = [] if os.environ.get(ASKED) else ["test_*.py"]

NEEDS = {
    "local": (),
    "dask": ("dask", "distributed", "fsspec"),
    "ray": ("ray", "fsspec"),
    "spark": ("pyspark", "fsspec"),
}
ROWS = int(os.environ.get("STOPSHIP_TEST_CLUSTER_ROWS", "200000"))
"""Fewer of them make the suite quicker while one works on it."""
PART_ROWS, FIRST_FILE = ROWS // 10, ROWS // 5
SYLLABLES = [consonant + vowel for consonant in "bdklmnr" for vowel in "aeiou"]
FORMS = ("GmbH", "Ltd", "Co., Ltd.", "S.A.", "Inc.")
TRADES = ("Optics", "Trading", "Shipping", "Metals", "Research", "Energy")
LAST = 300  # seconds that one run may take


def words(count: int, seed: int) -> list[str]:
    random.seed(seed)
    return ["".join(random.choices(SYLLABLES, k=4)).title() for _ in range(count)]


def missing(engine: str) -> str | None:
    """Why an engine can't be used here; None where it can."""
    absent = [name for name in NEEDS[engine] if importlib.util.find_spec(name) is None]
    if absent:
        return f"{engine} was not tested: {', '.join(absent)} is not installed"
    if engine == "spark":
        from stopship.bulk.spark_session import check_java
        from stopship.errors import SettingsError

        try:
            check_java()
        except SettingsError as why:
            return f"spark was not tested: {why}"
    return None


@pytest.fixture(scope="session", params=list(NEEDS))
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn, and the processes of one machine as one of them."""
    if why := missing(request.param):
        pytest.skip(why)
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="session")
def listed(folder: Path) -> Path:
    """A list of 1,500 made-up companies and persons, with more words than the search needs to be the fast one."""
    rare, path = words(6000, 1), folder / "list.jsonl"
    with path.open("w") as file:
        for n in range(1500):
            schema, tail = ("Person", "") if n % 4 == 0 else ("Company", f" {TRADES[n % 6]} {FORMS[n % 5]}")
            name = f"{rare[2 * n]} {rare[2 * n + 1]}{tail}"
            file.write(json.dumps({"id": f"l-{n}", "name": name, "schema": schema, "countries": ["CN"]}) + "\n")
    return path


def customers(count: int, listed: Path) -> pa.Table:
    """Rows: one in a hundred is listed, perhaps with a slip, one in two hundred holds nothing to screen."""
    names = [json.loads(line)["name"] for line in listed.read_text().splitlines()]
    plain = words(400, 2)
    random.seed(3)
    found = []
    for n in range(count):
        if n % 100 == 7:
            name = random.choice(names)
            cut = random.randrange(len(name))
            found.append(name if n % 200 == 7 else name[:cut] + name[cut + 1 :])
        elif n % 200 == 11:
            found.append(random.choice(("", "--", None)))
        else:
            found.append(f"{random.choice(plain)} {random.choice(plain)} {random.choice(TRADES)}")
    return pa.table(
        {
            "id": [f"c{n}" for n in range(count)],
            "name": found,
            "country": random.choices(("DE", "CN", "", "Narnia"), k=count),
            "since": pa.array([n % 20_000 for n in range(count)], pa.int32()).cast(pa.date32()),
            "religion": ["x"] * count,
            "revenue": [n / 4 for n in range(count)],
        }
    )


@pytest.fixture(scope="session")
def source(folder: Path, listed: Path) -> Path:
    """The rows in two files: one of many row groups, one of a single large one."""
    table, target = customers(ROWS, listed), folder / "in"
    target.mkdir()
    pq.write_table(table.slice(0, FIRST_FILE), target / "a.parquet", row_group_size=7_000)
    pq.write_table(table.slice(FIRST_FILE), target / "b.parquet")
    return target


@dataclass(frozen=True)
class Command:
    """`stopship screen` against the list, as a user would give it; its home is its own."""

    environment: Mapping[str, str]
    listed: Path

    def begin(self, *arguments: object) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "stopship", "screen", "--list", self.listed, *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [str(a) for a in line], stdout=pipe, stderr=pipe, text=True, env=dict(self.environment)
        )

    def __call__(self, *arguments: object) -> dict[str, Any]:
        """Run it to its end: what `--json` prints."""
        with self.begin(*arguments, "--json") as process:
            try:
                out, err = process.communicate(timeout=LAST)
            finally:
                process.kill()
        assert process.returncode == 0, err
        said: dict[str, Any] = json.loads(out)
        return said


@pytest.fixture(scope="session")
def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "STOPSHIP_HOME": str(folder / "home"),
        "STOPSHIP_INDEX_CACHE": str(folder / "cache"),
        "NO_COLOR": "1",
        "RAY_AUTH_MODE": "token",  # from 2.61 on it is so by itself, in 2.59 only on one side
    }


@pytest.fixture(scope="session")
def command(environment: dict[str, str], listed: Path) -> Command:
    return Command(environment, listed)


@pytest.fixture(scope="session")
def index(command: Command, folder: Path, source: Path) -> Iterator[Path]:
    """The folder of the index of the list, made by the command."""
    pq.write_table(pq.read_table(source / "a.parquet").slice(0, 10), folder / "ten.parquet")
    command(folder / "ten.parquet", "--engine", "local", "--out", folder / "ten")
    (path,) = {p.parent for p in (folder / "home").rglob("index.json")}
    yield path


@pytest.fixture(scope="session")
def wanted(source: Path, index: Path) -> pa.Table:
    """What the batch contract itself answers, in this process and one stream a file."""
    from stopship.bulk import screen_batches
    from stopship.bulk.columns import ROW

    found: list[pa.RecordBatch] = []
    for file in sorted(source.glob("*.parquet")):
        table = pq.read_table(file).drop_columns(["religion"])
        table = table.append_column(ROW, pa.array(range(1, len(table) + 1), pa.int64()))
        found += screen_batches(table.combine_chunks().to_batches(max_chunksize=4096), index)
    return pa.Table.from_batches(found)
