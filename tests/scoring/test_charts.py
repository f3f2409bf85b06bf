from __future__ import annotations

from decimal import Decimal

from scoring.charts import BOTTOM, LEFT, RIGHT, TOP, Line, histogram
from scoring.statistics import summarise

D = Decimal


def test_bars_stand_between_the_axes_and_their_heights_tell_the_people() -> None:
    counts = [(D(5), 1), (D(55), 6), (D(100), 3)]
    summary = summarise(counts, max_points=D(100), pass_mark=D(50))
    assert summary is not None
    chart = histogram(summary.bins, pass_mark=D(50))
    heights = [bar.height for bar in chart.bars]
    assert heights == [26, 0, 0, 0, 0, 156, 0, 0, 0, 78]
    assert all(bar.x >= LEFT and bar.x + bar.width <= RIGHT for bar in chart.bars)
    assert all(bar.y + bar.height == BOTTOM for bar in chart.bars)
    assert [bar.last_percent for bar in chart.bars][-2:] == [89, 100]
    assert chart.grid == (Line(190, 0), Line(138, 2), Line(86, 4), Line(TOP, 6))
    assert chart.ticks[0] == Line(30, 0)
    assert chart.ticks[-1] == Line(590, 100)
    assert chart.pass_x == 310


def test_a_board_of_one_has_whole_numbers_on_its_axis() -> None:
    summary = summarise([(D(1), 1)], max_points=D(1), pass_mark=None)
    assert summary is not None
    chart = histogram(summary.bins, pass_mark=None)
    assert [line.value for line in chart.grid] == [0, 1, 2, 3]
    assert chart.pass_x is None
