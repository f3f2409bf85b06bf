"""What happens in an exam right now: who works, who is done, who has not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Enrolment, User
from exams.models import ExamVersion
from scoring.models import Attempt, LateAnswer
from scoring.states import AttemptState


@dataclass(frozen=True, slots=True)
class Taker:
    """One student's newest attempt, or none yet. `left` is None without a limit.

    `late` when answers came after its end.
    """

    user: User
    attempt: Attempt | None
    answered: int = 0
    left: timedelta | None = None
    late: bool = False

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes, the one that runs included."""
        return None if self.left is None else -(-self.left // timedelta(minutes=1))

    @property
    def working(self) -> bool:
        return self.attempt is not None and self.attempt.state == AttemptState.OPEN

    @property
    def done(self) -> bool:
        return self.attempt is not None and self.attempt.state == AttemptState.CLOSED


@dataclass(frozen=True, slots=True)
class Room:
    """Everybody who takes the exam or could: those at work first."""

    takers: Sequence[Taker]
    at: datetime

    @property
    def working(self) -> int:
        return sum(taker.working for taker in self.takers)

    @property
    def done(self) -> int:
        return sum(taker.done for taker in self.takers)

    @property
    def absent(self) -> int:
        return sum(taker.attempt is None for taker in self.takers)


def room(version: ExamVersion, *, at: datetime) -> Room:
    """Look into the exam: three queries, however many are in it."""
    attempts = (
        Attempt.objects.filter(version=version)
        .exclude(state=AttemptState.VOID)
        .select_related("user")
        .annotate(
            answered=Count("answers", filter=~Q(answers__value=None)),
            came_late=Exists(LateAnswer.objects.filter(attempt=OuterRef("pk"))),
        )
        .order_by("user_id", "-number")
    )
    newest: dict[object, Taker] = {}
    for attempt in attempts:
        newest.setdefault(attempt.user_id, _taker(attempt, at))
    takers = sorted(newest.values(), key=_order)
    return Room([*takers, *_absent(version, set(newest))], at)


def _taker(attempt: Attempt, at: datetime) -> Taker:
    left = None
    if attempt.state == AttemptState.OPEN and attempt.deadline is not None:
        left = max(attempt.deadline - at, timedelta(0))
    answered: int = getattr(attempt, "answered")  # noqa: B009 - annotated above
    late: bool = getattr(attempt, "came_late")  # noqa: B009 - annotated above
    return Taker(attempt.user, attempt, answered, left, late)


def _order(taker: Taker) -> tuple[bool, str]:
    return (not taker.working, str(taker.user).casefold())


def _absent(version: ExamVersion, came: set[object]) -> list[Taker]:
    """Students of the course who have not begun."""
    if version.course_id is None:
        return []
    enrolled = Enrolment.objects.filter(course=version.course_id).students()
    return [
        Taker(enrolment.user, None)
        for enrolment in enrolled.select_related("user")
        if enrolment.user_id not in came
    ]
