"""A worker in a process of its own beside another one, kept alive: what `serve` starts.

Its own process because a job uses processors and memory as it likes, and may die. It ends with the one that
started it, however that ends: it reads from a pipe whose other end only that one has.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

WITH_PARENT = "--with-parent"
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
WELL_SECONDS = 60.0
"""A worker that lived so long was well: the next one is started without a long wait."""
GRACE_SECONDS = 30.0


class Supervised:
    """One worker process. Use as a context manager; leaving it ends the worker and waits for it.

    Args:
        home: whose jobs it does.
        arguments: further ones of `stopship work`.
        say: told in one line when it died and is started again.
    """

    def __init__(
        self, home: Path, arguments: Sequence[str] = (), *, say: Callable[[str], None] = lambda _line: None
    ) -> None:
        self._command = [
            sys.executable,
            "-m",
            "stopship",
            "--home",
            str(home),
            "work",
            WITH_PARENT,
            *arguments,
        ]
        self._say = say
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="stopship-supervise", daemon=True)

    def __enter__(self) -> Supervised:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The number of the process that works now."""
        with self._lock:
            return self._process.pid if self._process is not None else None

    def close(self) -> None:
        """End the worker: it puts its job back and goes, or is ended after a while."""
        with self._lock:
            self._over.set()
            process = self._process
            if process is not None and process.stdin is not None:
                process.stdin.close()
        if process is not None:
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._thread.join()

    def _keep(self) -> None:
        wait = FIRST_WAIT
        while True:
            with self._lock:
                if self._over.is_set():
                    return
                # Its standard output is ours: what it says stands beside what we say.
                self._process = process = subprocess.Popen(self._command, stdin=subprocess.PIPE)
            began = time.monotonic()
            code = process.wait()
            if self._over.is_set():
                return
            if process.stdin is not None:
                process.stdin.close()
            wait = FIRST_WAIT if time.monotonic() - began > WELL_SECONDS else min(wait * 2, LONGEST_WAIT)
            self._say(f"the worker ended with {code}; the next one starts in {wait:g} seconds")
            if self._over.wait(wait):
                return


def end_with_parent(stop: threading.Event, pipe: IO[bytes] | None = None) -> None:
    """Set `stop` when the process that started this one is gone."""
    stream = pipe if pipe is not None else sys.stdin.buffer

    def watch() -> None:
        # Past the stream's buffer: whoever waits in there at the end of the process holds a lock that aborts it.
        while os.read(stream.fileno(), 1):
            pass
        stop.set()

    threading.Thread(target=watch, name="stopship-parent", daemon=True).start()
