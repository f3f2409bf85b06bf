"""What one is told, and what one wants to be told."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.shared import Moment
from notifications.services.inbox import Line
from notifications.states import Channel


class NotificationShape(serializers.Serializer[Line]):
    id = serializers.UUIDField(source="delivery.id")
    message = serializers.CharField(source="delivery.message")
    text = serializers.CharField()
    created_at = Moment(source="delivery.created_at")
    read_at = Moment(source="delivery.read_at", allow_null=True)


class ChoiceOfMessage(serializers.Serializer[Any]):
    message = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    wanted = serializers.BooleanField()


class ChoicesShape(serializers.Serializer[Any]):
    """Those that are not named stay as they are."""

    choices = ChoiceOfMessage(many=True)


class ReadShape(serializers.Serializer[Any]):
    """How many were unread."""

    read = serializers.IntegerField()
