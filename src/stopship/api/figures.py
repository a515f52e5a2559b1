"""The figures of the service, for Prometheus. Labels are routes as they are written, no more of what was asked."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from stopship.app.service.edition import Edition
from stopship.app.service.engine import Reloaded

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Where several processes keep their figures together; see `prometheus_client.multiprocess`."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Figures:
    """What is counted and measured, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._calls = Counter("stopship_http_requests", "Calls.", labels, registry=self._registry)
        self._seconds = Histogram(
            "stopship_http_request_seconds",
            "How long calls took.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._screened = Counter(
            "stopship_names_screened", "Names that were looked up.", ("how",), registry=self._registry
        )
        self._decided = Counter("stopship_decisions", "Orders decided.", ("outcome",), registry=self._registry)
        self._reloads = Counter(
            "stopship_list_reloads",
            "Times that other lists were put in use.",
            ("result",),
            registry=self._registry,
        )
        self._age = Gauge(
            "stopship_list_age_days",
            "Age of each list in use.",
            ("source",),
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )
        self._stale = Gauge(
            "stopship_list_stale",
            "1 where a list is beyond its age limit.",
            ("source",),
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )
        self._entities = Gauge(
            "stopship_index_entities",
            "Entities in the index in use.",
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )

    def called(self, method: str, route: str, status: int, seconds: float) -> None:
        """A call was answered."""
        method = method if method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS") else "other"
        self._calls.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def screened(self, how: str, names: int) -> None:
        """So many names were looked up through one kind of call."""
        self._screened.labels(how).inc(names)

    def decided(self, outcome: str) -> None:
        """An order was decided."""
        self._decided.labels(outcome).inc()

    def reloaded(self, done: Reloaded) -> None:
        """Other lists were put in use, or could not be."""
        self._reloads.labels("failed" if done.problem else "done").inc()

    def serves(self, edition: Edition) -> None:
        """These lists are in use."""
        self._entities.set(len(edition.index))
        for state in edition.lists:
            self._age.labels(state["source"]).set(state["age_days"])
            self._stale.labels(state["source"]).set(int(state["stale"]))

    def text(self) -> bytes:
        """All figures, of all processes of the server, in Prometheus' text format."""
        if SHARED in os.environ:
            together = CollectorRegistry()
            MultiProcessCollector(together)  # type: ignore[no-untyped-call]
            return generate_latest(together)
        return generate_latest(self._registry)
