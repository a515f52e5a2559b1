"""What backups promise, from every database to every other: whole, of one moment, and checked before they
count."""

from __future__ import annotations

import json
import os
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from stopship.app.backup import keep_newest, restore, scheduled_name, write_backup
from stopship.app.backup.contents import is_inside
from stopship.app.jobs.work import queue_of
from stopship.app.workspace import UNFINISHED, Workspace
from stopship.errors import BackupError, StateError
from stopship.store import Database, audit, dump, matches, portfolios, webhooks

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
TODAY = date(2026, 11, 26)
Rows = dict[str, list[dict[str, object]]]


def fill(home: Path, database: Database) -> None:
    """A home with something of every kind."""
    queue = queue_of(home, database)
    folder = queue.files.begin()
    queue.files.path(folder, "input.csv").write_text("name\nMüller\n", "utf-8")
    queue.submit("screen", {"input": "input.csv"}, asked_by="user:1", now=NOW, key="k", folder=folder)
    held = queue.claim(worker="w", kinds=("screen",), now=NOW)
    assert held is not None
    queue.finish(held, "done", now=NOW, result={"rows": 1})
    queue.submit("backup", {}, asked_by="user:1", now=NOW)
    last = queue.submit("backup", {}, asked_by="user:1", now=NOW)[0]
    with database.write() as connection:
        number = portfolios.put(
            connection,
            {
                "name": "north",
                "source_name": "customers.csv",
                "source_sha256": "ab" * 32,
                "enrolled": NOW + timedelta(microseconds=123456),
                "customers": 2,
                "rejected": 0,
                "files": "customers-1",
                "state": "state-1",
            },
        )
        ids = portfolios.keep_customers(connection, number, [{"customer": "C1", "name": "Ж", "fields": "{}"}])
        row = {"entity_id": "e", "source": "us_csl", "score": 0.1 + 0.2, "band": "strong", "alert": True}
        matches.write(connection, [{**row, "customer_id": ids["C1"], "snapshot": "sha256:1", "hit": "{}"}], NOW)
        webhooks.add_endpoint(
            connection, url="https://x.example/", events=(), secret="s", created_by="user:1", now=NOW
        )
    for path, content in {
        "settings.yaml": "threshold: 0.8\n",
        "snapshots/us_csl/current": "abc",
        "snapshots/us_csl/abc/raw.gz": "raw",
        "monitor/north/customers-1/rows.arrow": "rows",
        "monitor/north/state-1/bits": "bits",
        "decisions/log.jsonl": "{}\n",
        "files/deep/er/x": "",
        "indexes/i/data": "made again",
        "downloads/us_csl/body": "made again",
        "update.lock": "",
        "monitor/north/run.parts/part-1": "half",
        ".tmp-1-2-3": "half",
    }.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(content, "utf-8")
    # The newest job is gone: its number is not to be given to another one.
    queue.cancel(last.id, actor="user:1", now=NOW)
    queue.prune(NOW + timedelta(seconds=1), actor="system:prune", now=NOW)


def rows_of(database: Database) -> Rows:
    with dump.one_moment(database) as connection:
        return {
            str(table.name): [json.loads(line) for line in dump.lines_of(connection, table)]
            for table in dump.tables_of(connection)
        }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def filled(home: Path, database: Database) -> Database:
    fill(home, database)
    return database


@pytest.fixture
def backup(home: Path, filled: Database, tmp_path: Path) -> Path:
    out = tmp_path / "b.zip"
    write_backup(Workspace(home, today=TODAY), out, database=filled, now=NOW)
    return out


@pytest.fixture
def plain(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of a home with SQLite, which goes into one with SQLite."""
    monkeypatch.delenv("STOPSHIP_DATABASE_URL", raising=False)
    space = Workspace(home, today=TODAY)
    with closing(space.database()) as database:
        fill(home, database)
        return write_backup(space, tmp_path / "b.zip", database=database, now=NOW).path


@pytest.fixture
def target(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Database]]:
    """Opens the database of the restored home `tmp_path/new`: SQLite in it, or PostgreSQL by its URL."""
    monkeypatch.delenv("STOPSHIP_DATABASE_URL", raising=False)
    if not empty_database_url.startswith("sqlite"):
        monkeypatch.setenv("STOPSHIP_DATABASE_URL", empty_database_url)
    opened: list[Database] = []

    def open_it() -> Database:
        opened.append(Workspace(tmp_path / "new", today=TODAY).database())
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()


def put(backup: Path, tmp_path: Path, **other: object) -> object:
    return restore(backup, tmp_path / "new", actor="cli:test", now=NOW, **other)  # type: ignore[arg-type]


def test_all_is_there_again_whichever_database_it_comes_from_and_goes_to(
    home: Path, filled: Database, backup: Path, target: Callable[[], Database], tmp_path: Path
) -> None:
    before = rows_of(filled)
    done = restore(backup, tmp_path / "new", actor="cli:test", now=NOW)
    new = target()
    after = rows_of(new)
    assert after["audit_log"].pop()["action"] == "backup.restored"
    before.pop("audit_head"), after.pop("audit_head")
    assert after == before
    assert done.before is None and done.rows == sum(map(len, before.values())) + 1
    files = {
        path.relative_to(tmp_path / "new").as_posix(): path.read_bytes()
        for path in (tmp_path / "new").rglob("*")
        if path.is_file() and not path.name.startswith("stopship.db")
    }
    assert files.keys() - {name for name in files if name.startswith("jobs/")} == {
        "settings.yaml",
        "snapshots/us_csl/current",
        "snapshots/us_csl/abc/raw.gz",
        "monitor/north/customers-1/rows.arrow",
        "monitor/north/state-1/bits",
        "decisions/log.jsonl",
        "files/deep/er/x",
    }
    assert all((home / name).read_bytes() == content for name, content in files.items())
    queue = queue_of(tmp_path / "new", new)
    assert queue.submit("backup", {}, asked_by="user:1", now=NOW)[0].id == 4, "numbers go on behind removed ones"
    with new.write() as connection:
        number = portfolios.keep_customers(connection, 1, [{"customer": "C2", "name": "Y", "fields": "{}"}])["C2"]
        assert number == 2
        assert connection.execute(select(matches.matches.c.score)).scalar_one() == 0.1 + 0.2


def test_a_backup_is_for_its_owner_only_and_not_written_over(home: Path, filled: Database, backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with pytest.raises(BackupError, match="is there already"):
        write_backup(Workspace(home, today=TODAY), backup, database=filled, now=NOW)


def test_a_backup_is_of_one_moment_while_others_write(home: Path, filled: Database, tmp_path: Path) -> None:
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            queue_of(home, filled).submit("digest", {"n": number}, asked_by="user:1", now=NOW)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            out = tmp_path / f"b{number}.zip"
            manifest = write_backup(Workspace(home, today=TODAY), out, database=filled, now=NOW).manifest
            assert manifest.tables["audit_log"].rows == manifest.audit_seq
    finally:
        over.set()
        writer.join()


def test_what_is_there_is_not_replaced_unless_asked_and_then_kept(
    backup: Path, target: Callable[[], Database], tmp_path: Path
) -> None:
    put(backup, tmp_path)
    target()
    (tmp_path / "new" / "mine").write_text("keep me")
    with pytest.raises(BackupError, match="holds something already"):
        put(backup, tmp_path)
    done = restore(backup, tmp_path / "new", actor="cli:test", now=NOW, replace=True)
    assert done.before is not None and (done.before / "mine").read_text() == "keep me"
    assert not (tmp_path / "new" / "mine").exists() and not (tmp_path / "new" / UNFINISHED).exists()
    with target().begin() as connection:
        (*_, last) = audit.rows(connection)
    assert last.action == "backup.restored"


def test_a_database_that_holds_something_is_not_replaced_unless_asked(
    plain: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = request.getfixturevalue("postgresql")
    name = server.fresh()
    with closing(Database(server.url(name))) as database:
        queue_of(tmp_path / "other", database).submit("backup", {}, asked_by="user:9", now=NOW)
    monkeypatch.setenv("STOPSHIP_DATABASE_URL", server.url(name))
    with pytest.raises(BackupError, match="the database holds something already"):
        put(plain, tmp_path)
    assert not (tmp_path / "new").exists()
    put(plain, tmp_path, replace=True)
    server.drop(name)


def test_a_database_keeps_what_it_holds_when_a_backup_is_refused(
    plain: Path, target: Callable[[], Database], tmp_path: Path
) -> None:
    database = target()
    queue_of(tmp_path / "new", database).submit("backup", {}, asked_by="user:9", now=NOW)
    bad = consistent(plain, "audit_log", lambda rows: rows.replace(b"job.queued", b"job.kueued", 1))
    with pytest.raises(BackupError, match="audit record was altered"):
        put(bad, tmp_path, replace=True)
    assert [job.asked_by for job in queue_of(tmp_path / "new", database).page().jobs] == ["user:9"]


def altered(backup: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    out = backup.with_name("altered.zip")
    with zipfile.ZipFile(backup) as before, zipfile.ZipFile(out, "w") as after:
        for info in before.infolist():
            content = change(info.filename, before.read(info))
            if content is not None:
                after.writestr(info.filename, content)
    return out


def consistent(backup: Path, table: str, change: Callable[[bytes], bytes]) -> Path:
    """Altered by one who also mends the manifest."""
    import hashlib

    with zipfile.ZipFile(backup) as archive:
        rows = change(archive.read(f"database/{table}.jsonl"))
    part = {"size": len(rows), "sha256": hashlib.sha256(rows).hexdigest(), "rows": rows.count(b"\n")}

    def both(name: str, content: bytes) -> bytes:
        if name == f"database/{table}.jsonl":
            return rows
        if name == "manifest.json":
            manifest = json.loads(content)
            manifest["tables"][table] = part
            return json.dumps(manifest).encode()
        return content

    return altered(backup, both)


def manifest_with(change: Callable[[dict[str, object]], object]) -> Callable[[str, bytes], bytes]:
    def both(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        manifest = json.loads(content)
        change(manifest)
        return json.dumps(manifest).encode()

    return both


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda n, c: c + b"x" if n.endswith("raw.gz") else c, "altered or is damaged: home/snapshots"),
        (lambda n, c: None if n.endswith("raw.gz") else c, "its manifest and its files differ"),
        (lambda n, c: None if n == "manifest.json" else c, "no manifest"),
        (lambda n, c: c[:-9] if n == "database/jobs.jsonl" else c, "altered or is damaged: database/jobs"),
        (manifest_with(lambda m: m.update(format=2)), "has form 2"),
        (manifest_with(lambda m: m["database"].update(revision="9999")), "newer version"),  # type: ignore[attr-defined]
        (manifest_with(lambda m: m["files"].update({"../x": m["files"]["settings.yaml"]})), "outside of the home"),  # type: ignore[index]
        (manifest_with(lambda m: m["audit"].update(seq=1)), "is not the row that the backup ended"),  # type: ignore[attr-defined]
    ],
)
def test_what_was_altered_is_refused_and_nothing_is_touched(
    plain: Path, tmp_path: Path, change: Callable[[str, bytes], bytes | None], says: str
) -> None:
    with pytest.raises(BackupError, match=says):
        put(altered(plain, change), tmp_path)
    assert not (tmp_path / "new").exists()
    assert not [path for path in tmp_path.iterdir() if "restoring" in path.name]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.replace(b"job.queued", b"job.kueued", 1),
        lambda rows: rows.split(b"\n", 1)[1],
        lambda rows: b"\n".join([*rows.split(b"\n")[:-2], b""]),
    ],
)
def test_an_audit_record_that_was_altered_with_its_manifest_is_refused(
    plain: Path, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(BackupError, match="audit record was altered"):
        put(consistent(plain, "audit_log", change), tmp_path)
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with pytest.raises(BackupError, match="no such file"):
        put(path, tmp_path)
    path.write_bytes(b"PK\x03\x04 and nothing")
    with pytest.raises(BackupError, match="no backup, or only a part of one"):
        put(path, tmp_path)


def test_files_that_vanish_meanwhile_are_looked_for_again_then_told(
    home: Path, filled: Database, tmp_path: Path
) -> None:
    (home / "monitor" / "north" / "state-1" / "bits").unlink()
    with pytest.raises(StateError, match=r"keep vanishing, the last was monitor/north/state-1/"):
        write_backup(Workspace(home, today=TODAY), tmp_path / "b.zip", database=filled, now=NOW)
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".zip", ".part")]


def test_an_interrupted_restore_says_so_until_it_is_done_again(home: Path) -> None:
    (home / UNFINISHED).write_text("")
    with pytest.raises(StateError, match="a restore into this home was interrupted"):
        Workspace(home, today=TODAY).database()


def test_old_backups_of_the_schedule_go_and_nothing_else(tmp_path: Path) -> None:
    names = [scheduled_name(NOW + timedelta(days=n), n) for n in range(4)]
    for name in [*names, "stopship-mine.zip", "other.txt"]:
        (tmp_path / name).touch()
    assert names[0] == "stopship-20261126T073000Z-0.zip"
    assert keep_newest(tmp_path, 2) == names[:2]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*names[2:], "stopship-mine.zip", "other.txt"]
    )


@pytest.mark.parametrize("name", ["", "/etc/x", "../x", "a/../x", "a//x", "a\\x", "C:x", "stopship.db", "a\0b"])
def test_paths_stay_inside_of_the_home(name: str) -> None:
    assert not is_inside(name)
    assert is_inside("snapshots/us_csl/current")
    assert os.sep == "/" or os.name == "nt"
