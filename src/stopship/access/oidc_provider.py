"""Speaking with a provider of identities: OpenID Connect Core 1.0, the authorization code flow with PKCE.

What comes back is believed only where it is signed with a key that the provider publishes (RFC 7517, 7519), by
this issuer, for this client, not expired, and with the number that this sign-in was begun with. The provider's
addresses come from its own description (OpenID Connect Discovery 1.0), over TLS or from the own machine.
"""

from __future__ import annotations

import importlib.util
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from stopship.access.settings import OidcSettings
from stopship.errors import FetchError, NotSignedIn, SettingsError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that are accepted: those with a key pair. `none` and HMAC never are (RFC 8725, 3.1)."""

DESCRIPTION_HOLDS = timedelta(hours=1)
KEYS_HOLD = timedelta(hours=1)
ASK_KEYS_AGAIN = timedelta(minutes=1)
LEEWAY_SECONDS = 60
SECONDS = 10.0
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says that somebody is."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]


class Provider:
    """One provider.

    Args:
        settings: where it is and what we are registered as.

    Raises:
        SettingsError: the extra `oidc` is not installed, or the issuer is no address that may be used.
    """

    def __init__(self, settings: OidcSettings) -> None:
        if importlib.util.find_spec("authlib") is None:
            raise SettingsError(
                "signing in with a provider needs Authlib",
                where="access.oidc",
                hint="Install it: pip install 'stopship[oidc]'",
            )
        self.settings = settings
        self._lock = threading.Lock()
        self._description: tuple[datetime, dict[str, Any]] | None = None
        self._keys: tuple[datetime, list[dict[str, Any]]] | None = None
        self._check_address(settings.issuer)

    def address(self, *, state: str, nonce: str, verifier: str, now: datetime) -> str:
        """Where to send the browser.

        Raises:
            FetchError: the provider can't be reached, or describes itself wrongly.
        """
        with self._client(now) as client:
            found, _state = client.create_authorization_url(
                self._describe(now)["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
            )
        return str(found)

    def identity(self, code: str, *, nonce: str, verifier: str, now: datetime) -> Identity:
        """Who a code stands for.

        Raises:
            NotSignedIn: the provider refuses the code, or its token doesn't hold.
            FetchError: the provider can't be reached.
        """
        import httpx2
        from authlib.integrations.base_client import OAuthError

        description = self._describe(now)
        own_issuer = self.settings.issuer
        try:
            with self._client(now) as client:
                token = client.fetch_token(
                    description["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=self.settings.redirect_uri,
                )
        except OAuthError as bad:
            raise NotSignedIn(f"the provider refuses the sign-in: {printable_code(bad.error)}") from None
        except httpx2.HTTPError as bad:
            raise self._unreachable(bad) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise FetchError("the provider's answer to the code can't be read", where=own_issuer) from None
        if not isinstance(token, dict) or not isinstance(token.get("id_token"), str):
            raise NotSignedIn("the provider sent no ID token", hint="Is the scope `openid` among those asked for?")
        access = token.get("access_token")
        return self._verified(token["id_token"], access if isinstance(access, str) else None, nonce, now)

    def _verified(self, text: str, access_token: str | None, nonce: str, now: datetime) -> Identity:
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        own = self.settings
        try:
            header, claims = self._signed(text, now)
            token = CodeIDToken(
                claims,
                header,
                options={
                    "iss": {"essential": True, "value": own.issuer},
                    "aud": {"essential": True, "value": own.client_id},
                    "sub": {"essential": True},
                },
                params={"nonce": nonce, "client_id": own.client_id, "access_token": access_token},
            )
            token.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except JoseError as bad:
            which = getattr(bad, "claim", None)
            claim = f" ({which})" if isinstance(which, str) else ""
            raise NotSignedIn(f"the provider's token doesn't hold: {printable_code(bad.error)}{claim}") from None
        except (ValueError, TypeError):
            raise NotSignedIn("the provider's token doesn't hold: it can't be read") from None
        subject = claims["sub"]
        if not 1 <= len(subject) <= 255 or not (subject.isascii() and subject.isprintable()):
            raise NotSignedIn("the provider's token doesn't hold: its subject is not 1 to 255 ASCII characters")
        return Identity(own.issuer, subject, claims)

    def _signed(self, text: str, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims of a token whose signature is right. Keys are fetched anew where none fits: the
        provider may have changed them."""
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError
        from joserfc.jwk import KeySet

        for fetched in (False, True):
            keys, fresh = self._key_set(now, anew=fetched)
            try:
                token = jwt.decode(text, KeySet.import_key_set({"keys": keys}), algorithms=list(ALGORITHMS))
                return dict(token.header), dict(token.claims)
            except (InvalidKeyIdError, BadSignatureError):
                if fetched or fresh:
                    raise
        raise AssertionError("unreachable")

    def _key_set(self, now: datetime, *, anew: bool) -> tuple[list[dict[str, Any]], bool]:
        """The keys for signatures, and whether they were fetched just now."""
        with self._lock:
            held = self._keys
        if held is not None:
            age = now - held[0]
            if age < (ASK_KEYS_AGAIN if anew else KEYS_HOLD):
                return held[1], anew
        found = self._get(self._describe(now)["jwks_uri"]).get("keys")
        if not isinstance(found, list):
            raise FetchError("the provider's keys are no key set", where=self.settings.issuer)
        # Only keys of pairs that may sign: a shared key among them must never serve to check a signature.
        keys = [
            key
            for key in found
            if isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"
        ]
        with self._lock:
            self._keys = (now, keys)
        return keys, True

    def _describe(self, now: datetime) -> dict[str, Any]:
        with self._lock:
            held = self._description
        if held is not None and now - held[0] < DESCRIPTION_HOLDS:
            return held[1]
        issuer = self.settings.issuer
        found = self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise FetchError(
                "the provider describes itself as another issuer",
                where=issuer,
                hint="`access.oidc.issuer` must be written exactly as the provider's description has it",
            )
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str):
                raise FetchError(f"the provider's description has no {name}", where=issuer)
            self._check_address(found[name])
        with self._lock:
            self._description = (now, found)
        return found

    def _get(self, address: str) -> dict[str, Any]:
        import httpx2
        import orjson

        try:
            with (
                httpx2.Client(timeout=SECONDS, follow_redirects=False) as client,
                client.stream("GET", address, headers={"Accept": "application/json"}) as answer,
            ):
                if answer.status_code != 200:
                    raise FetchError(f"the provider answers with status {answer.status_code}", where=address)
                data = bytearray()
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > MOST_BYTES:
                        raise FetchError("the provider's answer is too long", where=address)
        except httpx2.HTTPError as bad:
            raise self._unreachable(bad) from None
        try:
            found = orjson.loads(bytes(data))
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise FetchError("the provider's answer is no JSON object", where=address)
        return found

    def _client(self, now: datetime) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        own = self.settings
        method = "none"
        if own.client_secret:
            offered = self._describe(now).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            method = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
        return OAuth2Client(
            client_id=own.client_id,
            client_secret=own.client_secret,
            token_endpoint_auth_method=method,
            scope=" ".join(own.scopes),
            redirect_uri=own.redirect_uri,
            code_challenge_method="S256",
            timeout=SECONDS,
            follow_redirects=False,
        )

    def _check_address(self, address: str) -> None:
        parts = urlsplit(address)
        near = parts.hostname in ("127.0.0.1", "::1", "localhost")
        if parts.scheme == "https" and parts.hostname:
            return
        if parts.scheme == "http" and near and urlsplit(self.settings.issuer).hostname == parts.hostname:
            return
        raise SettingsError("a provider's address begins with https://", where=f"access.oidc: {address[:200]}")

    def _unreachable(self, bad: Exception) -> FetchError:
        reason = " ".join(str(bad).split())[:200] or type(bad).__name__
        return FetchError(
            f"the provider can't be reached: {reason}", where=self.settings.issuer, hint="Try again in a moment"
        )


def printable_code(code: object) -> str:
    """A code of an error as it may be shown: what somebody else sent is not printed unless it is a plain word."""
    text = str(code or "")
    return text if re.fullmatch(r"[a-z_]{1,60}", text) else "an error without a plain code"
