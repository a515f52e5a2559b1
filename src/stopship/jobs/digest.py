"""The digest: what is new and what is due, as a letter of plain text.

By default it holds counts and links only. Mail lies about for years on servers of others: case numbers go in by a
setting, names of parties by another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime

DETAILS = ("counts", "cases", "names")
MOST_ITEMS = 50


@dataclass(frozen=True, slots=True)
class Count:
    """One line of figures. `path` is the page of the workbench that shows them, from its address on."""

    label: str
    number: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One case. `subject` is whose case it is: a name."""

    reference: str
    subject: str
    due: date | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell since a moment."""

    counts: tuple[Count, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.items and not any(count.number for count in self.counts)


def letter(
    news: News,
    *,
    sender: str,
    to: Sequence[str],
    since: datetime,
    now: datetime,
    detail: str = "counts",
    address: str = "",
    number: str = "",
) -> EmailMessage:
    """The digest as a message.

    Args:
        news: what there is to tell.
        sender, to: addresses.
        since, now: the time that it is about, timezone-aware.
        detail: one of `DETAILS`.
        address: of the workbench, for links; empty leaves them out.
        number: tells this letter from all others; the same letter sent twice has the same.
    """
    message = EmailMessage()
    message["Subject"] = "Stopship: " + _headline(news)
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{number}@{sender.rpartition('@')[2].rstrip('>') or 'stopship'}>"
    message["Auto-Submitted"] = "auto-generated"
    lines = [f"Since {since:%Y-%m-%d %H:%M} UTC:", ""]
    for count in news.counts:
        lines.append(f"  {count.number:>6,}  {count.label}")
        if count.path and address:
            lines.append(f"          {address.rstrip('/')}{count.path}")
    if detail != "counts" and news.items:
        lines += ["", "Cases:", ""]
        for item in news.items[:MOST_ITEMS]:
            due = f", due {item.due.isoformat()}" if item.due else ""
            subject = f": {' '.join(item.subject.split())}" if detail == "names" else ""
            lines.append(f"  {item.reference}{due}{subject}")
            if item.path and address:
                lines.append(f"    {address.rstrip('/')}{item.path}")
        if len(news.items) > MOST_ITEMS:
            lines.append(f"  and {len(news.items) - MOST_ITEMS:,} more")
    if detail != "names":
        lines += ["", "Names are shown in the workbench only."]
    message.set_content("\n".join(lines) + "\n")
    return message


def _headline(news: News) -> str:
    told = [f"{count.number:,} {count.label}" for count in news.counts if count.number]
    return ", ".join(told[:2]) if told else "nothing new"
