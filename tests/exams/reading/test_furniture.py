from __future__ import annotations

from exams.reading.furniture import furniture
from tests.exams.reading.sheets import HEIGHT, lines


def found(pages, counted=None):
    lined = [lines(*page) for page in pages]
    places = furniture(
        lined,
        [HEIGHT] * len(pages),
        counted=counted or [True] * len(pages),
        body=10.0,
    )
    return [
        sorted(page[place].text for place in spots)
        for page, spots in zip(lined, places, strict=True)
    ]


def page(number, *extra):
    return [
        ("Course of Botany", 50, 30),
        (f"Text of page {number} alone", 50, 300),
        (f"page {number} of 9", 50, 760),
        *extra,
    ]


def test_running_head_and_page_number_are_found():
    assert found([page(1), page(2), page(3)]) == [
        ["Course of Botany", f"page {number} of 9"] for number in (1, 2, 3)
    ]


def test_what_stands_in_the_middle_is_text():
    pages = [[("the same words", 50, 400), (f"page {n}", 50, 760)] for n in (1, 2, 3)]
    assert found(pages) == [["page 1"], ["page 2"], ["page 3"]]


def test_a_large_line_is_a_title_even_if_it_repeats():
    pages = [[("Exercises", 50, 40, 24), (f"task {n}", 50, 400)] for n in range(5)]
    assert found(pages) == [[]] * 5


def test_a_slide_printed_thrice_does_not_make_its_words_furniture():
    pages = [[("Small title", 50, 40), (f"step {n}", 50, 400)] for n in range(3)]
    assert found(pages, counted=[False, False, True]) == [[]] * 3


def test_two_numbered_pages_are_enough():
    pages = [[("text", 50, 400), (str(number), 300, 770)] for number in (7, 8)]
    assert found(pages) == [["7"], ["8"]]


def test_numbers_that_do_not_count_the_pages_are_text():
    pages = [[("text", 50, 400), (str(number), 300, 770)] for number in (1945, 7)]
    assert found(pages) == [[], []]


def test_a_page_number_above_a_wide_margin_is_found():
    pages = [[("text", 50, 400), (str(number), 300, 640)] for number in (1, 2, 3)]
    assert found(pages) == [["1"], ["2"], ["3"]]


def test_a_year_in_the_running_head_does_not_hide_the_page_number():
    pages = [
        [("2026", 500, 30), ("text", 50, 400), (str(number), 300, 770)]
        for number in (1, 2)
    ]
    assert found(pages) == [["1", "2026"], ["2", "2026"]]


def test_pages_without_text_do_not_count():
    pages = [
        [("Course", 50, 30), ("text", 50, 400), ("1", 300, 770)],
        [],
        [("Course", 50, 30), ("more", 50, 400), ("2", 300, 770)],
    ]
    assert found(pages) == [["1", "Course"], [], ["2", "Course"]]
