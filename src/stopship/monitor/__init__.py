"""Enrolled customers and who of them is touched when a list changes."""

from stopship.monitor.generation import Change, Generation, change_between, generation_of
from stopship.monitor.results import CHANGED, GONE, NEW, Event, Known, compare, in_order

__all__ = [
    "CHANGED",
    "GONE",
    "NEW",
    "Change",
    "Event",
    "Generation",
    "Known",
    "change_between",
    "compare",
    "generation_of",
    "in_order",
]
