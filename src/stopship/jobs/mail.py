"""Handing a letter to a mail server (RFC 5321), encrypted (STARTTLS of RFC 3207, or TLS from the first byte)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

from stopship.errors import MailError
from stopship.jobs.worker import TryAgain

SECURITY = ("starttls", "tls", "none")
SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server.

    Attributes:
        host, port: where it is.
        security: one of `SECURITY`.
        user, password: to log in with; no login where `user` is empty.
        sender: the address that letters are from.
    """

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


def send(message: EmailMessage, server: MailServer) -> None:
    """Hand a letter over.

    Raises:
        MailError: the server refuses it for good: login, sender, every receiver.
        TryAgain: no connection, or it asks to come back later.
    """
    where = f"{server.host}:{server.port}"
    try:
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            refused = connection.send_message(message)
    except smtplib.SMTPAuthenticationError as bad:
        raise MailError(
            f"the mail server refuses the login ({bad.smtp_code})", where=where, hint="See mail in settings.yaml"
        ) from None
    except smtplib.SMTPNotSupportedError as bad:
        raise MailError(
            f"the mail server can't do that: {bad}", where=where, hint="See mail.security in settings.yaml"
        ) from None
    except smtplib.SMTPRecipientsRefused as bad:
        codes = {code for code, _words in bad.recipients.values()}
        raise _trouble(f"the mail server refuses every receiver ({_list(codes)})", codes, where) from None
    except smtplib.SMTPResponseException as bad:
        words = bad.smtp_error.decode("utf-8", "replace") if isinstance(bad.smtp_error, bytes) else bad.smtp_error
        said = f"the mail server says {bad.smtp_code} {' '.join(str(words).split())[:120]}"
        raise _trouble(said, {bad.smtp_code}, where) from None
    except ssl.SSLError as bad:
        raise MailError(
            f"the mail server's encryption can't be trusted: {bad.reason or bad}", where=where
        ) from None
    except (OSError, smtplib.SMTPException) as bad:
        raise TryAgain(f"{where}: no connection to the mail server: {' '.join(str(bad).split())[:160]}") from None
    if refused:
        codes = {code for code, _words in refused.values()}
        raise MailError(
            f"the letter went out, but {len(refused)} of its receivers were refused ({_list(codes)})", where=where
        )


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    if server.security == "starttls":
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection


def _trouble(said: str, codes: set[int], where: str) -> Exception:
    """4xx: later (RFC 5321 section 4.2.1); anything else: never."""
    if codes and all(400 <= code < 500 for code in codes):
        return TryAgain(f"{where}: {said}")
    return MailError(said, where=where)


def _list(codes: set[int]) -> str:
    return ", ".join(str(code) for code in sorted(codes))
