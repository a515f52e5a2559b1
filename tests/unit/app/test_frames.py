"""Frames come back as what they were, each row with its answer."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from stopship.app.frame_screen import ADDED
from stopship.app.notebook import Home
from stopship.errors import SettingsError, TableError

ROWS: dict[str, list[Any]] = {
    "id": [7, 8, 9, 10],
    "Name": ["Hikvision", "Muster Maschinenbau GmbH", None, "iFLYTEK Co., Ltd."],
    "country": ["CN", "DE", None, "China"],
    "turnover": [1.5, None, 3.0, 4.0],
}
STATUS = ["hit", "no_hit", "rejected", "hit"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"), clock=lambda: date(2026, 8, 1))


def texts(column: Any) -> list[Any]:
    return [value if isinstance(value, str) else None for value in column]


def test_a_pandas_frame_keeps_its_rows_its_index_and_its_types(home: Home) -> None:
    frame = pd.DataFrame(ROWS, index=[40, 30, 20, 20]).astype({"country": "category"})
    before = frame.copy(deep=True)
    found = home.screen(frame, progress=False)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(found[list(frame.columns)], frame)
    assert list(found.columns) == [*frame.columns, *ADDED]
    assert list(found["status"]) == STATUS
    assert texts(found["best_name"])[0] == "Hikvision"
    assert texts(found["best_program"]) == ["us.el", None, None, "us.el"]
    assert texts(found["best_source"]) == ["starter", None, None, "starter"]
    assert found["best_score"].iloc[0] > 0.9
    assert found["best_score"].isna().tolist() == [False, True, True, False]
    assert found["hits"].iloc[0][0]["entity_id"] == found["best_entity_id"].iloc[0]
    assert found["reason"].iloc[2] == "the row has neither a name nor an address"
    assert list(found.loc[40, ["alerts", "hits_total"]]) == [1, 1]


def test_a_polars_frame_and_arrow_tables_come_back_as_what_they_were(home: Home) -> None:
    frame = pl.DataFrame(ROWS)
    found = home.screen(frame, progress=False)
    assert isinstance(found, pl.DataFrame)
    assert found.select(frame.columns).equals(frame)
    assert found["status"].to_list() == STATUS
    table = pa.table(ROWS)
    for given in (table, table.to_batches()[0], table.to_reader(), _Stream(table)):
        result: Any = home.screen(given, progress=False)
        assert isinstance(result, pa.Table)
        assert result.select(table.column_names).equals(table)
        assert result.column("status").to_pylist() == STATUS
        assert result.column_names == [*table.column_names, *ADDED]
    assert found.select(ADDED).to_arrow().to_pylist() == result.select(list(ADDED)).to_pylist()


class _Stream:
    """An object of any library that speaks Arrow."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def test_columns_are_named_by_the_caller_where_they_are_called_otherwise(home: Home) -> None:
    frame = pd.DataFrame(
        {"Kunde": ["Hikvision"], "name": ["Ansprechpartner"], "Land": ["CN"], "status": ["aktiv"]}
    )
    found = home.screen(frame, columns={"name": "Kunde", "country": "Land"}, progress=False)
    assert list(found.columns) == ["Kunde", "name", "Land", "input_status", *ADDED]
    assert (found["status"].iloc[0], found["input_status"].iloc[0]) == ("hit", "aktiv")
    odd = pd.DataFrame({0: ["Hikvision", 5, None], "when": [1, "2", 3.5]})
    assert list(home.screen(odd, columns={"name": 0}, progress=False)["status"]) == ["hit", "no_hit", "rejected"]


def test_special_categories_are_never_read_and_said_so(home: Home) -> None:
    frame = pl.DataFrame({"name": ["Hikvision"], "religion": ["x"]})
    with pytest.warns(UserWarning, match="never read.*religion"):
        found = home.screen(frame, progress=False)
    assert found.columns == ["name", *ADDED]
    with pytest.raises(SettingsError, match="special-category"):
        home.screen(frame, columns={"name": "religion"})


def test_empty_frames_and_many_batches(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for empty in (
        pd.DataFrame({"name": []}),
        pl.DataFrame({"name": []}),
        pa.table({"name": pa.array([], "string")}),
    ):
        found: Any = home.screen(empty, progress=False)
        assert len(found) == 0
        assert list(getattr(found, "column_names", None) or found.columns) == ["name", *ADDED]
    monkeypatch.setattr("stopship.app.frame_screen.BATCH_ROWS", 3)
    told: list[tuple[int, int]] = []
    frame = pd.DataFrame({"name": ["Muster GmbH", "Hikvision", "", "Hikvision", None, "x", "iFLYTEK"]})
    found = home.screen(frame, progress=lambda rows, hits: told.append((rows, hits)))
    assert list(found["status"]) == ["no_hit", "hit", "rejected", "hit", "rejected", "no_hit", "hit"]
    assert told == [(3, 1), (6, 2), (7, 3)]


def test_progress_is_shown_on_a_terminal_and_in_a_notebook(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("stopship.app.frame_screen.BATCH_ROWS", 2)
    frame = pa.table({"name": ["Muster GmbH", "Hikvision", "x", "y", "z"]})
    expected = home.screen(frame)
    assert capsys.readouterr().err == "", "there is no terminal here"
    assert home.screen(frame, progress=True).equals(expected)
    assert "screened 5 of 5" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    monkeypatch.setattr("stopship.app.frame_screen.find_spec", lambda _name: None)
    assert home.screen(frame, progress=None).equals(expected)
    told = capsys.readouterr().err
    assert "screened 5 of 5" in told
    assert told.endswith("1 with hits   \n")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert home.screen(frame).equals(expected)
    assert "screening" in capsys.readouterr().err, "the bar of a terminal"


def test_what_is_no_frame_or_has_no_names_is_refused_in_one_line(home: Home) -> None:
    wrong: list[tuple[Any, str]] = [
        (["Hikvision"], "list is not a frame"),
        (pl.LazyFrame({"name": ["a"]}), "collect"),
        (pd.DataFrame({"a": [1]}), r"no column 'name'.*columns=\{'name'.*Found: a"),
        (pd.DataFrame([[1, 2]], columns=["name", "Name"]), "stands twice"),
        (pd.DataFrame([[1, 2]], columns=["name", "name"]), "stands twice"),
        (pd.DataFrame({"name": [{"a": 1}]}), "not text"),
    ]
    for given, words in wrong:
        with pytest.raises(TableError, match=words) as caught:
            home.screen(given)
        assert "\n" not in str(caught.value)
    frame = pd.DataFrame({"name": ["a"]})
    for options, words in (
        ({"columns": {"nme": "name"}}, "'nme' is not read"),
        ({"columns": {"country": "land"}}, "no column 'land'"),
        ({"min_score": 2}, "not a score"),
        ({"limit": 0}, "too few"),
        ({"as_of": "soon"}, "as_of"),
    ):
        with pytest.raises((SettingsError, TableError), match=words):
            home.screen(frame, **options)


@pytest.mark.slow
def test_processes_answer_as_one_does_also_from_a_script_without_a_guard(tmp_path: Path) -> None:
    """A script whose every line runs again in a process that imports it would start processes without end."""
    script = tmp_path / "script.py"
    script.write_text(
        "import stopship, pyarrow as pa\n"
        f"home = stopship.open({str(tmp_path / 'home')!r})\n"
        "names = ['Hikvision', 'Muster GmbH', None] * 1000\n"
        "one = home.screen(pa.table({'name': names}), processes=1)\n"
        "two = home.screen(pa.table({'name': names}), processes=2)\n"
        "assert one.equals(two)\n"
        "print(one.column('status').to_pylist().count('hit'))\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1000\n", "")


def test_importing_stopship_loads_nothing_heavy_and_arrow_needs_neither_pandas_nor_polars(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, stopship\n"
        "print([m for m in sys.modules if m.startswith('stopship.')])\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in ('pandas', 'polars', 'duckdb'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import pyarrow as pa\n"
        "print(stopship.open('none').screen(pa.table({'name': ['Hikvision']})).column('status').to_pylist())\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("['stopship.version']\n['hit']\n", "")
