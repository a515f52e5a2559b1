"""What every recipe keeps: a day is screened, again it changes nothing, and what fails is seen to fail."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest
from tests.recipes.conftest import LISTED, Lake
from tests.recipes.schedulers import Scheduler

pytestmark = pytest.mark.recipes

OTHERS = ["Kadelo Trading", "Mirabu Optics", ""]
COUNTS = {"rows": 6, "hit": 3, "no_hit": 2, "rejected": 1}


def only(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("scheduler", [name], indirect=True)


def test_a_day_is_screened_and_again_keeps_all_parts(scheduler: Scheduler, lake: Lake) -> None:
    day = "2026-01-02"
    lake.put(day, first=[LISTED[0], *OTHERS], second=list(LISTED[1:]))
    assert scheduler.run(lake, day).returncode == 0
    assert lake.counts(day) == COUNTS
    parts = lake.parts(day)
    assert len(parts) == 2
    manifest = (lake.screened(day) / "_manifest.json").read_bytes()
    assert scheduler.run(lake, day).returncode == 0
    assert len(lake.calls(day)) == 2
    assert lake.parts(day) == parts
    assert (lake.screened(day) / "_manifest.json").read_bytes() == manifest


def test_an_input_that_is_damaged_makes_the_run_fail(scheduler: Scheduler, lake: Lake) -> None:
    day = "2026-01-03"
    (lake.put(day, first=list(LISTED)) / "second.parquet").write_text("damaged")
    done = scheduler.run(lake, day)
    assert done.returncode != 0
    assert "cut off or damaged" in done.stdout, "the log does not say why"
    assert not (lake.screened(day) / "_manifest.json").exists()
    assert len(lake.calls(day)) == scheduler.attempts


def test_an_attempt_that_failed_is_made_again(scheduler: Scheduler, lake: Lake) -> None:
    day = "2026-01-04"
    lake.put(day, first=list(LISTED))
    (lake.folder / "fail-once").touch()
    done = scheduler.run(lake, day)
    if scheduler.attempts == 1:
        assert done.returncode != 0
        done = scheduler.run(lake, day)
    assert done.returncode == 0
    assert len(lake.calls(day)) == 2
    assert lake.counts(day)["hit"] == 3


def test_engine_and_address_are_handed_on(scheduler: Scheduler, lake: Lake) -> None:
    """Whether the engine then does it is held by the engines' own tests."""
    day = "2026-01-05"
    (lake.folder / "fail").touch()
    try:
        done = scheduler.run(lake, day, engine="dask", address="tcp://127.0.0.1:8786")
    finally:
        (lake.folder / "fail").unlink()
    assert done.returncode != 0
    assert len(lake.calls(day)) == scheduler.attempts
    for call in lake.calls(day):
        assert "--engine dask" in call
        assert "--address tcp://127.0.0.1:8786" in call


@only("dagster")
def test_dagster_shows_the_counts_of_the_manifest(scheduler: Scheduler, lake: Lake) -> None:
    day = "2026-01-06"
    lake.put(day, first=[*LISTED, *OTHERS])
    shown = json.loads(scheduler.run(lake, day).stdout.splitlines()[-1])
    assert {name: shown[name] for name in COUNTS} == COUNTS
    assert shown["folder"] == f"lake/screened/{day}"


@only("dagster")
def test_dagster_plans_a_day_when_it_is_over(scheduler: Scheduler, lake: Lake) -> None:
    read = """if True:
        from datetime import UTC, datetime
        import dagster as dg
        from dagster_assets import defs
        at = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 1, 3, 1, tzinfo=UTC))
        planned = defs.resolve_schedule_def("screen_parties_schedule").evaluate_tick(at).run_requests
        print([run.partition_key for run in planned])
    """
    assert lake.run(sys.executable, "-c", read).stdout.splitlines()[-1] == "['2026-01-02']"


@only("dbt")
def test_dbt_makes_a_table_of_counts_and_one_of_alerts(scheduler: Scheduler, lake: Lake) -> None:
    days = ("2026-01-06", "2026-01-07")
    for day in (*days, days[0]):
        if not (lake.folder / "lake" / "parties" / day).exists():
            lake.put(day, first=[*LISTED, *OTHERS])
        done = scheduler.run(lake, day)
        assert done.returncode == 0
        assert "PASS not_null_alerts_status" in done.stdout
    read = """if True:
        import duckdb
        base = duckdb.connect("screening.duckdb")
        since = "where day >= '2026-01-06' order by"
        print(base.sql(f"select day::text, rows, hit, no_hit, rejected from screened {since} day").fetchall())
        print(base.sql(f"select day::text, name, status from alerts {since} day, name").fetchall())
    """
    counts, alerts = lake.run(sys.executable, "-c", read).stdout.splitlines()
    assert counts == str([(day, *COUNTS.values()) for day in days])
    assert alerts == str([(day, name, "hit") for day in days for name in sorted(LISTED)])


@only("dbt")
def test_dbt_goes_on_with_what_failed(scheduler: Scheduler, lake: Lake) -> None:
    day = "2026-01-08"
    lake.put(day, first=list(LISTED))
    (lake.folder / "fail-once").touch()
    assert scheduler.run(lake, day).returncode != 0
    assert lake.run("dbt", "retry", "--project-dir", "dbt", "--profiles-dir", "dbt").returncode == 0
    assert lake.counts(day)["hit"] == 3


@only("dbt")
def test_dbt_is_told_the_day_or_does_nothing(scheduler: Scheduler, lake: Lake) -> None:
    done = lake.run("dbt", "build", "--project-dir", "dbt", "--profiles-dir", "dbt")
    assert done.returncode != 0
    assert "'day'" in done.stdout


@only("prefect")
def test_prefect_screens_the_day_before_when_it_is_told_none(scheduler: Scheduler, lake: Lake) -> None:
    before = datetime.now(UTC).date()
    days = [(before + timedelta(days=ahead)).isoformat() for ahead in (-1, 0)]  # it may be midnight meanwhile
    for day in days:
        lake.put(day, first=list(LISTED))
    assert scheduler.run(lake, "").returncode == 0
    after = datetime.now(UTC).date()
    done = [day for day in days if lake.screened(day).exists()]
    assert len(done) == 1
    assert done[0] in {(day - timedelta(days=1)).isoformat() for day in (before, after)}


@only("airflow")
def test_airflow_plans_a_day_when_it_is_over(scheduler: Scheduler, lake: Lake) -> None:
    """With "@daily" alone it would be planned when it begins, with nothing there yet."""
    airflow = (sys.executable, "-m", "airflow", "dags")
    assert lake.run(*airflow, "reserialize").returncode == 0
    table = lake.run(*airflow, "next-execution", "screen_parties", "--table").stdout
    last = next(line for line in reversed(table.splitlines()) if line.strip())
    day, *_, planned = (datetime.fromisoformat(cell.strip()) for cell in last.split("|"))
    assert planned - day == timedelta(days=1)
