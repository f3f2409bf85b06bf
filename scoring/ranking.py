"""Which score counts for a person, and which place it gives. Pure."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from exams.policy import Counting

_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Result:
    """One graded attempt; `number` counts the person's attempts."""

    user: uuid.UUID
    attempt: uuid.UUID
    number: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for one person, and from which of their attempts it came."""

    user: uuid.UUID
    attempt: uuid.UUID
    points: Decimal
    attempts: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A place from 1; `shared` when others have the same score."""

    place: int
    shared: bool
    of: int


def standings(results: Iterable[Result], counting: Counting) -> list[Standing]:
    """One standing for each person, in the order of their ids.

    Of equally good attempts the first counts; an average belongs to the last.
    """
    by_person = sorted(results, key=lambda result: (result.user, result.number))
    return [
        _standing(list(attempts), counting)
        for _, attempts in groupby(by_person, key=lambda result: result.user)
    ]


def _standing(attempts: Sequence[Result], counting: Counting) -> Standing:
    chosen = attempts[-1]
    points = chosen.points
    if counting == Counting.BEST:
        chosen = max(attempts, key=lambda result: (result.points, -result.number))
        points = chosen.points
    elif counting == Counting.AVERAGE:
        total = sum((result.points for result in attempts), Decimal(0))
        points = (total / len(attempts)).quantize(_PLACES)
    return Standing(chosen.user, chosen.attempt, points, len(attempts))


def counts(standings: Iterable[Standing]) -> dict[Decimal, int]:
    """How many people reached each score."""
    return dict(Counter(standing.points for standing in standings))


def rank(points: Decimal, counts: Iterable[tuple[Decimal, int]]) -> Rank:
    """The place of a score: one more than the people who have more."""
    ahead, beside, total = 0, 0, 0
    for score, people in counts:
        total += people
        if score > points:
            ahead += people
        elif score == points:
            beside = people
    return Rank(place=ahead + 1, shared=beside > 1, of=total)
