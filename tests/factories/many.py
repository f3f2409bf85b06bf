"""People by the thousand, and their attempts, written at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from accounts.models import Course, Enrolment, User
from examgen.jobs.clock import now
from exams.models import ExamVersion
from scoring.models import Answer, AnswerLog, Attempt


def students(course: Course, number: int) -> None:
    """So many people, each new to the site, as students of the course."""
    at = now()
    users = User.objects.bulk_create(
        User(email=f"{uuid.uuid4()}@example.org", password="!") for _ in range(number)
    )
    Enrolment.objects.bulk_create(
        Enrolment(course=course, user=user, created_at=at) for user in users
    )


def run_out(version: ExamVersion, given: Sequence[Mapping[str, Any]]) -> list[User]:
    """One person for each set of answers, who left; their time was over a minute ago."""
    end = now() - timedelta(minutes=1)
    users = User.objects.bulk_create(
        User(email=f"s{n}@example.org", password="!") for n in range(len(given))
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(
            version=version,
            user=user,
            number=1,
            seed=n,
            started_at=end - timedelta(minutes=30),
            deadline=end,
        )
        for n, user in enumerate(users)
    )
    rows = [
        (attempt, uuid.UUID(name), value)
        for attempt, answers in zip(attempts, given, strict=True)
        for name, value in answers.items()
    ]
    Answer.objects.bulk_create(
        (
            Answer(attempt=a, question=q, version=1, value=value, saved_at=end)
            for a, q, value in rows
        ),
        batch_size=2000,
    )
    AnswerLog.objects.bulk_create(
        (
            AnswerLog(attempt=a, question=q, version=1, value=value, received_at=end)
            for a, q, value in rows
        ),
        batch_size=2000,
    )
    return users
