"""Requests for questions of a draft, and what became of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.exams import ReasonShape
from api.serializers.lectures import KINDS, WhyShape
from api.serializers.shared import Moment
from exams.request_wording import request_problem
from exams.services.requests import MOST_AT_ONCE, Answering
from exams.states import RequestAim, RequestState

_LONGEST_HINT = 200


class AddShape(serializers.Serializer[Any]):
    """How many questions, on which pages; no kinds: those the exam was asked for."""

    number = serializers.IntegerField(min_value=1, max_value=MOST_AT_ONCE)
    first_page = serializers.IntegerField(min_value=1)
    last_page = serializers.IntegerField(min_value=1)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(KINDS), default=list, max_length=len(KINDS)
    )


class AnotherShape(serializers.Serializer[Any]):
    """With a hint, only what uses one of its words is asked about."""

    hint = serializers.CharField(
        required=False, allow_blank=True, max_length=_LONGEST_HINT
    )


class KindShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(KINDS)


class RequestShape(serializers.Serializer[Answering]):
    """While it is `open`, it is worth asking again.

    `replaced` says whether a question stood in this place before that can be brought
    back.
    """

    id = serializers.UUIDField(source="request.id")
    exam_id = serializers.UUIDField(source="request.exam_id")
    question_id = serializers.UUIDField(source="request.question_id", allow_null=True)
    aim = serializers.ChoiceField(RequestAim.choices, source="request.aim")
    state = serializers.ChoiceField(RequestState.choices, source="request.state")
    number = serializers.IntegerField(source="request.number")
    kinds = serializers.ListField(
        child=serializers.ChoiceField(KINDS), source="request.kinds"
    )
    first_page = serializers.IntegerField(source="request.first_page", allow_null=True)
    last_page = serializers.IntegerField(source="request.last_page", allow_null=True)
    hint = serializers.CharField(source="request.hint")
    made = serializers.IntegerField(source="request.made")
    reasons = ReasonShape(source="request.reasons", many=True)
    error = serializers.SerializerMethodField()
    replaced = serializers.SerializerMethodField()
    counting = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    tries = serializers.IntegerField()
    created_at = Moment(source="request.created_at")
    ended_at = Moment(source="request.ended_at", allow_null=True)

    @extend_schema_field(WhyShape(allow_null=True))
    def get_error(self, told: Answering) -> dict[str, str] | None:
        code = told.request.error_code
        return {"code": code, "title": request_problem(code)} if code else None

    def get_replaced(self, told: Answering) -> bool:
        return bool(told.request.replaced)
