"""What is read of every official file at hand: rows, entities, names, rejects with their reasons, time, memory.

    python -m benchmarks.lists.table [PART OF A NAME ...]

Each file is imported into a home of its own by a process of its own, as `stopship lists import` does it: read,
held against what is expected, archived, indexed, the search made ready. Seconds and megabytes are of all of that;
`read s` is reading alone. `in file` is counted by other means than the reader's own.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "src" / "stopship" / "examples" / "mappings"
NOW = datetime(2026, 8, 24, 12, tzinfo=UTC)
"""Later than every file."""
LEAST_ACCOUNTED = 0.999
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class File:
    """A file of the test data; `mapping` is an example's name where it comes in as a list of one's own. `refused`
    are words that its refusal must have."""

    source: str
    path: str
    mapping: str = ""
    refused: str = ""


FILES = (
    File("us_csl", "us_csl/consolidated.csv.gz"),
    File("us_ofac_sdn", "us_ofac/2021-07"),
    File("us_ofac_cons", "us_ofac/2025-12"),
    File("us_ofac_cons", "us_ofac/2025-03-28/consolidated.xml"),
    File("us_ofac_sdn", "us_ofac/2025-12", refused="sdn.csv"),
    File("us_bis_dpl", "us_bis_dpl/2019-06/dpl.txt"),
    File("us_bis_dpl", "us_bis_dpl/2022-09/dpl.txt"),
    File("un_sc", "un/2025-04-19/consolidated.xml.gz"),
    File("un_sc", "un/2026-02-27/consolidated.xml.gz"),
    File("eu_fsf", "eu/xmlFullSanctionsList_1_1.xml.gz"),
    File("uk_sl", "uk/UK-Sanctions-List.csv.gz"),
    File("ca_sema", "ca/sema-lmes.xml.gz"),
    File("custom", "us_bis_entity_list/entity_list.jsonl.gz", "us_bis_entity_list"),
    File("custom", "us_bis_meu/military_end_user_list.csv", "us_bis_meu"),
    File("custom", "us_uflpa/uflpa_entity_list.csv", "us_uflpa"),
    File("custom", "us_1260h/section_1260h.csv", "us_1260h"),
    File("custom", "us_1286/section_1286.csv", "us_1286"),
    File("custom", "us_fcc_covered/covered_list.csv", "us_fcc_covered"),
    File("custom", "us_cbp_wro/withhold_release_orders_findings.csv", "us_cbp_wro"),
    File("custom", "us_cmic/ns_cmic.csv", "us_cmic"),
    File("custom", "us_cmic/eo_14032_annex.csv", "us_cmic_annex"),
    File("custom", "us_ddtc_debarred/statutory_debarred.csv", "us_ddtc_debarred"),
    File("custom", "us_ddtc_debarred/administrative_debarred.csv", "us_ddtc_administrative"),
    File("custom", "us_isn/nonproliferation_sanctions.csv", "us_isn"),
)
RECORDS = {
    "us_ofac_cons": rb"<sdnEntry>",
    "un_sc": rb"<(?:INDIVIDUAL|ENTITY)>",
    "eu_fsf": rb"<sanctionEntity[ >]",
    "ca_sema": rb"<record>",
}


def rows_in(file: File, path: Path) -> int:
    """How many rows or records a file has, counted without its reader."""
    if path.is_dir():
        path = next(p for p in sorted(path.iterdir()) if p.name.startswith(("sdn.csv", "cons_prim.csv")))
        without_header = True
    else:
        without_header = False
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    if path.name.removesuffix(".gz").endswith(".xml"):
        return len(re.findall(RECORDS[file.source], data))
    if path.name.removesuffix(".gz").endswith(".jsonl"):
        return sum(1 for line in data.splitlines() if line.strip())
    text = data.decode("utf-8-sig").replace("\x1a", "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix == ".txt" else ",")
    filled = sum(1 for row in rows if any(cell.strip() for cell in row))
    if file.source == "uk_sl":
        filled -= 1  # the line with the day of the report
    return filled if without_header else filled - 1


def import_one(file: File, data: Path) -> dict[str, Any]:
    """Import one file into a new home. What is told is plain."""
    from stopship.app.intake.custom import with_mapping
    from stopship.app.intake.files import read_list_files
    from stopship.app.workspace import Workspace
    from stopship.errors import ListFileError
    from stopship.sources.catalogue import catalogue, parse

    path = data / "lists" / file.path
    mapping = EXAMPLES / f"{file.mapping}.yml" if file.mapping else None
    with tempfile.TemporaryDirectory() as folder:
        space = Workspace(Path(folder), today=NOW.date())
        started = time.perf_counter()
        try:
            done = space.import_list(file.source, path, published=None, now=NOW, mapping=mapping)
        except ListFileError as bad:
            return {"refused": str(bad)}
        seconds = time.perf_counter() - started
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        content, name = read_list_files([path], catalogue()[file.source], most=2_000_000_000)
        source = file.source
        if mapping is not None:
            source, content = with_mapping(space.archive, source, content, name, mapping)
        started = time.perf_counter()
        parsed = parse(source, content, name)
        reading = time.perf_counter() - started
    return {
        "source": source,
        "in_file": rows_in(file, path),
        "rows": parsed.rows,
        "loaded": parsed.loaded,
        "entities": len(parsed.entities),
        "names": done.names,
        "rejects": Counter(reject.reason for reject in parsed.rejects),
        "published": done.snapshot.published or date.min,
        "read": reading,
        "seconds": seconds,
        "megabytes": most,
    }


def lines(chosen: list[File]) -> Iterator[tuple[str, bool]]:
    """A line a file, and whether it is as it must be."""
    head = ("file", "source", "in file", "rows", "loaded", "rejected", "entities", "names", "read s", "s", "MB")
    form = "{:<52} {:<24} {:>7} {:>7} {:>7} {:>8} {:>8} {:>7} {:>6} {:>6} {:>5}"
    yield form.format(*head), True
    for file in chosen:
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.lists.table", "--one", str(FILES.index(file))],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if child.returncode:
            yield f"{file.path:<52} FAILED: {child.stderr.strip().splitlines()[-1:]}", False
            continue
        told = orjson.loads(child.stdout)
        if "refused" in told:
            well = bool(file.refused) and file.refused in told["refused"]
            yield f"{file.path:<52} {file.source:<24} refused: {told['refused']}", well
            continue
        rejected = sum(told["rejects"].values())
        accounted = told["loaded"] + rejected
        shown = (told["in_file"], told["rows"], told["loaded"], rejected, told["entities"], told["names"])
        figures = [f"{number:,}" for number in shown]
        cost = (f"{told['read']:.1f}", f"{told['seconds']:.1f}", f"{told['megabytes']:.0f}")
        well = not file.refused and accounted >= told["in_file"] * LEAST_ACCOUNTED
        well = well and accounted == told["rows"]
        yield form.format(file.path, told["source"], *figures, *cost), well
        for reason, count in Counter(told["rejects"]).most_common(MOST_REASONS):
            yield f"      rejected: {reason} ({count:,})", True


def main(arguments: list[str]) -> int:
    folder = os.environ.get("STOPSHIP_TEST_DATA")
    if not folder:
        raise SystemExit("STOPSHIP_TEST_DATA is not set: name the folder with lists/ (see README.md)")
    data = Path(folder)
    if arguments[:1] == ["--one"]:
        sys.stdout.buffer.write(orjson.dumps(import_one(FILES[int(arguments[1])], data)))
        return 0
    chosen = [file for file in FILES if not arguments or any(part in file.path for part in arguments)]
    wrong = 0
    for line, well in lines(chosen):
        print(line if well else f"{line}   <-- WRONG", flush=True)
        wrong += not well
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
