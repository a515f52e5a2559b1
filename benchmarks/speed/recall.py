"""Whether the fast path raises every alert that the reference raises: by class of query.

The reference is the same scorer with `BruteForce` candidates. The default path is what bulk work does: the sieve,
then a look-up of what it lets pass. The exact mode is measured where the matcher has one.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.queries import Asked
from benchmarks.speed.worker import in_fresh_process, packed

from stopship.matching import Index, Matcher, Query
from stopship.matching.candidates import BruteForce

_ALL = "all"


def against_the_oracle(index: Path, asked: Sequence[Asked]) -> dict[str, Any]:
    """Figures by class, and what was missed, in a process of its own.

    `classes`: class -> queries, those with an alert of the reference, its alerts, and for each mode the shares of
    both that the mode raises too. `missed`: one row for each alert that a mode lacks, with both scores.
    """
    return in_fresh_process(_compare, index, asked)


def modes(index: Index) -> dict[str, Matcher]:
    """The matchers to hold to the reference, by name."""
    found = {"default": Matcher(index)}
    if "exact" in inspect.signature(Matcher).parameters:
        found["exact"] = Matcher(index, exact=True)  # type: ignore[call-arg]
    return found


def _compare(path: Path, asked: Sequence[Asked]) -> dict[str, Any]:
    index = Index.open(path)
    oracle = Matcher(index, candidates=BruteForce(index))
    matchers = modes(index)
    sifted = {name: matcher.sift(*packed(asked)) for name, matcher in matchers.items()}
    counts: dict[str, dict[str, Any]] = {}
    missed: list[dict[str, Any]] = []
    seconds = dict.fromkeys(("oracle", *matchers), 0.0)
    for number, query in enumerate(asked):
        began = time.process_time()
        wanted = _alerts(oracle, query)
        seconds["oracle"] += time.process_time() - began
        rows = [counts.setdefault(key, _nothing(matchers)) for key in (_ALL, query.kind, query.class_)]
        for row in rows if query.class_ != query.kind else rows[:2]:
            row["queries"] += 1
            row["with_alert"] += bool(wanted)
            row["alerts"] += len(wanted)
        for mode, matcher in matchers.items():
            began = time.process_time()
            found = _alerts(matcher, query) if sifted[mode][number] else {}
            seconds[mode] += time.process_time() - began
            for row in rows if query.class_ != query.kind else rows[:2]:
                row[mode]["alerts"] += len(wanted.keys() & found.keys())
                row[mode]["with_alert"] += bool(wanted) and bool(found)
                row[mode]["more"] += len(found.keys() - wanted.keys())
            for entity in sorted(wanted.keys() - found.keys()):
                missed.append(
                    {
                        "mode": mode,
                        "class": query.class_,
                        "query": query.text,
                        "schema": query.schema.value,
                        "entity": entity,
                        "name": wanted[entity][1],
                        "oracle": wanted[entity][0],
                        "sifted_out": not sifted[mode][number],
                        "score": _score(matcher, query, entity),
                    }
                )
    return {
        "queries": len(asked),
        "classes": {name: _shares(row, matchers) for name, row in counts.items()},
        "missed": missed,
        "cpu_per_query": {name: took / len(asked) for name, took in seconds.items()},
    }


def _nothing(matchers: dict[str, Matcher]) -> dict[str, Any]:
    return {"queries": 0, "with_alert": 0, "alerts": 0} | {
        mode: {"alerts": 0, "with_alert": 0, "more": 0} for mode in matchers
    }


def _shares(row: dict[str, Any], matchers: dict[str, Matcher]) -> dict[str, Any]:
    """Shares of 0 to 1; None where the reference raises nothing. `more` counts what only the mode raises."""
    return {key: row[key] for key in ("queries", "with_alert", "alerts")} | {
        mode: {
            "alerts": row[mode]["alerts"] / row["alerts"] if row["alerts"] else None,
            "queries": row[mode]["with_alert"] / row["with_alert"] if row["with_alert"] else None,
            "missed": row["alerts"] - row[mode]["alerts"],
            "more": row[mode]["more"],
        }
        for mode in matchers
    }


def _alerts(matcher: Matcher, query: Asked) -> dict[str, tuple[float, str]]:
    """Entity -> score and name, of what alerts."""
    found = matcher.match(Query(query.text, query.schema))
    return {m.entity.id: (m.score, m.name.text if m.name else m.entity.caption) for m in found if m.alert}


def _score(matcher: Matcher, query: Asked, entity: str) -> float | None:
    """The score that a mode gives an entity that it does not alert on; None where it does not find it at all."""
    found = matcher.match(Query(query.text, query.schema), min_score=0.0)
    return max((match.score for match in found if match.entity.id == entity), default=None)
