"""Who is let in: the holder of a key, or anyone on this machine where the server was started so."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from stopship.access import Principal, open_principal
from stopship.access.keys import Keys


class Gate(Protocol):
    """Tells who asks."""

    def admit(self, header: str | None, *, now: datetime) -> Principal:
        """Who sends this header `Authorization` (None: none was sent).

        Raises:
            NotSignedIn: nobody who is known here.
            TooOften: they ask more often than they may.
        """
        ...


class OpenGate:
    """Lets in whoever asks; for a server that only this machine can reach."""

    def admit(self, header: str | None, *, now: datetime) -> Principal:  # noqa: ARG002
        """See `Gate.admit`."""
        return open_principal()


class KeyGate:
    """Lets in who has a key."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def admit(self, header: str | None, *, now: datetime) -> Principal:
        """See `Gate.admit`."""
        return self._keys.authenticate(header, now=now).principal
