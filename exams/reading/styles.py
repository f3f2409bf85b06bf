"""How letters are set: size, weight, ink. Runs in the child only (PDFium)."""

from __future__ import annotations

import ctypes
import re
from typing import Any, NamedTuple

from pypdfium2 import raw

from exams.reading.ink import Ink, ink_of
from exams.reading.scenery import WHITE, Scenery
from exams.reading.surface import Surface

_FIXED_NAMES = re.compile(
    r"mono|courier|consol|typewriter|menlo|inconsolata|cmtt|sfmr?tt|code|fixed|monaco",
    re.IGNORECASE,
)
_BOLD_NAMES = re.compile(
    r"bold|black|heavy|semibd|(?:^|[-,+])(?:bd|demi)|cmbx|cmssbx|sfbx|-bd|medi$",
    re.IGNORECASE,
)
_ITALIC_NAMES = re.compile(r"ital|obli|cmti|cmmi", re.IGNORECASE)
_FIXED_PITCH, _ITALIC, _FORCE_BOLD = 1, 1 << 6, 1 << 18
_BOLD_WEIGHT = 600
_SMALLEST_POINTS = 4.0
_USUAL_SHORT_SIDE = 500.0
_TALLEST = 1.8

BOLD, FIXED, ITALIC = 1, 2, 4


class Style(NamedTuple):
    """What the letters of one text object have in common.

    `number` is its place in the table of styles, `turn` how many quarters its lines are
    turned. `across` are the edges of its line across the direction of writing: the same for
    all its letters. `plain` says that nothing on the page can hide it.
    """

    number: int
    size: float
    turn: int
    tiny: bool
    ink: Ink | None
    address: int
    across: tuple[float, float] | None
    plain: bool


class Styles:
    """The styles on one page; `table` lists size, flags and turn of each."""

    def __init__(self, text: Any, surface: Surface, scenery: Scenery) -> None:
        self.text = text
        self.surface = surface
        self.scenery = scenery
        self.table: list[list[float]] = []
        self.numbers: dict[tuple[float, int, int], int] = {}
        self.known: dict[int, Style] = {}
        self.fonts: dict[int, int] = {}
        self.rect = raw.FS_RECTF()
        side = min(surface.width, surface.height)
        self.smallest = _SMALLEST_POINTS * min(1.0, side / _USUAL_SHORT_SIDE)

    def of(self, index: int) -> Style:
        drawn = raw.FPDFText_GetTextObject(self.text, index)
        key = ctypes.addressof(drawn.contents) if drawn else -1 - index
        if key not in self.known:
            self.known[key] = self.look_up(drawn, index, key)
        return self.known[key]

    def look_up(self, drawn: Any, index: int, address: int) -> Style:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.text, index, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
        size = abs(raw.FPDFText_GetFontSize(self.text, index)) * scale
        turn = self.surface.turn_of(matrix.a, matrix.b)
        flags, ink = 0, None
        if drawn:
            flags = self.font_flags(raw.FPDFTextObj_GetFont(drawn))
            ink = ink_of(drawn, self.surface)
        plain = ink is not None and self.scenery.is_bare and ink.stands_out(WHITE)
        return Style(
            number=self.number(size, flags, turn),
            size=size,
            turn=turn,
            tiny=size < self.smallest,
            ink=ink,
            address=address,
            across=self.across(index, turn, size),
            plain=plain and ink is not None and ink.clip is None,
        )

    def number(self, size: float, flags: int, turn: int) -> int:
        style = (round(size, 1), flags, turn)
        if style not in self.numbers:
            self.numbers[style] = len(self.table)
            self.table.append(list(style))
        return self.numbers[style]

    def smaller(self, style: Style, size: float) -> Style:
        """The same style for letters that are drawn smaller than they are set."""
        flags = int(self.table[style.number][1])
        number = self.number(size, flags, style.turn)
        return style._replace(number=number, size=size, across=None)

    def across(self, index: int, turn: int, size: float) -> tuple[float, float] | None:
        """The edges of a line of type, unless the font lies about its height."""
        rect = self.rect
        if not raw.FPDFText_GetLooseCharBox(self.text, index, rect):
            return None
        edges = (
            (rect.bottom, rect.top) if self.is_level(turn) else (rect.left, rect.right)
        )
        return edges if edges[1] - edges[0] <= _TALLEST * size else None

    def is_level(self, turn: int) -> bool:
        """In the file's own coordinates, before the page is turned."""
        level: bool = (turn - self.surface.quarter) % 2 == 0
        return level

    def font_flags(self, font: Any) -> int:
        key = ctypes.addressof(font.contents) if font else 0
        if key not in self.fonts:
            self.fonts[key] = _font_flags(font)
        return self.fonts[key]


def _font_flags(font: Any) -> int:
    if not font:
        return 0
    size = raw.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 1))
    raw.FPDFFont_GetBaseFontName(font, buffer, size)
    name = buffer.value.decode("latin-1")
    declared = max(raw.FPDFFont_GetFlags(font), 0)
    bold = (
        raw.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
        or declared & _FORCE_BOLD
        or _BOLD_NAMES.search(name)
    )
    fixed = declared & _FIXED_PITCH or _FIXED_NAMES.search(name)
    italic = declared & _ITALIC or _ITALIC_NAMES.search(name)
    return BOLD * bool(bold) | FIXED * bool(fixed) | ITALIC * bool(italic)
