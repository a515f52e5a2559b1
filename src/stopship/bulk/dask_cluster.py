"""A Dask cluster to work in: one that is joined by the address of its scheduler, or started and ended here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from distributed import Client, LocalCluster

from stopship.bulk.addresses import must_answer
from stopship.bulk.local import available_processes
from stopship.errors import WorkerError

_FIRST_WORKER = 60  # seconds


@contextmanager
def connected(address: str | None, processes: int | None) -> Iterator[Client]:
    """A client of the scheduler at this address; without one of workers on this machine, with one thread each.

    Raises:
        WorkerError: no scheduler answers.
    """
    if address is not None:
        must_answer(address)
        try:
            client = Client(address, timeout="30s")
        except (OSError, ValueError) as bad:
            raise WorkerError(f"no scheduler answers: {bad}", where=address, hint="Check --address") from None
        with client:
            yield client
        return
    count = processes or available_processes()
    local = {"dashboard_address": None, "silence_logs": 50, "processes": True}
    with LocalCluster(n_workers=count, threads_per_worker=1, **local) as cluster, Client(cluster) as client:
        yield client


def workers_of(client: Client, address: str | None) -> int:
    """How many there are; the first is waited for.

    Raises:
        WorkerError: there is none.
    """
    try:
        client.wait_for_workers(1, timeout=_FIRST_WORKER)
    except TimeoutError:
        why = f"the scheduler has no workers (waited {_FIRST_WORKER} s)"
        raise WorkerError(why, where=address or "dask", hint="Start some, with --nthreads 1") from None
    return len(client.scheduler_info(n_workers=-1)["workers"])
