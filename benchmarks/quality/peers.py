"""Scores the cases of a run with other matchers, and prints one column for each.

    .bench-venv/bin/python -m benchmarks.quality.peers .bench-results

Reads `cases.csv`, `negatives.csv` and `listed.csv`, so that every peer sees the very same queries; of each class
the first `--per-class`, of each corpus of customers the first `--negatives`. Every peer's threshold is the one
that lets so many of 1,000 of these customers alert. A peer that can't be imported is skipped by name. Writes
`peers.csv`.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import fmean

from benchmarks.quality.peer_fuzzy import Answer, Question, jaro_winkler, token_sort, trigrams

from stopship.validation.measure import recall_at, threshold_for
from stopship.validation.results import (
    CASES,
    LISTED,
    NEGATIVES,
    CaseRow,
    ListedRow,
    NegativeRow,
    read_cases,
    read_listed,
    read_negatives,
)
from stopship.validation.summary import CUSTOMERS

LEVELS = (5, 1)
Answers = dict[str, list[Answer]]


def first_of_each(rows: Iterable[CaseRow], per_class: int) -> list[CaseRow]:
    """The first rows of each class that have a right answer."""
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for row in rows:
        key = (row.set, row.class_)
        if row.expected_ids and seen.get(key, 0) < per_class:
            seen[key] = seen.get(key, 0) + 1
            kept.append(row)
    return kept


def customers(rows: Iterable[NegativeRow], per_corpus: int) -> list[NegativeRow]:
    """The first customers of each corpus."""
    kept = []
    for corpus in CUSTOMERS:
        kept += [row for row in rows if row.corpus == corpus][:per_corpus]
    return kept


def ask(
    listed: Sequence[ListedRow], cases: Sequence[CaseRow], others: Sequence[NegativeRow], skip: Sequence[str]
) -> Answers:
    """The answers of every peer that can be imported, cases first, then customers."""
    names = [row.name for row in listed]
    numbers: dict[str, list[int]] = {}
    for number, row in enumerate(listed):
        numbers.setdefault(row.id, []).append(number)
    questions = [
        Question(row.query, row.schema, tuple(n for i in row.expected_ids for n in numbers.get(i, ())))
        for row in cases
    ]
    questions += [Question(row.query, row.schema, ()) for row in others]
    answers: Answers = {
        "stopship": [Answer(r.score, max(r.score, r.wrong_score)) for r in cases]
        + [Answer(0.0, row.score) for row in others]
    }
    peers: dict[str, Callable[[], list[Answer]]] = {
        "jaro-winkler": lambda: list(jaro_winkler(names, questions)),
        "token-sort": lambda: list(token_sort(names, questions)),
        "trigrams": lambda: list(trigrams(names, questions)),
    }
    try:
        from benchmarks.quality.peer_logic import Blocking, algorithms, entity, logic

        found = algorithms()
    except ImportError as error:
        print(f"skipped: logic-v1, logic-v2 ({error}; see benchmarks/quality/peers.txt)", flush=True)
    else:
        blocking = Blocking(names, [row.id for row in listed], questions)
        wanted = set().union(*(candidates for _right, candidates in blocking.found))
        schemas = {row.id: row.schema for row in listed}
        entries = {i: entity(i, schemas[i], [names[n] for n in numbers[i]]) for i in sorted(wanted)}
        for name, algorithm in found.items():
            peers[name] = lambda it=algorithm: list(logic(it, blocking, entries, questions))  # type: ignore[misc]
    for name, peer in peers.items():
        if name in skip:
            continue
        began = time.perf_counter()
        try:
            answers[name] = peer()
        except ImportError as error:
            print(f"skipped: {name} ({error}; see benchmarks/quality/peers.txt)", flush=True)
            continue
        print(f"{name}: {len(questions):,} queries in {time.perf_counter() - began:.0f} s", flush=True)
    return answers


def table(cases: Sequence[CaseRow], answers: Answers) -> list[tuple[str, int, int, dict[str, float]]]:
    """(class, level, cases, recall by peer), with the mean of the manipulated classes last."""
    groups: dict[str, list[int]] = {}
    for at, row in enumerate(cases):
        groups.setdefault(f"{row.set}/{row.class_}", []).append(at)
    out = []
    for level in LEVELS:
        rows: dict[str, dict[str, float]] = {class_: {} for class_ in groups}
        for peer, found in answers.items():
            threshold = threshold_for([answer.best for answer in found[len(cases) :]], level)
            for class_, members in groups.items():
                rows[class_][peer] = recall_at([found[at].right for at in members], threshold)
        out += [(class_, level, len(groups[class_]), recalls) for class_, recalls in rows.items()]
        made = [recalls for class_, recalls in rows.items() if class_.startswith("manipulated/")]
        if made:
            count = sum(len(members) for class_, members in groups.items() if class_.startswith("manipulated/"))
            out.append(("mean of manipulated", level, count, {p: fmean(r[p] for r in made) for p in answers}))
    return out


def show(rows: Sequence[tuple[str, int, int, dict[str, float]]]) -> list[str]:
    """The table as text; `<` marks a class in which a peer is ahead."""
    peers = list(rows[0][3])
    out = []
    for level in LEVELS:
        out += ["", f"recall at {level} alerts per 1,000 customers"]
        out.append(f"{'':<34}{'cases':>6}" + "".join(f"{peer:>14}" for peer in peers))
        for class_, at, count, recalls in rows:
            if at == level:
                behind = " <" if max(recalls.values()) > recalls["stopship"] + 1e-9 else ""
                out.append(f"{class_:<34}{count:>6}" + "".join(f"{recalls[p]:>14.3f}" for p in peers) + behind)
    return out


def main() -> None:
    """Read a run, ask the peers, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="?", default=Path(".bench-results"))
    parser.add_argument("--per-class", type=int, default=60)
    parser.add_argument("--negatives", type=int, default=1000, help="companies, and as many persons")
    parser.add_argument("--skip", action="append", default=[], metavar="PEER")
    asked = parser.parse_args()
    cases = first_of_each(read_cases(asked.results / CASES), asked.per_class)
    others = customers(read_negatives(asked.results / NEGATIVES), asked.negatives)
    rows = table(cases, ask(read_listed(asked.results / LISTED), cases, others, asked.skip))
    with (asked.results / "peers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("class", "per_thousand", "cases", *rows[0][3]))
        writer.writerows((c, level, n, *(f"{v:.4f}" for v in r.values())) for c, level, n, r in rows)
    print("\n".join(show(rows)))


if __name__ == "__main__":
    main()
