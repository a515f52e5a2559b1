"""The file to upload in the example workbench: partners as an ERP exports them, so that columns must be told."""

from __future__ import annotations

import csv
import io
from itertools import islice
from pathlib import Path

from stopship.app.demo import examples

NAME = "partners-to-upload.csv"
_HEAD = ("Customer no.", "Customer", "Kind", "Land", "Street and town", "Remark")
_MISTAKES = (
    ("X901", "", "Company", "DE", "", "a row without a name: it is rejected, with its number"),
    ("X902", "Example Nowhere Ltd", "Company", "Atlantis", "", "a country that doesn't exist"),
)


def upload_bytes(most: int | None = None) -> bytes:
    """The file: about 200 partners of the package's examples and two rows with mistakes. UTF-8, semicolons.

    Args:
        most: so many partners; None: all of them.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows.writerow(_HEAD)
    with (examples() / "partners.csv").open(encoding="utf-8-sig", newline="") as stream:
        for cells in islice(csv.DictReader(stream), most):
            rows.writerow([cells[name] or "" for name in ("id", "name", "schema", "country", "address", "note")])
    rows.writerows(_MISTAKES)
    return text.getvalue().encode("utf-8-sig")


def write_upload(home: Path) -> Path:
    """Write the file into a home; where it lies."""
    path = home / NAME
    path.write_bytes(upload_bytes())
    return path
