"""One party or one order, looked at and decided while a person waits: what the workbench's first screen does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from stopship.app.documents import parse_yaml
from stopship.app.lists.changes import list_difference
from stopship.app.service.edition import Edition
from stopship.errors import OrderError, RecordError, SettingsError
from stopship.matching import Comparison, Match, Matcher, Query, compare_names
from stopship.model.order import read_order, read_schema
from stopship.model.transaction import Transaction
from stopship.rules import Rulebook
from stopship.screening import Decision
from stopship.snapshots import Snapshot

if TYPE_CHECKING:
    from stopship.rules.facts import FactKind

NEAR = 0.4
"""Listed names from this score on are shown as the nearest that don't alert: what was looked at, and why not."""
MOST_NEAR = 5
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Checked:
    """A decision, and the listed names nearest to the first party that don't alert. `digest` is the hash under
    which the decision would be kept."""

    decision: Decision
    near: tuple[Match, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision that was kept as evidence, and the cases that a person must judge. `changed`: it isn't the one
    that the caller saw, and was not kept."""

    checked: Checked
    changed: bool
    cases: tuple[int, ...] = ()


class QuickCheck:
    """Checks against the lists that a server has in use; lists that come in meanwhile are used from the next check
    on. Look-ups are for one thread: the caller sees to it that one `check` or `keep` runs at a time.

    Args:
        edition: gives the lists, the law and the settings in use.
        now: tells the moment, timezone-aware.
    """

    def __init__(self, edition: Callable[[], Edition], *, now: Callable[[], datetime]) -> None:
        self._edition = edition
        self._now = now

    def check(self, order: Mapping[str, Any]) -> Checked:
        """Decide one order, as `docs/reference/order.md` describes it, as of its own date or today.

        Raises:
            OrderError: the order can't be read; one line that names the place.
            StateError: lists or index can't be read.
        """
        edition = self._edition()
        transaction = read_order(order)
        decision = edition.decider.decide(transaction)
        return Checked(decision, _near(edition, transaction, decision.as_of), _digest(decision))

    def check_text(self, text: str) -> Checked:
        """Decide one order that was written as YAML or JSON.

        Raises:
            OrderError, StateError: as for `check`.
        """
        return self.check(parse_yaml(text, "the order", OrderError))

    def keep(self, order: Mapping[str, Any], *, seen: str, kept: Callable[[Decision], Sequence[int]]) -> Kept:
        """Decide an order again and keep the decision as evidence, with what replaying it takes.

        Args:
            order: as it was checked.
            seen: the digest of the decision that a person saw. If the decision is another one by now, because a
                list changed in between, nothing is kept.
            kept: keeps a decision, and gives the numbers of the cases that it is about.

        Raises:
            OrderError, StateError: as for `check`; or the home can't be written.
        """
        checked = self.check(order)
        if checked.digest != seen:
            return Kept(checked, changed=True)
        return Kept(checked, changed=False, cases=tuple(kept(checked.decision)))

    def keep_alone(self, decision: Decision) -> Sequence[int]:
        """Keep a decision with what replaying it takes, and no case."""
        edition = self._edition()
        settings, workspace = edition.decider.settings, edition.workspace
        workspace.records.keep(decision, rulebook=workspace.rulebook, settings=settings, now=self._now())
        return ()

    def kept(self, as_of: str, digest: str) -> bytes | None:
        """The JSON of a kept decision, by its day and its digest; None if none is kept under them.

        Raises:
            RecordError: it was altered.
        """
        if not (_DAY.fullmatch(as_of) and _DIGEST.fullmatch(digest)):
            return None
        path = self._edition().workspace.records.root / as_of / f"{digest}.json"
        if not path.is_file():
            return None
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise RecordError("this kept decision was altered", where=path.name, hint="Restore it from a backup")
        return content

    def compare(self, left: str, right: str, schema: str | None = None) -> Comparison:
        """Compare two names with each other, without any list.

        Raises:
            SettingsError: one of them holds no letter and no digit.
        """
        for name in (left, right):
            if not any(character.isalnum() for character in name):
                raise SettingsError(f"{name!r} holds no letter and no digit", hint="Give two names")
        kind, _warning = read_schema(schema, "schema")
        return compare_names(left, right, kind)

    # -- what it stands on ---------------------------------------------------------------------------------------

    def lists(self) -> tuple[dict[str, Any], ...]:
        """The lists in use, with their ages: what `stopship lists status --json` prints."""
        return self._edition().lists

    def snapshots(self, source: str) -> tuple[Snapshot, ...]:
        """The snapshots of a source that are held, oldest first."""
        return tuple(self._edition().workspace.archive.all(source))

    def difference(self, source: str, *, earlier: str | None, later: str | None) -> dict[str, Any]:
        """What changed between two snapshots: what `stopship lists diff --json` prints.

        Raises:
            SettingsError: a snapshot can't be found, or there is only one.
        """
        workspace = self._edition().workspace
        return list_difference(workspace, source, earlier=earlier, later=later).to_plain()

    @property
    def rulebook(self) -> Rulebook:
        """The law in use."""
        return self._edition().workspace.rulebook

    def fact_kind(self, key: str) -> FactKind | None:
        """What a fact is and how it is answered; None where no rule knows it."""
        return self.rulebook.facts.kind_of(key)

    @property
    def threshold(self) -> float | None:
        """The score from which a match alerts, where the home sets one."""
        return self._edition().decider.settings.threshold


def _near(edition: Edition, transaction: Transaction, as_of: date) -> tuple[Match, ...]:
    party = transaction.parties[0]
    if not any(character.isalnum() for character in party.name):
        return ()
    index = edition.decider.place(as_of).index
    matcher = edition.matcher if index is edition.index else Matcher(index)
    query = Query(party.name, party.schema, countries=(party.country,) if party.country else ())
    found = matcher.match(query, min_score=NEAR, limit=4 * MOST_NEAR)
    return tuple(match for match in found if not match.alert)[:MOST_NEAR]


def _digest(decision: Decision) -> str:
    return hashlib.sha256(decision.to_json(indent=True) + b"\n").hexdigest()
