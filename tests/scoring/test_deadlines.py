"""The deadline of an attempt, row by row of the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Enrolment
from scoring.deadlines import Hours, deadline

OPENS = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=2)
HALF_AN_HOUR = timedelta(minutes=30)
LATE = CLOSES - timedelta(minutes=10)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def stretch(multiplier: str = "1", extra: int = 0):
    return Enrolment(multiplier=Decimal(multiplier), extra_minutes=extra).stretch


ROWS = [
    # limit, window, start, granted, expected
    (HALF_AN_HOUR, CLOSES, OPENS, None, OPENS + minutes(30)),
    (HALF_AN_HOUR, CLOSES, LATE, None, CLOSES),
    (HALF_AN_HOUR, None, LATE, None, LATE + minutes(30)),
    (None, CLOSES, LATE, None, CLOSES),
    (None, None, LATE, None, None),
    # What is granted outlives the window.
    (HALF_AN_HOUR, CLOSES, LATE, stretch("1.5"), LATE + minutes(45)),
    (HALF_AN_HOUR, CLOSES, LATE, stretch(extra=10), LATE + minutes(40)),
    (HALF_AN_HOUR, CLOSES, LATE, stretch("1.25", 5), LATE + minutes(42.5)),
    (HALF_AN_HOUR, None, LATE, stretch("2"), LATE + minutes(60)),
    # Only a window: as much longer as the whole window would be.
    (None, CLOSES, LATE, stretch("1.5"), CLOSES + minutes(60)),
    (None, CLOSES, OPENS, stretch("1.5"), CLOSES + minutes(60)),
    (None, CLOSES, LATE, stretch(extra=10), CLOSES + minutes(10)),
    (None, None, LATE, stretch("2"), None),
]


@pytest.mark.parametrize(("limit", "closes", "start", "granted", "expected"), ROWS)
def test_the_table(limit, closes, start, granted, expected) -> None:
    hours = Hours(OPENS, closes, limit)
    assert deadline(hours, started_at=start, stretch=granted) == expected


@given(
    st.one_of(st.none(), st.integers(1, 300)),
    st.integers(1, 600),
    st.integers(0, 599),
    st.decimals("1", "5", places=2),
    st.integers(0, 60),
)
def test_nobody_has_less_time_for_what_they_are_granted(
    limit, window, late, multiplier, extra
) -> None:
    hours = Hours(OPENS, OPENS + minutes(window), limit and minutes(limit))
    start = OPENS + minutes(min(late, window - 1))
    plain = deadline(hours, started_at=start, stretch=None)
    granted = Enrolment(multiplier=multiplier, extra_minutes=extra).stretch
    assert deadline(hours, started_at=start, stretch=granted) >= plain > start
