"""What each home page shows: three lanes for educators, three for students."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    prefetch_related_objects,
)

from accounts.models import Course, User
from exams.models import ExamVersion
from exams.querysets import ExamVersionQuerySet
from scoring import statistics
from scoring.models import Attempt, ScoreCount
from scoring.services import marking, scoreboard
from scoring.services.visibility import What, can_see, latest_grade
from scoring.states import AttemptState

LANE = 6


# The educator's


@dataclass(frozen=True, slots=True)
class Ended:
    """An exam that is over; `mean` in percent, None while nobody is on its board."""

    version: ExamVersion
    people: int
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class ToGrade:
    """An exam in which answers wait for a person."""

    version: ExamVersion
    attempts: int


def live(educator: User, *, at: datetime) -> QuerySet[ExamVersion]:
    """Exams that run, each with `working` and `handed_in`; the next to end first.

    One whose doors are shut runs on while somebody works: who is granted more time
    may outlive them.
    """
    counted = _newest(educator).annotate(
        working=Count("attempts", filter=Q(attempts__state=AttemptState.OPEN)),
        handed_in=Count("attempts", filter=Q(attempts__state=AttemptState.CLOSED)),
    )
    running = counted.filter(~_shut(at) | Q(working__gt=0), opens_at__lte=at)
    return running.order_by(F("closes_at").asc(nulls_last=True))


def planned(educator: User, *, at: datetime) -> list[ExamVersion]:
    """Published exams whose doors open later, the next one first."""
    versions = _newest(educator).filter(closed_at=None, opens_at__gt=at)
    return list(versions.order_by("opens_at")[:LANE])


def ended(educator: User, *, at: datetime) -> list[Ended]:
    """Exams that are over and nobody works at, newest first: two queries."""
    running = Attempt.objects.filter(version=OuterRef("pk"), state=AttemptState.OPEN)
    over = _newest(educator).filter(_shut(at), ~Exists(running))
    versions = list(over.order_by("-published_at")[:LANE])
    boards = {
        row["version"]: row
        for row in ScoreCount.objects.filter(version__in=versions)
        .values("version")
        .annotate(n=Sum("people"), points=Sum(F("points") * F("people")))
    }
    return [_ended(version, boards.get(version.pk)) for version in versions]


def to_grade(educator: User) -> list[ToGrade]:
    """Exams with answers that only a person can grade: two queries."""
    mine = ExamVersion.objects.for_user(educator)
    waiting = (
        marking.incomplete()
        .filter(attempt__version__in=mine)
        .values_list("attempt__version")
        .annotate(n=Count("pk"))
    )
    counts: dict[uuid.UUID, int] = dict(waiting)
    versions = mine.headlines().filter(pk__in=counts)
    return [ToGrade(version, counts[version.pk]) for version in versions[:LANE]]


def _shut(at: datetime) -> Q:
    """Whether the doors are: nobody can start any more."""
    return ~Q(closed_at=None) | Q(closes_at__lte=at)


def _newest(educator: User) -> ExamVersionQuerySet:
    """The version of each exam that counts now."""
    later = ExamVersion.objects.filter(exam=OuterRef("exam")).order_by("-number")
    return ExamVersion.objects.for_user(educator).filter(
        pk=Subquery(later.values("pk")[:1])
    )


def _ended(version: ExamVersion, board: dict[str, Any] | None) -> Ended:
    if not board:
        return Ended(version, 0, None)
    mean = Decimal(board["points"]) / board["n"]
    full = scoreboard.max_points(version)
    return Ended(version, board["n"], statistics.percent(mean, full))


# The student's


@dataclass(frozen=True, slots=True)
class Card:
    """An exam as its student sees it; `attempt` is the newest one."""

    version: ExamVersion
    attempt: Attempt | None = None
    percent: Decimal | None = None

    @property
    def working(self) -> bool:
        return self.attempt is not None and self.attempt.state == AttemptState.OPEN


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a student can do now, what comes, and what was."""

    open: Sequence[Card]
    coming: Sequence[Card]
    done: Sequence[Card]


def shelf(student: User, *, at: datetime) -> Shelf:
    """Sort the exams of a student's courses, and those they have begun elsewhere."""
    attempts = list(
        Attempt.objects.for_user(student)
        .exclude(state=AttemptState.VOID)
        .select_related("version__exam", "version__course")
        .order_by("-started_at")
    )
    used: dict[uuid.UUID, list[Attempt]] = {}
    for attempt in attempts:
        used.setdefault(attempt.version_id, []).append(attempt)
    offered = ExamVersion.objects.filter(
        course__in=Course.objects.attended_by(student).values("pk"), closed_at=None
    ).select_related("course")
    coming = [Card(v) for v in offered.filter(opens_at__gt=at).order_by("opens_at")]
    doors = Q(closes_at=None) | Q(closes_at__gt=at)
    running = offered.filter(doors, opens_at__lte=at).order_by("closes_at")
    begun = [Card(a.version, a) for a in attempts if a.state == AttemptState.OPEN]
    at_work = {card.version.pk for card in begun}
    startable = [
        Card(version, used.get(version.pk, [None])[0])
        for version in running
        if version.pk not in at_work
        and len(used.get(version.pk, ())) < version.rules.attempts
    ]
    handed_in = [a for a in attempts if a.state == AttemptState.CLOSED][:LANE]
    prefetch_related_objects(handed_in, "grades")
    return Shelf(
        open=[*begun, *startable],
        coming=coming[:LANE],
        done=[_done(attempt, student, at) for attempt in handed_in],
    )


def _done(attempt: Attempt, student: User, at: datetime) -> Card:
    """What became of an attempt, as far as the student may know."""
    if not can_see(attempt, What.SCORE, student, at):
        return Card(attempt.version, attempt)
    grade = latest_grade(attempt)
    if grade is None:
        return Card(attempt.version, attempt)
    share = statistics.percent(grade.points, grade.max_points)
    return Card(attempt.version, attempt, share)
