"""How many requests a minute a key may make: one bucket a key that fills steadily and holds some seconds' worth.

Each worker counts by itself, with its share of the rate: writing to the database for each request would cost more
than most requests do (docs/decisions/017-access.md has the figures).
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from stopship.errors import TooOften

BURST_SECONDS = 10.0
"""So many seconds' worth may come at once."""

LEAST_BURST = 5.0
MOST_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """The buckets of one worker.

    Args:
        workers: how many share the rate.
    """

    def __init__(self, workers: int = 1) -> None:
        self._workers = max(1, workers)
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, who: str, a_minute: int, *, at: float, cost: float = 1.0) -> int:
        """Take a request's worth out of a bucket.

        Args:
            who: whose bucket: a principal's `actor`.
            a_minute: how many requests a minute all workers together take.
            at: seconds of a clock that never goes back (`time.monotonic`).
            cost: how many requests this one counts for.

        Returns:
            How many more would be taken at this moment.

        Raises:
            TooOften: there is not enough in it; nothing is taken then.
        """
        a_second = a_minute / 60.0 / self._workers
        most = max(a_second * BURST_SECONDS, LEAST_BURST, cost)
        with self._lock:
            bucket = self._buckets.get(who)
            if bucket is None:
                self._forget_full(at)
                bucket = self._buckets[who] = _Bucket(most, at)
            bucket.tokens = min(most, bucket.tokens + max(0.0, at - bucket.at) * a_second)
            bucket.at = max(bucket.at, at)
            if bucket.tokens < cost:
                wait = math.ceil((cost - bucket.tokens) / a_second)
                raise TooOften(
                    f"more than {a_minute} requests a minute: wait {wait} seconds",
                    wait_seconds=wait,
                    hint="Send many names in one request, or ask for a key with a higher rate",
                )
            bucket.tokens -= cost
            return int(bucket.tokens)

    def _forget_full(self, at: float) -> None:
        """Drop buckets that were not used for as long as it takes to fill them, where there are many."""
        if len(self._buckets) < MOST_BUCKETS:
            return
        for who, bucket in list(self._buckets.items()):
            if at - bucket.at > 60.0:
                del self._buckets[who]
