from __future__ import annotations

from collections import Counter

from exams.reading.overlays import shown_on


def later(*pages: str) -> list[int]:
    counted = [Counter(page.split()) for page in pages]
    return shown_on(counted, range(1, len(pages) + 1))


def test_each_click_points_to_the_last_one():
    assert later("a b", "a b c", "a b c d", "x y") == [3, 3, 0, 0]


def test_a_page_that_loses_words_is_no_click():
    assert later("a b c d", "a b c e") == [0, 0]


def test_one_word_in_twenty_may_differ():
    words = " ".join(f"word{n}" for n in range(19))
    assert later(f"{words} old", f"{words} new more") == [2, 0]


def test_empty_pages_take_no_part():
    assert later("", "a b") == [0, 0]
