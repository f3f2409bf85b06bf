from __future__ import annotations

from exams.reading.lines import OPEN_HYPHEN, lines_of
from tests.exams.reading.sheets import lines, tokens


def texts(*rows):
    return [line.text for line in lines(*rows)]


def test_words_on_one_row_are_one_line():
    assert texts(("one two three", 50, 100)) == ["one two three"]


def test_rows_are_lines():
    assert texts(("one two", 50, 100), ("three", 50, 115)) == ["one two", "three"]


def test_a_wide_gap_cuts_a_row_in_two():
    assert texts(("left side", 50, 100), ("right side", 300, 100)) == [
        "left side",
        "right side",
    ]


def test_a_raised_index_joins_its_word():
    raised = tokens("2", 60, 97, 6)
    assert [line.text for line in lines_of([*tokens("x", 54, 100, 10), *raised])] == [
        "x2"
    ]


def test_a_bullet_joins_the_text_it_marks_wherever_the_file_drew_it():
    assert texts(
        ("\u2022", 50, 100),
        ("\u2022", 50, 120),
        ("first point", 75, 100),
        ("second point", 75, 120),
    ) == ["\u2022 first point", "\u2022 second point"]


def test_a_lone_number_far_away_marks_nothing():
    assert texts(("1.", 50, 100), ("far away", 300, 100)) == ["1.", "far away"]


def test_an_open_hyphen_ends_its_line():
    first = tokens("the exam", 50, 100)
    second = tokens("ple", 50, 115, gap="-")
    broken = lines_of([*first, *second])
    assert [line.text for line in broken] == [f"the exam{OPEN_HYPHEN}", "ple"]


def test_fixed_pitch_counts_by_letters():
    mixed = lines_of(
        [*tokens("a", 50, 100), *tokens("longword", 60, 100, gap=" ", fixed=True)]
    )
    assert mixed[0].fixed
