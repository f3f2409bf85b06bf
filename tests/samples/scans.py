"""PDFs whose pages are pictures of other PDFs' pages, as a scanner makes them."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image, ImageFilter
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

_POINTS_PER_INCH = 72
_PAPER = 250


def scanned(
    source: bytes, *, dots: int = 150, turned: float = 0.0, blurred: float = 0.0
) -> bytes:
    """Each page as one picture: a little crooked, or too blurred to be read."""
    document = pypdfium2.PdfDocument(source)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for page in document:
        bitmap = page.render(scale=dots / _POINTS_PER_INCH)
        picture = bitmap.to_pil().convert("L")
        picture = picture.rotate(turned, Image.Resampling.BICUBIC, fillcolor=_PAPER)
        picture = picture.filter(ImageFilter.GaussianBlur(blurred))
        canvas.setPageSize(page.get_size())
        canvas.drawImage(ImageReader(picture), 0, 0, *page.get_size())
        canvas.showPage()
    canvas.save()
    document.close()
    return buffer.getvalue()


def joined(*parts: bytes) -> bytes:
    """The pages of several PDFs, one after the other."""
    writer = PdfWriter()
    for part in parts:
        for page in PdfReader(io.BytesIO(part)).pages:
            writer.add_page(page)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
