"""The written form for "which of these": the longest paragraph and the last destination decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.rules.selection import destination_selected, paragraph_selected, read_selection


@pytest.mark.parametrize(
    ("text", "path", "selected"),
    [
        ("*", "a", True),
        ("*", "", True),
        ("* -y", "y", False),
        ("* -y", "y.1", False),
        ("* -y", "x", True),
        ("b -b.5 f.1", "b.5", False),
        ("b -b.5 f.1", "b.5.a", False),
        ("b -b.5 f.1", "b.50", True),
        ("b -b.5 f.1", "f.1", True),
        ("b -b.5 f.1", "f", False),
        ("b -b.5 f.1", "f.*", False),
        ("* ?a.1", "a.1.x", None),
        ("?*", "q", None),
        ("?* a", "a", True),
    ],
)
def test_the_longest_word_that_covers_a_paragraph_decides(text, path, selected):
    assert paragraph_selected(read_selection(text), tuple(path.split(".")) if path else ()) is selected


@pytest.mark.parametrize(
    ("text", "within", "selected"),
    [
        ("NS1", {"NS1"}, True),
        ("NS1", {"NS2"}, False),
        ("D:1 D:5 -A:5 AE", {"D:1"}, True),
        ("D:1 D:5 -A:5 AE", {"D:1", "A:5"}, False),
        ("D:1 D:5 -A:5 AE", {"A:5", "AE"}, True),
        ("?D:5 ?fn:1", {"fn:1"}, None),
        ("?* -CA", {"CA"}, False),
        ("?* -CA", set(), None),
    ],
)
def test_the_last_word_that_holds_for_a_destination_decides(text, within, selected):
    assert destination_selected(read_selection(text), within.__contains__) is selected


def test_a_sign_alone_is_refused():
    with pytest.raises(ValueError, match="names nothing"):
        read_selection("a - b")


@given(
    st.lists(st.sampled_from(["*", "a", "-a", "?a", "a.1", "-b", "?b.2"]), max_size=5), st.permutations(range(5))
)
def test_the_order_of_paragraphs_does_not_matter(words, order):
    words = list(dict.fromkeys(words))
    if len({word.lstrip("-?") for word in words}) < len(words):
        return  # One paragraph named twice contradicts itself.
    shuffled = [words[n] for n in order if n < len(words)]
    for path in ((), ("a",), ("a", "1"), ("b", "2", "*"), ("c",)):
        one, other = (paragraph_selected(read_selection(" ".join(w)), path) for w in (words, shuffled))
        assert one is other
