"""How exactly rectangles light a quote: its ink against all other ink of the page.

The truth is drawn, not computed: the lecture is typeset with the quote in red and
nothing else, so that its ink is told from all other ink by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from exams.reading import Box, Document

MARGIN = 1.5
_SCALE = 2.0
_REDNESS, _INK = 60, 90


@dataclass(frozen=True, slots=True)
class Light:
    """Shares of the quote's ink: how much of it is lit, and how much other ink is."""

    quote: str
    page: int
    covered: float
    spilt: float


def lit(pdf: bytes, document: Document, quote: str) -> Light:
    """How `quote`, the only red words of `pdf`, is lit on the first page that has it."""
    page = next(page for page in document.pages if quote in page.text)
    start = page.text.index(quote)
    boxes = page.rectangles(start, start + len(quote), margin=MARGIN)
    picture = _picture(pdf, page.number)
    ink = _red_ink(picture)
    other = _other_ink(picture, ink)
    mask = _mask(boxes, picture.size)
    total = _count(ink)
    assert total, f"{quote!r} was not drawn in red"
    return Light(
        quote=quote,
        page=page.number,
        covered=_count(ImageChops.logical_and(ink, mask)) / total,
        spilt=_count(ImageChops.logical_and(other, mask)) / total,
    )


def _picture(data: bytes, number: int) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    picture: Image.Image = document[number - 1].render(scale=_SCALE).to_pil()
    document.close()
    return picture.convert("RGB")


def _red_ink(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    redness = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    return redness.point(lambda value: 255 if value >= _REDNESS else 0).convert("1")


def _other_ink(picture: Image.Image, ink: Image.Image) -> Image.Image:
    colours = picture.getcolors(picture.width * picture.height) or []
    ground = max(colours)[1]
    drawn = ImageChops.difference(picture, Image.new("RGB", picture.size, ground))
    # Pale edges of red letters are red too.
    own = ink.convert("L").filter(ImageFilter.MaxFilter(3))
    return ImageChops.subtract(_any_channel(drawn, _INK).convert("L"), own).convert("1")


def _any_channel(picture: Image.Image, least: int) -> Image.Image:
    red, green, blue = picture.split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return strongest.point(lambda value: 255 if value >= least else 0).convert("1")


def _mask(boxes: Sequence[Box], size: tuple[int, int]) -> Image.Image:
    mask = Image.new("1", size, 0)
    pen = ImageDraw.Draw(mask)
    width, height = size
    for box in boxes:
        pen.rectangle(
            (
                box.left * width,
                box.top * height,
                box.right * width - 1,
                box.bottom * height - 1,
            ),
            fill=1,
        )
    return mask


def _count(mask: Image.Image) -> int:
    return mask.convert("L").histogram()[255]
