"""An address at which nobody listens is told at once, whatever the engine would wait."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from stopship.bulk.addresses import must_answer
from stopship.errors import SettingsError, WorkerError

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def heard() -> Iterator[str]:
    """A place where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def silent() -> str:
    """A place where nobody does any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("scheme", ["", "tcp://", "tls://", "ray://", "spark://"])
def test_somebody_must_listen(scheme: str, heard: str, silent: str) -> None:
    must_answer(scheme + heard)
    with pytest.raises(WorkerError, match="nobody answers: connection refused") as refused:
        must_answer(scheme + silent)
    assert refused.value.where == scheme + silent


def test_of_several_masters_one_is_enough(heard: str, silent: str) -> None:
    must_answer(f"spark://{silent},{heard}")
    with pytest.raises(WorkerError):
        must_answer(f"spark://{silent},{silent}")


@pytest.mark.parametrize("address", ["auto", "yarn", "local[2]", "k8s://https://127.0.0.1:1", "ucx://x:1", "x"])
def test_what_is_no_host_and_port_is_left_to_the_engine(address: str) -> None:
    must_answer(address)


def test_a_port_that_cannot_be_is_an_input_error() -> None:
    with pytest.raises(SettingsError, match="70000 is no port"):
        must_answer("tcp://127.0.0.1:70000")
