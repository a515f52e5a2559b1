"""The report of all figures that lie in a folder: tables for reading, and a picture of how they grow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.growth import Figures, Files, panels
from benchmarks.speed.lists import CSL
from benchmarks.speed.picture import growth_svg

PICTURE, REPORT = "growth.svg", "report.md"
_MISSES = 40
_MB = 1e6


def write_report(folder: Path) -> str:
    """Write `report.md` and `growth.svg` from the JSON files of a folder; gives the text of the report."""
    runs = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*-*.json"))]
    runs.sort(key=lambda run: _names_said(run["size"]))
    files: dict[str, dict[str, Any]] = {}
    for run in runs:
        files.setdefault(run["section"], {})[run["size"]] = run["figures"]
    (folder / PICTURE).write_text(growth_svg(panels(files)), "utf-8")
    text = "\n".join(lines(files, runs)) + "\n"
    (folder / REPORT).write_text(text, "utf-8")
    return text


def _names_said(size: str) -> float:
    """For the order only; the full CSL has more names than its label says and comes first all the same."""
    return float(size.rstrip("kM")) * {"k": 1e3, "M": 1e6}.get(size[-1:], 1)


def lines(files: Files, runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The report, line by line."""
    yield "# Speed and size"
    yield ""
    yield from _about(runs)
    for section, table in _TABLES.items():
        if section in files:
            yield from table(files[section])
    yield from _growth(files)


def _about(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    machines = dict.fromkeys(
        f"{m['processor']}, {m['processors']} processors, {m['system']}" for m in (run["machine"] for run in runs)
    )
    codes = dict.fromkeys(run["versions"]["code"] for run in runs)
    yield f"Measured on {'; '.join(machines)}."
    yield f"`{CSL}` is the full CSL; the other lists are made from it, to so many names."
    yield ""
    if len(codes) > 1:
        yield "**Figures of different code are mixed here**: measure all sections again for a comparison."
        yield ""
    if any(run["arguments"]["quick"] for run in runs):
        yield "**A quick run on tiny lists: it shows that the benchmark works, nothing else.**"
        yield ""
    rows = [
        (run["section"], run["size"], run["at"], run["versions"]["code"], run["machine"]["load"]) for run in runs
    ]
    yield "Load is that of the machine before the section began; much more than 0 means that others were working."
    yield ""
    yield from _table(("section", "list", "when (UTC)", "code", "load"), rows)


def _build(sizes: Figures) -> Iterator[str]:
    yield "## Lists and their indexes"
    yield ""
    head = ("list", "entities", "names", "from the CSL", "distinct words", "bytes of text a name")
    yield from _table(
        head,
        [
            (s, f["entities"], f["names"], f["real"], f["words"], f"{f['text_bytes'] / f['names']:.1f}")
            for s, f in sizes.items()
        ],
    )
    yield (
        "Normalization is the time spent in `names.analyze`; indexing is all the rest of the build and the "
        "writing. Bytes a name are those of the files, with and without the records of the entities (which hold "
        "the text and, for the CSL, everything that is printed about an entity). Peak memory is that of the "
        "building process, which holds all entities."
    )
    yield ""
    yield from _table(
        ("list", "normalization s", "µs a name", "indexing s", "s per 1M names", "bytes a name", "without records",
         "peak MB"),
        [
            (
                s,
                f"{f['normalization_seconds']:.1f}",
                f"{1e6 * f['normalization_seconds'] / f['names']:.0f}",
                f"{f['indexing_seconds']:.2f}",
                f"{1e6 * f['indexing_seconds'] / f['names']:.1f}",
                f"{f['bytes'] / f['names']:.0f}",
                f"{(f['bytes'] - f['record_bytes']) / f['names']:.0f}",
                _megabytes(f["peak_bytes"]),
            )
            for s, f in sizes.items()
        ],
    )  # fmt: skip
    yield "Milliseconds in new processes (medians): opening the index, then single look-ups in the same process."
    yield ""
    yield from _table(
        ("list", "open", "most", "first look-up", "second", "20th"),
        [
            (s, *(f"{1e3 * f['opened'][key]:.1f}" for key in _OPENED))
            for s, f in sizes.items()
        ],
    )  # fmt: skip


_OPENED = ("open_seconds", "open_most", "first_seconds", "second_seconds", "last_seconds")


def _start(sizes: Figures) -> Iterator[str]:
    yield "## Cold starts"
    yield ""
    yield "Seconds of commands in new processes; what they need was compiled and read from disk before."
    yield ""
    for figures in sizes.values():
        rows = [
            (f"`{name}`", f"{f['wall']:.2f}", f"{f['least']:.2f} – {f['most']:.2f}", f"{f['cpu']:.2f}", f["times"])
            for name, f in figures["commands"].items()
        ]
        yield from _table(("command", "median", "least – most", "processor", "times"), rows)


def _batch(sizes: Figures) -> Iterator[str]:
    yield "## Throughput"
    yield ""
    yield (
        "Queries a second in processes that have warmed up: of the clock, all processes together, and per second "
        "of the processor. The share is that of variants of listed names; all others are customers who are not "
        "listed. Medians of five parts, least and most in brackets. Hits are rows with an alert."
    )
    yield ""
    yield from _table(
        ("list", "listed", "path", "processes", "queries", "hits", "queries/s", "per processor second"),
        [
            (s, share, f["path"], f["processes"], f["queries"], f"{f['hits'] / max(f['queries'], 1):.1%}",
             _spread(f["wall"]), _spread(f["cpu"]))
            for s, figures in sizes.items()
            for share, f in figures["mixtures"].items()
        ],
    )  # fmt: skip
    yield "### The sieve"
    yield ""
    yield "Names that it lets pass, to be looked up, and names per second of the processor of the sieve alone."
    yield ""
    yield from _table(
        ("list", "names of", "names", "passed", "names per processor second"),
        [
            (s, kind, f["names"], f"{f['passed'] / max(f['names'], 1):.1%}",
             f"{f['names'] / max(f['cpu_seconds'], 1e-9):,.0f}")
            for s, figures in sizes.items()
            for kind, f in figures["sieve"].items()
        ],
    )  # fmt: skip
    runners = [(s, figures["runner"]) for s, figures in sizes.items() if figures.get("runner")]
    if runners:
        yield "### The local runner"
        yield ""
        yield (
            "1 row in 100 a variant of a listed name, from the call to the last row: processes start, open the "
            "index and load what was compiled in this time. Seconds of the processor are those of all processes, "
            "without the last tenth of a second of each."
        )
        yield ""
        yield from _table(
            ("list", "processes", "queries", "hits", "seconds", "queries/s", "processor seconds", "MB private"),
            [
                (s, f["processes"], f["queries"], f["hits"], f"{f['seconds']:.2f}",
                 f"{f['queries'] / f['seconds']:,.0f}", f"{f['cpu_seconds']:.1f}",
                 _megabytes(max((memory["private"] for memory in f["workers"]), default=None)))
                for s, f in runners
            ],
        )  # fmt: skip
    yield "### Memory of a worker"
    yield ""
    yield (
        "MB of one worker (mean over workers) after the warm-up and after the last query. Private memory is what "
        "one more worker costs; shared is what it maps with others; Pss counts shared pages in parts."
    )
    yield ""
    rows = [
        (s, share, *(f"{_mean(f[when], key) / _MB:.0f}" for key in ("private", "shared", "pss") for when in _WHEN))
        for s, figures in sizes.items()
        for share, f in figures["mixtures"].items()
        if f["memory_before"] and f["memory_after"]
    ]
    if rows:
        head = ("list", "listed", "private", "then", "shared", "then", "Pss", "then")
        yield from _table(head, rows)
    else:
        yield "Not measured: only Linux tells private from shared memory."
        yield ""


_WHEN = ("memory_before", "memory_after")


def _mean(rows: Sequence[Mapping[str, int]], key: str) -> float:
    return sum(row[key] for row in rows) / len(rows)


def _single(sizes: Figures) -> Iterator[str]:
    yield "## Single look-ups"
    yield ""
    yield "Milliseconds of `Matcher.match` in a warm process, no name asked twice; of the processor beside it."
    yield ""
    yield from _table(
        ("list", "kind of query", "queries", "alerts", "p50", "p95", "p99", "most", "processor: p50", "p99"),
        [
            (s, kind, f["queries"], f"{f['alerts'] / f['queries']:.0%}",
             *(f"{f[key]:.2f}" for key in ("p50", "p95", "p99", "most", "cpu_p50", "cpu_p99")))
            for s, figures in sizes.items()
            for kind, f in figures["kinds"].items()
        ],
    )  # fmt: skip


def _recall(sizes: Figures) -> Iterator[str]:
    yield "## Recall against the reference"
    yield ""
    yield (
        "Of the alerts that the scorer raises with brute-force candidates, the share that a mode raises too; and "
        "of the queries with any such alert, the share that still have one. `more` counts alerts that only the "
        "mode has."
    )
    yield ""
    for size, figures in sizes.items():
        modes = [key for key, value in figures["classes"]["all"].items() if isinstance(value, dict)]
        rows = [
            (name, f["queries"], f["with_alert"], f["alerts"],
             *(shown for m in modes for shown in (_share(f[m]["alerts"]), _share(f[m]["queries"]), f[m]["more"])))
            for name, f in figures["classes"].items()
        ]  # fmt: skip
        times = ", ".join(f"{name} {1e3 * took:.2f} ms" for name, took in figures["cpu_per_query"].items())
        yield f"### {size}: {figures['queries']:,} queries; processor time of one: {times}"
        yield ""
        columns = [shown for m in modes for shown in (f"{m}: alerts", "queries", "more")]
        yield from _table(("class", "queries", "with alert", "alerts", *columns), rows)
        missed = figures["missed"]
        if missed:
            yield f"Missed: {len(missed)}. The first {min(len(missed), _MISSES)}:"
            yield ""
            yield from _table(
                ("mode", "class", "query", "listed name", "reference", "score there", "sifted out"),
                [
                    (m["mode"], m["class"], m["query"], m["name"], f"{m['oracle']:.4f}",
                     "not found" if m["score"] is None else f"{m['score']:.4f}",
                     "yes" if m["sifted_out"] else "no")
                    for m in missed[:_MISSES]
                ],
            )  # fmt: skip


def _peers(sizes: Figures) -> Iterator[str]:
    yield "## Peers"
    yield ""
    yield (
        "The same list and queries (1 in 100 a variant of a listed name), one process and one thread each, in "
        "turn; BLAS and OpenMP are held to one thread. Ratios say how many queries Stopship answers in the time "
        "in which the peer answers one: medians over the rounds, least and most in brackets. `sparse_dot_topn` "
        "ranks by 3-grams, then again by rapidfuzz's WRatio; `rapidfuzz` compares with every name; `logic-v2` "
        "has no index, so that the 3-grams' best names stand in for one. The right entity found: of variants, "
        "among what ranks highest, in Latin letters and in other scripts; alerted: Stopship's default threshold."
    )
    yield ""
    for size, figures in sizes.items():
        yield f"### {size}: {figures['rounds']} rounds, best {figures['top']}, {figures['positives']:,} variants"
        yield ""
        for name, why in figures["skipped"].items():
            yield f"Skipped: {name} ({_cell(why)})."
            yield ""
        rows = [
            (name, f["queries"], f"{f['cpu']:,.0f}", f"{f['wall']:,.0f}",
             f"{f['ratio']:.2f} ({f['ratio_least']:.2f} – {f['ratio_most']:.2f})", f"{f['ratio_wall']:.2f}",
             _share(f.get("right_found")), _share(f.get("right_found_other_scripts")),
             _share(f.get("right_alerted")), _share(f.get("right_alerted_other_scripts")))
            for name, f in figures["rows"].items()
        ]  # fmt: skip
        head = ("program", "queries", "per processor second", "queries/s", "ratio", "ratio by the clock",
                "right found", "other scripts", "alerted", "other scripts")  # fmt: skip
        yield from _table(head, rows)


def _command(sizes: Figures) -> Iterator[str]:
    yield "## `stopship screen`"
    yield ""
    yield (
        "One command from CSV to JSON lines, 1 row in 100 a variant of a listed name. With a made list the time "
        "holds the reading and indexing of it; a run with one row says how much that is. Memory is the most that "
        "the command and its processes had together (Pss); private memory is that of its largest process but the "
        "first."
    )
    yield ""
    yield from _table(
        ("list", "rows", "seconds", "with one row", "rows/s", "processor seconds", "MB together", "MB private"),
        [
            (s, f["rows"], f"{f['seconds']:.1f}", f"{f['one_row_seconds']:.1f}", f"{f['rows_per_second']:,.0f}",
             f"{f['cpu_seconds']:.1f}", _megabytes(f["peak_pss_bytes"] or None),
             _megabytes(max(f["workers"], default=None)))
            for s, f in sizes.items()
        ],
    )  # fmt: skip


_TABLES = {
    "build": _build,
    "start": _start,
    "batch": _batch,
    "single": _single,
    "recall": _recall,
    "peers": _peers,
    "command": _command,
}


# --- growth -------------------------------------------------------------------------------------------


def _growth(files: Files) -> Iterator[str]:
    names = {size: f["names"] for size, f in files.get("build", {}).items()}
    if not names:
        return
    yield "## Growth with the list"
    yield ""
    yield f"![How speed and size grow with the number of listed names]({PICTURE})"
    yield ""
    drawn = panels(files)
    columns = [
        (f"{panel.title}: {name}", dict(points)) for panel in drawn for name, points in panel.series.items()
    ]
    rows = [
        (title, *(f"{points[count]:,.4g}" if count in points else "–" for count in names.values()))
        for title, points in columns
        if points
    ]
    yield from _table(("", *(f"{size} ({count:,} names)" for size, count in names.items())), rows)


# --- text ---------------------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---|" + "---:|" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(f"{v:,}" if isinstance(v, int) else _cell(str(v)) for v in row) + " |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _spread(figure: Mapping[str, float]) -> str:
    return f"{figure['median']:,.0f} ({figure['least']:,.0f} – {figure['most']:,.0f})"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _megabytes(value: float | None) -> str:
    return "–" if value is None else f"{value / _MB:,.0f}"
