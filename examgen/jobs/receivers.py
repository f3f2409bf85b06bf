"""The two model signals of the site: an event brings jobs, a job rings."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from examgen.jobs import bell
from examgen.jobs.models import Event, Job
from examgen.jobs.wiring import On, consumers_of


def add_jobs(instance: Event, created: bool, raw: bool, **_: Any) -> None:
    """Give every consumer of the event its job, in the event's own transaction.

    Not sent for fixtures (`raw`): a restored event brings its jobs along.
    """
    if raw or not created:
        return
    jobs = [
        Job(
            key=f"{on.name}:{instance.id}",
            consumer=on.name,
            queue=on.queue,
            event=instance,
            subject=_subject(instance, on),
            run_after=instance.created_at,
            created_at=instance.created_at,
        )
        for on in consumers_of().get(instance.name, ())
    ]
    # One statement, however many listen. It may not ignore conflicts: SQLite would
    # then leave out in silence whatever it cannot keep.
    Job.objects.bulk_create(jobs)
    # It sends no post_save.
    for job in jobs:
        _ring_on_commit(job)


def _subject(event: Event, on: On) -> uuid.UUID:
    return uuid.UUID(str(event.data[on.about])) if on.about else event.subject_id


def ring(instance: Job, created: bool, raw: bool, **_: Any) -> None:
    """Wake a worker once the job is committed; a lost ring costs only seconds."""
    if raw or not created:
        return
    _ring_on_commit(instance)


def _ring_on_commit(job: Job) -> None:
    call = bell.Ring(job.id, job.consumer, job.queue)
    transaction.on_commit(lambda: bell.ring(call))
