"""An update that is killed at any step leaves the last good list serving, and the next one mends the rest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.journeys.conftest import Cli
from tests.journeys.small_lists import FIRST, named, small_catalogue
from tests.journeys.test_lists import ROWS, csl
from tests.publisher import publishing, whole

from stopship.sources import catalogue as catalogue_module

ROOT = Path(__file__).resolve().parents[2]
SECOND = csl(*ROWS, named(1), *({**named(n), "remarks": "r" * 3_000} for n in range(2, 90)))

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked, which this system can't"),
]


def test_killed_at_each_step(cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = small_catalogue()
    monkeypatch.setattr(catalogue_module, "_catalogue", lambda: small)
    path = tmp_path / "consolidated.csv"
    path.write_bytes(FIRST)
    first = cli("lists", "import", "us_csl", path, "--json").json["snapshot"]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with publishing() as publisher:
        publisher.answers["/one.csv"] = whole(SECOND, etag='"2"')
        plain = {"addresses": {"us_csl": publisher.url("/one.csv")}, "wait_seconds": 0.01}
        (home / "settings.yaml").write_text(yaml.safe_dump({"lists": plain}), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.update_to_kill", str(home)],
            cwd=ROOT,
            env={**environment, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        ranges = [headers["range"] for _, headers in publisher.asked if "range" in headers]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == 16
    second = {one["then"]["snapshot"] for one in told}
    assert len(second) == 1
    assert first not in second
    counted = False
    for one in told:
        assert one["signal"] == signal.SIGKILL, one
        assert one["after"]["outcome"] == one["then"]["outcome"] == "license_required", one
        assert one["after"]["problems"] == one["then"]["problems"] == [], one
        counted = counted or one["step"] == "the folder is there"
        assert (one["after"]["snapshot"] in second) == counted, one
        assert counted or one["after"]["snapshot"] == first, one
        assert one["next"] in ([["updated", ""]], [["unchanged", ""]]), one
        assert one["then"]["current"] == one["then"]["snapshot"], one
    assert ranges, "the one that was killed within the body is gone on with"
