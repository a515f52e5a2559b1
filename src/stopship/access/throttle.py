"""Who guesses passwords is slowed down, more with every attempt, for each account and for each address.

Each attempt is charged before the password is looked at, in the database: a thousand attempts at once, or on
several workers, count a thousand. The first few are free. After that the next one is taken after a second, then
two, then four, up to a quarter of an hour; a success clears the account.

So that nobody can lock a person out by guessing, attempts from a place from which that person has signed in before
count by themselves: strangers fill the account's bucket, and the person comes in past it.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import Connection

from stopship.errors import TooOften
from stopship.store import Database, attempts, audit
from stopship.store.attempts import AttemptsRow

FORGOTTEN_AFTER = timedelta(days=1)
PROVEN_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one may try.

    Attributes:
        free_account: attempts on one account that wait for nothing.
        free_address: attempts from one address, whatever the account; offices share one.
        first_wait: after the first attempt that is too many; it doubles with each further one.
        longest_wait: the most.
    """

    free_account: int = 5
    free_address: int = 30
    first_wait: timedelta = timedelta(seconds=1)
    longest_wait: timedelta = timedelta(minutes=15)

    def wait(self, count: int, free: int) -> timedelta:
        """How long the next attempt must wait after so many."""
        over = count - free
        if over <= 0:
            return timedelta(0)
        doublings = min(over - 1, 40)
        return min(self.first_wait * (1 << doublings), self.longest_wait)


@dataclass(frozen=True, slots=True)
class Charged:
    """What an attempt was charged to."""

    account: str
    address: str
    place: str


class Throttle:
    """Counts attempts in one database."""

    def __init__(self, database: Database, pace: Pace | None = None) -> None:
        self._database = database
        self._pace = pace or Pace()

    def charge(self, name: str, address: str, *, now: datetime) -> Charged:
        """Count one attempt. It is the same for an account that doesn't exist.

        Args:
            name: of the account, as `accounts.normal_name` gives it.
            address: where it comes from (IPv4 or IPv6), as far as it is known for sure.
            now: the moment, timezone-aware.

        Raises:
            TooOften: it comes too early; it is not counted then.
        """
        network = network_of(address)
        account = f"account:{_short(name)}"
        place = f"place:{_short(name)}:{network}"
        with self._database.write() as connection:
            attempts.forget_old(connection, before=now - FORGOTTEN_AFTER, places_before=now - PROVEN_FOR)
            known = attempts.is_proven(connection, place, since=now - PROVEN_FOR)
            charged = Charged(place if known else account, f"address:{network}", place)
            rows = [attempts.locked(connection, bucket, now) for bucket in _in_order(charged)]
            if (wait := max(row.free_at for row in rows) - now) > timedelta(0):
                raise _too_often(wait)
            for row in rows:
                self._count(connection, row, now)
        return charged

    def succeeded(self, connection: Connection, charged: Charged, *, now: datetime) -> None:
        """Take the charge back inside of the transaction of a sign-in. What other accounts were charged from the
        same address stays."""
        held = {bucket: attempts.locked(connection, bucket, now) for bucket in _in_order(charged)}
        attempts.clear(connection, charged.account)
        row = held[charged.address]
        count = max(row.count - 1, 0)
        free_at = now + self._pace.wait(count, self._pace.free_address)
        attempts.put(connection, replace(row, count=count, free_at=free_at))
        attempts.prove(connection, charged.place, now)

    def clear(self, name: str, *, actor: str, subject: str, now: datetime) -> bool:
        """Let nothing count against an account; whether anything did."""
        with self._database.write() as connection:
            done = attempts.clear(connection, f"account:{_short(name)}")
            content: dict[str, bool] = {"was_slowed": done}
            audit.append(
                connection, actor=actor, action="login.cleared", subject=subject, content=content, now=now
            )
        return done

    def _count(self, connection: Connection, row: AttemptsRow, now: datetime) -> None:
        free = self._pace.free_address if row.bucket.startswith("address:") else self._pace.free_account
        count = row.count + 1
        attempts.put(connection, AttemptsRow(row.bucket, count, now, now + self._pace.wait(count, free)))
        if count == free + 1:
            audit.append(
                connection,
                actor="system:throttle",
                action="login.slowed",
                subject=row.bucket.partition(":")[0],
                content={"bucket": row.bucket, "attempts": count},
                now=now,
            )


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the 64 bits of an IPv6 address that one line is given."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def _in_order(charged: Charged) -> list[str]:
    # Always the same order, so that no two transactions wait for each other.
    return sorted((charged.account, charged.address))


def _short(name: str) -> str:
    # 32 bits: enough to tell accounts apart, too little to read back what somebody typed into the wrong field.
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _too_often(wait: timedelta) -> TooOften:
    seconds = math.ceil(wait.total_seconds())
    shown = f"{seconds} seconds" if seconds < 120 else f"{math.ceil(seconds / 60)} minutes"
    return TooOften(f"too many attempts to sign in: wait {shown}", wait_seconds=seconds)
