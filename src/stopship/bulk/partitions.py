"""Partitions of Parquet in, partitions of Parquet out, each exactly once, whatever engine carries the work.

::

    OUT/part-000012-<hash>.parquet     one for each piece of the input, named by all that it depends on
    OUT/_stopship/plan.json            what the work is; another piece of work is refused here
    OUT/_stopship/<part>.json          a note for each finished part: bytes, SHA-256, counts
    OUT/_manifest.json                 written last: all parts are there, with their counts and hashes

A part appears whole under its name, and its note after it. A task that is done twice, at the same time or later,
writes the same part again; one that was lost has left nothing that counts. So no engine needs to be trusted to run
a task once, and the same call goes on with what is missing. Readers of datasets pass over names with `_`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from stopship import errors
from stopship.bulk.batch import ScreenOptions
from stopship.bulk.columns import layout_of
from stopship.bulk.inputs import parquet_files
from stopship.bulk.partition_work import COUNTS, PLAN, Note, PartitionWork, Runner, hash_of
from stopship.bulk.pieces import PIECE_ROWS, Piece, cut
from stopship.bulk.places import Place, is_hidden, is_url
from stopship.bulk.terms import Terms
from stopship.bulk.worker import WorkerScreen
from stopship.errors import SettingsError, StateError, TableError, WorkerError

FORMAT = 1
MANIFEST = "_manifest.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """A piece of work: what is done to each piece, the pieces, and the folder of the index on this machine."""

    work: PartitionWork
    pieces: tuple[Piece, ...]
    index: Path
    dropped: tuple[str, ...]
    found: bool
    """Whether the output had been begun before."""
    passed_over: int = 0
    """Files in the input folder that are no Parquet by their names."""

    @property
    def rows(self) -> int:
        return sum(piece.rows for piece in self.pieces)


def plan(
    source: str,
    out: str,
    index: Path,
    options: ScreenOptions,
    *,
    at: str | None = None,
    piece_rows: int = PIECE_ROWS,
) -> Plan:
    """Look at the input, and claim the output folder.

    Args:
        source: a folder, a pattern or one file of Parquet, by path or URL; all files with the same columns.
        out: a folder by path or URL: empty, not there, or begun by the same work.
        index: the folder of the index on this machine.
        options: what is asked of every row.
        at: where workers find the index (path or URL); None: the engine brings it, or they see `index`.
        piece_rows: rows of a part, about.

    Raises:
        TableError: the input can't be read, the output can't be written or holds something else.
        SettingsError: the output was begun with other input, options, lists or versions (it says which).
        IndexFileError, WorkerRefused: the index can't be used, or `at` has another one.
    """
    if piece_rows < 1:
        raise SettingsError(f"{piece_rows:,} rows are too few for a part", where="--part-rows")
    terms = Terms.of(index)
    if at is not None and not is_url(at):
        at = str(Path.cwd() / at)  # workers may be in another folder
    if at is not None and (there := Terms.of(at)) != terms:
        raise SettingsError(
            f"the index there is {there.index[:19]}…, the lists in use make {terms.index[:19]}…",
            where=at,
            hint=f"Copy this folder there: {index}",
        )
    place, names, passed_over = parquet_files(source)
    target = Place(out)
    _must_lie_apart(target, Place(source), place)
    pieces, schema = cut(place, names, piece_rows)
    dropped = layout_of(schema).dropped
    identity = {
        "input": hash_of([asdict(file) for file in dict.fromkeys(piece.file for piece in pieces)]),
        "part rows": piece_rows,
        "options": [options.min_score, options.limit, options.alerts_from],
        "lists": [terms.index, terms.data],
        "version": [FORMAT, terms.engine, terms.normalizer, terms.scorer, terms.unicode],
    }
    found = _claim(target, identity)
    screen = WorkerScreen(terms, options, at)
    work = PartitionWork(screen, place, target, hash_of(identity))
    return Plan(work, tuple(pieces), index, dropped, found, passed_over)


def _must_lie_apart(out: Place, source: Place, read_from: Place) -> None:
    """Output in a folder that is read whole would be input the next time."""
    if read_from.at != source.at or not f"{out.at}/".startswith(f"{source.at}/"):
        return
    if not is_hidden(out.at.removeprefix(source.at).strip("/") or "x"):
        raise SettingsError(
            "the output would lie in the input folder", where="--out", hint="Give a folder beside it"
        )


def _claim(out: Place, identity: Mapping[str, Any]) -> bool:
    raw = out.read(PLAN)
    if raw is None:
        if strangers := [*(name for name in out.sizes() if not is_hidden(name)), *out.parquet()]:
            raise TableError(
                f"there are other files in the output folder ({strangers[0]})",
                where=out.at,
                hint="Give an empty one",
            )
        try:
            out.write(PLAN, orjson.dumps(identity, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
        except OSError as bad:
            raise TableError(f"can't be written: {bad.strerror or bad}", where=out.at) from None
        return False
    try:
        before = orjson.loads(raw)
    except orjson.JSONDecodeError:
        before = {}
    if before != orjson.loads(orjson.dumps(identity)):
        what = [key for key in identity if not isinstance(before, dict) or before.get(key) != identity[key]]
        raise SettingsError(
            f"the output was begun otherwise: not the same {', '.join(what) or 'work'}",
            where=out.at,
            hint="Give another folder, or delete this one to start anew",
        )
    return True


def carry_out(
    planned: Plan,
    run: Runner,
    *,
    told: Callable[[int, int, float | None], None] | None = None,
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Have an engine do the work, and write the manifest when all of it is there.

    Args:
        planned: what `plan` gave.
        run: the engine.
        told: is told the rows done, those with a hit, and the share of all rows.
        about: stands in the manifest, too.

    Returns:
        The manifest, and beside it `parts_kept` and `rows_kept`: what was there before.

    Raises:
        WorkerRefused: a process had another index or version. WorkerError: a task was lost, or a part is not what
            its task wrote. TableError, StateError: input or output can't be read or written. What is done is kept.
    """
    work, notes = planned.work, dict[int, Note]()
    sealed = _is_sealed(work.out)
    hits = 0

    def tell(rows: int) -> None:
        if told:
            told(rows, hits, rows / planned.rows if planned.rows else 1.0)

    def done_there(pieces: int) -> None:
        tell(sum(piece.rows for piece in planned.pieces[:pieces]))

    done_rows = 0
    for note in run(work, planned.pieces, done_there):
        if "failed" in note:
            if sealed and note["failed"]["kind"] != "WorkerRefused":
                work.out.remove(MANIFEST)  # its part was not there, or not whole
            _raise(note["failed"])
        if sealed and not note["kept"]:
            work.out.remove(MANIFEST)  # a part was missing or damaged: it isn't true until all are there again
            sealed = False
        notes[note["number"]] = note
        done_rows, hits = done_rows + note["rows"], hits + note["hit"]
        tell(done_rows)
    return _seal(planned, notes, about or {})


def _is_sealed(out: Place) -> bool:
    """Whether there is a manifest; one of parts that aren't there any more is taken away."""
    raw = out.read(MANIFEST)
    if raw is None:
        return False
    there = out.sizes()
    try:
        whole = all(there.get(part["part"]) == part["bytes"] for part in orjson.loads(raw)["parts"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        whole = False
    if not whole:
        out.remove(MANIFEST)
    return whole


def _raise(failed: Mapping[str, Any]) -> None:
    kind = getattr(errors, failed["kind"], StateError)
    raise kind(failed["message"], where=failed["where"], hint=failed["hint"])


def _seal(planned: Plan, notes: Mapping[int, Note], about: Mapping[str, Any]) -> dict[str, Any]:
    work = planned.work
    there = work.out.sizes()
    wanted = {work.name(piece): piece for piece in planned.pieces}
    for name, piece in wanted.items():
        note = notes.get(piece.number)
        if note is None or there.get(name) != note["bytes"]:
            raise WorkerError(
                "a part is missing, or not as its task wrote it", where=work.out.where(name), hint="Run it again"
            )
    for name in there:
        if name.startswith("_part-") and name.endswith(".tmp"):
            work.out.remove(name)  # of tasks that were ended
    if strange := [n for n in (*there, *work.out.parquet()) if n not in wanted and not is_hidden(n)]:
        raise WorkerError("this is no part of the output", where=work.out.where(strange[0]), hint="Remove it")
    ordered = [notes[number] for number in sorted(notes)]
    reasons: Counter[str] = Counter()
    for note in ordered:
        reasons.update(note["reject_reasons"])
    files = dict.fromkeys(piece.file for piece in planned.pieces)
    manifest = {
        "format": FORMAT,
        **{name: sum(note[name] for note in ordered) for name in COUNTS},
        "reject_reasons": dict(sorted(reasons.items())),
        "dropped_columns": list(planned.dropped),
        "terms": work.screen.terms.to_plain(),
        "options": {**asdict(work.screen.options), "threshold": work.screen.options.alerts_from},
        "input": {
            "at": work.source.at,
            "files": [asdict(file) for file in files],
            "passed_over": planned.passed_over,
        },
        "parts": [{k: v for k, v in note.items() if k != "kept"} for note in ordered],
        **about,
    }
    data = orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
    try:
        if work.out.read(MANIFEST) != data:  # a finished folder may be read-only by now
            work.out.write(MANIFEST, data)
    except OSError as bad:
        raise StateError(f"can't be written: {bad.strerror or bad}", where=work.out.at) from None
    kept = [note for note in ordered if note["kept"]]
    return {**manifest, "parts_kept": len(kept), "rows_kept": sum(note["rows"] for note in kept)}
