"""Oneself, and one's tokens."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.models import User
from accounts.states import Role, Theme
from api.models import Token
from api.scopes import SCOPES
from api.serializers.shared import Moment


class MeShape(serializers.Serializer[User]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    theme = serializers.ChoiceField(Theme.choices)
    time_zone = serializers.CharField()
    unread = serializers.IntegerField(default=0)


class MeChange(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, allow_blank=True, max_length=150)
    theme = serializers.ChoiceField(Theme.choices, required=False)
    time_zone = serializers.CharField(required=False)


class TokenShape(serializers.Serializer[Token]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    start = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES))
    created_at = Moment()
    expires_at = Moment()
    last_used_at = Moment(allow_null=True)
    revoked_at = Moment(allow_null=True)


class TokenWish(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(SCOPES), min_length=1, max_length=len(SCOPES)
    )
    days = serializers.IntegerField(min_value=1, max_value=366, default=90)


class TokenMade(TokenShape):
    """`token` is told here and nowhere else."""

    token = serializers.CharField()
