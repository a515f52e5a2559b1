"""Law as data: the rulebook, and what it says of an order. Knows nothing of names, scores or list files."""

from stopship.rules.ccl import CommerceControlList, Entry
from stopship.rules.citation import Citation
from stopship.rules.evaluate import evaluate
from stopship.rules.examples import ExampleResult, run_examples
from stopship.rules.finding import Evaluation, Finding, Question, Subject, combine
from stopship.rules.law import Law
from stopship.rules.lint import Problem, lint
from stopship.rules.outcome import Outcome, ReviewPolicy, Scope, Status, governing, strictest
from stopship.rules.rulebook import Rulebook

__all__ = [
    "Citation",
    "CommerceControlList",
    "Entry",
    "Evaluation",
    "ExampleResult",
    "Finding",
    "Law",
    "Outcome",
    "Problem",
    "Question",
    "ReviewPolicy",
    "Rulebook",
    "Scope",
    "Status",
    "Subject",
    "combine",
    "evaluate",
    "governing",
    "lint",
    "run_examples",
    "strictest",
]
