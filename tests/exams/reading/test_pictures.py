from __future__ import annotations

import io

import pytest
from PIL import Image

from exams.reading import Limits, ReadingError, render_pages
from tests.samples import hostile, pdfs


def test_pages_come_as_webp_in_the_order_asked_for(keep):
    images = list(render_pages(keep(pdfs.prose(3)), [3, 1], width=320))
    assert [image.number for image in images] == [3, 1]
    for image in images:
        picture = Image.open(io.BytesIO(image.webp))
        assert picture.format == "WEBP"
        assert picture.size == (image.width, image.height) == (320, 453)


def test_more_pages_than_one_child_draws(keep):
    images = list(render_pages(keep(pdfs.many_pages(30)), range(1, 31), width=40))
    assert [image.number for image in images] == list(range(1, 31))


def test_pixels_are_capped_by_count(keep):
    path = keep(pdfs.prose(1))
    (image,) = render_pages(path, [1], width=5000, limits=Limits(pixels=100_000))
    assert 95_000 < image.width * image.height <= 100_000


def test_a_giant_page_is_small_on_the_screen(keep):
    (image,) = render_pages(keep(hostile.giant_page()), [1], width=320)
    assert (image.width, image.height) == (320, 320)


def test_pages_that_are_not_there_are_left_out(keep):
    images = list(render_pages(keep(pdfs.prose(2)), [0, 2, 9], width=100))
    assert [image.number for image in images] == [2]


def test_a_page_that_breaks_the_child_is_named(keep):
    with pytest.raises(ReadingError) as caught:
        list(render_pages(keep(hostile.operator_bomb()), [1], width=320))
    assert caught.value.code == "too_complex"
    assert caught.value.params == {"page": 1, "reason": "memory"}


def test_what_is_no_pdf_is_damaged(keep):
    with pytest.raises(ReadingError) as caught:
        list(render_pages(keep(hostile.html()), [1], width=320))
    assert caught.value.code == "damaged"
