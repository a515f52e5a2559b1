"""Deciding again from what a decision recorded, and comparing byte for byte.

Everything a decision depends on is in it by value or by hash: the order, the date, the judgements; settings and
rulebook by hash, found among what was kept or what is here now; each list by its snapshot, in the archive. Nothing
is taken from today: neither the lists in use, nor the settings, nor the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from stopship.app.differences import Difference, differences
from stopship.app.documents import STDIN, read_bytes
from stopship.app.indexes import STARTER, starter_index
from stopship.app.orders.file import is_many_orders
from stopship.app.workspace import Workspace
from stopship.errors import InputError, RecordError, SettingsError, SnapshotError, StateError
from stopship.matching import Index, IndexedList
from stopship.model.order import read_order
from stopship.ownership import OwnershipGraph
from stopship.rules import Rulebook
from stopship.screening import Decision, Judgement, Screener, Settings
from stopship.screening.decision import FORMAT
from stopship.screening.screener import STALE_ACCEPTED
from stopship.snapshots import Snapshot
from stopship.sources.catalogue import CUSTOM, source_info

MAX_BYTES = 2_000_000_000
RECORDED = ("outcome", "as_of", "transaction", "lists", "settings", "judgements", "rulebook", "index", "engine")
HEAD = ("line", "id")
"""What a decision of a file of many orders has before it."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision that was made again.

    Attributes:
        decision: as it comes out now.
        differences: from what was recorded, field by field; empty where the bytes are the same.
        notes: what could not be taken as recorded.
    """

    decision: Decision
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        return not self.differences

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "same": self.same,
            "outcome": self.decision.outcome.value,
            "differences": [difference.to_plain() for difference in self.differences],
            "notes": list(self.notes),
        }


def read_decisions(path: Path) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The decisions of a file: one as `check --json` prints it, or one a line as `check --out` writes them.

    Returns:
        (head, decision) pairs; the head has `line` and `id` of a file of many, or nothing. Lines that were
        rejected are passed over: there is no decision in them.

    Raises:
        RecordError: it can't be read, or something in it is no decision.
    """
    if path != STDIN and is_many_orders(path):
        yield from _lines(path)
        return
    plain = _parsed(read_bytes(path, most=MAX_BYTES, error=RecordError), str(path))
    yield _checked(plain, str(path))


def _lines(path: Path) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    from stopship.app.orders.lines import OrderLines
    from stopship.app.reading.streams import ByteStream

    with ByteStream(path) as stream:
        for line in OrderLines(stream):
            where = f"{path}, line {line.number}"
            if line.problem is not None:
                raise RecordError(line.problem, where=where)
            plain = _parsed(line.data, where)
            if not (isinstance(plain, dict) and plain.get("status") == "rejected"):
                yield _checked(plain, where)


def _parsed(data: bytes, where: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as bad:
        raise RecordError(
            f"not JSON: {bad.msg} at line {bad.lineno}", where=where, hint="Give what check --json printed"
        ) from None


def _checked(plain: Any, where: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if not isinstance(plain, dict):
        raise RecordError("this is no decision", where=where, hint="Give what check --json printed")
    head = {key: plain[key] for key in HEAD if key in plain}
    decision = {key: value for key, value in plain.items() if key not in HEAD}
    missing = [key for key in RECORDED if key not in decision]
    if missing:
        raise RecordError(
            f"this is no decision: it has no {missing[0]}", where=where, hint="Give what check --json printed"
        )
    if decision.get("format") != FORMAT:
        raise RecordError(
            f"a decision of format {decision.get('format')!r}; this version reads {FORMAT}", where=where
        )
    return head, decision


class Replayer:
    """Decides recorded decisions again, one after the other.

    Args:
        workspace: the home whose archive and records are used.
        rulebook: another rulebook than the recorded one, to see what would follow by it.
    """

    def __init__(self, workspace: Workspace, rulebook: Rulebook | None = None) -> None:
        self.workspace = workspace
        self._given = rulebook
        self._held: tuple[Any, Screener] | None = None

    def replay(self, recorded: Mapping[str, Any]) -> Replay:
        """Decide one decision again.

        Args:
            recorded: its JSON values.

        Raises:
            RecordError: a recorded input can't be read.
            StateError: something that it was decided with is not here; says what.
            OrderError, SettingsError: this version refuses the order or the settings.
        """
        notes: list[str] = []
        settings = self._settings(recorded)
        screener = self._screener(recorded, notes)
        decision = screener.screen(
            read_order(recorded["transaction"]),
            as_of=_day(recorded["as_of"], "as_of"),
            settings=settings,
            judgements=_judgements(recorded["judgements"]),
        )
        if decision.to_json() == orjson.dumps(recorded):
            return Replay(decision, (), tuple(notes))
        now = orjson.loads(decision.to_json())
        return Replay(decision, tuple(differences(recorded, now)), tuple(notes))

    def _screener(self, recorded: Mapping[str, Any], notes: list[str]) -> Screener:
        """Lists and rulebook are shared by the decisions of a day: what was opened last is kept."""
        rulebook = self._rulebook(recorded["rulebook"], notes)
        key = (rulebook.version, orjson.dumps([recorded["lists"], recorded.get("ownership")]))
        if self._held is None or self._held[0] != key:
            graph = self._graph(recorded.get("ownership"))
            self._held = (key, Screener(self._index(recorded["lists"]), rulebook, graph))
        return self._held[1]

    def _graph(self, content_hash: Any) -> OwnershipGraph | None:
        """The ownership data that the decision names, whether they are still in use or not."""
        if content_hash is None:
            return None
        graph = self.workspace.ownership.by_hash(str(content_hash))
        if graph is None:
            raise StateError(
                f"the ownership data {content_hash}, which the decision rests on, are not here",
                where=str(self.workspace.home),
                hint="Import the same files again (stopship ownership import) or give the --home",
            )
        return graph

    def _rulebook(self, version: Any, notes: list[str]) -> Rulebook:
        if self._given is not None:
            return self._given
        kept = self.workspace.records.rulebook(str(version))
        if kept is not None:
            return kept
        notes.append(
            f"the rulebook {version} is not the one of this version and was not kept in this home: decided by "
            "the rulebook of this version"
        )
        return self.workspace.rulebook

    def _settings(self, recorded: Mapping[str, Any]) -> Settings:
        """Whatever has the recorded hash is what was set then."""
        wanted = str(recorded["settings"])
        kept = self.workspace.records.settings(wanted)
        if kept is not None:
            return kept
        reasons = [None, *(_reason(line) for line in recorded.get("assumptions") or ())]
        for settings in (self.workspace.settings, Settings()):
            for reason in reasons:
                candidate = replace(settings, allow_stale=reason)
                if candidate.content_hash == wanted:
                    return candidate
        raise StateError(
            f"the settings {wanted} of the decision are neither those of this home nor kept in it",
            where=str(self.workspace.home),
            hint="Give the --home that it was made with, or settings.yaml as it was then",
        )

    def _index(self, lists: Any) -> Index:
        states = _lists(lists)
        if [state.source for state in states] == [STARTER]:
            return starter_index()
        held: list[tuple[IndexedList, Snapshot]] = []
        for state in states:
            cited = [s for s in self.workspace.archive.all(state.source) if s.id == state.snapshot]
            if not cited:
                raise SnapshotError(
                    f"the snapshot {state.snapshot} of {state.source}, which the decision rests on, is not here",
                    where=str(self.workspace.home),
                    hint=f"Import that file again (stopship lists import {state.source} FILE) or give the --home",
                )
            if source_info(state.source).format == CUSTOM:  # a list of one's own says its limit itself
                state = replace(state, limit_days=cited[0].limit_days)
            held.append((state, cited[0]))
        return self.workspace.index_of([state for state, _ in held], tuple(s for _, s in held)).index


def _reason(line: Any) -> str | None:
    """The reason for which stale lists were accepted: it is an input, and is printed as an assumption."""
    text = str(line)
    return text.removeprefix(STALE_ACCEPTED) if text.startswith(STALE_ACCEPTED) else None


def _lists(plain: Any) -> list[IndexedList]:
    try:
        found = [
            IndexedList(
                source=entry["source"],
                snapshot=entry["snapshot"],
                published=_maybe_day(entry["published"]),
                retrieved=_maybe_day(entry["retrieved"]),
                entries=int(entry["entries"]),
                limit_days=None,
                kind="",
                pinned=entry.get("pinned", False) is True,
            )
            for entry in plain
        ]
    except (KeyError, TypeError, ValueError):
        raise RecordError("a recorded list can't be read", where="lists") from None
    try:
        infos = [source_info(listed.source) for listed in found]
    except InputError as unknown:
        raise StateError(f"this version doesn't know a list: {unknown.message}", where="lists") from None
    return [
        replace(listed, limit_days=info.limit_days, kind=info.kind)
        for listed, info in zip(found, infos, strict=True)
    ]


def _judgements(plain: Any) -> Sequence[Judgement]:
    try:
        return [
            Judgement(
                party=int(entry["party"]),
                entity_id=str(entry["entity_id"]),
                verdict=str(entry["verdict"]),
                by=str(entry["by"]),
                until=_maybe_day(entry["until"]),
                owner=entry["owner"],
            )
            for entry in plain
        ]
    except (KeyError, TypeError, ValueError):
        raise RecordError("a recorded judgement can't be read", where="judgements") from None


def _maybe_day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _day(text: Any, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise RecordError(f"{text!r} is not a date", where=where) from None


def load_rulebook(folder: Path) -> Rulebook:
    """The rulebook of a folder.

    Raises:
        SettingsError: there is no such folder.
        RulebookError: a rule in it can't be read.
    """
    if not folder.is_dir():
        raise SettingsError("there is no such folder", where=str(folder))
    return Rulebook.load(folder)
