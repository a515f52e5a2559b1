"""Screening: the pure use case that joins matching and rules to a decision."""

from stopship.screening import markup
from stopship.screening.decision import DecidedFinding, Decision, json_schema
from stopship.screening.screener import Screener
from stopship.screening.settings import Judgement, Settings

__all__ = ["DecidedFinding", "Decision", "Judgement", "Screener", "Settings", "json_schema", "markup"]
