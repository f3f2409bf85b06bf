from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.policy import Counting
from scoring.ranking import Rank, Result, Standing, counts, rank, standings

D = Decimal
ANNA, BEN = uuid.UUID(int=1), uuid.UUID(int=2)
FIRST, SECOND, THIRD = (uuid.UUID(int=n) for n in (11, 12, 13))


def results(*points: str) -> list[Result]:
    """Anna's attempts, in their order."""
    ids = [FIRST, SECOND, THIRD]
    return [
        Result(ANNA, ids[index], index + 1, D(score))
        for index, score in enumerate(points)
    ]


@pytest.mark.parametrize(
    ("counting", "points", "attempt"),
    [
        (Counting.BEST, "8", SECOND),
        (Counting.LAST, "3", THIRD),
        (Counting.AVERAGE, "5.3333", THIRD),
    ],
)
def test_which_of_several_attempts_counts(
    counting: Counting, points: str, attempt: uuid.UUID
) -> None:
    expected = Standing(ANNA, attempt, D(points), 3)
    assert standings(results("5", "8", "3"), counting) == [expected]


def test_of_equally_good_attempts_the_first_counts() -> None:
    (standing,) = standings(results("8", "8"), Counting.BEST)
    assert standing.attempt == FIRST


def test_every_person_has_one_standing() -> None:
    ben = Result(BEN, THIRD, 1, D(4))
    found = standings([ben, *results("5", "8")], Counting.BEST)
    assert [(s.user, s.points) for s in found] == [(ANNA, D(8)), (BEN, D(4))]
    assert counts(found) == {D(8): 1, D(4): 1}


def test_ties_share_a_place_and_the_next_one_is_skipped() -> None:
    board = [(D(96), 1), (D(93), 2), (D(91), 1)]
    assert rank(D(96), board) == Rank(place=1, shared=False, of=4)
    assert rank(D(93), board) == Rank(place=2, shared=True, of=4)
    assert rank(D(91), board) == Rank(place=4, shared=False, of=4)


@given(st.lists(st.integers(0, 20).map(D), min_size=1, max_size=40))
def test_places_are_those_of_a_sorted_list(scores: list[Decimal]) -> None:
    board = [(score, scores.count(score)) for score in set(scores)]
    ordered = sorted(scores, reverse=True)
    for score in scores:
        assert rank(score, board).place == ordered.index(score) + 1
