"""What several answers have in common."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Moment(serializers.DateTimeField):
    """A time in UTC, whoever asks; without an offset it is taken for UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


@extend_schema_field({})
class Anything(serializers.JSONField):
    """Whatever JSON can say, null included."""


class FieldProblem(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """A problem document (RFC 9457). Programs go by `code`; some codes bring more."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]


class Nothing(serializers.Serializer[Any]):
    """No body."""


class Switch(serializers.BooleanField):
    """In a query, `true` or `false` in these letters: a slip must not mean something."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_internal_value(self, data: Any) -> bool:
        if data not in ("true", "false"):
            self.fail("invalid", input=data)
        return bool(data == "true")
