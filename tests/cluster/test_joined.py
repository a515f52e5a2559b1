"""Clusters that stand already and are joined by their address: the index is brought to their workers, which have a
cache of their own each, and the rows are the same."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cluster.clusters import CLUSTERS, free_port
from tests.cluster.conftest import FIRST_FILE, Command, missing
from tests.cluster.test_engines import plain, read

pytestmark = [pytest.mark.cluster, pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]

NOBODY = {
    "dask": "tcp://127.0.0.1:{}",
    "ray": "127.0.0.1:{}",
    "spark": "spark://127.0.0.1:{}",
}


@pytest.fixture(params=list(CLUSTERS))
def engine(request: pytest.FixtureRequest) -> str:
    if why := missing(request.param):
        pytest.skip(why)
    name: str = request.param
    return name


def test_a_cluster_of_others_is_joined_and_given_the_index(
    engine: str,
    command: Command,
    environment: dict[str, str],
    source: Path,
    folder: Path,
    wanted: pa.Table,
) -> None:
    at, rows = folder / f"joined-{engine}", FIRST_FILE // 4
    at.mkdir()
    pq.write_table(pq.read_table(source / "a.parquet").slice(0, rows), at / "in.parquet", row_group_size=rows // 8)
    with CLUSTERS[engine](at, environment) as address:
        given = (at / "in.parquet", "--engine", engine, "--address", address, "--part-rows", rows // 8)
        said = command(*given, "--out", at / "out")
        assert said["rows"] == rows
        assert said["parts"] == 8
        assert plain(read(at / "out")).equals(plain(wanted.slice(0, rows)))
        caches = [path.name for cache in at.glob("cache-*") for path in cache.iterdir() if path.is_dir()]
        assert caches, "no worker was given the index"
        assert len(set(caches)) == 1


def test_an_address_where_nobody_answers_is_one_line(
    engine: str, command: Command, source: Path, folder: Path
) -> None:
    out, address = folder / f"nobody-{engine}", NOBODY[engine].format(free_port())
    given = ("--engine", engine, "--address", address, "--out", out)
    with command.begin(source / "a.parquet", *given) as process:
        said, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert not said
    assert err == f"stopship: {address}: nobody answers: connection refused. Check --address\n"
    assert not (out / "_manifest.json").exists()
