"""Exams as their owner sees them: nothing here is shown to students."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.lectures import WhyShape, WishShape
from api.serializers.shared import Moment, Switch
from exams.models import Exam, ExamVersion
from exams.policy import Counting, Release, Several
from exams.services.checklist import Level
from exams.services.publishing import join_link
from exams.states import ExamState
from exams.wording import exam_problem


class PolicyShape(serializers.Serializer[Any]):
    """The rules of a published exam; times bound the start of attempts."""

    opens_at = Moment(allow_null=True)
    closes_at = Moment(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    attempts = serializers.IntegerField()
    counting = serializers.ChoiceField([item.value for item in Counting])
    shuffle_questions = serializers.BooleanField()
    shuffle_options = serializers.BooleanField()
    release = serializers.ChoiceField([item.value for item in Release])
    release_at = Moment(allow_null=True)
    pass_percent = serializers.DecimalField(None, None, allow_null=True)
    several = serializers.ChoiceField([item.value for item in Several])
    negative_marking = serializers.BooleanField()


class VersionShape(serializers.Serializer[ExamVersion]):
    """What was published. `policy` is as it was then, the times are as they are now."""

    number = serializers.IntegerField()
    sha256 = serializers.CharField()
    code = serializers.CharField()
    link = serializers.SerializerMethodField()
    course_id = serializers.UUIDField(allow_null=True)
    opens_at = Moment()
    closes_at = Moment(allow_null=True)
    closed_at = Moment(allow_null=True)
    released_at = Moment(allow_null=True)
    published_at = Moment()
    policy = PolicyShape()

    def get_link(self, version: ExamVersion) -> str:
        return join_link(version)


class ReasonShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    params = serializers.DictField()


class ShortfallShape(serializers.Serializer[Any]):
    """How many questions were asked for and made, and why some are missing."""

    asked = serializers.IntegerField(default=0)
    made = serializers.IntegerField(default=0)
    reasons = ReasonShape(many=True, default=list)


class ExamShape(serializers.Serializer[Exam]):
    id = serializers.UUIDField()
    lecture_id = serializers.UUIDField()
    title = serializers.CharField()
    state = serializers.ChoiceField(ExamState.choices)
    settings = WishShape()
    error = serializers.SerializerMethodField()
    shortfall = ShortfallShape()
    findings = ReasonShape(many=True)
    language = serializers.CharField()
    engine_name = serializers.CharField()
    engine_version = serializers.CharField()
    question_count = serializers.IntegerField()
    undecided = serializers.IntegerField()
    kept = serializers.IntegerField()
    created_at = Moment()
    version = VersionShape(allow_null=True)

    @extend_schema_field(WhyShape(allow_null=True))
    def get_error(self, exam: Exam) -> dict[str, str] | None:
        if not exam.error_code:
            return None
        title = exam_problem(exam.error_code)
        return {"code": exam.error_code, "title": title}


class TitleShape(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)


class PublishShape(serializers.Serializer[Any]):
    """The rules of a publication; what is not given is as the page suggests it.

    `course` None: whoever has the link may take it.
    """

    course = serializers.UUIDField(allow_null=True)
    opens_at = Moment(required=False, allow_null=True)
    closes_at = Moment(required=False, allow_null=True)
    minutes = serializers.IntegerField(required=False, allow_null=True)
    attempts = serializers.IntegerField(required=False)
    counting = serializers.ChoiceField(
        [item.value for item in Counting], required=False
    )
    shuffle_questions = serializers.BooleanField(required=False)
    shuffle_options = serializers.BooleanField(required=False)
    release = serializers.ChoiceField([item.value for item in Release], required=False)
    release_at = Moment(required=False, allow_null=True)
    pass_percent = serializers.DecimalField(
        7, 2, required=False, allow_null=True, coerce_to_string=False
    )
    several = serializers.ChoiceField([item.value for item in Several], required=False)
    negative_marking = serializers.BooleanField(required=False)


class RulesQuery(PublishShape):
    """The same in a query, with the first of one's courses suggested as well."""

    course = serializers.UUIDField(required=False, allow_null=True)
    shuffle_questions = Switch()
    shuffle_options = Switch()
    negative_marking = Switch()


class CheckShape(serializers.Serializer[Any]):
    """One line; `about` names the rule it is about, if it is about one."""

    level = serializers.ChoiceField([level.value for level in Level])
    code = serializers.CharField()
    about = serializers.CharField()
    title = serializers.CharField()


class ChecklistShape(serializers.Serializer[Any]):
    """What holds for an exam published under this `policy` in this `course`."""

    ready = serializers.BooleanField()
    course = serializers.UUIDField(allow_null=True)
    policy = PolicyShape()
    checks = CheckShape(many=True)


class EndShape(serializers.Serializer[Any]):
    """A new end; None where the exam needs none."""

    closes_at = Moment(allow_null=True)
