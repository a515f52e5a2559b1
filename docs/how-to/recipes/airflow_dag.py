"""Airflow 3: the parties of each day are screened when the day is over."""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, CronDataIntervalTimetable

with DAG(
    dag_id="screen_parties",
    # With "@daily" alone the day of Airflow 3 (`ds`) is the one that begins; here it is the one that ended.
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
    # A folder that all workers see, or a URL. On a cluster: engine "dask", address "tcp://scheduler:8786"
    params={"lake": "/srv/lake", "engine": "local", "address": ""},
):
    BashOperator(
        task_id="screen",
        # Any exit code but 0 fails the task. Hits are no failure: with them, too, it is 0.
        bash_command='stopship screen "$LAKE/parties/$DAY" --engine "$ENGINE" '
        '${ADDRESS:+--address "$ADDRESS"} --out "$LAKE/screened/$DAY"',
        # By the environment, so that the shell reads none of it as a command.
        env={
            "DAY": "{{ ds }}",
            "LAKE": "{{ params.lake }}",
            "ENGINE": "{{ params.engine }}",
            "ADDRESS": "{{ params.address }}",
        },
        append_env=True,
    )
