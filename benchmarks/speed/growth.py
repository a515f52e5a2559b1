"""What is drawn over the number of listed names: throughput, latency, build, memory, bytes, ratios to peers."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

from benchmarks.speed.picture import Panel

Figures = Mapping[str, Mapping[str, Any]]  # size -> figures of a section
Files = Mapping[str, Figures]  # section -> size -> figures

_MB = 1e6


def panels(files: Files) -> list[Panel]:
    """What the picture shows: (names, figure) of every list whose index was measured too."""
    names = {size: f["names"] for size, f in files.get("build", {}).items()}

    def points(section: str, *keys: str, times: float = 1.0, per_name: bool = False) -> list[tuple[float, float]]:
        found = []
        for size, figures in files.get(section, {}).items():
            value: Any = figures if size in names else None
            for key in keys:
                value = value.get(key) if value is not None else None
            if value is not None:
                found.append((float(names[size]), times * float(value) / (names[size] if per_name else 1)))
        return found

    def private(share: str) -> list[tuple[float, float]]:
        return [
            (float(names[size]), median(m["private"] for m in f["mixtures"][share]["memory_after"]) / _MB)
            for size, f in files.get("batch", {}).items()
            if size in names and f["mixtures"].get(share, {}).get("memory_after")
        ]

    return [
        Panel(
            "Queries per processor second",
            {
                "1% listed": points("batch", "mixtures", "1%", "cpu", "median"),
                "variants": points("batch", "mixtures", "100%", "cpu", "median"),
            },
        ),
        Panel(
            "Milliseconds of a look-up",
            {"p50": points("single", "kinds", "all", "p50"), "p99": points("single", "kinds", "all", "p99")},
        ),
        Panel(
            "Seconds to build",
            {"normalize": points("build", "normalization_seconds"), "index": points("build", "indexing_seconds")},
        ),
        Panel("MB of private memory", {"customers": private("0%"), "variants": private("100%")}),
        Panel(
            "Bytes a name on disk",
            {"all": points("build", "bytes", per_name=True)},
        ),
        Panel(
            "Times as fast as a peer",
            {
                peer: points("peers", "rows", peer, "ratio")
                for peer in ("sparse_dot_topn", "rapidfuzz", "logic-v2")
            },
        ),
    ]  # fmt: skip
