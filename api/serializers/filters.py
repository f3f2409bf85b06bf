"""What lists can be narrowed to. The `source` of a field is its lookup."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.shared import Switch
from exams.content import Kind
from exams.states import ExamState, LectureState, QuestionState
from scoring.states import AttemptState

_MOST = 2**31 - 1


class LectureFilter(serializers.Serializer[Any]):
    state = serializers.ChoiceField(LectureState.choices, required=False)


class ExamFilter(serializers.Serializer[Any]):
    state = serializers.ChoiceField(ExamState.choices, required=False)
    lecture_id = serializers.UUIDField(required=False)


class QuestionFilter(serializers.Serializer[Any]):
    state = serializers.ChoiceField(QuestionState.choices, required=False)
    kind = serializers.ChoiceField([kind.value for kind in Kind], required=False)


class ResultFilter(serializers.Serializer[Any]):
    state = serializers.ChoiceField(AttemptState.choices, required=False)
    person_id = serializers.UUIDField(required=False, source="user_id")
    version = serializers.IntegerField(
        min_value=1, max_value=_MOST, required=False, source="version__number"
    )


class AttemptFilter(serializers.Serializer[Any]):
    state = serializers.ChoiceField(AttemptState.choices, required=False)
    exam_id = serializers.UUIDField(required=False, source="version__exam_id")


class InvitationFilter(serializers.Serializer[Any]):
    waiting = Switch(source="accepted_at__isnull")


class NotificationFilter(serializers.Serializer[Any]):
    unread = Switch(source="read_at__isnull")


class TokenFilter(serializers.Serializer[Any]):
    usable = Switch()
