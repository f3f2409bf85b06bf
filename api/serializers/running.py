"""An exam while it is taken, as its owner sees it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.results import PersonShape
from api.serializers.shared import Moment
from scoring.models import Extension
from scoring.services.live import Room, Taker
from scoring.states import AttemptState


class TakerShape(serializers.Serializer[Taker]):
    """One person; `attempt_id` and `state` None for who has not begun."""

    person = PersonShape(source="user")
    attempt_id = serializers.UUIDField(
        source="attempt.id", default=None, allow_null=True
    )
    state = serializers.ChoiceField(
        AttemptState.choices, source="attempt.state", default=None, allow_null=True
    )
    answered = serializers.IntegerField()
    deadline = Moment(source="attempt.deadline", default=None, allow_null=True)
    late = serializers.BooleanField()


class RoomShape(serializers.Serializer[Room]):
    """Everybody who takes the exam or could, those at work first."""

    at = Moment()
    working = serializers.IntegerField()
    done = serializers.IntegerField()
    absent = serializers.IntegerField()
    takers = TakerShape(many=True)


class ExtendShape(serializers.Serializer[Any]):
    """More time; `attempt_id` None: for everybody who is working."""

    attempt_id = serializers.UUIDField(allow_null=True)
    minutes = serializers.IntegerField(min_value=1, max_value=600)
    reason = serializers.CharField(max_length=500)


class ExtensionShape(serializers.Serializer[Extension]):
    id = serializers.UUIDField()
    attempt_id = serializers.UUIDField(allow_null=True)
    seconds = serializers.IntegerField()
    reason = serializers.CharField()
    created_at = Moment()


class AnnounceShape(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500)


class AnnouncedShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    created_at = Moment()
