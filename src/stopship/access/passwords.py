"""Passwords: what may be one, how it is kept, how it is checked.

Kept as Argon2id (RFC 9106) with that memo's second recommended parameters: 64 MiB, 3 passes, 4 lanes, which are
above what OWASP asks for. The text that is kept names its parameters, so they can be raised: who signs in next is
hashed anew. What may be a password follows NIST SP 800-63B, 3.1.1.2: length counts, no rules on kinds of letters,
nothing that is common or close to the account.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from stopship.access.guessable import is_guessable
from stopship.errors import AccountError, TooOften

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST_LENGTH, MOST_LENGTH = 12, 256
AT_ONCE = 4
"""How many passwords one process hashes at the same time: each takes 64 MiB."""

GENERATED_FROM = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters of a generated password: none that is taken for another one when it is read aloud or copied by hand."""
GROUPS = 4
"""So many groups of five letters a generated password has at least: 99 bits."""

MOST_SECONDS_TO_WAIT = 3.0
"""Who must wait longer for a turn is sent away: a flood of sign-ins must not keep the threads of others."""


class Passwords:
    """Makes and checks what is kept of passwords.

    Args:
        least: the least length, in letters; never less than 12.
        refused: a file of passwords that are refused, one a line, as lists of leaked ones come.
        hasher: other parameters than the usual ones.
    """

    def __init__(
        self, least: int = LEAST_LENGTH, refused: Path | None = None, hasher: PasswordHasher | None = None
    ) -> None:
        self._least = max(least, LEAST_LENGTH)
        self._refused = refused
        self._given = hasher
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher
        from argon2.profiles import RFC_9106_LOW_MEMORY

        return self._given or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)

    @cached_property
    def _nobodys(self) -> str:
        # Whatever is compared with it is wrong, and takes as long as with a real one.
        own = self._hasher
        salt, tag = (_base64(secrets.token_bytes(length)) for length in (own.salt_len, own.hash_len))
        return f"$argon2id$v=19$m={own.memory_cost},t={own.time_cost},p={own.parallelism}${salt}${tag}"

    def generate(self, *, about: tuple[str, ...]) -> str:
        """A random password that is not refused, for a person who is told it once: `k7m2p-x9f4q-…`.

        Args:
            about: as for `check_new`.

        Raises:
            AccountError: the site's own list of refused passwords can't be read.
        """
        groups = max(GROUPS, -(-self._least // 6) + 1)
        while True:
            made = "-".join("".join(secrets.choice(GENERATED_FROM) for _ in range(5)) for _ in range(groups))
            if not is_guessable(made, about):
                self.check_new(made, about=about)
                return made

    def check_new(self, password: str, *, about: tuple[str, ...]) -> None:
        """Refuse what should be no password.

        Args:
            password: as it was typed.
            about: words that stand near the account: its name, the person's name.

        Raises:
            AccountError: too short, too long, common, close to the account, or on the site's own list.
        """
        text = _normal(password)
        if len(text) < self._least:
            raise AccountError(
                f"the password has {len(text)} letters, at least {self._least} are needed",
                hint="Several words make a good one",
            )
        if max(len(text), len(password)) > MOST_LENGTH:
            raise AccountError(f"the password has more than {MOST_LENGTH} letters")
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            raise AccountError("the password has a control character in it", hint="Was a line break pasted along?")
        if is_guessable(text, about):
            raise AccountError(
                "the password is easily guessed: it is made of common words, the account's name, or a row of keys",
                hint="Several words that have nothing to do with each other make a good one",
            )
        if self._refused is not None and _stands_in(text, self._refused):
            raise AccountError("the password is on the list of those that are refused here")

    def hash(self, password: str) -> str:
        """What is kept of a password: Argon2's text with parameters and a new random salt.

        Raises:
            TooOften: too many are hashed at this moment.
        """
        with self._turn():
            return self._hasher.hash(_bytes(_normal(password)))

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether a password is the one that is kept. It takes the same time where nothing is kept.

        Raises:
            TooOften: too many are hashed at this moment.
        """
        from argon2.exceptions import InvalidHashError, VerificationError

        data = _bytes(_normal(password[: MOST_LENGTH + 1]))
        with self._turn():
            try:
                try:
                    return self._hasher.verify(kept or self._nobodys, data)
                except InvalidHashError:  # what is kept is damaged: the same time, and no entry
                    return self._hasher.verify(self._nobodys, data)
            except VerificationError:
                return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=MOST_SECONDS_TO_WAIT):
            raise TooOften("too many people sign in at this moment: wait 5 seconds", wait_seconds=5)
        try:
            yield
        finally:
            self._turns.release()

    def is_outdated(self, kept: str) -> bool:
        """Whether a password was kept with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)


def _normal(password: str) -> str:
    # The same letter comes as one or as two characters, depending on the keyboard (SP 800-63B asks for this form).
    return unicodedata.normalize("NFKC", password)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _base64(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=")


def _stands_in(text: str, path: Path) -> bool:
    wanted = text.casefold()
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            return any(line.rstrip("\r\n").casefold() == wanted for line in lines)
    except OSError as bad:
        raise AccountError(
            f"the list of refused passwords can't be read: {bad.strerror or bad}",
            where=str(path),
            hint="Mend `access.refused_passwords` in settings.yaml",
        ) from None
