"""Attempts, made by the services that make real ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from examgen.jobs.clock import now
from exams.models import ExamVersion
from scoring.models import Attempt
from scoring.protocol import Item
from scoring.services import attempts
from tests.factories import versions

A_MINUTE = timedelta(minutes=1)


def started(version: ExamVersion, user: User, at: datetime | None = None) -> Attempt:
    return attempts.start(user=user, version=version, at=at or now())


def items(answers: Mapping[str, Any], first: int = 1) -> list[Item]:
    """Answers as a browser sends them, all under the same version."""
    return [Item(name, first, value) for name, value in answers.items()]


def saved(
    attempt: Attempt, answers: Mapping[str, Any], at: datetime | None = None
) -> attempts.Reply:
    return attempts.save(
        attempt=attempt, items=items(answers), tab="tab", received_at=at or now()
    )


def closed(
    version: ExamVersion, user: User, answers: Mapping[str, Any] | None = None
) -> Attempt:
    """Start, answer (rightly, unless told) and hand in."""
    attempt = started(version, user)
    given = versions.right_answers(version) if answers is None else answers
    return attempts.submit(attempt=attempt, items=items(given), received_at=now())


def run_out(attempt: Attempt, ago: timedelta = A_MINUTE) -> Attempt:
    """Move an attempt into the past, so that its time was over so long ago."""
    end = now() - ago
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=end - timedelta(hours=1), deadline=end
    )
    attempt.refresh_from_db(fields=["started_at", "deadline"])
    return attempt


def submitted(attempt: Attempt) -> Attempt:
    """Hand in what was saved."""
    return attempts.submit(attempt=attempt, items=[], received_at=now())
