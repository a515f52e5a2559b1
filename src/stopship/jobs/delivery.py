"""Bringing one message to one endpoint: a CloudEvents body, signed, sent once within bounds.

The body is a CloudEvent 1.0 in JSON (structured mode, CloudEvents HTTP binding section 3.2). Whether it is tried
again is the worker's; what a receiver answers decides what is raised here.
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import uniform
from typing import TYPE_CHECKING, Any

import orjson

from stopship.errors import WebhookError
from stopship.jobs.addresses import Allowed, Resolve, target_of
from stopship.jobs.signing import key_of, sign
from stopship.jobs.worker import Held, TryAgain
from stopship.store import Database, audit, webhooks
from stopship.store.jobs import Job
from stopship.store.webhooks import Endpoint, Message
from stopship.version import __version__

if TYPE_CHECKING:
    import httpx2

MOST_ANSWER = 64 * 1024
CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"
WAITS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before the second attempt and the further ones, as the Standard Webhooks specification advises."""
MOST_WAIT = 86_400.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a delivery may take.

    Attributes:
        allowed: where it may go.
        seconds: how long one attempt may take in all.
        attempts: how often it is tried in all.
        proxy: the address of a proxy for everything; it looks the host up, so that its bounds count, not ours.
        source: the `source` of the events: an address or name of this service, a URI.
    """

    allowed: Allowed = field(default_factory=Allowed)
    seconds: float = 15.0
    attempts: int = 8
    proxy: str = ""
    source: str = "urn:stopship"


class Courier:
    """Does jobs of the kind `webhook`.

    Args:
        database: where endpoints and messages are.
        bounds: see there.
        clock: gives the moment, timezone-aware.
        resolve: gives the numbers of a host; None asks the system.
    """

    def __init__(self, database: Database, bounds: Bounds, clock: Any, resolve: Resolve | None = None) -> None:
        self.database, self.bounds, self.clock, self.resolve = database, bounds, clock, resolve

    def __call__(self, job: Job, held: Held) -> dict[str, Any]:  # noqa: ARG002
        """Bring the message of a job to its endpoint.

        Returns:
            The status, or why there was nothing to bring.

        Raises:
            TryAgain: it wasn't taken and may be later.
            WebhookError: it can't be brought there at all.
        """
        with self.database.begin() as connection:
            endpoint = webhooks.find_endpoint(connection, int(job.options["endpoint"]))
            message = webhooks.find_message(connection, str(job.options["message"]))
        if endpoint is None or not endpoint.active:
            return {"dropped": "the endpoint was removed or switched off"}
        if message is None:
            return {"dropped": "the message is older than the settings keep"}
        try:
            status, after = self._send(endpoint, message)
        except WebhookError as bad:
            self._note(endpoint, str(bad))
            raise
        except (OSError, TimeoutError) as bad:
            return self._refused(endpoint, job, " ".join(str(bad).split())[:200], None)
        if 200 <= status < 300:
            with self.database.begin() as connection:
                webhooks.note_success(connection, endpoint.id, self.clock())
            return {"status": status}
        if status == 410:
            self._gone(endpoint)
            raise WebhookError("the endpoint says that it is gone: it was switched off", where=endpoint.url[:80])
        if 300 <= status < 400:
            return self._refused(endpoint, job, f"it sends us on ({status}), which is refused", None)
        return self._refused(endpoint, job, f"it answered {status}", after)

    def _refused(self, endpoint: Endpoint, job: Job, reason: str, after: float | None) -> dict[str, Any]:
        self._note(endpoint, reason)
        usual = WAITS[min(job.attempts, len(WAITS)) - 1] * uniform(0.8, 1.2)
        wait = min(max(usual, after or 0.0), MOST_WAIT)
        raise TryAgain(f"endpoint {endpoint.id}: {reason}", after=wait, most=self.bounds.attempts)

    def _note(self, endpoint: Endpoint, reason: str) -> None:
        with self.database.begin() as connection:
            webhooks.note_failure(connection, endpoint.id, self.clock(), reason)

    def _gone(self, endpoint: Endpoint) -> None:
        now = self.clock()
        with self.database.write() as connection:
            webhooks.activate(connection, endpoint.id, False)
            webhooks.note_failure(connection, endpoint.id, now, "it answered 410: gone for good")
            audit.append(
                connection,
                actor="system:webhooks",
                action="webhook.switched_off",
                subject=f"webhook:{endpoint.id}",
                content={"reason": "it answered 410"},
                now=now,
            )

    def _send(self, endpoint: Endpoint, message: Message) -> tuple[int, float | None]:
        """One attempt: the status, and the seconds that the receiver asks us to wait."""
        now: datetime = self.clock()
        body = body_of(message, self.bounds.source)
        keys = [key_of(endpoint.secret)]
        if endpoint.old_secret and endpoint.old_secret_until and now < endpoint.old_secret_until:
            keys.append(key_of(endpoint.old_secret))
        headers = {
            **sign(keys, message.id, now, body),
            "content-type": CONTENT_TYPE,
            "user-agent": f"stopship/{__version__}",
            "accept-encoding": "identity",
        }
        results: queue.SimpleQueue[tuple[int, float | None] | BaseException] = queue.SimpleQueue()

        def work() -> None:
            try:
                results.put(self._post(endpoint.url, headers, body))
            except BaseException as bad:
                results.put(bad)

        # A receiver that drips its answer gives the reading side no moment to look at the clock: the attempt is
        # left alone then. Its thread ends with the connection or with the process.
        threading.Thread(target=work, name="stopship-webhook", daemon=True).start()
        try:
            found = results.get(timeout=self.bounds.seconds + 1.0)
        except queue.Empty:
            raise TimeoutError(f"no answer within {self.bounds.seconds:g} seconds") from None
        if isinstance(found, BaseException):
            raise found
        return found

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, float | None]:
        import ssl

        import httpx2

        bounds = self.bounds
        until = time.monotonic() + bounds.seconds
        target = target_of(url, bounds.allowed, (lambda host, _port: [host]) if bounds.proxy else self.resolve)
        number = f"[{target.number}]" if ":" in target.number else target.number
        port = "" if target.port == (443 if target.scheme == "https" else 80) else f":{target.port}"
        host = f"[{target.host}]" if ":" in target.host else target.host
        address = url if bounds.proxy else f"{target.scheme}://{number}:{target.port}{target.path}"
        try:
            with (
                httpx2.Client(
                    verify=ssl.create_default_context(),
                    timeout=bounds.seconds,
                    proxy=bounds.proxy or None,
                    follow_redirects=False,
                    trust_env=False,
                ) as client,
                client.stream(
                    "POST",
                    address,
                    content=body,
                    headers={**headers, "host": f"{host}{port}"},
                    extensions={"sni_hostname": target.host},
                ) as response,
            ):
                _drain(response, until)
                return response.status_code, _retry_after(response.headers.get("retry-after", ""))
        except httpx2.TimeoutException:
            raise TimeoutError(f"no answer within {bounds.seconds:g} seconds") from None
        except (httpx2.TransportError, httpx2.InvalidURL) as bad:
            raise OSError(f"no connection: {' '.join(str(bad).split())[:160]}") from None


def body_of(message: Message, source: str) -> bytes:
    """The CloudEvent of a message, the same bytes at every attempt."""
    event = {
        "specversion": "1.0",
        "id": message.id,
        "source": source,
        "type": f"stopship.{message.event}",
        "subject": message.subject,
        "time": message.moment.isoformat(),
        "datacontenttype": "application/json",
        "data": dict(message.data),
    }
    return orjson.dumps(event)


def longest_delivery(bounds: Bounds) -> timedelta:
    """How long a message may be on its way; it is kept for so long at least."""
    waits = sum(WAITS[min(n, len(WAITS) - 1)] for n in range(bounds.attempts))
    return timedelta(seconds=1.2 * waits)


def _drain(response: httpx2.Response, until: float) -> None:
    """Read an answer as far as is proper, and leave the rest."""
    here = 0
    for piece in response.iter_raw():
        here += len(piece)
        if here > MOST_ANSWER or time.monotonic() > until:
            return


def _retry_after(text: str) -> float | None:
    return float(text) if text.isascii() and text.strip().isdigit() and len(text) < 8 else None
