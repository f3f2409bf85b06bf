"""Where the parts of a chart stand, in the units of its SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.statistics import Bin

# The frame of the histogram: its axes, and room for their labels.
LEFT, RIGHT, TOP, BOTTOM = 30, 590, 34, 190
_GAP = 8
_LINES = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One bin as a rectangle; `label` is where the number stands over it."""

    bin: Bin
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def label(self) -> int:
        return self.y - 6

    @property
    def last_percent(self) -> int:
        """The highest whole percent in the bin, for the table twin."""
        return self.bin.high if self.bin.high == 100 else self.bin.high - 1  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line, or a mark on the axis below."""

    at: int
    value: int


@dataclass(frozen=True, slots=True)
class Histogram:
    bars: tuple[Bar, ...]
    grid: tuple[Line, ...]
    ticks: tuple[Line, ...]
    # Where the pass mark stands, None where nobody can fail.
    pass_x: int | None


def histogram(bins: Sequence[Bin], *, pass_mark: Decimal | None) -> Histogram:
    """Lay out the bins between 0 and 100 percent."""
    step = (RIGHT - LEFT) // len(bins)
    highest = _rounded_up(max(b.people for b in bins))
    bars = tuple(
        _bar(b, x=LEFT + index * step + _GAP // 2, width=step - _GAP, highest=highest)
        for index, b in enumerate(bins)
    )
    grid = tuple(
        Line(at=_height(value, highest), value=value)
        for value in range(0, highest + 1, highest // _LINES)
    )
    ticks = tuple(
        Line(at=LEFT + index * step, value=index * 100 // len(bins))
        for index in range(len(bins) + 1)
    )
    pass_x = None
    if pass_mark is not None:
        pass_x = LEFT + int((RIGHT - LEFT) * pass_mark / 100)
    return Histogram(bars, grid, ticks, pass_x)


def _bar(b: Bin, *, x: int, width: int, highest: int) -> Bar:
    y = _height(b.people, highest)
    return Bar(bin=b, x=x, y=y, width=width, height=BOTTOM - y)


def _height(value: int, highest: int) -> int:
    return BOTTOM - (BOTTOM - TOP) * value // highest


def _rounded_up(people: int) -> int:
    """The next multiple of the number of grid lines, so that each stands on a whole."""
    return max(_LINES, -(-people // _LINES) * _LINES)
