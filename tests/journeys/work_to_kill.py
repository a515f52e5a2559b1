"""Does one thing with a home and dies by SIGKILL at a named step, or runs out of disk; for tests.

    python -m tests.journeys.work_to_kill HOME ACT STEP [BYTES]

ACT: `work` (jobs that are due), `open` (the database), `backup OUT` and `restore IN` (STEP names the file, too:
`step=file`). With BYTES no file may become longer than that.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any


def steps() -> dict[str, tuple[Any, str, bool, int]]:
    """By name: what dies before (True) or after a call, at the n-th."""
    from alembic import op

    restore = import_module("stopship.app.backup.restore")  # the package has a function of this name
    write = import_module("stopship.app.backup.write")
    from stopship.app import partners
    from stopship.bulk.parts import Parts
    from stopship.jobs.delivery import Courier
    from stopship.jobs.queue import Queue
    from stopship.store import audit, dump, jobs

    return {
        "claimed": (Queue, "claim", False, 1),
        "sent": (Courier, "_post", False, 1),
        "a part is there": (Parts, "add", False, 1),
        "joined": (partners, "_join", False, 1),
        "ended, not committed": (jobs, "end", False, 1),
        "audited, not committed": (audit, "append", False, 1),
        "a table is made": (op, "create_table", False, 3),
        "rows are written": (write, "_add_files", True, 1),
        "all is written": (write, "_check", False, 1),
        "a table is loaded": (dump, "load", False, 4),
        "before it takes its place": (restore, "_put_in_place", True, 1),
        "in its place": (restore, "_put_in_place", False, 1),
    }


def arm(step: str) -> None:
    owner, name, before, at = steps()[step]
    original: Callable[..., Any] = getattr(owner, name)
    left = [at]

    def armed(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if before and left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        found = original(*args, **kwargs)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    setattr(owner, name, armed)


def bound(most: int) -> None:
    """No file may become longer: what a full disk looks like to those who write."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def main(home: Path, act: str, step: str, most: int | None = None) -> None:
    from stopship.app.backup import restore, write_backup
    from stopship.app.jobs.work import choose, work
    from stopship.app.workspace import Workspace

    step, _, file = step.partition("=")
    now = datetime.now(UTC)
    space = Workspace(home, today=now.date())
    if step:
        arm(step)
    if most is not None:
        bound(most)
    if act == "work":
        work(home, chosen=choose((), ()), stop=threading.Event(), say=lambda _event, _details: None, once=True)
    elif act == "open":
        space.database().close()
    elif act == "backup":
        with closing(space.database()) as database:
            write_backup(space, Path(file), database=database, now=now)
    elif act == "restore":
        restore(Path(file), home, actor="cli:test", now=now, replace=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else None)
