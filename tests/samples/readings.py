"""Lectures with their text as a person reads it, to score a reader against.

`readings/NAME.txt` holds the content of a lecture in the order in which it is read,
one paragraph a line, without running heads, page numbers and bullet marks. It was
written by hand and is compared, never made, by code. `readings/NAME.typ` is drawn by
typst with the fonts that it carries; what typst cannot draw is drawn below.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path

import typst
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from tests.samples.pdfs import SLIDE, drawn

FOLDER = Path(__file__).with_name("readings")
_A_LINE = 34


def expected(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text("utf-8")


@cache
def built(name: str) -> bytes:
    """The PDF of a reading, the same bytes every time."""
    return READINGS[name]()


def is_typeset(name: str) -> bool:
    return (FOLDER / f"{name}.typ").exists()


def source(name: str, *, lit: str = "") -> bytes:
    """The typst source of a reading, with a run of its words in another colour."""
    written = (FOLDER / f"{name}.typ").read_text("utf-8")
    if lit:
        quoted = lit.replace("\\", "\\\\").replace('"', '\\"')
        written = f'#show "{quoted}": set text(fill: rgb("#e02020"))\n{written}'
    return written.encode()


def _typeset(name: str, *, turn: bool = False) -> Callable[[], bytes]:
    return lambda: typeset(source(name), turn=turn)


def typeset(written: bytes, *, turn: bool = False) -> bytes:
    """What typst makes of it, on any machine: with its own fonts and no clock."""
    made = typst.compile(written, ignore_system_fonts=True, timestamp=0)
    assert isinstance(made, bytes)
    return _turned(made) if turn else made


def _turned(upright: bytes) -> bytes:
    """Pages that lie on their side in the file and stand by `/Rotate`."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(upright)))
    for number, page in enumerate(writer.pages):
        quarter = 90 if number % 2 else 270
        page.rotate(quarter)
        page.transfer_rotation_to_content()
        page.rotate(360 - quarter)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def boxes() -> bytes:
    """Slides as an office program writes them.

    Boxes come in the order in which they were made, so that the title may be last;
    words are placed one by one without a space between; two boxes stand side by side.
    """

    def words(canvas: Canvas, left: float, top: float, text: str, size: float) -> None:
        for word in text.split(" "):
            canvas.setFont("Helvetica", size)
            canvas.drawString(left, top, word)
            left += canvas.stringWidth(f"{word} ", "Helvetica", size)

    def footer(canvas: Canvas, number: int) -> None:
        words(canvas, 860, 20, f"{number}", 12)
        words(canvas, 60, 20, "Baking, an introduction", 12)

    def list_of(canvas: Canvas, left: float, top: float, *items: str) -> None:
        for item in items:
            words(canvas, left, top, "\u2022", 22)
            words(canvas, left + 24, top, item, 22)
            top -= 44

    def first(canvas: Canvas) -> None:
        footer(canvas, 1)
        words(canvas, 60, 220, "What can go wrong", 26)
        list_of(
            canvas,
            60,
            170,
            "Water that is too hot kills the yeast",
            "Too little kneading lets the gas escape",
        )
        list_of(
            canvas,
            60,
            390,
            "Yeast eats sugar and gives off gas",
            "Gluten holds the gas in the dough",
            "Heat sets the crumb for good",
        )
        words(canvas, 60, 460, "Why bread rises", 36)

    def second(canvas: Canvas) -> None:
        words(canvas, 520, 380, "Baking soda", 26)
        words(canvas, 520, 330, "Fast, needs an acid, leaves", 20)
        words(canvas, 520, 304, "a salt behind", 20)
        words(canvas, 60, 380, "Yeast", 26)
        words(canvas, 60, 330, "Slow, needs hours and", 20)
        words(canvas, 60, 304, "warmth, gives taste", 20)
        words(canvas, 60, 150, "A sourdough holds yeast and bacteria together", 20)
        footer(canvas, 2)
        words(canvas, 60, 460, "Two ways to leaven", 36)

    def third(canvas: Canvas) -> None:
        list_of(
            canvas,
            60,
            380,
            "It also makes the gluten stronger",
            "Bakers weigh it to a tenth",
        )
        words(canvas, 60, 460, "Salt slows the yeast down", 36)
        footer(canvas, 3)

    def fourth(canvas: Canvas) -> None:
        footer(canvas, 4)
        words(canvas, 60, 460, "What to remember", 36)
        list_of(
            canvas,
            60,
            380,
            "Gas lifts the dough and gluten keeps it up",
            "Time and warmth decide how fast it goes",
        )

    return drawn(first, second, third, fourth, size=SLIDE)


def _broken(paragraph: str) -> list[str]:
    """Its lines: broken at spaces if it has any, and anywhere otherwise."""
    if " " in paragraph:
        return textwrap.wrap(paragraph, _A_LINE)
    starts = range(0, len(paragraph), _A_LINE)
    return [paragraph[start : start + _A_LINE] for start in starts]


def _ideographs(name: str, font: str) -> Callable[[], bytes]:
    """A page in one of the fonts that every PDF program brings for East Asia.

    The letters are named and not embedded, so that no font is needed to draw them.
    """

    def page(canvas: Canvas) -> None:
        registerFont(UnicodeCIDFont(font))
        title, *paragraphs = expected(name).splitlines()
        canvas.setFont(font, 20)
        canvas.drawString(60, 760, title)
        top = 720.0
        canvas.setFont(font, 12)
        for paragraph in paragraphs:
            for line in _broken(paragraph):
                canvas.drawString(60, top, line)
                top -= 20
            top -= 14

    return lambda: drawn(page, size=A4)


READINGS: dict[str, Callable[[], bytes]] = {
    "prose": _typeset("prose"),
    "slides": _typeset("slides"),
    "boxes": boxes,
    "columns": _typeset("columns"),
    "turned": _typeset("turned", turn=True),
    "sideways": _typeset("sideways"),
    "dense": _typeset("dense"),
    "hebrew": _typeset("hebrew"),
    "arabic": _typeset("arabic"),
    "greek": _typeset("greek"),
    "russian": _typeset("russian"),
    "chinese": _ideographs("chinese", "STSong-Light"),
    "japanese": _ideographs("japanese", "HeiseiMin-W3"),
    "korean": _ideographs("korean", "HYSMyeongJo-Medium"),
    "table": _typeset("table"),
    "code": _typeset("code"),
    "formulas": _typeset("formulas"),
}
LANGUAGES = {
    "prose": "en",
    "slides": "de",
    "boxes": "en",
    "columns": "en",
    "turned": "es",
    "sideways": "en",
    "dense": "en",
    "hebrew": "he",
    "arabic": "ar",
    "greek": "el",
    "russian": "ru",
    "chinese": "zh",
    "japanese": "ja",
    "korean": "ko",
    "table": "fr",
    "code": "en",
    "formulas": "en",
}
