"""The rules of an exam survive being kept, exactly."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.policy import Counting, Policy, Release, Several

# Hypothesis wants the bounds without a zone, and adds it.
moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001
    datetime(2199, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
policies = st.builds(
    Policy,
    opens_at=moments,
    closes_at=st.none() | moments,
    minutes=st.none() | st.integers(1, 10_080),
    attempts=st.integers(1, 100),
    counting=st.sampled_from(Counting),
    shuffle_questions=st.booleans(),
    shuffle_options=st.booleans(),
    release=st.sampled_from(Release),
    release_at=st.none() | moments,
    pass_percent=st.none() | st.decimals(0, 100, places=2),
    several=st.sampled_from(Several),
    negative_marking=st.booleans(),
)


@given(policies)
def test_a_policy_comes_back_from_json_as_it_was(policy: Policy) -> None:
    stored = json.loads(json.dumps(policy.to_json()))
    assert Policy.from_json(stored) == policy
    assert Policy.from_json(stored).to_json() == stored


def test_times_of_other_zones_come_back_as_the_same_moment() -> None:
    there = datetime(2026, 11, 26, 9, tzinfo=timezone(timedelta(hours=5)))
    policy = Policy(opens_at=there)
    assert Policy.from_json(policy.to_json()).opens_at == there


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"release": "riddle"}, ValueError),
        ({"opens_at": "soon"}, ValueError),
        ({"several": None}, ValueError),
    ],
)
def test_what_is_no_policy_is_not_read(
    changes: dict[str, Any], error: type[Exception]
) -> None:
    plain = Policy(opens_at=datetime(2026, 11, 26, 9, tzinfo=UTC)).to_json()
    with pytest.raises(error):
        Policy.from_json({**plain, **changes})
    del plain["minutes"]
    with pytest.raises(KeyError):
        Policy.from_json(plain)


def test_a_pass_mark_is_kept_in_fixed_point() -> None:
    at = datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert (
        Policy(opens_at=at, pass_percent=Decimal("1E+2")).to_json()["pass_percent"]
        == "100"
    )
