"""Words with boxes and styles out of a PDF. Runs in the child only (PDFium).

Boxes are asked for the ends of words, styles for the first letter of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2
from pypdfium2 import raw

from exams.reading.dots import Dots
from exams.reading.ink import Budget, Sight, Trace, sight_of
from exams.reading.letters import SETTLED_SPACE, Letters
from exams.reading.lines import BULLET_MARK, DOT
from exams.reading.marking import RIGHT_TO_LEFT
from exams.reading.scenery import Scenery
from exams.reading.styles import Style, Styles
from exams.reading.surface import Bounds, Surface, image_share

# A line of Chinese or Japanese has no spaces: there every character is a "word", so
# that a sentence can be lit without the rest of its line.
_IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BLANK = "\\s\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WORD = re.compile(f"[{_IDEOGRAPHS}]|[^{_BLANK}{_IDEOGRAPHS}]+")
_HYPHEN = "\x02"
# A short number before a word or after it, as notes have.
_NUMBER_AT_EDGE = re.compile(r"(?:(\d{1,3})[^\W\d_].*|\D+?(\d{1,3}))$")
_SMALLER = 0.8
_RAISED, _FIGURE_HEIGHT = 0.2, 0.7
_FEW_CHARACTERS = 25
# Why a word cannot be seen: no ink, too small, no contrast, covered, off the page.
VISIBLE, MODE, SMALL, COLOUR, COVERED, OUTSIDE = ".", "m", "s", "c", "u", "o"


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
    for index in range(order.get("first", 0), total):
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
        self.budget = budget
        self.surface = Surface(page)
        self.scenery = Scenery(page, self.surface)
        self.styles = Styles(text, self.surface, self.scenery)
        self.letters = Letters(text, count, self.surface, self.styles)

    def message(self, number: int) -> dict[str, Any]:
        words: list[str] = []
        places: list[tuple[Style, Bounds]] = []
        styles: list[int] = []
        breaks: list[str] = []
        end = 0
        characters = self.letters.characters
        for start, stop, style in self.spans():
            last = stop - 1
            if characters[stop : stop + 1] == _HYPHEN:
                last += 1  # not in the text, but there to be seen
            words.append(characters[start:stop])
            styles.append(style.number)
            places.append((style, self.box_of(start, last, style)))
            breaks.append(_break(characters[end:start]))
            end = stop
        hidden = list(self.hidden(places))
        visible = sum(
            len(word) for word, why in zip(words, hidden, strict=True) if why == VISIBLE
        )
        marks = self.marks(words, places, breaks)
        # From the end, so that the places before stay what they are.
        for place, box in reversed(marks):
            words.insert(place, DOT)
            styles.insert(place, styles[place])
            places.insert(place, (places[place][0], box))
            hidden.insert(place, hidden[place])
            breaks.insert(place + 1, " ")
        message = {
            "page": number,
            "width": round(self.surface.width, 2),
            "height": round(self.surface.height, 2),
            "words": words,
            "boxes": [round(edge * 100) for _, box in places for edge in box],
            "style": styles,
            "hidden": "".join(hidden),
            "breaks": "".join(breaks),
            "styles": self.styles.table,
        }
        # A hyphen that ends the page's text has no word after it to carry it.
        if _HYPHEN in characters[end:]:
            message["open_hyphen"] = True
        if visible < _FEW_CHARACTERS:
            message["images"] = round(image_share(self.page, self.surface), 3)
        return message

    def marks(
        self,
        words: Sequence[str],
        places: Sequence[tuple[Style, Bounds]],
        breaks: Sequence[str],
    ) -> list[tuple[int, Bounds]]:
        """The words before which a mark is drawn, and where it stands."""
        dots = Dots(self.scenery.small)
        found = []
        for place, (style, box) in enumerate(places):
            if style.turn or (place and breaks[place] != "\n") or not dots.boxes:
                continue
            leftwards = bool(RIGHT_TO_LEFT.search(words[place]))
            mark = dots.before(box, style.size, leftwards=leftwards)
            if mark is not None and not BULLET_MARK.match(words[place]):
                found.append((place, mark))
        return found

    def spans(self) -> Iterator[tuple[int, int, Style]]:
        """Where words begin and end; a raised number is a word of its own."""
        for match in _WORD.finditer(self.letters.characters):
            start, stop = match.span()
            style = self.style_at(start)
            word = match.group()
            digits = word[0].isdecimal() or word[-1].isdecimal()
            number = _NUMBER_AT_EDGE.match(word) if digits else None
            if number is None:
                yield start, stop, style
            elif number[1]:
                cut = start + number.end(1)
                raised = self.raised(start, self.style_at(cut))
                if raised:
                    yield start, cut, raised
                    yield cut, stop, self.style_at(cut)
                else:
                    yield start, stop, style
            else:
                cut = start + number.start(2)
                raised = self.raised(cut, style)
                yield start, cut if raised else stop, style
                if raised:
                    yield cut, stop, raised

    def style_at(self, place: int) -> Style:
        return self.styles.of(self.letters.places[place])

    def raised(self, place: int, beside: Style) -> Style | None:
        """The style of a number in small type beside other type, None in the same.

        Some fonts have raised figures, which are small without being set smaller.
        """
        style = self.style_at(place)
        if style.size <= _SMALLER * beside.size:
            return style
        _, top, _, bottom = self.letters.seen_box(self.letters.places[place])
        level = self.letters.level_of(self.letters.places[place])
        if style.turn or level - bottom < _RAISED * style.size:
            return None
        return self.styles.smaller(style, (bottom - top) / _FIGURE_HEIGHT)

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
        if style.ink is not None and style.ink.invisible:
            return MODE
        if style.tiny:
            return SMALL
        left, top, right, bottom = box
        across, down = (left + right) / 2, (top + bottom) / 2
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
        places, ink_box = self.letters.places, self.letters.ink_box
        left, bottom, right, top = ink_box(places[first])
        # Where both ways of reading meet, the last letter may stand in the middle.
        if self.letters.mixed:
            others = range(first + 1, last + 1)
        else:
            others = range(max(last, first + 1), last + 1)
        for place in others:
            x0, y0, x1, y1 = ink_box(places[place])
            left, bottom = min(left, x0), min(bottom, y0)
            right, top = max(right, x1), max(top, y1)
        if style.across is not None:
            low, high = style.across
            if self.styles.is_level(style.turn):
                bottom, top = (
                    min(bottom, low),
                    max(top, high),
                )
            else:
                left, right = (
                    min(left, low),
                    max(right, high),
                )
        return self.surface.seen(left, bottom, right, top)


def _break(between: str) -> str:
    if _HYPHEN in between:
        return "-"
    if between.strip(SETTLED_SPACE) == "" and between:
        return "<"
    if "\n" in between or "\r" in between:
        return "\n"
    return " " if between else "+"
