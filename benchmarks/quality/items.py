"""How often `stopship items find` names an entry that a specialist would read, among the first, third and fifth.

    python -m benchmarks.quality.items [--part tune] [--misses] [--out items.csv]

The set (`sets/item_descriptions.tsv`) has everyday descriptions with the entries that a specialist reads first;
any of them counts. Parts differ in what was known of them when the words of the trade were chosen; the head of the
file says how, and that only `last` was never looked at. Rows without an entry are goods that the list doesn't
name: there a strong suggestion is a mistake.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stopship.rules import Rulebook
from stopship.rules.item_search import Suggestions

SET = Path(__file__).parent / "sets" / "item_descriptions.tsv"
DAY = date(2026, 7, 23)
RANKS = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Case:
    """One description: its part of the set, and the entries of which one should be named; none: no strong one."""

    part: str
    text: str
    eccns: tuple[str, ...]


def read_cases(path: Path = SET) -> Iterator[Case]:
    """The rows of the set."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter="\t"):
        yield Case(row["part"], row["description"], tuple(row["eccns"].split()))


def rank(case: Case, found: Suggestions) -> int | None:
    """The place of the first entry that counts, from 1; None where none was named. For a case without entries the
    place of a strong suggestion: None is then right."""
    for place, candidate in enumerate(found.candidates, start=1):
        if candidate.eccn in case.eccns or (not case.eccns and candidate.strong):
            return place
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", help="only this part")
    parser.add_argument("--misses", action="store_true", help="print cases without a hit among the first five")
    parser.add_argument("--out", type=Path, help="write one row a case as CSV")
    options = parser.parse_args(arguments)
    began = time.perf_counter()
    search = Rulebook.load().law.item_search(DAY)
    search.find("camera")
    ready = time.perf_counter() - began
    cases = [case for case in read_cases() if options.part in (None, case.part)]
    began = time.perf_counter()
    results = [(case, search.find(case.text, limit=10)) for case in cases]
    spent = time.perf_counter() - began
    print(
        f"{'part':<8}{'cases':>7}"
        + "".join(f"{f'hit@{r}':>8}" for r in RANKS)
        + f"{'none':>8}{'falsely strong':>18}"
    )
    for part in dict.fromkeys(case.part for case in cases):
        print(_line(part, [(c, s) for c, s in results if c.part == part]))
    print(f"ready in {ready:.2f} s, then {1000 * spent / len(cases):.2f} ms a search")
    if options.misses:
        for case, found in results:
            place = rank(case, found)
            if (place is None or place > RANKS[-1]) if case.eccns else place is not None:
                named = " ".join(c.eccn + ("" if c.strong else "?") for c in found.candidates[:6])
                print(
                    f"  {case.part}: {case.text!r}: wanted {' '.join(case.eccns) or 'none'}, got {named or 'none'}"
                )
    if options.out:
        with options.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("part", "description", "eccns", "rank", "named"))
            for case, found in results:
                named = " ".join(c.eccn for c in found.candidates)
                writer.writerow((case.part, case.text, " ".join(case.eccns), rank(case, found) or "", named))


def _line(part: str, results: list[tuple[Case, Suggestions]]) -> str:
    wanted = [rank(case, found) for case, found in results if case.eccns]
    none = [case for case, found in results if case.eccns and not found.candidates]
    plain = [rank(case, found) for case, found in results if not case.eccns]
    shares = "".join(
        f"{sum(1 for place in wanted if place and place <= most) / max(len(wanted), 1):>8.1%}" for most in RANKS
    )
    strong = sum(1 for place in plain if place)
    return f"{part:<8}{len(wanted):>7}{shares}{len(none):>8}{f'{strong} of {len(plain)}':>18}"


if __name__ == "__main__":
    main()
