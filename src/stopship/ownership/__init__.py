"""Who owns whom, from outside of an order: readers of ownership data, the graph of stakes, and how orders meet
it."""

from stopship.ownership.build import GraphBuilder
from stopship.ownership.contract import Reject, Report
from stopship.ownership.graph import OwnershipGraph
from stopship.ownership.joining import join

__all__ = ["GraphBuilder", "OwnershipGraph", "Reject", "Report", "join"]
