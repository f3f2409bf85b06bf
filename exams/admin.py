"""Lectures, exams and what was published, for the operator.

To be looked at, and tried again where they failed. What is asked, what is right and what
a lecture says is not shown: an operator need not know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from examgen.jobs.clock import now
from examgen.office.rows import (
    Related,
    RowAdmin,
    badge,
    events_of,
    jobs_of,
    megabytes,
)
from exams import wording
from exams.models import Exam, ExamVersion, Lecture
from exams.services import lectures
from exams.states import ExamState, IllegalMoveError, LectureState

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from examgen.typing import UserRequest

_LECTURE_TONES = {
    LectureState.UPLOADING: "calm",
    LectureState.STORED: "live",
    LectureState.READ: "ok",
    LectureState.FAILED: "bad",
}
_EXAM_TONES = {
    ExamState.WAITING: "calm",
    ExamState.GENERATING: "live",
    ExamState.DRAFT: "warn",
    ExamState.PUBLISHED: "ok",
    ExamState.CLOSED: "calm",
    ExamState.FAILED: "bad",
}


class FailableAdmin(RowAdmin):
    """Rows that a worker may fail to make, and is asked to make again."""

    actions = ["retry"]
    again: Callable[..., None]

    def fits(self, action: str, row: Any, actor: Any) -> bool:  # noqa: ARG002
        return action != "retry" or row.state == LectureState.FAILED

    @admin.action(description=_("Try again"), permissions=["act"])
    def retry(self, request: UserRequest, queryset: QuerySet[Any]) -> None:
        count = 0
        for row in queryset:
            try:
                type(self).again(row, request.user)
            except IllegalMoveError:
                # It did not fail, or somebody else was quicker.
                continue
            count += 1
        said = ngettext("%d is tried again.", "%d are tried again.", count)
        self.message_user(request, said % count)


@admin.register(Lecture)
class LectureAdmin(FailableAdmin):
    led_by = ("owner", "error_code")
    list_display = ["title", "owner", "state_shown", "why", "page_count", "created_at"]
    list_filter = ["state", "created_at"]
    search_fields = ["title", "file_name", "owner__email", "owner__name"]
    search_help_text = _("Words of a title, a file or its owner, or a whole id.")
    search_ids = ("pk", "owner_id")
    date_hierarchy = "created_at"
    list_select_related = ["owner"]
    fieldsets = [
        (None, {"fields": ["title", "owner", "state_shown", "why", "created_at"]}),
        (_("File"), {"fields": ["file_name", "megabytes", "sha256"]}),
        (_("Reading"), {"fields": ["page_count", "language", "reader_version"]}),
    ]
    readonly_fields = ["state_shown", "why", "megabytes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lecture]:
        """What the file says of itself may be long, and is not shown."""
        rows = super().get_queryset(request)
        short: QuerySet[Lecture] = rows.defer("outline", "flags")
        return short

    @staticmethod
    def again(row: Lecture, actor: Any) -> None:
        lectures.retry_lecture(lecture=row, actor=actor)

    def related(self, row: Lecture) -> Iterator[Related]:
        yield Related(_("Exams"), "exams.exam", {"lecture": row.pk})
        yield jobs_of(row)
        yield events_of(row)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, lecture: Lecture) -> str:
        tone = _LECTURE_TONES[LectureState(lecture.state)]
        return badge(tone, lecture.get_state_display())

    @admin.display(description=_("reason"), ordering="error_code")
    def why(self, lecture: Lecture) -> str:
        if not lecture.error_code:
            return ""
        return wording.reading_problem(lecture.error_code, lecture.error_params)

    @admin.display(description=_("size"), ordering="size")
    def megabytes(self, lecture: Lecture) -> str:
        return megabytes(lecture.size)


@admin.register(Exam)
class ExamAdmin(FailableAdmin):
    led_by = ("owner", "lecture", "error_code")
    list_display = ["title", "owner", "state_shown", "why", "questions", "created_at"]
    list_filter = ["state", "engine_name", "created_at"]
    search_fields = ["title", "owner__email", "owner__name"]
    search_help_text = _("Words of a title or its owner, or a whole id.")
    search_ids = ("pk", "owner_id", "lecture_id")
    date_hierarchy = "created_at"
    list_select_related = ["owner"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "owner",
                    "lecture",
                    "state_shown",
                    "why",
                    "questions",
                    "created_at",
                ],
            },
        ),
        (_("Drafting"), {"fields": ["language", "engine_name", "engine_version"]}),
    ]
    readonly_fields = ["state_shown", "why", "questions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Exam]:
        """With how many questions each has; long columns stay where they are."""
        rows: Any = super().get_queryset(request)
        counted: QuerySet[Exam] = rows.with_question_count()
        return counted.defer("settings", "shortfall", "findings")

    @staticmethod
    def again(row: Exam, actor: Any) -> None:
        lectures.retry_exam(exam=row, actor=actor)

    def related(self, row: Exam) -> Iterator[Related]:
        here = {"exam": row.pk}
        yield Related(_("Published as"), "exams.examversion", here)
        yield Related(_("Attempts"), "scoring.attempt", {"q": row.pk})
        yield jobs_of(row)
        yield events_of(row)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, exam: Exam) -> str:
        return badge(_EXAM_TONES[ExamState(exam.state)], exam.get_state_display())

    @admin.display(description=_("reason"), ordering="error_code")
    def why(self, exam: Exam) -> str:
        return wording.exam_problem(exam.error_code) if exam.error_code else ""

    @admin.display(description=_("questions"), ordering="question_count")
    def questions(self, exam: Exam) -> int:
        count: int = exam.question_count  # type: ignore[attr-defined]
        return count


@admin.register(ExamVersion)
class ExamVersionAdmin(RowAdmin):
    """Without papers and keys, which the list does not even read."""

    led_by = ("exam",)
    list_display = ["title", "number", "course", "doors", "opens_at", "closes_at"]
    list_filter = ["published_at", ("course", admin.EmptyFieldListFilter)]
    search_fields = ["title", "code", "published_by__email", "course__name"]
    search_help_text = _("Words of a title, a course, a code, or a whole id.")
    search_ids = ("pk", "exam_id", "course_id")
    date_hierarchy = "published_at"
    list_select_related = ["course"]
    fieldsets = [
        (None, {"fields": ["title", "number", "exam", "course", "code", "doors"]}),
        (
            _("Times"),
            {"fields": ["opens_at", "closes_at", "closed_at", "released_at"]},
        ),
        (
            _("Publication"),
            {"fields": ["published_at", "published_by", "sha256"]},
        ),
    ]
    readonly_fields = ["doors"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExamVersion]:
        rows: Any = super().get_queryset(request)
        short: QuerySet[ExamVersion] = rows.headlines().defer("paper", "key", "policy")
        return short

    def related(self, row: ExamVersion) -> Iterator[Related]:
        yield Related(_("Attempts"), "scoring.attempt", {"version": row.pk})
        yield jobs_of(row)
        yield events_of(row)

    @admin.display(description=_("doors"))
    def doors(self, version: ExamVersion) -> str:
        at = now()
        if version.closed_at is not None or (
            version.closes_at is not None and version.closes_at <= at
        ):
            return badge("calm", _("closed"))
        if version.opens_at > at:
            return badge("warn", _("not open yet"))
        return badge("live", _("open"))
