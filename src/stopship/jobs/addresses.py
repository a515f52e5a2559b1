"""Where webhooks may go. Whoever may add an endpoint must not reach through this machine what only it can reach.

The address is checked when an endpoint is added and again at each delivery, and the delivery connects to the very
number that was checked: a name that points to another machine a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from stopship.errors import WebhookError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], list[str]]
"""Gives the numbers of a host; raises OSError where there is none."""

MOST_LETTERS = 2_000
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed beside public addresses by https.

    Attributes:
        networks: private networks that may be reached.
        loopback: whether this machine itself may be reached, and there by http.
    """

    networks: tuple[Network, ...] = ()
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was checked: the host as it is written, and the number to connect to."""

    scheme: str
    host: str
    port: int
    path: str
    number: str


def check_url(url: str, allowed: Allowed) -> SplitResult:
    """An address as far as it can be checked without asking for the host's number.

    Raises:
        WebhookError: it is none that messages may be sent to; says why.
    """
    if len(url) > MOST_LETTERS or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise WebhookError("this is no address on the web", where=url[:80], hint="Write it with https://")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WebhookError("this is no address on the web", where=url[:80]) from None
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise WebhookError("this is no address on the web", where=url[:80], hint="Write it with https://")
    if parts.username is not None or parts.password is not None:
        raise WebhookError(
            "an address with a user or password is refused", where=parts.hostname, hint="The signature tells us"
        )
    if parts.fragment:
        raise WebhookError("an address with # is refused", where=url[:80])
    literal = _number(parts.hostname)
    here = parts.hostname == "localhost" or (literal is not None and _inner(literal).is_loopback)
    if parts.scheme == "http" and not (allowed.loopback and here):
        raise WebhookError(
            "messages go out encrypted only",
            where=url[:80],
            hint="Write https://; http is for this machine itself, with webhooks.loopback",
        )
    if literal is not None:
        _check(literal, parts.scheme, allowed, parts.hostname)
    return parts


def target_of(url: str, allowed: Allowed, resolve: Resolve | None = None) -> Target:
    """The checked target of an address.

    Raises:
        WebhookError: it is none that messages may be sent to, or the host has an address that is not allowed.
        OSError: the host has no number, now.
    """
    parts = check_url(url, allowed)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    numbers = [ipaddress.ip_address(number.partition("%")[0]) for number in (resolve or _resolve)(host, port)]
    if not numbers:
        raise OSError("the name has no address")
    for number in numbers:
        _check(number, parts.scheme, allowed, host)
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path, str(numbers[0]))


def read_networks(texts: list[str], where: str) -> tuple[Network, ...]:
    """Networks as the settings name them: `10.20.0.0/16`, `fd00::/8`, one address.

    Raises:
        WebhookError: one of them is none.
    """
    found: list[Network] = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text))
        except ValueError as bad:
            raise WebhookError(f"this is no network: {bad}", where=where, hint="Write e.g. 10.20.0.0/16") from None
    return tuple(found)


def _check(number: Address, scheme: str, allowed: Allowed, host: str) -> None:
    inner = _inner(number)
    if inner.is_loopback:
        if not allowed.loopback:
            raise WebhookError("this machine itself is refused", where=host, hint="Set webhooks.loopback")
        return
    if scheme != "https":
        raise WebhookError("messages go out encrypted only", where=host, hint="Write https://")
    if any(inner.version == network.version and inner in network for network in allowed.networks):
        return
    if not inner.is_global or inner.is_multicast or inner.is_reserved or inner.is_unspecified:
        raise WebhookError(
            "this host is inside of a private network, which is refused",
            where=host,
            hint="Name the network under webhooks.networks in settings.yaml",
        )


def _inner(number: Address) -> Address:
    """The number that one of IPv6 carries inside: it says where a message ends up."""
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped is not None:
            return number.ipv4_mapped
        if number.sixtofour is not None:
            return number.sixtofour
        if number.teredo is not None:
            return number.teredo[1]
        if number in _NAT64:
            return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return number


def _number(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))
