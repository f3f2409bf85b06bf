from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from examgen.office.charts import BOTTOM, LEFT, RIGHT, TOP, chart

MONDAY = date(2025, 11, 3)


def points(*counts: int) -> list[tuple[date, int]]:
    return [(MONDAY + timedelta(days=n), count) for n, count in enumerate(counts)]


def test_the_highest_bar_reaches_the_top_and_an_empty_one_stays_down() -> None:
    low, high, none = chart(points(1, 4, 0)).bars
    assert (high.y, high.height) == (TOP, BOTTOM - TOP)
    assert low.height == high.height // 4
    assert (none.y, none.height) == (BOTTOM, 0)


def test_bars_stand_side_by_side_between_the_axes() -> None:
    bars = chart(points(*range(30))).bars
    assert bars[0].x > LEFT
    assert bars[-1].x + bars[-1].width <= RIGHT
    pairs = pairwise(bars)
    assert all(one.x + one.width < two.x for one, two in pairs)


def test_grid_lines_stand_on_whole_numbers_under_an_odd_highest() -> None:
    assert [line.value for line in chart(points(5)).grid] == [0, 3, 6]
    assert [line.value for line in chart(points(0)).grid] == [0, 1, 2]


def test_few_days_are_named_and_the_first_is_among_them() -> None:
    ticks = chart(points(*[1] * 30)).ticks
    assert [tick.day.day for tick in ticks] == [3, 11, 19, 27]
    assert len(chart(points(1, 1)).ticks) == 2
