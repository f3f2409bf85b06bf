"""Taking jobs: compare-and-set updates that exactly one worker can win.

Every change of a job's state after its insertion happens in this module.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from examgen.jobs.clock import now
from examgen.jobs.events import record_about
from examgen.jobs.models import Job
from examgen.jobs.states import OPEN, WAITING, JobState

# The event that tells the owner of a job which will not be tried again.
DEAD = "job.dead"

_LONGEST_CODE = Job._meta.get_field("error_code").max_length  # noqa: SLF001 - Django's public name


class LeaseLostError(Exception):
    """Another worker holds the job now, or a person cancelled it: stop at once."""


def due(queues: Iterable[str], at: datetime) -> QuerySet[Job]:
    """Jobs that may be started: waiting ones, and running ones whose lease ran out."""
    waiting = Q(state__in=WAITING, run_after__lte=at)
    lost = Q(state=JobState.RUNNING, lease_until__lt=at)
    return Job.objects.filter(waiting | lost, queue__in=list(queues))


def claim(queues: Iterable[str], *, overdue: float = 0, batch: int = 8) -> Job | None:
    """Take the job that waits longest, or None when nothing is due.

    With `overdue`, only what has been due for so many seconds.
    """
    at = now() - timedelta(seconds=overdue)
    waiting = due(queues, at).order_by("run_after", "created_at")
    if connection.features.has_select_for_update_skip_locked:
        return _claim_free(waiting, batch)
    for job_id in waiting.values_list("id", flat=True)[:batch]:
        if job := claim_one(job_id):
            return job
    return None


def _claim_free(waiting: QuerySet[Job], tries: int) -> Job | None:
    """Take the first job that nobody holds locked at this moment.

    Measured with 8 claiming threads: 1.5 times as many claims as by the update alone
    (`make bench-claims`). And a worker that hangs in its last transaction, its lease
    long over, no longer keeps all others waiting for its row.
    """
    free = waiting.select_for_update(skip_locked=True, no_key=True)
    for _ in range(tries):
        with transaction.atomic():
            job_id = free.values_list("id", flat=True).first()
            if job_id is None:
                return None
            # None for one that has lost too many leases: it was buried just now.
            if job := claim_one(job_id):
                return job
    return None


def claim_one(job_id: uuid.UUID) -> Job | None:
    """Take this job if it is due; None when somebody else has it or it is done."""
    at = now()
    mine = {
        "state": JobState.RUNNING,
        "lease_token": uuid.uuid4(),
        "lease_until": at + timedelta(seconds=settings.JOB_LEASE_SECONDS),
        "started_at": at,
    }
    this = Job.objects.filter(id=job_id)
    taken = this.filter(state__in=WAITING, run_after__lte=at).update(**mine)
    if not taken:
        expired = this.filter(state=JobState.RUNNING, lease_until__lt=at)
        taken = expired.filter(lost_leases__lt=settings.JOB_MAX_LOST_LEASES - 1).update(
            lost_leases=F("lost_leases") + 1, **mine
        )
        if not taken:
            _bury_lost(job_id, at)
            return None
    return Job.objects.select_related("event").get(id=job_id)


def extend(job_id: uuid.UUID, token: uuid.UUID) -> bool:
    """Push the lease; False when it is no longer this worker's."""
    until = now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    return bool(_held(job_id, token).update(lease_until=until))


def report(
    job_id: uuid.UUID, token: uuid.UUID, *, stage: str, done: int, total: int
) -> None:
    """Persist progress. Raises LeaseLostError when the job is no longer ours."""
    held = _held(job_id, token)
    if not held.update(stage=stage, progress_done=done, progress_total=total):
        raise LeaseLostError


def finish(job_id: uuid.UUID, token: uuid.UUID) -> None:
    """Mark the job done: the fence, and the first statement of its last transaction.

    On PostgreSQL the UPDATE locks the row until the commit, on SQLite the whole
    transaction is a writer: either way a second worker waits and then finds nothing.
    """
    changed = _held(job_id, token).update(
        state=JobState.DONE,
        finished_at=now(),
        lease_token=None,
        lease_until=None,
        error_code="",
        error_detail="",
    )
    if not changed:
        raise LeaseLostError


def postpone(
    job_id: uuid.UUID, token: uuid.UUID, *, until: datetime, code: str
) -> None:
    """Put a job back until then without counting it as an error: the same fence."""
    changed = _held(job_id, token).update(
        state=JobState.RETRY,
        run_after=until,
        lease_token=None,
        lease_until=None,
        error_code=code,
        error_detail="",
    )
    if not changed:
        raise LeaseLostError


def waiting_siblings(job: Job) -> tuple[uuid.UUID, ...]:
    """Waiting jobs of the same consumer and subject, as seen now."""
    siblings = Job.objects.filter(
        consumer=job.consumer, subject=job.subject, state__in=WAITING
    )
    return tuple(siblings.exclude(id=job.id).values_list("id", flat=True))


def settle(siblings: tuple[uuid.UUID, ...]) -> None:
    """Close jobs whose work another run has just done."""
    if siblings:
        Job.objects.filter(id__in=siblings, state__in=WAITING).update(
            state=JobState.DONE, finished_at=now()
        )


def fail(job: Job, token: uuid.UUID, *, code: str, detail: str) -> None:
    """Count an error: try again later, or give up after the last try."""
    errors = job.errors + 1
    # Whatever a library calls its errors, this one must be kept.
    code = code[:_LONGEST_CODE]
    if errors >= settings.JOB_MAX_ERRORS:
        with transaction.atomic():
            buried = _held(job.id, token).update(
                state=JobState.DEAD,
                errors=errors,
                finished_at=now(),
                lease_token=None,
                lease_until=None,
                error_code=code,
                error_detail=detail,
            )
            if buried:
                _tell_dead(job, code)
        return
    ceiling = min(
        settings.JOB_BACKOFF_SECONDS * 2 ** (errors - 1),
        settings.JOB_BACKOFF_CAP_SECONDS,
    )
    # Full jitter: jobs that failed together do not come back together.
    wait = timedelta(seconds=random.uniform(0, ceiling))  # noqa: S311
    _held(job.id, token).update(
        state=JobState.RETRY,
        errors=errors,
        run_after=now() + wait,
        lease_token=None,
        lease_until=None,
        error_code=code,
        error_detail=detail,
    )


def state_of(job_id: uuid.UUID) -> JobState:
    """Look up how a job stands now."""
    return JobState(Job.objects.values_list("state", flat=True).get(id=job_id))


def release(job_id: uuid.UUID, token: uuid.UUID) -> None:
    """Give an unfinished job back at once, uncounted: the worker is told to stop."""
    _held(job_id, token).update(
        state=JobState.QUEUED, lease_token=None, lease_until=None
    )


def drop(job_id: uuid.UUID, token: uuid.UUID) -> None:
    """Let the lease run out now: whoever claims the job next counts it as lost."""
    _held(job_id, token).update(lease_until=now())


def retry(job: Job) -> bool:
    """Queue a dead or cancelled job again with a clean slate (a person asked)."""
    return bool(
        Job.objects.filter(
            id=job.id, state__in=[JobState.DEAD, JobState.CANCELLED, JobState.RETRY]
        ).update(
            state=JobState.QUEUED,
            errors=0,
            lost_leases=0,
            run_after=now(),
            finished_at=None,
        )
    )


def cancel(jobs: QuerySet[Job]) -> int:
    """Take open jobs back; a worker in the middle of one loses its lease.

    Whoever also locks what the jobs are about does so afterwards: a worker's last
    transaction begins with its job, and two who lock in opposite orders deadlock.
    """
    with transaction.atomic():
        # Locked in one order, so that of two who cancel one simply waits.
        held = jobs.filter(state__in=OPEN).order_by("id").select_for_update(no_key=True)
        ids = list(held.values_list("id", flat=True))
        return Job.objects.filter(id__in=ids, state__in=OPEN).update(
            state=JobState.CANCELLED,
            finished_at=now(),
            lease_token=None,
            lease_until=None,
        )


def _held(job_id: uuid.UUID, token: uuid.UUID) -> QuerySet[Job]:
    return Job.objects.filter(id=job_id, lease_token=token, state=JobState.RUNNING)


def _bury_lost(job_id: uuid.UUID, at: datetime) -> None:
    """A job that took its workers down ten times is not started again."""
    with transaction.atomic():
        buried = Job.objects.filter(
            id=job_id, state=JobState.RUNNING, lease_until__lt=at
        ).update(
            state=JobState.DEAD,
            lost_leases=F("lost_leases") + 1,
            finished_at=at,
            lease_token=None,
            lease_until=None,
            error_code="worker_lost",
            error_detail="The worker stopped in the middle of it, again and again.",
        )
        if buried:
            job = Job.objects.select_related("event").get(id=job_id)
            _tell_dead(job, "worker_lost")


def _tell_dead(job: Job, code: str) -> None:
    # A dead consumer of job.dead must not tell of itself for ever.
    if job.event.name != DEAD:
        record_about(
            DEAD,
            job.event.subject_type,
            job.subject,
            consumer=job.consumer,
            job=str(job.id),
            code=code,
        )
