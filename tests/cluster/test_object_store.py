"""Partitions and the index in an object store that speaks S3's protocol (Moto, on this machine), by command."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import pytest_socket
from tests.cluster.clusters import free_port, running
from tests.cluster.conftest import Command, missing

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.loopback,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    # botocore asks for the time in a way that Python will give up.
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning"),
]

ROWS, PARTS = 4000, 4
ABSENT = [name for name in ("s3fs", "moto", "flask") if importlib.util.find_spec(name) is None]
if ABSENT:
    pytest.skip(f"S3 was not tested: {', '.join(ABSENT)} is not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """What the environment says of the store: nothing of it stands on the command line."""
    pytest_socket.socket_allow_hosts(["127.0.0.1"])  # what a module asks for comes before the marks of its tests
    at, port = tmp_path_factory.mktemp("store"), free_port()
    line: list[object] = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", port]
    with running("moto", line, at, environment, "Running on"):
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "something",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_MAX_ATTEMPTS": "1",
        }


@pytest.fixture
def store(endpoint: dict[str, str], source: Path, index: Path, tmp_path: Path) -> Iterator[Any]:
    """A bucket with the rows and the index."""
    import s3fs

    keys = {"key": endpoint["AWS_ACCESS_KEY_ID"], "secret": endpoint["AWS_SECRET_ACCESS_KEY"]}
    files = s3fs.S3FileSystem(**keys, endpoint_url=endpoint["AWS_ENDPOINT_URL"], skip_instance_cache=True)
    files.mkdir("bucket")
    table = pq.read_table(source / "a.parquet").slice(0, ROWS)
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=ROWS // PARTS)
    files.put(str(tmp_path / "a.parquet"), "bucket/in/day=2026-11-26/a.parquet")
    for path in index.iterdir():
        files.put(str(path), f"bucket/index/{path.name}")
    yield files
    files.rm("bucket", recursive=True)


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_bucket_in_a_bucket_out(
    engine: str, command: Command, endpoint: dict[str, str], store: Any, wanted: pa.Table, tmp_path: Path
) -> None:
    if why := missing(engine):
        pytest.skip(why)
    cache = tmp_path / "cache"
    there = Command({**command.environment, **endpoint, "STOPSHIP_INDEX_CACHE": str(cache)}, command.listed)
    given = ("s3://bucket/in", "--engine", engine, "--out", "s3://bucket/out", "--index-at", "s3://bucket/index")
    given = (*given, "--part-rows", ROWS // PARTS, "--processes", 2)
    said = there(*given)
    assert (said["rows"], said["parts"], said["parts_kept"]) == (ROWS, PARTS, 0)
    assert [path.is_dir() for path in cache.iterdir() if not path.name.endswith(".lock")] == [True]

    assert said["hit"] == wanted.slice(0, ROWS).column("status").to_pylist().count("hit") > 0
    manifest = json.loads(store.cat("bucket/out/_manifest.json"))
    assert sorted(part["part"] for part in manifest["parts"]) == sorted(
        name.rpartition("/")[2] for name in store.ls("bucket/out", refresh=True) if name.endswith(".parquet")
    )
    with store.open(f"bucket/out/{manifest['parts'][0]['part']}") as file:
        assert set(pq.read_table(file).column("day").to_pylist()) == {"2026-11-26"}

    # A part is lost, another one damaged: both are made again, and the manifest is the same.
    store.rm(f"bucket/out/{manifest['parts'][1]['part']}")
    store.pipe(f"bucket/out/{manifest['parts'][2]['part']}", b"PAR1")
    again = there(*given)
    assert again["parts_kept"] == PARTS - 2
    assert json.loads(store.cat("bucket/out/_manifest.json")) == manifest


def test_a_bucket_that_is_not_there_is_one_line(
    command: Command, endpoint: dict[str, str], source: Path, index: Path
) -> None:
    there = Command({**command.environment, **endpoint}, command.listed)
    for given in (("s3://nobucket/in", "--out", "s3://nobucket/out"), (source, "--out", "s3://nobucket/out")):
        with there.begin(*given, "--engine", "local", "--processes", 1) as process:
            _said, err = process.communicate(timeout=60)
        assert process.returncode == 2, err
        assert len(err.strip().splitlines()) == 1, err
        assert "s3://nobucket" in err


def test_a_store_that_lets_nobody_in_or_does_not_answer_is_one_line(
    command: Command, endpoint: dict[str, str], source: Path, index: Path, tmp_path: Path
) -> None:
    nobody = {name: value for name, value in command.environment.items() if not name.startswith("AWS_")}
    nobody |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null", "HOME": str(tmp_path)}
    silent = {**endpoint, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}
    local = (source, "--out", tmp_path / "out")
    for given, environment in (
        (("s3://bucket/in", "--out", tmp_path / "out"), {**nobody, **silent, "AWS_ACCESS_KEY_ID": ""}),
        ((source, "--out", "s3://bucket/out"), {**nobody, **silent}),
        ((*local, "--index-at", "s3://bucket/index"), {**nobody, **silent}),
    ):
        with Command(environment, command.listed).begin(*given, "--engine", "local") as process:
            _said, err = process.communicate(timeout=120)
        assert process.returncode == 2, err
        assert len(err.strip().splitlines()) == 1, err
        assert err.startswith("stopship: s3://bucket/"), err
        assert "the store can't be used" in err
