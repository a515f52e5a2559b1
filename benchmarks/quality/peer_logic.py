"""nomenklatura's logic-v1 and logic-v2. Runs in the peers' environment (needs PyICU).

They score pairs and have no index here: each gets the names that trigrams and token sort rank highest, and the
right entry always, which is generous to them: an entry that no blocking would find counts as found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from benchmarks.quality.peer_fuzzy import Answer, Question, sorted_scores, trigram_candidates
from followthemoney import model

CANDIDATES = 10  # of each of the two rankings


def entity(number: str, schema: str, names: Sequence[str]) -> Any:
    """An entity with nothing but names."""
    known = schema if schema in model.schemata and "name" in model.schemata[schema].properties else "LegalEntity"
    made = model.make_entity(known)
    made.id = number
    for name in names:
        made.add("name", name)
    return made


class Blocking:
    """The candidates that both algorithms get: found once."""

    def __init__(self, names: Sequence[str], owners: Sequence[str], questions: Sequence[Question]) -> None:
        """`owners` holds the entry of each name."""
        queries = [question.query for question in questions]
        trigrams = trigram_candidates(names, queries, CANDIDATES)
        self.found: list[tuple[set[str], set[str]]] = []
        ranked = zip(questions, trigrams, sorted_scores(names, queries), strict=True)
        for question, by_trigrams, scores in ranked:
            by_words = np.argpartition(scores, -CANDIDATES)[-CANDIDATES:].tolist()
            right = {owners[number] for number in question.right}
            self.found.append((right, {owners[number] for number in (*by_trigrams, *by_words)} | right))


def logic(
    algorithm: Any, blocking: Blocking, listed: dict[str, Any], questions: Sequence[Question]
) -> Iterator[Answer]:
    """Scores of `algorithm` (LogicV1 or LogicV2) for each question with its candidates."""
    config = algorithm.default_config()
    for number, (question, (right, candidates)) in enumerate(zip(questions, blocking.found, strict=True)):
        query = entity(f"query-{number}", question.schema, [question.query])
        scores = {i: float(algorithm.compare(query, listed[i], config).score) for i in sorted(candidates)}
        yield Answer(
            max((scores[i] for i in right), default=0.0),
            max(scores.values(), default=0.0),
        )


@cache
def algorithms() -> dict[str, Any]:
    """The two algorithms by name.

    Raises:
        ImportError: nomenklatura or PyICU is not installed.
    """
    from nomenklatura.matching import LogicV1, LogicV2

    return {"logic-v1": LogicV1, "logic-v2": LogicV2}
