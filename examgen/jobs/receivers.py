"""The two model signals of the site: an event brings jobs, a job rings."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from examgen.jobs import bell
from examgen.jobs.models import Event, Job
from examgen.jobs.wiring import On, consumers_of


def add_jobs(instance: Event, created: bool, raw: bool, **_: Any) -> None:
    """Give every consumer of the event its job, in the event's own transaction.

    Not sent for fixtures (`raw`): a restored event brings its jobs along.
    """
    if created and not raw:
        add_jobs_of([instance])


def add_jobs_of(events: Sequence[Event]) -> None:
    """The same for events that were inserted in bulk, which sends no signal."""
    jobs = [
        Job(
            key=f"{on.name}:{event.id}",
            consumer=on.name,
            queue=on.queue,
            event=event,
            subject=_subject(event, on),
            run_after=event.created_at,
            created_at=event.created_at,
        )
        for event in events
        for on in consumers_of().get(event.name, ())
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
