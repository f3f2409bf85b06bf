"""One student's attempt at a published exam, and every answer given in it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.models import ExamVersion
from scoring.querysets import AttemptQuerySet, OfAttemptQuerySet, OfVersionQuerySet
from scoring.states import AttemptState, ClosedBy


class Attempt(models.Model):
    """`deadline` is fixed at the start and moved by extensions alone; None: no limit.

    `number` counts the person's attempts at this version from 1. `seed` orders
    questions and options. `snapshot` maps question ids to `[version, value]` as they
    were at the close, and `receipt` is the SHA-256 of it together with the attempt's
    id: neither changes afterwards, and a trigger of the database holds them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        ExamVersion, on_delete=models.PROTECT, related_name="attempts"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts"
    )
    number = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=6,
        choices=AttemptState,
        default=AttemptState.OPEN,
        editable=False,
    )
    seed = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=7, choices=ClosedBy, blank=True)
    snapshot = models.JSONField(null=True)
    receipt = models.CharField(max_length=64, blank=True)
    void_reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[AttemptQuerySet] = AttemptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["state", "deadline"], name="attempt_expiring"),
            models.Index(fields=["user", "state"], name="attempt_of_user"),
            models.Index(fields=["-started_at"], name="attempt_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "user", "number"], name="attempt_number_once"
            ),
            # The (n+1)th start waits for this, whoever asked twice.
            models.UniqueConstraint(
                fields=["version", "user"],
                condition=models.Q(state=AttemptState.OPEN),
                name="one_open_attempt",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=AttemptState.values),
                name="attempt_state_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=AttemptState.CLOSED)
                | models.Q(
                    closed_at__isnull=False,
                    snapshot__isnull=False,
                    receipt__gt="",
                    closed_by__gt="",
                ),
                name="closed_attempt_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.id}"


class Answer(models.Model):
    """The newest answer to one question. `version` grows with every change of it.

    Version 0 has no value: the question was seen or flagged, and nothing answered.
    """

    attempt = models.ForeignKey(
        Attempt, on_delete=models.CASCADE, related_name="answers"
    )
    question = models.UUIDField()
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    flagged = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects: ClassVar[OfAttemptQuerySet] = OfAttemptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} v{self.version}"


class AnswerLog(models.Model):
    """Every answer that was accepted, in the order in which it came. Insert-only."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="log")
    question = models.UUIDField()
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    tab = models.CharField(max_length=40, blank=True)
    client_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    objects: ClassVar[OfAttemptQuerySet] = OfAttemptQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"logged answer {self.pk} v{self.version}"


class LateAnswer(models.Model):
    """An answer that came after the close: not graded, never dropped.

    Two tabs may send different answers under one version: both are kept.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="late")
    question = models.UUIDField()
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    client_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    objects: ClassVar[OfAttemptQuerySet] = OfAttemptQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"late answer {self.pk}"


class Extension(models.Model):
    """More time, for everybody (`attempt` None) or for one, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        ExamVersion, on_delete=models.PROTECT, related_name="extensions"
    )
    attempt = models.ForeignKey(
        Attempt, on_delete=models.CASCADE, null=True, related_name="extensions"
    )
    seconds = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    objects: ClassVar[OfVersionQuerySet] = OfVersionQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.seconds} s for {self.attempt_id or 'all'}"


class Announcement(models.Model):
    """What the educator tells all who are taking the exam."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        ExamVersion, on_delete=models.PROTECT, related_name="announcements"
    )
    text = models.CharField(max_length=500)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    objects: ClassVar[OfVersionQuerySet] = OfVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:60]
