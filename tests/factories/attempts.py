"""Attempts, made by the services that make real ones, and rows of what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from examgen.jobs.clock import now
from exams.models import ExamVersion
from scoring.models import Attempt, Grade, ScoreboardEntry, ScoreCount
from scoring.protocol import Item
from scoring.services import attempts
from scoring.states import AttemptState, ClosedBy
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


# Rows that say what a test wants to read, without the events and jobs behind them


def attempt(
    version: ExamVersion, user: User, by: ClosedBy = ClosedBy.STUDENT
) -> Attempt:
    """A closed one in which all but the last question were answered; not graded."""
    answers = versions.right_answers(version)
    answers[list(answers)[-1]] = None
    return Attempt.objects.create(
        version=version,
        user=user,
        number=1,
        state=AttemptState.CLOSED,
        seed=7,
        started_at=version.opens_at,
        closed_at=version.opens_at + timedelta(minutes=20),
        closed_by=by,
        snapshot={name: [1, value] for name, value in answers.items()},
        receipt="7f3a" * 16,
    )


def grade(of: Attempt, points: str = "3", *, complete: bool = True) -> Grade:
    """The next revision of its grade, of 4 points."""
    return Grade.objects.create(
        attempt=of,
        revision=of.grades.count() + 1,
        key_sha256=of.version.sha256,
        points=Decimal(points),
        max_points=Decimal(4),
        marks={},
        complete=complete,
        created_at=now(),
    )


def board(of: ExamVersion, *scored: Attempt, points: str = "3") -> None:
    """Everybody of these stands on the board with the same score."""
    ScoreboardEntry.objects.bulk_create(
        ScoreboardEntry(version=of, user=one.user, attempt=one, points=Decimal(points))
        for one in scored
    )
    ScoreCount.objects.create(version=of, points=Decimal(points), people=len(scored))
