from __future__ import annotations

from examgen.office.shares import LEFT, RIGHT, TOP, chart
from exams.quality import Tally


def test_bars_are_as_long_as_their_shares_and_lines_reach_around_their_ends() -> None:
    one, none = chart([("some", Tally(1, 1, 0)), ("none", Tally(0, 0, 3))]).rows
    whole = RIGHT - LEFT
    assert (one.as_is.width, one.after_edit.width) == (whole // 2, whole)
    assert one.as_is.low < LEFT + whole // 2 < one.as_is.high
    assert (one.after_edit.high, none.as_is.low) == (RIGHT, LEFT)
    assert (none.as_is.width, none.after_edit.width) == (0, 0)
    assert none.as_is.high < RIGHT


def test_rows_stand_under_each_other_and_inside_the_picture() -> None:
    drawn = chart([(f"maker {n}", Tally(kept=1)) for n in range(5)])
    tops = [row.as_is.y for row in drawn.rows]
    assert tops == [TOP + 30 * n for n in range(5)]
    assert all(row.after_edit.y > row.as_is.y + 9 for row in drawn.rows)
    assert drawn.rows[-1].after_edit.y + 9 < drawn.foot < drawn.height
    assert [line.value for line in drawn.grid] == [0, 25, 50, 75, 100]
