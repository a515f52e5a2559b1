"""How long it takes to verify the audit record: `python -m benchmarks.audit.run --rows 1000000`.

Rows are made as case work makes them, in a database of their own, and verified as `stopship audit verify` does.
"""

from __future__ import annotations

import argparse
import resource
import secrets
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from sqlalchemy import insert, text, update

from stopship.store import Database, audit, sqlite_url
from stopship.store.audit_check import check

START = datetime(2026, 1, 1, tzinfo=UTC)
PORTION = 10_000


def fill(database: Database, rows: int) -> None:
    """Write so many rows, each by the hash of the one before."""
    previous = audit.FIRST
    with database.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_head_update"))  # the head is set once, at the end
        for first in range(1, rows + 1, PORTION):
            made = []
            for seq in range(first, min(first + PORTION, rows + 1)):
                case, moment = seq % 50_000, START + timedelta(seconds=seq)
                content = {
                    "after": {"state": "closed"},
                    "reason": "name_only",
                    "alerts": [{"entity": f"us.el-{case}"}],
                }
                said, salt = orjson.dumps(content).decode(), secrets.token_hex(16)
                digest = audit.content_digest(salt, said)
                told = {"actor": f"user:{seq % 20}", "action": "case.decided", "subject": f"case:{case}"}
                value = audit.row_digest(seq, moment, *told.values(), digest, previous)
                row = {"seq": seq, "moment": moment, **told, "content": said, "salt": salt}
                made.append({**row, "content_hash": digest, "previous": previous, "hash": value})
                previous = value
            connection.execute(insert(audit.log), made)
        connection.execute(update(audit.heads).values(seq=rows, hash=previous))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder) / "stopship.db"))
        started = time.perf_counter()
        fill(database, rows)
        made = time.perf_counter() - started
        wall, cpu = time.perf_counter(), time.process_time()
        with database.begin() as connection:
            done = check(connection)
        assert done.sound and done.rows == rows, done.faults[:3]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"rows {rows:,}; written in {made:.1f} s; verified in {wall:.1f} s ({cpu:.1f} s of the processor);",
        end=" ",
    )
    print(f"{rows / cpu:,.0f} rows a second of the processor; peak memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
