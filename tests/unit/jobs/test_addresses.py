"""Where webhooks may go: nowhere that only this machine can reach."""

from __future__ import annotations

import pytest

from stopship.errors import WebhookError
from stopship.jobs.addresses import Allowed, check_url, read_networks, target_of


def resolved(*numbers: str) -> dict[str, object]:
    return {"resolve": lambda _host, _port: list(numbers)}


def test_a_public_host_is_reached_by_the_number_that_was_checked() -> None:
    target = target_of("https://hooks.example.com:8443/in?a=1", Allowed(), lambda *_: ["93.184.216.34"])
    assert (target.host, target.port, target.path, target.number) == (
        "hooks.example.com",
        8443,
        "/in?a=1",
        "93.184.216.34",
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "https://user:password@hooks.example.com/",
        "https:///path",
        "https://hooks.example.com/#part",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com/ x",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.8/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.8]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "javascript:alert(1)",
        "https://hooks.example.com/\r\nX: y",
        "https://" + "a" * 3000,
    ],
)
def test_what_is_refused_when_it_is_added(url: str) -> None:
    with pytest.raises(WebhookError):
        check_url(url, Allowed())


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd12::1",
        "::ffff:192.168.1.1",
        "64:ff9b::a00:1",
        "2002:0a00:0001::1",
    ],
)
def test_a_name_that_points_inside_is_refused_at_each_delivery(number: str) -> None:
    with pytest.raises(WebhookError, match="is refused"):
        target_of("https://hooks.example.com/", Allowed(), lambda *_: [number])
    with pytest.raises(WebhookError, match="is refused"):
        # One good number doesn't make up for one inside.
        target_of("https://hooks.example.com/", Allowed(), lambda *_: ["93.184.216.34", number])


def test_what_the_settings_allow() -> None:
    inside = Allowed(networks=read_networks(["10.20.0.0/16"], "x"))
    assert target_of("https://erp.example/", inside, lambda *_: ["10.20.1.1"]).number == "10.20.1.1"
    with pytest.raises(WebhookError):
        target_of("https://erp.example/", inside, lambda *_: ["10.21.1.1"])
    loopback = Allowed(loopback=True)
    assert target_of("http://localhost:9000/", loopback, lambda *_: ["127.0.0.1"]).scheme == "http"
    with pytest.raises(WebhookError, match="encrypted only"):
        target_of("http://hooks.example.com/", loopback, lambda *_: ["93.184.216.34"])
    with pytest.raises(WebhookError, match="no network"):
        read_networks(["10.20.0.1/16"], "settings.yaml, webhooks.networks")
