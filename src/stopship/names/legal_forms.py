"""Legal forms: which class of company a spelling belongs to, and how two forms relate."""

from __future__ import annotations

from functools import cache

from stopship.names.tables import rows


@cache
def _classes() -> dict[str, str]:
    return {f"legal:{form}": kind for form, kind, _countries, _spellings in rows("legal_forms.tsv")}


# Words that stand beside a real form and decide nothing: "Company", "Branch".
OPEN_CLASSES = ("company", "branch", "corporation")


def form_class(key: str) -> str:
    """The class of a form by its token key: `legal:ooo` -> `limited`; "" for an unknown key."""
    return _classes().get(key, "")


def relation(ours: frozenset[str], theirs: frozenset[str]) -> str:
    """How the legal forms of two names relate, by token keys: `same`, `class`, `absent` or `different`.

    `class` is another spelling or another country's form of the same kind (OOO and LLC); `absent` is a form on one
    side only, which says nothing.
    """
    if ours == theirs:
        return "same"
    if not ours or not theirs:
        return "absent"
    left = {form_class(key) for key in ours}
    right = {form_class(key) for key in theirs}
    if left & right or left & set(OPEN_CLASSES) or right & set(OPEN_CLASSES):
        return "class"
    return "different"
