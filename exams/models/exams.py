"""An exam and its questions, as rows."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exams import content
from exams.formats.examgen_json import body_from_dict
from exams.models.lectures import Lecture
from exams.querysets import ExamQuerySet, QuestionQuerySet
from exams.states import FROZEN, ExamState, QuestionState

if TYPE_CHECKING:
    from exams.models.versions import ExamVersion


class Exam(models.Model):
    """An exam from one lecture.

    `settings` is the educator's wish (see `exams.services.wishes.Wish`);
    `shortfall` says what of it the lecture did not support. `document` is the key of
    the generated exam document in the store.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exams"
    )
    lecture = models.ForeignKey(Lecture, on_delete=models.PROTECT, related_name="exams")
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(
        max_length=10, choices=ExamState, default=ExamState.WAITING, editable=False
    )
    settings = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    shortfall = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    language = models.CharField(max_length=10, blank=True)
    engine_name = models.CharField(max_length=40, blank=True)
    engine_version = models.CharField(max_length=20, blank=True)
    document = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[ExamQuerySet] = ExamQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ExamState.values),
                name="exam_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def prefix(self) -> str:
        return f"u/{self.owner_id}/exams/{self.id}"

    @property
    def is_frozen(self) -> bool:
        """Whether it was ever published: it is then closed, never changed or deleted."""
        return self.state in FROZEN

    @property
    def version(self) -> ExamVersion | None:
        """The newest version; come here by `with_versions()`."""
        return next(iter(self.versions.all()), None)


class Question(models.Model):
    """One question of an exam: columns for what lists need, JSON for the rest.

    `body` and `evidence` have the shapes of the exam document. `revision` grows with
    every edit, so that two people editing at once cannot overwrite each other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    stem = models.TextField()
    body = models.JSONField()
    points = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(1))
    difficulty = models.CharField(max_length=10)
    bloom = models.CharField(max_length=10)
    topic = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list)
    explanation = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    provenance = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10,
        choices=QuestionState,
        default=QuestionState.PROPOSED,
        editable=False,
    )
    revision = models.PositiveIntegerField(default=1)

    objects: ClassVar[QuestionQuerySet] = QuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "position"], name="question_position_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=QuestionState.values),
                name="question_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.stem[:80]

    @property
    def page(self) -> int | None:
        """The page that the question is about, None for one without evidence."""
        return self.evidence[0]["page"] if self.evidence else None

    def as_content(self) -> content.Question:
        return content.Question(
            id=str(self.id),
            stem=self.stem,
            body=body_from_dict(self.body),
            # A column has two places, a document only those that say something.
            points=self.points.normalize(),
            difficulty=content.Difficulty(self.difficulty),
            bloom=content.Bloom(self.bloom),
            topic=self.topic,
            tags=tuple(self.tags),
            explanation=self.explanation,
            evidence=tuple(content.Evidence(**item) for item in self.evidence),
            warnings=tuple(content.Finding(**item) for item in self.warnings),
        )
