"""What the tests of access share: quick password hashing, moments, and reading the audit record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.access.sessions import Sessions
from stopship.access.sign_in import SignIn
from stopship.access.throttle import Pace, Throttle
from stopship.store import Database, audit

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ADMIN = "user:1"
GOOD = "mettwurst-kachelofen"
OTHER = "blaue kuh tanzt leise"
HOME = "192.0.2.7"


def quick_passwords() -> Passwords:
    """Argon2 with so little work that tests don't wait for it."""
    return Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


class Entry:
    """The parts of access over one database, with short names."""

    def __init__(self, database: Database, pace: Pace | None = None, passwords: Passwords | None = None) -> None:
        self.database = database
        self.passwords = passwords or quick_passwords()
        self.accounts = Accounts(database, self.passwords)
        self.sessions = Sessions(database, timedelta(minutes=60), timedelta(hours=12))
        self.throttle = Throttle(database, pace)
        self.sign_in = SignIn(database, self.passwords, self.sessions, self.throttle)

    def audited(self, *actions: str) -> list[audit.AuditRow]:
        """Rows of the audit record with these actions; all where none is given."""
        with self.database.begin() as connection:
            return [row for row in audit.rows(connection) if not actions or row.action in actions]
