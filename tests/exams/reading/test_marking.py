"""Where the marker is drawn: on exactly the words that were quoted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.reading import Box, Limits, Page
from exams.reading.document import Word
from exams.reading.structure import pages_of
from tests.exams.reading.sheets import sheet
from tests.samples import readings
from tests.samples.lit import lit

OVER_THREE_LINES = (
    "Observations were interrupted whenever the temperature fell below fourteen "
    "degrees, because the foragers then remained inside the hive."
)
QUOTES = [
    ("prose", "Hydraulic action presses air into cracks of the bank;"),
    ("slides", "Der Schalldruck ist die Schwankung des Drucks um den Ruhewert"),
    ("columns", OVER_THREE_LINES),
    ("columns", "The transition between them cannot be a simple strengthening,"),
    ("turned", "Los alisios soplan todo el año desde los trópicos hacia el ecuador."),
    ("sideways", "The sun pulls as well, but less than half as strongly,"),
    ("dense", "Gravity pulls the ice downhill, and it yields like very stiff dough;"),
    ("hebrew", "השמש מחממת את פני הים והמים מתאדים."),
]


@pytest.mark.parametrize(("name", "quote"), QUOTES)
def test_the_ink_of_a_quote_is_lit_and_no_other(read, name, quote):
    drawn = readings.typeset(readings.source(name, lit=quote), turn=name == "turned")
    light = lit(drawn, read(drawn, limits=Limits(min_words=1)), quote)
    assert light.covered >= 0.98
    assert light.spilt <= 0.05


def placed(text: str, *boxes: tuple[float, float, float, float]) -> Page:
    """A page of 100 x 100 points with each word in its box."""
    words, start = [], 0
    for word, box in zip(text.split(), boxes, strict=True):
        edges = Box(*(edge / 100 for edge in box))
        words.append(Word(start, start + len(word), edges))
        start += len(word) + 1
    return Page(number=1, width=100, height=100, text=text, words=tuple(words))


def marked(page: Page, quote: str, margin: float = 0.0) -> list[tuple[float, ...]]:
    start = page.text.index(quote)
    return [
        tuple(round(edge * 100, 2) for edge in (b.left, b.top, b.right, b.bottom))
        for b in page.rectangles(start, start + len(quote), margin=margin)
    ]


def test_words_of_a_line_share_a_rectangle_and_lines_do_not():
    page = placed(
        "one two three four",
        (10, 10, 20, 20),
        (24, 10, 34, 20),
        (10, 22, 20, 32),
        (24, 22, 34, 32),
    )
    assert marked(page, "one two three") == [(10, 10, 34, 20), (10, 22, 20, 32)]


def test_right_to_left_words_share_a_rectangle_too():
    page = placed(
        "\u05d0\u05d1 \u05d2\u05d3 \u05d4\u05d5",
        (80, 10, 90, 20),
        (66, 10, 76, 20),
        (52, 10, 62, 20),
    )
    assert marked(page, page.text) == [(52, 10, 90, 20)]


def test_a_wide_gap_between_two_columns_stays_dark():
    page = placed("left right", (10, 10, 30, 20), (60, 10, 80, 20))
    assert marked(page, "left right") == [(10, 10, 30, 20), (60, 10, 80, 20)]


def test_lines_that_run_upwards_are_marked_along():
    page = placed(
        "sideways words here",
        (10, 60, 20, 90),
        (10, 30, 20, 57),
        (22, 60, 32, 90),
    )
    assert marked(page, "sideways words") == [(10, 30, 20, 90)]
    assert marked(page, page.text) == [(10, 30, 20, 90), (22, 60, 32, 90)]


def test_a_margin_gives_way_to_what_is_near():
    page = placed(
        "above quote after below",
        (10, 10, 40, 21),
        (10, 20, 40, 30),
        (42, 20, 60, 30),
        (10, 32, 40, 42),
    )
    # Half of the overlap, half of the space, half of the gap; nothing on the left.
    assert marked(page, "quote", margin=3) == [(7, 20.5, 41, 31)]


def test_a_part_of_a_word_lights_its_share():
    page = placed("half-lit", (10, 10, 90, 20))
    assert marked(page, "half") == [(10, 10, 50, 20)]
    page = placed("\u05d0\u05d1\u05d2\u05d3", (10, 10, 90, 20))
    assert marked(page, "\u05d0") == [(70, 10, 90, 20)]


@given(st.data())
def test_every_span_is_lit_within_the_page_and_only_where_words_are(data):
    (page,) = pages_of(
        [
            sheet(
                ("The quick brown fox jumps over the lazy dog", 50, 100),
                ("and runs away from it into the dark wood", 50, 114),
                ("where nobody has ever found it again.", 50, 128),
            )
        ]
    )
    start = data.draw(st.integers(0, len(page.text) - 1))
    end = data.draw(st.integers(start + 1, len(page.text)))
    boxes = page.rectangles(start, end, margin=1.5)
    assert bool(boxes) == bool(page.text[start:end].strip())
    assert len(boxes) <= 3
    for box in boxes:
        assert 0 <= box.left < box.right <= 1
        assert 0 <= box.top < box.bottom <= 1
    for one, other in pairwise(boxes):
        assert one.bottom <= other.top
