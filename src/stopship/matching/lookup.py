"""Scores one name against all readings of an index that may be it: compiled where the list is large.

The first comparisons of a process are made by the interpreted kernels, which need no compiler and no time to load;
both give the same numbers.
"""

from __future__ import annotations

from threading import Thread
from typing import Any

import numpy as np

from stopship.matching.candidates import BruteForce, Candidates
from stopship.matching.index import Index
from stopship.matching.kernels import columns as k
from stopship.matching.kernels import compiled, room
from stopship.matching.kernels.names import compare
from stopship.matching.kernels.scores import graded, weigh_up
from stopship.matching.prepare import Prepared, PreparedName, flags_of_role, prepare_name
from stopship.matching.score import comparable, least_logit
from stopship.matching.table import weight_array, weight_list

# Comparisons that a process makes interpreted before it loads the compiled kernels, which takes about a second:
# one order at a desk, or a small list, never needs them.
INTERPRETED_FIRST = 1_000
_aside: list[Thread] = []


def compile_aside(index: Index) -> Thread:
    """Compile scoring, or load what was compiled, in a thread of its own: about twenty seconds after an update of
    this program, then one. Until that is done every look-up of this process is interpreted, however much it is:
    nobody who waits for an answer waits for a compiler. It happens once a process.

    Args:
        index: any that isn't empty. The thread reads its arrays and nothing that look-ups change.
    """
    if not _aside:
        thread = Thread(target=_compile, args=(index,), name="stopship-compile", daemon=True)
        _aside.append(thread)
        thread.start()
    return _aside[0]


def _compile(index: Index) -> None:
    ours = prepare_name("Example").readings[0]
    first = np.zeros(1, np.int64)
    Lookup(index, BruteForce(index), compiled=True).scores_of(ours, first, first)


class Lookup:
    """Scores of one index. Keeps only caches."""

    def __init__(self, index: Index, candidates: Candidates, *, compiled: bool | None = None) -> None:
        """`compiled` forces one way of computing; None interprets the first
        `INTERPRETED_FIRST` comparisons and compiles then."""
        self._index = index
        self._candidates = candidates
        vectors = index.vectors
        readings = len(vectors["reading.person"])
        self._compiled = compiled
        self._interpreted_so_far = 0
        lengths = np.diff(vectors["reading.at"].astype(np.int64))
        self._longest = int(lengths.max()) if readings else 0
        # What the role of each listed reading adds to the flags, and which roles may be compared with each role.
        self._flags = np.array([flags_of_role(role) for role in k.ROLES], np.int64)
        self._comparable = np.array([[comparable(ours, theirs) for theirs in k.ROLES] for ours in k.ROLES])

    def compile(self) -> None:
        """Use the compiled kernels from now on."""
        self._compiled = True

    def find(self, name: PreparedName, *, least: float) -> list[tuple[int, int, int, float]]:
        """All readings with at least a score: (number of our reading, of the listed one, flags, score).

        Names that are the same are among them whatever their score.
        """
        index = self._index
        analyzed = name.analyzed
        exact = np.unique([r for key in analyzed.exact_keys for r in index.lookup("exact", key)]).astype(np.int64)
        joined = np.unique(index.lookup("joined", analyzed.joined) if analyzed.joined else []).astype(np.int64)
        roles, persons = index.vectors["reading.role"], index.vectors["reading.person"]
        firsts = index.vectors["reading.first"]
        logit = least_logit(least)
        found: list[tuple[int, int, int, float]] = []
        for number, ours in enumerate(name.readings):
            candidates = self._candidates.find(ours, least=logit)
            wanted = np.union1d(np.union1d(candidates, exact), joined).astype(np.int64)
            wanted = wanted[self._comparable[k.ROLES.index(ours.role)][roles[wanted]]]
            if not len(wanted):
                continue
            known = self._flags[roles[wanted]] | flags_of_role(ours.role) | ours.first * k.FIRST_A
            known |= firsts[wanted].astype(np.int64) * k.FIRST_B
            if ours.person:
                known |= np.where(persons[wanted] != 0, k.IS_PERSON, 0)
            known |= np.where(np.isin(wanted, exact), k.IS_EXACT, 0)
            known |= np.where(np.isin(wanted, joined), k.IS_JOINED, 0)
            scores = self.scores_of(ours, wanted, known)
            for at in np.nonzero((scores >= least) | ((known & k.IS_EXACT) != 0))[0].tolist():
                found.append((number, int(wanted[at]), int(known[at]), float(scores[at])))
        return found

    def scores_of(self, ours: Prepared, wanted: Any, known: Any) -> Any:
        """The score of one of our readings with each listed one of these numbers, of which so much is `known`."""
        if not self._use_compiled(len(wanted)):
            return np.array(
                [self._interpreted(ours, number, flags) for number, flags in zip(wanted, known, strict=True)]
            )
        vectors = self._index.vectors
        scores, _best_score = compiled()
        of_pairs, of_scratch = room(len(ours.tokens), self._longest)
        out = np.empty(len(wanted))
        scores(
            *ours.arrays,
            vectors["token.rows"],
            vectors["token.info"],
            vectors["token.text"],
            vectors["reading.at"],
            vectors["reading.tokens"],
            wanted,
            known,
            weight_array(),
            out,
            np.empty(k.SIGNALS),
            np.empty(of_pairs, np.int64),
            np.empty(of_scratch, np.int64),
        )
        return out

    def _use_compiled(self, comparisons: int) -> bool:
        if self._compiled is None and self._interpreted_so_far + comparisons > INTERPRETED_FIRST:
            if any(thread.is_alive() for thread in _aside):
                return False
            self._compiled = True
        self._interpreted_so_far += comparisons
        return bool(self._compiled)

    def _interpreted(self, ours: Prepared, number: int, flags: int) -> float:
        theirs = self._index.reading(int(number))
        of_pairs, of_scratch = room(len(ours.tokens), len(theirs.tokens))
        amounts = [0.0] * k.SIGNALS
        pairs, scratch = [0] * of_pairs, [0] * of_scratch
        compare(*ours.lists, *theirs.lists, int(flags), amounts, pairs, scratch)
        logit = weigh_up(amounts, weight_list(), k.SIGNALS if flags & k.IS_PERSON else 0)
        return graded(logit, amounts, int(flags))
