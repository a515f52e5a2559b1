"""One peer with a list, answering batches of queries. Runs in the peers' environment.

    .bench-venv/bin/python -m benchmarks.speed.peer_worker PEER LIST.jsonl

Reads one JSON object a line, `{"queries": [[text, schema], …], "top": N}`, and answers each with
`{"wall", "cpu", "found": [[entity, …], …]}`: the entities of the best N names of each query, best first. The first
line that it writes says how long its own index took. Everything runs in one thread.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_CELLS = 20_000_000  # scores that the brute force holds at a time

Query = tuple[str, str]
Ranked = list[int]  # numbers of names, best first


class Peer(Protocol):
    """Ranks the names of a list."""

    untimed: float  # seconds of the processor that don't count

    def ask(self, queries: Sequence[Query], top: int) -> list[Ranked]:
        """The best names of each query."""
        ...


class Trigrams:
    """sparse_dot_topn: cosine of character 3-grams weighted by rarity, ranked again by rapidfuzz's WRatio."""

    untimed = 0.0

    def __init__(self, names: Sequence[str]) -> None:
        import numpy as np
        from rapidfuzz.utils import default_process
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._process = default_process
        self._names = [default_process(name) for name in names]
        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 3), preprocessor=default_process, dtype=np.float32
        )
        self._listed = self._vectorizer.fit_transform(names).T.tocsr()

    def candidates(self, queries: Sequence[Query], top: int) -> list[Ranked]:
        """The names with the highest cosine."""
        from sparse_dot_topn import sp_matmul_topn

        asked = self._vectorizer.transform([text for text, _schema in queries])
        found = sp_matmul_topn(asked, self._listed, top_n=top, sort=True, n_threads=1)
        starts = found.indptr
        return [found.indices[starts[i] : starts[i + 1]].tolist() for i in range(len(queries))]

    def ask(self, queries: Sequence[Query], top: int) -> list[Ranked]:
        from rapidfuzz.fuzz import WRatio

        ranked = []
        for (text, _schema), numbers in zip(queries, self.candidates(queries, top), strict=True):
            query = self._process(text)
            scores = {number: WRatio(query, self._names[number]) for number in numbers}
            ranked.append(sorted(numbers, key=lambda number, s=scores: -s[number]))  # type: ignore[misc]
        return ranked


class TokenSort:
    """rapidfuzz against every name: the ratio of the sorted words (`cdist`, eight-bit scores)."""

    untimed = 0.0

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [self._sorted(name) for name in names]

    @staticmethod
    def _sorted(name: str) -> str:
        from rapidfuzz.utils import default_process

        return " ".join(sorted(default_process(name).split()))

    def ask(self, queries: Sequence[Query], top: int) -> list[Ranked]:
        import numpy as np
        from rapidfuzz import fuzz
        from rapidfuzz.process import cdist

        top = min(top, len(self._names))
        chunk = max(1, _CELLS // len(self._names))
        ranked: list[Ranked] = []
        for at in range(0, len(queries), chunk):
            some = [self._sorted(text) for text, _schema in queries[at : at + chunk]]
            scores = cdist(some, self._names, scorer=fuzz.ratio, dtype=np.uint8, workers=1)
            best = np.argpartition(scores, -top, axis=1)[:, -top:]
            for row, numbers in zip(scores, best, strict=True):
                ranked.append(sorted(numbers.tolist(), key=lambda number, s=row: -int(s[number])))  # type: ignore[misc]
        return ranked


class LogicV2:
    """nomenklatura's logic-v2, which scores pairs and has no index of its own: trigrams stand in for it.

    Every query is scored with the entities of its best names by trigrams. Making those entities from the list is
    not counted: a server would hold them.
    """

    def __init__(self, names: Sequence[str], owners: Sequence[str], schemas: Sequence[str]) -> None:
        from benchmarks.quality.peer_logic import algorithms, entity

        self.untimed = 0.0
        self._entity = entity
        self._algorithm = algorithms()["logic-v2"]
        self._config = self._algorithm.default_config()
        self._trigrams = Trigrams(names)
        self._names, self._owners, self._schemas = names, owners, schemas
        self._first: dict[str, int] = {}
        self._numbers: dict[str, list[int]] = {}
        for number, owner in enumerate(owners):
            self._first.setdefault(owner, number)
            self._numbers.setdefault(owner, []).append(number)

    def ask(self, queries: Sequence[Query], top: int) -> list[Ranked]:
        ranked = []
        for number, ((text, schema), numbers) in enumerate(
            zip(queries, self._trigrams.candidates(queries, top), strict=True)
        ):
            began = time.process_time()
            entities = {
                owner: self._entity(owner, self._schemas[number], [self._names[n] for n in self._numbers[owner]])
                for owner, number in {self._owners[n]: n for n in numbers}.items()
            }
            self.untimed += time.process_time() - began
            query = self._entity(f"query-{number}", schema, [text])
            scores = {o: self._algorithm.compare(query, e, self._config).score for o, e in entities.items()}
            ranked.append([self._first[owner] for owner in sorted(scores, key=lambda o, s=scores: -s[o])])  # type: ignore[misc]
        return ranked


PEERS = ("sparse_dot_topn", "rapidfuzz", "logic-v2")


def peer_named(name: str, records: Sequence[dict[str, Any]]) -> tuple[Peer, list[str]]:
    """A peer over a list, and the entity of each name.

    Raises:
        ImportError: its package is not installed.
        KeyError: there is no such peer.
    """
    rows = [(r["id"], text, r["schema"]) for r in records for text in (r["name"], *r["aliases"])]
    owners, names, schemas = ([row[at] for row in rows] for at in range(3))
    made = {
        "sparse_dot_topn": lambda: Trigrams(names),
        "rapidfuzz": lambda: TokenSort(names),
        "logic-v2": lambda: LogicV2(names, owners, schemas),
    }
    return made[name](), owners


def main() -> None:
    """Answer until there is nothing more to read."""
    name, path = sys.argv[1], Path(sys.argv[2])
    with path.open("rb") as file:
        records = [json.loads(line) for line in file]
    began = time.process_time()
    try:
        peer, owners = peer_named(name, records)
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), flush=True)
        return
    print(json.dumps({"build_cpu": time.process_time() - began, "threads": _threads()}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        queries = [(text, schema) for text, schema in asked["queries"]]
        wall, cpu, untimed = time.perf_counter(), time.process_time(), peer.untimed
        ranked = peer.ask(queries, asked["top"])
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        untimed = peer.untimed - untimed
        found = [list(dict.fromkeys(owners[number] for number in numbers)) for numbers in ranked]
        print(json.dumps({"wall": wall - untimed, "cpu": cpu - untimed, "found": found}), flush=True)


def _threads() -> dict[str, str | None]:
    return {name: os.environ.get(name) for name in _THREADS}


if __name__ == "__main__":
    main()
