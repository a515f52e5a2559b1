"""Whether what came in can be a list at all.

A server in trouble, a portal that wants a login and a firewall all answer 200 with a page for people. The reader
of a list would refuse it, too, but with words about columns or roots.
"""

from __future__ import annotations

import re

_PAGE = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE | re.DOTALL
)
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{1,120})", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"


def web_page(beginning: bytes) -> str | None:
    """The title of a web page ("" where it has none) if the bytes begin one; None if they don't."""
    start = beginning.removeprefix(_BOM)
    if not _PAGE.match(start):
        return None
    title = _TITLE.search(start)
    words = title[1].decode("utf-8", "replace").split() if title else []
    return "".join(letter for letter in " ".join(words) if letter.isprintable())
