from __future__ import annotations

from exams.reading.order import is_plausible, reading_order
from exams.reading.tables import with_rows_joined
from tests.exams.reading.sheets import HEIGHT, WIDTH, lines


def ordered(*rows, drawn_order=False):
    order = reading_order(lines(*rows), WIDTH, HEIGHT, drawn_order=drawn_order)
    return [line.text for line in order]


def test_a_title_drawn_last_is_read_first():
    assert ordered(
        ("point one", 50, 200), ("point two", 50, 230), ("The title", 50, 60, 24)
    ) == ["The title", "point one", "point two"]


def test_columns_are_read_one_after_the_other():
    left = [(f"left line {row}", 50, 100 + 14 * row) for row in range(4)]
    right = [(f"right line {row}", 320, 100 + 14 * row) for row in range(4)]
    mixed = [row for pair in zip(left, right, strict=True) for row in pair]
    assert ordered(("Over both of them and quite wide it is", 50, 50, 20), *mixed) == [
        "Over both of them and quite wide it is",
        *[row[0] for row in left],
        *[row[0] for row in right],
    ]


def test_paragraphs_that_line_up_across_columns_are_not_read_across():
    rows = [
        ("left part one", 50, 100),
        ("right part one", 320, 100),
        ("left part two", 50, 160),
        ("right part two", 320, 160),
    ]
    assert ordered(*rows) == [
        "left part one",
        "left part two",
        "right part one",
        "right part two",
    ]


def test_a_line_far_below_two_columns_is_read_after_both():
    rows = [
        ("on the left", 50, 100),
        ("on the right", 320, 100),
        ("and more of it", 50, 115),
        ("and more there", 320, 115),
        ("far below", 50, 200),
    ]
    assert ordered(*rows) == [
        "on the left",
        "and more of it",
        "on the right",
        "and more there",
        "far below",
    ]
    # A column with such gaps may well go on after the other one has ended.
    rows[2:4] = [("and more of it", 50, 150), ("and more there", 320, 150)]
    assert ordered(*rows)[:3] == ["on the left", "and more of it", "far below"]


def test_prose_keeps_the_order_of_the_file():
    rows = [
        ("left column runs down", 50, 100),
        ("and on to its end", 50, 115),
        ("right column begins here", 320, 100),
        ("and ends here too", 320, 115),
    ]
    assert ordered(*rows, drawn_order=True) == [row[0] for row in rows]


def test_prose_drawn_across_its_columns_is_not_trusted():
    across = [
        row
        for place in range(4)
        for row in (
            ("four words in here", 50, 100 + 15 * place),
            ("four words over there", 320, 100 + 15 * place),
        )
    ]
    assert not is_plausible(lines(*across))


def test_right_to_left_columns_start_on_the_right():
    rows = [
        ("\u0634\u0645\u0627\u0644", 50, 100),
        ("\u06cc\u0645\u06cc\u0646", 320, 100),
    ]
    assert ordered(*rows) == [rows[1][0], rows[0][0]]


def test_parts_of_a_line_drawn_apart_are_put_together():
    assert ordered(
        ("the end", 106, 100), ("at first", 50, 200), ("this is", 66, 100)
    ) == [
        "this is the end",
        "at first",
    ]


def test_rows_of_short_cells_are_a_table():
    cells = [
        (text, left, 100 + 16 * row)
        for row, texts in enumerate(
            (("Ion", "Charge", "Mass"), ("Na", "1", "23"), ("Ca", "2", "40"))
        )
        for left, text in zip((50, 200, 350), texts, strict=True)
    ]
    joined = with_rows_joined(lines(*cells, ("Text below the table.", 50, 200)))
    assert [(line.text, line.row) for line in joined] == [
        ("Ion Charge Mass", True),
        ("Na 1 23", True),
        ("Ca 2 40", True),
        ("Text below the table.", False),
    ]


def test_text_in_the_next_column_is_no_cell():
    text = [
        ("a line of running text with many words", 50, 100 + 13 * n) for n in range(6)
    ]
    cells = [
        (cell, left, 100 + 26 * row)
        for row, cells in enumerate((("Na", "1"), ("Ca", "2"), ("K", "1")))
        for left, cell in zip((350, 420), cells, strict=True)
    ]
    joined = with_rows_joined(lines(*text, *cells))
    assert [line.text for line in joined if line.row] == ["Na 1", "Ca 2", "K 1"]


def test_columns_of_bullets_are_no_table():
    cells = [
        (f"\u2022 {side} {row}", left, 100 + 16 * row)
        for row in range(4)
        for side, left in (("left", 50), ("right", 300))
    ]
    assert not any(line.row for line in with_rows_joined(lines(*cells)))


def test_a_staircase_of_lines_ends():
    steps = [("step", 10 + 5 * place, 10 + 5 * place) for place in range(150)]
    assert len(ordered(*steps)) == 150
