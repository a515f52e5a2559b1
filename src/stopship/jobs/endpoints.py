"""Endpoints of webhooks as people keep them: added, listed, tested, given a new secret, removed; each step
audited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from stopship.errors import WebhookError
from stopship.jobs.addresses import Allowed, check_url
from stopship.jobs.signing import key_of, new_secret
from stopship.store import Database, audit, jobs, webhooks
from stopship.store.jobs import FAILED, Job
from stopship.store.webhooks import DELIVERY, EVENTS, Endpoint

BOTH_SECRETS = timedelta(hours=24)
"""How long a secret that was replaced still counts, if nothing else is said."""
MOST_ENDPOINTS = 50


class Endpoints:
    """The endpoints of one home.

    Args:
        database: where they are.
        allowed: which addresses they may have.
    """

    def __init__(self, database: Database, allowed: Allowed) -> None:
        self.database, self.allowed = database, allowed

    def add(
        self, url: str, events: Collection[str] = (), *, actor: str, now: datetime, secret: str | None = None
    ) -> tuple[Endpoint, str]:
        """Add an endpoint.

        Args:
            url: where messages go, by https.
            events: which events it is told of; empty: all.
            actor: who adds it, by id.
            now: this moment, timezone-aware.
            secret: `whsec_…`; None makes one.

        Returns:
            The endpoint, and its secret, which nothing shows again.

        Raises:
            WebhookError: the address isn't allowed, an event is unknown, or the secret is none.
        """
        check_url(url, self.allowed)
        for event in events:
            if event not in EVENTS or event == "test":
                known = ", ".join(name for name in EVENTS if name != "test")
                raise WebhookError(f"no event is called {event!r}", hint=f"Known: {known}")
        used = secret or new_secret()
        key_of(used)
        with self.database.write() as connection:
            if len(webhooks.all_endpoints(connection)) >= MOST_ENDPOINTS:
                raise WebhookError(f"there are {MOST_ENDPOINTS} endpoints already", hint="Remove one first")
            number = webhooks.add_endpoint(
                connection, url=url, events=events, secret=used, created_by=actor, now=now
            )
            _audit(connection, actor, "webhook.added", number, now, {"url": url, "events": sorted(events)})
            return _known(connection, number), used

    def all(self) -> tuple[Endpoint, ...]:
        """All endpoints, by number."""
        with self.database.begin() as connection:
            return webhooks.all_endpoints(connection)

    def test(self, number: int, *, actor: str, now: datetime) -> int:
        """Queue a message `test` for one endpoint; the number of its delivery.

        Raises:
            WebhookError: there is no such endpoint, or it is switched off.
        """
        with self.database.write() as connection:
            endpoint = _known(connection, number)
            if not endpoint.active:
                raise WebhookError("this endpoint is switched off", where=f"webhook {number}")
            message = webhooks.emit(
                connection,
                event="test",
                subject=f"webhook:{number}",
                data={"asked_by": actor},
                now=now,
                only=number,
            )
            # Others may queue deliveries meanwhile: ours is among the newest.
            newest = jobs.page(connection, kinds=(DELIVERY,), most=1000)
            return next(job.id for job in newest if job.options["message"] == message)

    def rotate(
        self, number: int, *, actor: str, now: datetime, both_for: timedelta = BOTH_SECRETS
    ) -> tuple[Endpoint, str]:
        """Give an endpoint a new secret. For a while messages are signed with both.

        Returns:
            The endpoint, and its new secret, which nothing shows again.

        Raises:
            WebhookError: there is no such endpoint.
        """
        secret = new_secret()
        with self.database.write() as connection:
            _known(connection, number)
            webhooks.rotate(connection, number, secret=secret, old_until=now + both_for)
            content = {"old_secret_until": (now + both_for).isoformat()}
            _audit(connection, actor, "webhook.secret_replaced", number, now, content)
            return _known(connection, number), secret

    def activate(self, number: int, active: bool, *, actor: str, now: datetime) -> Endpoint:
        """Switch an endpoint on or off.

        Raises:
            WebhookError: there is no such endpoint.
        """
        with self.database.write() as connection:
            _known(connection, number)
            webhooks.activate(connection, number, active)
            action = "webhook.switched_on" if active else "webhook.switched_off"
            _audit(connection, actor, action, number, now, {})
            return _known(connection, number)

    def remove(self, number: int, *, actor: str, now: datetime) -> None:
        """Remove an endpoint; what waits for it is not delivered any more.

        Raises:
            WebhookError: there is no such endpoint.
        """
        with self.database.write() as connection:
            endpoint = _known(connection, number)
            webhooks.remove_endpoint(connection, number)
            _audit(connection, actor, "webhook.removed", number, now, {"url": endpoint.url})

    def dead(self, *, most: int = 100) -> tuple[Job, ...]:
        """Deliveries that were given up, newest first."""
        with self.database.begin() as connection:
            return jobs.page(connection, kinds=(DELIVERY,), states=(FAILED,), most=most)

    def redeliver(self, *, actor: str, now: datetime, number: int | None = None) -> int:
        """Queue deliveries again that were given up: of one endpoint, or of all; how many.

        Raises:
            WebhookError: there is no such endpoint.
        """
        queued = 0
        with self.database.write() as connection:
            if number is not None:
                _known(connection, number)
            before: int | None = None
            while some := jobs.page(connection, kinds=(DELIVERY,), states=(FAILED,), before=before, most=500):
                for job in some:
                    if number in (None, job.options["endpoint"]):
                        queued += jobs.again(connection, job.id, now)
                before = some[-1].id
            if queued:
                content = {"deliveries": queued}
                _audit(connection, actor, "webhook.redelivered", number or 0, now, content)
        return queued


def _known(connection: Connection, number: int) -> Endpoint:
    found = webhooks.find_endpoint(connection, number)
    if found is None:
        raise WebhookError(f"there is no endpoint {number}", hint="See: stopship webhooks list")
    return found


def _audit(
    connection: Connection, actor: str, action: str, number: int, now: datetime, content: dict[str, Any]
) -> None:
    audit.append(connection, actor=actor, action=action, subject=f"webhook:{number}", content=content, now=now)
