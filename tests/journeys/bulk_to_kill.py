"""Agrees to a bulk disposition, telling when it has begun: for a test that kills it."""

from __future__ import annotations

import sys
from datetime import datetime

from stopship.cases import Actor, BulkDesk, Desk, Policy, Role
from stopship.cases import bulk as module
from stopship.store import Database


def main(url: str, number: int, now: str) -> None:
    """Agree to the bulk disposition of this number, and say after each case how far it is."""
    judge = module.judge
    count = 0

    def telling(*arguments, **named):  # type: ignore[no-untyped-def]
        nonlocal count
        count += 1
        print(count, flush=True)
        return judge(*arguments, **named)

    module.judge = telling
    bulk = BulkDesk(Desk(Database(url), Policy()))
    print("begun", flush=True)
    bulk.approve(number, Actor("user:sue", Role.SUPERVISOR), now=datetime.fromisoformat(now))
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
