"""Boxes against the drawn page: what is lit must be what was quoted."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from exams.reading import Box, Page, render_pages
from tests.samples import pdfs

WIDTH = 1200
DARK = 150


def picture_of(path, number: int) -> Image.Image:
    (image,) = render_pages(path, [number], width=WIDTH)
    return Image.open(io.BytesIO(image.webp)).convert("L")


def ink(picture: Image.Image, box: Box) -> tuple[int, int, int, int] | None:
    """Where there is ink inside the box, in pixels from the box's corner."""
    return cropped(picture, box).point(lambda grey: 255 if grey < DARK else 0).getbbox()


def cropped(picture: Image.Image, box: Box) -> Image.Image:
    return picture.crop(
        (
            round(box.left * picture.width),
            round(box.top * picture.height),
            round(box.right * picture.width),
            round(box.bottom * picture.height),
        )
    )


@pytest.mark.parametrize(
    "data",
    [
        pdfs.prose(1),
        pdfs.rotated(90, offset=15),
        pdfs.rotated(180),
        pdfs.rotated(270, offset=15),
        pdfs.two_columns(),
        pdfs.hyphenated(),
        pdfs.slides(),
        pdfs.sideways(),
        pdfs.code_and_table(),
    ],
    ids=[
        "prose",
        "quarter",
        "half",
        "three quarters",
        "columns",
        "hyphens",
        "slides",
        "sideways",
        "code",
    ],
)
def test_every_box_is_filled_by_its_word_and_nothing_is_left_outside(keep, read, data):
    page = read(data).pages[0]
    picture = picture_of(keep(data), 1)
    assert len(page.words) > 20
    for word in page.words:
        found = ink(picture, word.box)
        text = page.text[word.start : word.end]
        assert found is not None, text
        # The ink reaches both ends of the line of writing, within two pixels.
        size = cropped(picture, word.box).size
        upright = (found[0] <= 2, found[2] >= size[0] - 2)
        sideways = (found[1] <= 2, found[3] >= size[1] - 2)
        assert all(upright) or all(sideways), (text, found, size)
    covered = picture.copy()
    for word in page.words:
        grown = Box(
            word.box.left - 0.002,
            word.box.top - 0.002,
            word.box.right + 0.002,
            word.box.bottom + 0.002,
        )
        white = Image.new("L", cropped(picture, grown).size, 255)
        covered.paste(
            white,
            (round(grown.left * picture.width), round(grown.top * picture.height)),
        )
    assert covered.point(lambda grey: 255 if grey < DARK else 0).getbbox() is None


def span(page: Page, quote: str) -> list[Box]:
    start = page.text.index(quote)
    return page.rectangles(start, start + len(quote))


def test_a_sentence_over_two_lines_has_two_rectangles(read):
    (page,) = read(pdfs.prose(1)).pages
    boxes = span(page, pdfs.SENTENCE_ON_TWO_LINES)
    assert len(boxes) == 2
    first, second = boxes
    assert first.bottom <= second.top + 0.005
    assert second.left == pytest.approx(72 / page.width, abs=0.003)


def test_a_sentence_over_two_columns_stays_in_its_columns(read):
    (page,) = read(pdfs.two_columns()).pages
    left = span(page, "Neither stage can run for long without the other.")
    right = span(page, "Three factors limit the rate of photosynthesis:")
    assert all(box.right < 0.5 for box in left)
    assert all(box.left > 0.5 for box in right)


def test_a_quote_across_a_broken_word_lights_both_halves(read):
    (page,) = read(pdfs.hyphenated()).pages
    boxes = span(page, "photosynthesis of a leaf depends")
    assert len(boxes) == 2
    assert boxes[0].left > boxes[1].left
