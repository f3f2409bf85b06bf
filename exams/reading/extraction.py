"""Words with boxes and styles out of a PDF. Runs in the child only (PDFium).

One call into PDFium per character is the price that matters here, so only the code
point is asked for each; boxes and styles are asked for the ends of words.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from exams.reading.ink import Budget, Ink, Sight, Trace, ink_of, sight_of
from exams.reading.scenery import WHITE, Scenery
from exams.reading.surface import Bounds, Surface, image_share

# A line of Chinese or Japanese has no spaces: there every character is a "word", so
# that a sentence can be lit without the rest of its line.
_IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANK = "\\s\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WORD = re.compile(f"[{_IDEOGRAPHS}]|[^{_BLANK}{_IDEOGRAPHS}]+")
_HYPHEN = "\x02"
_SURROGATE, _OWN_CODE = re.compile("[\ud800-\U0010ffff]"), re.compile("\ufffe")
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
_FEW_CHARACTERS = 25
_SMALLEST_POINTS = 4.0
_USUAL_SHORT_SIDE = 500.0
_TALLEST = 1.8

BOLD, FIXED, ITALIC = 1, 2, 4
# Why a word cannot be seen: no ink, too small, no contrast, covered, off the page.
VISIBLE, MODE, SMALL, COLOUR, COVERED, OUTSIDE = ".", "m", "s", "c", "u", "o"


class Style(NamedTuple):
    """What the letters of one text object have in common.

    `across` are the edges of its line across the direction of writing: the same for
    all its letters. `plain` says that nothing on the page can hide it.
    """

    number: int
    why: str
    ink: Ink | None
    address: int
    across: tuple[float, float] | None
    plain: bool


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
        self.characters = _characters(text, count)
        self.styles: list[list[float]] = []
        self.style_ids: dict[tuple[float, int, int], int] = {}
        self.seen: dict[int, Style] = {}
        self.scenery = Scenery(page, self.surface)
        self.fonts: dict[int, int] = {}
        self.budget = budget
        self.rect = raw.FS_RECTF()
        self.edges = [ctypes.c_double() for _ in range(4)]
        side = min(self.surface.width, self.surface.height)
        self.smallest = _SMALLEST_POINTS * min(1.0, side / _USUAL_SHORT_SIDE)

    def message(self, number: int) -> dict[str, Any]:
        words: list[str] = []
        boxes: list[int] = []
        places: list[tuple[Style, Bounds]] = []
        styles: list[int] = []
        breaks: list[str] = []
        end = 0
        for match in _WORD.finditer(self.characters):
            style = self.style_of(match.start())
            last = match.end() - 1
            if self.characters[match.end() : match.end() + 1] == _HYPHEN:
                last += 1  # not in the text, but there to be seen
            box = self.box_of(match.start(), last, style)
            words.append(match.group())
            boxes += [round(edge * 100) for edge in box]
            styles.append(style.number)
            places.append((style, box))
            breaks.append(_break(self.characters[end : match.start()]))
            end = match.end()
        hidden = self.hidden(places)
        visible = sum(
            len(word) for word, why in zip(words, hidden, strict=True) if why == VISIBLE
        )
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

    def style_of(self, index: int) -> Style:
        drawn = raw.FPDFText_GetTextObject(self.text, index)
        key = ctypes.addressof(drawn.contents) if drawn else -1 - index
        if key not in self.seen:
            self.seen[key] = self.look_up(drawn, index, key)
        return self.seen[key]

    def look_up(self, drawn: Any, index: int, address: int) -> Style:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.text, index, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
        size = abs(raw.FPDFText_GetFontSize(self.text, index)) * scale
        turn = self.surface.turn_of(matrix.a, matrix.b)
        flags, why, ink = 0, VISIBLE, None
        if drawn:
            flags = self.font_flags(raw.FPDFTextObj_GetFont(drawn))
            ink = ink_of(drawn, self.surface)
            if ink.invisible:
                why = MODE
        if why == VISIBLE and size < self.smallest:
            why = SMALL
        style = (round(size, 1), flags, turn)
        if style not in self.style_ids:
            self.style_ids[style] = len(self.styles)
            self.styles.append(list(style))
        plain = ink is not None and self.scenery.is_bare and ink.stands_out(WHITE)
        return Style(
            number=self.style_ids[style],
            why=why,
            ink=ink,
            address=address,
            across=self.across(index, turn, size),
            plain=plain and ink is not None and ink.clip is None,
        )

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

    def hidden(self, places: list[tuple[Style, Bounds]]) -> str:
        """For each word why it cannot be seen, as one letter."""
        whys = [self.visibility(style, box) for style, box in places]
        doubtful = [place for place, why in enumerate(whys) if isinstance(why, Sight)]
        if doubtful:
            trace = self.trace(places, whys)
            for place in doubtful:
                style, box = places[place]
                seen = trace.has(box) if trace else whys[place] is Sight.TRUSTED
                whys[place] = VISIBLE if seen else self.cause(style, box)
        return "".join(map(str, whys))

    def visibility(self, style: Style, box: Bounds) -> str | Sight:
        if style.why != VISIBLE:
            return style.why
        across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not (0 <= across <= self.surface.width and 0 <= down <= self.surface.height):
            return OUTSIDE
        if style.ink is None or style.plain:
            return VISIBLE
        sight = sight_of(style.ink, style.address, box, self.scenery)
        if sight in {Sight.SEEN, Sight.HIDDEN}:
            return VISIBLE if sight is Sight.SEEN else COLOUR
        return sight

    def trace(
        self, places: list[tuple[Style, Bounds]], whys: list[str | Sight]
    ) -> Trace | None:
        if self.scenery.cost > self.budget.left:
            return None
        self.budget.left -= self.scenery.cost
        kept: set[int] = set()
        doubted: set[int] = set()
        for (style, _), why in zip(places, whys, strict=True):
            (kept if why == VISIBLE else doubted).add(style.address)
        return Trace(self.page, self.surface, self.scenery, kept - doubted)

    def cause(self, style: Style, box: Bounds) -> str:
        across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        _, before = self.scenery.around(style.address, across, down)
        return COVERED if before is not None and before.picture else COLOUR

    def box_of(self, first: int, last: int, style: Style) -> Bounds:
        """As wide as the ink, as high as the font, so that a line looks even."""
        left, bottom, right, top = self.ink_box(first)
        if last != first:
            end = self.ink_box(last)
            left, bottom = min(left, end[0]), min(bottom, end[1])
            right, top = max(right, end[2]), max(top, end[3])
        if style.across is not None:
            low, high = style.across
            if self.is_level(int(self.styles[style.number][2])):
                bottom, top = min(bottom, low), max(top, high)
            else:
                left, right = min(left, low), max(right, high)
        return self.surface.seen(left, bottom, right, top)

    def ink_box(self, index: int) -> Bounds:
        left, right, bottom, top = self.edges
        raw.FPDFText_GetCharBox(self.text, index, left, right, bottom, top)
        if left.value < right.value and bottom.value < top.value:
            return left.value, bottom.value, right.value, top.value
        # A glyph without ink (some fonts draw their letters elsewhere).
        rect = self.rect
        raw.FPDFText_GetLooseCharBox(self.text, index, rect)
        return rect.left, rect.bottom, rect.right, rect.top


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
