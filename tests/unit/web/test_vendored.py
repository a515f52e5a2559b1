"""Vendored files are what their publishers released, with their licenses."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from stopship.web import assets

JOURNEYS = Path(__file__).parents[2] / "journeys" / "web" / "vendor"


@pytest.mark.parametrize("folder", [assets.FOLDER / "vendor", JOURNEYS], ids=["package", "tests"])
def test_every_file_has_its_hash_and_its_license(folder: Path) -> None:
    sums = dict(
        reversed(line.split(maxsplit=1)) for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    )
    held = {str(path.relative_to(folder)) for path in folder.glob("*/*")}
    assert held == sums.keys()
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert all((one / "LICENSE").is_file() for one in folder.iterdir() if one.is_dir())


def test_pages_load_what_is_there() -> None:
    for name in (assets.HTMX, assets.BOOTSTRAP):
        assert len(assets.fingerprint(name)) == 12
