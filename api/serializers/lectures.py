"""Lectures as their owner sees them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.shared import Moment
from exams.models import Exam, Lecture, Page
from exams.services.lectures import may_be_read_again
from exams.services.progress import STAGES, Progress
from exams.services.wishes import GENERATED_KINDS
from exams.states import ExamState, LectureState
from exams.wording import reading_problem

KINDS = [kind.value for kind in GENERATED_KINDS]


class WishShape(serializers.Serializer[Any]):
    """What an exam is to hold; no kinds: a good mixture."""

    questions = serializers.IntegerField(min_value=1, max_value=100, default=12)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(KINDS), default=list, max_length=len(KINDS)
    )
    options = serializers.IntegerField(min_value=3, max_value=5, default=4)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=1)


class UploadShape(WishShape):
    """A PDF, and what the exam made from it is to hold."""

    file = serializers.FileField(allow_empty_file=True)


class WhyShape(serializers.Serializer[Any]):
    """Why something failed: a code, and a sentence."""

    code = serializers.CharField()
    title = serializers.CharField()


class StageShape(serializers.Serializer[Any]):
    name = serializers.ChoiceField(STAGES)
    mark = serializers.ChoiceField(["done", "now", "failed", "to_come"])


class ProgressShape(serializers.Serializer[Progress]):
    """While `moving`, it is worth asking again."""

    moving = serializers.BooleanField()
    stages = StageShape(many=True)
    counting = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    tries = serializers.IntegerField()


class ExamOfLecture(serializers.Serializer[Exam]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    state = serializers.ChoiceField(ExamState.choices)


class LectureShape(serializers.Serializer[Progress]):
    """A lecture on its way to its newest exam."""

    id = serializers.UUIDField(source="lecture.id")
    title = serializers.CharField(source="lecture.title")
    file_name = serializers.CharField(source="lecture.file_name")
    sha256 = serializers.CharField(source="lecture.sha256")
    size = serializers.IntegerField(source="lecture.size")
    state = serializers.ChoiceField(LectureState.choices, source="lecture.state")
    error = serializers.SerializerMethodField()
    page_count = serializers.IntegerField(source="lecture.page_count")
    language = serializers.CharField(source="lecture.language")
    may_be_read_again = serializers.SerializerMethodField()
    created_at = Moment(source="lecture.created_at")
    progress = ProgressShape(source="*")
    exams = ExamOfLecture(source="lecture.exams.all", many=True)

    def get_may_be_read_again(self, way: Progress) -> bool:
        """Whether today's reader could find more in it."""
        return may_be_read_again(way.lecture)

    @extend_schema_field(WhyShape(allow_null=True))
    def get_error(self, way: Progress) -> dict[str, str] | None:
        lecture: Lecture = way.lecture
        if not lecture.error_code:
            return None
        title = reading_problem(lecture.error_code, lecture.error_params)
        return {"code": lecture.error_code, "title": title}


class PageShape(serializers.Serializer[Page]):
    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    width = serializers.FloatField()
    height = serializers.FloatField()
    scan = serializers.BooleanField()
    confidence = serializers.IntegerField(allow_null=True)
    has_small_picture = serializers.BooleanField(source="thumbnail")
    has_large_picture = serializers.BooleanField(source="image")


class PageText(PageShape):
    """Evidence of questions counts in the characters of `text`."""

    text = serializers.CharField()
