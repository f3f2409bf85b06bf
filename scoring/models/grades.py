"""Grades: each a new row, the newest revision counts."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from scoring.models.attempts import Attempt
from scoring.querysets import OfAttemptQuerySet


class Grade(models.Model):
    """What a closed attempt earned. Insert-only.

    `marks` maps question ids to `{"points": "1.50", "max": "2", "by": "rule|person",
    "comment": ""}`; points None while a person has yet to grade it. `complete` once
    none is. `key_sha256` names the published exam whose key was used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attempt = models.ForeignKey(
        Attempt, on_delete=models.CASCADE, related_name="grades"
    )
    revision = models.PositiveIntegerField()
    key_sha256 = models.CharField(max_length=64)
    points = models.DecimalField(max_digits=9, decimal_places=4)
    max_points = models.DecimalField(max_digits=9, decimal_places=4)
    marks = models.JSONField()
    complete = models.BooleanField()
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[OfAttemptQuerySet] = OfAttemptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "revision"], name="grade_revision_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.points} of {self.max_points}"
