"""What an educator asks of a draft: more questions, or another one in a place."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.models.exams import Exam, Question
from exams.querysets import QuestionRequestQuerySet
from exams.states import QuestionState, RequestAim, RequestState


class QuestionRequest(models.Model):
    """One wish for questions, and what became of it.

    `aim` says which: `add` drafts up to `number` questions of `kinds` on the pages
    `first_page` to `last_page`; `another` and `kind` draft one question for the place
    of `question`, which was last seen in its `revision` and `seen_state`.

    `replaced` holds the question that had the place before, in the shape of its
    columns, so that it can be brought back; `made` counts what was drafted, and
    `reasons` says why that is less than was asked for. `error_code` says why nothing
    could be changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="requests")
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, null=True, related_name="requests"
    )
    aim = models.CharField(max_length=10, choices=RequestAim)
    state = models.CharField(
        max_length=10, choices=RequestState, default=RequestState.OPEN, editable=False
    )
    number = models.PositiveSmallIntegerField(default=1)
    kinds = models.JSONField(default=list)
    first_page = models.PositiveIntegerField(null=True)
    last_page = models.PositiveIntegerField(null=True)
    hint = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)
    seen_state = models.CharField(max_length=10, choices=QuestionState, blank=True)
    made = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    replaced = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[QuestionRequestQuerySet] = QuestionRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request for questions")
        verbose_name_plural = _("requests for questions")
        ordering = ["-created_at"]
        constraints = [
            # What makes asking idempotent: a second click finds the first request.
            models.UniqueConstraint(
                fields=["question"],
                condition=models.Q(state=RequestState.OPEN),
                name="question_asked_for_once",
            ),
            models.UniqueConstraint(
                fields=["exam"],
                condition=models.Q(state=RequestState.OPEN, aim=RequestAim.ADD),
                name="exam_added_to_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values),
                name="request_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(aim=RequestAim.ADD, question=None)
                | models.Q(
                    aim__in=[RequestAim.ANOTHER, RequestAim.KIND],
                    question__isnull=False,
                ),
                name="request_has_its_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aim} {self.exam_id}"

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN

    @property
    def is_short(self) -> bool:
        """Whether less was found than was asked for."""
        return self.state == RequestState.DONE and self.made < self.number
