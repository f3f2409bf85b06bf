"""Who may start an attempt now, and how long it would take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Enrolment, User
from exams.models import ExamVersion
from scoring.deadlines import Hours, deadline
from scoring.models import Attempt
from scoring.states import AttemptState


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What one person may do with one published exam at one moment.

    `reason` is a code that says why they may not start, empty when they may: "open"
    when their attempt is open already, "own_exam", "not_enrolled", "not_yet",
    "closed", "no_attempts_left". `limit` is their own time, None for none, and
    `deadline_if_started` when an attempt that starts now would end.
    """

    may_start: bool
    reason: str
    attempt: Attempt | None
    earlier: tuple[Attempt, ...]
    attempts_left: int
    next_number: int
    accommodated: bool
    limit: timedelta | None
    deadline_if_started: datetime | None
    opens_at: datetime
    ends_at: datetime | None

    @property
    def minutes(self) -> int | None:
        """The limit in whole minutes."""
        return None if self.limit is None else int(self.limit.total_seconds() // 60)


def entitlement(*, user: User, version: ExamVersion, at: datetime) -> Entitlement:
    """Look up what `user` may do; needs the version's exam at hand."""
    attempts = list(
        Attempt.objects.for_user(user).filter(version=version).order_by("number")
    )
    rules = version.rules
    enrolment = _enrolment(user, version)
    granted = enrolment if enrolment and enrolment.accommodated else None
    limit = None if rules.minutes is None else timedelta(minutes=rules.minutes)
    hours = Hours(version.opens_at, version.closes_at, limit)
    running = next((a for a in attempts if a.state == AttemptState.OPEN), None)
    # What staff took out does not count against the student.
    used = sum(attempt.state != AttemptState.VOID for attempt in attempts)
    left = max(rules.attempts - used, 0)
    reasons = (
        "open" if running else "",
        "own_exam" if version.exam.owner_id == user.id else "",
        "not_enrolled" if version.course_id and enrolment is None else "",
        _doors(version, at),
        "no_attempts_left" if left == 0 else "",
    )
    reason = next((code for code in reasons if code), "")
    stretch = granted.stretch if granted else None
    return Entitlement(
        may_start=not reason,
        reason=reason,
        attempt=running,
        earlier=tuple(attempt for attempt in attempts if attempt is not running),
        attempts_left=left,
        next_number=max((attempt.number for attempt in attempts), default=0) + 1,
        accommodated=granted is not None,
        limit=limit if stretch is None or limit is None else stretch(limit),
        deadline_if_started=deadline(hours, started_at=at, stretch=stretch),
        opens_at=version.opens_at,
        ends_at=version.closes_at,
    )


def _enrolment(user: User, version: ExamVersion) -> Enrolment | None:
    if version.course_id is None:
        return None
    enrolments = Enrolment.objects.students()
    return enrolments.filter(course=version.course_id, user=user).first()


def _doors(version: ExamVersion, at: datetime) -> str:
    """Why nobody may start at `at`, empty when they may."""
    if at < version.opens_at:
        return "not_yet"
    ended = version.closes_at is not None and at >= version.closes_at
    return "closed" if ended or version.closed_at is not None else ""
