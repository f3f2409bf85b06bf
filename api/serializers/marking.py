"""Answers that only a person can grade. Whose they are is not told."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.shared import Moment
from exams.models import ExamVersion
from scoring.models import Attempt
from scoring.services.marking import Written


class ToGradeShape(serializers.Serializer[ExamVersion]):
    """An exam in which answers of so many attempts wait."""

    exam_id = serializers.UUIDField()
    title = serializers.CharField()
    waiting = serializers.IntegerField()


class WrittenShape(serializers.Serializer[Written]):
    """One answer; `points` None while it waits. `number` is its place on the paper."""

    attempt_id = serializers.UUIDField(source="attempt.id")
    question_id = serializers.UUIDField(source="question")
    number = serializers.IntegerField(source="place")
    stem = serializers.CharField(source="sheet.stem")
    rubric = serializers.CharField()
    answer = serializers.CharField()
    points = serializers.DecimalField(None, None, allow_null=True)
    max_points = serializers.DecimalField(None, None, source="sheet.points")
    comment = serializers.CharField()


class QueueShape(serializers.Serializer[Any]):
    """How many answers wait, and the one that comes next."""

    left = serializers.IntegerField()
    next = WrittenShape(allow_null=True)


class MarkShape(serializers.Serializer[Any]):
    points = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, coerce_to_string=False
    )
    comment = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ShownShape(serializers.Serializer[Any]):
    """Receipt and seal, or the whole text in which they stand."""

    shown = serializers.CharField(max_length=2000)


class GenuineShape(serializers.Serializer[Attempt]):
    """What the receipt was given for; a void attempt was taken out since."""

    attempt_id = serializers.UUIDField(source="id")
    exam_id = serializers.UUIDField(source="version.exam_id")
    title = serializers.CharField(source="version.title")
    person = serializers.CharField(source="user")
    state = serializers.CharField()
    closed_at = Moment()
    answered = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()

    def get_answered(self, attempt: Attempt) -> int:
        values = (attempt.snapshot or {}).values()
        return sum(value is not None for _, value in values)

    def get_total(self, attempt: Attempt) -> int:
        return len(attempt.version.questions)
