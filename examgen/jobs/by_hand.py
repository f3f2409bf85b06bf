"""What a person may do to jobs: try again, and take back. Each is told with who it was."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from examgen.jobs import claims
from examgen.jobs.events import record_about
from examgen.jobs.models import Job
from examgen.jobs.states import OPEN

# The event that tells those who wait for a job that a person has taken it back.
CANCELLED = "job.cancelled"
# Writers wait for each other: many short transactions, not a long one.
_CHUNK = 100


def retry(job: Job, *, actor: uuid.UUID) -> bool:
    """Queue a job again that is dead, cancelled or waits to be tried; whether it was.

    What a dead job was about may have failed with it. Then the job finds nothing to do:
    the lecture, exam or mail is what has to be tried again.
    """
    with transaction.atomic():
        if not claims.retry(job):
            return False
        record_about("job.retried", "job", job.id, actor=actor, consumer=job.consumer)
    return True


def cancel(jobs: QuerySet[Job], *, actor: uuid.UUID) -> int:
    """Take open jobs back; how many. What waited for them is told, as of dead ones."""
    chosen = iter(jobs.order_by("id").values_list("id", flat=True))
    return sum(_cancel(ids, actor) for ids in _chunks(chosen))


def _cancel(ids: list[uuid.UUID], actor: uuid.UUID) -> int:
    with transaction.atomic():
        # Held, so that what is told is what was cancelled. Without their events, which
        # would be held with them.
        rows = Job.objects.filter(id__in=ids, state__in=OPEN).order_by("id")
        held = list(rows.select_for_update(no_key=True))
        count = claims.cancel(Job.objects.filter(id__in=[job.id for job in held]))
        told = Job.objects.filter(id__in=[job.id for job in held])
        for job in told.select_related("event"):
            # Nobody waits for those who are told of such ends themselves.
            if job.event.name in (claims.DEAD, CANCELLED):
                continue
            record_about(
                CANCELLED,
                job.event.subject_type,
                job.subject,
                actor=actor,
                consumer=job.consumer,
                job=str(job.id),
                code="stopped",
            )
    return count


def _chunks(ids: Iterator[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    while chunk := list(islice(ids, _CHUNK)):
        yield chunk
