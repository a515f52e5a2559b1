"""Partitions and frames on Spark (extra `spark`; Java 17 or newer)."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
from pyspark import SparkFiles
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from stopship.bulk.carried import pack, unpack
from stopship.bulk.partition_work import Note, PartitionWork
from stopship.bulk.pieces import Piece
from stopship.bulk.spark_session import is_local, session, watched
from stopship.bulk.terms import Terms
from stopship.bulk.worker import WorkerScreen, for_frames, frame_schema
from stopship.errors import WorkerError

_OTHER_PYTHON = "Set PYSPARK_PYTHON to the Python that has Stopship on every machine"


def run(
    work: PartitionWork,
    pieces: Sequence[Piece],
    done: Callable[[int], None],
    *,
    index: Path,
    address: str | None = None,
    processes: int | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> Iterator[Note]:
    """See `partition_work.Runner`. `address` is a master (`spark://…`, `yarn`, `k8s://…`); None takes what
    `spark-submit` says, else this machine. A task that fails is done again, as often as Spark is set to."""
    with session(address, processes) as spark:
        say(f"Spark {spark.version}: {spark.sparkContext.master}")
        screening, file = _carried(spark, work.screen, index)
        here = replace(work, screen=screening)
        numbers = spark.range(0, len(pieces), 1, len(pieces))  # one piece a task
        notes = numbers.mapInArrow(_Pieces(here, tuple(pieces), file), "note binary")
        with watched(spark, done):
            try:
                found = notes.collect()
            except PySparkException as failed:
                lines = [line for line in str(failed).splitlines() if line.strip()] or ["Spark says nothing of it"]
                reason = next((one for one in lines if "Error:" in one or "crashed" in one), lines[0])
                hint = _OTHER_PYTHON if "No module named" in reason or "different version" in reason else None
                raise WorkerError(f"a task failed: {reason.strip()[:200]}", where="spark", hint=hint) from None
        yield from (orjson.loads(bytes(row.note)) for row in found)


def screen(frame: DataFrame, index: str | Path, *, shared: bool = False, **options: Any) -> DataFrame:
    """A Spark DataFrame with the answers beside its rows: `worker.frame_schema` says which columns. It has a
    column `name` and, where they are there, the others of `screen_batches`; for the rest, and for errors, see
    `worker.for_frames`."""
    work, file = _carried(frame.sparkSession, for_frames(index, shared=shared, **options), Path(index))
    columns = from_arrow_schema(frame_schema(to_arrow_schema(frame.schema)))
    return frame.mapInArrow(_Frame(work, file), columns)


@dataclass(frozen=True)
class _Pieces:
    """Rows of numbers in, a note for each out."""

    work: PartitionWork
    pieces: tuple[Piece, ...]
    file: str | None

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                _unpack(self.file, self.work.screen.terms)
                note = orjson.dumps(self.work(self.pieces[number]))
                yield pa.record_batch({"note": pa.array([note], pa.binary())})


@dataclass(frozen=True)
class _Frame:
    work: WorkerScreen
    file: str | None

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        _unpack(self.file, self.work.terms)
        yield from map(self.work.of_frame, batches)


def _carried(spark: SparkSession, screen: WorkerScreen, index: Path) -> tuple[WorkerScreen, str | None]:
    """How the executors find the index: as they were told, on this machine, or in a file that Spark brings to
    each."""
    if screen.at is not None:
        return screen, None
    if is_local(spark):
        return replace(screen, at=str(index)), None
    folder = Path(tempfile.mkdtemp(prefix="stopship-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # executors that come later fetch it from here
    file = folder / f"stopship-index-{screen.terms.key}.zip"
    file.write_bytes(pack(index, screen.terms))
    spark.sparkContext.addFile(str(file))
    return screen, file.name


def _unpack(file: str | None, terms: Terms) -> None:
    if file is not None:
        unpack(Path(SparkFiles.get(file)).read_bytes(), terms)
