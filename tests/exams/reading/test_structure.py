"""From tokens to pages, without a PDF."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.reading import Page, PageKind, Role
from exams.reading.structure import pages_of
from exams.reading.tokens import Rect, Sheet, Token
from tests.exams.reading.sheets import sheet, tokens

SLIDE = {"width": 960.0, "height": 540.0}


def outline(page: Page) -> list[tuple[str, int, str]]:
    return [
        (block.role.value, block.level, page.text[block.start : block.end])
        for block in page.blocks
    ]


def one(*rows, **options) -> Page:
    return pages_of([sheet(*rows, **options)])[0]


def test_lines_of_a_paragraph_are_joined_by_a_space():
    page = one(
        ("A sentence that fills the whole first line", 50, 200),
        ("and ends on the second line of the text.", 50, 214),
    )
    assert page.text == (
        "A sentence that fills the whole first line and ends on the second line of "
        "the text."
    )
    assert len(page.blocks) == 1


def test_a_gap_an_indent_or_an_early_end_starts_a_paragraph():
    page = one(
        ("The first paragraph is long enough to fill its line", 50, 200),
        ("but ends early.", 50, 214),
        ("The second one begins where the first ended, without gap", 50, 228),
        ("and goes on to the edge of the text, so that nothing fits,", 50, 242),
        ("An indent makes the third, although the line was full", 70, 256),
        ("and a gap makes the fourth, which stands further down the", 50, 270),
        ("Fourth.", 50, 300),
    )
    assert [block[2][:12] for block in outline(page)] == [
        "The first pa",
        "The second o",
        "An indent ma",
        "Fourth.",
    ]


def test_double_spaced_lines_are_paragraphs_all_the_same():
    page = one(
        ("The first paragraph is long enough to fill its line and", 50, 200),
        ("goes on over three lines which stand far apart from one", 50, 230),
        ("another, as in a paper that is to be corrected by hand.", 50, 260),
        ("A wider gap still parts the second paragraph, which does", 50, 320),
        ("the same and so tells how far apart the lines of a page", 50, 350),
        ("are, since they end and begin amidst a sentence.", 50, 380),
    )
    assert [block[2][:14] for block in outline(page)] == [
        "The first para",
        "A wider gap st",
    ]


def test_bullets_have_levels_and_keep_their_second_lines():
    page = one(
        ("Plants", 60, 40, 34),
        ("\u2022 They need light and", 60, 150, 20),
        ("water", 80, 174, 20),
        ("\u2013 from the soil", 100, 210, 20),
        ("\u2022 They need air", 60, 240, 20),
        **SLIDE,
    )
    assert outline(page) == [
        ("title", 0, "Plants"),
        ("bullet", 1, "They need light and water"),
        ("bullet", 2, "from the soil"),
        ("bullet", 1, "They need air"),
    ]
    assert page.text == (
        "Plants\n\u2022 They need light and water\n\u2013 from the soil\n"
        "\u2022 They need air"
    )
    assert page.kind is PageKind.SLIDE


def test_a_number_where_the_text_wraps_is_no_bullet():
    page = one(
        ("The result is shown in the table on the page with number", 50, 200),
        ("12. It was measured twice and it was the same both times", 50, 214),
    )
    assert [block.role for block in page.blocks] == [Role.PARAGRAPH]


def test_a_list_that_counts_may_begin_below_a_full_line():
    page = one(
        ("Plants", 60, 40, 34),
        ("\u2022 They need light and they need water from the soil", 60, 150, 20),
        ("a) the roots draw it up", 80, 176, 20),
        ("b) the leaves let it go", 80, 202, 20),
        **SLIDE,
    )
    assert outline(page)[1:] == [
        ("bullet", 1, "They need light and they need water from the soil"),
        ("bullet", 2, "the roots draw it up"),
        ("bullet", 2, "the leaves let it go"),
    ]


def test_levels_of_a_list_are_counted_from_the_side_it_begins_on():
    first, second, third = (
        "\u05d0\u05d1\u05d2",
        "\u05d3\u05d4",
        "\u05d5\u05d6\u05d7\u05d8\u05d9",
    )

    def item(text: str, right: float, top: float) -> list[Token]:
        mark = Rect(right - 10, top, right, top + 20)
        left = right - 20 - 10 * len(text)
        box = Rect(left, top, right - 20, top + 20)
        return [
            Token("\u2022", mark, mark, gap="\n", size=20),
            Token(text, box, box, gap="<", size=20),
        ]

    parts = [*item(first, 900, 150), *item(second, 860, 190), *item(third, 900, 230)]
    page = pages_of([Sheet(number=1, tokens=tuple(parts), **SLIDE)])[0]
    assert outline(page) == [
        ("bullet", 1, first),
        ("bullet", 2, second),
        ("bullet", 1, third),
    ]


def test_headings_have_levels_by_size():
    body = [
        (f"Body text of the lecture, line number {n}", 50, 300 + 14 * n)
        for n in range(9)
    ]
    page = one(
        ("The cover", 50, 50, 30),
        ("Chapter", 50, 120, 20),
        ("Section", 50, 170, 14),
        *body,
    )
    assert outline(page)[:3] == [
        ("title", 0, "The cover"),
        ("heading", 2, "Chapter"),
        ("heading", 3, "Section"),
    ]


def test_code_keeps_its_lines_and_indents():
    code = [
        *tokens("for x in row:", 50, 200, fixed=True),
        *tokens("print(x)", 70, 212, fixed=True),
        *tokens("A sentence in ordinary type that is long enough to count.", 50, 260),
        *tokens(
            "It goes on for another line, so that the page is not all code.", 50, 274
        ),
    ]
    page = pages_of([Sheet(number=1, width=600, height=800, tokens=tuple(code))])[0]
    assert outline(page)[0] == ("code", 0, "for x in row:\n    print(x)")


def test_code_keeps_the_width_of_its_gaps():
    code = [
        *tokens("total = count + 1", 50, 200, fixed=True),
        *tokens("# all", 150, 200, gap=" ", fixed=True),
        *tokens("A sentence in ordinary type that is long enough to count.", 50, 260),
    ]
    page = pages_of([Sheet(number=1, width=600, height=800, tokens=tuple(code))])[0]
    assert outline(page)[0] == ("code", 0, "total = count + 1   # all")


def test_a_paragraph_runs_on_in_the_next_column():
    rows = [
        *((f"left column line number {n} runs on", 50, 100 + 14 * n) for n in range(8)),
        *(
            (f"right column line number {n} runs on", 320, 100 + 14 * n)
            for n in range(8)
        ),
    ]
    page = one(*rows)
    assert len(page.blocks) == 1
    assert "number 7 runs on right column" in page.text


def test_a_broken_word_is_one_word_in_two_boxes():
    parts = [
        *tokens("all about photosyn", 50, 100),
        *tokens("thesis in leaves", 50, 114, gap="-"),
    ]
    page = pages_of([Sheet(number=1, width=600, height=800, tokens=tuple(parts))])[0]
    assert page.text == "all about photosynthesis in leaves"
    words = [page.text[word.start : word.end] for word in page.words]
    assert words == ["all", "about", "photosyn", "thesis", "in", "leaves"]
    assert len(page.rectangles(10, 24)) == 2


def test_bold_words_are_spans_of_the_text():
    parts = [
        *tokens("The", 50, 100),
        *tokens("Calvin cycle", 70, 100, gap=" ", bold=True),
        *tokens("builds sugar from air.", 135, 100, gap=" "),
    ]
    page = pages_of([Sheet(number=1, width=600, height=800, tokens=tuple(parts))])[0]
    (block,) = page.blocks
    assert [page.text[start:end] for start, end in block.bold] == ["Calvin cycle"]


@pytest.mark.parametrize("apart", [40, 24])
def test_line_numbers_beside_a_listing_are_furniture(apart):
    """However near: with two digits, the column ends close to the code."""
    numbers = (9, 10, 11)
    rows = [
        *((f"value = {n}", 50 + apart, 20 * n, 16) for n in numbers),
        *((str(n), 50 if n > 9 else 58, 20 * n, 16) for n in numbers),
    ]
    page = one(("Listing", 50, 40, 34), *rows, fixed=True, **SLIDE)
    assert [line for line in outline(page) if line[0] == "furniture"] == [
        ("furniture", 0, "9 10 11")
    ]
    assert "value = 9\nvalue = 10\nvalue = 11" in page.text


def test_an_item_that_is_set_as_code_is_code_without_its_mark():
    page = one(
        ("• call()", 50, 100, 16), ("• other()", 50, 130, 16), fixed=True, **SLIDE
    )
    assert outline(page) == [("code", 0, "call()"), ("code", 0, "other()")]
    assert page.text == "• call()\n• other()"


def test_words_set_sideways_do_not_disturb_the_text():
    aside = Token("arXiv", Rect(5, 300, 15, 350), Rect(5, 300, 15, 350), gap="\n")
    whole = sheet(("A line of text", 50, 100), ("and one more", 50, 114))
    page = pages_of(
        [Sheet(number=1, width=600, height=800, tokens=whole.tokens, aside=(aside,))]
    )[0]
    assert outline(page)[-1] == ("furniture", 0, "arXiv")


@pytest.mark.parametrize("across", [1, 80, 5_000])
@pytest.mark.parametrize("fixed", [False, True])
def test_a_page_full_of_specks_is_laid_out_in_time(across, fixed):
    specks = [
        Token(
            str(place % 10),
            box := Rect(
                place % across * 4,
                place // across * 3,
                place % across * 4 + 1,
                place // across * 3 + 2,
            ),
            box,
            gap="\n",
            size=2.0,
            fixed=fixed,
        )
        for place in range(9_000)
    ]
    width, height = 4.0 * across, 3.0 * 9_000 / across
    page = Sheet(number=1, width=width, height=height, tokens=tuple(specks))
    started = time.process_time()
    (read,) = pages_of([page])
    assert len(read.words) == 9_000
    assert time.process_time() - started < 5


WORDS = st.text(
    alphabet=st.sampled_from("abcXYZ12.-\u2022\u00e9\u4e2d\u0634("),
    min_size=1,
    max_size=8,
)
TOKENS = st.builds(
    lambda text, left, top, size, gap, bold, fixed: Token(
        text,
        Rect(left, top, left + size * len(text) / 2, top + size),
        Rect(left, top, left + size * len(text) / 2, top + size),
        gap=gap,
        size=size,
        bold=bold,
        fixed=fixed,
    ),
    WORDS,
    st.floats(0, 560),
    st.floats(0, 780),
    st.sampled_from([8.0, 10.0, 10.0, 14.0, 30.0]),
    st.sampled_from([" ", " ", "\n", "+", "-"]),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(TOKENS, max_size=30), max_size=4))
def test_whatever_stands_on_a_page_its_text_blocks_and_words_agree(pages):
    sheets = [
        Sheet(number=place + 1, width=600, height=800, tokens=tuple(page))
        for place, page in enumerate(pages)
    ]
    for given_sheet, page in zip(sheets, pages_of(sheets), strict=True):
        letters = "".join(page.text.split())
        drawn = "".join(token.text for token in given_sheet.tokens)
        # Only hyphens may come or go; order and spaces are what layout is about.
        assert sorted(letters.replace("-", "")) == sorted(drawn.replace("-", ""))
        end = 0
        for order, block in enumerate(page.blocks):
            assert block.order == order
            assert end <= block.start < block.end <= len(page.text)
            end = block.end
            for start, stop in block.bold:
                assert block.start <= start < stop <= block.end
        end = 0
        for word in page.words:
            assert end <= word.start < word.end
            assert not any(map(str.isspace, page.text[word.start : word.end]))
            assert not page.text[end : word.start].strip()
            end = word.end
            box = word.box
            assert 0 <= box.left <= box.right <= 1
            assert 0 <= box.top <= box.bottom <= 1
        assert end == len(page.text.rstrip())
