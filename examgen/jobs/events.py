"""Writing events: the only way in which one part of the house tells another."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import structlog
from django.db import transaction

from examgen.jobs import receivers
from examgen.jobs.clock import now
from examgen.jobs.models import Event
from examgen.jobs.wiring import consumers_of

log = structlog.get_logger(__name__)

Fact = str | int | bool | None

# The events of this thread that wait for the end of `gathered()`.
_waiting: ContextVar[list[Event] | None] = ContextVar("waiting_events", default=None)


class Subject(Protocol):
    """Any model with a UUID primary key."""

    id: uuid.UUID

    @property
    def _meta(self) -> Any: ...


def record(
    name: str, subject: Subject, *, actor: uuid.UUID | None = None, **data: Fact
) -> Event:
    """Write that `name` happened to `subject`.

    Call it inside the transaction of the change it tells of: both are kept or neither.
    `data` must not hold anything personal.
    """
    # Of a proxy the table's own name: it is the same row to whoever looks for it.
    kind = subject._meta.concrete_model.__name__.lower()  # noqa: SLF001 - Django's public name
    return record_about(name, kind, subject.id, actor=actor, **data)


def record_about(
    name: str,
    subject_type: str,
    subject_id: uuid.UUID,
    *,
    actor: uuid.UUID | None = None,
    **data: Fact,
) -> Event:
    """Write an event about a subject known only by type and id."""
    event = Event(
        name=name,
        actor=actor,
        subject_type=subject_type,
        subject_id=subject_id,
        data=data,
        wired=[on.name for on in consumers_of().get(name, ())],
        created_at=now(),
    )
    waiting = _waiting.get()
    if waiting is None:
        event.save()
    else:
        waiting.append(event)
    # Leads from a request, or from a job, to the jobs that it causes.
    log.info("event", name=name, event_id=str(event.id), subject=str(subject_id))
    return event


@contextmanager
def gathered() -> Iterator[None]:
    """Write what is recorded inside at the end: the events at once, then their jobs.

    For whoever changes many rows in one transaction: two statements, however many
    events there are. Nothing is written when the transaction fails.
    """
    if _waiting.get() is not None:
        yield
        return
    events: list[Event] = []
    token = _waiting.set(events)
    try:
        with transaction.atomic(savepoint=False):
            yield
            Event.objects.bulk_create(events)
            # It sends no post_save.
            receivers.add_jobs_of(events)
    finally:
        _waiting.reset(token)
