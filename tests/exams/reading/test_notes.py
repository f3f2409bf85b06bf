"""Numbers of footnotes leave the sentence; powers stay."""

from __future__ import annotations

from exams.reading import Role
from exams.reading.lines import lines_of
from exams.reading.notes import without_note_marks
from exams.reading.structure import pages_of
from exams.reading.tokens import Rect, Sheet, Token
from tests.exams.reading.sheets import tokens


def raised(text: str, left: float, top: float, gap: str = "+") -> Token:
    box = Rect(left, top, left + 3 * len(text), top + 5)
    return Token(text, box, box, gap=gap, size=6.0)


SENTENCE = [
    *tokens("Water boils at a hundred degrees.", 50, 100),
    raised("1", 217, 99),
    *tokens("Then it is steam.", 230, 100, gap=" "),
]
NOTE = [
    raised("1", 50, 699, "\n"),
    *tokens("At the level of the sea.", 54, 700, gap="+"),
]


def page_of(*parts: list[Token]):
    whole = tuple(token for part in parts for token in part)
    return pages_of([Sheet(number=1, width=600, height=800, tokens=whole)])[0]


def test_the_number_of_a_note_on_the_page_is_no_part_of_the_sentence():
    page = page_of(SENTENCE, NOTE)
    assert [(b.role, page.text[b.start : b.end]) for b in page.blocks] == [
        (Role.PARAGRAPH, "Water boils at a hundred degrees. Then it is steam."),
        (Role.PARAGRAPH, "1 At the level of the sea."),
        (Role.FURNITURE, "1"),
    ]


def test_a_power_stays_even_where_there_are_notes():
    power = [*tokens("It grows with x", 50, 100), raised("2", 127, 99)]
    assert page_of(power).text == "It grows with x2"
    assert page_of(power, NOTE).text.startswith("It grows with x2\n")


def test_lines_without_notes_are_left_alone():
    lines = lines_of(SENTENCE)
    assert without_note_marks(lines) == (lines, [])
