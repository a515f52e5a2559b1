"""What a task does: a piece of Parquet in, a part of Parquet and its note out, whatever engine calls it and how
often. `partitions` says what is made of the parts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from stopship.bulk.pieces import Piece, read_piece
from stopship.bulk.places import Place
from stopship.bulk.tally import tally
from stopship.bulk.worker import WorkerScreen
from stopship.errors import StateError, StopshipError

RETRIES = 3
"""How often an engine gives a task out again whose process died."""
NOTES = "_stopship"
PLAN = f"{NOTES}/plan.json"
COUNTS = ("rows", "hit", "no_hit", "rejected", "alerts")

Note = dict[str, Any]
"""What a task says of its piece: `number`, `part`, `bytes`, `sha256`, the counts of `tally`, `file`,
`first_row`, and whether the part was there already (`kept`). Or `failed`, with an error that a retry would not
mend."""

Runner = Callable[["PartitionWork", Sequence[Piece], Callable[[int], None]], Iterator[Note]]
"""An engine: carries the work to every piece and gives the notes back in any order. The last argument is told how
many pieces are done, where the engine knows that before it has their notes."""


@dataclass(frozen=True, slots=True)
class PartitionWork:
    """What is done to a piece, in whatever process it is called. `identity` is a hash of all that results depend
    on, apart from the piece."""

    screen: WorkerScreen
    source: Place
    out: Place
    identity: str

    def __call__(self, piece: Piece) -> Note:
        """Screen a piece and write its part, unless it is there already, and whole."""
        try:
            # A process that may not work on this says so, even where there is nothing left to do.
            self.screen.terms.check_versions()
            return self.kept(piece) or self._make(piece)
        except StopshipError as error:
            about = {"message": error.message, "where": error.where, "hint": error.hint}
            return {"number": piece.number, "failed": {"kind": type(error).__name__, **about}}

    def name(self, piece: Piece) -> str:
        """The name of the part: of the same work it is always the same, of other work another."""
        made_of = orjson.dumps([self.identity, piece.to_plain()], option=orjson.OPT_SORT_KEYS)
        return f"part-{piece.number:06}-{hashlib.sha256(made_of).hexdigest()[:16]}.parquet"

    def kept(self, piece: Piece) -> Note | None:
        """The note of a part that is there and as it was written; None where it has to be made."""
        raw = self.out.read(f"{NOTES}/{self.name(piece)}.json")
        try:
            note: Note = orjson.loads(raw) if raw is not None else {}
        except orjson.JSONDecodeError:
            return None
        if (
            not note
            or not isinstance(note, dict)
            or self.out.digest(self.name(piece)) != (note.get("bytes"), note.get("sha256"))
        ):
            return None
        return {**note, "kept": True}

    def _make(self, piece: Piece) -> Note:
        counts: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        done: list[pa.RecordBatch] = []
        for batch in read_piece(self.source, piece):
            result, layout = self.screen.batch(batch)
            about = tally(result, layout)
            reasons.update(about["reasons"])
            counts.update({name: about[name] for name in COUNTS})
            done.append(result)
        if counts["rows"] != piece.rows:
            raise StateError(f"{counts['rows']:,} of {piece.rows:,} rows were answered", where=piece.file.name)
        data = _parquet(
            done, {"file": piece.file.name, "first_row": piece.first_row, **self.screen.terms.to_plain()}
        )
        note = {
            "number": piece.number,
            "part": self.name(piece),
            "file": piece.file.name,
            "first_row": piece.first_row,
            **{name: counts[name] for name in COUNTS},
            "reject_reasons": dict(sorted(reasons.items())),
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        self._must_be_ours()
        try:
            self.out.write(self.name(piece), data)
            self.out.write(f"{NOTES}/{self.name(piece)}.json", orjson.dumps(note))
        except OSError as bad:
            hint = "Is the disk full? What is done is kept: give the same command again"
            raise StateError(f"can't be written: {bad.strerror or bad}", where=self.out.at, hint=hint) from None
        return {**note, "kept": False}

    def _must_be_ours(self) -> None:
        """A task of work that was given up may come back when the folder is of other work already."""
        raw = self.out.read(PLAN)
        if raw is None or hash_of(orjson.loads(raw)) != self.identity:
            raise StateError("the output folder is of other work by now", where=self.out.at, hint="Begin again")


def hash_of(plain: Any) -> str:
    """SHA-256 of what can be written as JSON, in hexadecimal digits."""
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _parquet(batches: list[pa.RecordBatch], about: Mapping[str, Any]) -> bytes:
    """The same batches give the same bytes."""
    table = pa.Table.from_batches(batches)
    fields = [field.with_metadata(None) for field in table.schema]
    schema = pa.schema(fields, metadata={"stopship": orjson.dumps(about, option=orjson.OPT_SORT_KEYS)})
    sink = pa.BufferOutputStream()
    pq.write_table(table.cast(schema), sink, compression="zstd", row_group_size=max(1, len(table)))
    data: bytes = sink.getvalue().to_pybytes()  # some stores take no other buffers
    return data
