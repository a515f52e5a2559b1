"""What the recipes for schedulers are held against: a lake of folders, a small list, and the command on the path.

`make test` passes over this folder: each scheduler has an environment of its own, and the command another
(`make test-recipes`). Schedulers run as processes, as they do where they are used; their warnings are theirs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.recipes.schedulers import SCHEDULERS, Scheduler

ASKED = "STOPSHIP_TEST_RECIPES"
collect_ignore_glob = [] if os.environ.get(ASKED) else ["test_*.py"]

LISTED = ("Beispiel Umgehung GmbH", "Muster Gesperrt Ltd", "Example Blocked Co., Ltd.")
MAPPING = """\
format: 1
name: made-up
title: A made-up list
limit_days: none
columns: {id: id, name: name}
"""
COMMAND = """\
#!/bin/sh
# The real command, with a note of each call. Where the test asks for it, it only fails: once, or always.
echo "$*" >> "{folder}/calls"
if rm "{folder}/fail-once" 2>/dev/null || test -e "{folder}/fail"; then echo "failed, as asked" >&2; exit 2; fi
exec "{real}" "$@"
"""
QUIET = {  # nothing is told to anybody, and nobody hurries
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # its 20 are too few on a busy machine
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "SCARF_ANALYTICS": "false",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "NO_COLOR": "1",
}
LAST = 300  # seconds that one run of a scheduler may take


@dataclass(frozen=True)
class Lake:
    """A folder `parties` and a folder `screened`, both with a folder a day, and what a run there needs."""

    folder: Path
    environment: dict[str, str]

    def put(self, day: str, **files: list[str]) -> Path:
        """Parties of a day, a file each for the names of its rows."""
        at = self.folder / "lake" / "parties" / day
        at.mkdir(parents=True)
        for file, names in files.items():
            ids = [f"{file}-{number}" for number in range(len(names))]
            pq.write_table(pa.table({"id": ids, "name": names}), at / f"{file}.parquet")
        return at

    def screened(self, day: str) -> Path:
        return self.folder / "lake" / "screened" / day

    def parts(self, day: str) -> dict[str, tuple[int, bytes]]:
        """Name -> when it was written and what it holds, of every part of a day."""
        return {
            path.name: (path.stat().st_mtime_ns, path.read_bytes())
            for path in self.screened(day).glob("*.parquet")
        }

    def counts(self, day: str) -> dict[str, int]:
        manifest = json.loads((self.screened(day) / "_manifest.json").read_text())
        return {name: manifest[name] for name in ("rows", "hit", "no_hit", "rejected")}

    def calls(self, day: str) -> list[str]:
        """What the command was given, each time that it was called for a day."""
        return [line for line in (self.folder / "calls").read_text().splitlines() if f"/{day} " in line]

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """A program in the folder, to its end; what it said is shown where the test fails."""
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LAST,
        )
        print(done.stdout)
        return done


@pytest.fixture(scope="session")
def stopship_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the made-up list."""
    if shutil.which("stopship") is None:
        pytest.fail("there is no command stopship on the path: run make test-recipes")
    folder = tmp_path_factory.mktemp("home")
    entries = [json.dumps({"id": f"l-{n}", "name": name}) for n, name in enumerate(LISTED)]
    (folder / "list.jsonl").write_text("\n".join(entries) + "\n")
    (folder / "mapping.yml").write_text(MAPPING)
    line = ["stopship", "lists", "import", "custom", str(folder / "list.jsonl")]
    line += ["--mapping", str(folder / "mapping.yml")]
    home = folder / "home"
    subprocess.run(line, env={**os.environ, "STOPSHIP_HOME": str(home)}, check=True, timeout=LAST)
    return home


@pytest.fixture(scope="session", params=list(SCHEDULERS))
def scheduler(request: pytest.FixtureRequest) -> Scheduler:
    """Each scheduler in turn; one that isn't installed is named."""
    name: str = request.param
    found = SCHEDULERS[name]
    if importlib.util.find_spec(found.package) is None:
        pytest.skip(f"{name} was not tested: {found.package} is not installed here")
    return found


@pytest.fixture(scope="session")
def lake(scheduler: Scheduler, stopship_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with the recipe beside it. Its scheduler keeps what it keeps in the same folder."""
    folder = tmp_path_factory.mktemp(scheduler.package)
    programs = folder / "bin"
    programs.mkdir()
    (programs / "stopship").write_text(COMMAND.format(folder=folder, real=shutil.which("stopship")))
    (programs / "stopship").chmod(0o755)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {name: str(folder / "kept") for name in ("HOME", "AIRFLOW_HOME", "DAGSTER_HOME", "PREFECT_HOME")}
    (folder / "kept").mkdir()
    made = Lake(folder, {**os.environ, **QUIET, **kept, "PATH": path, "STOPSHIP_HOME": str(stopship_home)})
    scheduler.prepare(made)
    return made
