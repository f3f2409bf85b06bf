"""Event, Job, Beat and Tick: the tables that carry all background work."""

from __future__ import annotations

import uuid
from typing import Any, NoReturn

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from examgen.jobs.states import JobState


class Event(models.Model):
    """Something that happened. Insert-only: it is also the audit log.

    `actor` and `subject_id` are bare UUIDs and `data` holds nothing personal, so a
    person can be erased without touching the log. `wired` names the consumers that
    owed a job when the event was written, so that a missing one can be told from one
    that did not exist yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60, db_index=True)
    actor = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField(db_index=True)
    data = models.JSONField(default=dict)
    wired = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["created_at"]
        indexes = [
            # Newest first, and how many of a kind there were in a span of time.
            models.Index(fields=["created_at"], name="event_at"),
            models.Index(fields=["name", "created_at"], name="event_name_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type} {self.subject_id}"

    def save(self, **kwargs: Any) -> None:
        """Insert the event and, in the same transaction, its jobs."""
        if not self._state.adding:
            raise TypeError("Events are insert-only.")
        # In autocommit the event would commit before its jobs exist. No savepoint: who
        # records an event takes it back with everything else, or not at all.
        with transaction.atomic(savepoint=False):
            super().save(**kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("Events are insert-only.")


class Job(models.Model):
    """One piece of work for one consumer.

    `key` makes it happen once however often it is asked for. Whoever holds
    `lease_token` until `lease_until` may work; nobody else may write its result.
    `errors` and `lost_leases` are counted apart, since a restart of the machine says
    nothing about the job.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    consumer = models.CharField(max_length=80)
    queue = models.CharField(max_length=20)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="jobs")
    subject = models.UUIDField()
    state = models.CharField(
        max_length=10, choices=JobState, default=JobState.QUEUED, editable=False
    )
    errors = models.PositiveSmallIntegerField(default=0)
    lost_leases = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField()
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True)
    stage = models.CharField(max_length=20, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)
    created_at = models.DateTimeField()
    # When it was last claimed; None until a worker had it.
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["queue", "state", "run_after"], name="job_due"),
            models.Index(fields=["subject", "consumer"], name="job_subject"),
            models.Index(fields=["-created_at"], name="job_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values), name="job_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def tries(self) -> int:
        """How often it was started and did not end well."""
        return self.errors + self.lost_leases


class Beat(models.Model):
    """A worker process that lives: when it last said so."""

    worker = models.CharField(max_length=200, primary_key=True)
    queue = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.worker


class Tick(models.Model):
    """The last time slot in which a piece of periodic work was started."""

    name = models.CharField(max_length=60, primary_key=True)
    last_slot = models.BigIntegerField(default=-1)

    class Meta:
        verbose_name = _("periodic work")
        verbose_name_plural = _("periodic work")

    def __str__(self) -> str:
        return self.name
