"""Shares as bars with the reach of their intervals, in the units of an SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exams.quality import Share, Tally

# The frame: names at the left, a scale of 0 to 100 percent beside them.
LEFT, RIGHT, TOP = 104, 344, 24
_ROW, _THICK, _PERCENT = 30, 9, 100
_STEP = 25


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as a bar, and from where to where its true value may lie."""

    y: int
    width: int
    low: int
    high: int

    @property
    def middle(self) -> float:
        return self.y + _THICK / 2


@dataclass(frozen=True, slots=True)
class Row:
    """One sort of questions: used as they were, and used at all."""

    name: str
    y: int
    as_is: Bar
    after_edit: Bar


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line, and the percentage that it stands for."""

    at: int
    value: int


@dataclass(frozen=True, slots=True)
class Shares:
    """A chart of so many rows; `height` is that of the whole picture."""

    rows: tuple[Row, ...]
    grid: tuple[Line, ...]
    foot: int
    height: int


def chart(tallies: Sequence[tuple[str, Tally]]) -> Shares:
    """Lay out two bars for each named tally, in the order given."""
    rows = tuple(
        _row(name, tally, TOP + _ROW * place)
        for place, (name, tally) in enumerate(tallies)
    )
    grid = tuple(
        Line(_across(value / _PERCENT), value)
        for value in range(0, _PERCENT + 1, _STEP)
    )
    foot = TOP + _ROW * len(rows)
    return Shares(rows, grid, foot, foot + 8)


def _row(name: str, tally: Tally, y: int) -> Row:
    return Row(
        name=name,
        y=y + _THICK + 2,
        as_is=_bar(tally.as_is, y),
        after_edit=_bar(tally.after_edit, y + _THICK + 2),
    )


def _bar(share: Share, y: int) -> Bar:
    return Bar(
        y=y,
        width=_across(share.value) - LEFT,
        low=_across(share.low),
        high=_across(share.high),
    )


def _across(value: float) -> int:
    return LEFT + round((RIGHT - LEFT) * value)
