"""Names screened inside of a DuckDB query."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from stopship.app.notebook import Home
from stopship.errors import SettingsError


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"), clock=lambda: date(2026, 8, 1))


@pytest.fixture(scope="module")
def connection(home: Home) -> duckdb.DuckDBPyConnection:
    found = home.register_duckdb()
    found.execute(
        "CREATE TABLE customers AS SELECT * FROM (VALUES (1, 'Hikvision', 'Company', 'CN'), "
        "(2, 'Muster Maschinenbau GmbH', NULL, 'DE'), (3, NULL, NULL, NULL), (4, '科大讯飞', 'company', NULL)) "
        "t(id, name, kind, country)"
    )
    return found


def test_each_row_has_its_answer_as_screening_a_frame_gives_it(
    home: Home, connection: duckdb.DuckDBPyConnection
) -> None:
    table = connection.sql(
        "SELECT id, UNNEST(stopship_screen(name, kind, country)) FROM customers ORDER BY id"
    ).to_arrow_table()
    frame: Any = connection.sql(
        "SELECT id, name, kind AS schema, country FROM customers ORDER BY id"
    ).to_arrow_table()
    expected = home.screen(frame, progress=False)
    relation: Any = connection.sql("SELECT id, name, kind AS schema, country FROM customers ORDER BY id")
    assert home.screen(relation, progress=False).equals(expected)
    assert table.column("status").to_pylist() == ["hit", "no_hit", "rejected", "hit"]
    best = {name: f"best_{name}" for name in ("score", "entity_id", "program", "source")}
    same = {name: name for name in ("status", "alerts", "reason")}
    for theirs, ours in {**best, **same, "matched_name": "best_name"}.items():
        assert table.column(theirs).to_pylist() == expected.column(ours).to_pylist(), theirs
    ids = [[hit["entity_id"] for hit in hits] for hits in expected.column("hits").to_pylist()]
    assert table.column("entity_ids").to_pylist() == ids


def test_it_filters_joins_and_takes_one_to_three_arguments(connection: duckdb.DuckDBPyConnection) -> None:
    one = connection.sql("SELECT id FROM customers WHERE stopship_screen(name).status = 'hit' ORDER BY id")
    assert one.fetchall() == [(1,), (4,)]
    assert connection.sql("SELECT (stopship_screen('Hikvision', NULL)).status").fetchall() == [("hit",)]
    assert connection.sql("SELECT (stopship_screen(NULL)).status").fetchall() == [("rejected",)]
    assert connection.sql("SELECT (stopship_screen(12345)).status").fetchall() == [("no_hit",)]
    for call in ("stopship_screen('a', 'b', 'c', 'd')", "stopship_score('a')"):
        with pytest.raises(duckdb.Error, match="argument"):
            connection.sql(f"SELECT {call}").fetchall()


def test_many_rows_are_screened_some_thousand_at_once(connection: duckdb.DuckDBPyConnection) -> None:
    names = pa.table({"name": ["Hikvision" if n % 1000 == 7 else f"Muster {n} GmbH" for n in range(6000)]})  # noqa: F841
    found = connection.sql("SELECT stopship_screen(name).status AS s, count(*) FROM names GROUP BY s ORDER BY s")
    assert found.fetchall() == [("hit", 6), ("no_hit", 5994)]


def test_two_names_are_compared(home: Home, connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.sql(
        "SELECT stopship_score('Hikvison', 'Hikvision'), stopship_score('Ivan Petrov', 'Petrov Ivan', 'Person'), "
        "stopship_score(NULL, 'x'), stopship_score('x', '!')"
    ).fetchall()[0]
    assert row[0] == home.compare("Hikvison", "Hikvision").score
    assert row[1] == home.compare("Ivan Petrov", "Petrov Ivan", schema="Person").score
    assert row[2:] == (None, None)


def test_registering_again_replaces_the_functions(home: Home) -> None:
    with duckdb.connect() as own:
        assert home.register_duckdb(own) is own
        assert own.sql("SELECT stopship_screen('Muster').entity_ids").fetchall() == [([],)]
        home.register_duckdb(own, min_score=0, limit=2)
        row = own.sql("SELECT stopship_screen('Xinjiang Public Security Bureau').entity_ids").fetchall()[0]
        assert len(row[0]) == 2


def test_without_duckdb_one_line_says_how_to_install_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(SettingsError, match=r"not installed.*stopship\[duckdb\]"):
        home.register_duckdb()
