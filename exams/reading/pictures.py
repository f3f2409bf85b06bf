"""Pages as WebP images, or as PNG for text recognition. Runs in the child only (PDFium, Pillow)."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterator
from typing import Any

import pypdfium2
from PIL import Image

from exams.reading.extraction import refusal

_POINTS_PER_INCH = 72
_WEBP_SIDE = 16_383
_QUALITY = 80
_EFFORT = 2  # the default, 4, takes twice the time for a few per cent of size


def answers(data: bytes, order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        yield refusal(error)
        return
    for number in order["numbers"]:
        if not 1 <= number <= len(document):
            yield {"left_out": number}
            continue
        # Said beforehand, so that the parent can name the page that killed us.
        yield {"drawing": number}
        try:
            page = document[number - 1]
            width, height = page.get_size()
            dots = order.get("dots")
            wanted = width * dots / _POINTS_PER_INCH if dots else order["width"]
            scale = _scale(width, height, wanted, order["pixels"])
            bitmap = page.render(scale=scale)
        except pypdfium2.PdfiumError:
            yield {"left_out": number}
            continue
        if dots:
            grey = bitmap.to_pil().convert("L")
            yield {
                "page": number,
                "dots": round(scale * _POINTS_PER_INCH) or 1,
                "png": base64.b64encode(_png(grey)).decode("ascii"),
            }
            continue
        picture = bitmap.to_pil().convert("RGB")
        yield {
            "page": number,
            "width": picture.width,
            "height": picture.height,
            "webp": base64.b64encode(_webp(picture)).decode("ascii"),
        }
        bitmap.close()
        page.close()


def _scale(width: float, height: float, wanted: float, pixels: int) -> float:
    """As wide as asked for, but never more pixels than allowed: by count.

    PDFium rounds both sides up, so the count is bounded for sides one pixel longer:
    the root of `(width * s + 1) * (height * s + 1) = pixels`.
    """
    width, height = max(width, 1.0), max(height, 1.0)
    area, sides = width * height, width + height
    by_count = (math.sqrt(sides**2 + 4 * area * (pixels - 1)) - sides) / (2 * area)
    by_side = (_WEBP_SIDE - 1) / max(width, height)
    return min(wanted / width, by_count, by_side)


def _webp(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=_EFFORT)
    return buffer.getvalue()


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
