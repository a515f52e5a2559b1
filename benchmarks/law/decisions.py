"""Decisions per second once parties are matched: how long the law takes.

    python -m benchmarks.law.decisions [--seconds 5] [--profile]

Orders are those of all examples of the rulebook, each with the matches that it states. `evaluate` is the rules
alone; `screen` is `Screener.screen` on orders with parties of the starter list, everything but the comparison of
names (matches are remembered), and `screen and write` with the decision as JSON. Per second of one core's
processor, so that other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from stopship.app.indexes import starter_index, starter_list
from stopship.matching import Match, Matcher, Query
from stopship.model.order import read_order
from stopship.model.transaction import Transaction
from stopship.rules import Rulebook
from stopship.rules.examples import evaluate_prepared, prepare
from stopship.screening import Screener

TARGET = 2_000
AS_OF = date(2026, 3, 1)
ITEMS = ("6A993", "EAR99", "2A983", "5D992", "3A090.a")


class Remembered:
    """A matcher that has met every query before."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._known: dict[Query, list[Match]] = {}

    def match(self, query: Query) -> list[Match]:
        if query not in self._known:
            self._known[query] = list(self._matcher.match(query))
        return self._known[query]


def orders() -> list[Transaction]:
    """Each entity of the starter list with each of five items; half have an owner, half an unlisted bank."""
    found = []
    for number, entity in enumerate(starter_list().entities):
        for eccn in ITEMS:
            parties: list[dict[str, Any]] = [{"role": "end_user", "name": entity.caption, "country": "CN"}]
            if number % 2:
                parties.append({"role": "bank", "name": "Beispielbank", "country": "DE"})
            else:
                parties[0]["owners"] = [{"name": "Muster Holding AG", "share": "40-60"}]
            found.append(read_order({"destination": "CN", "parties": parties, "items": [{"eccn": eccn}]}))
    return found


def per_second(calls: Sequence[Callable[[], object]], seconds: float) -> float:
    """Calls per second of the processor, all calls in turn, warmed up."""
    for call in calls:
        call()
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        for call in calls:
            call()
        done += len(calls)
    return done / spent


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=5.0)
    arguments.add_argument("--profile", action="store_true", help="print where the time goes")
    options = arguments.parse_args()
    book = Rulebook.load()
    prepared = [prepare(rule, example) for rule in book.rules for example in rule.examples]
    screener = Screener(starter_index(), book)
    screener._matchers[None] = Remembered(screener._matcher(None))  # type: ignore[assignment]
    sold = orders()
    cases: dict[str, list[Callable[[], object]]] = {
        "evaluate": [lambda p=p: evaluate_prepared(book, p) for p in prepared],  # type: ignore[misc]
        "screen": [lambda o=o: screener.screen(o, as_of=AS_OF) for o in sold],  # type: ignore[misc]
        "screen and write": [lambda o=o: screener.screen(o, as_of=AS_OF).to_json() for o in sold],  # type: ignore[misc]
    }
    print(f"{len(book.rules)} rules, {len(prepared)} examples, {len(sold)} orders; target {TARGET:,} a second")
    slow = False
    for name, calls in cases.items():
        rate = per_second(calls, options.seconds)
        slow = slow or rate < TARGET
        print(f"{name:<18}{rate:>10,.0f} a second{'' if rate >= TARGET else '  BELOW THE TARGET'}")
        if options.profile:
            with cProfile.Profile() as profile:
                for call in calls:
                    call()
            pstats.Stats(profile).sort_stats("tottime").print_stats(15)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
