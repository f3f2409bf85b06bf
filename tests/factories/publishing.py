"""Exams that are reviewed or published, and the courses they are published to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.db import connection

from accounts.codes import new_code
from accounts.models import Course, Enrolment, User
from accounts.states import Role
from examgen.jobs.clock import now
from exams import content
from exams.models import Exam, ExamVersion
from exams.policy import Policy
from exams.services.publishing import publish_exam
from exams.states import QuestionState
from tests.factories import exams, people

WEEK = timedelta(days=7)


def reviewed(
    owner: User, *, kinds: Sequence[content.Kind] = exams.FOUR, **fields: Any
) -> Exam:
    """A draft whose questions are all accepted."""
    exam = exams.exam(owner, kinds=kinds, **fields)
    exam.questions.update(state=QuestionState.ACCEPTED)
    return exam


def policy(**changes: Any) -> Policy:
    """Open now, for a week."""
    at = now()
    return Policy(**{"opens_at": at, "closes_at": at + WEEK, **changes})


def course(owner: User, *, students: int = 0, extended: int = 0) -> Course:
    """A course with so many students, the first of them with half as much time more."""
    made = Course.objects.create(
        owner=owner, name="Biology 1", code=new_code(), created_at=now()
    )
    for number in range(students):
        enrol(
            made,
            people.student(f"s{number}-{made.code}@example.org"),
            multiplier=Decimal("1.5") if number < extended else Decimal(1),
        )
    return made


def enrol(into: Course, user: User, **fields: Any) -> Enrolment:
    return Enrolment.objects.create(
        **{"course": into, "user": user, "created_at": now(), **fields}
    )


def teach(into: Course, user: User) -> Enrolment:
    return enrol(into, user, role=Role.EDUCATOR)


def published(
    owner: User,
    *,
    exam: Exam | None = None,
    to: Course | None = None,
    kinds: Sequence[content.Kind] = exams.FOUR,
    **rules: Any,
) -> ExamVersion:
    """Publish a reviewed exam by the service that publishes."""
    return publish_exam(
        exam=exam or reviewed(owner, kinds=kinds),
        actor=owner,
        policy=policy(**rules),
        course=to,
    )


def ended(owner: User, **rules: Any) -> ExamVersion:
    """One whose end has come and that nobody has closed yet."""
    version = published(owner, **rules)
    long_ago = now() - WEEK
    ExamVersion.objects.filter(id=version.id).update(
        opens_at=long_ago, closes_at=long_ago + timedelta(days=1)
    )
    version.refresh_from_db()
    return version


@contextmanager
def thawed() -> Iterator[None]:
    """Let frozen rows be changed, for tests of what must never happen."""
    guard = import_module("exams.migrations.0004_versions_are_frozen")
    # PostgreSQL drops no trigger of a table whose keys are still to be checked.
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(guard.DROP[connection.vendor])
        yield
        connection.check_constraints()
        cursor.execute(guard.CREATE[connection.vendor])
