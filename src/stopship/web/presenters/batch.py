"""What a page shows of a file that was handed in, and of rows that were screened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stopship.app.batches.trial import Trial

MOST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Span:
    """A time in one unit that a person reads: `seconds`, `minutes` or `hours`, and how many."""

    unit: str
    n: int


@dataclass(frozen=True, slots=True)
class Found:
    """A row to look at. `sent` is what the quick check is asked with, `programs` are of the best hit."""

    row: int
    id: str | None
    name: str
    country: str | None
    status: str
    reason: str | None
    warnings: tuple[str, ...]
    entity: str | None
    score: float
    band: str
    alert: bool
    programs: tuple[str, ...]
    more: int
    sent: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """A line of orders. `outcome` is None where it could not be decided, and `reason` says why."""

    line: int
    id: str | None
    parties: tuple[str, ...]
    outcome: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class TrialPage:
    """What came of the first rows. `shown` of `found` are listed, what needs mending first."""

    rows: int
    whole: bool
    counts: Mapping[str, int]
    found: tuple[Found, ...]
    orders: tuple[Order, ...]
    left_out: int
    about_rows: int | None
    takes: Span | None


def trial_page(trial: Trial) -> TrialPage:
    """A trial for its page: rejected rows first, then those with warnings, then hits."""
    orders = tuple(order_row(one) for one in trial.findings if "line" in one)
    found = [found_row(one) for one in trial.findings if "line" not in one]
    found.sort(key=lambda one: (one.status != "rejected", one.status != "hit", one.row))
    rejected = [one for one in found if one.status == "rejected"][: MOST_SHOWN // 2]
    rest = [one for one in found if one.status != "rejected"]
    shown = (*rejected, *rest[: MOST_SHOWN - len(rejected)])
    return TrialPage(
        trial.rows,
        trial.whole,
        trial.counts,
        tuple(shown),
        orders,
        len(found) - len(shown),
        trial.about_rows,
        span_of(trial.seconds) if trial.seconds is not None else None,
    )


def found_row(plain: Mapping[str, Any]) -> Found:
    """A finding of a file of names for its line in a table."""
    hits = plain.get("hits") or ()
    best = hits[0] if hits else {}
    sent = {name: str(plain[name]) for name in ("name", "schema", "country", "address") if plain.get(name)}
    dated = plain.get("birth_date") or plain.get("registration_date")
    return Found(
        row=plain["row"],
        id=plain.get("id"),
        name=plain.get("name") or "",
        country=plain.get("country"),
        status=plain["status"],
        reason=plain.get("reason"),
        warnings=tuple(plain.get("warnings") or ()),
        entity=best.get("name"),
        score=best.get("score", 0.0),
        band=best.get("band", ""),
        alert=best.get("alert", False),
        programs=tuple(dict.fromkeys(listing["program"] for listing in best.get("listings", ()))),
        more=max(plain.get("hits_total", 0) - 1, 0),
        sent=sent | ({"born": str(dated)} if dated else {}),
    )


def order_row(plain: Mapping[str, Any]) -> Order:
    """A line of orders for its line in a table."""
    number = plain.get("id")
    return Order(
        plain["line"],
        str(number) if number is not None else None,
        tuple(plain.get("parties", ())),
        plain.get("outcome"),
        plain.get("reason"),
    )


def span_of(seconds: float) -> Span:
    """A time in the unit that a person would say it in, rounded up."""
    if seconds < 90:
        return Span("seconds", max(1, -int(-seconds // 1)))
    if seconds < 5400:
        return Span("minutes", -int(-seconds // 60))
    return Span("hours", -int(-seconds // 3600))


def size_of(count: int) -> str:
    """A number of bytes as a person says it, in units of 1,000."""
    for size, unit in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"
