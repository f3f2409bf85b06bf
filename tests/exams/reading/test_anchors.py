"""Quotes are found again in a text that was read anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.reading.anchors import find

TEXT = "Guard cells open the stoma.\nThe stoma lets air in."


def test_a_quote_that_is_where_it_was_stays_there() -> None:
    assert find(TEXT, "Guard cells", start=0, end=11) == (0, 11)


def test_of_several_places_the_nearest_is_meant() -> None:
    text = "one two. one two. one two."
    assert find(text, "one two", start=10, end=17) == (9, 16)
    assert find(text, "one two", start=99, end=106) == (18, 25)


def test_another_break_of_lines_is_the_same_quote() -> None:
    broken = TEXT.replace("open the", "open\nthe")
    place = find(broken, "Guard cells open the stoma.", start=3, end=30)
    assert place == (0, 27)
    assert broken[slice(*place)] == "Guard cells open\nthe stoma."


@pytest.mark.parametrize("quote", ["", "  ", "Guard cells shut", "cell", "guard cells"])
def test_other_words_are_another_quote(quote: str) -> None:
    assert find(TEXT, quote, start=0, end=4) is None


@given(
    st.text("ab ()\n.", max_size=30),
    st.text("ab ()\n.", max_size=8),
    st.integers(0, 30),
)
def test_what_is_found_says_the_same(text: str, quote: str, start: int) -> None:
    place = find(text, quote, start=start, end=start + len(quote))
    if place is not None:
        assert text[slice(*place)].split() == quote.split()
