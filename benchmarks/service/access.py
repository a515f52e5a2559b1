"""What it costs to know who asks: one request's worth of rate limit in the process and in the database, looking up
a key, and checking a password. Prints a table; all of it runs on a database made for it.

    python -m benchmarks.service.access                     on SQLite
    python -m benchmarks.service.access --url URL           on a database of yours, which gets tables and rows
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Column, Float, MetaData, String, Table, delete, insert, select, update

from stopship.access import Scope
from stopship.access.keys import Keys
from stopship.access.passwords import Passwords
from stopship.access.rate import RateLimit
from stopship.store import Database, sqlite_url


def measure(name: str, call: Callable[[], object], times: int, threads: int = 1) -> None:
    """Run a call so many times, spread over threads, and print its rate and its times."""
    taken: list[float] = []
    lock = threading.Lock()

    def run() -> None:
        mine = []
        for _ in range(times // threads):
            began = time.perf_counter()
            call()
            mine.append(time.perf_counter() - began)
        with lock:
            taken.extend(mine)

    workers = [threading.Thread(target=run) for _ in range(threads)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    whole = time.perf_counter() - began
    taken.sort()
    middle, late = taken[len(taken) // 2] * 1000, taken[int(len(taken) * 0.99)] * 1000
    print(f"| {name} | {threads} | {len(taken) / whole:,.0f} | {middle:.3f} | {late:.3f} |", flush=True)


def in_database(database: Database, times: int) -> None:
    """A bucket as a row that each request locks, reads and writes, and the look-up of a key."""
    own = MetaData()
    table = Table("bench_rate", own, Column("who", String(40), primary_key=True), Column("tokens", Float))
    own.create_all(database.engine)
    with database.write() as connection:
        connection.execute(delete(table))
        connection.execute(insert(table).values(who="key:1", tokens=10.0))

    def take() -> None:
        with database.write() as connection:
            row = connection.execute(select(table).where(table.c.who == "key:1").with_for_update()).one()
            connection.execute(update(table).where(table.c.who == "key:1").values(tokens=row.tokens - 0.001))

    now = datetime.now(UTC)
    keys = Keys(database)
    made = keys.create(f"bench {now.isoformat()}", (Scope.MATCH,), actor="cli:bench", now=now)
    header = f"ApiKey {made.text}"
    keys.authenticate(header, now=now)
    for threads in (1, 8):
        measure("rate limit in the database", take, times, threads)
        measure("look up a key", lambda: keys.authenticate(header, now=now), times * 5, threads)
    keys.revoke(made.row.public, actor="cli:bench", now=now)
    own.drop_all(database.engine)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="of a database; else SQLite in a folder made for it")
    parser.add_argument("--times", type=int, default=400)
    given = parser.parse_args()
    print("| what | threads | a second | median ms | p99 ms |\n|---|---:|---:|---:|---:|")
    limit = RateLimit()
    for threads in (1, 8):
        measure(
            "rate limit in the process",
            lambda: limit.take("key:1", 1_000_000, at=time.monotonic(), cost=0.0),
            given.times * 50,
            threads,
        )
    with tempfile.TemporaryDirectory() as folder:
        database = Database(given.url or sqlite_url(Path(folder) / "stopship.db"))
        in_database(database, given.times)
        database.close()
    passwords = Passwords()
    kept = passwords.hash("mettwurst-kachelofen")
    measure("check a password", lambda: passwords.verify(kept, "wrong"), 20)
    measure("check nobody's password", lambda: passwords.verify(None, "wrong"), 20)


if __name__ == "__main__":
    main()
