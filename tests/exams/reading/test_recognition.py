"""Tesseract's answer made into words: by hand, without tesseract."""

from __future__ import annotations

import pytest

from exams.reading import ReadingError
from exams.reading.recognition import Recognised, SeenWord, parse, with_words
from exams.reading.structure import pages_of
from exams.reading.tokens import Sheet

HEAD = "\t".join(f"column{number}" for number in range(12))
WIDTH, HEIGHT = 1000, 2000
PAGE = f"1\t1\t0\t0\t0\t0\t0\t0\t{WIDTH}\t{HEIGHT}\t-1\t"


def word(
    text: str,
    left: int,
    bottom: int,
    *,
    line: int = 1,
    size: float = 100,
    sure: float = 90,
) -> str:
    """A row as tesseract writes it: its box hugs the ink of letters of this size."""
    tall = 0.72 if set(text) - set("acegmnopqrsuvwxyz") else 0.5
    deep = 0.21 if set(text) & set("gjpqy") else 0.0
    top = round(bottom - tall * size)
    height = round((tall + deep) * size)
    width = round(0.5 * size * len(text))
    return f"5\t1\t1\t1\t{line}\t1\t{left}\t{top}\t{width}\t{height}\t{sure}\t{text}"


def said(*rows: str) -> list[bytes]:
    return [row.encode() for row in (HEAD, PAGE, *rows)]


def test_words_have_their_places_as_shares_of_the_page():
    found = parse(said(word("Leaf", 100, 500), word("green", 400, 500)))
    assert found.words == (
        SeenWord("Leaf", 0.1, 0.214, 0.3, 0.2605, 0.05, opens=True),
        SeenWord("green", 0.4, 0.214, 0.65, 0.2605, 0.05, opens=False),
    )


def test_letters_above_and_below_the_line_do_not_change_its_size():
    """`acorn` is half as high in ink as `apply`, and set in the same type."""
    found = parse(said(word("acorn", 100, 500), word("apply", 100, 700, line=2)))
    first, second = found.words
    assert first.size == pytest.approx(second.size) == 0.05
    assert first.bottom - first.top == pytest.approx(second.bottom - second.top)


def test_what_is_nearly_of_one_size_is_of_one_size_and_a_heading_is_not():
    found = parse(
        said(
            word("Heading", 100, 300, size=160),
            word("Light", 100, 500, line=2, size=100),
            word("Water", 100, 700, line=3, size=106),
            word("Sugar", 100, 900, line=4, size=100),
        )
    )
    heading, *others = [one.size for one in found.words]
    assert heading == pytest.approx(0.08, abs=0.001)
    assert others == [0.05, 0.05, 0.05]


def test_the_confidence_is_that_of_the_letters():
    """Many short words that were guessed do not outweigh what was read."""
    found = parse(
        said(word("chloroplast", 0, 500, sure=96), word("a", 800, 500, sure=0))
    )
    assert found.confidence == 88


def test_rows_without_words_say_nothing():
    blank = f"5\t1\t1\t1\t1\t1\t0\t0\t{WIDTH}\t{HEIGHT}\t95\t "
    assert parse(said(blank)) == Recognised()
    assert not parse(said(blank)).is_sure


def test_the_dot_of_an_item_is_one_whatever_it_was_read_as():
    near, far = word("e", 100, 500), word("o", 100, 700, line=2)
    found = parse(
        said(
            *(near, word("mail", 165, 500)),
            *(far, word("Light", 240, 700, line=2)),
        )
    )
    assert [one.text for one in found.words] == ["e", "mail", "•", "Light"]


def test_invisible_characters_do_not_come_in_this_way_either():
    found = parse(said(word("gr\u200ba\x00in", 100, 500)))
    assert [one.text for one in found.words] == ["grain"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [HEAD],
        [HEAD, PAGE.replace("1000", "0")],
        [HEAD, PAGE.replace("1000", "wide")],
        [HEAD, PAGE, word("Leaf", 100, 500).replace("90", "sure")],
        [HEAD, word("Leaf", 100, 500)],
    ],
)
def test_an_answer_that_is_none_is_refused(rows: list[str]):
    with pytest.raises(ReadingError) as caught:
        parse(row.encode() for row in rows)
    assert (caught.value.code, caught.value.params) == ("damaged", {})


def test_more_letters_than_fit_on_a_page_are_refused():
    rows = said(word("a" * 60, 0, 500), word("b" * 41, 0, 500))
    with pytest.raises(ReadingError) as caught:
        parse(rows, most_characters=100)
    assert caught.value.params == {"reason": "characters"}


def test_it_comes_out_of_a_row_as_it_went_in():
    found = parse(said(word("Leaf", 100, 500), word("green", 400, 500)))
    again = Recognised.of_row(found.confidence, found.to_json(), found.trouble)
    assert again == found


PICTURE = Sheet(number=7, width=500, height=1000, scan=True)


def test_a_sure_recognition_makes_a_page_with_text_and_places():
    found = parse(
        said(
            word("Light", 100, 500, sure=70),
            word("feeds", 400, 500, sure=70),
            word("leaves.", 100, 620, line=2, sure=70),
        )
    )
    [page] = pages_of([with_words(PICTURE, found)])
    assert page.text == "Light feeds leaves."
    assert (page.scan, page.confidence, page.trouble) == (False, 70, "")
    upper, lower = page.rectangles(0, len(page.text))
    assert (upper.left, upper.right) == (0.1, 0.65)
    assert (lower.top, lower.bottom) == pytest.approx((0.274, 0.3205))


@pytest.mark.parametrize(
    "found",
    [
        Recognised(69, parse(said(word("Light", 100, 500))).words),
        Recognised(0),
        Recognised(0, trouble="time"),
    ],
)
def test_an_unsure_one_leaves_a_picture_that_says_how_unsure(found: Recognised):
    [page] = pages_of([with_words(PICTURE, found)])
    assert page.text == ""
    assert page.scan
    assert (page.confidence, page.trouble) == (found.confidence, found.trouble)
