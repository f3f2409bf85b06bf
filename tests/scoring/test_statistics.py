from __future__ import annotations

import statistics as oracle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics import Bin, passes, percent, summarise

D = Decimal


def test_nobody_on_the_board_gives_no_figures() -> None:
    assert summarise([], max_points=D(10), pass_mark=D(50)) is None


def test_a_small_board_by_hand() -> None:
    """2, 4, 4, 4, 5, 5, 7, 9 of 10: the textbook's example, in percent."""
    counts = [(D(2), 1), (D(4), 3), (D(5), 2), (D(7), 1), (D(9), 1)]
    summary = summarise(counts, max_points=D(10), pass_mark=D(50))
    assert summary is not None
    assert (summary.people, summary.mean, summary.median) == (8, D(50), D(45))
    assert (summary.lower_quartile, summary.upper_quartile) == (D(40), D(55))
    assert (summary.deviation, summary.best) == (D(20), D(90))
    assert (summary.passed, summary.pass_percent) == (4, D(50))
    assert [b.people for b in summary.bins] == [0, 0, 1, 0, 3, 2, 0, 1, 0, 1]
    assert summary.bins[4] == Bin(low=40, high=50, people=3, passed=False)
    assert summary.bins[5] == Bin(low=50, high=60, people=2, passed=True)


def test_who_has_as_much_as_is_asked_passes() -> None:
    assert passes(D(50), D(50)) is True
    assert passes(D("49.9999"), D(50)) is False
    assert passes(D(100), None) is None


def test_full_marks_and_less_than_nothing_stay_on_the_chart() -> None:
    counts = [(D(10), 2), (D(-3), 1)]
    summary = summarise(counts, max_points=D(10), pass_mark=None)
    assert summary is not None
    assert [b.people for b in summary.bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (summary.passed, summary.pass_percent) == (None, None)
    assert all(b.passed for b in summary.bins)


def test_an_exam_without_points_divides_by_nothing() -> None:
    assert percent(D(0), D(0)) == 0


@given(
    st.lists(st.integers(0, 400).map(lambda n: D(n) / 4), min_size=2, max_size=60),
    st.integers(0, 100).map(D),
)
def test_figures_are_those_of_the_standard_library(
    scores: list[Decimal], mark: Decimal
) -> None:
    counts = [(score, scores.count(score)) for score in set(scores)]
    summary = summarise(counts, max_points=D(100), pass_mark=mark)
    assert summary is not None
    quartiles = oracle.quantiles(scores, n=4, method="inclusive")
    assert summary.people == len(scores) == sum(b.people for b in summary.bins)
    assert float(summary.mean) == pytest.approx(float(oracle.mean(scores)))
    assert summary.median == oracle.median(scores)
    assert [summary.lower_quartile, summary.upper_quartile] == [
        quartiles[0],
        quartiles[2],
    ]
    assert float(summary.deviation) == pytest.approx(float(oracle.pstdev(scores)))
    assert summary.passed == sum(score >= mark for score in scores)
