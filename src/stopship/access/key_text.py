"""The form of a key: `ssk_ID_SECRETSUM`, and how it comes in a header.

ID: 12 letters and digits that name the key in lists and messages. SECRET: 256 random bits as 43 letters and
digits. SUM: the CRC-32 of all before it as 6 letters and digits. Scanners for leaked secrets (as repositories and
chats run them) find `ssk_` by its form and tell by the sum, without asking anybody, that it is a key and no
look-alike. So does this program, before it looks anywhere: a mistyped key costs no query.
"""

from __future__ import annotations

import re
import secrets
import string
import zlib
from dataclasses import dataclass

from stopship.errors import NotSignedIn

LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX = "ssk"
PUBLIC_LENGTH, SECRET_LENGTH, SUM_LENGTH = 12, 43, 6
SECRET_BITS = 256

PATTERN = re.compile(
    rf"{PREFIX}_([0-9A-Za-z]{{{PUBLIC_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})([0-9A-Za-z]{{{SUM_LENGTH}}})"
)
"""What a scanner for leaked keys looks for."""

_HOW = "Send it as `Authorization: ApiKey ssk_…`"


@dataclass(frozen=True, slots=True)
class KeyText:
    """The parts of a key. `public` may be shown, `secret` never."""

    public: str
    secret: str

    def text(self) -> str:
        """The whole key, as it is sent."""
        body = f"{PREFIX}_{self.public}_{self.secret}"
        return body + _sum(body)

    def __repr__(self) -> str:
        return f"KeyText({self.public!r}, …)"


def new_key() -> KeyText:
    """A key that nobody has seen: 71 random bits name it, 256 are its secret."""
    public = "".join(secrets.choice(LETTERS) for _ in range(PUBLIC_LENGTH))
    return KeyText(public, _digits(secrets.randbits(SECRET_BITS), SECRET_LENGTH))


def parse_key(text: str) -> KeyText | None:
    """The parts of a key; None where it isn't one, or its sum is wrong."""
    found = PATTERN.fullmatch(text)
    if found is None:
        return None
    key = KeyText(found[1], found[2])
    return key if key.text() == text else None


def key_in_header(value: str | None) -> KeyText:
    """The key in the value of a header `Authorization` (RFC 9110, 11.6.2): `ApiKey KEY`, as clients of
    OpenSanctions' server send it, or `Bearer KEY` (RFC 6750). The scheme's case doesn't matter.

    Raises:
        NotSignedIn: there is no header, the scheme is another one, or what follows is no key.
    """
    if value is None or not value.strip():
        raise NotSignedIn("this needs a key", hint=_HOW)
    scheme, _, rest = value.strip().partition(" ")
    if scheme.casefold() not in ("apikey", "bearer"):
        raise NotSignedIn("the header Authorization has a scheme that is not known here", hint=_HOW)
    key = parse_key(rest.strip())
    if key is None:
        raise NotSignedIn("this is no key: it is cut, or a letter is wrong", hint=_HOW)
    return key


def _sum(body: str) -> str:
    return _digits(zlib.crc32(body.encode()), SUM_LENGTH)


def _digits(number: int, length: int) -> str:
    """A number to the base 62, with leading zeros."""
    found = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        found.append(LETTERS[digit])
    return "".join(reversed(found))
