"""What text recognition found on one page, kept until the lecture goes."""

from __future__ import annotations

import uuid

from django.db import models

from exams import reading
from exams.models.lectures import Lecture


class Recognition(models.Model):
    """The words of one picture, as the languages of that time found them.

    It outlives readings: a picture costs seconds, and its file never changes. `words`
    is what `reading.Recognised.to_json` gives; `trouble` says why there are none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lecture = models.ForeignKey(
        Lecture, on_delete=models.CASCADE, related_name="recognitions"
    )
    number = models.PositiveIntegerField()
    languages = models.CharField(max_length=100)
    confidence = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=20, blank=True)
    words = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["lecture", "number"], name="recognition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lecture_id} p. {self.number}"

    def as_read(self) -> reading.Recognised:
        return reading.Recognised.of_row(self.confidence, self.words, self.trouble)
