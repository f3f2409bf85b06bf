"""Where things stand on a page as a person sees it. Runs in the child only."""

from __future__ import annotations

import math
from collections.abc import Iterator
from ctypes import byref, c_float
from typing import Any

import pypdfium2
from pypdfium2 import raw

Bounds = tuple[float, float, float, float]

_MOST_OBJECTS = 20_000
_DEEPEST = 4


class Surface:
    """Turns PDF coordinates (from the bottom, unrotated) into seen points.

    Seen points start at the top left of the crop box, after `/Rotate`.
    """

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        bounds = raw.FS_RECTF()
        if raw.FPDF_GetPageBoundingBox(page.raw, bounds):
            self.left, self.bottom = bounds.left, bounds.bottom
            across, up = bounds.right - bounds.left, bounds.top - bounds.bottom
        else:
            self.left = self.bottom = 0.0
            across, up = page.get_size()
        self.across, self.up = abs(across) or 1.0, abs(up) or 1.0
        self.quarter = (page.get_rotation() // 90) % 4
        sideways = self.quarter % 2 == 1
        self.width = self.up if sideways else self.across
        self.height = self.across if sideways else self.up

    def seen(self, left: float, bottom: float, right: float, top: float) -> Bounds:
        x0, x1 = left - self.left, right - self.left
        y0, y1 = bottom - self.bottom, top - self.bottom
        if self.quarter == 0:
            return x0, self.up - y1, x1, self.up - y0
        if self.quarter == 1:
            return y0, x0, y1, x1
        if self.quarter == 2:  # noqa: PLR2004 - quarters of a turn
            return self.across - x1, y0, self.across - x0, y1
        return self.up - y1, self.across - x1, self.up - y0, self.across - x0

    def turn_of(self, a: float, b: float) -> int:
        """How a line of text runs on the seen page: quarters clockwise from level."""
        angle = -math.degrees(math.atan2(b, a)) + 90 * self.quarter
        quarters: int = round(angle / 90) % 4
        return quarters


def drawn_objects(
    page: pypdfium2.PdfPage, surface: Surface
) -> Iterator[tuple[Any, int, Bounds]]:
    """Each object on the page but text, what it is, and where it is seen."""
    count = min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)
    for index in range(count):
        drawn = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        left, bottom, right, top = (c_float() for _ in range(4))
        if raw.FPDFPageObj_GetBounds(
            drawn, byref(left), byref(bottom), byref(right), byref(top)
        ):
            edges = (left.value, bottom.value, right.value, top.value)
            yield drawn, kind, surface.seen(*edges)


def image_share(page: pypdfium2.PdfPage, surface: Surface) -> float:
    """How much of the page is covered by pictures, 0 to 1 (overlaps count twice)."""
    covered = 0.0
    for drawn, kind, (x0, y0, x1, y1) in drawn_objects(page, surface):
        # A form's own bounds stand for the pictures in it: scanners wrap the page.
        if kind == raw.FPDF_PAGEOBJ_IMAGE or (
            kind == raw.FPDF_PAGEOBJ_FORM and _holds_image(drawn, _DEEPEST)
        ):
            across = min(x1, surface.width) - max(x0, 0.0)
            down = min(y1, surface.height) - max(y0, 0.0)
            covered += max(across, 0.0) * max(down, 0.0)
    return min(1.0, covered / (surface.width * surface.height))


def _holds_image(form: Any, depth: int) -> bool:
    if depth == 0:
        return False
    for index in range(min(raw.FPDFFormObj_CountObjects(form), _MOST_OBJECTS)):
        drawn = raw.FPDFFormObj_GetObject(form, index)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            return True
        if kind == raw.FPDF_PAGEOBJ_FORM and _holds_image(drawn, depth - 1):
            return True
    return False
