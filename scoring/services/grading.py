"""Grades: appended, never changed; the newest revision counts."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.jobs.clock import now
from examgen.jobs.events import record
from scoring.grading import grade
from scoring.models import Attempt, Grade


def grade_closed(attempts: Sequence[Attempt]) -> None:
    """Grade attempts that are being closed, in the transaction of their close.

    What a person must grade stays open, and the grade incomplete, until they have.
    """
    rows = Grade.objects.bulk_create([_first_grade(attempt) for attempt in attempts])
    for row in rows:
        if row.complete:
            tell_graded(row)


def _first_grade(attempt: Attempt) -> Grade:
    version = attempt.version
    graded = grade(
        paper=version.paper,
        key=version.key,
        answers={name: value for name, (_, value) in (attempt.snapshot or {}).items()},
        policy=version.rules,
    )
    return Grade(
        attempt=attempt,
        # UNIQUE with the attempt: an attempt is graded at its close once.
        revision=1,
        key_sha256=version.sha256,
        points=graded.points,
        max_points=graded.max_points,
        marks=graded.marks,
        complete=graded.complete,
        created_at=now(),
    )


def tell_graded(grade: Grade) -> None:
    """Tell that an attempt has its score, or another one."""
    attempt = grade.attempt
    record(
        "attempt.graded",
        attempt,
        actor=grade.graded_by_id,
        version=str(attempt.version_id),
        revision=grade.revision,
    )
