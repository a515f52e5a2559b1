"""An ERP hands over the orders of a night: each is answered, none is lost, and a killed run goes on."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.journeys.conftest import Cli

from stopship.app.orders import output
from stopship.app.orders.batch import OrderBatch
from stopship.app.workspace import Workspace
from stopship.bulk.parts import Parts
from stopship.errors import StateError
from stopship.screening import Screener

DAY = "2026-08-01"
HIKVISION = {
    "destination": "CN",
    "parties": [{"role": "end_user", "name": "Hikvision", "country": "CN"}],
    "items": [{"eccn": "6A993"}],
}
Orders = Callable[..., Path]


def sale(number: int) -> dict[str, Any]:
    """An order of nobody on any list, told from others by its number."""
    parties = [{"role": "purchaser", "name": f"Muster Maschinenbau {number} GmbH", "country": "DE"}]
    return {"id": f"SO-{number}", "destination": "DE", "parties": parties, "items": [{"eccn": "EAR99"}]}


@pytest.fixture
def orders(tmp_path: Path) -> Orders:
    """Write lines (bytes as they are, anything else as JSON) to a file and return its path."""

    def write(*lines: Any, name: str = "orders.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(x if isinstance(x, bytes) else json.dumps(x).encode() + b"\n" for x in lines))
        return path

    return write


@pytest.fixture
def official(cli: Cli, tmp_path: Path) -> Path:
    """A home with a small official list in use, so that orders can be clear; the list file."""
    from tests.journeys.test_lists import ROWS, csl

    path = tmp_path / "consolidated.csv"
    path.write_bytes(csl(*ROWS))
    assert cli("lists", "import", "us_csl", path, "--published", "2026-07-31", "--accept").code == 0
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_each_order_is_decided_as_it_is_alone_to_the_byte(
    cli: Cli, orders: Orders, order: Callable[[Any], Path], tmp_path: Path
) -> None:
    dated = {**HIKVISION, "date": "2019-10-08"}
    many = [HIKVISION, sale(1), dated, {**HIKVISION, "id": 4711}]
    out = tmp_path / "out.jsonl"
    said = cli("check", orders(*many), "--out", out)
    assert said.code == 1, said.err
    lines = out.read_bytes().splitlines()
    assert len(lines) == len(many)
    for number, (plain, line) in enumerate(zip(many, lines, strict=True), start=1):
        head: dict[str, Any] = {"line": number}
        alone = dict(plain)
        if "id" in alone:
            head["id"] = alone.pop("id")
        printed = cli("check", order(alone), "--json").out
        plain_alone = json.dumps(json.loads(printed), ensure_ascii=False, separators=(",", ":"))
        prefix = json.dumps(head, separators=(",", ":"))[:-1] + ","
        assert line.decode() == prefix + plain_alone[1:]
    assert [row["outcome"] for row in rows(out)] == [
        "license_required", "indeterminate", "indeterminate", "license_required",
    ]  # fmt: skip


def test_bad_lines_are_rejected_with_number_and_reason_and_cost_no_other_line(
    cli: Cli, orders: Orders, tmp_path: Path
) -> None:
    bad: list[tuple[Any, str]] = [
        (b"not json\n", "not JSON"),
        (b"\n", "empty"),
        ({"id": "SO-9", "parties": [{"role": "buyer", "name": "A"}]}, "parties[0].role: 'buyer' is not a role"),
        ({"parties": [{"role": "bank", "name": "A"}], "colour": "red"}, "unknown field 'colour'"),
        ([HIKVISION], "expected fields"),
        (b'{"parties": "M\xfcller"}\n', "not UTF-8"),
        (b'{"id": {"a": 1}, "parties": []}\n', "id"),
        (b'{"parties": [{"role": "bank", "name": "A\\ud800"}]}\n', "not Unicode"),
        (b'{"id": "\\ud800", "parties": []}\n', "the id can't be written"),
        ({"parties": [{"role": "bank", "name": "A"}], "facts": {"moon.full": True}}, "no rule knows this fact"),
        (b'{"parties": [' + b" " * 5_000_000 + b"]}\n", "too many for one order"),
    ]
    lines = [line for problem, _words in bad for line in (problem, HIKVISION)]
    out, stats = tmp_path / "out.jsonl", tmp_path / "stats.json"
    said = cli("check", orders(*lines), "--out", out, "--stats", stats, "--as-of", DAY)
    assert said.code == 1, said.err
    answered = rows(out)
    assert [row["line"] for row in answered] == list(range(1, len(lines) + 1))
    for row, (_line, words) in zip(answered[::2], bad, strict=True):
        assert row["status"] == "rejected"
        assert words in row["reason"]
        assert "outcome" not in row
    assert answered[4]["id"] == "SO-9"
    assert {row["outcome"] for row in answered[1::2]} == {"license_required"}
    assert len({json.dumps({**row, "line": 0}) for row in answered[1::2]}) == 1
    counts = json.loads(stats.read_text())
    assert counts["orders"] == len(lines)
    assert counts["rejected"] == sum(counts["reject_reasons"].values()) == len(bad)
    assert counts["outcomes"]["license_required"] == len(bad)
    assert counts["faults"] == 0
    assert f"{len(bad)}  rejected, not decided" in said.out


def test_exit_code_0_is_for_a_file_in_which_all_is_clear(
    cli: Cli, official: Path, orders: Orders, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    clear = [sale(n) for n in range(3)]
    assert cli("check", orders(*clear, b"\n\n"), "--out", out, "--as-of", DAY).code == 0
    assert [row["outcome"] for row in rows(out)] == ["clear"] * 3
    assert cli("check", orders(*clear, HIKVISION | {"destination": "DE"}), "--out", out, "--as-of", DAY).code == 0
    listed = {**sale(4), "parties": [{"role": "bank", "name": "Musterhafen Shipping LLC"}]}
    assert cli("check", orders(*clear, listed), "--out", out, "--as-of", DAY).code == 1
    assert cli("check", orders(*clear, b"{\n"), "--out", out, "--as-of", DAY).code == 1
    # The list is stale by then, which no order of the file may hide.
    assert cli("check", orders(*clear), "--out", out, "--as-of", "2027-08-01").code == 1
    said = cli("check", orders(*clear), "--out", out, "--as-of", "2027-08-01", "--allow-stale", "test", "--json")
    assert (said.code, said.json["outcomes"]["clear"]) == (0, 3)


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_packed_input_and_output(cli: Cli, orders: Orders, tmp_path: Path, packing: str) -> None:
    many = [sale(n) for n in range(20)]
    plain = orders(*many)
    expected = tmp_path / "expected.jsonl"
    cli("check", plain, "--out", expected, "--as-of", DAY)
    packed = tmp_path / f"orders.jsonl{packing}"
    codec = {".gz": "gzip", ".zst": "zstd"}[packing]
    with pa.CompressedOutputStream(str(packed), codec) as stream:
        stream.write(plain.read_bytes())
    out = tmp_path / f"out.jsonl{packing}"
    assert cli("check", packed, "--out", out, "--as-of", DAY).code == 1
    with pa.CompressedInputStream(str(out), codec) as stream:
        assert stream.read() == expected.read_bytes()
    once = out.read_bytes()
    cli("check", packed, "--out", out, "--as-of", DAY)
    assert out.read_bytes() == once
    packed.write_bytes(packed.read_bytes()[:-9])
    assert "cut off" in cli("check", packed, "--out", tmp_path / "new.jsonl", "--as-of", DAY).refused()
    assert not list(tmp_path.glob("new*"))


def test_orders_from_stdin(home: Path, tmp_path: Path, orders: Orders) -> None:
    command = [sys.executable, "-m", "stopship", "--home", str(home), "check", "-", "--as-of", DAY]
    out = tmp_path / "out.jsonl"
    for data in (
        orders(HIKVISION, sale(1)).read_bytes(),
        gzip.compress(orders(HIKVISION, sale(1)).read_bytes(), mtime=0),
    ):
        done = subprocess.run([*command, "--out", str(out)], input=data, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (1, b"")
        assert [row["outcome"] for row in rows(out)] == ["license_required", "indeterminate"]
    done = subprocess.run([*command, "--out", str(out)], input=b"", capture_output=True, check=False)
    assert done.returncode == 2
    assert b"no order" in done.stderr
    assert [row["line"] for row in rows(out)] == [1, 2], "what was there stays"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_orders_from_a_pipe_are_read_once(cli: Cli, orders: Orders, tmp_path: Path) -> None:
    """`stopship check <(erp export) --out OUT.jsonl`"""
    pipe, out = tmp_path / "pipe", tmp_path / "out.jsonl"
    os.mkfifo(pipe)
    data = orders(HIKVISION, sale(1)).read_bytes()
    with ThreadPoolExecutor(1) as other:
        written = other.submit(pipe.write_bytes, data)
        said = cli("check", pipe, "--out", out, "--as-of", DAY)
        assert (said.code, written.result()) == (1, len(data)), said.err
    assert [row["line"] for row in rows(out)] == [1, 2]


def test_wrong_calls_are_refused_in_one_line(cli: Cli, orders: Orders, order: Any, tmp_path: Path) -> None:
    many, one, out = orders(HIKVISION), order(HIKVISION), tmp_path / "out.jsonl"
    assert "--out OUT.jsonl" in cli("check", many).refused()
    assert "--out OUT.jsonl" in cli("check", "-").refused()
    assert "--out is for files of many orders" in cli("check", one, "--out", out).refused()
    assert "--out is for files of many orders" in cli("check", "--party", "bank=A", "--out", out).refused()
    assert "exclude each other" in cli("check", many, "--to", "CN", "--out", out).refused()
    assert "Give --out too" in cli("check", one, "--resume").refused()
    assert "End the name in .jsonl" in cli("check", many, "--out", tmp_path / "out.csv").refused()
    assert "replace the input" in cli("check", many, "--out", many).refused()
    assert "no such folder" in cli("check", many, "--out", tmp_path / "none" / "out.jsonl").refused()
    assert "no such file" in cli("check", tmp_path / "none.jsonl", "--out", out).refused()
    assert "no order" in cli("check", orders(b"\n \n"), "--out", out).refused()
    assert "Office" in cli("check", orders(b"PK\x03\x04..."), "--out", out).refused()
    assert "UTF-16" in cli("check", orders("{}\n".encode("utf-16")), "--out", out).refused()
    assert "--processes" in cli("check", many, "--out", out, "--processes", "0").refused()
    assert not out.exists()
    assert not list(tmp_path.glob("*.part*"))


# --- interrupted and resumed ----------------------------------------------------------------------------


@pytest.fixture
def batch(home: Path, tmp_path: Path) -> Callable[..., OrderBatch]:
    from datetime import date

    def make(source: Path, **options: Any) -> OrderBatch:
        space = Workspace(home, today=options.pop("today", date(2026, 8, 1)))
        return OrderBatch(source, tmp_path / "out.jsonl", space, **{"processes": 1, **options})

    return make


def interrupt_at(wanted: int) -> Callable[[int], None]:
    def progress(done: int) -> None:
        if done >= wanted:
            raise KeyboardInterrupt

    return progress


def test_ctrl_c_keeps_what_was_finished_and_resume_goes_on(
    cli: Cli, orders: Orders, batch: Callable[..., OrderBatch], tmp_path: Path
) -> None:
    many = orders(*(b"bad\n" if n % 7 == 3 else sale(n) for n in range(120)))
    with batch(many) as whole:
        whole.run()
    expected = (tmp_path / "out.jsonl").read_bytes()
    (tmp_path / "out.jsonl").unlink()
    for wanted in (1, 40, 41, 100):
        with batch(many, resume=True) as run, pytest.raises(Exception, match="--resume"):
            run.run(interrupt_at(wanted))
        assert not (tmp_path / "out.jsonl").exists()
        # What a kill had written and not noted never happened.
        (tmp_path / "out.jsonl.parts" / "part-0000009").write_bytes(b'{"line": 999, half a li')
    seen: list[int] = []
    with batch(many, resume=True) as run:
        assert run.done >= 100
        counts = run.run(seen.append)
    assert min(seen) > 100
    assert (tmp_path / "out.jsonl").read_bytes() == expected
    assert (counts.orders, counts.tally.rejected) == (120, 17)
    assert counts.resumed >= 100
    assert not list(tmp_path.glob("*.part*"))


def test_resume_is_refused_where_anything_differs(
    cli: Cli, orders: Orders, official: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    from stopship.cli import options

    many = [sale(n) for n in range(40)]
    source, out = orders(*many), tmp_path / "out.jsonl"
    monkeypatch.setattr(options, "today", lambda: date(2026, 8, 1))
    space = Workspace(home, today=date(2026, 8, 1))
    with OrderBatch(source, out, space, processes=1) as run, pytest.raises(Exception, match="--resume"):
        run.run(interrupt_at(20))
    check = ("check", source, "--out", out, "--resume")
    assert "not the same date" in cli(*check, "--as-of", DAY).refused()
    assert "not the same settings" in cli(*check, "--allow-stale", "because").refused()
    orders(*many, sale(99))
    assert "not the same input" in cli(*check).refused()
    orders(*many)
    monkeypatch.setattr(options, "today", lambda: date(2026, 8, 2))
    line = cli(*check).refused()
    assert "not the same date" in line
    assert "delete the folder to start anew" in line
    monkeypatch.setattr(options, "today", lambda: date(2026, 8, 1))
    state = tmp_path / "out.jsonl.parts" / "manifest.json"
    good = state.read_bytes()
    for key in ("rulebook", "version"):
        other = json.loads(good)
        other["identity"][key] = "another"
        state.write_text(json.dumps(other), "utf-8")
        assert f"not the same {key}" in cli(*check).refused()
    state.write_bytes(good)
    official.write_bytes(official.read_bytes().replace(b"PRIMER", b"ANDER"))
    assert cli("lists", "import", "us_csl", official, "--published", "2026-08-01", "--accept").code == 0
    assert "not the same lists" in cli(*check).refused()
    assert not out.exists()
    assert "finished parts of an interrupted run are there" in cli(*check[:-1]).refused()
    shutil.rmtree(tmp_path / "out.jsonl.parts")
    said = cli(*check)
    assert (said.code, said.err) == (0, "stopship: there was nothing to resume: began anew\n")
    assert len(rows(out)) == 40
    assert not list(tmp_path.glob("*.part*"))


def test_a_damaged_part_is_made_again(
    orders: Orders, batch: Callable[..., OrderBatch], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "EVERY", 0)
    source = orders(*(sale(n) for n in range(70)))
    with batch(source) as whole:
        whole.run()
    expected = (tmp_path / "out.jsonl").read_bytes()
    for damaged in range(3):
        (tmp_path / "out.jsonl").unlink()
        with batch(source) as run, pytest.raises(Exception, match="--resume"):
            run.run(interrupt_at(48))
        part = tmp_path / "out.jsonl.parts" / f"part-000000{damaged}"
        part.write_bytes(part.read_bytes()[:-1])
        with batch(source, resume=True) as run:
            assert run.done == 16 * damaged
            counts = run.run()
        assert (tmp_path / "out.jsonl").read_bytes() == expected
        assert counts.orders == 70


def test_a_full_disk_keeps_what_was_finished(
    orders: Orders, batch: Callable[..., OrderBatch], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "EVERY", 0)
    source = orders(*(sale(n) for n in range(70)))
    add, replace = Parts.add, Path.replace

    def full(self: Parts, number: int, *rest: Any) -> None:
        if number == 2:
            raise OSError(28, "No space left on device")
        add(self, number, *rest)

    monkeypatch.setattr(Parts, "add", full)
    with batch(source) as run, pytest.raises(StateError, match=r"No space left on device.*--resume"):
        run.run()
    monkeypatch.setattr(Parts, "add", add)

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "out.jsonl":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with batch(source, resume=True) as run, pytest.raises(StateError, match=r"No space left on device.*--resume"):
        assert run.done == 32
        run.run()
    monkeypatch.setattr(Path, "replace", replace)
    with batch(source, resume=True) as run:
        assert run.done == 70
        assert run.run().orders == 70
    assert [row["line"] for row in rows(tmp_path / "out.jsonl")] == list(range(1, 71))


def test_an_order_that_we_stumble_over_costs_no_other_one_its_answer(
    cli: Cli, orders: Orders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screener.screen

    def stumble(self: Screener, transaction: Any, **rest: Any) -> Any:
        if "13" in transaction.parties[0].name:
            raise ZeroDivisionError("division by zero")
        return screen(self, transaction, **rest)

    monkeypatch.setattr(Screener, "screen", stumble)
    out = tmp_path / "out.jsonl"
    said = cli("check", orders(*(sale(n) for n in (12, 13, 14))), "--out", out, "--json")
    assert (said.code, said.json["faults"], said.json["rejected"]) == (1, 1, 1)
    answered = rows(out)
    reason = "a fault of ours: ZeroDivisionError: division by zero"
    assert answered[1] == {"line": 2, "id": "SO-13", "status": "rejected", "reason": reason}
    assert [row.get("outcome") for row in answered] == ["indeterminate", None, "indeterminate"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_ctrl_c_at_a_terminal_is_one_line(home: Path, orders: Orders, tmp_path: Path) -> None:
    """Ctrl-C goes to all processes of the command at once."""
    source = orders(*({**HIKVISION, "id": n} for n in range(5000)))
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "stopship", "--home", str(home), "check", str(source), "--as-of", DAY]
    command += ["--out", str(out), "--processes", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    while not list((tmp_path / "out.jsonl.parts").glob("part-*.json")) and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said, err = process.communicate(timeout=60)
    assert (process.returncode, said) == (2, ""), err
    assert len(err.splitlines()) == 1, err
    assert "interrupted after line" in err
    assert "--resume" in err
    assert orphans(process.pid) == []
    assert not out.exists()


def test_two_runs_do_not_write_one_output(orders: Orders, batch: Callable[..., OrderBatch]) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such lock")
    source = orders(sale(1))
    with batch(source), pytest.raises(Exception, match="another run works here"):
        batch(source)


def test_a_list_that_is_imported_meanwhile_ends_the_run(
    cli: Cli, official: Path, orders: Orders, home: Path, tmp_path: Path
) -> None:
    from datetime import date

    source = orders(*({**sale(n), "date": f"2026-0{1 + n // 20}-01"} for n in range(60)))
    space = Workspace(home, today=date(2026, 8, 1))
    official.write_bytes(official.read_bytes().replace(b"PRIMER", b"ANDER"))

    def import_it(done: int) -> None:
        if done == 16:
            assert cli("lists", "import", "us_csl", official, "--published", "2026-02-01", "--accept").code == 0

    with (
        OrderBatch(source, tmp_path / "out.jsonl", space, processes=1) as run,
        pytest.raises(Exception, match="a list was imported"),
    ):
        run.run(import_it)


@pytest.mark.slow
def test_processes_give_the_same_bytes_and_survive_kills(home: Path, orders: Orders, tmp_path: Path) -> None:
    """Killed hard again and again, resumed each time: the same bytes as one run in one process."""
    source = orders(*(b"bad\n" if n % 50 == 3 else {**HIKVISION, "id": n} for n in range(640)))
    out, expected = tmp_path / "out.jsonl", tmp_path / "expected.jsonl"
    command = [sys.executable, "-m", "stopship", "--home", str(home), "check", str(source), "--as-of", DAY]
    done = subprocess.run([*command, "--out", str(expected), "--processes", "1"], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    state = tmp_path / "out.jsonl.parts"
    kills = 0
    while not out.exists():
        before = len(list(state.glob("*.json")))
        process = subprocess.Popen(
            [*command, "--out", str(out), "--processes", "2", "--resume"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if kills < 2 and len(list(state.glob("*.json"))) > before + 1 - (before > 0):
                process.send_signal(signal.SIGKILL)
                kills += 1
                break
            time.sleep(0.01)
        _out, err = process.communicate(timeout=60)
        assert process.returncode in (1, -signal.SIGKILL), err
        assert orphans(process.pid) == [], "the workers of a run that was killed end"
    assert kills
    assert out.read_bytes() == expected.read_bytes()


def orphans(session: int) -> list[int]:
    """Processes of a session that still run; waits a little for them."""
    found: list[int] = []
    for _ in range(100):
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[3]) == session and words[0] != "Z" and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        if not found:
            return []
        time.sleep(0.05)
    return found
