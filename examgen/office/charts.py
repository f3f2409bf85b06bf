"""Where the bars of a trend stand, in the units of its SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# The frame: its axes, and room for their labels.
LEFT, RIGHT, TOP, BOTTOM = 34, 352, 12, 132
_LABELS = 4
_LINES = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of time as a rectangle."""

    day: date
    count: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A grid line at its height, with the number that it stands for."""

    at: int
    value: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A day under the axis, whose words begin at its bar."""

    at: int
    day: date


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    grid: tuple[Mark, ...]
    ticks: tuple[Tick, ...]


def chart(points: Sequence[tuple[date, int]]) -> Chart:
    """Lay out one bar for each span, under the least even number that holds all."""
    highest = _rounded_up(max(count for _day, count in points))
    step = (RIGHT - LEFT) / len(points)
    bars = tuple(
        Bar(
            day=day,
            count=count,
            x=round(LEFT + index * step + 1),
            y=_height(count, highest),
            width=max(1, round(step - 2)),
            height=BOTTOM - _height(count, highest),
        )
        for index, (day, count) in enumerate(points)
    )
    grid = tuple(
        Mark(at=_height(value, highest), value=value)
        for value in range(0, highest + 1, highest // _LINES)
    )
    return Chart(bars, grid, _ticks(bars))


def _ticks(bars: Sequence[Bar]) -> tuple[Tick, ...]:
    every = max(1, -(-len(bars) // _LABELS))
    shown = [bar for index, bar in enumerate(bars) if index % every == 0]
    return tuple(Tick(at=bar.x, day=bar.day) for bar in shown)


def _height(value: int, highest: int) -> int:
    return BOTTOM - (BOTTOM - TOP) * value // highest


def _rounded_up(count: int) -> int:
    """The next number that both grid lines share evenly."""
    return max(_LINES, -(-count // _LINES) * _LINES)
