"""Files of partners in every format, interrupted and taken up again, and what is said about them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from tests.journeys.conftest import Cli

from stopship.app import own_list as own_list_module
from stopship.app import partners
from stopship.errors import WorkerError

HEADER = ("id", "name", "country", "branch")
ROWS = (
    ("1", "Fiktiv Optics Research Institute", "CN", "=1+1"),
    ("2", "Bäckerei Müller", "DE", "north"),
    ("3", "", "DE", "no name"),
    ("4", "Erika Mustermann", "", "海"),
)
STATUS = ["hit", "no_hit", "rejected", "hit"]


@pytest.fixture
def own_list(tmp_path: Path) -> Path:
    path = tmp_path / "list.jsonl"
    entities = (
        {"id": "x-1", "name": "Fiktiv Optics Research Institute", "schema": "Company", "countries": ["cn"]},
        {"id": "x-2", "name": "Erika Mustermann", "schema": "Person"},
    )
    path.write_text("".join(json.dumps(e) + "\n" for e in entities), "utf-8")
    return path


def partners_file(folder: Path, name: str) -> Path:
    """The same rows in the format that the name says."""
    path = folder / name
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *ROWS])
    lines = "".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS)
    data = (lines if "jsonl" in name else text.getvalue()).encode("utf-8")
    if name.endswith(".gz"):
        data = gzip.compress(data, mtime=0)
    if name.endswith(".zst"):
        data = pa.Codec("zstd").compress(data, asbytes=True)
    if name.endswith(".parquet"):
        pq.write_table(pa.table([list(c) for c in zip(*ROWS, strict=True)], names=list(HEADER)), path)
    elif name.endswith(".xlsx"):
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADER, *ROWS)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        book.close()
    else:
        path.write_bytes(data)
    return path


def answers(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of results, whatever its format."""
    name = path.name
    if name.endswith(".parquet"):
        found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return found
    if name.endswith(".xlsx"):
        head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, head), row, strict=True)) for row in rows]
    data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    if "jsonl" in name:
        return [json.loads(line) for line in data.splitlines()]
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def only(folder: Path, *names: str) -> bool:
    """Whether nothing but these is there: no part, no temporary file."""
    return sorted(p.name for p in folder.iterdir()) == sorted(names)


INPUTS = ("a.csv", "a.csv.gz", "a.csv.zst", "a.jsonl", "a.jsonl.gz", "a.parquet", "a.xlsx")
OUTPUTS = ("o.jsonl", "o.jsonl.gz", "o.csv", "o.csv.gz", "o.parquet", "o.xlsx")


@pytest.mark.parametrize("name", INPUTS)
def test_every_format_is_read_alike(cli: Cli, tmp_path: Path, own_list: Path, name: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    said = cli("screen", partners_file(work, name), "--out", work / "o.jsonl", "--list", own_list)
    assert said.code == 0, said.err
    found = answers(work / "o.jsonl")
    assert [row["status"] for row in found] == STATUS
    assert [row["id"] for row in found] == ["1", "2", "3", "4"]
    assert [row["input"]["branch"] for row in found] == [row[3] for row in ROWS]
    assert found[2]["row"] == (3 if "jsonl" in name or "parquet" in name else 4)
    assert "neither a name nor an address" in found[2]["reason"]
    assert only(work, name, "o.jsonl")


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_format_is_written_alike(cli: Cli, tmp_path: Path, own_list: Path, name: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    assert cli("screen", partners_file(work, "a.csv"), "--out", work / name, "--list", own_list).code == 0
    found = answers(work / name)
    assert [row["status"] for row in found] == STATUS
    branch = [row["input"]["branch"] if "jsonl" in name else row["branch"] for row in found]
    guarded = "'=1+1" if "csv" in name else "=1+1"
    assert branch == [guarded, "north", "no name", "海"]
    assert "neither a name nor an address" in found[2]["reason"]
    assert "4" in found[2]["reason"] or found[2]["row"] == 4
    assert only(work, "a.csv", name)


def test_standard_input_is_screened(own_list: Path, tmp_path: Path) -> None:
    data = partners_file(tmp_path, "a.jsonl.gz").read_bytes()
    out = tmp_path / "o.csv"
    arguments = ["-", "--format", "jsonl", "--out", out, "--list", own_list, "--json"]
    ran = run(tmp_path, *arguments, input=data)
    assert ran.returncode == 0, ran.stderr
    assert [row["status"] for row in answers(out)] == STATUS
    assert json.loads(ran.stdout)["rows"] == 4
    assert b"can't be read again" in run(tmp_path, *arguments, "--resume", input=data).stderr


def test_a_guessed_encoding_is_said_and_can_be_overridden(cli: Cli, tmp_path: Path, own_list: Path) -> None:
    source, out = tmp_path / "a.csv", tmp_path / "o.jsonl"
    source.write_bytes("name\nBäckerei Müller\nCafé Élan\n".encode("cp1252"))
    said = cli("screen", source, "--out", out, "--list", own_list)
    assert "read as cp1252 (guessed)" in said.out
    assert "--encoding" in said.out
    assert answers(out)[0]["name"] == "Bäckerei Müller"
    quiet = cli("screen", source, "--out", out, "--list", own_list, "--encoding", "latin-1", "--json")
    assert quiet.json["encoding"] == "iso8859-1"
    assert quiet.err == ""
    told = cli("screen", source, "--out", out, "--list", own_list, "--json")
    assert told.json["encoding"] == "cp1252"
    assert "guessed" in told.err
    source.write_bytes("name\n台灣積體電路\n".encode("big5"))
    assert "--encoding" in cli("screen", source, "--out", out, "--list", own_list).refused()


def test_own_columns_called_like_a_result_are_kept(cli: Cli, tmp_path: Path, own_list: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("name,status,score,row\nErika Mustermann,old,7,x\n", "utf-8")
    cli("screen", source, "--out", tmp_path / "o.csv", "--list", own_list)
    (found,) = answers(tmp_path / "o.csv")
    assert (found["status"], found["input_status"], found["input_score"], found["row"]) == ("hit", "old", "7", "x")
    cli("screen", source, "--out", tmp_path / "o.jsonl", "--list", own_list)
    assert answers(tmp_path / "o.jsonl")[0]["input"] == {"status": "old", "score": "7", "row": "x"}
    cli("screen", source, "--out", tmp_path / "o.parquet", "--list", own_list)
    (found,) = answers(tmp_path / "o.parquet")
    assert (found["row"], found["input_row"], found["score"]) == (2, "x", "7")


def test_too_many_rows_for_a_sheet_are_refused_before_the_work(
    cli: Cli, tmp_path: Path, own_list: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partners, "SHEET_ROWS", 1000)
    monkeypatch.setattr(partners, "map_batches", lambda *_, **__: pytest.fail("the work had begun"))
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        source = tmp_path / name
        if name == "a.parquet":
            pq.write_table(pa.table({"name": ["A"] * 1000}), source)
        else:
            line = "A\n" if name == "a.csv" else '{"name": "A"}\n'
            source.write_text(("name\n" if name == "a.csv" else "") + line * 1000, "utf-8")
        said = cli("screen", source, "--out", tmp_path / "o.xlsx", "--list", own_list).refused()
        assert "1,000 rows are more than a sheet" in said
        source.unlink()
    assert only(tmp_path, "list.jsonl")


def test_hits_that_do_not_fit_in_a_sheet_are_refused_and_nothing_is_left(
    cli: Cli, tmp_path: Path, own_list: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partners, "SHEET_ROWS", 5)
    source = tmp_path / "a.csv"
    source.write_text("name\nA\nB\nC\nErika Fiktiv Mustermann Optics\n", "utf-8")
    arguments = ("screen", source, "--out", tmp_path / "o.xlsx", "--list", own_list, "--min-score", "0")
    monkeypatch.setattr(partners, "_check_sheet", lambda *_: None)
    assert "more than a sheet" in cli(*arguments).refused()
    assert only(tmp_path, "a.csv", "list.jsonl")


def test_bad_arguments_are_refused_in_one_line(cli: Cli, tmp_path: Path, own_list: Path) -> None:
    source = partners_file(tmp_path, "a.csv")
    out = tmp_path / "o.jsonl"
    assert "--format" in cli("screen", source, "--out", out, "--format", "xml").refused()
    assert "no encoding" in cli("screen", source, "--out", out, "--encoding", "x", "--list", own_list).refused()
    assert "processes" in cli("screen", source, "--out", out, "--processes", "0").refused()
    assert "no such folder" in cli("screen", source, "--out", tmp_path / "no" / "o.csv").refused()
    folder = tmp_path / "o.jsonl.parts"
    folder.mkdir()
    (folder / "mine.txt").write_text("x", "utf-8")
    assert "in the way" in cli("screen", source, "--out", out, "--list", own_list).refused()


# --- interruption ---------------------------------------------------------------------------------

MANY = 50_000


def run(folder: Path, *arguments: object, **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(arguments), env=environment(folder), capture_output=True, check=False, **more)


def command(arguments: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-m", "stopship", "screen", *map(str, arguments)]


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "STOPSHIP_HOME": str(folder / "home")}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Rows of which every sixtieth takes some time: it hits."""
    path = tmp_path / "many.csv"
    names = ("Erika Mustermann" if n % 60 == 0 else "" if n % 7 else "-" for n in range(MANY))
    path.write_text("id,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names)), "utf-8")
    return path


def alone(folder: Path) -> bool:
    """Whether no process of a run in this folder is left, at once or after its last batch."""
    end = time.monotonic() + 30
    mark = f"STOPSHIP_HOME={folder / 'home'}".encode()
    while time.monotonic() < end:
        if not [p for p in Path("/proc").glob("[0-9]*/environ") if _holds(p, mark)]:
            return True
        time.sleep(0.05)
    return False


def _holds(path: Path, mark: bytes) -> bool:
    try:
        return mark in path.read_bytes()
    except OSError:
        return False


def interrupted(
    folder: Path, send: Callable[[subprocess.Popen[bytes]], None], *arguments: object
) -> tuple[int, str]:
    """Start a run, interrupt it when its first parts are there; its exit code and what it said."""
    out = next(a for a in arguments if isinstance(a, Path) and a.name.startswith("o."))
    parts = out.with_name(f"{out.name}.parts")
    # A group of its own: Ctrl-C in a terminal reaches the workers as well.
    started = subprocess.Popen(
        command(arguments), env=environment(folder), stderr=subprocess.PIPE, start_new_session=True
    )
    end = time.monotonic() + 60
    while not list(parts.glob("part-*.json")) and started.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    assert started.poll() is None, "it was over before it could be interrupted"
    send(started)
    _out, said = started.communicate(timeout=60)
    return started.returncode, said.decode()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["o.jsonl", "o.parquet"])
def test_a_killed_run_is_taken_up_without_losing_or_repeating_a_row(
    cli: Cli, tmp_path: Path, own_list: Path, many: Path, name: str
) -> None:
    out, stats = tmp_path / name, tmp_path / "stats.json"
    arguments = (many, "--out", out, "--list", own_list, "--processes")
    code, _said = interrupted(tmp_path, lambda p: p.kill(), *arguments, "2")
    assert code == -signal.SIGKILL
    assert not out.exists(), "the output appears whole or not at all"
    assert alone(tmp_path), "workers end with the one that started them"
    assert "--resume" in cli("screen", *arguments, "1").refused(), "parts are not thrown away unasked"
    assert "not the same options" in cli("screen", *arguments, "1", "--limit", "3", "--resume").refused()
    ran = cli("screen", *arguments, "1", "--resume", "--stats", stats)
    assert ran.code == 0, ran.err
    counts = json.loads(stats.read_text("utf-8"))
    assert counts["rows"] == MANY
    assert 0 < counts["resumed_rows"] < MANY
    found = answers(out)
    assert [int(row["id"]) for row in found] == list(range(MANY))
    assert sum(row["status"] == "hit" for row in found) == counts["hit"] == -(-MANY // 60)
    assert not out.with_name(f"{name}.parts").exists()


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(
    cli: Cli, tmp_path: Path, own_list: Path, many: Path
) -> None:
    out = tmp_path / "o.csv"
    arguments = (many, "--out", out, "--list", own_list, "--processes")
    code, said = interrupted(tmp_path, lambda p: os.killpg(p.pid, signal.SIGINT), *arguments, "2")
    assert code == 2
    assert len(said.strip().splitlines()) == 1
    assert "Go on with --resume" in said
    assert not out.exists()
    many.write_text(many.read_text("utf-8") + "x,one more\n", "utf-8")
    assert "not the same input" in cli("screen", *arguments, "1", "--resume").refused()
    many.write_text(many.read_text("utf-8").removesuffix("x,one more\n"), "utf-8")
    ran = cli("screen", *arguments, "1", "--resume")
    assert ran.code == 0, ran.err
    assert "of them before" in ran.out
    assert [int(row["id"]) for row in answers(out)] == list(range(MANY))


def test_a_full_disk_keeps_what_is_done(
    cli: Cli, tmp_path: Path, own_list: Path, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o.jsonl"
    arguments = ("screen", many, "--out", out, "--list", own_list, "--processes", "1")
    add = partners.Parts.add

    def full(self: Any, number: int, data: bytes, about: Any) -> None:
        if number == 2:
            raise OSError(28, "No space left on device")
        add(self, number, data, about)

    monkeypatch.setattr(partners.Parts, "add", full)
    said = cli(*arguments).refused()
    assert "No space left" in said
    assert "go on with --resume" in said
    monkeypatch.setattr(partners.Parts, "add", add)
    assert cli(*arguments, "--resume").code == 0
    assert [int(row["id"]) for row in answers(out)] == list(range(MANY))


def test_a_pipe_is_read_once_and_cannot_be_resumed(cli: Cli, tmp_path: Path, own_list: Path) -> None:
    data = partners_file(tmp_path, "a.xlsx").read_bytes()
    pipe, out = tmp_path / "pipe", tmp_path / "o.jsonl"
    os.mkfifo(pipe)
    arguments = ("screen", pipe, "--out", out, "--list", own_list)
    assert "can't be read again" in cli(*arguments, "--resume").refused()
    writing = threading.Thread(target=pipe.write_bytes, args=(data,))
    writing.start()
    said = cli(*arguments)
    writing.join(10)
    assert said.code == 0, said.err
    assert [row["status"] for row in answers(out)] == STATUS


def test_the_index_of_a_large_list_is_kept_and_opened_again(
    cli: Cli, tmp_path: Path, own_list: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_list_module, "KEEP_FROM", 10)
    own_list.write_text(own_list.read_text("utf-8") + "{broken\n", "utf-8")
    source, out = partners_file(tmp_path, "a.csv"), tmp_path / "o.jsonl"
    arguments = ("screen", source, "--out", out, "--list", own_list)
    first = cli(*arguments)
    (kept,) = (home / "own-lists").iterdir()
    before = out.read_bytes()
    build = own_list_module._build
    monkeypatch.setattr(own_list_module, "_build", lambda *_: pytest.fail("it was built again"))
    again = cli(*arguments)
    assert "List line not used: line 3" in first.out
    assert "List line not used: line 3" in again.out
    assert out.read_bytes() == before
    monkeypatch.setattr(own_list_module, "_build", build)
    for data in kept.glob("index-*.bin"):
        data.write_bytes(data.read_bytes()[:-1])
    assert cli(*arguments).code == 0, "a damaged index is built again"
    assert out.read_bytes() == before


def test_nothing_to_resume_begins_anew_and_says_so(cli: Cli, tmp_path: Path, own_list: Path) -> None:
    source, out = partners_file(tmp_path, "a.csv"), tmp_path / "o.jsonl"
    said = cli("screen", source, "--out", out, "--list", own_list, "--resume")
    assert said.code == 0
    assert "nothing to resume" in said.out
    assert [row["status"] for row in answers(out)] == STATUS


def test_a_worker_that_died_leaves_parts_to_go_on_with(
    cli: Cli, tmp_path: Path, own_list: Path, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o.jsonl"
    mapped = partners.map_batches

    def dying(*arguments: Any, **options: Any) -> Any:
        results = mapped(*arguments, **options | {"processes": 1})
        yield next(results)
        raise WorkerError("a worker process was ended by signal 9", hint="Use fewer")

    monkeypatch.setattr(partners, "map_batches", dying)
    said = cli("screen", many, "--out", out, "--list", own_list, "--processes", "1").refused()
    assert "signal 9" in said
    assert "go on with --resume" in said
    monkeypatch.undo()


def test_an_input_that_breaks_off_leaves_nothing(cli: Cli, tmp_path: Path, own_list: Path, many: Path) -> None:
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(many.read_bytes(), mtime=0)[:-100])
    many.unlink()
    out = tmp_path / "o.jsonl"
    out.write_text("old", "utf-8")
    assert "cut off" in cli("screen", broken, "--out", out, "--list", own_list, "--processes", "1").refused()
    assert out.read_text("utf-8") == "old"
    assert only(tmp_path, "broken.csv.gz", "list.jsonl", "o.jsonl")


def test_parquet_in_parts_on_the_processes_of_this_machine(cli: Cli, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    names = ["SenseTime", "Plain Bakery", None, "Hangzhou Hikvision Digital Technology Co., Ltd."]
    pq.write_table(pa.table({"id": [1, 2, 3, 4], "name": names}), source / "a.parquet")
    said = cli("screen", source, "--engine", "local", "--out", out, "--part-rows", 2)
    assert said.code == 0, said.err
    assert "4 rows screened in" in said.out
    assert "2 with hits, 1 without, 1 rejected" in said.out
    manifest = json.loads((out / "_manifest.json").read_bytes())
    assert [part["rows"] for part in manifest["parts"]] == [2, 2]
    found = pq.read_table(out)
    assert found.column("status").to_pylist() == ["hit", "no_hit", "rejected", "hit"]
    again = cli("screen", source, "--engine", "local", "--out", out, "--part-rows", 2, "--json", "--fail-on-hit")
    assert again.code == 1
    assert (again.json["parts_kept"], again.json["rows_kept"]) == (2, 4)
    assert (
        "not the same options"
        in cli("screen", source, "--engine", "local", "--out", out, "--part-rows", 2, "--limit", 3).refused()
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["--engine", "slurm"], "'slurm' is no engine. Engines: local, dask, ray, spark"),
        (
            ["--engine", "local", "--address", "tcp://x"],
            "--address: the processes of this machine have no address",
        ),
        (["--engine", "local", "--encoding", "cp1252"], "--encoding: PARQUET has no encoding"),
        (["--engine", "local", "--format", "csv"], "--format: an engine reads Parquet"),
        (["--address", "tcp://x"], "--address: this is for work on an engine"),
        (["--engine", "local", "--column", "name=Company"], "--column: this is not for work on an engine"),
        (["--engine", "dask", "--address", "tcp://x", "--processes", "2"], "--processes: the cluster has its own"),
        (["--engine", "local"], "there are no Parquet files here"),
    ],
)
def test_what_an_engine_cant_do_is_told_in_one_line(
    given: list[str], reason: str, cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    assert reason in cli("screen", tmp_path / "in", "--out", tmp_path / "out", *given).refused()


def test_an_empty_word_is_no_folder(cli: Cli, tmp_path: Path) -> None:
    assert "--out: this is empty" in cli("screen", tmp_path, "--engine", "local", "--out", "").refused()
    assert "IN: this is empty" in cli("screen", "", "--engine", "local", "--out", tmp_path).refused()


def test_an_engine_tells_lines_of_the_list_and_files_that_it_could_not_use(cli: Cli, tmp_path: Path) -> None:
    source, listed = tmp_path / "in", tmp_path / "list.jsonl"
    source.mkdir()
    pq.write_table(pa.table({"name": ["Plain Bakery"]}), source / "a.parquet")
    (source / "000000_0").write_bytes(b"")
    listed.write_text('{"id": "1", "name": "Fiktiv Optics", "schema": "Company"}\n{"id": "2"}\n')
    given = ("screen", source, "--engine", "local", "--list", listed, "--out")
    said = cli(*given, tmp_path / "out")
    assert "List line not used: " in said.out
    assert "Not read, because of their names: 1 other file" in said.out
    counted = cli(*given, tmp_path / "out", "--json").json
    assert (counted["list_lines_rejected"], counted["files_passed_over"]) == (1, 1)


@pytest.mark.parametrize("engine", ["dask", "ray", "spark"])
def test_an_engine_that_is_not_installed_is_told_in_one_line(
    engine: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dask", "distributed", "ray", "pyspark"):
        monkeypatch.setitem(sys.modules, name, None)
    said = cli("screen", tmp_path, "--engine", engine, "--out", tmp_path / "out").refused()
    assert f"{engine.capitalize()} can't be used here" in said
    assert f"pip install 'stopship[{engine}]'" in said
