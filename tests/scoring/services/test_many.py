"""Five hundred people: all closed by the clock, and a board that anybody can reckon.

What is expected is computed here, from nothing but what each of them answered.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction

from accounts.models import User
from exams.content import Kind
from exams.models import ExamVersion
from scoring import invariants
from scoring.models import Attempt
from scoring.services import closing, scoreboard
from scoring.states import AttemptState, ClosedBy
from tests.factories import exams, many, versions

PEOPLE = 500
# A tenth of the 5,000 of `make bench-closing`, in the time that those may take.
SECONDS = 15
POINTS = ("1", "1", "1.5", "1.5", "2", "2", "2.5", "2.5", "3", "3")
MOST = 20
PASS = 60
KINDS = [kind for kind in Kind if kind is not Kind.ESSAY]


@pytest.fixture
def version(educator: User) -> ExamVersion:
    asked = [
        exams.question(KINDS[place % len(KINDS)], points=Decimal(points))
        for place, points in enumerate(POINTS)
    ]
    rules = {"minutes": 30, "pass_percent": Decimal(PASS)}
    return versions.version(educator, questions=asked, **rules)


@pytest.fixture
def scores(version: ExamVersion) -> dict[User, Fraction]:
    """Five hundred whose time is over, and what the answers of each are worth."""
    chance = random.Random(500)
    right = versions.right_answers(version)
    worth = {sheet["id"]: Fraction(sheet["points"]) for sheet in version.questions}
    given = []
    for _ in range(PEOPLE):
        diligence = chance.random()
        known = [name for name in right if chance.random() < diligence]
        given.append({name: right[name] for name in known})
    people = many.run_out(version, given)
    return {
        person: sum((worth[name] for name in answers), Fraction(0))
        for person, answers in zip(people, given, strict=True)
    }


def test_all_whose_time_is_over_at_once_are_closed_soon(
    scores: dict[User, Fraction],
) -> None:
    begin = time.monotonic()
    assert closing.close_expired() == PEOPLE
    assert time.monotonic() - begin < SECONDS
    closed = Attempt.objects.filter(
        state=AttemptState.CLOSED, closed_by=ClosedBy.CLOCK, grades__complete=True
    )
    assert closed.count() == PEOPLE
    assert [found for check in invariants.INVARIANTS for found in check()] == []


def test_the_board_of_five_hundred_is_as_anybody_reckons_it(
    version: ExamVersion, scores: dict[User, Fraction]
) -> None:
    closing.close_expired()
    with transaction.atomic():
        assert scoreboard.rebuild(version_id=version.id)
    entries = list(scoreboard.board(version))
    assert {entry.user: Fraction(entry.points) for entry in entries} == scores

    points = sorted(scores.values(), reverse=True)
    places = {score: points.index(score) + 1 for score in points}
    assert [entry.place for entry in entries] == [places[score] for score in points]
    tied = Counter(points)
    assert max(tied.values()) > 10
    for person in random.Random(7).sample(list(scores), 25):
        mine = scoreboard.standing(version, person)
        assert mine is not None
        score = scores[person]
        assert (mine.rank.place, mine.rank.shared, mine.rank.of) == (
            *(places[score], tied[score] > 1, PEOPLE),
        )
        assert Fraction(mine.percent) == score * 100 / MOST


def test_figures_of_five_hundred_are_as_anybody_reckons_them(
    version: ExamVersion, scores: dict[User, Fraction]
) -> None:
    closing.close_expired()
    with transaction.atomic():
        scoreboard.rebuild(version_id=version.id)
    found = scoreboard.summary(version)
    assert found is not None
    shares = sorted(score * 100 / MOST for score in scores.values())
    mean = sum(shares) / PEOPLE
    assert found.people == PEOPLE
    assert Fraction(found.mean) == mean
    assert Fraction(found.median) == (shares[249] + shares[250]) / 2
    assert Fraction(found.lower_quartile) == between(shares, Fraction(1, 4))
    assert Fraction(found.upper_quartile) == between(shares, Fraction(3, 4))
    assert float(found.deviation) == pytest.approx(statistics.pstdev(shares), rel=1e-12)
    assert Fraction(found.best) == shares[-1]
    passed = sum(share >= PASS for share in shares)
    assert found.passed == passed
    assert found.pass_percent == Decimal(passed) * 100 / PEOPLE
    bins = Counter(min(int(share / 10), 9) for share in shares)
    assert [(one.low, one.people) for one in found.bins] == [
        (10 * place, bins[place]) for place in range(10)
    ]


def between(shares: Sequence[Fraction], part: Fraction) -> Fraction:
    """The value so far along the sorted list, on the line between two neighbours."""
    place = part * (PEOPLE - 1)
    low = int(place)
    return shares[low] + (shares[low + 1] - shares[low]) * (place - low)
