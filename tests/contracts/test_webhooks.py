"""What webhooks promise, on every database: told if and only if the change is there, tried again, never twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.receiver import Handler, Receiver, receiving

from stopship.errors import WebhookError
from stopship.jobs import JobFiles, Queue
from stopship.jobs.addresses import Allowed
from stopship.jobs.delivery import Bounds, Courier
from stopship.jobs.endpoints import Endpoints
from stopship.jobs.signing import key_of, verify
from stopship.jobs.worker import Worker
from stopship.store import Database, audit, webhooks

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]


class Service:
    """Endpoints and a worker whose clock is ours."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.now = NOW
        self.database = database
        self.bounds = Bounds(Allowed(loopback=True), seconds=1.0, attempts=3)
        self.queue = Queue(database, JobFiles(folder))
        self.endpoints = Endpoints(database, self.bounds.allowed)
        courier = Courier(database, self.bounds, lambda: self.now)
        self.worker = Worker(self.queue, {"webhook": courier}, "w", lambda: self.now)

    def add(self, url: str, *events: str) -> tuple[int, str]:
        endpoint, secret = self.endpoints.add(url, events, actor="cli:test", now=self.now)
        return endpoint.id, secret

    def emit(self, event: str = "case.closed", **other: Any) -> str | None:
        with self.database.write() as connection:
            return webhooks.emit(
                connection, event=event, subject="case:7", data={"verdict": "false"}, now=self.now, **other
            )

    def work(self, after: float = 0) -> int:
        self.now += timedelta(seconds=after)
        return self.worker.run_all()

    def states(self) -> list[tuple[str, str | None]]:
        return [(job.state, job.error) for job in self.queue.page(kinds=("webhook",)).jobs]

    def actions(self) -> list[str]:
        with self.database.begin() as connection:
            return [row.action for row in audit.rows(connection)]


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Service:
    return Service(database, tmp_path / "jobs")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def test_a_message_is_a_signed_cloud_event(service: Service, receiver: Receiver) -> None:
    number, secret = service.add(receiver.url)
    message = service.emit()
    assert service.work() == 1
    ((headers, body),) = receiver.got
    assert verify([key_of(secret)], headers, body, service.now)
    assert headers["webhook-id"] == message
    assert headers["content-type"] == "application/cloudevents+json; charset=UTF-8"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert json.loads(body) == {
        "specversion": "1.0",
        "id": message,
        "source": "urn:stopship",
        "type": "stopship.case.closed",
        "subject": "case:7",
        "time": "2026-11-26T07:30:00+00:00",
        "datacontenttype": "application/json",
        "data": {"verdict": "false"},
    }
    assert service.states() == [("done", None)]
    (endpoint,) = service.endpoints.all()
    assert endpoint.id == number and endpoint.last_success == NOW
    assert secret not in repr(endpoint) and "secret" not in endpoint.to_plain()


def test_nothing_is_told_of_a_change_that_failed(service: Service, receiver: Receiver) -> None:
    service.add(receiver.url)
    with pytest.raises(RuntimeError), service.database.write() as connection:
        webhooks.emit(connection, event="case.closed", subject="case:7", data={}, now=NOW)
        raise RuntimeError
    assert service.work() == 0 and receiver.got == []


def test_each_endpoint_is_told_of_what_it_asked_for_and_once(service: Service, receiver: Receiver) -> None:
    assert service.emit() is None, "nobody asked"
    service.add(receiver.url, "case.closed")
    service.add(receiver.url, "lists.updated")
    off, _ = service.add(receiver.url)
    service.endpoints.activate(off, False, actor="cli:test", now=NOW)
    assert service.emit("case.closed") is not None
    assert service.emit("lists.updated", once="us_csl 1") is not None
    assert service.emit("lists.updated", once="us_csl 1") is None
    assert service.work() == 2 and len(receiver.got) == 2
    with pytest.raises(ValueError, match="no event"):
        service.emit("case.eaten")


@pytest.mark.parametrize("answer", [500, 404, 302])
def test_what_is_not_taken_is_tried_again_with_the_same_id_then_given_up(
    service: Service, receiver: Receiver, answer: int
) -> None:
    receiver.answers = [answer]
    service.add(receiver.url)
    message = service.emit()
    assert service.work() == 1
    ((state, error),) = service.states()
    assert state == "queued" and error is not None and str(answer) in error
    assert service.work(1) == 0
    assert service.work(10) == 1 and service.work(400) == 1 and service.work(4000) == 0
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [message] * 3
    assert len({headers["webhook-timestamp"] for headers, _ in receiver.got}) == 3
    assert len({body for _, body in receiver.got}) == 1
    ((state, error),) = service.states()
    assert state == "failed" and error is not None and error.endswith("(tried 3 times)")
    assert service.actions()[-1] == "job.failed"
    assert [job.id for job in service.endpoints.dead()] == [1]
    receiver.answers = [204]
    assert service.endpoints.redeliver(actor="cli:test", now=service.now) == 1
    assert service.work() == 1 and service.states() == [("done", None)]
    assert service.endpoints.redeliver(actor="cli:test", now=service.now) == 0


def test_a_receiver_that_asks_to_wait_is_waited_for(service: Service, receiver: Receiver) -> None:
    receiver.answers = [lambda handler: handler.head(429, Retry_After="120"), 204]
    service.add(receiver.url)
    service.emit()
    service.work()
    assert service.work(100) == 0 and service.work(21) == 1
    assert service.states() == [("done", None)]


def test_one_that_is_gone_is_switched_off(service: Service, receiver: Receiver) -> None:
    receiver.answers = [410]
    service.add(receiver.url)
    service.emit()
    service.work()
    (endpoint,) = service.endpoints.all()
    assert not endpoint.active and service.states()[0][0] == "failed"
    assert "webhook.switched_off" in service.actions()
    assert service.emit() is None


def slow(handler: Handler) -> None:
    for _ in range(40):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.1)


def endless(handler: Handler) -> None:
    handler.head(200, Content_Length=10_000_000)
    handler.wfile.write(b"x" * 10_000_000)


def test_a_drip_and_an_endless_answer_end(service: Service, receiver: Receiver) -> None:
    receiver.answers = [slow, endless]
    service.add(receiver.url)
    service.emit()
    began = time.monotonic()
    service.work()
    assert time.monotonic() - began < 4
    assert "no answer within 1 seconds" in str(service.states()[0][1])
    service.work(10)
    assert service.states() == [("done", None)]


def test_a_new_secret_and_the_old_one_sign_for_a_while(service: Service, receiver: Receiver) -> None:
    number, old = service.add(receiver.url)
    _, new = service.endpoints.rotate(number, actor="cli:test", now=NOW, both_for=timedelta(hours=1))
    service.emit()
    service.work()
    service.work(3601)
    service.emit()
    service.work()
    (first, body), (second, body2) = receiver.got
    assert verify([key_of(old)], first, body, NOW) and verify([key_of(new)], first, body, NOW)
    assert not verify([key_of(old)], second, body2, service.now)
    assert verify([key_of(new)], second, body2, service.now)


def test_what_waits_for_an_endpoint_that_is_removed_ends(service: Service, receiver: Receiver) -> None:
    receiver.answers = [500]
    number, _ = service.add(receiver.url)
    service.emit()
    service.work()
    service.endpoints.remove(number, actor="cli:test", now=service.now)
    assert service.work(10) == 1
    assert service.states() == [("done", None)] and len(receiver.got) == 1
    with pytest.raises(WebhookError, match="there is no endpoint"):
        service.endpoints.remove(number, actor="cli:test", now=service.now)


def test_a_test_goes_to_one_endpoint_and_finished_jobs_are_told(service: Service, receiver: Receiver) -> None:
    service.add(receiver.url, "lists.updated")
    number, _ = service.add(receiver.url, "job.finished")
    delivery = service.endpoints.test(number, actor="cli:test", now=NOW)
    assert service.queue.get(delivery).options["endpoint"] == number
    service.queue.submit("backup", {}, asked_by="cli:test", now=NOW)
    held = service.queue.claim(worker="w", kinds=("backup",), now=NOW)
    assert held is not None
    service.queue.finish(held, "done", now=NOW, result={})
    service.work()
    told = [json.loads(body) for _, body in receiver.got]
    assert [(one["type"], one["subject"]) for one in told] == [
        ("stopship.test", f"webhook:{number}"),
        ("stopship.job.finished", f"job:{held.job.id}"),
    ]
    assert told[1]["data"] == {"job": held.job.id, "kind": "backup", "state": "done", "asked_by": "cli:test"}


def test_every_change_of_an_endpoint_is_audited_and_no_secret_is(service: Service) -> None:
    number, secret = service.add("https://hooks.example.com/in")
    _, other = service.endpoints.rotate(number, actor="cli:test", now=NOW)
    service.endpoints.activate(number, False, actor="cli:test", now=NOW)
    service.endpoints.activate(number, True, actor="cli:test", now=NOW)
    service.endpoints.remove(number, actor="cli:test", now=NOW)
    assert service.actions() == [
        "webhook.added",
        "webhook.secret_replaced",
        "webhook.switched_off",
        "webhook.switched_on",
        "webhook.removed",
    ]
    with service.database.begin() as connection:
        content = "".join(row.content or "" for row in audit.rows(connection))
    assert secret not in content and other not in content


def test_what_an_endpoint_may_not_be(service: Service) -> None:
    for url in ("http://example.com/", "https://10.0.0.1/"):
        with pytest.raises(WebhookError):
            service.add(url)
    with pytest.raises(WebhookError, match=r"no event is called 'case\.eaten'"):
        service.add("https://hooks.example.com/", "case.eaten")
    with pytest.raises(WebhookError, match="no secret"):
        service.endpoints.add("https://hooks.example.com/", actor="cli:x", now=NOW, secret="hush")
