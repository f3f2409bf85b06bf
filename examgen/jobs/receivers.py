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
    for on in consumers_of().get(instance.name, ()):
        Job.objects.get_or_create(
            key=f"{on.name}:{instance.id}",
            defaults={
                "consumer": on.name,
                "queue": on.queue,
                "event": instance,
                "subject": _subject(instance, on),
                "run_after": instance.created_at,
                "created_at": instance.created_at,
            },
        )


def _subject(event: Event, on: On) -> uuid.UUID:
    return uuid.UUID(str(event.data[on.about])) if on.about else event.subject_id


def ring(instance: Job, created: bool, raw: bool, **_: Any) -> None:
    """Wake a worker once the job is committed; a lost ring costs only seconds."""
    if raw or not created:
        return
    call = bell.Ring(instance.id, instance.consumer, instance.queue)
    transaction.on_commit(lambda: bell.ring(call))
