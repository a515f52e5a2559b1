"""What a notebook shows of a record: HTML of plain elements, without style, class or script.

A notebook that isn't trusted takes style and script away, and nothing here needs them. Whatever comes from an
order, a file or a list is text: escaped, and kept apart from the writing direction of what stands around it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import singledispatch

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Shown:
    """A record that a notebook shows as HTML. `markup` says how, beside the records of each layer."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return as_html(self)


@singledispatch
def as_html(record: object) -> str:
    """The HTML of a record; `register` adds a kind of them."""
    return f"<code>{text(repr(record))}</code>"


def text(value: object) -> str:
    """Any value as text that HTML can't take for anything else."""
    return html.escape(_UNPRINTABLE.sub("\ufffd", str(value)), quote=True)


def printed(value: object) -> str:
    """A name or another text as printed, in whatever direction it is written."""
    return f'<bdi dir="auto">{text(value)}</bdi>'


def link(words: str, url: str) -> str:
    """A link where the address is one of the web, else the words alone."""
    if not url.startswith(("https://", "http://")):
        return text(words)
    return f'<a href="{text(url)}" target="_blank" rel="noopener noreferrer">{text(words)}</a>'


def table(rows: Iterable[tuple[str, str]]) -> str:
    """A table of labels and what they say (which is markup); rows that say nothing are left out."""
    body = "".join(f'<tr><th scope="row">{text(label)}</th><td>{said}</td></tr>' for label, said in rows if said)
    return f"<table><tbody>{body}</tbody></table>"


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with a line of headings; cells are markup."""
    head = "".join(f'<th scope="col">{text(h)}</th>' for h in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def more(summary: str, content: str) -> str:
    """Something to unfold."""
    return f"<details><summary>{summary}</summary>{content}</details>"
