"""What each home page shows: three lanes for educators, three for students."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from accounts.models import Course, User
from exams.models import ExamVersion
from exams.querysets import ExamVersionQuerySet
from scoring import statistics
from scoring.models import Attempt, Grade, ScoreCount
from scoring.querysets import AttemptQuerySet
from scoring.services import marking
from scoring.services.visibility import What, can_see, foresee, latest_grade
from scoring.states import AttemptState

LANE = 6


# The educator's


@dataclass(frozen=True, slots=True)
class Ended:
    """An exam that is over; `mean` in percent, None while nobody is on its board."""

    version: ExamVersion
    people: int
    mean: Decimal | None


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


def planned(educator: User, *, at: datetime) -> QuerySet[ExamVersion]:
    """Published exams whose doors open later, the next one first."""
    versions = _newest(educator).filter(closed_at=None, opens_at__gt=at)
    return versions.order_by("opens_at")


def ended(educator: User, *, at: datetime) -> list[Ended]:
    """The newest exams that are over and nobody works at: two queries."""
    running = Attempt.objects.filter(version=OuterRef("pk"), state=AttemptState.OPEN)
    grades = Grade.objects.filter(attempt__version=OuterRef("pk")).order_by()
    over = _newest(educator).filter(_shut(at), ~Exists(running))
    # Grades say what the paper, which is long, would have to be read for.
    weighed = over.annotate(full=Subquery(grades.values("max_points")[:1]))
    versions = list(weighed.order_by("-published_at")[:LANE])
    boards = {
        row["version"]: row
        for row in ScoreCount.objects.filter(version__in=versions)
        .values("version")
        .annotate(n=Sum("people"), points=Sum(F("points") * F("people")))
    }
    return [_ended(version, boards.get(version.pk)) for version in versions]


def to_grade(educator: User) -> QuerySet[ExamVersion]:
    """Exams with answers that only a person can grade, each with `waiting` attempts."""
    waiting = marking.incomplete()
    counted = (
        waiting.filter(attempt__version=OuterRef("pk"))
        .values("attempt__version")
        .annotate(n=Count("pk"))
    )
    versions = ExamVersion.objects.for_user(educator).headlines()
    found = versions.filter(pk__in=waiting.values("attempt__version"))
    return found.annotate(waiting=Subquery(counted.values("n")))


def _shut(at: datetime) -> Q:
    """Whether the doors are: nobody can start any more."""
    return ~Q(closed_at=None) | Q(closes_at__lte=at)


def _newest(educator: User) -> ExamVersionQuerySet:
    """The version of each exam that counts now."""
    later = ExamVersion.objects.filter(exam=OuterRef("exam")).order_by("-number")
    versions = ExamVersion.objects.for_user(educator).headlines()
    return versions.filter(pk=Subquery(later.values("pk")[:1]))


def _ended(version: ExamVersion, board: dict[str, Any] | None) -> Ended:
    if not board:
        return Ended(version, 0, None)
    mean = Decimal(board["points"]) / board["n"]
    full: Decimal = getattr(version, "full")  # noqa: B009 - annotated by ended()
    return Ended(version, board["n"], statistics.percent(mean, full))


# The student's


@dataclass(frozen=True, slots=True)
class Card:
    """An exam as its student sees it; `attempt` is one that was begun or handed in.

    `being_graded` where results are out, but an answer still waits for a person.
    """

    version: ExamVersion
    attempt: Attempt | None = None
    percent: Decimal | None = None
    being_graded: bool = False

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
    mine = Attempt.objects.for_user(student)
    begun = list(
        mine.filter(state=AttemptState.OPEN).headlines().order_by("-started_at")
    )
    used = mine.filter(version=OuterRef("pk")).exclude(state=AttemptState.VOID)
    counted = used.order_by().values("version").annotate(n=Count("pk"))
    offered = (
        ExamVersion.objects.headlines()
        .filter(
            course__in=Course.objects.attended_by(student).values("pk"), closed_at=None
        )
        .select_related("course")
    )
    running = offered.filter(~_shut(at), opens_at__lte=at).order_by("closes_at")
    at_work = {attempt.version_id for attempt in begun}
    startable = [
        version
        for version in running.annotate(
            used=Coalesce(Subquery(counted.values("n")), 0)
        ).exclude(pk__in=at_work)
        if getattr(version, "used") < version.rules.attempts  # noqa: B009 - as above
    ]
    return Shelf(
        open=[
            *(Card(attempt.version, attempt) for attempt in begun),
            *(Card(version) for version in startable),
        ],
        coming=[Card(v) for v in offered.filter(opens_at__gt=at).order_by("opens_at")],
        done=cards(handed_in(student)[:LANE], student, at=at),
    )


def handed_in(student: User) -> AttemptQuerySet:
    """What a student has handed in, the newest first."""
    closed = Attempt.objects.for_user(student).filter(state=AttemptState.CLOSED)
    scores = Prefetch("grades", queryset=Grade.objects.defer("marks"))
    newest_first = closed.headlines().order_by("-closed_at", "pk")
    return newest_first.prefetch_related(scores)


def cards(attempts: Iterable[Attempt], student: User, *, at: datetime) -> list[Card]:
    """What became of attempts that were handed in, as far as the student may know."""
    found = list(attempts)
    foresee(attempt.version for attempt in found)
    return [_card(attempt, student, at) for attempt in found]


def _card(attempt: Attempt, student: User, at: datetime) -> Card:
    grade = latest_grade(attempt)
    if grade is None or not can_see(attempt, What.SCORE, student, at):
        out = can_see(attempt, What.ANSWERS, student, at)
        return Card(attempt.version, attempt, being_graded=out)
    share = statistics.percent(grade.points, grade.max_points)
    return Card(attempt.version, attempt, share)
