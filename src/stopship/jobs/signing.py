"""Signatures of webhooks, as the Standard Webhooks specification says (github.com/standard-webhooks, version 1).

What is signed is `id.timestamp.body`, with HMAC-SHA256 and the bytes that the secret stands for; the header holds
`v1,` and the signature in base64. While a secret is being replaced there are two signatures, parted by a space,
and a receiver takes the message if either is right.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from stopship.errors import WebhookError

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300
"""How far a message's time may be from the receiver's, by the specification's advice."""


def new_secret() -> str:
    """A secret of 32 random bytes, as receivers store it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that a secret stands for.

    Raises:
        WebhookError: it is none: 24 to 64 bytes in base64 behind `whsec_`.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise WebhookError(
            "this is no secret of a webhook",
            where="secret",
            hint=f"Write {PREFIX} and 24 to 64 bytes in base64, or leave it away: one is made",
        )
    return key


def sign(keys: Sequence[bytes], number: str, moment: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of a message.

    Args:
        keys: of the endpoint: the one in use, and the one before while it still counts.
        number: of the message, the same at every attempt: by it a receiver tells a repeated one.
        moment: of this attempt, timezone-aware.
        body: as it is sent.
    """
    seconds = str(int(moment.timestamp()))
    signatures = " ".join(_signature(key, number, seconds, body) for key in keys)
    return {"webhook-id": number, "webhook-timestamp": seconds, "webhook-signature": signatures}


def verify(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether a message is whole and of one who has a key; what a receiver does. Names of headers in lower
    case."""
    try:
        number, seconds = headers["webhook-id"], headers["webhook-timestamp"]
        given = headers["webhook-signature"].split(" ")
        old = abs(now.timestamp() - int(seconds)) > TOLERANCE_SECONDS
    except (KeyError, ValueError):
        return False
    if old:
        return False
    expected = [_signature(key, number, seconds, body) for key in keys]
    return any(hmac.compare_digest(one.encode(), other.encode()) for one in given for other in expected)


def _signature(key: bytes, number: str, seconds: str, body: bytes) -> str:
    digest = hmac.new(key, f"{number}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
