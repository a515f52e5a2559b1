"""The full list of the benchmark: read, indexed once, and kept in `.bench-cache`."""

from __future__ import annotations

import gzip
import hashlib
import os
from importlib import import_module
from pathlib import Path

from stopship.matching import Index, IndexedList, table
from stopship.matching.weights import SCORER_VERSION
from stopship.names import NORMALIZER_VERSION
from stopship.sources.catalogue import parse

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".bench-cache"
LIST = Path("lists", "us_csl", "consolidated.csv.gz")


def data_folder() -> Path:
    """The folder that STOPSHIP_TEST_DATA names.

    Raises:
        SystemExit: it is not set, or has no list; one line says so.
    """
    value = os.environ.get("STOPSHIP_TEST_DATA")
    if not value:
        raise SystemExit("STOPSHIP_TEST_DATA is not set: name the folder with lists/ and corpora/ (see README.md)")
    if not (Path(value) / LIST).is_file():
        raise SystemExit(f"STOPSHIP_TEST_DATA: {Path(value) / LIST} is not there")
    return Path(value)


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def code_hash() -> str:
    """SHA-256 of everything that decides what an index holds: the code and tables of `names` and `matching`.

    The scorer's table is left out: no index holds any of it. The version numbers change with a release only; a
    benchmark is run between them.
    """
    digest = hashlib.sha256()
    for package in ("stopship.names", "stopship.matching"):
        folder = Path(str(import_module(package).__file__)).parent
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".tsv", ".txt")):
            if path == table.PATH:
                continue
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def index_path(data: Path, *, at_most: int | None = None) -> Path:
    """The index of the full list; built where none fits the list's bytes, the versions and the code.

    `at_most` makes a small one of that many entries, spread over the list: for tests.
    """
    key = f"{file_hash(data / LIST)}\0{NORMALIZER_VERSION}\0{SCORER_VERSION}\0{code_hash()}\0{at_most or ''}"
    path = CACHE / f"csl-{hashlib.sha256(key.encode()).hexdigest()[:16]}.index"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        parsed = parse("us_csl", gzip.decompress((data / LIST).read_bytes()), "consolidated.csv")
        step = max(1, len(parsed.entities) // at_most) if at_most else 1
        entities = parsed.entities[::step]
        listed = IndexedList(
            "us_csl", "sha256:" + file_hash(data / LIST), None, None, len(entities), None, "official"
        )
        Index.build([(listed, entities)]).write(path)
    return path
