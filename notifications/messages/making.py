"""Messages to the maker of an exam: drafts that are ready, and what went wrong."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exams.models import Exam, ExamVersion, Lecture
from exams.states import ExamState, LectureState
from exams.wording import exam_problem, reading_problem
from notifications.messages.base import Message, Notice, UnfitError
from notifications.states import Reason
from scoring.models import Attempt

if TYPE_CHECKING:
    from examgen.jobs.models import Event
    from notifications.models import Delivery

# The owner stopped it, or is told by the message about the lecture.
_KNOWN_ALREADY = ("cancelled", "lecture_failed")


def _owner(event: Event) -> Iterator[Notice]:
    """The owner of the lecture or exam that the event is about."""
    if event.data.get("code") in _KNOWN_ALREADY:
        return
    model = Lecture if event.name == "lecture.failed" else Exam
    for row in model.objects.filter(id=event.subject_id):
        yield Notice(
            message=_BY_EVENT[event.name].name,
            occasion=event.id,
            subject=row.id,
            recipient=row.owner_id,
            facts={"title": row.title},
        )


def _exam_of(delivery: Delivery, *states: ExamState) -> Exam:
    """The exam, if it is still the addressee's and where the message says."""
    exam = Exam.objects.filter(
        id=delivery.subject_id, owner=delivery.recipient_id
    ).first()
    if exam is None:
        raise UnfitError(Reason.GONE)
    if states and exam.state not in states:
        raise UnfitError(Reason.OUTDATED)
    return exam


def _ready_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    made = (ExamState.DRAFT, ExamState.PUBLISHED, ExamState.CLOSED)
    exam = _exam_of(delivery, *made)
    asked, drafted = exam.shortfall.get("asked", 0), exam.shortfall.get("made", 0)
    return {"title": exam.title, "asked": asked, "made": drafted}


def _exam_failed_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    exam = _exam_of(delivery, ExamState.FAILED)
    return {"title": exam.title, "problem": exam_problem(exam.error_code)}


def _lecture_failed_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    lecture = Lecture.objects.filter(
        id=delivery.subject_id, owner=delivery.recipient_id
    ).first()
    if lecture is None:
        raise UnfitError(Reason.GONE)
    if lecture.state != LectureState.FAILED:
        raise UnfitError(Reason.OUTDATED)
    problem = reading_problem(lecture.error_code, lecture.error_params)
    return {"title": lecture.title, "problem": problem}


def _whose_work_stopped(event: Event) -> Iterator[Notice]:
    """The owner of the exam that a dead job of `scoring` worked for.

    What reads and drafts fails its lecture or exam instead, and that is told.
    """
    if not str(event.data["consumer"]).startswith("scoring."):
        return
    for exam in Exam.objects.filter(id__in=_exams_behind(event.subject_id)):
        yield Notice(
            message=JOB_DEAD.name,
            occasion=event.id,
            subject=exam.id,
            recipient=exam.owner_id,
            facts={"title": exam.title, "job": str(event.data["job"])},
        )


def _exams_behind(subject: uuid.UUID) -> set[uuid.UUID]:
    """Jobs of `scoring` are about a published exam, or an attempt at one."""
    version = ExamVersion.objects.filter(id=subject).values_list("exam", flat=True)
    attempt = Attempt.objects.filter(id=subject).values_list("version__exam", flat=True)
    return {*version, *attempt}


def _job_dead_words(delivery: Delivery, _at: datetime) -> dict[str, Any]:
    return {"title": _exam_of(delivery).title}


EXAM_READY = Message(
    name="exam_ready",
    title=_("A draft is ready to review"),
    icon="edit",
    events=("exam.ready",),
    audience=_owner,
    words=_ready_words,
    link=lambda delivery: reverse("review", args=[delivery.subject_id]),
    for_educators=True,
)
EXAM_FAILED = Message(
    name="exam_failed",
    title=_("An exam could not be drafted"),
    icon="warning",
    events=("exam.failed",),
    audience=_owner,
    words=_exam_failed_words,
    link=lambda delivery: reverse("exam", args=[delivery.subject_id]),
    for_educators=True,
)
LECTURE_FAILED = Message(
    name="lecture_failed",
    title=_("A lecture could not be read"),
    icon="warning",
    events=("lecture.failed",),
    audience=_owner,
    words=_lecture_failed_words,
    link=lambda delivery: reverse("lecture", args=[delivery.subject_id]),
    for_educators=True,
)
JOB_DEAD = Message(
    name="job_dead",
    title=_("Work on an exam stopped"),
    icon="warning",
    events=("job.dead",),
    audience=_whose_work_stopped,
    words=_job_dead_words,
    link=lambda delivery: reverse("exam", args=[delivery.subject_id]),
    for_educators=True,
)

MESSAGES = (EXAM_READY, EXAM_FAILED, LECTURE_FAILED, JOB_DEAD)
_BY_EVENT = {event: message for message in MESSAGES for event in message.events}
