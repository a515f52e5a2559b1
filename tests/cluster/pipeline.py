"""A user's own pipeline on an engine, and workers that differ: run by `test_engines` as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from stopship.bulk import ScreenOptions, terms
from stopship.bulk.partitions import carry_out, plan
from stopship.errors import WorkerRefused
from stopship.matching import Index, IndexedList


def refusal(run: Callable[..., Any], index: Path, at: Path, name: str, *, falsify: Callable[[Path], None]) -> str:
    """What is said where something was falsified between the plan and the work."""
    shared = at / f"shared-{name}"
    shutil.copytree(index, shared)
    work = plan(
        str(at / "in.parquet"), str(at / f"out-{name}"), index, ScreenOptions(), at=str(shared), piece_rows=5000
    )
    falsify(shared)
    try:
        carry_out(work, partial(run, index=index))
    except WorkerRefused as refused:
        return str(refused)
    return "it was done"


def another_index(folder: Path) -> None:
    Index.build([(IndexedList("other", "sha256:01", None, None, 0, None, "custom"), [])]).write(folder)


def another_version() -> None:
    terms.NORMALIZER_VERSION = "names-0"


def on_dask(index: Path, at: Path) -> dict[str, str]:
    import dask.dataframe
    import pyarrow as pa
    import pyarrow.parquet as pq
    from distributed import Client, LocalCluster

    from stopship.bulk import dask as engine

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        frame = dask.dataframe.read_parquet(at / "in.parquet", split_row_groups=True)
        found = engine.screen(frame, index)
        assert list(found.columns) == list(found.compute().columns)
        pq.write_table(pa.Table.from_pandas(found.compute(), preserve_index=False), at / "frame.parquet")
        run = partial(engine.run, address=cluster.scheduler_address)
        said = {"another index": refusal(run, index, at, "index", falsify=another_index)}
        first = next(iter(client.scheduler_info()["workers"]))
        client.run(another_version, workers=[first])
        return said | {"another version": refusal(run, index, at, "version", falsify=lambda _folder: None)}


def on_ray(index: Path, at: Path) -> dict[str, str]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import pyarrow as pa
    import pyarrow.parquet as pq
    import ray

    from stopship.bulk import ray as engine

    # A cluster of somebody else on this machine would be joined without "local".
    ray.init(
        address="local", num_cpus=2, include_dashboard=False, object_store_memory=256 << 20, log_to_driver=False
    )
    found = engine.screen(ray.data.read_parquet(str(at / "in.parquet")), index)
    tables = ray.get(found.to_arrow_refs())
    pq.write_table(pa.concat_tables(tables).replace_schema_metadata(), at / "frame.parquet")
    run = partial(engine.run, address="auto")
    # The index is brought along, too: the same cluster has been given it for the frame.
    carry_out(plan(str(at / "in.parquet"), str(at / "brought"), index, ScreenOptions()), partial(run, index=index))
    said = {"another index": refusal(run, index, at, "index", falsify=another_index)}
    ray.shutdown()
    return said


def on_spark(index: Path, at: Path) -> dict[str, str]:
    from pyspark.sql import SparkSession

    from stopship.bulk import spark as engine

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # As on a cluster: Spark brings the index, although its workers would see the path here.
    engine.is_local = lambda _spark: False
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    found = engine.screen(spark.read.parquet(str(at / "in.parquet")), index)
    found.write.parquet(str(at / "frame.parquet"))
    carry_out(
        plan(str(at / "in.parquet"), str(at / "brought"), index, ScreenOptions()), partial(engine.run, index=index)
    )
    said = {"another index": refusal(engine.run, index, at, "index", falsify=another_index)}
    spark.stop()
    return said


if __name__ == "__main__":
    said = {"dask": on_dask, "ray": on_ray, "spark": on_spark}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    print(json.dumps(said))
