"""Runs updates that end by SIGKILL at a named step, each in a child of its own; prints one JSON line a step.

    python -m tests.journeys.update_to_kill HOME

In HOME `settings.yaml` names a publisher. For each step the home is as it was before: the first list in use. What
is told of a step: how the child ended, what then serves, and what the next update made of it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.journeys.small_lists import KNOWN, small_catalogue

import stopship.app.lists.refresh as refresh_module
from stopship.app.decider import Decider
from stopship.app.fetch.download import Downloader
from stopship.app.fetch.folder import DownloadFolder
from stopship.app.lists.settings import read_list_settings
from stopship.app.orders.file import order_from_flags
from stopship.app.workspace import Workspace
from stopship.matching import Index, Matcher
from stopship.snapshots import Archive, files
from stopship.sources import catalogue as catalogue_module

NOW = datetime.now(UTC).replace(microsecond=0)
STEPS: dict[str, tuple[Any, str, bool]] = {
    "before the first byte": (DownloadFolder, "begin", True),
    "the file is whole": (DownloadFolder, "finish", False),
    "fetched": (Downloader, "fetch", False),
    "before it is read": (refresh_module, "read_list", True),
    "read": (refresh_module, "read_list", False),
    "before the index": (Index, "build", True),
    "index built": (Index, "build", False),
    "index written": (Index, "write", False),
    "compiled": (Matcher, "warm", False),
    "before it is kept": (Archive, "keep", True),
    "its files are written": (files, "move_folder", True),
    "the folder is there": (files, "move_folder", False),
    "kept": (Archive, "keep", False),
    "before it is noted": (DownloadFolder, "take", True),
    "noted": (DownloadFolder, "take", False),
}


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(owner: Any, name: str, before: bool) -> None:
    """Let the process die before or after the call."""
    original: Callable[..., Any] = getattr(owner, name)

    def armed(*args: Any, **kwargs: Any) -> Any:
        if before:
            die()
        original(*args, **kwargs)
        die()

    setattr(owner, name, armed)


def update(home: Path) -> list[tuple[str, str]]:
    space = Workspace(home, today=NOW.date())
    done = refresh_module.refresh(space, read_list_settings(home), ["us_csl"], now=NOW)
    return [(one.status, one.problem) for one in done.sources]


def serving(home: Path) -> dict[str, Any]:
    """What a decision made now rests on."""
    space = Workspace(home, today=NOW.date())
    order = order_from_flags([f"end_user={KNOWN}"], ["EAR99"], to="CN", end_use=None, country=None)
    decision = Decider(space).decide(order)
    current = space.archive.current("us_csl")
    return {
        "outcome": decision.outcome.value,
        "snapshot": decision.lists[0].listed.snapshot,
        "current": current.id if current else None,
        "problems": list(space.archive.problems()),
    }


def killed_at(home: Path, act: Callable[[], None]) -> int:
    """The signal that ended a child which armed itself by `act` and updated; 0 if it lived."""
    child = os.fork()
    if child == 0:
        try:
            act()
            update(home)
        finally:
            os._exit(0)
    _, ended = os.waitpid(child, 0)
    return os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0


def halfway() -> None:
    """Die with half of the body on the disk."""
    from stopship.app.fetch import download

    class Dying(download._Pace):
        def came(self, _count: int) -> None:
            die()

    download._Pace = Dying  # type: ignore[misc]


def main(home: Path) -> None:
    small = small_catalogue()
    catalogue_module._catalogue = lambda: small  # type: ignore[assignment]
    ways: dict[str, Callable[[], None]] = {"within the body": halfway}
    for step, where in STEPS.items():
        ways[step] = lambda where=where: arm(*where)  # type: ignore[misc]
    for number, (step, act) in enumerate(ways.items()):
        place = home.with_name(f"{home.name}-{number}")
        shutil.copytree(home, place)
        told = {"step": step, "signal": killed_at(place, act), "after": serving(place), "next": update(place)}
        told["then"] = serving(place)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
