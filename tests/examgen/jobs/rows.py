"""Events and jobs for tests, in the places that only time brings them to."""

from __future__ import annotations

import uuid
from datetime import timedelta

from examgen.jobs import claims
from examgen.jobs.clock import now
from examgen.jobs.events import record_about
from examgen.jobs.models import Event, Job
from examgen.jobs.runner import Run
from examgen.jobs.wiring import On


def nothing(run: Run) -> None:
    """A consumer without effects."""


def happen(
    name: str = "tested", subject: uuid.UUID | None = None, **facts: int
) -> Event:
    """Record an event about nothing in particular."""
    about = subject or uuid.uuid4()
    return record_about(name, "thing", about, actor=None, **facts)


def jobs_for(name: str = "tested", subject: uuid.UUID | None = None) -> list[Job]:
    """The new jobs of a new event."""
    return list(happen(name, subject).jobs.order_by("key"))


def job_for(name: str = "tested", subject: uuid.UUID | None = None) -> Job:
    """The one new job of a new event."""
    (job,) = jobs_for(name, subject)
    return job


def claimed(job: Job) -> Job:
    """The job as held by a worker."""
    held = claims.claim_one(job.id)
    assert held is not None
    return held


def token(job: Job) -> uuid.UUID:
    """What shows that a worker holds this job."""
    assert job.lease_token is not None
    return job.lease_token


def expire(job: Job) -> None:
    """Let the lease run out, as if the worker had been silent for too long."""
    gone = now() - timedelta(seconds=1)
    assert Job.objects.filter(id=job.id).update(lease_until=gone) == 1


def fresh(job: Job) -> Job:
    return Job.objects.get(id=job.id)


def effects() -> int:
    """How often `leave_effect` took hold."""
    return Event.objects.filter(name="effect").count()


def leave_effect() -> None:
    happen("effect")


def run_of(job: Job) -> Run:
    """A claimed job as its consumer is given it."""
    on = On("tested", lambda _: None, queue="fast")
    return Run(job=job, token=token(job), on=on)
