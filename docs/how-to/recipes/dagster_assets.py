"""Dagster: the screened parties are an asset with a partition a day, which shows the counts of the manifest."""

import json
import subprocess

import dagster as dg


class Stopship(dg.ConfigurableResource):
    lake: str = "lake"
    engine: str = "local"
    address: str = ""


@dg.asset(
    partitions_def=dg.DailyPartitionsDefinition("2026-01-01"),
    retry_policy=dg.RetryPolicy(max_retries=3, delay=60),
)
def screened_parties(context: dg.AssetExecutionContext, stopship: Stopship) -> dg.MaterializeResult:
    day = context.partition_key
    screened = f"{stopship.lake}/screened/{day}"
    command = ["stopship", "screen", f"{stopship.lake}/parties/{day}", "--out", screened, "--json"]
    command += ["--engine", stopship.engine, *(["--address", stopship.address] if stopship.address else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:  # hits are no failure: with them, too, it is 0
        raise dg.Failure(done.stderr)
    counts = json.loads(done.stdout)
    shown = ("rows", "hit", "no_hit", "rejected", "alerts", "parts", "parts_kept")
    return dg.MaterializeResult(metadata={"folder": screened, **{name: counts[name] for name in shown}})


daily = dg.define_asset_job("screen_parties", [screened_parties])
defs = dg.Definitions(
    assets=[screened_parties],
    schedules=[dg.build_schedule_from_partitioned_job(daily, hour_of_day=1)],
    # On a cluster: Stopship(lake="s3://lake", engine="dask", address="tcp://scheduler:8786")
    resources={"stopship": Stopship()},
)
