"""How fast the service answers: `/match` with one query and with a hundred, from 1, 8 and 32 clients, and while
lists are reloaded.

    python -m benchmarks.service.load --home HOME --workers 2

starts `stopship serve` on a copy of a home with the full US list and asks it from this process. Nine of ten names
are customers of the corpora, who are not listed; one is a variant of a listed name. STOPSHIP_TEST_DATA names the
corpora. Prints a table, and the machine's load before and after. Times depend on what else works on the machine;
processor time for a name, of all processes of the server together, hardly does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import orjson
from benchmarks.speed.lists import written
from benchmarks.speed.queries import Asked, customers, mixture, variants

WARM_UP_SECONDS = 3.0
READY_SECONDS = 240


@dataclass
class Measured:
    """What one run gave."""

    what: str
    clients: int
    names: int
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failed: int = 0
    processor: float = 0.0

    def row(self) -> str:
        """A line of the table."""
        times = sorted(self.times) or [0.0]
        p50, p99 = (times[min(len(times) - 1, int(len(times) * share))] * 1000 for share in (0.5, 0.99))
        calls = len(self.times)
        return (
            f"| {self.what} | {self.clients} | {calls:,} | {calls / self.seconds:,.0f} | "
            f"{calls * self.names / self.seconds:,.0f} | {p50:.1f} | {p99:.1f} | {times[-1] * 1000:.1f} | "
            f"{self.processor * 1000 / max(1, calls * self.names):.2f} | {self.failed} |"
        )


HEAD = (
    "| call | clients | calls | calls a second | names a second | p50 ms | p99 ms | longest ms | "
    "processor ms a name | failed |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


class Client:
    """One connection that is kept open, as plain as can be: the client shall cost little beside the server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        status = int((await self._reader.readline()).split()[1])
        length = 0
        while (line := await self._reader.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return status, await self._reader.readexactly(length)

    def close(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()


def bodies(asked: Sequence[Asked], names: int) -> list[bytes]:
    """Bodies of `/match`, with so many queries each."""
    found = []
    for first in range(0, len(asked) - names + 1, names):
        queries = {
            str(n): {"schema": one.schema.value, "properties": {"name": [one.text]}}
            for n, one in enumerate(asked[first : first + names])
        }
        found.append(orjson.dumps({"queries": queries}))
    return found


def processor_seconds(parent: int) -> float:
    """Processor time of a process and of those that it has started, as far as they live (Linux)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            own, _, rest = stat.read_text("utf-8").rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        if int(own.split()[0]) == parent or int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def load(
    port: int, what: str, names: int, clients: int, sent: Sequence[bytes], seconds: float, parent: int
) -> Measured:
    """Ask for so long, each client one call after the other."""
    measured = Measured(what, clients, names)
    calls = cycle(sent)
    end = time.perf_counter() + seconds

    async def one() -> None:
        client = Client(port)
        while time.perf_counter() < end:
            body = next(calls)
            began = time.perf_counter()
            try:
                status, _answer = await client.post("/match/default", body)
                measured.failed += status != 200
            except (OSError, asyncio.IncompleteReadError, IndexError, ValueError):
                measured.failed += 1
                client = Client(port)
            measured.times.append(time.perf_counter() - began)
        client.close()

    began, used = time.perf_counter(), processor_seconds(parent)
    await asyncio.gather(*(one() for _ in range(clients)))
    measured.seconds = time.perf_counter() - began
    measured.processor = processor_seconds(parent) - used
    return measured


async def while_reloading(
    port: int, home: Path, parent: int, sent: Sequence[bytes], seconds: float
) -> tuple[Measured, int]:
    """As `load` with 8 clients, while the lists are put in use anew again and again: by a signal, and by what the
    home says."""
    reloads = 0

    async def reload() -> None:
        nonlocal reloads
        pointers = list(home.glob("snapshots/*/current"))
        for round_ in range(int(seconds // 2)):
            await asyncio.sleep(2)
            if round_ % 2:
                os.kill(parent, signal.SIGHUP)
            else:
                for pointer in pointers:
                    beside = pointer.with_name("current.new")
                    beside.write_text(pointer.read_text("utf-8"), "utf-8")
                    beside.replace(pointer)
            reloads += 1

    found, _ = await asyncio.gather(load(port, "one query, during reloads", 1, 8, sent, seconds, parent), reload())
    return found, reloads


def start(home: Path, workers: int, port: int) -> subprocess.Popen[bytes]:
    """Start the server and wait until every worker is ready."""
    command = [sys.executable, "-m", "stopship", "serve", "--home", str(home), "--open"]
    command += ["--port", str(port), "--workers", str(workers)]
    log = (home / "serve.log").open("wb")
    server = subprocess.Popen(command, stdout=log, stderr=log)
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit((home / "serve.log").read_text("utf-8")[-2000:])
        if (home / "serve.log").read_text("utf-8").count("Application startup complete") == workers:
            return server
        time.sleep(0.5)
    raise SystemExit("the server is not ready")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True, help="a home with the full US list; it is copied")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--seconds", type=float, default=10.0, help="for each line of the table")
    given = parser.parse_args()
    data = Path(os.environ["STOPSHIP_TEST_DATA"])
    asked = mixture(
        customers(data, 20_000), variants(written("25k", data, Path(".bench-cache")), 2_000), 0.1, 20_000
    )
    singles, hundreds = bodies(asked, 1), bodies(asked, 100)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(given.home, home)
        server = start(home, given.workers, given.port)
        try:
            print(f"{os.cpu_count()} cores, {given.workers} workers, load before {os.getloadavg()[0]:.1f}")
            print(HEAD, flush=True)
            asyncio.run(
                load(given.port, "warm-up", 1, 4 * given.workers, singles[-2000:], WARM_UP_SECONDS, server.pid)
            )
            for clients in (1, 8, 32):
                one = asyncio.run(load(given.port, "one query", 1, clients, singles, given.seconds, server.pid))
                print(one.row(), flush=True)
            for clients in (1, 8):
                one = asyncio.run(
                    load(given.port, "100 queries", 100, clients, hundreds, given.seconds, server.pid)
                )
                print(one.row(), flush=True)
            one, reloads = asyncio.run(while_reloading(given.port, home, server.pid, singles, 3 * given.seconds))
            print(one.row(), flush=True)
            done = (home / "serve.log").read_text("utf-8").count('"lists in use"')
            print(f"{reloads} reloads asked for, {done} times lists put in use by all workers together")
            print(f"load after {os.getloadavg()[0]:.1f}")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


if __name__ == "__main__":
    main()
