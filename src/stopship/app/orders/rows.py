"""One line of an order file to one line of the answer: a decision, or why there is none. Never silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from stopship.app.decider import Decider
from stopship.app.documents import parse_json
from stopship.app.orders.lines import OrderLine
from stopship.app.records import cited_by
from stopship.errors import FAULT, OrderError, StopshipError, fault_words
from stopship.model.order import read_order
from stopship.rules.outcome import Outcome
from stopship.screening import Decision

REJECTED = "rejected"


@dataclass(slots=True)
class Tally:
    """What became of lines: decisions by outcome, rejected lines by kind of reason, and faults of ours among
    these; and the (source, snapshot) pairs that the decisions rest on."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    cited: set[tuple[str, str]] = field(default_factory=set)

    @property
    def rejected(self) -> int:
        return self.reasons.total()

    @property
    def lines(self) -> int:
        return self.outcomes.total() + self.rejected

    @property
    def all_clear(self) -> bool:
        """Whether every line was decided, and every decision is `clear`."""
        return self.outcomes[Outcome.CLEAR] == self.lines

    def add(self, other: Tally) -> None:
        """Add the counts of further lines."""
        self.outcomes.update(other.outcomes)
        self.reasons.update(other.reasons)
        self.faults += other.faults
        self.cited |= other.cited

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values; every outcome is there, strictest first."""
        return {
            "outcomes": {outcome.value: self.outcomes[outcome.value] for outcome in Outcome},
            "rejected": self.rejected,
            "reject_reasons": dict(sorted(self.reasons.items())),
            "faults": self.faults,
            "snapshots": [list(pair) for pair in sorted(self.cited)],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Tally:
        """The inverse of `to_plain`."""
        cited = {(source, snapshot) for source, snapshot in plain.get("snapshots", ())}
        return cls(Counter(plain["outcomes"]), Counter(plain["reject_reasons"]), int(plain["faults"]), cited)


def decide_lines(lines: Iterable[OrderLine], decider: Decider) -> tuple[bytes, Tally]:
    """One JSON line a line, and what became of them.

    A decided line is the JSON of `check --json` with `line` and, where the order has one, its `id` before it. Any
    other is `{"line", "id", "status": "rejected", "reason"}`.

    Raises:
        StateError: lists, index or rulebook can't be read: then no line can be decided.
    """
    tally = Tally()
    rows = bytearray()
    for line in lines:
        head: dict[str, Any] = {"line": line.number}
        try:
            decision = _decide(line, decider, head)
            tally.outcomes[decision.outcome.value] += 1
            tally.cited |= cited_by(decision)
            rows += orjson.dumps(head)[:-1] + b"," + decision.to_json()[1:]
        except OrderError as error:
            tally.reasons[_kind(error)] += 1
            rows += orjson.dumps(head | {"status": REJECTED, "reason": str(error)})
        except (StopshipError, MemoryError):
            raise
        except Exception as fault:
            # One order that we stumble over must not cost the others of the night their answer.
            tally.faults += 1
            tally.reasons[FAULT] += 1
            rows += orjson.dumps(head | {"status": REJECTED, "reason": fault_words(fault)})
        rows += b"\n"
    return bytes(rows), tally


def _decide(line: OrderLine, decider: Decider, head: dict[str, Any]) -> Decision:
    """The decision on a line. The order's id goes into `head` as soon as it is known, for rejected lines too."""
    if line.problem is not None:
        raise OrderError(line.problem)
    try:
        text = line.data.decode("utf-8")
    except UnicodeDecodeError as bad:
        raise OrderError(f"byte {bad.object[bad.start]:#04x} at {bad.start + 1} is not UTF-8") from None
    plain = parse_json(text, "", OrderError)
    if isinstance(plain, dict) and plain.get("id") is not None:
        head["id"] = order_id(plain["id"])
    if isinstance(plain, dict):
        # The id is the sender's name for the line, no part of what is decided.
        plain.pop("id", None)
    return decider.decide(read_order(plain))


def order_id(value: Any) -> str | int | float:
    """The sender's own id of an order: text or a number, returned as given.

    Raises:
        OrderError: it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise OrderError("an id is text or a number", where="id")
    try:
        orjson.dumps(value)
    except TypeError:
        raise OrderError("the id can't be written down: more than 64 bits, or not Unicode", where="id") from None
    return value


def _kind(error: OrderError) -> str:
    """Reasons are counted by kind: values and numbers in them would make every line its own."""
    place = re.sub(r"\[\d+\]", "", error.where or "").partition("facts.")
    message = re.sub(r"\d[\d,.]*", "N", re.sub(r"'[^']*'|\"[^\"]*\"", "…", error.message))
    where = place[0] + place[1].rstrip(".")
    return f"{where}: {message}" if where else message
