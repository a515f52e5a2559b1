"""Clusters that stand already, each process started by the engine's own command: what `--address` joins.

All of their machines are this one, but every worker has a cache of its own and, where the kernel allows it (root),
doesn't see the home with the lists, as if it were another machine.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.cluster.conftest import LAST

WORKERS = 2


@contextlib.contextmanager
def dask(at: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """A scheduler and two workers."""
    python = [sys.executable, "-W", "ignore", "-m", "dask"]
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = [*python, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
    worker = [*python, "worker", address, "--nthreads", 1, "--no-dashboard", "--local-directory"]
    with contextlib.ExitStack() as stack:
        stack.enter_context(running("scheduler", scheduler, at, environment, r"Scheduler at"))
        for n in range(WORKERS):
            stack.enter_context(
                running(f"worker-{n}", [*worker, at / f"d{n}"], at, environment, r"Registered to", elsewhere=True)
            )
        yield address


@contextlib.contextmanager
def ray(at: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """A head node with two cores. Its sockets lie in a short path: theirs may have no more than 107 letters."""
    port = free_port()
    line = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--num-cpus", WORKERS]
    line += ["--node-ip-address", "127.0.0.1", "--port", port, "--include-dashboard", "false"]
    line += ["--object-store-memory", 256 << 20, "--disable-usage-stats"]
    with running("ray", line, at, environment, "Ray runtime started", elsewhere=True):
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def spark(at: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """A master and a worker of Spark's own cluster ("standalone")."""
    import pyspark

    launcher = Path(pyspark.__file__).parent / "bin" / "spark-class"
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    master = [launcher, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", port]
    worker = [launcher, "org.apache.spark.deploy.worker.Worker", address, "--host", "127.0.0.1"]
    worker += ["--cores", WORKERS, "--memory", "2g", "--work-dir", at / "work", "--webui-port", 0]
    here = {**environment, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
    with (
        running("master", [*master, "--webui-port", 0], at, here, r"I have been elected leader"),
        running("worker", worker, at, here, r"Successfully registered with master", elsewhere=True),
    ):
        yield address


CLUSTERS = {"dask": dask, "ray": ray, "spark": spark}


@contextlib.contextmanager
def running(
    name: str,
    line: list[object],
    at: Path,
    environment: Mapping[str, str],
    ready: str,
    *,
    elsewhere: bool = False,
) -> Iterator[None]:
    """A process and all that it starts, from when it has written that it is ready. `elsewhere`: as on another
    machine than that of the command."""
    log = at / f"{name}.log"
    here = dict(environment)
    if elsewhere:
        here["STOPSHIP_INDEX_CACHE"] = str(at / f"cache-{name}")
        line = [*without(Path(environment["STOPSHIP_HOME"])), *line]
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [str(word) for word in line], stdout=written, stderr=written, env=here, start_new_session=True
        ) as process,
    ):
        try:
            end = time.monotonic() + LAST
            while not re.search(ready, log.read_text(errors="replace")):
                assert process.poll() is None, log.read_text(errors="replace")
                assert time.monotonic() < end, log.read_text(errors="replace")
                time.sleep(0.1)
            yield
        finally:
            for how in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, how)
                    process.wait(20)


def without(folder: Path) -> list[object]:
    """The words to put before a command so that it finds this folder empty; none where that isn't possible."""
    hide: list[object] = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none "$0" && exec "$@"', folder]
    try:
        possible = subprocess.run([str(word) for word in (*hide, "true")], capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return hide if possible.returncode == 0 else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
