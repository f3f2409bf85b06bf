"""Exams as students see them. Each field is named here: nothing else can get out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from api.serializers.shared import Anything, Moment
from exams.content import Kind
from exams.policy import Counting, Release
from scoring.models import Answer, Attempt
from scoring.presentation import Sheet
from scoring.protocol import MOST_VERSION, PROTOCOL
from scoring.saving import Outcome
from scoring.services.entitlements import Entitlement
from scoring.services.homes import Card, Shelf
from scoring.states import AttemptState, ClosedBy

KINDS = [kind.value for kind in Kind]
RELEASES = [item.value for item in Release]


class AttemptShape(serializers.Serializer[Attempt]):
    """One's own attempt. `deadline` None: no limit."""

    id = serializers.UUIDField()
    exam_id = serializers.UUIDField(source="version.exam_id")
    title = serializers.CharField(source="version.title")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(AttemptState.choices)
    started_at = Moment()
    deadline = Moment(allow_null=True)
    closed_at = Moment(allow_null=True)
    closed_by = serializers.ChoiceField(ClosedBy.choices, allow_blank=True)
    receipt = serializers.CharField()


class EntitlementShape(serializers.Serializer[Entitlement]):
    """What this person may do with an exam now; `reason` is a code why not to start."""

    exam_id = serializers.UUIDField()
    title = serializers.CharField()
    questions = serializers.IntegerField()
    may_start = serializers.BooleanField()
    reason = serializers.CharField()
    attempt_id = serializers.UUIDField(allow_null=True)
    attempts_left = serializers.IntegerField()
    counting = serializers.ChoiceField([item.value for item in Counting])
    accommodated = serializers.BooleanField()
    minutes = serializers.IntegerField(allow_null=True)
    deadline_if_started = Moment(allow_null=True)
    opens_at = Moment()
    ends_at = Moment(allow_null=True)
    release = serializers.ChoiceField(RELEASES)


class CardShape(serializers.Serializer[Card]):
    exam_id = serializers.UUIDField(source="version.exam_id")
    title = serializers.CharField(source="version.title")
    opens_at = Moment(source="version.opens_at")
    closes_at = Moment(source="version.closes_at", allow_null=True)
    attempt_id = serializers.UUIDField(
        source="attempt.id", default=None, allow_null=True
    )
    percent = serializers.DecimalField(None, 1, allow_null=True)


class ShelfShape(serializers.Serializer[Shelf]):
    """What one can take now, what comes, and what was."""

    open = CardShape(many=True)
    coming = CardShape(many=True)
    done = CardShape(many=True)


class ChoiceShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    text = serializers.CharField()


class AnswerShape(serializers.Serializer[Answer]):
    """The answer as it is stored; the next one comes as `version` + 1."""

    version = serializers.IntegerField()
    value = Anything()
    flagged = serializers.BooleanField()


class SheetShape(serializers.Serializer[Sheet]):
    """One question of the paper, in the order of this attempt."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(KINDS)
    stem = serializers.CharField()
    points = serializers.DecimalField(None, None)
    unit = serializers.CharField()
    options = ChoiceShape(many=True)
    left = ChoiceShape(many=True)
    right = ChoiceShape(many=True)
    items = ChoiceShape(many=True)
    answer = serializers.SerializerMethodField()

    def get_answer(self, sheet: Sheet) -> AnswerShape:
        answers: Mapping[str, Answer] = self.context["answers"]
        row = answers.get(str(sheet.id))
        none = {"version": 0, "value": None, "flagged": False}
        return AnswerShape(row).data if row else none  # type: ignore[return-value]


class ItemShape(serializers.Serializer[Any]):
    """One answer. `at` is the client's time: told, and ignored when it is none."""

    q = serializers.UUIDField()
    v = serializers.IntegerField(min_value=0, max_value=MOST_VERSION)
    value = Anything()
    flag = serializers.BooleanField(required=False)
    at = Anything(required=False)


class MessageShape(serializers.Serializer[Any]):
    """What exam pages send as well; at most 64 KiB."""

    protocol = serializers.ChoiceField([PROTOCOL])
    tab = serializers.CharField(required=False, allow_blank=True, max_length=40)
    items = ItemShape(many=True, required=False)
    manifest = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=MOST_VERSION),
        required=False,
        allow_null=True,
    )
    # Sent by a program and not by a person: it ends no time that is left.
    auto = serializers.BooleanField(required=False)


class ReplyShape(serializers.Serializer[Any]):
    q = serializers.CharField()
    status = serializers.ChoiceField([item.value for item in Outcome])
    v = serializers.IntegerField(required=False)
    value = Anything(required=False)
    reason = serializers.CharField(required=False)
    title = serializers.CharField(required=False)


class AnnouncementShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    at = Moment()


class StandingShape(serializers.Serializer[Any]):
    """How an attempt stands: `server_now` and `deadline` are by one clock."""

    state = serializers.ChoiceField(AttemptState.choices)
    server_now = Moment()
    deadline = Moment(allow_null=True)
    # The deadline, or the end of the exam for whoever has none; and so in words.
    ends = Moment(allow_null=True)
    until = serializers.CharField(allow_null=True)
    receipt = serializers.CharField()
    next = serializers.CharField()
    announcements = AnnouncementShape(many=True)
    items = ReplyShape(many=True, required=False)


class ReceiptShape(serializers.Serializer[Any]):
    """That it was handed in, when, how much, and what shows it later."""

    attempt_id = serializers.UUIDField()
    state = serializers.ChoiceField(AttemptState.choices)
    closed_at = Moment(allow_null=True)
    closed_by = serializers.ChoiceField(ClosedBy.choices, allow_blank=True)
    receipt = serializers.CharField()
    seal = serializers.CharField()
    answered = serializers.IntegerField()
    total = serializers.IntegerField()
    late = serializers.IntegerField()
    release = serializers.ChoiceField(RELEASES)
    release_at = Moment(allow_null=True)
    has_result = serializers.BooleanField()


class OptionOfResult(serializers.Serializer[Any]):
    """`right` is None where the key may not be seen."""

    text = serializers.CharField()
    chosen = serializers.BooleanField()
    right = serializers.BooleanField(allow_null=True)
    feedback = serializers.CharField()


class PairOfResult(serializers.Serializer[Any]):
    left = serializers.CharField()
    given = serializers.CharField()
    right = serializers.CharField()


class KeyShape(serializers.Serializer[Any]):
    accepted = serializers.ListField(child=serializers.CharField())
    tolerance = serializers.CharField()
    order = serializers.ListField(child=serializers.CharField())
    judgement = serializers.BooleanField(allow_null=True)
    explanation = serializers.CharField()


class RowShape(serializers.Serializer[Any]):
    """One question with its mark; `key` is None where it may not be seen."""

    number = serializers.IntegerField(source="sheet.number")
    kind = serializers.ChoiceField(KINDS, source="sheet.kind")
    stem = serializers.CharField(source="sheet.stem")
    state = serializers.ChoiceField(["open", "right", "partly", "wrong"])
    points = serializers.DecimalField(None, None, allow_null=True)
    max_points = serializers.DecimalField(None, None, source="most")
    comment = serializers.CharField()
    answer = Anything(source="value")
    options = OptionOfResult(many=True)
    pairs = PairOfResult(many=True)
    order = serializers.ListField(child=serializers.CharField())
    key = KeyShape(allow_null=True)
    page = serializers.IntegerField(
        source="lit.page.number", default=None, allow_null=True
    )
    quote = serializers.CharField(source="lit.quote", default=None, allow_null=True)


class ScoreShape(serializers.Serializer[Any]):
    points = serializers.DecimalField(None, None)
    max_points = serializers.DecimalField(None, None)
    percent = serializers.DecimalField(None, 1)
    passed = serializers.BooleanField(allow_null=True)


class ResultShape(serializers.Serializer[Any]):
    """As much of the result as may be seen now."""

    attempt_id = serializers.UUIDField()
    title = serializers.CharField()
    score = ScoreShape(allow_null=True)
    has_key = serializers.BooleanField()
    questions = RowShape(many=True)
