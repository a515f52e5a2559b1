"""Cold starts: commands in new processes, with everything compiled before and the files in the disk cache."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.quality.lists import LIST, ROOT, file_hash

CHECK = ("check", "--party", "end_user=Hikvision", "--item", "6A993", "--to", "CN", "--json")
_DONE = (0, 1)  # `check` says 1 for every outcome but clear


def cold_starts(data: Path, cache: Path, times: int) -> dict[str, Any]:
    """Seconds of `--help` and of `check` with the full CSL, each in a process of its own, in turn."""
    home = home_with_list(data, cache)
    commands: dict[str, Sequence[str]] = {"stopship --help": ("--help",), "stopship check": CHECK}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(times + 1):
        for name, arguments in commands.items():
            row = run_command(home, arguments)
            if number:  # the first run compiles and fills the disk cache
                found[name].append(row)
    return {
        name: {
            "times": times,
            "wall": median(row[0] for row in rows),
            "least": min(row[0] for row in rows),
            "most": max(row[0] for row in rows),
            "cpu": median(row[1] for row in rows),
        }
        for name, rows in found.items()
    }


def run_command(home: Path, arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds of the clock and of the processor of one command.

    Raises:
        SystemExit: it could not be run; with what it said.
    """
    before, began = child_cpu(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "stopship", *arguments],
        capture_output=True,
        text=True,
        env=environment(home),
        check=False,
    )
    wall = time.perf_counter() - began
    if done.returncode not in _DONE:
        raise SystemExit(f"stopship {' '.join(arguments)} failed: {done.stderr.strip()}")
    return wall, child_cpu() - before


def environment(home: Path) -> dict[str, str]:
    """The environment of a command: this code, and a home of the benchmark's own."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "STOPSHIP_HOME": str(home)}


def child_cpu() -> float:
    """Seconds of the processor of all processes that were started and have ended, with those that they started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def home_with_list(data: Path, cache: Path) -> Path:
    """A home with the full CSL imported; made once for the list and the code."""
    digest = hashlib.sha256(file_hash(data / LIST).encode())
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in (".py", ".tsv", ".txt", ".yml"):
            digest.update(path.read_bytes())
    home = cache / f"home-{digest.hexdigest()[:16]}"
    if not (home / ".imported").exists():
        import_csl = ("lists", "import", "us_csl", str(data / LIST), "--published", "2026-07-31", "--accept")
        run_command(home, import_csl)
        (home / ".imported").touch()
    return home
