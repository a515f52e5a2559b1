"""Peers that compare letters: Jaro-Winkler, token sort, and trigrams with a second look.

Runs in the peers' environment. Each peer gives, for every query, the score of the right entry and the best of all.
Names are lower case without punctuation, as each library's own preprocessing makes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist
from rapidfuzz.utils import default_process

_CHUNK = 100
RERANKED = 30


@dataclass(frozen=True)
class Question:
    """A query, its schema, and the numbers of the listed names that are right (none for a negative)."""

    query: str
    schema: str
    right: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """The score of the best right name (0: none) and of the best name of all."""

    right: float
    best: float


def _answer(question: Question, scores: Any) -> Answer:
    right = float(scores[list(question.right)].max()) if question.right else 0.0
    return Answer(right, float(scores.max()))


def jaro_winkler(names: Sequence[str], questions: Sequence[Question]) -> Iterator[Answer]:
    """rapidfuzz Jaro-Winkler against every listed name."""
    prepared = [default_process(name) for name in names]
    for start in range(0, len(questions), _CHUNK):
        some = questions[start : start + _CHUNK]
        found = cdist([default_process(q.query) for q in some], prepared, scorer=JaroWinkler.similarity)
        for question, scores in zip(some, found, strict=True):
            yield _answer(question, scores)


def sorted_scores(names: Sequence[str], queries: Sequence[str]) -> Iterator[Any]:
    """Token sort ratio of each query with every name, 0 to 1: the words are sorted beforehand."""
    prepared = [_sorted(name) for name in names]
    for start in range(0, len(queries), _CHUNK):
        found = cdist([_sorted(q) for q in queries[start : start + _CHUNK]], prepared, scorer=fuzz.ratio)
        yield from found / 100


def _sorted(name: str) -> str:
    return " ".join(sorted(default_process(name).split()))


def token_sort(names: Sequence[str], questions: Sequence[Question]) -> Iterator[Answer]:
    """rapidfuzz token sort ratio against every listed name."""
    for question, scores in zip(questions, sorted_scores(names, [q.query for q in questions]), strict=True):
        yield _answer(question, scores)


def trigram_candidates(names: Sequence[str], queries: Sequence[str], top: int) -> list[list[int]]:
    """For each query the `top` names by cosine of character 3-grams weighted by rarity (sparse_dot_topn).

    Raises:
        ImportError: scikit-learn or sparse_dot_topn is not installed.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), preprocessor=default_process)
    listed = vectorizer.fit_transform(names)
    found = sp_matmul_topn(vectorizer.transform(queries), listed.T.tocsr(), top_n=top, sort=True)
    return [found.indices[found.indptr[i] : found.indptr[i + 1]].tolist() for i in range(len(queries))]


def trigrams(names: Sequence[str], questions: Sequence[Question]) -> Iterator[Answer]:
    """The candidates by trigrams, ranked again by rapidfuzz WRatio: the right name must be among them."""
    prepared = [default_process(name) for name in names]
    candidates = trigram_candidates(names, [q.query for q in questions], RERANKED)
    for question, numbers in zip(questions, candidates, strict=True):
        query = default_process(question.query)
        scores = {number: fuzz.WRatio(query, prepared[number]) / 100 for number in numbers}
        right = max((scores.get(number, 0.0) for number in question.right), default=0.0)
        yield Answer(right, max(scores.values(), default=0.0))
