"""The parties of a day are screened by the command; the model has a row a day, with the counts of the manifest."""

import json
import subprocess


def model(dbt, session):
    lake, day = dbt.config.get("lake"), dbt.config.get("day")
    engine, address = dbt.config.get("engine"), dbt.config.get("address")
    command = ["stopship", "screen", f"{lake}/parties/{day}", "--out", f"{lake}/screened/{day}", "--json"]
    command += ["--engine", engine, *(["--address", address] if address else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:  # hits are no failure: with them, too, it is 0
        raise RuntimeError(done.stderr)
    counts = json.loads(done.stdout)
    shown = ("rows", "hit", "no_hit", "rejected", "alerts", "parts")
    columns = ", ".join(f"{counts[name]} as {name}" for name in shown)
    return session.sql(f"select date '{day}' as day, {columns}")
