"""Whole files through the child process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from exams.reading import Document, Limits, PageKind, ReadingError, Role
from exams.reading.reader import ranges, title_of
from tests.samples import pdfs

TABLE = (
    "Pigment Colour Share",
    "Chlorophyll a green 60",
    "Chlorophyll b olive 25",
    "Carotene orange 15",
)


def content(document: Document) -> list[str]:
    return [
        page.text[block.start : block.end]
        for page in document.pages
        for block in page.blocks
        if block.role is not Role.FURNITURE
    ]


def roles(document: Document, number: int) -> list[tuple[str, str]]:
    page = document.pages[number - 1]
    return [
        (block.role.value, page.text[block.start : block.end]) for block in page.blocks
    ]


def test_prose_comes_out_word_for_word(read):
    document = read(pdfs.prose(2))
    assert document.title == "How plants eat light"
    assert document.language == "en"
    assert document.flags == ()
    assert roles(document, 1) == [
        ("furniture", "Botany for beginners"),
        ("title", "How plants eat light"),
        ("heading", "Part 1"),
        ("para", pdfs.PARAGRAPHS[0]),
        ("para", pdfs.PARAGRAPHS[1]),
        ("heading", "Part 2"),
        ("para", pdfs.PARAGRAPHS[2]),
        ("para", pdfs.PARAGRAPHS[3]),
        ("para", "This was lesson number 1 of the course."),
        ("furniture", "1"),
    ]
    assert [page.kind for page in document.pages] == [PageKind.PROSE] * 2
    assert document.pages[0].text == "\n".join(text for _, text in roles(document, 1))


def test_slides_are_read_from_the_title_down(read):
    document = read(pdfs.slides())
    for number, (title, bullets) in enumerate(pdfs.SLIDES, 1):
        assert roles(document, number) == [
            ("title", title),
            *(("bullet", bullet) for bullet in bullets),
            ("furniture", "Botany, first lecture"),
            ("furniture", f"{number} / {len(pdfs.SLIDES)}"),
        ]
        page = document.pages[number - 1]
        assert page.kind is PageKind.SLIDE
        assert [b.level for b in page.blocks if b.role is Role.BULLET] == [1, 2, 1]


def test_click_through_slides_point_to_the_last_click(read):
    document = read(pdfs.click_through())
    assert [page.shown_on for page in document.pages] == [
        last if number < last else 0
        for last in range(3, 3 * len(pdfs.SLIDES) + 1, 3)
        for number in range(last - 2, last + 1)
    ]


@pytest.mark.parametrize("drawn_by_rows", [False, True])
def test_two_columns_are_read_down_and_then_over(read, drawn_by_rows):
    document = read(pdfs.two_columns(drawn_by_rows=drawn_by_rows))
    assert content(document) == [
        "Light and leaves",
        " ".join(pdfs.PARAGRAPHS[:2]),
        " ".join(pdfs.PARAGRAPHS[2:]),
    ]


def test_words_broken_at_line_ends_are_mended(read):
    document = read(pdfs.hyphenated())
    assert content(document)[-1] == (
        "The well-known botanist described how the photosynthesis of a leaf depends "
        "on light, and this is a well-known result that every student of the course "
        "must learn."
    )


def test_what_nobody_sees_is_left_out_and_counted(read):
    (page,) = read(pdfs.hidden_text()).pages
    assert "INVISIBLE" not in page.text
    assert page.text.endswith("Everyone sees these words on the bar.")
    hidden = (
        "INVISIBLE white words",
        "INVISIBLE mode words",
        "INVISIBLE tiny words",
        "INVISIBLE words below the page",
        "INVISIBLE words on a white bar",
    )
    assert page.hidden_characters == sum(len(text.replace(" ", "")) for text in hidden)


def test_white_letters_are_judged_by_the_picture_behind_them(read):
    document = read(pdfs.dark_slides())
    assert document.pages[0].text.startswith("What a leaf needs\n\u2022 Light that")
    with pytest.raises(ReadingError) as caught:
        read(pdfs.dark_slides(backdrop="white"))
    assert caught.value.code == "scanned"


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_page_reads_the_same(read, degrees):
    upright = read(pdfs.prose(1)).pages[0]
    (page,) = read(pdfs.rotated(degrees, offset=15)).pages
    assert sorted(page.text.split("\n")) == sorted(upright.text.split("\n"))
    across, down = (580.28, 826.89)
    if degrees % 180:
        across, down = down, across
    assert (round(page.width, 1), round(page.height, 1)) == (
        round(across, 1),
        round(down, 1),
    )


def test_text_set_sideways_is_read_along_its_lines(read):
    assert content(read(pdfs.sideways())) == list(pdfs.PARAGRAPHS)


def test_code_and_tables_are_told_from_prose(read):
    (page,) = read(pdfs.code_and_table()).pages
    found = [
        (block.role, page.text[block.start : block.end])
        for block in page.blocks
        if block.role is not Role.PARAGRAPH
    ]
    assert found == [
        (Role.CODE, "def area(radius):\n    half = radius / 2\n    return half"),
        (Role.TABLE, "\n".join(TABLE)),
    ]


def test_references_are_marked(read):
    (page,) = read(pdfs.references()).pages
    assert [block.role.value for block in page.blocks] == [
        *["para"] * 4,
        "heading",
        *["reference"] * 3,
    ]


def test_facts_from_the_file_itself(read):
    document = read(pdfs.titled("Leaves and light"))
    assert document.title == "Leaves and light"
    assert document.outline == ((1, "Light", 1), (2, "Pigments", 2), (1, "Water", 3))
    assert [page.label for page in document.pages] == ["i", "1", "2"]


def test_facts_are_cleaned_like_the_text(read):
    title = read(pdfs.titled("Leaves\x00 and \u202elight")).title
    assert title == "Leaves and light"


def test_without_a_declared_title_the_first_one_on_the_page_is_taken(read):
    assert read(pdfs.titled("Untitled document")).title == "How plants eat light"


@pytest.mark.parametrize(
    "useless",
    ["untitled", "Microsoft PowerPoint - lecture 3", "notes.docx", "  ", "lecture"],
)
def test_a_title_that_names_the_program_is_not_taken(useless):
    assert title_of(useless, []) == ""
    assert title_of(f"On {useless.strip()} light", []) != ""


def test_scripts_and_attachments_are_told(read):
    assert read(pdfs.armed()).flags == ("attachments", "javascript")


def test_a_password_only_for_editing_does_not_matter(read):
    assert read(pdfs.encrypted("")).title == "How plants eat light"


def test_scanned_pages_are_marked_and_the_rest_is_read(read):
    document = read(pdfs.mixed_scan())
    assert document.scanned_pages == (2,)
    assert [bool(page.text) for page in document.pages] == [True, False, True]


def test_recognised_text_over_a_scan_is_read_and_told(read):
    document = read(pdfs.searchable_scan())
    assert document.flags == ("text_layer",)
    assert document.scanned_pages == ()
    assert content(document) == [" ".join(pdfs.PARAGRAPHS)]


@pytest.mark.parametrize(
    ("data", "code", "params"),
    [
        (b"", "empty", {}),
        (pdfs.encrypted(), "encrypted", {}),
        (pdfs.scan(3), "scanned", {"pages": "1-3"}),
        (pdfs.few_words(), "too_little_text", {"words": 4, "limit": 150}),
        (pdfs.blank(), "too_little_text", {"words": 0, "limit": 150}),
        (pdfs.many_pages(501), "too_many_pages", {"pages": 501, "limit": 500}),
    ],
)
def test_a_file_that_is_no_lecture_is_refused_by_name(read, data, code, params):
    with pytest.raises(ReadingError) as caught:
        read(data)
    assert (caught.value.code, caught.value.params) == (code, params)


def test_pages_of_many_letters_are_refused(read):
    with pytest.raises(ReadingError) as caught:
        read(pdfs.prose(2), limits=Limits(page_characters=200))
    assert caught.value.code == "too_complex"
    assert caught.value.params == {"page": 1, "reason": "characters"}
    with pytest.raises(ReadingError) as caught:
        read(pdfs.prose(3), limits=Limits(document_characters=3_000))
    assert caught.value.params == {"page": 3, "reason": "characters"}
    with pytest.raises(ReadingError) as caught:
        read(pdfs.prose(2), limits=Limits(page_lines=5))
    assert caught.value.params == {"page": 1, "reason": "lines"}


def test_progress_is_told_page_by_page(read):
    told = []
    read(pdfs.prose(3), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_same_file_gives_the_same_document(read):
    assert read(pdfs.prose(2)) == read(pdfs.prose(2), name="another name")


def test_page_numbers_are_said_in_ranges():
    assert ranges([1, 2, 3, 7, 9, 10]) == "1-3, 7, 9-10"
    assert ranges([]) == ""


def test_importing_the_package_loads_no_pdf_library():
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, exams.reading; print(*sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.split(".")[0] for name in said.stdout.split()}
    assert not loaded & {"pypdf", "pypdfium2", "PIL", "django", "celery"}


def test_dots_that_are_drawn_before_items_make_them_a_list(read):
    """As browsers print them; no letter of the file says so."""
    [page] = read(pdfs.dotted(), limits=Limits(min_words=1)).pages
    outline = [
        (block.role, block.level, page.text[block.start : block.end])
        for block in page.blocks
    ]
    assert outline == [
        ("title", 0, "Loops"),
        ("bullet", 1, "A loop repeats"),
        ("bullet", 2, "as often as it is told"),
        ("bullet", 2, "or until something happens"),
        ("bullet", 1, "A loop may never end"),
        (
            "para",
            0,
            "No dot is before these plain words, and the next are far from one.",
        ),
    ]
    assert "\n\u2022 as often as it is told\n" in page.text
    start = page.text.index("\u2022 as")
    [lit] = page.rectangles(start + 2, start + 24)
    # The dot is not lit with the words.
    assert lit.left == pytest.approx(120 / 960, abs=0.003)
