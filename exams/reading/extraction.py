"""Words with boxes and styles out of a PDF. Runs in the child only (PDFium).

One call into PDFium per character is the price that matters here, so only the code
point is asked for each; boxes and styles are asked for the ends of words.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw

from exams.reading.ink import Backdrop, Budget
from exams.reading.surface import Surface, image_share

# A line of Chinese or Japanese has no spaces: there every character is a "word", so
# that a sentence can be lit without the rest of its line.
_IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANK = "\\s\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WORD = re.compile(f"[{_IDEOGRAPHS}]|[^{_BLANK}{_IDEOGRAPHS}]+")
_HYPHEN = "\x02"
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
_INVISIBLE = 3
_LIGHT = 225
_FAINT = 40
_FEW_CHARACTERS = 25
_SMALLEST_POINTS = 4.0
_USUAL_SHORT_SIDE = 500.0
_TALLEST = 1.8

BOLD, FIXED, ITALIC = 1, 2, 4
VISIBLE, MODE, SMALL, COLOUR, OUTSIDE = ".", "m", "s", "c", "o"


def answers(data: bytes, order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        yield refusal(error)
        return
    total = len(document)
    if total < 1:
        yield {"error": "no_pages"}
        return
    if total > order["max_pages"]:
        yield {"error": "too_many_pages", "pages": total}
        return
    yield {"pages": total}
    budget = Budget()
    room = order["document_characters"]
    for index in range(total):
        message = page_message(
            document, index, min(room, order["page_characters"]), budget
        )
        room -= sum(map(len, message.get("words", ())))
        yield message
        if "error" in message:
            return


def refusal(error: pypdfium2.PdfiumError) -> dict[str, Any]:
    code = getattr(error, "err_code", None)
    if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return {"error": "encrypted"}
    return {"error": "damaged"}


def page_message(
    document: pypdfium2.PdfDocument, index: int, room: int, budget: Budget
) -> dict[str, Any]:
    number = index + 1
    try:
        page = document[index]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return {"page": number, "unreadable": True}
    count = raw.FPDFText_CountChars(textpage.raw)
    if count > room:
        return {"error": "too_complex", "reason": "characters", "page": number}
    try:
        return PageWords(page, textpage.raw, count, budget).message(number)
    finally:
        textpage.close()
        page.close()


class PageWords:
    """The words of one page, collected column by column to keep the answer small."""

    def __init__(
        self, page: pypdfium2.PdfPage, text: Any, count: int, budget: Budget
    ) -> None:
        self.page = page
        self.text = text
        self.surface = Surface(page)
        unicode_at = raw.FPDFText_GetUnicode
        codes = [unicode_at(text, i) for i in range(count)]
        self.characters = "".join(
            chr(code) if code <= sys.maxunicode else "\x00" for code in codes
        )
        self.styles: list[list[float]] = []
        self.style_ids: dict[tuple[float, int, int], int] = {}
        self.seen: dict[int, tuple[int, str, bool]] = {}
        self.backdrop: Backdrop | None = None
        self.budget = budget
        self.rect = raw.FS_RECTF()
        self.edges = [ctypes.c_double() for _ in range(4)]
        side = min(self.surface.width, self.surface.height)
        self.smallest = _SMALLEST_POINTS * min(1.0, side / _USUAL_SHORT_SIDE)

    def message(self, number: int) -> dict[str, Any]:
        words: list[str] = []
        boxes: list[int] = []
        styles: list[int] = []
        hidden: list[str] = []
        breaks: list[str] = []
        visible = end = 0
        for match in _WORD.finditer(self.characters):
            style, why, light = self.style_of(match.start())
            last = match.end() - 1
            if self.characters[match.end() : match.end() + 1] == _HYPHEN:
                last += 1  # not in the text, but there to be seen
            box = self.box_of(match.start(), last, style)
            if why == VISIBLE:
                why = self.visibility(box, light=light)
            words.append(match.group())
            boxes += [round(edge * 100) for edge in box]
            styles.append(style)
            hidden.append(why)
            breaks.append(_break(self.characters[end : match.start()]))
            end = match.end()
            visible += (match.end() - match.start()) * (why == VISIBLE)
        message = {
            "page": number,
            "width": round(self.surface.width, 2),
            "height": round(self.surface.height, 2),
            "words": words,
            "boxes": boxes,
            "style": styles,
            "hidden": "".join(hidden),
            "breaks": "".join(breaks),
            "styles": self.styles,
        }
        # A hyphen that ends the page's text has no word after it to carry it.
        if _HYPHEN in self.characters[end:]:
            message["open_hyphen"] = True
        if visible < _FEW_CHARACTERS:
            message["images"] = round(image_share(self.page, self.surface), 3)
        return message

    def style_of(self, index: int) -> tuple[int, str, bool]:
        """Style number, why it cannot be seen, and whether it is light or faint."""
        drawn = raw.FPDFText_GetTextObject(self.text, index)
        key = ctypes.addressof(drawn.contents) if drawn else -1 - index
        if key not in self.seen:
            self.seen[key] = self.look_up(drawn, index)
        return self.seen[key]

    def look_up(self, drawn: Any, index: int) -> tuple[int, str, bool]:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.text, index, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
        size = abs(raw.FPDFText_GetFontSize(self.text, index)) * scale
        turn = self.surface.turn_of(matrix.a, matrix.b)
        flags, why, light = 0, VISIBLE, False
        if drawn:
            flags = _font_flags(raw.FPDFTextObj_GetFont(drawn))
            if raw.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE:
                why = MODE
            light = _is_light(drawn)
        if why == VISIBLE and size < self.smallest:
            why = SMALL
        style = (round(size, 1), flags, turn)
        if style not in self.style_ids:
            self.style_ids[style] = len(self.styles)
            self.styles.append(list(style))
        return self.style_ids[style], why, light

    def visibility(self, box: tuple[float, float, float, float], *, light: bool) -> str:
        left, top, right, bottom = box
        across, down = (left + right) / 2, (top + bottom) / 2
        if not (0 <= across <= self.surface.width and 0 <= down <= self.surface.height):
            return OUTSIDE
        if light:
            # Light letters are fine on a dark slide.
            if self.backdrop is None:
                self.backdrop = Backdrop(self.page, self.surface, self.budget)
            if not self.backdrop.shows(box):
                return COLOUR
        return VISIBLE

    def box_of(
        self, first: int, last: int, style: int
    ) -> tuple[float, float, float, float]:
        """As wide as the ink, as high as the font, so that a line looks even."""
        size, _, turn = self.styles[style]
        level = (int(turn) - self.surface.quarter) % 2 == 0
        left, bottom, right, top = self.ink_box(first)
        if last != first:
            end = self.ink_box(last)
            left, bottom = min(left, end[0]), min(bottom, end[1])
            right, top = max(right, end[2]), max(top, end[3])
        rect = self.rect
        if raw.FPDFText_GetLooseCharBox(self.text, first, rect):
            # Some fonts lie about their height: then the ink alone is believed.
            if level and rect.top - rect.bottom <= _TALLEST * size:
                bottom, top = min(bottom, rect.bottom), max(top, rect.top)
            elif not level and rect.right - rect.left <= _TALLEST * size:
                left, right = min(left, rect.left), max(right, rect.right)
        return self.surface.seen(left, bottom, right, top)

    def ink_box(self, index: int) -> tuple[float, float, float, float]:
        left, right, bottom, top = self.edges
        raw.FPDFText_GetCharBox(self.text, index, left, right, bottom, top)
        if left.value < right.value and bottom.value < top.value:
            return left.value, bottom.value, right.value, top.value
        # A glyph without ink (some fonts draw their letters elsewhere).
        rect = self.rect
        raw.FPDFText_GetLooseCharBox(self.text, index, rect)
        return rect.left, rect.bottom, rect.right, rect.top


def _break(between: str) -> str:
    if _HYPHEN in between:
        return "-"
    if "\n" in between or "\r" in between:
        return "\n"
    return " " if between else "+"


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


def _is_light(drawn: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(drawn, red, green, blue, alpha):
        return False
    faint = alpha.value < _FAINT
    return faint or min(red.value, green.value, blue.value) >= _LIGHT
