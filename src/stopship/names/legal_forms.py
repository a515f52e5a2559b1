"""Legal forms: which class of company a spelling belongs to, and how two forms relate."""

from __future__ import annotations

from functools import cache

from stopship.names.tables import rows


@cache
def _classes() -> dict[str, str]:
    return {f"legal:{form}": kind for form, kind, _countries, _spellings in rows("legal_forms.tsv")}


# Where forms are printed in front of the name: in the languages of the former Soviet Union and Yugoslavia, in
# French, Romanian, the Baltic languages, Indonesian, Vietnamese, Persian and Thai, and in the Emirates.
_IN_FRONT = frozenset(
    (
        "RU", "BY", "UA", "KZ", "KG", "UZ", "TJ", "TM", "AM", "AZ", "GE", "MD", "RO", "RS", "BA", "ME", "MK", "HR",
        "SI", "BG", "LT", "LV", "EE", "FR", "BE", "LU", "DZ", "MA", "TN", "CM", "CD", "LB", "ID", "VN", "IR", "TH",
        "AE",
    )
)  # fmt: skip


@cache
def _front_forms() -> frozenset[str]:
    return frozenset(
        f"legal:{form}"
        for form, _class, countries, _spellings in rows("legal_forms.tsv")
        if not _IN_FRONT.isdisjoint(countries.split(","))
    )


def stands_in_front(key: str) -> bool:
    """Whether a short form (by its token key) may be the first word of a name: `OAO Foobar`, but `AG Terminal` and
    `SB International` are names."""
    return key in _front_forms()


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
