"""The letters of a page in reading order, line by line. Child only (PDFium).

One call into PDFium per letter is the price that matters here, so all characters are
asked for at once, and where each stands only in lines that are read from the right.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pypdfium2 import raw

from exams.reading.bidi import (
    Glyph,
    in_reading_order,
    is_right_to_left,
    leans_right_to_left,
)
from exams.reading.cells import Cells
from exams.reading.marking import RIGHT_TO_LEFT
from exams.reading.styles import Styles
from exams.reading.surface import Bounds, Surface

# A space between words whose order is settled, however far apart they stand.
SETTLED_SPACE = "\x1e"
_LINE_END = Glyph("\n", 0.0, 0.0)
_SURROGATE, _OWN_CODE = re.compile("[\ud800-\U0010ffff]"), re.compile("\ufffe")
_SAME_LEVEL = 0.5


class Letters:
    """`characters` in reading order, and the `places` that PDFium knows them by.

    `mixed` says that some are read from the right, so that the last letter of a word
    need not stand at its end.
    """

    def __init__(self, text: Any, count: int, surface: Surface, styles: Styles) -> None:
        self.text = text
        self.surface = surface
        self.styles = styles
        self.rect = raw.FS_RECTF()
        self.edges = Cells(ctypes.c_double, 4)
        self.point = Cells(ctypes.c_double, 2)
        self.characters = _characters(text, count)
        self.places: Sequence[int] = range(count)
        self.mixed = bool(RIGHT_TO_LEFT.search(self.characters))
        if self.mixed:
            self.put_in_order()

    def ink_box(self, index: int) -> Bounds:
        raw.FPDFText_GetCharBox(self.text, index, *self.edges.places)
        left, right, bottom, top = self.edges.values[:]
        if left < right and bottom < top:
            return left, bottom, right, top
        # A glyph without ink (some fonts draw their letters elsewhere).
        rect = self.rect
        raw.FPDFText_GetLooseCharBox(self.text, index, rect)
        return rect.left, rect.bottom, rect.right, rect.top

    def seen_box(self, place: int) -> Bounds:
        return self.surface.seen(*self.ink_box(place))

    def level_of(self, place: int) -> float:
        """How far down the line stands that the character is written on."""
        return self.origin(place)[1]

    def origin(self, place: int) -> tuple[float, float]:
        raw.FPDFText_GetCharOrigin(self.text, place, *self.point.places)
        x, y = self.point.values[:]
        return self.surface.seen(x, y, x, y)[:2]

    def put_in_order(self) -> None:
        """Read lines from the right whose letters are read so."""
        leaning = leans_right_to_left(self.characters)
        ordered: list[Glyph] = []
        for line in self.visual_lines():
            start, end = line[0].place, line[-1].place + 1
            style = self.styles.of(start)
            if style.turn == 0 and is_right_to_left(line, leaning=leaning):
                for part in in_reading_order(line, style.size):
                    ordered += [_settled(glyph) for glyph in part]
                    ordered.append(_LINE_END)
            else:
                ordered += [
                    Glyph(self.characters[place], 0.0, 0.0, place=place)
                    for place in range(start, end)
                ]
                ordered.append(_LINE_END)
        self.characters = "".join(glyph.character for glyph in ordered)
        self.places = [glyph.place for glyph in ordered]

    def visual_lines(self) -> Iterator[list[Glyph]]:
        """The characters that stand in one line, in the order of the file."""
        line: list[Glyph] = []
        level, way = 0.0, 0
        spaced: bool | None = False
        for place, character in enumerate(self.characters):
            if raw.FPDFText_IsGenerated(self.text, place) or character in "\r\n":
                spaced = None if character in "\r\n" or spaced is None else True
                continue
            origin, height = self.origin(place)
            style = self.styles.of(place)
            below = abs(height - level) > _SAME_LEVEL * style.size
            if line and (style.turn != way or (way == 0 and below)):
                yield line
                line, spaced = [], False
            if not line:
                level, way = height, style.turn
            left, _, right, _ = self.seen_box(place)
            line.append(Glyph(character, left, right, origin, place, spaced))
            spaced = False
        if line:
            yield line


def _characters(text: Any, count: int) -> str:
    """One character for each that PDFium counts.

    All are asked for at once where that gives the same: one call each takes ten times
    as long.
    """
    buffer = (ctypes.c_ushort * (count + 1))()
    given = raw.FPDFText_GetText(text, 0, count, buffer)
    unicode_at = raw.FPDFText_GetUnicode
    if given == count + 1:
        together = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if not _SURROGATE.search(together):
            # What stands for a hyphen that PDFium took out has two codes.
            return _OWN_CODE.sub(
                lambda found: _character(unicode_at(text, found.start())), together
            )
    return "".join(_character(unicode_at(text, index)) for index in range(count))


def _character(code: int) -> str:
    return chr(code) if code <= sys.maxunicode else "\x00"


def _settled(glyph: Glyph) -> Glyph:
    if glyph.character.isspace():
        return replace(glyph, character=SETTLED_SPACE)
    return glyph
