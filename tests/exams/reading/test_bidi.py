"""From where letters stand to the order in which they are read."""

from __future__ import annotations

import pytest

from exams.reading.bidi import (
    Glyph,
    in_reading_order,
    is_right_to_left,
    leans_right_to_left,
)

SIZE = 10.0


def seen(line: str) -> list[Glyph]:
    """Glyphs of five points each, the first on the left as it is seen."""
    return [
        Glyph(character, 6.0 * place, 6.0 * place + 5, 6.0 * place, place)
        for place, character in enumerate(line)
    ]


def read(line: str) -> str:
    parts = in_reading_order(seen(line), SIZE)
    return "|".join("".join(glyph.character for glyph in part) for part in parts)


# Letters of the alphabet that is read from the right, named by ours.
A, B, C = "\u05d0", "\u05d1", "\u05d2"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (f"{C}{B}{A}", f"{A}{B}{C}"),
        (f"{B} {A}", f"{A} {B}"),
        (f"{B} two words {A}", f"{A} two words {B}"),
        (f"{B} 3.5 {A}", f"{A} 3.5 {B}"),
        (f"{B} ,2015 {A}", f"{A} 2015, {B}"),
        (f".18 {A}", f"{A} 18."),
        (f"{B} 12/05/2020-{A}", f"{A}-12/05/2020 {B}"),
        (f"{B} H2O {A}", f"{A} H2O {B}"),
        (f"{B} 50% {A}", f"{A} 50% {B}"),
        (f":$5 {A}", f"{A} $5:"),
        (f"{B} 2 1 {A}", f"{A} 1 2 {B}"),
        (f"{B} ++C {A}", f"{A} C++ {B}"),
        (f"{B} A/B testing {A}", f"{A} A/B testing {B}"),
        (f",Smith (2014) {A}", f"{A} Smith (2014),"),
        (f"{B} (2014) {A}", f"{A} (2014) {B}"),
    ],
)
def test_latin_words_and_numbers_keep_their_own_order(line, text):
    assert read(line) == text


@pytest.mark.parametrize("line", ["){}(", "({})", "({}(", "){})"])
def test_brackets_open_before_they_close_whatever_the_file_calls_them(line):
    assert read(f"{C} {line.format('two words')} {A}") == f"{A} (two words) {C}"


def test_a_ligature_gives_its_letters_in_order():
    alef, lam, mark = "\u0623", "\u0644", "\u0634"
    glyphs = [
        Glyph(alef, 20, 25, 20, 0),
        Glyph(lam, 20, 25, 20, 1),
        Glyph(mark, 10, 15, 10, 2),
    ]
    (part,) = in_reading_order(glyphs, SIZE)
    assert [glyph.place for glyph in part] == [1, 0, 2]


def test_a_vowel_point_follows_the_letter_it_stands_below():
    point = "\u05b8"
    glyphs = [Glyph(point, 21, 24, 21, 0), Glyph(A, 20, 25, 20, 1), *seen(B)]
    (part,) = in_reading_order(glyphs, SIZE)
    assert "".join(glyph.character for glyph in part) == f"{A}{point}{B}"


def test_a_wide_gap_makes_two_parts_and_a_narrow_one_a_space():
    glyphs = [Glyph(A, 90, 95, 90, 0, None), Glyph(B, 82, 87, 82, 1, None)]
    (part,) = in_reading_order(glyphs, SIZE)
    assert "".join(glyph.character for glyph in part) == f"{A} {B}"
    parts = in_reading_order([*glyphs, Glyph(C, 40, 45, 40, 2, None)], SIZE)
    assert [len(part) for part in parts] == [3, 1]


def test_the_outer_letters_say_how_a_line_is_read():
    assert is_right_to_left(seen(f"{B} word {A}"), leaning=False)
    assert not is_right_to_left(seen(f"one {A} word"), leaning=True)
    assert is_right_to_left(seen(f"word {A}"), leaning=True)
    assert not is_right_to_left(seen(f"word {A}"), leaning=False)
    assert not is_right_to_left(seen("one word"), leaning=True)
    assert leans_right_to_left(f"{A}{B} {C} word 1")
    assert not leans_right_to_left(f"{A}{B} two words")
