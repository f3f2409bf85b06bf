"""Boards: what counts for each person, and how many reached each score."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from exams.models import ExamVersion
from scoring.models.attempts import Attempt
from scoring.querysets import OfVersionQuerySet


class ScoreboardEntry(models.Model):
    """The score that counts for one person: of their best, last, or all attempts.

    `attempt` is the one it came from, the newest for an average.
    """

    version = models.ForeignKey(
        ExamVersion, on_delete=models.CASCADE, related_name="board"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="+")
    points = models.DecimalField(max_digits=9, decimal_places=4)
    attempts = models.PositiveSmallIntegerField(default=1)

    objects: ClassVar[OfVersionQuerySet] = OfVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-points", "user_id"]
        indexes = [models.Index(fields=["version", "-points"], name="board_order")]
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], name="board_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.points}"


class ScoreCount(models.Model):
    """So many people have this score: rank and statistics come from here."""

    version = models.ForeignKey(
        ExamVersion, on_delete=models.CASCADE, related_name="score_counts"
    )
    points = models.DecimalField(max_digits=9, decimal_places=4)
    people = models.PositiveIntegerField()

    objects: ClassVar[OfVersionQuerySet] = OfVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["points"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "points"], name="score_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.people} x {self.points}"
