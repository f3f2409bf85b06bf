"""A published exam: frozen paper, key and policy, and the hours of its doors."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.models.exams import Exam
from exams.policy import Policy, Release
from exams.querysets import ExamVersionQuerySet


class ExamVersion(models.Model):
    """What students are given. An edit of the exam makes another version.

    `paper`, `key` and `policy` never change; `sha256` is over all three. `closes_at`
    moves when the educator gives the doors another end, `closed_at` is set when the
    exam is closed and taken back when it is reopened, `released_at` when results are
    released by hand. `code` leads to it from `/join/`.

    Without a course, whoever has the link and an account may take it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    course = models.ForeignKey(
        "accounts.Course",
        on_delete=models.PROTECT,
        null=True,
        related_name="exam_versions",
    )
    code = models.CharField(max_length=8, unique=True)
    title = models.CharField(_("title"), max_length=200)
    paper = models.JSONField()
    key = models.JSONField()
    policy = models.JSONField()
    sha256 = models.CharField(max_length=64)
    document = models.CharField(max_length=200, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[ExamVersionQuerySet] = ExamVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("published exam")
        verbose_name_plural = _("published exams")
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "number"], name="exam_version_once"
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at=None)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="version_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def rules(self) -> Policy:
        """The policy as it was published; see the columns for the hours now."""
        return Policy.from_json(self.policy)

    def may_release(self, at: datetime) -> bool:
        """Whether results wait for the educator's word, or could come before a date."""
        match self.rules:
            case Policy(release=Release.MANUAL):
                waiting = True
            case Policy(release=Release.ON_DATE, release_at=datetime() as due):
                waiting = due > at
            case _:
                waiting = False
        done = self.closed_at is not None or self.closes_at is None
        return waiting and done and self.released_at is None

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The sheets of the paper, in the educator's order."""
        sheets: list[dict[str, Any]] = self.paper["questions"]
        return sheets
