"""Exams that are published as an educator does it, by the service that publishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.db import connection

from accounts.models import Course, User
from examgen.jobs.clock import now
from exams import content
from exams.models import Exam, ExamVersion
from exams.policy import Policy
from exams.services.publishing import publish_exam
from tests.factories import exams

WEEK = timedelta(days=7)


def policy(**changes: Any) -> Policy:
    """Open now, for a week."""
    at = now()
    return Policy(**{"opens_at": at, "closes_at": at + WEEK, **changes})


def published(
    owner: User,
    *,
    exam: Exam | None = None,
    course: Course | None = None,
    kinds: Sequence[content.Kind] = exams.FOUR,
    **rules: Any,
) -> ExamVersion:
    """With its document and its events, which a row of `versions` lacks."""
    return publish_exam(
        exam=exam or exams.reviewed(owner, kinds=kinds),
        actor=owner,
        policy=policy(**rules),
        course=course,
    )


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
