"""The model-validation report: what an auditor asks of a matcher, written from a benchmark's files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stopship.validation.picture import calibration_svg
from stopship.validation.results import (
    CASES,
    NEGATIVES,
    SUMMARY,
    CaseRow,
    NegativeRow,
    read_cases,
    read_negatives,
)
from stopship.validation.summary import CUSTOMERS, PER_THOUSAND

_LOWEST, _FALSE, _MISSED = 5, 20, 20
_PARTS = {
    "last": "the last fifth of names by a hash of the name, on which nothing was fitted or tuned",
    "tune": "the four fifths of names that the table was fitted and tuned on: **not fit for a claim of accuracy**",
}
_LEVELS = tuple(str(n) for n in PER_THOUSAND)


def write_report(results: Path, out: Path) -> Path:
    """Write the report of a run as markdown, with its picture beside it; gives the path of the picture.

    Raises:
        OSError: a file of the run can't be read, or the report can't be written.
        ValueError: a file of the run is not in the layout that `benchmarks/quality/run.py` writes.
    """
    summary = json.loads((results / SUMMARY).read_text("utf-8"))
    if not isinstance(summary, dict) or not {"versions", "files", "classes", "thresholds"} <= set(summary):
        raise ValueError(f"{results / SUMMARY}: not the summary of a run")
    cases, negatives = read_cases(results / CASES), read_negatives(results / NEGATIVES)
    picture = out.with_name(f"{out.stem}-calibration.svg")
    out.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(calibration_svg(summary["calibration"]), "utf-8")
    out.write_text("\n".join(report_lines(summary, cases, negatives, picture.name)) + "\n", "utf-8")
    return picture


def report_lines(
    summary: Mapping[str, Any], cases: Sequence[CaseRow], negatives: Sequence[NegativeRow], picture: str
) -> Iterator[str]:
    """The report, line by line; `picture` is the file name of the calibration curve."""
    yield "# Validation of the name matcher"
    yield ""
    yield from _purpose(summary)
    yield from _data(summary)
    yield from _trade_off(summary)
    yield from _recall("Recall by class of query", summary["classes"], summary)
    yield from _recall("Recall by script of the query", summary["scripts"], summary)
    yield from _calibration(summary, picture)
    yield from _weaknesses(summary, cases, negatives)


def _purpose(summary: Mapping[str, Any]) -> Iterator[str]:
    yield "## Purpose and method"
    yield ""
    yield (
        "The matcher decides which parties a person must look at. This report measures how many listed names it "
        "finds when they are spelled otherwise, and how many customers who are not listed it alerts on. A listed "
        "name is changed in one way of each class, with a fixed seed, and searched in the whole list with nothing "
        "but the name and what kind of party it is. It is found where the right entry is among the alerts. "
        "Country, date of birth and identifiers, which help in use, are left out."
    )
    yield ""
    yield f"Cases are of {_PARTS.get(summary['part'], summary['part'])}."
    if summary["quick"]:
        yield ""
        yield "**A quick run on a small part of the list: it shows that the benchmark works, nothing else.**"
    yield ""


def _data(summary: Mapping[str, Any]) -> Iterator[str]:
    yield "## Versions and data"
    yield ""
    yield "| what | version or SHA-256 |"
    yield "|---|---|"
    for name, value in summary["versions"].items():
        yield f"| {name} | `{value}` |"
    for name, value in summary["files"].items():
        yield f"| {_cell(name)} | `{value}` |"
    sizes = ", ".join(f"{name} {'all' if value is None else value}" for name, value in summary["sizes"].items())
    yield f"| entries in the list | {summary['entries']:,} |"
    yield f"| sizes | {sizes} |"
    yield f"| seed | {summary['seed']} |"
    yield ""


def _trade_off(summary: Mapping[str, Any]) -> Iterator[str]:
    yield "## The threshold"
    yield ""
    yield (
        f"Customers are the corpora {' and '.join(CUSTOMERS)}. The threshold for a level is the lowest at which "
        "no more than so many of 1,000 of them alert; the mean counts every class of manipulated names alike."
    )
    yield ""
    yield "| alerts per 1,000 customers | threshold | mean recall of manipulated names |"
    yield "|---:|---:|---:|"
    means = summary["manipulated"]
    for level in _LEVELS:
        mean = f"{means[level]:.3f}" if means else "–"
        yield f"| {level} | {summary['thresholds'][level]:.4f} | {mean} |"
    customers = summary["customers"]
    if customers:
        mean = f"{means['default']:.3f}" if means else "–"
        yield f"| {customers['per_thousand']:.2f} (default) | {summary['threshold']:.4f} | {mean} |"
    yield ""
    yield "| names that are not listed | names | alerts at the default threshold | per 1,000 |"
    yield "|---|---:|---:|---:|"
    for name, row in summary["negatives"].items():
        yield f"| {name} | {row['names']:,} | {row['alerts']:,} | {row['per_thousand']:.2f} |"
    for name, row in summary["nothing_expected"].items():
        yield f"| {name} | {row['names']:,} | {row['alerts']:,} | {1000 * row['alerts'] / row['names']:.2f} |"
    yield ""
    if summary["quality"]:
        quality = summary["quality"]
        yield (
            f"At the default threshold, manipulated names and customers together: precision "
            f"{quality['precision']:.4f}, recall {quality['recall']:.4f}, F1 {quality['f1']:.4f}. Area under the "
            f"curve: {summary['auc']:.4f}."
        )
        yield ""


def _recall(title: str, rows: Mapping[str, Mapping[str, float]], summary: Mapping[str, Any]) -> Iterator[str]:
    areas = summary["auc_by_class"] if rows is summary["classes"] else {}
    yield f"## {title}"
    yield ""
    yield "| | cases | default | " + " | ".join(f"{n}/1,000" for n in _LEVELS) + " | right one first | area |"
    yield "|---|---:|---:|" + "---:|" * (len(_LEVELS) + 2)
    for name, row in rows.items():
        shares = " | ".join(f"{row[n]:.3f}" for n in _LEVELS)
        area = areas.get(name)
        shown = "" if area is None else f"{area:.4f}"
        yield f"| {name} | {row['cases']} | {row['default']:.3f} | {shares} | {row['first']:.3f} | {shown} |"
    yield ""


def _calibration(summary: Mapping[str, Any], picture: str) -> Iterator[str]:
    yield "## Calibration"
    yield ""
    yield (
        "Of the best hits with such a score, so many were right. The share depends on how many queries are of "
        "listed parties: here those of the manipulated names and the customers above, in use far fewer."
    )
    yield ""
    yield f"![Share of right hits by score]({picture})"
    yield ""
    yield "| mean score | share right | hits |"
    yield "|---:|---:|---:|"
    for score, share, count in summary["calibration"]:
        yield f"| {score:.3f} | {share:.3f} | {count:,} |"
    yield ""


def _weaknesses(
    summary: Mapping[str, Any], cases: Sequence[CaseRow], negatives: Sequence[NegativeRow]
) -> Iterator[str]:
    yield "## Known weaknesses"
    yield ""
    lowest = sorted(summary["classes"].items(), key=lambda item: (item[1]["default"], item[0]))[:_LOWEST]
    names = ", ".join(f"{name} ({row['default']:.3f})" for name, row in lowest)
    yield f"Lowest recall at the default threshold: {names}."
    yield ""
    missed = [row for name, _ in lowest for row in cases if f"{row.set}/{row.class_}" == name and _is_missed(row)]
    yield from _list("Missed names of these classes", [(r.query, r.score, r.wrong_name) for r in missed[:_MISSED]])
    alerts = sorted((r for r in negatives if r.alert), key=lambda r: (-r.score, r.query))[:_FALSE]
    yield from _list("False alerts with the highest scores", [(r.query, r.score, r.name) for r in alerts])


def _is_missed(row: CaseRow) -> bool:
    return bool(row.expected_ids) and not row.alert


def _list(title: str, rows: Sequence[tuple[str, float, str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"### {title}"
    yield ""
    yield "| query | score | best wrong entry |"
    yield "|---|---:|---|"
    for query, score, name in rows:
        yield f"| {_cell(query)} | {score:.3f} | {_cell(name)} |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
