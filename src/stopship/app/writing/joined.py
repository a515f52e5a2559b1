"""Lines of text put together column by column: what nearly all rows of a file become, without a step a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_JSON_SPECIAL = r'[\x00-\x1f"\\]'
_CSV_SPECIAL = '[",\r\n]'
_FORMULA = "^([=+\\-@\t\r])"


def text_lines(parts: Sequence[pa.Array | str], odd: np.ndarray, instead: Sequence[str]) -> bytes:
    """The UTF-8 of one line a row, one after the other.

    Args:
        parts: what a line consists of: texts that all lines have, and columns without nulls.
        odd: which rows are not put together so (n booleans).
        instead: what stands for those, in order; perhaps several lines.
    """
    lines = pc.binary_join_element_wise(*parts, "")
    if odd.any():
        lines = pc.replace_with_mask(lines, pa.array(odd), pa.array(instead, lines.type))
    if isinstance(lines, pa.ChunkedArray):
        lines = lines.combine_chunks()
    wide = pa.types.is_large_string(lines.type)
    offsets = np.frombuffer(lines.buffers()[1], np.int64 if wide else np.int32)
    begin, end = int(offsets[lines.offset]), int(offsets[lines.offset + len(lines)])
    data: bytes = lines.buffers()[2].slice(begin, end - begin).to_pybytes() if end > begin else b""
    return data


def plain_json(texts: pa.Array) -> np.ndarray:
    """Which texts stand in JSON as they are, between quotes (n booleans; null is not one)."""
    special = pc.match_substring_regex(texts, _JSON_SPECIAL).fill_null(True)
    plain: np.ndarray = ~special.to_numpy(zero_copy_only=False)
    return plain


def csv_cells(texts: pa.Array) -> pa.Array:
    """Texts as cells of a CSV: guarded against formulas, in quotes where they have to be; null is empty."""
    texts = texts.fill_null("") if texts.null_count else texts
    if pc.any(pc.match_substring_regex(texts, _FORMULA)).as_py():
        texts = pc.replace_substring_regex(texts, _FORMULA, "'\\1")
    special = pc.match_substring_regex(texts, _CSV_SPECIAL)
    if pc.any(special).as_py():
        quoted = pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', "")
        texts = pc.if_else(special, quoted, texts)
    return texts


def as_strings(values: list[Any]) -> pa.Array:
    """Cells of any type as texts."""
    return pa.array([None if v is None else v if isinstance(v, str) else str(v) for v in values], pa.string())
