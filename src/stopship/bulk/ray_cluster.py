"""A Ray cluster to work in: that of the caller, else one that is joined, or started and ended here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import ray

from stopship.bulk.addresses import must_answer
from stopship.bulk.local import available_processes
from stopship.errors import WorkerError

_STORE_BYTES = 256 << 20


@contextmanager
def cluster(address: str | None, processes: int | None) -> Iterator[None]:
    """A connection to the cluster at this address; without one to a cluster in the cores of this machine. One that
    the caller has already is taken.

    Raises:
        WorkerError: no cluster answers.
    """
    if ray.is_initialized():  # by the caller, who ends it, too
        yield
        return
    if address is not None:
        must_answer(address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # else a line a second while nobody answers
    here = {"num_cpus": processes or available_processes(), "object_store_memory": _STORE_BYTES}
    local = {} if address else {**here, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    try:
        ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR", **local)
    except (ConnectionError, ValueError, RuntimeError) as bad:
        hint = "Check --address, and where the cluster asks for a token set RAY_AUTH_MODE=token"
        raise WorkerError(f"no cluster answers: {bad}", where=address, hint=hint) from None
    try:
        yield
    finally:
        ray.shutdown()
