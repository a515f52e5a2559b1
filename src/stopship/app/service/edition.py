"""One state of the lists as a server serves it. A call takes the current one and keeps it to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from stopship.app.decider import Decider
from stopship.app.indexes import STARTER
from stopship.app.one_at_a_time import one_at_a_time
from stopship.app.service.directory import Directory
from stopship.app.settings import FILE
from stopship.app.status import list_status
from stopship.app.workspace import Workspace
from stopship.matching import Index, Matcher

LOCK = "serve.lock"


@dataclass(frozen=True)
class Edition:
    """The lists, the law and the settings that calls are answered by.

    `state` is what of the home it was made from; `lists` is what `lists status` says of each; `changes` keeps, by
    source and earlier snapshot, the ids that differ (`changes.changed_since`).
    """

    state: str
    opened: datetime
    workspace: Workspace
    decider: Decider
    matcher: Matcher
    directory: Directory
    lists: tuple[dict[str, Any], ...]
    changes: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @property
    def index(self) -> Index:
        return self.matcher.index

    @property
    def today(self) -> date:
        return self.workspace.today

    @property
    def starter_only(self) -> bool:
        """Whether no list was imported yet."""
        return all(listed.source == STARTER for listed in self.index.lists)

    @property
    def stale(self) -> tuple[str, ...]:
        """The sources that are beyond their age limit."""
        return tuple(state["source"] for state in self.lists if state["stale"])


@dataclass(frozen=True, slots=True)
class Glance:
    """What a home holds, for who starts a server: what `lists status` says of each list."""

    lists: tuple[dict[str, Any], ...]

    @property
    def starter_only(self) -> bool:
        """Whether no list was imported yet."""
        return all(state["source"] == STARTER for state in self.lists)

    @property
    def stale(self) -> tuple[str, ...]:
        """The sources that are beyond their age limit."""
        return tuple(state["source"] for state in self.lists if state["stale"])


def glance(home: Path, now: Callable[[], datetime]) -> Glance:
    """Whether what `open_edition` needs is there, without holding it in memory; makes an index that is missing.

    Raises:
        StateError, SettingsError: as `open_edition`.
    """
    workspace = Workspace(home, today=now().astimezone().date())
    workspace.index(workspace.today)
    _ = workspace.settings, workspace.rulebook
    return Glance(tuple(list_status(workspace)))


def open_edition(home: Path, now: Callable[[], datetime], *, warm: bool = True) -> Edition:
    """Open what the home holds now; the index is mapped, so that all processes share it.

    Args:
        home: the directory.
        now: tells the moment, timezone-aware.
        warm: make all ready that later look-ups need. A handful of names is screened sooner without.

    Raises:
        StateError, SettingsError: lists, index, rulebook or settings can't be read.
    """
    moment = now()
    today = moment.astimezone().date()
    state = state_of(home, today)
    workspace = Workspace(home, today=today)
    decider = Decider(workspace)
    threshold = decider.settings.threshold
    # Workers begin at once: one makes what is missing, index and compiled search, and the others open it.
    with one_at_a_time(home, name=LOCK, wait=True) if home.is_dir() else nullcontext():
        index = decider.place(today).index
        matcher = Matcher(index) if threshold is None else Matcher(index, threshold=threshold)
        if warm:
            matcher.warm()
            matcher.warm_aside()
    _ = workspace.rulebook.docket
    return Edition(
        state=state,
        opened=moment,
        workspace=workspace,
        decider=decider,
        matcher=matcher,
        directory=Directory(index),
        lists=tuple(list_status(workspace)),
    )


def state_of(home: Path, today: date) -> str:
    """What changes when other lists, settings or ownership data are in use, by a look at a few files."""
    return "\n".join((today.isoformat(), *_marks(home)))


def _marks(home: Path) -> Iterator[str]:
    pointers = [*home.glob("snapshots/*/current"), *home.glob("snapshots/*/pinned")]
    for pointer in sorted([*pointers, home / FILE, *home.glob("ownership/*/current")]):
        try:
            stat = pointer.stat()
            yield f"{pointer} {stat.st_mtime_ns} {stat.st_size} {stat.st_ino}"
            if pointer.name != FILE:
                # The same list fetched again is younger: its snapshot says so.
                meta = (pointer.parent / pointer.read_text("utf-8").strip() / "meta.json").stat()
                yield f"{meta.st_mtime_ns} {meta.st_ino}"
        except (OSError, UnicodeDecodeError):
            continue  # not there, or being renamed: the next look sees it
