"""Writes the dated tables of the rulebook from a converted copy of the eCFR (JSON), once for each issue date.

    python tools/write_law_tables.py FOLDER [--into src/stopship/rulebook] [--check]

FOLDER holds ccl.json.gz, country_chart.json, country_groups.json and license_exceptions.json as the project
export-controls-agent-mcp (MIT) derives them from the eCFR's XML. Only facts are taken. Later issues are read
from the official XML with `stopship rules refresh`. Files that are there already are never changed: `--check`
compares them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from stopship.rules.law_facts import (
    CclEntry,
    ChartRow,
    Stamp,
    ccl_tables,
    chart_tables,
    exception_tables,
    group_tables,
)

PARTS = {"ccl": "774", "country_chart": "738", "country_groups": "740", "license_exceptions": "740"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--into", type=Path, default=Path("src/stopship/rulebook"))
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    options = parser.parse_args()
    texts = tables(options.folder)
    changed = [path for path, text in texts.items() if _held(options.into / path) not in (None, text)]
    missing = [path for path in texts if _held(options.into / path) is None]
    if changed:
        print("differ, and are not changed:", *changed, sep="\n  ")
        return 1
    if options.check:
        print(f"{len(texts) - len(missing)} of {len(texts)} tables are as written")
        return 1 if missing else 0
    for path in missing:
        (options.into / path).parent.mkdir(parents=True, exist_ok=True)
        (options.into / path).write_text(texts[path], "utf-8")
        print("wrote", path)
    return 0


def _held(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


def tables(folder: Path) -> dict[str, str]:
    """Path below the rulebook -> text of every table."""
    ccl = json.loads(gzip.decompress((folder / "ccl.json.gz").read_bytes()))
    chart = json.loads((folder / "country_chart.json").read_bytes())
    groups = json.loads((folder / "country_groups.json").read_bytes())
    exceptions = json.loads((folder / "license_exceptions.json").read_bytes())
    rows = [
        ChartRow(name, tuple(mark.replace(" ", "") for mark in row["marks"]), tuple(map(str, row["footnotes"])))
        for name, row in chart["countries"].items()
    ]
    rows += [
        ChartRow(name, footnotes=tuple(map(str, row["footnotes"])), pointer=row["pointer"])
        for name, row in chart["embargoed"].items()
    ]
    catalogue = [
        (symbol, e["sectionNumber"], e["title"]) for e in exceptions["exceptions"] for symbol in e["symbols"]
    ]
    return {
        **ccl_tables([entry(e) for e in ccl["entries"]], stamp(ccl, "ccl")),
        **chart_tables(rows, chart["footnotes"], stamp(chart, "country_chart")),
        **group_tables(groups["groups"], stamp(groups, "country_groups")),
        **exception_tables(catalogue, stamp(exceptions, "license_exceptions")),
    }


def stamp(source: dict[str, Any], kind: str) -> Stamp:
    issued = date.fromisoformat(source["ecfrIssueDate"])
    return Stamp(
        source=source["citation"].replace("15 C.F.R.", "15 CFR"),
        url=f"https://www.ecfr.gov/api/versioner/v1/full/{issued}/title-15.xml?part={PARTS[kind]}",
        issued=issued,
        made_by="tools/write_law_tables.py, from the eCFR's XML as export-controls-agent-mcp converted it",
        verified_on=issued,
    )


def entry(source: dict[str, Any]) -> CclEntry:
    rows = [
        (row["control"], None if row["control"] == row["countryChart"] else row["countryChart"])
        for row in source["countryChart"] or []
    ]
    flags = dict(source["licenceExceptionFlags"] or {})
    texts = [("related", "", source["relatedControls"])] if source["relatedControls"] else []
    texts += [(item["kind"], item["paragraph"] or "", item["text"]) for item in source.get("items") or []]
    return CclEntry(
        eccn=source["eccn"],
        heading=source["heading"],
        reasons=(source["reasonForControl"] or "").strip(),
        rows=tuple(rows),
        exceptions=tuple(flags.items()),
        texts=tuple(texts),
    )


if __name__ == "__main__":
    sys.exit(main())
