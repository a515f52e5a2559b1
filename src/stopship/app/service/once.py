"""Calls that are done once, however often they are sent: by the idempotency key that comes with them.

The meaning of the header is that of the IETF's draft "The Idempotency-Key HTTP Header Field".
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from stopship.errors import ConflictError, InputError
from stopship.store import Database, replies
from stopship.store.replies import Reply

LONGEST_KEY = 255


class Once:
    """Remembers for a day what was answered to whom under which key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, owner: str, key: str, request: bytes, *, now: datetime) -> Reply | None:
        """Claim a key; None: do the work, then `finish` or `give_up`. Else what was answered before.

        Args:
            owner: who asks, as the audit record names them.
            key: as it was sent.
            request: method, path and body: what the key stands for.
            now: the moment, timezone-aware.

        Raises:
            InputError: this is no key.
            ConflictError: the key stands for another call, or that call is under way.
        """
        if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise InputError(
                f"an idempotency key is 1 to {LONGEST_KEY} printable characters", where="Idempotency-Key"
            )
        digest = hashlib.sha256(request).hexdigest()
        with self._database.write() as connection:
            known = replies.claim(connection, owner, key, digest, now)
        if known is None:
            return None
        if known.request != digest:
            raise ConflictError(
                "this idempotency key was used for another call", where="Idempotency-Key", hint="Give each its own"
            )
        if known.status is None:
            raise ConflictError(
                "the call with this idempotency key is under way", where="Idempotency-Key", hint="Try again soon"
            )
        return known

    def finish(self, owner: str, key: str, *, status: int, location: str | None, body: bytes) -> None:
        """Keep the answer of a claimed call."""
        with self._database.write() as connection:
            replies.answer(connection, owner, key, status=status, location=location, body=body)

    def give_up(self, owner: str, key: str) -> None:
        """Nothing was done: the same call may come again."""
        with self._database.write() as connection:
            replies.release(connection, owner, key)
