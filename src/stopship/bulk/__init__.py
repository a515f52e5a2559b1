"""Bulk work: a stream of Arrow batches in, the same rows with their answers out.

`screen_batches` is the contract that every engine calls; `local` runs it in the processes of one machine.
"""

from stopship.bulk.batch import BatchScreener, ScreenOptions, screen_batches
from stopship.bulk.columns import Layout, layout_of

__all__ = ["BatchScreener", "Layout", "ScreenOptions", "layout_of", "screen_batches"]
