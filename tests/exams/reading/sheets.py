"""Tokens, lines and sheets by hand, for tests that need no PDF."""

from __future__ import annotations

from typing import Any

from exams.reading.lines import Line, lines_of
from exams.reading.tokens import Rect, Sheet, Token

WIDTH, HEIGHT = 600.0, 800.0
PER_LETTER = 0.5


def tokens(
    text: str, left: float, top: float, size: float = 10.0, **style: Any
) -> list[Token]:
    """The words of one line; letters are half as wide as the type is high."""
    placed: list[Token] = []
    for index, word in enumerate(text.split()):
        right = left + PER_LETTER * size * len(word)
        box = Rect(left, top, right, top + size)
        gap = " " if index else style.pop("gap", "\n")
        placed.append(Token(word, box, box, gap=gap, size=size, **style))
        left = right + PER_LETTER * size
    return placed


def line(text: str, left: float, top: float, size: float = 10.0, **style: Any) -> Line:
    return Line(tuple(tokens(text, left, top, size, **style)))


def lines(*rows: tuple[Any, ...]) -> list[Line]:
    return lines_of([token for row in rows for token in tokens(*row)])


def sheet(
    *rows: tuple[Any, ...],
    number: int = 1,
    width: float = WIDTH,
    height: float = HEIGHT,
    **style: Any,
) -> Sheet:
    return Sheet(
        number=number,
        width=width,
        height=height,
        tokens=tuple(token for row in rows for token in tokens(*row, **style)),
    )
