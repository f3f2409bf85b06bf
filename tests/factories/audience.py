"""Courses, published exams and attempts as rows: people who are to be told something."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Course, Enrolment, Invitation, User
from accounts.states import Role
from examgen.jobs.clock import now
from exams.formats.paper import freeze
from exams.models import Exam, ExamVersion
from exams.policy import Policy
from exams.states import ExamState
from notifications.models import Delivery
from notifications.states import Channel, DeliveryState
from scoring.models import Attempt, Grade, ScoreboardEntry, ScoreCount
from scoring.states import AttemptState, ClosedBy
from tests.factories import exams

# A Monday, so that mails can be compared word by word.
OPENS = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)


def course(owner: User, **fields: Any) -> Course:
    made = {"name": "Biology 101", "code": uuid.uuid4().hex[:8].upper()}
    return Course.objects.create(owner=owner, created_at=now(), **{**made, **fields})


def enrol(to: Course, *people: User, **fields: Any) -> None:
    Enrolment.objects.bulk_create(
        Enrolment(course=to, user=person, created_at=now(), **fields)
        for person in people
    )


def co_educator(to: Course, person: User) -> None:
    enrol(to, person, role=Role.EDUCATOR)


def invitation(to: Course, email: str = "new@example.org", **fields: Any) -> Invitation:
    return Invitation.objects.create(course=to, email=email, created_at=now(), **fields)


def version(
    owner: User,
    *,
    of: Course | None = None,
    exam: Exam | None = None,
    rules: Mapping[str, Any] | None = None,
    **fields: Any,
) -> ExamVersion:
    """A published exam of four questions."""
    source = exam or exams.exam(owner, state=ExamState.PUBLISHED, title="Plant cells")
    policy = Policy(**{"opens_at": OPENS, **(rules or {})})
    frozen = freeze(
        title=source.title,
        language="en",
        questions=[question.as_content() for question in source.questions.all()],
        policy=policy.to_json(),
        seed=1,
    )
    made = {
        "exam": source,
        "number": source.versions.count() + 1,
        "course": of,
        "code": uuid.uuid4().hex[:8].upper(),
        "title": source.title,
        "paper": frozen.paper,
        "key": frozen.key,
        "policy": policy.to_json(),
        "sha256": frozen.sha256,
        "opens_at": policy.opens_at,
        "closes_at": policy.closes_at,
        "published_at": policy.opens_at,
        "published_by": owner,
    }
    return ExamVersion.objects.create(**{**made, **fields})


def attempt(at: ExamVersion, user: User, **fields: Any) -> Attempt:
    """A closed attempt in which three of four questions were answered."""
    values = ["a", True, "guard cells", None]
    snapshot = {
        sheet["id"]: [1, value]
        for sheet, value in zip(at.questions, values, strict=True)
    }
    made: dict[str, Any] = {
        "number": 1,
        "state": AttemptState.CLOSED,
        "seed": 7,
        "started_at": OPENS,
        "closed_at": OPENS + timedelta(minutes=20),
        "closed_by": ClosedBy.STUDENT,
        "snapshot": snapshot,
        "receipt": "7f3a" * 16,
    }
    return Attempt.objects.create(version=at, user=user, **{**made, **fields})


def open_attempt(at: ExamVersion, user: User, **fields: Any) -> Attempt:
    still = {
        "state": AttemptState.OPEN,
        "closed_at": None,
        "closed_by": "",
        "snapshot": None,
        "receipt": "",
    }
    return attempt(at, user, **{**still, **fields})


def grade(of: Attempt, points: str = "3", **fields: Any) -> Grade:
    made: dict[str, Any] = {
        "revision": of.grades.count() + 1,
        "key_sha256": of.version.sha256,
        "points": Decimal(points),
        "max_points": Decimal(4),
        "marks": {},
        "complete": True,
        "created_at": now(),
    }
    return Grade.objects.create(attempt=of, **{**made, **fields})


def board(of: ExamVersion, *attempts: Attempt, points: str = "3") -> None:
    """Everybody of these stands on the board with the same score."""
    ScoreboardEntry.objects.bulk_create(
        ScoreboardEntry(version=of, user=one.user, attempt=one, points=Decimal(points))
        for one in attempts
    )
    ScoreCount.objects.create(version=of, points=Decimal(points), people=len(attempts))


def told(exam: Exam) -> Delivery:
    """A line on the site that tells the owner of a draft."""
    at = now()
    return Delivery.objects.create(
        event=uuid.uuid4(),
        recipient=exam.owner,
        message="exam_ready",
        channel=Channel.SITE,
        subject_id=exam.id,
        facts={"title": exam.title},
        state=DeliveryState.SENT,
        created_at=at,
        sent_at=at,
    )
