"""How each scheduler is told to run its recipe for one day, by itself and to the end."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.recipes.conftest import Lake

RECIPES = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "recipes"

PREFECT = """\
import json, sys
from prefect_flow import screen_parties
print(screen_parties(**json.loads(sys.argv[1])))
"""
DAGSTER = """\
import json, sys
import dagster as dg
from dagster_assets import Stopship, defs, screened_parties
given = json.loads(sys.argv[1])
day = given.pop("day")
with dg.DagsterInstance.get() as instance:
    about = {"instance": instance, "resources": {"stopship": Stopship(**given)}, "raise_on_error": False}
    done = dg.materialize([screened_parties], partition_key=day, **about)
    for event in done.get_asset_materialization_events():
        print(json.dumps({name: value.value for name, value in event.materialization.metadata.items()}))
sys.exit(not done.success)
"""


@dataclass(frozen=True)
class Scheduler:
    """One of them: the package that must be there, what is done once, how a day is run, and how often it tries."""

    package: str
    prepare: Callable[[Lake], object]
    run: Callable[..., CompletedProcess[str]]
    attempts: int = 4


def place(lake: Lake, recipe: str, pause: str, none: str) -> None:
    """The recipe as it is printed, but for the pause before another attempt, which a test can't wait for."""
    text = (RECIPES / recipe).read_text("utf-8")
    assert pause in text
    (lake.folder / recipe).write_text(text.replace(pause, none), encoding="utf-8")


def prepare_airflow(lake: Lake) -> None:
    place(lake, "airflow_dag.py", "timedelta(minutes=5)", "timedelta(0)")
    lake.environment.update(
        AIRFLOW__CORE__DAGS_FOLDER=str(lake.folder),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{lake.folder}/kept/airflow.db",
    )
    assert lake.run(sys.executable, "-m", "airflow", "db", "migrate").returncode == 0


def run_airflow(lake: Lake, day: str, **given: str) -> CompletedProcess[str]:
    conf = json.dumps({"lake": f"{lake.folder}/lake", **given})
    return lake.run(sys.executable, "-m", "airflow", "dags", "test", "screen_parties", day, "--conf", conf)


def prepare_dagster(lake: Lake) -> None:
    place(lake, "dagster_assets.py", "delay=60", "delay=0")
    (lake.folder / "kept" / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")


def run_dagster(lake: Lake, day: str, **given: str) -> CompletedProcess[str]:
    return lake.run(sys.executable, "-c", DAGSTER, json.dumps({"day": day, **given}))


def prepare_dbt(lake: Lake) -> None:
    shutil.copytree(RECIPES / "dbt", lake.folder / "dbt")


def run_dbt(lake: Lake, day: str, **given: str) -> CompletedProcess[str]:
    pairs = ", ".join(f"{name}: {value}" for name, value in {"day": day, **given}.items())
    return lake.run("dbt", "build", "--project-dir", "dbt", "--profiles-dir", "dbt", "--vars", f"{{{pairs}}}")


def prepare_prefect(lake: Lake) -> None:
    place(lake, "prefect_flow.py", "retry_delay_seconds=60", "retry_delay_seconds=0")


def run_prefect(lake: Lake, day: str, **given: str) -> CompletedProcess[str]:
    return lake.run(sys.executable, "-c", PREFECT, json.dumps({"day": day, **given}))


SCHEDULERS = {
    "airflow": Scheduler("airflow", prepare_airflow, run_airflow),
    "dagster": Scheduler("dagster", prepare_dagster, run_dagster),
    "dbt": Scheduler("dbt", prepare_dbt, run_dbt, attempts=1),  # it tries nothing again by itself
    "prefect": Scheduler("prefect", prepare_prefect, run_prefect),
}
