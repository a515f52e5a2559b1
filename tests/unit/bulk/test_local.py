"""The local runner: the same as in one process, in order; failures told; no process left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from stopship.bulk import screen_batches
from stopship.bulk.local import FEW_ROWS, map_batches, screen
from stopship.errors import SettingsError, TableError, WorkerError


def batches(count: int, rows: int = FEW_ROWS) -> Iterator[tuple[pa.RecordBatch, int]]:
    for number in range(count):
        yield pa.RecordBatch.from_pydict({"name": [str(number)] * rows}), number


def pid_and_number(batch: pa.RecordBatch, number: int) -> tuple[int, int, str]:
    if number % 3 == 0:
        # Batches differ in effort; their results come back in order all the same.
        sum(range(2_000_000))
    return os.getpid(), number, batch.column("name")[0].as_py()


def die(batch: pa.RecordBatch, number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(batch: pa.RecordBatch, number: int) -> int:
    raise TableError("not this", where="batch", hint="Another one")


def fail(batch: pa.RecordBatch, number: int) -> int:
    raise ZeroDivisionError("by zero")


def test_results_come_in_order_from_other_processes() -> None:
    found = list(map_batches(pid_and_number, batches(12), processes=2))
    assert [number for _pid, number, _name in found] == list(range(12))
    assert [name for _pid, _number, name in found] == [str(n) for n in range(12)]
    assert os.getpid() not in {pid for pid, _number, _name in found}


def test_few_rows_start_no_process() -> None:
    found = list(map_batches(pid_and_number, batches(3, rows=10), processes=2))
    assert {pid for pid, _number, _name in found} == {os.getpid()}
    assert list(map_batches(pid_and_number, iter(()), processes=2)) == []


def test_one_process_is_this_one() -> None:
    assert {pid for pid, *_ in map_batches(pid_and_number, batches(2), processes=1)} == {os.getpid()}


def test_no_more_is_read_than_can_be_worked_on() -> None:
    taken: list[int] = []

    def counted() -> Iterator[tuple[pa.RecordBatch, int]]:
        for batch, number in batches(100, rows=FEW_ROWS):
            taken.append(number)
            yield batch, number

    results = map_batches(pid_and_number, counted(), processes=2)
    next(results)
    assert len(taken) <= 12
    results.close()  # type: ignore[attr-defined]


def test_a_worker_that_dies_is_told_in_one_line() -> None:
    with pytest.raises(WorkerError, match="signal 9") as caught:
        list(map_batches(die, batches(20), processes=2))
    assert "\n" not in str(caught.value)


def test_errors_of_the_work_and_of_the_input_come_through() -> None:
    with pytest.raises(TableError, match=r"batch: not this\. Another one"):
        list(map_batches(refuse, batches(4), processes=2))
    with pytest.raises(RuntimeError, match="ZeroDivisionError: by zero"):
        list(map_batches(fail, batches(4), processes=2))

    def broken() -> Iterator[Any]:
        yield from batches(3)
        raise TableError("cut off")

    with pytest.raises(TableError, match="cut off"):
        list(map_batches(pid_and_number, broken(), processes=2))
    with pytest.raises(SettingsError, match="processes"):
        list(map_batches(pid_and_number, batches(1), processes=0))


def test_leaving_early_ends_the_workers() -> None:
    results = map_batches(pid_and_number, batches(50), processes=2)
    worker, *_ = next(results)
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_the_processes_answer_as_one_does(index_path: Path) -> None:
    names = ["FORI", "3M", "Erika Mustermann", *[""] * 37] * 30
    given = [pa.RecordBatch.from_pydict({"name": names, "n": list(range(1200))})] * 3
    alone = list(screen_batches(given, index_path))
    assert list(screen(given, index_path, processes=2)) == alone
    assert alone[2].column("row")[0].as_py() == 2401
