"""A Spark session to work in: that of the caller or of `spark-submit`, else one that is started and ended here;
and how far its tasks are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark import SparkConf
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from stopship.bulk.addresses import must_answer
from stopship.bulk.local import available_processes
from stopship.bulk.partition_work import RETRIES
from stopship.errors import SettingsError, WorkerError

_LEAST_JAVA = 17
_EVERY_SECONDS = 0.5


@contextmanager
def session(address: str | None, processes: int | None) -> Iterator[SparkSession]:
    """A session with the master at this address; without one that of the caller or of `spark-submit`, else one
    in the cores of this machine.

    Raises:
        SettingsError: there is no Java. WorkerError: no master answers.
    """
    if (mine := SparkSession.getActiveSession()) is not None:
        yield mine
        return
    if address is not None and address.startswith("sc://"):
        raise SettingsError(
            "Spark Connect is not driven from here",
            where="--address",
            hint="Give the master, or use stopship.bulk.spark.screen in your session with shared=True",
        )
    check_java()
    builder = SparkSession.builder.appName("stopship screen").config("spark.log.level", "ERROR")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if address is not None:
        must_answer(address)
        builder = builder.master(address)
        if "spark.pyspark.python" not in dict(SparkConf().getAll()):
            # Spark would take the first `python3` of each machine; with one image for all, ours is right.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    elif "spark.master" not in dict(SparkConf().getAll()):
        builder = builder.master(f"local[{processes or available_processes()},{RETRIES + 1}]")
        builder = builder.config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    try:
        spark = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError, RuntimeError) as bad:
        lines = [line for line in str(bad).splitlines() if line.strip()] or [type(bad).__name__]
        # Of an error of Java's the first line says which call of Python's it was, the second what is wrong.
        reason = next((line.lstrip(": ") for line in lines if line.startswith(": ")), lines[0])
        raise WorkerError(
            f"no session: {reason[:200]}", where=address or "spark", hint="Check --address"
        ) from None
    try:
        yield spark
    finally:
        spark.stop()


def is_local(spark: SparkSession) -> bool:
    """Whether the executors are on this machine, and see its files."""
    master: str = spark.sparkContext.master
    return master == "local" or master.startswith(("local[", "local-cluster["))


def check_java() -> None:
    """Refuse where there is no Java that Spark runs on.

    Raises:
        SettingsError: there is none, or it is too old.
    """
    hint = f"Install Java {_LEAST_JAVA} (on Debian openjdk-17-jre-headless), or set JAVA_HOME"
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if java is None or (home and not Path(java).exists()):
        raise SettingsError("Spark needs Java, and there is none", where="--engine spark", hint=hint)
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found and int(found[1]) < _LEAST_JAVA:
        raise SettingsError(f"this is Java {found[1]}, too old for Spark", where=java, hint=hint)


@contextmanager
def watched(spark: SparkSession, done: Callable[[int], None]) -> Iterator[None]:
    """While a job runs in it: tell how many tasks are done, twice a second. The job is ended with what is
    around."""
    context, ended, group = spark.sparkContext, threading.Event(), uuid.uuid4().hex
    context.setJobGroup(group, "stopship screen", interruptOnCancel=True)

    def watch() -> None:
        tracker = context.statusTracker()
        while not ended.wait(_EVERY_SECONDS):
            jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
            stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
            done(sum(stage.numCompletedTasks for stage in stages if stage))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        context.cancelJobGroup(group)
        raise
    finally:
        ended.set()
        thread.join()
