"""What a home says about who comes in: sessions, passwords, the pace of attempts, rates, the provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from stopship.access.passwords import LEAST_LENGTH
from stopship.access.throttle import Pace
from stopship.access.vocabulary import Role


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """A provider of identities that people sign in with (OpenID Connect).

    Attributes:
        issuer: its address, exactly as its tokens name it.
        client_id: what Stopship is registered as there.
        redirect_uri: the address of our page that the provider sends people back to, as registered there.
        roles: from a value of the claim to the role that it gives. Who has none of them is not let in.
        role_claim: the claim of the ID token that holds groups or roles: a name, or `realm_access.roles`.
        name_claim: the claim that an account is named by when somebody comes for the first time.
        scopes: what is asked for.
        label: what the button says.
        client_secret: None for a public client, which PKCE is enough for.
    """

    issuer: str
    client_id: str
    redirect_uri: str
    roles: Mapping[str, Role]
    role_claim: str = "groups"
    name_claim: str = "preferred_username"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    label: str = "Sign in with your company account"
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """How people and programs come in.

    Attributes:
        idle: how long a session holds that isn't used.
        longest: how long a session holds at most.
        password_length: the least length of a new password.
        refused_passwords: a file of passwords that are refused, one a line.
        pace: how fast one may try to sign in.
        a_minute: requests that a key may make in a minute, where it has no rate of its own.
        oidc: the provider, where there is one.
    """

    idle: timedelta = timedelta(minutes=60)
    longest: timedelta = timedelta(hours=12)
    password_length: int = LEAST_LENGTH
    refused_passwords: Path | None = None
    pace: Pace = field(default_factory=Pace)
    a_minute: int = 6000
    oidc: OidcSettings | None = None
