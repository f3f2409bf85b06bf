"""Do letters leave ink on the page? Runs in the child only (PDFium).

Letters that stand out from what is right behind them, with nothing before them, are
seen, and white ones on an empty page are not. Whatever is less clear (letters in the
colour of their ground, on pictures, behind shapes, clipped, or on a layer) is settled
by drawing the page with and without them: what leaves no trace is hidden.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pypdfium2
from pypdfium2 import raw

from exams.reading.scenery import WHITE, Colour, Scenery, Shape, fill_of, stroke_of
from exams.reading.surface import Bounds, Surface

_LEAST_CONTRAST = 30
_PALE = 255 - _LEAST_CONTRAST
_TRACE = 20
_PIXELS = 1_000_000
_LARGEST_SCALE = 1.5
_INVISIBLE, _CLIP_ONLY = 3, 7
_STROKED, _FILLED_AND_STROKED = (1, 5), (2, 6)
_CLIP_SEGMENTS = 8


class Sight(Enum):
    """What can be said of a word without drawing the page.

    `DOUBTED` and `TRUSTED` both ask for a drawing; without one, the first is taken for
    hidden and the second for seen.
    """

    SEEN = "seen"
    HIDDEN = "hidden"
    DOUBTED = "doubted"
    TRUSTED = "trusted"


@dataclass
class Budget:
    """About how many milliseconds may still be spent on drawing pages of a file.

    Drawing a slide with a large photograph takes up to half a second, and an honest
    deck may have a hundred of them. The cost is told by what is on the page and not by
    a clock, so that the same file always gives the same text.
    """

    left: float = 2_000.0


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text object is painted: its colours, each with its opacity of 255.

    A colour is None where a pattern paints. `clip` bounds where it can be seen.
    """

    colours: tuple[tuple[Colour | None, int], ...]
    invisible: bool = False
    clip: Bounds | None = None

    def stands_out(self, ground: Colour) -> bool:
        return any(
            colour is None or _contrast(colour, ground) * alpha / 255 >= _LEAST_CONTRAST
            for colour, alpha in self.colours
        )


def ink_of(drawn: Any, surface: Surface) -> Ink:
    mode = raw.FPDFTextObj_GetTextRenderMode(drawn)
    if mode == _INVISIBLE:
        return Ink((), invisible=True)
    if mode == _CLIP_ONLY:
        return Ink(())
    clip = _clip_of(drawn, surface)
    if mode in _STROKED:
        return Ink((stroke_of(drawn),), clip=clip)
    if mode in _FILLED_AND_STROKED:
        return Ink((fill_of(drawn), stroke_of(drawn)), clip=clip)
    return Ink((fill_of(drawn),), clip=clip)


def sight_of(ink: Ink, address: int, box: Bounds, scenery: Scenery) -> Sight:
    """Whether a word of such ink is seen where it stands."""
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    behind, before = scenery.around(address, across, down)
    if not ink.colours:
        return Sight.DOUBTED
    if behind is None and not ink.stands_out(WHITE):
        return Sight.HIDDEN
    if behind is not None and behind.colour and not ink.stands_out(behind.colour):
        return Sight.DOUBTED
    clipped = ink.clip is not None and not _holds(ink.clip, across, down)
    if before or clipped or address in scenery.layered or _is_risky(ink, behind):
        return Sight.TRUSTED
    return Sight.SEEN


def _is_risky(ink: Ink, behind: Shape | None) -> bool:
    """Pale letters on who knows what, or any on a picture of one unknown colour."""
    if behind is None or behind.colour is not None:
        return False
    pale = all(
        colour is not None and (min(colour) >= _PALE or alpha <= _LEAST_CONTRAST)
        for colour, alpha in ink.colours
    )
    return pale or behind.plain


class Trace:
    """What a page loses when some of its letters are not drawn."""

    def __init__(
        self,
        page: pypdfium2.PdfPage,
        surface: Surface,
        scenery: Scenery,
        kept: Collection[int],
    ) -> None:
        """`kept` are the addresses of the text objects that are drawn both times."""
        area = surface.width * surface.height
        self.scale = min(_LARGEST_SCALE, math.sqrt(_PIXELS / area))
        self.whole = _Picture(page, self.scale)
        # Also copies of the doubtful letters that no word came from.
        without = [t for t in scenery.texts if ctypes.addressof(t.contents) not in kept]
        for text in without:
            raw.FPDFPageObj_SetIsActive(text, False)
        self.rest = _Picture(page, self.scale)
        for text in without:
            raw.FPDFPageObj_SetIsActive(text, True)

    def has(self, box: Bounds) -> bool:
        left, top, right, bottom = (edge * self.scale for edge in box)
        rows = range(max(int(top), 0), min(math.ceil(bottom), self.whole.height))
        for row in rows:
            one = self.whole.pixels(row, left, right)
            other = self.rest.pixels(row, left, right)
            if one != other and any(
                abs(a - b) >= _TRACE for a, b in zip(one, other, strict=True)
            ):
                return True
        return False


class _Picture:
    def __init__(self, page: pypdfium2.PdfPage, scale: float) -> None:
        bitmap = page.render(scale=scale)
        self.width, self.height = bitmap.width, bitmap.height
        self.stride, self.channels = bitmap.stride, bitmap.n_channels
        self.bytes = ctypes.string_at(bitmap.buffer, self.stride * self.height)
        bitmap.close()

    def pixels(self, row: int, left: float, right: float) -> bytes:
        first, last = max(int(left), 0), min(math.ceil(right), self.width)
        start = row * self.stride
        return self.bytes[start + first * self.channels : start + last * self.channels]


def _contrast(one: Colour, other: Colour) -> int:
    (red, green, blue), (other_red, other_green, other_blue) = one, other
    return max(abs(red - other_red), abs(green - other_green), abs(blue - other_blue))


def _holds(bounds: Bounds, across: float, down: float) -> bool:
    left, top, right, bottom = bounds
    return left <= across <= right and top <= down <= bottom


def _clip_of(drawn: Any, surface: Surface) -> Bounds | None:
    """The box of the innermost clip, when that is a simple one."""
    clip = raw.FPDFPageObj_GetClipPath(drawn)
    last = raw.FPDFClipPath_CountPaths(clip) - 1
    if last < 0:
        return None
    count = raw.FPDFClipPath_CountPathSegments(clip, last)
    if not 0 < count <= _CLIP_SEGMENTS:
        return None
    across: list[float] = []
    up: list[float] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = raw.FPDFClipPath_GetPathSegment(clip, last, index)
        if raw.FPDFPathSegment_GetPoint(segment, x, y):
            across.append(x.value)
            up.append(y.value)
    if not across:
        return None
    return surface.seen(min(across), min(up), max(across), max(up))
