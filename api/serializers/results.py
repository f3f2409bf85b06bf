"""What became of attempts, as the exam's owner sees it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from api.serializers.shared import Moment
from scoring.models import Attempt
from scoring.services.visibility import latest_grade
from scoring.states import AttemptState, ClosedBy


class PersonShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()


class ResultLine(serializers.Serializer[Attempt]):
    """One attempt; points are None while it is open or ungraded."""

    attempt_id = serializers.UUIDField(source="id")
    person = PersonShape(source="user")
    version = serializers.IntegerField(source="version.number")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(AttemptState.choices)
    started_at = Moment()
    deadline = Moment(allow_null=True)
    closed_at = Moment(allow_null=True)
    closed_by = serializers.ChoiceField(ClosedBy.choices, allow_blank=True)
    points = serializers.SerializerMethodField()
    max_points = serializers.SerializerMethodField()
    complete = serializers.SerializerMethodField()

    def get_points(self, attempt: Attempt) -> Decimal | None:
        grade = latest_grade(attempt)
        return None if grade is None else grade.points

    def get_max_points(self, attempt: Attempt) -> Decimal | None:
        grade = latest_grade(attempt)
        return None if grade is None else grade.max_points

    def get_complete(self, attempt: Attempt) -> bool:
        grade = latest_grade(attempt)
        return grade is not None and grade.complete
