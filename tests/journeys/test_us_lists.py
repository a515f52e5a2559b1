"""An officer has the lists of the Treasury and of Commerce themselves instead of the consolidated one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.journeys.conftest import Cli

SAMPLES = Path(__file__).parent.parent / "sources"
Order = Callable[[Any], Path]


def test_a_list_in_several_files_comes_as_a_folder_or_as_files(cli: Cli, order: Order, tmp_path: Path) -> None:
    folder = tmp_path / "ofac"
    shutil.copytree(SAMPLES / "us_ofac/csv", folder)
    (folder / "sdn.csv").rename(tmp_path / "sdn.csv")
    refused = cli("lists", "import", "us_ofac_sdn", folder, "--accept").refused()
    assert "sdn.csv is missing; there are only add.csv, alt.csv and sdn_comments.csv" in refused
    (tmp_path / "sdn.csv").rename(folder / "SDN.CSV")
    said = cli("lists", "import", "us_ofac_sdn", folder, "--published", "2026-07-24", "--accept", "--json")
    assert (said.code, said.json["rows"], said.json["loaded"]) == (0, 5, 4), said.err
    again = cli("lists", "import", "us_ofac_sdn", *sorted(folder.iterdir(), reverse=True), "--accept", "--json")
    assert again.json["snapshot"] == said.json["snapshot"]
    plain = {"destination": "DE", "parties": [{"role": "end_user", "name": "Haji Example Sample"}]}
    decision = cli("check", order({**plain, "items": [{"eccn": "EAR99"}]}), "--as-of", "2026-07-25", "--json").json
    assert decision["outcome"] == "prohibited"
    assert {f["entity_id"] for f in decision["findings"] if f["rule"] == "us.ofac.sdn"} == {"us.sdn-900001"}


def test_the_part_of_the_regulation_holds_three_lists(cli: Cli, order: Order) -> None:
    said = cli("lists", "import", "us_bis_el", SAMPLES / "us_bis_el/part744.xml", "--accept", "--json")
    assert (said.code, said.json["rows"], said.json["rejected"]) == (0, 11, 1), said.err
    name = "Example Opto-electronics (Chongqing) Co., Ltd."
    plain = {"destination": "CN", "parties": [{"role": "end_user", "name": name}], "items": [{"eccn": "EAR99"}]}
    decision = cli("check", order(plain), "--as-of", "2026-07-25", "--json").json
    found = next(f for f in decision["findings"] if f["rule"] == "us.ear.744.entity-list")
    assert decision["outcome"] == "license_required" and found["program"] == "us.el"
    assert found["listing"]["license_policy"] == "Policy of denial"
