"""Messages to students: an exam for them, a receipt, a result."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Enrolment
from exams.models import ExamVersion
from notifications.messages.base import Message, Notice, Timing, UnfitError
from notifications.states import Reason
from scoring.models import Attempt, Grade
from scoring.services.receipts import seal_of
from scoring.services.visibility import What, can_see
from scoring.states import AttemptState

if TYPE_CHECKING:
    from examgen.jobs.models import Event
    from notifications.models import Delivery


def _versions() -> QuerySet[ExamVersion]:
    """Published exams without what no message may hold: questions and key."""
    return ExamVersion.objects.defer("paper", "key")


def _attempt_of(delivery: Delivery) -> Attempt:
    attempts = Attempt.objects.select_related("version", "user")
    attempt = attempts.defer("version__key").filter(id=delivery.subject_id).first()
    if attempt is None or attempt.user_id != delivery.recipient_id:
        raise UnfitError(Reason.GONE)
    if attempt.state != AttemptState.CLOSED:
        raise UnfitError(Reason.OUTDATED)
    return attempt


# An exam for them


def _students(event: Event) -> Iterator[Notice]:
    """All students of the course; an exam without a course is shared by its link."""
    version = _versions().filter(id=event.subject_id).first()
    if version is None or version.course_id is None:
        return
    enrolled = Enrolment.objects.filter(course=version.course_id).students()
    facts = {"title": version.title, "exam": str(version.exam_id)}
    for user_id in enrolled.order_by("user").values_list("user", flat=True):
        yield Notice(
            message=EXAM_OPENED.name,
            occasion=event.id,
            subject=version.id,
            recipient=user_id,
            facts=facts,
        )


def _opened_words(delivery: Delivery, at: datetime) -> dict[str, Any]:
    versions = _versions().select_related("course")
    version = versions.filter(id=delivery.subject_id).first()
    if version is None:
        raise UnfitError(Reason.GONE)
    enrolment = Enrolment.objects.students().filter(
        course=version.course_id, user=delivery.recipient_id
    )
    student = enrolment.first()
    if version.course is None or student is None:
        raise UnfitError(Reason.LEFT)
    over = version.closes_at is not None and version.closes_at <= at
    if over or version.closed_at is not None:
        raise UnfitError(Reason.OUTDATED)
    rules = version.rules
    return {
        "title": version.title,
        "course": version.course.name,
        "opens_at": version.opens_at,
        "closes_at": version.closes_at,
        "minutes": _own_minutes(rules.minutes, student),
        "stretched": rules.minutes is not None and student.accommodated,
        "attempts": rules.attempts,
    }


def _own_minutes(minutes: int | None, student: Enrolment) -> int | None:
    if minutes is None:
        return None
    return int(student.stretch(timedelta(minutes=minutes)).total_seconds() // 60)


# A receipt


def _taker(event: Event) -> Iterator[Notice]:
    for attempt in Attempt.objects.filter(id=event.subject_id):
        yield Notice(
            message=RECEIPT.name,
            occasion=event.id,
            subject=attempt.id,
            recipient=attempt.user_id,
            facts={"title": attempt.version.title},
        )


def _receipt_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    attempt = _attempt_of(delivery)
    values = [value for _version, value in (attempt.snapshot or {}).values()]
    return {
        "title": attempt.version.title,
        "closed_at": attempt.closed_at,
        "closed_by": attempt.closed_by,
        "answered": sum(value not in (None, "", [], {}) for value in values),
        "questions": len(attempt.version.questions),
        "receipt": attempt.receipt,
        "seal": seal_of(attempt),
    }


# A result


def newest_grades(version_id: uuid.UUID, attempt: uuid.UUID | None = None) -> Any:
    """The newest grade of each closed attempt, if nobody has yet to add to it.

    As `(grade, attempt, person)` ids.
    """
    grades = Grade.objects.filter(
        attempt__version=version_id, attempt__state=AttemptState.CLOSED
    )
    if attempt is not None:
        grades = grades.filter(attempt=attempt)
    newest = {
        row[1]: row
        for row in grades.order_by("revision").values_list(
            "id", "attempt", "attempt__user", "complete"
        )
    }
    return [row[:3] for row in newest.values() if row[3]]


def _graded(event: Event) -> Iterator[Notice]:
    """Those whose grade is whole; whether they may see it now is asked elsewhere."""
    attempt = event.subject_id if event.subject_type == "attempt" else None
    about = {"attempts": attempt} if attempt else {"id": event.subject_id}
    version = _versions().filter(**about).first()
    if version is None:
        return
    for grade_id, attempt_id, user_id in newest_grades(version.id, attempt):
        yield Notice(
            message=RESULT_RELEASED.name,
            # Once per attempt and revision, whichever event brought it to light.
            occasion=grade_id,
            subject=attempt_id,
            recipient=user_id,
            facts={"title": version.title},
        )


def _result_words(delivery: Delivery, at: datetime) -> dict[str, Any]:
    attempt = _attempt_of(delivery)
    if not can_see(attempt, What.SCORE, attempt.user, at):
        raise UnfitError(Reason.HIDDEN)
    newest = attempt.grades.order_by("-revision").first()
    if newest is None or newest.id != delivery.event:
        raise UnfitError(Reason.OUTDATED)
    return {"title": attempt.version.title, "again": _told_before(delivery)}


def _told_before(delivery: Delivery) -> bool:
    told = type(delivery).objects.filter(
        message=delivery.message,
        subject_id=delivery.subject_id,
        recipient=delivery.recipient_id,
        channel=delivery.channel,
        sent_at__isnull=False,
    )
    return told.exclude(id=delivery.id).exists()


EXAM_OPENED = Message(
    name="exam_opened",
    title=_("There is an exam for you"),
    icon="exam",
    events=("exam.published",),
    audience=_students,
    words=_opened_words,
    link=lambda delivery: reverse("take", args=[delivery.facts["exam"]]),
)
RECEIPT = Message(
    name="receipt",
    title=_("Your answers are handed in"),
    icon="check",
    events=("attempt.closed",),
    audience=_taker,
    words=_receipt_words,
    link=lambda delivery: reverse("receipt", args=[delivery.subject_id]),
)
RESULT_RELEASED = Message(
    name="result_released",
    title=_("Your result is ready"),
    icon="chart",
    events=("attempt.graded", "exam.released", "exam.closed", "exam.published"),
    audience=_graded,
    words=_result_words,
    link=lambda delivery: reverse("result", args=[delivery.subject_id]),
    timing=Timing.WHEN_RELEASED,
)

MESSAGES = (EXAM_OPENED, RECEIPT, RESULT_RELEASED)
