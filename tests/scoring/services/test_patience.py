from __future__ import annotations

import uuid

from scoring.services.patience import Patience


def tries(seconds: int) -> list[int]:
    """When one that always fails is tried, if somebody looks each two seconds."""
    clock = [0.0]
    patience, row, found = Patience(lambda: clock[0]), uuid.uuid4(), []
    for at in range(0, seconds, 2):
        clock[0] = float(at)
        if patience.is_due(row):
            found.append(at)
            patience.missed(row)
    return found


def test_pauses_double_after_the_first_and_stay_below_five_minutes() -> None:
    assert tries(2000) == [0, 2, 6, 14, 30, 62, 126, 254, 510, 810, 1110, 1410, 1710]


def test_after_a_success_all_is_as_before() -> None:
    clock = [0.0]
    patience, row = Patience(lambda: clock[0]), uuid.uuid4()
    for _ in range(5):
        patience.missed(row)
    assert not patience.is_due(row)
    patience.done(row)
    assert patience.is_due(row)
    patience.missed(row)
    assert patience.is_due(row)


def test_what_was_due_long_ago_is_forgotten() -> None:
    clock = [0.0]
    patience, gone, row = Patience(lambda: clock[0]), uuid.uuid4(), uuid.uuid4()
    for _ in range(5):
        patience.missed(gone)
    clock[0] = 5000.0
    patience.missed(row)
    patience.missed(gone)
    assert patience.is_due(gone)
