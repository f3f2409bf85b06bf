"""Questions as their owner reviews them, in the words of `examgen/1`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.exams import ReasonShape
from exams.content import Bloom, Difficulty, Kind
from exams.formats.examgen_json import question_to_dict
from exams.generation.tags import LONGEST_TAG, MOST_TAGS
from exams.models import Question
from exams.states import QuestionState

DIFFICULTIES = [item.value for item in Difficulty]
BLOOM_LEVELS = [item.value for item in Bloom]
EVERY_KIND = [kind.value for kind in Kind]
DECISIONS = ("accepted", "rejected", "proposed")


class OptionShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    text = serializers.CharField()
    correct = serializers.BooleanField()
    feedback = serializers.CharField(allow_blank=True)


class BodyShape(serializers.Serializer[Any]):
    """What only the kind has; fields that the kind does not use are empty."""

    kind = serializers.ChoiceField(EVERY_KIND)
    options = OptionShape(many=True)
    accepted = serializers.ListField(child=serializers.CharField())
    pairs = serializers.ListField(
        child=serializers.ListField(
            child=serializers.CharField(), min_length=2, max_length=2
        )
    )
    tolerance = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    rubric = serializers.CharField(allow_blank=True)


class EvidenceShape(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()


class QuestionShape(BodyShape):
    """A question with its key: for its owner alone."""

    id = serializers.UUIDField()
    position = serializers.IntegerField()
    state = serializers.ChoiceField(QuestionState.choices)
    revision = serializers.IntegerField()
    stem = serializers.CharField()
    points = serializers.CharField()
    difficulty = serializers.ChoiceField(DIFFICULTIES)
    bloom = serializers.ChoiceField(BLOOM_LEVELS)
    topic = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    explanation = serializers.CharField()
    evidence = EvidenceShape(many=True)
    warnings = ReasonShape(many=True)

    def to_representation(self, instance: Question) -> dict[str, Any]:
        """Tell a row by the writer of the format; needs its exam at hand."""
        return {
            **question_to_dict(instance.as_content(), instance.exam.language),
            "tags": instance.tags,
            "position": instance.position,
            "state": instance.state,
            "revision": instance.revision,
        }


class QuestionChange(serializers.Serializer[Any]):
    """What may be edited; what is not given stays. Kind and option ids do not change."""

    stem = serializers.CharField(required=False)
    points = serializers.CharField(required=False)
    explanation = serializers.CharField(required=False, allow_blank=True)
    difficulty = serializers.ChoiceField(DIFFICULTIES, required=False)
    bloom = serializers.ChoiceField(BLOOM_LEVELS, required=False)
    topic = serializers.CharField(required=False, allow_blank=True, max_length=200)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_TAG),
        required=False,
        max_length=MOST_TAGS,
    )
    body = BodyShape(required=False)


class WrittenShape(QuestionChange):
    """A question to add; `quote` stands word for word on `page` of the lecture."""

    stem = serializers.CharField()
    body = BodyShape()
    page = serializers.IntegerField(min_value=1)
    quote = serializers.CharField(max_length=4000)


class DecisionShape(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(DECISIONS)
