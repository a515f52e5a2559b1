"""Prints the figures of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stopship.validation.summary import PER_THOUSAND


def lines(summary: Mapping[str, Any]) -> list[str]:
    """The tables of a summary as text."""
    levels = [str(n) for n in PER_THOUSAND]
    head = f"{'':<34}{'cases':>7}{'default':>9}" + "".join(f"{n + '/1000':>9}" for n in levels) + f"{'first':>8}"
    out = ["alerts at the default threshold", f"{'':<34}{'names':>7}{'alerts':>9}{'/1000':>9}"]
    for name, row in {**summary["negatives"], "customers": summary["customers"]}.items():
        if row:
            out.append(f"{name:<34}{row['names']:>7}{row['alerts']:>9}{row['per_thousand']:>9.2f}")
    for name, row in summary["nothing_expected"].items():
        out.append(f"{name:<34}{row['names']:>7}{row['alerts']:>9}")
    thresholds = "".join(f"{summary['thresholds'][n]:>9.4f}" for n in levels)
    out += ["", "recall: the right entry is among the alerts", head]
    out.append(f"{'threshold':<34}{'':>7}{summary['threshold']:>9.4f}{thresholds}")
    out += [_row(name, row, levels) for name, row in summary["classes"].items()]
    if summary["manipulated"]:
        out.append(_row("mean of manipulated classes", summary["manipulated"], levels))
    out += ["", "recall by the script of the query", head]
    out += [_row(name, row, levels) for name, row in summary["scripts"].items()]
    if summary["quality"]:
        quality = summary["quality"]
        out += [
            "",
            f"manipulated names and customers, default threshold: precision {quality['precision']:.4f}, "
            f"recall {quality['recall']:.4f}, F1 {quality['f1']:.4f}; area under the curve {summary['auc']:.5f}",
        ]
    return out


def _row(name: str, row: Mapping[str, float], levels: list[str]) -> str:
    shares = "".join(f"{row[n]:>9.3f}" for n in levels)
    return f"{name:<34}{row['cases']:>7}{row['default']:>9.3f}{shares}{row['first']:>8.3f}"
