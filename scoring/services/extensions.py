"""More time, for one or for all who are taking an exam, with its reason.

The event names the extension and tells the seconds; the reason stays in the row, since
it may be somebody's illness and events outlive people.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import User
from examgen.jobs.clock import now
from examgen.jobs.events import record
from exams.models import ExamVersion
from scoring.models import Attempt, Extension
from scoring.services.closing import RefusedError, hold
from scoring.states import AttemptState

LONGEST = timedelta(days=7)


def extend_one(
    *, attempt: Attempt, span: timedelta, reason: str, actor: User
) -> Extension:
    """Give one attempt more time; raises RefusedError when it is over or has no end."""
    _check(span)
    with transaction.atomic():
        held = hold(attempt)
        if held.state != AttemptState.OPEN:
            raise RefusedError("closed")
        if held.deadline is None:
            raise RefusedError("no_deadline")
        held.deadline += span
        held.save(update_fields=["deadline"])
        extension = _grant(attempt.version, held, span, reason, actor)
        record(
            "attempt.extended",
            held,
            actor=actor.id,
            version=str(held.version_id),
            extension=str(extension.id),
            seconds=extension.seconds,
        )
    return extension


def extend_all(
    *, version: ExamVersion, span: timedelta, reason: str, actor: User
) -> Extension:
    """Give everybody who is taking the exam now more time, in one statement.

    Who has not started yet gets none by this: their time begins with their start.
    Raises RefusedError when nobody is at it whose time has an end.
    """
    _check(span)
    with transaction.atomic():
        running = Attempt.objects.filter(version=version, state=AttemptState.OPEN)
        moved = running.exclude(deadline=None).update(deadline=F("deadline") + span)
        if not moved:
            raise RefusedError("nobody")
        extension = _grant(version, None, span, reason, actor)
        record(
            "exam.extended",
            version,
            actor=actor.id,
            extension=str(extension.id),
            seconds=extension.seconds,
            attempts=moved,
        )
    return extension


def _check(span: timedelta) -> None:
    if not timedelta(seconds=1) <= span <= LONGEST:
        raise RefusedError("bad_span")


def _grant(
    version: ExamVersion,
    attempt: Attempt | None,
    span: timedelta,
    reason: str,
    actor: User,
) -> Extension:
    return Extension.objects.create(
        version=version,
        attempt=attempt,
        seconds=int(span.total_seconds()),
        reason=reason.strip()[:500],
        granted_by=actor,
        created_at=now(),
    )
