"""Lectures of many pages, as different programs write them, and click-through decks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from tests.samples import pdfs, readings


def repeated(name: str, times: int) -> bytes:
    """A reading set by typst so often over, with headings that differ."""
    written = readings.source(name).decode()
    start = written.index("\n= ")
    head, body = written[:start], written[start:]
    parts = [body.replace("\n= ", f"\n= {number} ", 1) for number in range(times)]
    return readings.typeset((head + "\n#pagebreak()\n".join(parts)).encode())


def plots(pages: int) -> bytes:
    """Slides with bullets, set word by word, beside a plot of three hundred points."""

    def page(number: int) -> pdfs.Draw:
        dice = random.Random(number)
        title, bullets = pdfs.SLIDES[number % len(pdfs.SLIDES)]

        def draw(canvas: Canvas) -> None:
            _words(canvas, f"{title} ({number})", 60, 470, 30)
            for row, bullet in enumerate(bullets):
                _words(canvas, f"\u2022 {bullet} {number}", 60, 400 - 30 * row, 13)
            canvas.rect(560, 100, 340, 300)
            for step in range(11):
                canvas.line(560, 100 + 30 * step, 556, 100 + 30 * step)
                _words(canvas, f"{step / 10}", 530, 96 + 30 * step, 9)
            for _ in range(300):
                across, up = dice.uniform(565, 895), dice.uniform(105, 395)
                canvas.circle(across, up, 2, stroke=0, fill=1)
            _words(canvas, f"Light and rate, slide {number}", 60, 20, 10)

        return draw

    return pdfs.drawn(*map(page, range(1, pages + 1)), size=pdfs.SLIDE)


def _words(canvas: Canvas, text: str, left: float, top: float, size: float) -> None:
    for word in text.split(" "):
        canvas.setFont("Helvetica", size)
        canvas.drawString(left, top, word)
        left += canvas.stringWidth(f"{word} ", "Helvetica", size)


def taught() -> bytes:
    """Thirty slides as they are taught from: titles, bullets, terms with a colon."""
    written = Path(__file__).with_name("taught.txt").read_text("utf-8")
    slides = [slide.strip().split("\n") for slide in written.split("## ") if slide]

    def page(number: int, title: str, *lines: str) -> pdfs.Draw:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Helvetica-Bold", 34)
            canvas.drawString(60, 470, title)
            canvas.setFont("Helvetica", 20)
            for row, line in enumerate(lines):
                bullet = line.replace("- ", "\u2022 ", 1)
                canvas.drawString(80, 390 - 48 * row, bullet)
            canvas.setFont("Helvetica", 10)
            canvas.drawString(880, 20, str(number))

        return draw

    pages = [page(number, *lines) for number, lines in enumerate(slides, start=1)]
    return pdfs.drawn(*pages, size=pdfs.SLIDE)


def clicked(clicks: Sequence[int], *, numbered: bool = True) -> bytes:
    """Slides of as many bullets as `clicks` tells, each printed once per click.

    A slide of no clicks has a title alone. The number at its foot counts pages.
    """
    pages: list[pdfs.Draw] = []
    for slide, count in enumerate(clicks):
        for shown in range(min(count, 1), count + 1):
            pages.append(_click(slide, shown, len(pages) + 1 if numbered else 0))
    return pdfs.drawn(*pages, size=pdfs.SLIDE)


def _click(slide: int, shown: int, number: int) -> pdfs.Draw:
    title, _ = pdfs.SLIDES[slide % len(pdfs.SLIDES)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 34)
        canvas.drawString(60, 470, f"{title}, part {slide + 1}")
        canvas.setFont("Helvetica", 20)
        words = " ".join(pdfs.PARAGRAPHS).split()
        for row in range(shown):
            place = 37 * slide + 9 * row
            text = " ".join(words[(place + n) % len(words)] for n in range(9))
            canvas.drawString(80, 390 - 48 * row, f"\u2022 {text}")
        if number:
            canvas.setFont("Helvetica", 10)
            canvas.drawString(880, 20, str(number))

    return draw
