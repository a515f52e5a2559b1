"""Who comes in, wired: accounts, keys, sessions and sign-in of one database, by the settings of one home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from stopship.access.accounts import Accounts
from stopship.access.keys import Keys
from stopship.access.oidc_provider import Provider
from stopship.access.oidc_sign_in import OidcSignIn
from stopship.access.own_account import OwnAccount
from stopship.access.passwords import Passwords
from stopship.access.rate import RateLimit
from stopship.access.sessions import Sessions
from stopship.access.settings import AccessSettings
from stopship.access.sign_in import SignIn
from stopship.access.throttle import Throttle
from stopship.app.access_settings import read_access_settings
from stopship.app.workspace import Workspace
from stopship.errors import SettingsError
from stopship.store import Database


@contextmanager
def opened_access(space: Workspace) -> Iterator[Access]:
    """Access to a home's database, which is closed at the end of the block.

    Raises:
        SettingsError: the settings are wrong. DatabaseFileError: the database can't be used.
    """
    settings = read_access_settings(space.home)
    database = space.database()
    try:
        yield Access(database, settings)
    finally:
        database.close()


@dataclass
class Access:
    """The parts, made when they are first asked for.

    Args:
        database: where users, keys and sessions are.
        settings: of the home.
        workers: how many processes serve and so share the rates of keys.
    """

    database: Database
    settings: AccessSettings
    workers: int = 1

    @cached_property
    def passwords(self) -> Passwords:
        return Passwords(self.settings.password_length, self.settings.refused_passwords)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.database, self.passwords)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.database)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.database, self.settings.idle, self.settings.longest)

    @cached_property
    def throttle(self) -> Throttle:
        return Throttle(self.database, self.settings.pace)

    @cached_property
    def sign_in(self) -> SignIn:
        return SignIn(self.database, self.passwords, self.sessions, self.throttle)

    @cached_property
    def own(self) -> OwnAccount:
        return OwnAccount(self.database, self.accounts, self.keys, self.sessions, self.sign_in)

    @cached_property
    def rates(self) -> RateLimit:
        return RateLimit(self.workers)

    @cached_property
    def oidc(self) -> OidcSignIn:
        """Sign-in with the provider of the settings.

        Raises:
            SettingsError: there is none, or the extra `oidc` is not installed.
        """
        if self.settings.oidc is None:
            raise SettingsError(
                "there is no provider to sign in with", where="settings.yaml", hint="Write it under access.oidc"
            )
        return OidcSignIn(self.database, Provider(self.settings.oidc), self.sessions)
