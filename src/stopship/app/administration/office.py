"""What the pages of administration ask: one home, its database, and the lists in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path

from stopship.app.access import Access
from stopship.app.administration.fixed import Fixed, fixed_settings
from stopship.app.administration.people import People
from stopship.app.administration.record import Record
from stopship.app.administration.settings_desk import SettingsDesk
from stopship.app.administration.system import State, state_of
from stopship.app.service.edition import Edition


class Office:
    """The administration of one home.

    Args:
        home: the directory.
        access: accounts, keys and sessions of its database.
        edition: gives the lists in use.
        now: tells the moment, timezone-aware.
    """

    def __init__(
        self, home: Path, access: Access, edition: Callable[[], Edition], *, now: Callable[[], datetime]
    ) -> None:
        self.now = now
        self._home = home
        self._access = access
        self._edition = edition

    @cached_property
    def people(self) -> People:
        return People(self._access)

    @cached_property
    def record(self) -> Record:
        return Record(self._home, self._access.database, self.now)

    @cached_property
    def settings(self) -> SettingsDesk:
        return SettingsDesk(self._home, self._access.database)

    @property
    def provider(self) -> bool:
        """Whether people can sign in with a provider."""
        return self._access.settings.oidc is not None

    def fixed(self) -> tuple[Fixed, ...]:
        """The settings that are read at the start; see `fixed_settings`."""
        return fixed_settings(self._home)

    def system(self) -> State:
        """The state of the machine."""
        return state_of(self._edition().workspace, self._access.database, now=self.now())
