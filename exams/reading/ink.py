"""What lies behind light letters? Runs in the child only (PDFium).

White text may stand on a dark slide or on nothing, and only the second is hidden. A
dark shape behind a word settles it. A picture may be dark or white: then the page is
drawn once, small and grey, and a word that leaves no trace in its box is hidden.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw

from exams.reading.surface import Bounds, Surface, drawn_objects

_LIGHT = 225
_PIXELS = 1_000_000
_LARGEST_SCALE = 1.5
_LEAST_CONTRAST = 20


@dataclass
class Budget:
    """Pages that may still be drawn.

    Drawing a slide with a large photograph takes up to half a second, and an honest
    deck may have a hundred of them. Counted, not timed, so that the same file always
    gives the same text.
    """

    pages: int = 16


class Backdrop:
    def __init__(
        self, page: pypdfium2.PdfPage, surface: Surface, budget: Budget
    ) -> None:
        self.page = page
        self.surface = surface
        self.budget = budget
        self.dark: list[Bounds] = []
        self.unsure: list[Bounds] = []
        self.picture: Picture | None = None
        for drawn, kind, bounds in drawn_objects(page, surface):
            if kind == raw.FPDF_PAGEOBJ_SHADING or (
                kind == raw.FPDF_PAGEOBJ_PATH and _is_dark(drawn)
            ):
                self.dark.append(bounds)
            elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
                self.unsure.append(bounds)

    def shows(self, box: Bounds) -> bool:
        across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if any(_holds(bounds, across, down) for bounds in self.dark):
            return True
        if not any(_holds(bounds, across, down) for bounds in self.unsure):
            return False
        if self.picture is None:
            if self.budget.pages <= 0:
                return True
            self.budget.pages -= 1
            self.picture = Picture(self.page, self.surface)
        return self.picture.has_contrast(box)


class Picture:
    def __init__(self, page: pypdfium2.PdfPage, surface: Surface) -> None:
        area = surface.width * surface.height
        self.scale = min(_LARGEST_SCALE, math.sqrt(_PIXELS / area))
        bitmap = page.render(scale=self.scale, grayscale=True)
        self.width, self.height = bitmap.width, bitmap.height
        self.stride = bitmap.stride
        self.grey = ctypes.string_at(bitmap.buffer, self.stride * self.height)
        bitmap.close()

    def has_contrast(self, box: Bounds) -> bool:
        left, top, right, bottom = (edge * self.scale for edge in box)
        x0, x1 = max(int(left), 0), min(math.ceil(right), self.width)
        y0, y1 = max(int(top), 0), min(math.ceil(bottom), self.height)
        darkest, lightest = 255, 0
        for row in range(y0, y1):
            pixels = self.grey[row * self.stride + x0 : row * self.stride + x1]
            if pixels:
                darkest = min(darkest, *pixels)
                lightest = max(lightest, *pixels)
        return lightest - darkest >= _LEAST_CONTRAST


def _holds(bounds: Bounds, across: float, down: float) -> bool:
    left, top, right, bottom = bounds
    return left <= across <= right and top <= down <= bottom


def _is_dark(path: Any) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, mode, stroke) or mode.value == 0:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha):
        return True  # a pattern
    return min(red.value, green.value, blue.value) < _LIGHT and alpha.value > 0
