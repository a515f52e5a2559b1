"""Who is let in: the holder of a key, or anyone on this machine where the server was started so."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Protocol

from stopship.access import Principal, open_principal
from stopship.app.access import Access


class Gate(Protocol):
    """Tells who asks. `waits`: on a database, so that it belongs on a thread of its own."""

    waits: bool

    def admit(self, header: str | None, *, now: datetime) -> Principal:
        """Who sends this header `Authorization` (None: none was sent).

        Raises:
            NotSignedIn: nobody who is known here.
            TooOften: they ask more often than they may.
        """
        ...


class OpenGate:
    """Lets in whoever asks; for a server that only this machine can reach."""

    waits = False

    def admit(self, header: str | None, *, now: datetime) -> Principal:  # noqa: ARG002
        """See `Gate.admit`."""
        return open_principal()


class KeyGate:
    """Lets in who has a key, as often as the key may be used."""

    waits = True

    def __init__(self, access: Access) -> None:
        self._access = access

    def admit(self, header: str | None, *, now: datetime) -> Principal:
        """See `Gate.admit`."""
        known = self._access.keys.authenticate(header, now=now)
        a_minute = known.a_minute if known.a_minute is not None else self._access.settings.a_minute
        self._access.rates.take(known.key, a_minute, at=time.monotonic())
        return known.principal
